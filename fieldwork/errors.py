"""What can go wrong in fieldwork that is not the respondent's doing. Few types; each says what to do."""

from __future__ import annotations


class CouldNotStore(Exception):  # noqa: N818 - named for what the respondent is told
    """Nothing was stored and nothing changed: the disk is full, or the database does not answer.

    What was sent may be sent again as it is. Doors word it with ``notice.could_not_store``.
    """


class UnknownInvitation(LookupError):  # noqa: N818 - likewise
    """No invitation has this id."""


class NotAllowed(PermissionError):  # noqa: N818 - likewise
    """The viewer's role has no right to results at all."""


class NotReleased(PermissionError):  # noqa: N818 - likewise
    """The results exist, but nobody with this role may see them yet."""


class NotPrinted(LookupError):  # noqa: N818 - likewise
    """A published wave was asked for a table that its report does not print."""

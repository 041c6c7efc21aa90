"""What every channel says when it could not deliver."""

from __future__ import annotations

from datetime import timedelta


class DeliveryFailed(Exception):  # noqa: N818  the name says what happened, and is the field's
    """One message to one address did not get through. The text never holds the address or the message.

    ``permanent`` is about the address: it takes no messages now or later, so stop using it. Anything else
    is temporary; ``retry_after`` is then the least time to wait, None where nothing is known. ``reason`` is a
    short code of the channel, for the log and the catalogue. ``unknown`` means that the message may have
    arrived all the same: it must not be sent a second time.
    """

    def __init__(
        self,
        *,
        permanent: bool,
        reason: str,
        retry_after: timedelta | None = None,
        unknown: bool = False,
    ) -> None:
        super().__init__(reason)
        self.permanent = permanent
        self.reason = reason
        self.retry_after = retry_after
        self.unknown = unknown

"""What the Bot API answers when it does not do as it was told."""

from __future__ import annotations

from http import HTTPStatus


class RefusedError(Exception):
    """A call was refused; with a `complaint` it is the caller's fault and fails the test."""

    def __init__(
        self, status: int, description: str, *, retry_after: int | None = None, complaint: str = ""
    ) -> None:
        super().__init__(description)
        self.status = status
        self.description = description
        self.retry_after = retry_after
        self.complaint = complaint

    def body(self) -> dict[str, object]:
        """The JSON that the Bot API would send."""
        answer: dict[str, object] = {
            "ok": False,
            "error_code": self.status,
            "description": self.description,
        }
        if self.retry_after is not None:
            answer["parameters"] = {"retry_after": self.retry_after}
        return answer


def bad_request(reason: str) -> RefusedError:
    """400, the answer to most mistakes."""
    return RefusedError(HTTPStatus.BAD_REQUEST, f"Bad Request: {reason}")


def forbidden(reason: str) -> RefusedError:
    """403, the answer when a chat is closed to the bot."""
    return RefusedError(HTTPStatus.FORBIDDEN, f"Forbidden: {reason}")


def conflict(reason: str) -> RefusedError:
    """409, the answer when two want the same updates."""
    return RefusedError(HTTPStatus.CONFLICT, f"Conflict: {reason}")


def too_many_requests(seconds: int) -> RefusedError:
    """429, the answer to haste."""
    return RefusedError(
        HTTPStatus.TOO_MANY_REQUESTS, f"Too Many Requests: retry after {seconds}", retry_after=seconds
    )


def not_in_the_bot_api(what: str) -> RefusedError:
    """400 and a complaint: no method, parameter or value of that kind exists."""
    return RefusedError(HTTPStatus.BAD_REQUEST, f"Bad Request: {what}", complaint=what)


def not_modelled(what: str) -> RefusedError:
    """501 and a complaint: it exists, but this stand-in would have to guess what Telegram does."""
    text = f"the stand-in does not model {what}"
    return RefusedError(HTTPStatus.NOT_IMPLEMENTED, f"Not Implemented: {text}", complaint=text)

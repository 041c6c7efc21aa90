"""Erasing who was invited to waves that closed long ago, while a door is open for weeks on end."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from sqlalchemy.exc import SQLAlchemyError

from bot.archive import Archive
from bot.web_door import utc_now
from fieldwork.identities import erase_identities

_log = logging.getLogger("granska.identities")

PAUSE = timedelta(hours=6)


@contextmanager
def identities_erased(
    archive: Archive, clock: Callable[[], datetime] = utc_now, pause: timedelta = PAUSE
) -> Iterator[None]:
    """Erase the keys that were kept long enough, now and every few hours for as long as this lasts."""
    ending = threading.Event()

    def look() -> None:
        while True:
            try:
                archive.write_now(lambda session: erase_identities(session, clock()))
            except SQLAlchemyError as error:
                _log.warning("who was invited could not be erased: %s", type(error).__name__)
            if ending.wait(pause.total_seconds()):
                return

    thread = threading.Thread(target=look, name="identities", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ending.set()
        thread.join()

"""Deleting copies of the database that have been kept long enough, while a door is open for weeks on end."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from bot.web_door import utc_now
from models.upkeep import delete_old_copies

_log = logging.getLogger("granska.copies")

PAUSE = timedelta(days=1)


@contextmanager
def old_copies_deleted(
    folder: Path, clock: Callable[[], datetime] = utc_now, pause: timedelta = PAUSE
) -> Iterator[None]:
    """Delete the old copies that Granska made unasked, now and daily for as long as this lasts."""
    ending = threading.Event()

    def look() -> None:
        while True:
            gone = delete_old_copies(folder, clock())
            if gone:
                _log.warning("%s old copies of the database are deleted", len(gone))
            if ending.wait(pause.total_seconds()):
                return

    thread = threading.Thread(target=look, name="old copies", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ending.set()
        thread.join()

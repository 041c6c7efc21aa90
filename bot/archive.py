"""The database as a door meets it: one thread that writes, reading beside it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from sqlalchemy import Engine
from sqlmodel import Session

from models.database import reading, writing

T = TypeVar("T")


class Archive:
    """One database, one writer.

    SQLite has one writer at a time. A single thread waits its turn in order, where several would wait for the
    lock by sleeping; so each write is over sooner and the slowest respondent waits less.
    """

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="writer")

    async def write(self, work: Callable[[Session], T]) -> T:
        """Run ``work`` in the writer thread; what it committed is on the disk when this returns."""
        return await asyncio.get_running_loop().run_in_executor(self._writer, self._written, work)

    def write_now(self, work: Callable[[Session], T]) -> T:
        """Run ``work`` in the writer thread and wait for it: for threads without a loop of their own."""
        return self._writer.submit(self._written, work).result()

    def read(self, work: Callable[[Session], T]) -> T:
        """Run ``work`` here and now, on a steady picture of the database."""
        with reading(self.engine) as session:
            return work(session)

    def close(self) -> None:
        """Finish what is being written, then let the database go."""
        self._writer.shutdown()
        self.engine.dispose()

    def _written(self, work: Callable[[Session], T]) -> T:
        with writing(self.engine) as session:
            return work(session)

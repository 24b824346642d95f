"""Running one database step in a thread: one transaction each, never held across a call to Temporal."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from store.session import Database, Session
from store.together import Together

Result = TypeVar("Result")

Step = Callable[[Session], Result]
"""What is done within one transaction."""


class Steps:
    """Threads for database steps. SQLite has one writer: steps that wait for it share a transaction."""

    def __init__(self, database: Database, *, readers: int = 4, writers: int = 8) -> None:
        self.database = database
        self._together = Together(database)
        self._readers = ThreadPoolExecutor(readers, "desk-read")
        self._writers = ThreadPoolExecutor(writers, "desk-write")

    async def write(self, step: Step[Result]) -> Result:
        """Run a step that writes. It is carried through even when the caller stops waiting."""
        return await asyncio.get_running_loop().run_in_executor(self._writers, self._together.write, step)

    async def read(self, step: Step[Result]) -> Result:
        """Run a step that only reads."""

        def run() -> Result:
            with self.database.reading() as session:
                return step(session)

        return await asyncio.get_running_loop().run_in_executor(self._readers, run)

    def close(self) -> None:
        """Wait for the steps under way and let the threads go."""
        self._writers.shutdown(wait=True)
        self._readers.shutdown(wait=True)

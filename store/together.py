"""Writing steps of many threads in few transactions.

SQLite has one writer and pays a disk flush for each commit. When many tickets are opened or deliveries end at once,
the threads that wait for the writer put their steps into the transaction of the one whose turn it is; each step is
still whole or not at all. PostgreSQL has many writers and needs none of this: there each step is its own transaction.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar, cast

from sqlalchemy.exc import OperationalError

from domain.errors import Unavailable
from store.session import Database, Session

Result = TypeVar("Result")

MOST = 32
"""So many steps share a transaction at most: others want to write too."""


@dataclass(eq=False)
class _Step:
    """One thread's step, and what came of it."""

    work: Callable[[Session], Any]
    value: Any = None
    error: BaseException | None = None
    done: bool = False


class Together:
    """The writing transactions of a process."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self._turn = threading.Condition()
        self._waiting: list[_Step] = []
        self._writing = False

    def write(self, work: Callable[[Session], Result]) -> Result:
        """Run a step in a transaction and return when it is committed. Raises what it raises, or Unavailable."""
        if not self.database.is_sqlite:
            with self.database.transaction() as session:
                return work(session)
        step = _Step(work)
        with self._turn:
            self._waiting.append(step)
        while not step.done:
            batch = self._my_turn(step)
            if batch:
                self._write(batch)
        if isinstance(step.error, Unavailable):  # shared with the others of its transaction
            raise Unavailable(str(step.error)) from step.error
        if step.error is not None:
            raise step.error
        return cast(Result, step.value)

    def _my_turn(self, step: _Step) -> list[_Step]:
        """Wait until nobody writes; what is to be written then, or nothing when somebody wrote our step meanwhile."""
        with self._turn:
            self._turn.wait_for(lambda: step.done or not self._writing)
            if step.done:
                return []
            self._writing = True
            batch, self._waiting = self._waiting[:MOST], self._waiting[MOST:]
            return batch

    def _write(self, batch: list[_Step]) -> None:
        try:
            with self.database.transaction() as session:
                for step in batch:
                    _carry_out(session, step, alone=len(batch) == 1)
        except BaseException as error:  # noqa: BLE001 - nothing was committed: each of the waiting threads raises it
            for step in batch:
                step.error = error
        finally:
            with self._turn:
                for step in batch:
                    step.done = True
                self._writing = False
                self._turn.notify_all()


def _carry_out(session: Session, step: _Step, *, alone: bool) -> None:
    if alone:
        step.value = step.work(session)
        return
    try:
        with session.begin_nested():
            step.value = step.work(session)
    except OperationalError:  # the database's trouble, not this step's: nobody's step is kept
        raise
    except Exception as error:  # noqa: BLE001 - its own thread raises it; the others' steps stand
        step.error = error

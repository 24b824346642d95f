"""What the desk's parts are built with."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Protocol

from desk.steps import Steps
from desk.tickets_port import Tickets
from store.definitions import Definitions
from store.effects import Gateways


@dataclass(frozen=True, slots=True)
class Patience:
    """How long things are waited for."""

    outcome: timedelta = timedelta(seconds=3)  # a client for its outcome; then 202 (rule 7)
    pump: timedelta = timedelta(seconds=15)  # a sender for a run that does not take its command
    first_retry: timedelta = timedelta(milliseconds=20)
    last_retry: timedelta = timedelta(milliseconds=500)
    start_owed: timedelta = timedelta(seconds=5)  # the sweeper, rule 12
    command_pending: timedelta = timedelta(seconds=10)
    delivery_owed: timedelta = timedelta(seconds=60)
    deadline_past: timedelta = timedelta(seconds=60)
    nudge_again: timedelta = timedelta(minutes=5)  # a run that was nudged and is late still
    failures: int = 1  # a run that failed so often, and holds a command or deadline up, is given up
    session: timedelta = timedelta(days=7)  # a web session


class Writing(Protocol):
    """What is needed to open tickets and to log commands; a worker has no more than this."""

    @property
    def definitions(self) -> Definitions: ...
    @property
    def clock(self) -> Callable[[], datetime]: ...
    @property
    def time_shift(self) -> timedelta: ...
    @property
    def gateways(self) -> Gateways: ...
    @property
    def new_id(self) -> Callable[[], str]: ...


def new_id() -> str:
    """An id that nothing else has."""
    return str(uuid.uuid4())


@dataclass(frozen=True, slots=True)
class WorkerDesk:
    """The desk's tools in a worker."""

    definitions: Definitions
    clock: Callable[[], datetime]
    gateways: Gateways = None
    time_shift: timedelta = timedelta(0)
    new_id: Callable[[], str] = new_id


@dataclass(frozen=True, slots=True)
class Tools:
    """The database, the way to ticket workflows, the clock."""

    steps: Steps
    definitions: Definitions
    tickets: Tickets
    clock: Callable[[], datetime] = field(default=lambda: datetime.now(UTC))
    patience: Patience = Patience()
    time_shift: timedelta = timedelta(0)  # temporary desks only: the clock is shifted by it too
    gateways: Gateways = None
    new_id: Callable[[], str] = new_id

"""A ticket's row and its ledger in memory, with the activities that work on them: for tests of the workflow alone.

It decides with the same pure functions as the store (`plan_append`, `fold`).
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from temporalio import activity

from domain.engine.entries import Entry
from domain.engine.path import AppendRefusal, RowHead, plan_append
from domain.engine.serialise import Snapshot, fold, ticket_to_json
from domain.engine.ticket import Ticket
from workflows.messages import (
    Deliver,
    Delivered,
    DeliveryKey,
    Pick,
    PickedPerson,
    Record,
    Recorded,
    RunTask,
    TaskResult,
)


@dataclass
class MemoryRow:
    """One ticket as a store would have it."""

    incarnation: int
    snapshot: Snapshot
    entries: list[Entry] = field(default_factory=list)
    ledger: dict[DeliveryKey, str] = field(default_factory=dict)

    @classmethod
    def opened(cls, ticket: Ticket, entries: tuple[Entry, ...]) -> MemoryRow:
        row = cls(1, ticket_to_json(ticket), list(entries))
        row._add_deliveries(entries)
        return row

    @property
    def seq(self) -> int:
        return len(self.entries)

    def append(self, incarnation: int, entries: tuple[Entry, ...]) -> AppendRefusal | None:
        plan = plan_append(RowHead(self.incarnation, self.seq), incarnation, entries, self.entries)
        if isinstance(plan, AppendRefusal):
            return plan
        for entry in plan.fresh:
            self.snapshot = fold(self.snapshot, entry)
            self.entries.append(entry)
        self._add_deliveries(plan.fresh)
        return None

    def owed(self, after_seq: int = 0) -> tuple[DeliveryKey, ...]:
        return tuple(
            key for key, status in self.ledger.items() if status == "pending" and key.seq > after_seq
        )

    def _add_deliveries(self, entries: tuple[Entry, ...]) -> None:
        for entry in entries:
            for effect in entry.effects:
                for person in effect.to:
                    self.ledger[DeliveryKey(entry.seq, effect.index, person, effect.kind)] = "pending"


class MemoryActivities:
    """The activities of any number of tickets. `broken` makes `record` fail, as without a database."""

    def __init__(self) -> None:
        self.rows: dict[str, MemoryRow] = {}
        self.broken = False
        self.recorded = 0
        self.hangs_for = ""  # the recipient whose deliveries wait for `released`
        self.hanging = asyncio.Event()  # one of them does
        self.released = asyncio.Event()

    @property
    def all(self) -> list[Callable[..., Any]]:
        return [self.record, self.deliver, self.pick, self.run_script, self.call_http]

    @activity.defn(name="record")
    async def record(self, request: Record) -> Recorded:
        if self.broken:
            raise RuntimeError("no database")
        self.recorded += 1
        row = self.rows[request.ticket_id]
        if row.append(request.incarnation, request.entries) is not None:
            return Recorded(row.seq, ends=True)
        return Recorded(row.seq, row.owed(request.after_seq))

    @activity.defn(name="deliver")
    async def deliver(self, request: Deliver) -> Delivered:
        if request.key.recipient == self.hangs_for:
            self.hanging.set()
            await self.released.wait()
        row = self.rows[request.ticket_id]
        row.ledger[request.key] = "sent"
        return Delivered("sent")

    @activity.defn(name="pick")
    async def pick(self, request: Pick) -> PickedPerson:
        return PickedPerson("ann")

    @activity.defn(name="run_script")
    async def run_script(self, request: RunTask) -> TaskResult:
        return TaskResult(True, datetime.now(UTC), {"ran": request.task})

    @activity.defn(name="call_http")
    async def call_http(self, request: RunTask) -> TaskResult:
        return TaskResult(True, datetime.now(UTC), {"called": request.task})

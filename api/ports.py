"""The desk as the API sees it: the methods it calls, and nothing of how they are done.

`desk.desk.Desk` has these methods; tests pass a desk that lives in memory. So the API imports neither the
database nor Temporal, and starts in a fraction of the time.
"""

from __future__ import annotations

from typing import Protocol

from desk.values import (
    AssetView,
    Caller,
    ClockView,
    CommentView,
    DeliveryView,
    FieldView,
    Guard,
    Page,
    Pending,
    PersonView,
    ProcessView,
    QueueFilter,
    Readiness,
    ServiceView,
    Settled,
    TeamView,
    TicketView,
    TimelineView,
)
from domain.engine.events import AddTask, ApprovalRequest
from domain.engine.ticket import Json

Fields = dict[str, Json]


class Desk(Protocol):
    """Every method raises `domain.errors.EvertickError`s only; a refused command comes as its exception."""

    # ---- doing
    async def open(
        self, caller: Caller, process: str, fields: Fields, *, channel: str, guard: Guard
    ) -> Settled: ...

    async def move(
        self, caller: Caller, ref: str, transition: str, fields: Fields, *, guard: Guard
    ) -> Settled | Pending: ...

    async def edit(self, caller: Caller, ref: str, fields: Fields, *, guard: Guard) -> Settled | Pending: ...

    async def assign(
        self, caller: Caller, ref: str, team: str | None, assignee: str | None, *, guard: Guard
    ) -> Settled | Pending: ...

    async def comment(
        self, caller: Caller, ref: str, text: str, *, public: bool, guard: Guard
    ) -> Settled | Pending: ...

    async def add_task(
        self, caller: Caller, ref: str, task: AddTask, *, guard: Guard
    ) -> Settled | Pending: ...
    async def cancel_task(
        self, caller: Caller, ref: str, task: str, *, guard: Guard
    ) -> Settled | Pending: ...
    async def complete_task(
        self, caller: Caller, ref: str, task: str, fields: Fields, *, failed: bool, guard: Guard
    ) -> Settled | Pending: ...

    async def message(
        self, caller: Caller, ref: str, message: str, fields: Fields, *, guard: Guard
    ) -> Settled | Pending: ...

    async def link(
        self,
        caller: Caller,
        ref: str,
        link: str,
        other: str,
        *,
        add: bool,
        guard: Guard,
        fields: dict[str, Json] | None = None,
    ) -> Settled | Pending: ...
    async def edit_link(
        self, caller: Caller, ref: str, link: str, other: str, fields: dict[str, Json], *, guard: Guard
    ) -> Settled | Pending: ...

    async def approval(
        self, caller: Caller, ref: str, request: ApprovalRequest, *, guard: Guard
    ) -> Settled | Pending: ...

    async def operation(self, caller: Caller, operation_id: str) -> Settled | Pending: ...

    # ---- reading
    async def ticket(self, caller: Caller, ref: str) -> TicketView: ...

    async def timeline(
        self, caller: Caller, ref: str, *, after_seq: int = 0, limit: int = 200
    ) -> tuple[TimelineView, ...]: ...

    async def clock(self, caller: Caller, ref: str, name: str) -> ClockView: ...

    async def deliveries(self, caller: Caller, ref: str) -> tuple[DeliveryView, ...]: ...

    async def comments(self, caller: Caller, ref: str) -> tuple[CommentView, ...]: ...

    async def queue(
        self, caller: Caller, filter: QueueFilter, *, limit: int = 50, cursor: str | None = None
    ) -> Page: ...

    async def outbox(
        self, caller: Caller, *, limit: int = 100, cursor: str | None = None
    ) -> tuple[DeliveryView, ...]: ...

    async def processes(self, caller: Caller) -> tuple[ProcessView, ...]: ...

    async def create_form(self, caller: Caller, process: str) -> tuple[FieldView, ...]: ...

    async def people(self, caller: Caller) -> tuple[PersonView, ...]: ...

    async def teams(self, caller: Caller) -> tuple[TeamView, ...]: ...

    async def services(self, caller: Caller) -> tuple[ServiceView, ...]: ...
    async def assets(self, caller: Caller) -> tuple[AssetView, ...]: ...

    # ---- identity and health
    async def caller_by_token(self, token: str) -> Caller | None: ...

    async def ready(self) -> Readiness: ...

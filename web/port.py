"""What the pages ask of the desk. `desk.desk.Desk` answers it for real, the tests' in-memory desk for the tests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from desk.values import (
    Caller,
    DeliveryView,
    FieldView,
    Guard,
    Page,
    Pending,
    QueueFilter,
    Settled,
    TicketView,
    TimelineView,
)
from domain.engine.events import AddTask, ApprovalRequest
from domain.engine.ticket import Json


class Named(Protocol):
    """A person, team, service or asset to choose from."""

    @property
    def id(self) -> str: ...
    @property
    def name(self) -> str: ...


class TitledProcess(Protocol):
    """A process a ticket can be opened in."""

    @property
    def id(self) -> str: ...
    @property
    def title(self) -> Mapping[str, str]: ...


class Desk(Protocol):
    """The desk as the pages use it. Writes raise `domain.errors`; reads raise TicketUnknown and Unavailable."""

    async def open(
        self, caller: Caller, process: str, fields: dict[str, Json], *, channel: str, guard: Guard
    ) -> Settled: ...
    async def move(
        self, caller: Caller, ref: str, transition: str, fields: dict[str, Json], *, guard: Guard
    ) -> Settled | Pending: ...
    async def edit(
        self, caller: Caller, ref: str, fields: dict[str, Json], *, guard: Guard
    ) -> Settled | Pending: ...
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
    async def complete_task(
        self, caller: Caller, ref: str, task: str, fields: dict[str, Json], *, failed: bool, guard: Guard
    ) -> Settled | Pending: ...
    async def approval(
        self, caller: Caller, ref: str, request: ApprovalRequest, *, guard: Guard
    ) -> Settled | Pending: ...
    async def operation(self, caller: Caller, operation_id: str) -> Settled | Pending: ...

    async def ticket(self, caller: Caller, ref: str) -> TicketView: ...
    async def timeline(
        self, caller: Caller, ref: str, *, after_seq: int = 0, limit: int = 200
    ) -> tuple[TimelineView, ...]: ...
    async def queue(
        self, caller: Caller, filter: QueueFilter, *, limit: int = 50, cursor: str | None = None
    ) -> Page: ...
    async def queue_counts(self, caller: Caller, filter: QueueFilter) -> Mapping[str, int]: ...
    async def outbox(
        self, caller: Caller, *, limit: int = 100, cursor: str | None = None
    ) -> tuple[DeliveryView, ...]: ...
    async def processes(self, caller: Caller) -> Sequence[TitledProcess]: ...
    async def create_form(self, caller: Caller, process: str) -> tuple[FieldView, ...]: ...
    async def people(self, caller: Caller) -> Sequence[Named]: ...
    async def teams(self, caller: Caller) -> Sequence[Named]: ...
    async def services(self, caller: Caller) -> Sequence[Named]: ...
    async def assets(self, caller: Caller) -> Sequence[Named]: ...

    async def caller_by_token(self, token: str) -> Caller | None: ...
    async def caller_by_session(self, token: str) -> Caller | None: ...
    async def sign_in(self, person_id: str) -> str: ...
    async def sign_out(self, token: str) -> None: ...

"""A desk in memory, with one small process: what the API is tested against."""

# Over 400 lines: one desk in memory, as long as the port it stands for.

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

from desk.values import (
    ActionView,
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
    QueueRow,
    Readiness,
    ServiceView,
    Settled,
    TeamView,
    TicketView,
    TimelineView,
)
from domain.engine.entries import Cause, Entry, Happening
from domain.engine.events import AddTask, ApprovalRequest
from domain.engine.ticket import Json, Link, Ticket
from domain.errors import (
    DefinitionUnknown,
    EvertickError,
    FieldError,
    FormInvalid,
    KeyReused,
    NotPermitted,
    RevisionStale,
    TicketUnknown,
    TransitionRefused,
    Unavailable,
)
from domain.language.published import Hashes

NOW = datetime(2026, 11, 20, 9, 40, tzinfo=UTC)

ALICE = Caller("alice", "Alice Chen", "en", "Asia/Shanghai")
BOB = Caller("bob", "Bob Müller", "en", "Europe/Berlin")
WANG = Caller("wang", "王芳", "zh-CN", "Asia/Shanghai", roles=("agent",))
TOKENS = {"token-alice": ALICE, "token-bob": BOB, "token-wang": WANG}

_TEXTS = {"title": 200, "description": 4000, "resolution": 4000, "internal_notes": 4000}
_CATEGORIES = ("vpn", "mail", "other")
_MOVES = {"start": ("new", "in_progress", ()), "resolve": ("in_progress", "resolved", ("resolution",))}

Outcome = Settled | Pending | EvertickError


@dataclass
class Kept:
    """A ticket with what belongs to it."""

    ticket: Ticket
    entries: list[Entry] = field(default_factory=list)
    comments: list[CommentView] = field(default_factory=list)


class FakeDesk:
    """`away`, `broken` and `slow` make it unavailable, raise something unforeseen, or answer later."""

    def __init__(self) -> None:
        self.kept: dict[str, Kept] = {}
        self.away = False
        self.broken: Exception | None = None
        self.slow = False
        self.readiness = Readiness(ready=True, checks={"database": "ok", "temporal": "ok"})
        self.operations: dict[str, Outcome] = {}
        self.calls = 0
        self.about_approvals: list[ApprovalRequest] = []
        self.added: list[AddTask] = []
        self._keys: dict[tuple[str, str], tuple[str, Outcome]] = {}
        self._turn = asyncio.Lock()

    # ---- doing

    async def open(
        self, caller: Caller, process: str, fields: dict[str, Json], *, channel: str, guard: Guard
    ) -> Settled:
        async def do() -> Settled:
            if process != "incident":
                raise DefinitionUnknown(f'there is no process "{process}"; did you mean "incident"?')
            _check(fields, required=("title", "category"), known=(*_TEXTS, "category", "affected_users"))
            number = len(self.kept) + 1
            values = {"requester": caller.id, "priority": "P2", "team": "network-l2", **fields}
            made = Ticket(
                id=str(UUID(int=number)),
                ref=f"INC-{number:06}",
                process=process,
                hashes=Hashes("a", "b", "c"),
                state="new",
                opened_at=NOW,
                entered_at=NOW,
                last_at=NOW,
                fields=values,
            )
            kept = self.kept[made.ref] = Kept(made)
            return self._settle(kept, caller, made, "open", Happening("opened", process))

        outcome = await self._once(caller, guard, do)
        assert isinstance(outcome, Settled)
        return outcome

    async def move(
        self, caller: Caller, ref: str, transition: str, fields: dict[str, Json], *, guard: Guard
    ) -> Settled | Pending:
        async def do() -> Settled:
            kept = self._guarded(caller, ref, guard)
            if transition not in _MOVES:
                raise TransitionRefused(f'there is no transition "{transition}"; there is: start, resolve')
            start, end, asked = _MOVES[transition]
            if "agent" not in caller.roles:
                raise NotPermitted("only agents may", text={"en": "Only agents may.", "zh-CN": "仅限坐席。"})
            if kept.ticket.state != start:
                raise TransitionRefused(
                    f"{transition} starts from {start}",
                    text={"en": f"Not from {start}.", "zh-CN": "状态不符。"},
                )
            _check(fields, required=asked, known=asked)
            moved = replace(kept.ticket, state=end, fields=kept.ticket.fields | fields)
            return self._settle(kept, caller, moved, transition, Happening("moved", transition))

        return await self._once(caller, guard, do)

    async def edit(
        self, caller: Caller, ref: str, fields: dict[str, Json], *, guard: Guard
    ) -> Settled | Pending:
        async def do() -> Settled:
            kept = self._guarded(caller, ref, guard)
            _check(fields, required=(), known=(*_TEXTS, "category", "affected_users"))
            changed = replace(kept.ticket, fields=kept.ticket.fields | fields)
            return self._settle(kept, caller, changed, "edit", Happening("set", "title"))

        return await self._once(caller, guard, do)

    async def assign(
        self, caller: Caller, ref: str, team: str | None, assignee: str | None, *, guard: Guard
    ) -> Settled | Pending:
        async def do() -> Settled:
            kept = self._guarded(caller, ref, guard)
            fields = kept.ticket.fields | {"team": team, "assignee": assignee}
            changed = replace(kept.ticket, fields=fields)
            return self._settle(kept, caller, changed, "assign", Happening("set", "team"))

        return await self._once(caller, guard, do)

    async def comment(
        self, caller: Caller, ref: str, text: str, *, public: bool, guard: Guard
    ) -> Settled | Pending:
        async def do() -> Settled:
            kept = self._guarded(caller, ref, guard)
            if not public and "agent" not in caller.roles:
                raise NotPermitted("internal notes are for agents")
            made = CommentView(f"c{len(kept.comments) + 1}", caller.id, caller.name, public, text, NOW)
            kept.comments.append(made)
            told = Happening("commented", "", {"comment": made.id, "public": public})
            return self._settle(kept, caller, kept.ticket, "comment", told, changed=False)

        return await self._once(caller, guard, do)

    async def complete_task(
        self, caller: Caller, ref: str, task: str, fields: dict[str, Json], *, failed: bool, guard: Guard
    ) -> Settled | Pending:
        async def do() -> Settled:
            kept = self._guarded(caller, ref, guard)
            if task != "review":
                raise TransitionRefused(f'there is no task "{task}"')
            return self._settle(kept, caller, kept.ticket, task, Happening("task", task, {"what": "done"}))

        return await self._once(caller, guard, do)

    async def add_task(self, caller: Caller, ref: str, task: AddTask, *, guard: Guard) -> Settled | Pending:
        async def do() -> Settled:
            kept = self._guarded(caller, ref, guard)
            if "agent" not in caller.roles:
                raise NotPermitted("tasks are added by agents")
            self.added.append(task)
            return self._settle(kept, caller, kept.ticket, "add task", Happening("task", "adhoc.1"))

        return await self._once(caller, guard, do)

    async def cancel_task(self, caller: Caller, ref: str, task: str, *, guard: Guard) -> Settled | Pending:
        async def do() -> Settled:
            kept = self._guarded(caller, ref, guard)
            if task != "adhoc.1":
                raise TransitionRefused(f'"{task}" was not added by anybody')
            return self._settle(kept, caller, kept.ticket, f"cancel {task}", Happening("task", task))

        return await self._once(caller, guard, do)

    async def message(
        self, caller: Caller, ref: str, message: str, fields: dict[str, Json], *, guard: Guard
    ) -> Settled | Pending:
        async def do() -> Settled:
            kept = self._guarded(caller, ref, guard)
            if message != "workaround_found":
                raise FormInvalid([FieldError("message", "unknown", f'no message "{message}" is declared')])
            return self._settle(kept, caller, kept.ticket, message, Happening("message", message))

        return await self._once(caller, guard, do)

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
    ) -> Settled | Pending:
        async def do() -> Settled:
            kept = self._guarded(caller, ref, guard)
            if link != "problem":
                raise FormInvalid([FieldError("link", "unknown", f"this process has no link {link!r}")])
            known = Link(other, other, fields=dict(fields or {}))
            linked: dict[str, tuple[Link, ...]] = {link: (known,)} if add else {}
            happening = Happening("linked" if add else "unlinked", link, {"ref": other})
            return self._settle(kept, caller, replace(kept.ticket, links=linked), link, happening)

        return await self._once(caller, guard, do)

    async def edit_link(
        self, caller: Caller, ref: str, link: str, other: str, fields: dict[str, Json], *, guard: Guard
    ) -> Settled | Pending:
        return await self.link(caller, ref, link, other, add=True, guard=guard, fields=fields)

    async def approval(
        self, caller: Caller, ref: str, request: ApprovalRequest, *, guard: Guard
    ) -> Settled | Pending:
        async def do() -> Settled:
            kept = self._guarded(caller, ref, guard)
            if request.approval != "cab":
                raise TransitionRefused(f'there is no approval "{request.approval}"')
            self.about_approvals.append(request)
            return self._settle(kept, caller, kept.ticket, "vote", Happening("approval", "cab"))

        return await self._once(caller, guard, do)

    async def operation(self, caller: Caller, operation_id: str) -> Settled | Pending:
        self._answer()
        outcome = self.operations.get(operation_id)
        if outcome is None:
            raise TicketUnknown(f'there is no operation "{operation_id}"')
        if isinstance(outcome, EvertickError):
            raise outcome
        return outcome

    # ---- reading

    async def ticket(self, caller: Caller, ref: str) -> TicketView:
        self._answer()
        return _view(self._find(caller, ref).ticket, caller)

    async def timeline(
        self, caller: Caller, ref: str, *, after_seq: int = 0, limit: int = 200
    ) -> tuple[TimelineView, ...]:
        self._answer()
        entries = [one for one in self._find(caller, ref).entries if one.seq > after_seq][:limit]
        return tuple(TimelineView(one, "Someone", ({"en": "It happened."},)) for one in entries)

    async def clock(self, caller: Caller, ref: str, name: str) -> ClockView:
        self._answer()
        self._find(caller, ref)
        if name != "response":
            raise TicketUnknown(f'this ticket has no clock "{name}"')
        return _CLOCK

    async def deliveries(self, caller: Caller, ref: str) -> tuple[DeliveryView, ...]:
        self._answer()
        self._find(caller, ref)
        return (_DELIVERY,)

    async def comments(self, caller: Caller, ref: str) -> tuple[CommentView, ...]:
        self._answer()
        kept = self._find(caller, ref)
        return tuple(one for one in kept.comments if one.public or "agent" in caller.roles)

    async def queue(
        self, caller: Caller, filter: QueueFilter, *, limit: int = 50, cursor: str | None = None
    ) -> Page:
        self._answer()
        self.last_filter = filter
        if cursor is not None and not cursor.isdigit():
            raise FormInvalid([FieldError("cursor", "pattern", "is no cursor of this list")])
        start = int(cursor or 0)
        seen = [kept.ticket for kept in self.kept.values() if _may_see(caller, kept.ticket)]
        rows = tuple(_row(one) for one in seen[start : start + limit])
        return Page(rows, str(start + limit) if len(seen) > start + limit else None)

    async def outbox(
        self, caller: Caller, *, limit: int = 100, cursor: str | None = None
    ) -> tuple[DeliveryView, ...]:
        self._answer()
        return (_DELIVERY,)

    async def processes(self, caller: Caller) -> tuple[ProcessView, ...]:
        self._answer()
        return (ProcessView("incident", {"en": "Incident", "zh-CN": "事件"}, 1, _FORM),)

    async def create_form(self, caller: Caller, process: str) -> tuple[FieldView, ...]:
        self._answer()
        if process != "incident":
            raise DefinitionUnknown(f'there is no process "{process}"')
        return _FORM

    async def people(self, caller: Caller) -> tuple[PersonView, ...]:
        self._answer()
        return tuple(PersonView(one.id, one.name, ("network-l2",)) for one in TOKENS.values())

    async def teams(self, caller: Caller) -> tuple[TeamView, ...]:
        self._answer()
        return (TeamView("network-l2", "Network L2", "wang"), TeamView("service-desk", "Service desk"))

    async def services(self, caller: Caller) -> tuple[ServiceView, ...]:
        self._answer()
        return (ServiceView("vpn", "VPN", "network-l2"),)

    async def assets(self, caller: Caller) -> tuple[AssetView, ...]:
        self._answer()
        return (AssetView("NB-0815", "ThinkPad X1", "laptop", "alice"), AssetView("PR-0001", "Printer"))

    # ---- identity and health

    async def caller_by_token(self, token: str) -> Caller | None:
        self.calls += 1
        if self.away:
            raise Unavailable("the database does not answer")
        return TOKENS.get(token)

    async def ready(self) -> Readiness:
        if self.away:
            raise Unavailable("the database does not answer")
        return self.readiness

    # ---- within

    def _answer(self) -> None:
        if self.broken is not None:
            raise self.broken

    async def _once(
        self, caller: Caller, guard: Guard, do: Callable[[], Awaitable[Settled]]
    ) -> Settled | Pending:
        self._answer()
        async with self._turn:
            key = (caller.id, guard.key or "")
            if guard.key is not None and key in self._keys:
                request_hash, outcome = self._keys[key]
                if request_hash != guard.request_hash:
                    raise KeyReused("this key came with another request before")
            else:
                try:
                    outcome = await do()
                    if self.slow:
                        pending = Pending(f"op-{len(self.operations) + 1}", outcome.ticket.ticket.ref)
                        self.operations[pending.operation], outcome = outcome, pending
                except RevisionStale:
                    raise
                except EvertickError as error:
                    outcome = error
                if guard.key is not None:
                    remembered = replace(outcome, replayed=True) if isinstance(outcome, Settled) else outcome
                    self._keys[key] = (guard.request_hash, remembered)
        if isinstance(outcome, EvertickError):
            raise outcome
        return outcome

    def _find(self, caller: Caller, ref: str) -> Kept:
        kept = self.kept.get(ref) or next((k for k in self.kept.values() if k.ticket.id == ref), None)
        if kept is None or not _may_see(caller, kept.ticket):
            raise TicketUnknown(f'there is no ticket "{ref}", or you may not see it')
        return kept

    def _guarded(self, caller: Caller, ref: str, guard: Guard) -> Kept:
        kept = self._find(caller, ref)
        if guard.revision is not None and guard.revision != kept.ticket.revision:
            raise RevisionStale(f"{ref} is at revision {kept.ticket.revision} by now")
        return kept

    def _settle(
        self,
        kept: Kept,
        caller: Caller,
        ticket: Ticket,
        name: str,
        happened: Happening,
        *,
        changed: bool = True,
    ) -> Settled:
        kept.ticket = replace(ticket, seq=ticket.seq + 1, revision=ticket.revision + changed)
        entry = Entry(
            seq=kept.ticket.seq,
            at=NOW,
            handled_at=NOW,
            cause=Cause("command", name),
            revision=kept.ticket.revision,
            actor=caller.id,
            command=kept.ticket.seq,
            happened=(happened,),
            patch=({"op": "add", "path": "/fields/internal_notes", "value": "secret"},),
        )
        kept.entries.append(entry)
        return Settled(_view(kept.ticket, caller), kept.ticket.seq, entry)


def _may_see(caller: Caller, ticket: Ticket) -> bool:
    return "agent" in caller.roles or ticket.fields["requester"] == caller.id


def _check(fields: dict[str, Json], *, required: tuple[str, ...], known: tuple[str, ...]) -> None:
    errors = [FieldError(name, "missing", "is required") for name in required if name not in fields]
    for name, value in fields.items():
        if name not in known:
            errors.append(FieldError(name, "unknown", "there is no such field"))
        elif name == "category" and value not in _CATEGORIES:
            errors.append(FieldError(name, "option", f"is not one of: {', '.join(_CATEGORIES)}"))
        elif name == "affected_users" and not (isinstance(value, int) and not isinstance(value, bool)):
            errors.append(FieldError(name, "type", "must be a number"))
        elif name in _TEXTS and not isinstance(value, str):
            errors.append(FieldError(name, "type", "must be a text"))
        elif name in _TEXTS and isinstance(value, str) and len(value) > _TEXTS[name]:
            errors.append(FieldError(name, "too_long", f"at most {_TEXTS[name]} characters"))
    if errors:
        raise FormInvalid(errors)


def _field(name: str, type: str, value: Json = None, **more: object) -> FieldView:
    made = FieldView(name=name, label={"en": name.title()}, help={}, type=type, value=value, display={})
    return replace(made, **more)  # type: ignore[arg-type]  # the keywords are FieldView's own


_FORM = (
    _field("title", "text", required=True, max=200),
    _field("category", "choice", required=True, options=tuple((one, {"en": one}) for one in _CATEGORIES)),
    _field("affected_users", "number", min=0.0),
)

_CLOCK = ClockView(
    name="response",
    label={"en": "Response time", "zh-CN": "响应时间"},
    kind="sla",
    status="running",
    target="1h",
    calendar="always",
    elapsed=600.0,
    left=3000.0,
    due_at=NOW + timedelta(hours=1),
    breached_at=None,
    paused_why="",
    outside_why="",
    opens_at=None,
    ledger=({"at": NOW, "what": "started", "line": "incident.yaml:209"},),
    upcoming=({"at": NOW + timedelta(minutes=30), "what": "50%", "effects": ["escalate on_call"]},),
    thresholds=({"label": "50%", "share": 0.5, "at": None, "reached": False},),
)

_DELIVERY = DeliveryView(
    key="INC-000001/1/0/wang/page",
    seq=1,
    kind="page",
    recipient="wang",
    recipient_name="王芳",
    channel="page",
    status="kept",
    subject="[PAGE] INC-000001",
    body="VPN unusable",
    created_at=NOW,
    sent_at=None,
    attempts=0,
    error="",
)


def _view(ticket: Ticket, caller: Caller) -> TicketView:
    agent = "agent" in caller.roles
    fields = tuple(
        _field(name, "text", value, editable=agent)
        for name, value in ticket.fields.items()
        if agent or name != "internal_notes"
    )
    may = agent and ticket.state == "new"
    names = {one.id: one.name for one in TOKENS.values()}
    assignee = ticket.fields.get("assignee")
    return TicketView(
        ticket=ticket,
        revision=ticket.revision,
        process_title={"en": "Incident", "zh-CN": "事件"},
        state_label={"en": ticket.state},
        category="active",
        priority_label={"en": "High"},
        priority_why=({"en": "impact × urgency"},),
        requester_name=names.get(str(ticket.fields["requester"]), ""),
        assignee_name=names.get(str(assignee), ""),
        team_name="Network L2",
        service_name="",
        fields=fields,
        clocks=(_CLOCK,),
        actions=(
            ActionView(
                "start", {"en": "Take it"}, (), may, {} if may else {"en": "Not now.", "zh-CN": "不可用"}
            ),
        ),
        tasks=({"name": "review", "state": "open", "due_at": NOW},),
        may_comment=True,
        may_comment_internal=agent,
        pending_commands=0,
    )


def _row(ticket: Ticket) -> QueueRow:
    return QueueRow(
        id=ticket.id,
        ref=ticket.ref,
        process=ticket.process,
        title=str(ticket.fields["title"]),
        state=ticket.state,
        state_label={"en": ticket.state},
        category="new",
        priority="P2",
        requester=str(ticket.fields["requester"]),
        assignee="",
        assignee_name="",
        team="network-l2",
        team_name="Network L2",
        service="",
        opened_at=ticket.opened_at,
        updated_at=ticket.last_at,
        due_at=NOW + timedelta(hours=1),
        due_clock="response",
        due_label={"en": "Response time"},
        clock_status="running",
        elapsed_share=0.2,
    )

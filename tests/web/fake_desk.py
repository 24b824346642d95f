"""An in-memory desk with sample data: the pages' partner in tests and pictures."""

# Over 400 lines: one desk in memory, as long as the port it stands for.

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from desk.values import (
    ActionView,
    Caller,
    ClockView,
    DeliveryView,
    FieldView,
    Guard,
    LinkedView,
    LinkView,
    Page,
    Pending,
    QueueFilter,
    QueueRow,
    Settled,
    TicketView,
    TimelineView,
)
from domain.engine.events import AddTask, ApprovalRequest, Vote
from domain.engine.ticket import Json, Ticket
from domain.errors import (
    FieldError,
    FormInvalid,
    KeyReused,
    NotPermitted,
    RevisionMissing,
    RevisionStale,
    TicketUnknown,
    TransitionRefused,
    Unavailable,
)
from domain.language.published import Hashes
from tests.web.sample import (
    ADDING,
    ASSETS,
    CATEGORIES,
    CREATE,
    IMPACTS,
    INCIDENT,
    NOW,
    PEOPLE,
    PRIORITIES,
    SERVICES,
    STATES,
    TEAMS,
    URGENCIES,
    WAYS,
    Item,
    Process,
    Text,
    Thing,
    Way,
    items,
    letter,
    t,
)
from tests.web.sample_approval import approval
from web.conditions import holds, lower

_OPEN = ("new", "active", "waiting")
_HOURS = {"P1": (1, 4), "P2": (2, 8), "P3": (4, 24), "P4": (8, 48)}


class FakeDesk:
    """Sample tickets with just enough rules to press every button.

    `away`: every call raises Unavailable; `slow`: commands are accepted, but settle only later.
    """

    def __init__(self, now: datetime = NOW) -> None:
        self.now = now
        self.items = items(now)
        self.sessions: dict[str, str] = {}
        self.sent: dict[str, tuple[str, Settled]] = {}
        self.calls: list[tuple[str, object]] = []
        self.away = False
        self.slow = False

    # ---- doing

    async def open(
        self, caller: Caller, process: str, fields: dict[str, Json], *, channel: str, guard: Guard
    ) -> Settled:
        self._up()
        known = self._replayed(guard)
        if known:
            return known
        _check(CREATE, fields)
        number = max(item.number for item in self.items) + 1
        urgent = fields["impact"] == "extensive" and fields["urgency"] == "critical"
        item = Item(
            number, str(fields["title"]), "P1" if urgent else "P3", "new", "service-desk", caller.id,
            due=60 if urgent else 240, share=0.0, opened=0, description=str(fields["description"]),
            fields=dict(fields), revision=1,
        )  # fmt: skip
        item.say(self.now, caller.id, ("opened", t("opened the incident", "提交了事件")))
        self.items.insert(0, item)
        self.calls.append(("open", fields))
        return self._settled(caller, item, guard)

    async def move(
        self, caller: Caller, ref: str, transition: str, fields: dict[str, Json], *, guard: Guard
    ) -> Settled | Pending:
        item = self._find(caller, ref)
        known = self._replayed(guard)
        if known:
            return known
        self._fresh(item, guard)
        way = next((one for one in WAYS if one.name == transition), None)
        if way is None or not self._may(caller, way):
            raise NotPermitted(
                f"{caller.id} may not {transition}", text=t("You may not do this.", "您无权执行此操作。")
            )
        if not self._fits(way, item) or way.why_not:
            raise TransitionRefused(
                "not from here",
                text=way.why_not or t("This is not possible from this state.", "当前状态下不能执行此操作。"),
            )
        _check(way.form, fields)
        self.calls.append((transition, fields))
        if self.slow:
            return Pending("op-1", ref)
        item.state = way.to or item.state
        if transition == "start":
            item.assignee = caller.id
        item.fields |= fields
        item.revision += 1
        item.say(self.now, caller.id, ("moved", t(way.label["en"], way.label["zh-CN"])))
        return self._settled(caller, item, guard)

    async def edit(
        self, caller: Caller, ref: str, fields: dict[str, Json], *, guard: Guard
    ) -> Settled | Pending:
        item = self._find(caller, ref)
        self._fresh(item, guard)
        views = {one.name: one for one in self._fields(caller, item)}
        for name, value in fields.items():
            if name not in views or not views[name].editable:
                raise NotPermitted("no", text=t("You may not change this.", "您无权修改此项。"))
            if name == "affected_users" and not (isinstance(value, int) and value >= 0):
                code = "range" if isinstance(value, int) else "type"
                raise FormInvalid([FieldError(name, code, "a number of at least 0 is needed")])
        for name, value in fields.items():
            if name in ("title", "assignee", "team"):
                setattr(item, name, value or "")
            else:
                item.fields[name] = value
        item.revision += 1
        item.say(
            self.now,
            caller.id,
            *(("set", t(f"{one}: {value}", f"{one}：{value}")) for one, value in fields.items()),
        )
        self.calls.append(("edit", fields))
        return self._settled(caller, item, guard)

    async def assign(
        self, caller: Caller, ref: str, team: str | None, assignee: str | None, *, guard: Guard
    ) -> Settled | Pending:
        if not caller.roles:
            raise NotPermitted("no", text=t("Only agents take tickets.", "只有坐席可以接单。"))
        return await self.edit(caller, ref, {"assignee": assignee}, guard=guard)

    async def comment(
        self, caller: Caller, ref: str, text: str, *, public: bool, guard: Guard
    ) -> Settled | Pending:
        item = self._find(caller, ref)
        if not text:
            raise FormInvalid([FieldError("text", "missing", "a text is needed")])
        if not public and not caller.roles:
            raise NotPermitted("no", text=t("Only agents write internal notes.", "只有坐席可以写内部备注。"))
        item.say(self.now, caller.id, ("commented", t("replied", "回复了")), comment=(text, public))
        self.calls.append(("comment", (text, public)))
        return self._settled(caller, item, guard)

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
        item = self._find(caller, ref)
        if add and other not in [one.ref for one in self.items]:
            raise FormInvalid([FieldError("ticket", "unknown", f"there is no ticket {other!r}")])
        left = tuple(one for one in item.linked if one != other)
        item.linked = (*left, other) if add else left
        return self._settled(caller, item, guard)

    async def edit_link(
        self, caller: Caller, ref: str, link: str, other: str, fields: dict[str, Json], *, guard: Guard
    ) -> Settled | Pending:
        item = self._find(caller, ref)
        if str(fields.get("minute") or "").startswith("!"):
            raise FormInvalid([FieldError("minute", "control", "not this")])
        item.said_of[other] = fields
        return self._settled(caller, item, guard)

    async def complete_task(
        self, caller: Caller, ref: str, task: str, fields: dict[str, Json], *, failed: bool, guard: Guard
    ) -> Settled | Pending:
        item = self._find(caller, ref)
        self._fresh(item, guard)
        found = next(one for one in item.tasks if one["name"] == task)
        form = found.get("form")
        if not failed and isinstance(form, tuple):
            _check(form, fields)
        found |= {"state": "failed" if failed else "done", "may_complete": False}
        item.revision += 1
        return self._settled(caller, item, guard)

    async def add_task(self, caller: Caller, ref: str, task: AddTask, *, guard: Guard) -> Settled | Pending:
        item = self._find(caller, ref)
        self._fresh(item, guard)
        if not task.title:
            raise FormInvalid([FieldError("title", "missing", "say what is to be done")])
        name = f"adhoc.{len(item.tasks)}"
        item.tasks.append({
            "name": name, "label": {"*": task.title}, "state": "open", "due_at": task.due_at,
            "assignees": [task.assignee or caller.id], "may_complete": True, "may_cancel": True, "form": (),
        })  # fmt: skip
        item.revision += 1
        self.calls.append(("add_task", task))
        return self._settled(caller, item, guard)

    async def cancel_task(self, caller: Caller, ref: str, task: str, *, guard: Guard) -> Settled | Pending:
        item = self._find(caller, ref)
        self._fresh(item, guard)
        found = next(one for one in item.tasks if one["name"] == task)
        found |= {"state": "cancelled", "may_complete": False, "may_cancel": False}
        item.revision += 1
        return self._settled(caller, item, guard)

    async def approval(
        self, caller: Caller, ref: str, request: ApprovalRequest, *, guard: Guard
    ) -> Settled | Pending:
        item = self._find(caller, ref)
        self._fresh(item, guard)
        assert isinstance(request, Vote) and item.votes is not None
        if request.hash != "abc":
            raise TransitionRefused("changed", text=t("It was changed meanwhile.", "内容已被修改。"))
        if request.answer == "reject" and not request.comment:
            raise FormInvalid([FieldError("comment", "missing", "say why")])
        if request.answer == "approve" and "cost_centre" not in request.fields:
            raise FormInvalid([FieldError("cost_centre", "missing", "a value is needed")])
        item.votes[caller.id] = request
        item.revision += 1
        self.calls.append(("vote", request))
        return self._settled(caller, item, guard)

    async def operation(self, caller: Caller, operation_id: str) -> Settled | Pending:
        if operation_id == "op-refused":
            raise TransitionRefused("no", text=t("Somebody resolved it first.", "已有人先行解决。"))
        return (
            Pending(operation_id, "INC-000042")
            if self.slow
            else self._settled(caller, self.items[0], Guard())
        )

    # ---- reading

    async def ticket(self, caller: Caller, ref: str) -> TicketView:
        return self._view(caller, self._find(caller, ref))

    async def timeline(
        self, caller: Caller, ref: str, *, after_seq: int = 0, limit: int = 200
    ) -> tuple[TimelineView, ...]:
        told = [one for one in self._find(caller, ref).timeline if one.entry.seq > after_seq]
        if not caller.roles:
            told = [replace(one, deliveries=()) for one in told if not one.comment or one.comment.public]
        return tuple(told[:limit])

    async def queue(
        self, caller: Caller, filter: QueueFilter, *, limit: int = 50, cursor: str | None = None
    ) -> Page:
        self._up()
        rows = sorted(
            self._rows(caller, filter), key=lambda row: (row.due_at is None, row.due_at or row.opened_at)
        )
        start = int(cursor or 0)
        end = start + limit
        return Page(tuple(rows[start:end]), str(end) if end < len(rows) else None)

    async def queue_counts(self, caller: Caller, filter: QueueFilter) -> Mapping[str, int]:
        self._up()
        rows = self._rows(caller, filter)
        soon = [row for row in rows if row.due_at and self.now <= row.due_at < self.now + timedelta(hours=1)]
        return {
            "open": len(rows),
            "overdue": sum(1 for row in rows if self._late(row)),
            "due_within_hour": len(soon),
        }

    async def outbox(
        self, caller: Caller, *, limit: int = 100, cursor: str | None = None
    ) -> tuple[DeliveryView, ...]:
        self._up()
        found = [one for item in self.items for entry in item.timeline for one in entry.deliveries]
        found.append(
            letter(
                "notify",
                "",
                "email",
                "nobody",
                "INC-000039: nobody answered the page",
                "Nobody is on call for Messaging L2.",
                self.now - timedelta(hours=5),
            )
        )
        found.append(
            letter(
                "email",
                "victor",
                "email",
                "sent",
                "INC-000035 已解决：邮箱容量已满",
                "如仍有问题，请在三个工作日内回复或点击「重新打开」。",
                self.now - timedelta(days=1),
            )
        )
        mine = found if caller.roles else [one for one in found if one.recipient == caller.id]
        return tuple(sorted(mine, key=lambda one: one.created_at, reverse=True)[:limit])

    async def processes(self, caller: Caller) -> tuple[Process, ...]:
        self._up()
        return (INCIDENT,)

    async def create_form(self, caller: Caller, process: str) -> tuple[FieldView, ...]:
        return CREATE

    async def people(self, caller: Caller) -> tuple[Thing, ...]:
        return tuple(Thing(one.id, one.name) for one in PEOPLE.values())

    async def teams(self, caller: Caller) -> tuple[Thing, ...]:
        self._up()
        return TEAMS

    async def services(self, caller: Caller) -> tuple[Thing, ...]:
        return SERVICES

    async def assets(self, caller: Caller) -> tuple[Thing, ...]:
        return ASSETS

    # ---- identity

    async def caller_by_token(self, token: str) -> Caller | None:
        return PEOPLE.get(token.removeprefix("token-")) if token.startswith("token-") else None

    async def caller_by_session(self, token: str) -> Caller | None:
        return PEOPLE.get(self.sessions.get(token, ""))

    async def sign_in(self, person_id: str) -> str:
        session = secrets.token_urlsafe(16)
        self.sessions[session] = person_id
        return session

    async def sign_out(self, token: str) -> None:
        self.sessions.pop(token, None)

    # ---- inside

    def _up(self) -> None:
        if self.away:
            raise Unavailable("the database is locked")

    def _find(self, caller: Caller, ref: str) -> Item:
        self._up()
        for item in self.items:
            if item.ref == ref and (caller.roles or item.requester == caller.id):
                return item
        raise TicketUnknown(ref)

    def _fresh(self, item: Item, guard: Guard) -> None:
        if guard.revision is None:
            raise RevisionMissing(item.ref)
        if guard.revision != item.revision:
            raise RevisionStale(item.ref)

    def _replayed(self, guard: Guard) -> Settled | None:
        if guard.key not in self.sent:
            return None
        digest, settled = self.sent[guard.key]
        if digest != guard.request_hash:
            raise KeyReused(guard.key)
        return settled

    def _settled(self, caller: Caller, item: Item, guard: Guard) -> Settled:
        settled = Settled(self._view(caller, item), len(item.timeline), item.timeline[-1].entry)
        if guard.key:
            self.sent[guard.key] = (guard.request_hash, settled)
        return settled

    def _fits(self, way: Way, item: Item) -> bool:
        return STATES[item.state][1] in way.source

    def _may(self, caller: Caller, way: Way) -> bool:
        return bool(caller.roles) or way.requester

    def _late(self, row: QueueRow) -> bool:
        return row.due_at is not None and row.due_at < self.now

    def _rows(self, caller: Caller, filter: QueueFilter) -> list[QueueRow]:
        rows = [self._row(item) for item in self.items if caller.roles or item.requester == caller.id]
        return [
            row
            for row in rows
            if (not filter.states or row.state in filter.states or row.category in filter.states or ("open" in filter.states and row.category in _OPEN))
            and (not filter.team or row.team == filter.team)
            and (not filter.assignee or row.assignee == ("" if filter.assignee == "none" else filter.assignee))
            and (not filter.requester or row.requester == filter.requester)
            and (not filter.priority or row.priority in filter.priority)
            and (not filter.text or filter.text.lower() in f"{row.ref} {row.title}".lower())
            and (not filter.overdue or self._late(row))
        ]  # fmt: skip

    def _row(self, item: Item) -> QueueRow:
        label, category = STATES[item.state]
        idle = category in ("done", "closed")
        opened = self.now - timedelta(minutes=item.opened)
        team = next((one.name for one in TEAMS if one.id == item.team), "")
        return QueueRow(
            id=f"00000000-0000-4000-8000-{item.number:012d}", ref=item.ref, process="incident", title=item.title,
            state=item.state, state_label=label, category=category, priority=item.priority, requester=item.requester,
            assignee=item.assignee, assignee_name=PEOPLE[item.assignee].name if item.assignee else "", team=item.team,
            team_name=team, service=str(item.fields.get("service") or ""), opened_at=opened, updated_at=opened,
            due_at=None if idle or item.due is None else self.now + timedelta(minutes=item.due), due_clock="response",
            due_label=t("Response time", "响应时间"), clock_status="none" if idle else item.clock,
            elapsed_share=None if idle else item.share,
        )  # fmt: skip

    def _view(self, caller: Caller, item: Item) -> TicketView:
        row = self._row(item)
        ticket = Ticket(
            id=row.id, ref=item.ref, process="incident", hashes=Hashes("a", "b", "c"), state=item.state,
            opened_at=row.opened_at, entered_at=row.opened_at, last_at=self.now, revision=item.revision,
            seq=len(item.timeline),
            fields={"title": item.title, **({"description": item.description} if item.description else {}), "priority": item.priority,
                    "requester": item.requester, "assignee": item.assignee or None, "team": item.team, **item.fields},
        )  # fmt: skip
        why = (t("impact is “Whole company or all customers” and urgency is “Work has stopped”", "影响范围为“全公司或全部客户”，紧急程度为“工作已停止”"),
               t("critical service down (common.yaml:58)", "关键服务中断（common.yaml:58）"))  # fmt: skip
        return TicketView(
            ticket=ticket, revision=item.revision, process_title=INCIDENT.title, state_label=row.state_label,
            category=row.category, priority_label=PRIORITIES[item.priority], priority_why=why if item.priority == "P1" else (),
            requester_name=PEOPLE[item.requester].name, assignee_name=row.assignee_name, team_name=row.team_name,
            service_name="", fields=self._fields(caller, item), clocks=self._clocks(item, row),
            actions=self._actions(caller, item), tasks=tuple(item.tasks), may_comment=True,
            approvals=(approval(self.now, caller.id, item.votes),) if item.votes is not None else (),
            may_comment_internal=bool(caller.roles), pending_commands=0,
            adding_task=ADDING if caller.roles and item.tasks else (),
            links=(LinkView("problem", t("Problem", "问题"), tuple(LinkedView(one, "active", _said(item, one, may=bool(caller.roles))) for one in item.linked),
                            bool(caller.roles)),) if caller.roles or item.linked else (),
        )  # fmt: skip

    def _actions(self, caller: Caller, item: Item) -> tuple[ActionView, ...]:
        return tuple(
            ActionView(
                way.name,
                way.label,
                way.form,
                not way.why_not,
                way.why_not,
                STATES[way.to][1] if way.to else "",
            )
            for way in WAYS
            if self._may(caller, way) and self._fits(way, item)
        )

    def _fields(self, caller: Caller, item: Item) -> tuple[FieldView, ...]:
        edit = bool(caller.roles)
        names = {one.id: one.name for one in (*TEAMS, *SERVICES)} | {
            one.id: one.name for one in PEOPLE.values()
        }

        def field(
            name: str,
            label: Text,
            type: str,
            value: Json,
            *,
            options: tuple[tuple[str, Text], ...] = (),
            editable: bool = edit,
            min: float | None = None,
        ) -> FieldView:
            display = dict(options).get(str(value)) or (
                {"en": names.get(str(value), str(value))} if value not in (None, "") else {}
            )
            return FieldView(
                name,
                label,
                {},
                type,
                value or None,
                display,
                options,
                editable=editable,
                required=name == "title",
                min=min,
            )

        get = item.fields.get
        shown = [
            field("title", t("Title", "标题"), "text", item.title),
            field("description", t("Description", "描述"), "note", item.description),
            field("service", t("Service", "服务"), "service", get("service")),
            field("category", t("Category", "类别"), "choice", get("category"), options=CATEGORIES),
            field("impact", t("Impact", "影响范围"), "choice", get("impact"), options=IMPACTS),
            field("urgency", t("Urgency", "紧急程度"), "choice", get("urgency"), options=URGENCIES),
            field(
                "affected_users", t("People affected", "受影响人数"), "number", get("affected_users"), min=0
            ),
            field("requester", t("Requester", "提交人"), "person", item.requester, editable=False),
            field("assignee", t("Assignee", "处理人"), "person", item.assignee),
            field("team", t("Team", "团队"), "team", item.team),
            field("vendor_ref", t("Vendor case", "厂商单号"), "text", get("vendor_ref")),
            field("workaround", t("Workaround", "临时方案"), "note", get("workaround")),
            field("business_impact", t("Business impact", "业务影响"), "note", get("business_impact")),
            field("resolution", t("Resolution", "解决说明"), "note", get("resolution")),
            field("bridge_url", t("Conference bridge", "会议链接"), "url", get("bridge_url")),
            field(
                "acknowledged_at",
                t("Acknowledged", "已确认时间"),
                "datetime",
                get("acknowledged_at"),
                editable=False,
            ),
        ]
        return tuple(
            shown if caller.roles else [one for one in shown if one.name not in ("vendor_ref", "bridge_url")]
        )

    def _clocks(self, item: Item, row: QueueRow) -> tuple[ClockView, ...]:
        response, resolve = _HOURS[item.priority]
        if row.category in ("done", "closed"):
            return (self._stopped("response", t("Response time", "响应时间"), 2160, 3600 * response),)
        target = 3600.0 * response
        elapsed = target * (item.share or 0)
        paused = row.clock_status == "paused"
        outside = row.clock_status == "outside_hours"
        first = self._clock(
            item,
            "response",
            t("Response time", "响应时间"),
            target,
            elapsed,
            row,
            paused=paused,
            outside=outside,
        )
        second = self._clock(
            item,
            "resolve",
            t("Resolution time", "解决时间"),
            3600.0 * resolve,
            60.0 * item.opened % (3400 * resolve),
            row,
            paused=paused,
            outside=outside,
            shift=180,
        )
        idle = replace(
            second,
            name="pickup",
            label=t("Team pick-up (OLA)", "团队接单 (OLA)"),
            kind="ola",
            status="idle",
            left=None,
            due_at=None,
            ledger=(),
            upcoming=(),
            thresholds=(),
        )
        if item.number == 40:
            first = self._stopped("response", t("Response time", "响应时间"), 4320, 3600, missed=True)
            return (
                replace(
                    second,
                    left=-720.0,
                    elapsed=target * 4 + 720,
                    breached_at=self.now - timedelta(minutes=12),
                ),
                first,
                replace(idle, name="x", label=t("Next update to stakeholders", "下次通报")),
            )
        return (first, second, idle)

    def _stopped(
        self, name: str, label: Text, elapsed: float, target: float, *, missed: bool = False
    ) -> ClockView:
        return ClockView(
            name=name, label=label, kind="sla", status="stopped", target="1h", calendar="always", elapsed=elapsed,
            left=target - elapsed, due_at=None, breached_at=self.now - timedelta(minutes=80) if missed else None, paused_why="",
            outside_why="", opens_at=None, ledger=(), upcoming=(), thresholds=(),
        )  # fmt: skip

    def _clock(
        self,
        item: Item,
        name: str,
        label: Text,
        target: float,
        elapsed: float,
        row: QueueRow,
        *,
        paused: bool,
        outside: bool,
        shift: int = 0,
    ) -> ClockView:
        opened = row.opened_at
        due = None if row.due_at is None else row.due_at + timedelta(minutes=shift)
        left = (
            target - elapsed
            if row.due_at is None or outside
            else (due - self.now).total_seconds()
            if due
            else 0.0
        )
        if not outside and not paused:
            target = elapsed + left
        stopped = opened + timedelta(seconds=elapsed)
        calendar = "always" if item.priority in ("P1", "P2") else "office"
        rule: dict[str, Json] = {
            "why": f"clocks.{name}",
            "line": "incident.yaml:286",
            "target": "1h",
            "calendar": calendar,
        }
        ledger: list[dict[str, Json]] = [
            {**rule, "what": "started", "at": opened, "to": stopped if paused else None, "worked": elapsed}
        ]
        if paused:
            ledger.append(
                {
                    "what": "paused",
                    "at": stopped,
                    "to": None,
                    "worked": 0.0,
                    "why": "clocks.resolve.pause",
                    "line": "incident.yaml:318",
                }
            )
        marks = tuple(
            {"label": f"{share:.0%}", "share": share, "at": (opened + timedelta(seconds=target * share)).isoformat(), "reached": elapsed >= share * target, "acted": True, "does": does}
            for share, does in ((0.5, ['escalate on_call if ticket.priority in ["P1", "P2"]']), (0.75, ["page duty_manager", "notify deadline_near"]), (1.0, ["page incident_manager, duty_manager", "comment"]))
        )  # fmt: skip
        upcoming: tuple[dict[str, Json], ...] = (
            {"at": (self.now + timedelta(minutes=3)).isoformat(), "what": "on_call step 3", "effects": ["page duty_manager"], "line": "common.yaml:76"},
            {"at": due and due.isoformat(), "what": "100%", "effects": ["page incident_manager, duty_manager", "comment"], "line": "incident.yaml:302"},
            {"at": due and (due + timedelta(minutes=30)).isoformat(), "what": "overdue 1", "effects": ["page duty_manager"], "line": "incident.yaml:306"},
        )  # fmt: skip
        return ClockView(
            name=name, label=label, kind="sla", status="paused" if paused else "running", target="1h",
            calendar="always" if item.priority in ("P1", "P2") else "office", elapsed=elapsed, left=left, due_at=due,
            breached_at=due if due and due < self.now else None, paused_why="clocks.resolve.pause (incident.yaml:318)" if paused else "",
            outside_why="Office hours are over" if outside else "", opens_at=self.now + timedelta(hours=62) if outside else None,
            ledger=tuple(ledger), upcoming=() if paused or outside else upcoming, thresholds=marks,
        )  # fmt: skip


def _said(item: Item, other: str, *, may: bool) -> tuple[FieldView, ...]:
    """What is known of a linked ticket."""
    said = item.said_of.get(other, {})
    shown = {name: {"*": str(value)} for name, value in said.items() if value is not None}
    options = (("same", t("The same", "相同")), ("other", t("Another", "不同")))
    return (
        FieldView(
            "cause",
            t("Cause", "原因"),
            {},
            "choice",
            said.get("cause"),
            shown.get("cause", {}),
            options,
            editable=may,
        ),
        FieldView(
            "minute",
            t("Minute", "纪要"),
            {},
            "note",
            said.get("minute"),
            shown.get("minute", {}),
            editable=may,
        ),
    )


def _check(form: tuple[FieldView, ...], fields: Mapping[str, Json]) -> None:
    errors = [
        FieldError(name, "unknown", f"{name} is not asked for")
        for name in fields
        if name not in {one.name for one in form}
    ]
    for view in form:
        value = fields.get(view.name)
        when = lower(view.condition, frozenset(one.name for one in form), {}) if view.condition else None
        applies = when is None or holds(when, fields)
        if not applies and value is not None:
            errors.append(FieldError(view.name, "not_applicable", "this field does not apply here"))
        elif applies and view.required and value is None:
            errors.append(FieldError(view.name, "missing", "this field is needed"))
        elif view.type == "number" and value is not None and not isinstance(value, int | float):
            errors.append(FieldError(view.name, "type", "this should be a number"))
        elif view.options and value is not None and value not in dict(view.options):
            errors.append(FieldError(view.name, "option", f'"{value}" is not one of the options'))
        elif isinstance(value, str) and len(value) > 20_000:
            errors.append(FieldError(view.name, "too_long", "at most 20,000 characters"))
    if errors:
        raise FormInvalid(errors)

"""A small living desk for the first start: some dozens of tickets in different states, a few near their deadline.

Everything goes through the desk like any other request, with idempotency keys, so that a first start that was
interrupted is finished by the next one. Tickets are opened at moments of the last hours; what fell due since then is
handled late and marked so, as after any outage.
"""

from __future__ import annotations

import asyncio
import logging
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from bootstrap.demo_changes import change_stories
from bootstrap.demo_requests import request_stories
from bootstrap.demo_story import Fields, Story
from bootstrap.home import mark_demo_loaded
from bootstrap.leaving import leave
from bootstrap.logs import set_up_logs
from bootstrap.settings import Settings
from bootstrap.wiring import DeskParts, connected
from desk.values import Caller, Guard, Pending, Settled
from domain.engine.events import Vote
from domain.engine.ticket import Json
from domain.errors import DefinitionUnknown, EvertickError, Refused, RevisionStale, TicketUnknown

log = logging.getLogger(__name__)

WITHIN = timedelta(seconds=5)
"""Approvers are found and automatic tasks carried out by a worker: who is not asked yet soon is."""


def _ticket(title: str, category: str, impact: str, urgency: str, service: str = "", **more: Json) -> Fields:
    fields: Fields = {
        "title": title,
        "description": str(more.pop("description", title + ".")),
        "category": category,
        "impact": impact,
        "urgency": urgency,
        **more,
    }
    return {**fields, "service": service} if service else fields


def stories() -> Iterator[Story]:
    """The tickets of the demo desk."""
    yield from incident_stories()
    yield from request_stories()
    yield from change_stories()


def incident_stories() -> Iterator[Story]:
    """Incidents, urgent and ordinary ones."""
    take: Fields = {}
    fixed: Fields = {"resolution_code": "fixed", "resolution": "Done and checked with the requester."}
    wide: Fields = {"affected_users": 800}
    site: Fields = {"affected_users": 60}
    # ---- urgent ones, near their deadlines
    yield Story(
        27,
        "alice",
        _ticket(
            "VPN unusable",
            "vpn",
            "extensive",
            "critical",
            "vpn",
            **wide,
            description="Nobody in the Shanghai office can log in since this morning.",
        ),
    )
    yield Story(
        24,
        "hannah",
        _ticket(
            "Video calls drop after two minutes", "network", "extensive", "high", "office-network", **wide
        ),
        (("priya", "start", take),),
    )
    yield Story(
        13,
        "victor",
        _ticket(
            "Checkout of the web shop fails for some cards",
            "business_app",
            "significant",
            "critical",
            "shop",
            **site,
        ),
        (
            ("jonas", "start", take),
            ("jonas", "reply", {"text": "We see the errors and are looking at the payment gateway."}),
        ),
    )
    yield Story(
        52,
        "zhangmin",
        _ticket(
            "上海办公室无法访问共享盘",
            "network",
            "significant",
            "high",
            "office-network",
            **site,
            description="三楼所有同事都无法打开部门共享盘。",
        ),
        (
            ("wang", "start", take),
            ("wang", "ask_requester", {"waiting_reason": "请问是否能 ping 通文件服务器？"}),
        ),
    )
    yield Story(
        40,
        "maria",
        _ticket("Phishing mail with a fake payslip", "security", "significant", "high", "mail", **site),
        (("noor", "start", take), ("noor", "note", {"text": "Sender blocked; checking who has clicked."})),
    )
    yield Story(
        8,
        "zhou",
        _ticket("Payroll export stops with an error", "business_app", "moderate", "critical", "payroll"),
    )
    yield Story(
        35,
        "zhangmin",
        _ticket("邮件延迟约一小时", "mail", "significant", "medium", "mail", **site),
        (("tom", "start", take),),
    )
    # ---- the ordinary day
    ordinary = (
        (90, "alice", "Laptop does not charge any more", "workplace", "minor", "high", "workplace"),
        (
            85,
            "hannah",
            "Printer on the second floor prints grey stripes",
            "workplace",
            "moderate",
            "medium",
            "workplace",
        ),
        (80, "maria", "Please restore a deleted calendar", "mail", "minor", "medium", "mail"),
        (75, "zhangmin", "键盘部分按键失灵", "workplace", "minor", "medium", "workplace"),
        (70, "alice", "ERP shows last year's cost centres", "business_app", "moderate", "medium", "erp"),
        (66, "hannah", "Cannot join the guest network", "network", "minor", "low", "office-network"),
        (61, "victor", "New phone does not receive mail", "mail", "minor", "high", "mail"),
        (57, "zhangmin", "会议室投影无信号", "workplace", "moderate", "high", "workplace"),
        (50, "alice", "Slow remote desktop from home", "vpn", "minor", "medium", "vpn"),
        (44, "maria", "Two-factor codes arrive too late", "security", "moderate", "medium", ""),
        (38, "hannah", "Shared mailbox is full", "mail", "moderate", "low", "mail"),
        (33, "zhangmin", "网店后台报表打不开", "business_app", "moderate", "medium", "shop"),
        (29, "alice", "Docking station loses the second screen", "workplace", "minor", "low", "workplace"),
        (21, "hannah", "Wrong price shown for one article", "business_app", "minor", "high", "shop"),
        (17, "maria", "VPN client asks for an update again and again", "vpn", "minor", "medium", "vpn"),
        (11, "zhangmin", "新员工没有门禁权限", "other", "minor", "medium", ""),
        (6, "alice", "A page of the intranet is not found", "other", "minor", "low", ""),
        (3, "hannah", "Audio crackles in meetings", "workplace", "minor", "low", "workplace"),
    )
    lives: tuple[tuple[tuple[str, str, Fields], ...], ...] = (
        (),
        (("{agent}", "start", take),),
        (("{agent}", "start", take), ("{agent}", "reply", {"text": "Thank you, I am looking at it."})),
        (
            ("{agent}", "start", take),
            ("{agent}", "ask_requester", {"waiting_reason": "Since when does it happen?"}),
        ),
        (
            ("{agent}", "start", take),
            (
                "{agent}",
                "hand_to_vendor",
                {"vendor_ref": "CASE-48213", "waiting_reason": "The manufacturer has to replace a part."},
            ),
        ),
        (("{agent}", "start", take), ("{agent}", "resolve", fixed)),
    )
    agents = {
        "workplace": "deng",
        "mail": "gao",
        "network": "priya",
        "vpn": "wang",
        "security": "noor",
        "other": "emma",
    }
    owners = {"erp": "tang", "shop": "jonas"}
    for index, (minutes, who, title, category, impact, urgency, service) in enumerate(ordinary):
        agent = owners.get(service) or agents.get(category, "emma")
        done = tuple((agent, name, values) for _, name, values in lives[index % len(lives)])
        yield Story(minutes, who, _ticket(title, category, impact, urgency, service), done)
    # ---- settled ones
    titles = ("Password reset", "Headset for home", "密码重置", "Access to the wiki", "Screen flickers")
    for index, title in enumerate((*titles, "Mail signature", "打印机缺纸", "Forgotten PIN")):
        agent = "emma" if index % 2 else "deng"
        acts: tuple[tuple[str, str, Fields], ...] = ((agent, "start", take), (agent, "resolve", fixed))
        if index % 3 == 0:
            acts += (("deng", "close", take),)
        fields = _ticket(title, "other" if index % 2 else "workplace", "minor", "medium")
        yield Story(110 - index, "zhangmin" if index in (2, 6) else "alice", fields, acts)
    # ---- one major incident
    down = _ticket("Web shop down", "business_app", "extensive", "critical", "shop", affected_users=20_000)
    harm: Fields = {"business_impact": "No orders are coming in.", "affected_users": 20_000}
    told: Fields = {"text": "The whole team is on the bridge."}
    yield Story(
        22,
        "victor",
        down,
        (("jonas", "start", take), ("mia", "declare_major", harm), ("mia", "reply", told)),
    )


class _Clock:
    """Now, less as much as the story being loaded lies back."""

    def __init__(self) -> None:
        self.back = timedelta(0)

    def __call__(self) -> datetime:
        return datetime.now(UTC) - self.back


async def load(settings: Settings) -> int:
    """Load the demo tickets that are not there yet; how many stories there are. Raises Unavailable."""
    clock = _Clock()
    parts = DeskParts.build(settings, await connected(settings), clock=clock)
    try:
        count = 0
        for count, story in enumerate(stories(), start=1):
            await _load_one(parts, clock, story, f"demo-{count}")
        clock.back = timedelta(0)
        await parts.desk.settle()
    finally:
        await parts.close()
    mark_demo_loaded(settings.home)
    return count


async def _load_one(parts: DeskParts, clock: _Clock, story: Story, key: str) -> None:
    desk = parts.desk
    requester = await desk.caller(story.requester)
    if requester is None:
        return  # an organisation of one's own: its owner opens tickets
    clock.back = timedelta(minutes=story.minutes_ago)
    try:
        opened = await desk.open(
            requester, story.process, story.fields, channel="portal", guard=Guard(key, key)
        )
    except (Refused, DefinitionUnknown) as refused:
        log.warning("demo ticket refused", extra={"story": key, "reason": str(refused)})
        return
    ref = opened.ticket.ticket.ref
    for index, (person, name, values) in enumerate(story.acts):
        clock.back = max(timedelta(0), timedelta(minutes=story.minutes_ago - 2 - index))
        try:
            await _act(parts, ref, person, name, values, f"{key}-{index}")
        except EvertickError as error:  # the clock may have moved on since an interrupted first start
            log.warning("demo step refused", extra={"story": key, "step": name, "reason": str(error)})


async def _act(
    parts: DeskParts, ref: str, person: str, name: str, values: Fields, key: str
) -> Settled | Pending | None:
    desk = parts.desk
    caller = await desk.caller(person)
    if caller is None:
        return None
    if name in ("reply", "note"):
        return await desk.comment(
            caller, ref, str(values["text"]), public=name == "reply", guard=Guard(key, key)
        )
    until = time.monotonic() + WITHIN.total_seconds()
    while True:
        try:
            view = await desk.ticket(caller, ref)
            return await _do(parts, caller, ref, name, values, Guard(key, key, view.revision))
        except (RevisionStale, Refused, TicketUnknown) as error:
            # A revision is stale when a pick came in between: look again.
            may_come = isinstance(error, RevisionStale) or _is_asked_later(name)
            if not may_come or time.monotonic() > until:
                raise
        await asyncio.sleep(0.05)


def _is_asked_later(name: str) -> bool:
    return name in ("approve", "reject") or name.startswith("complete:")


async def _do(
    parts: DeskParts, caller: Caller, ref: str, name: str, values: Fields, guard: Guard
) -> Settled | Pending:
    desk = parts.desk
    if name in ("approve", "reject"):
        vote = Vote(str(values.get("approval", "manager")), name, str(values.get("comment", "")))
        return await desk.approval(caller, ref, vote, guard=guard)
    if name.startswith("complete:"):
        task = name.removeprefix("complete:")
        return await desk.complete_task(caller, ref, task, values, failed=False, guard=guard)
    return await desk.move(caller, ref, name, values, guard=guard)


def main() -> int:
    """Load, in a process of its own."""
    settings = Settings()
    set_up_logs(settings.log_level, settings.log_format)
    try:
        count = asyncio.run(load(settings))
    except EvertickError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(f"{count} demo tickets\n")
    return 0


if __name__ == "__main__":
    leave(main())

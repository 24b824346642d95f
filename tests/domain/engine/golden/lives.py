"""Golden lives: tickets to which the rarer things happen, as an engine number wrote their journals.

The shipped cases show what processes usually do; here approvals are handed on, clocks are aimed anew, escalations go on
in their calendars, and people ask for what is refused. Run by hand (`python -m tests.domain.engine.golden.lives`) it
writes the file. Only for a new engine number: the file of a number that was ever deployed stays as it is.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from functools import cache
from pathlib import Path

from domain.engine.events import (
    AddApprover,
    Comment,
    CompleteTask,
    Delegate,
    Edit,
    HandOver,
    Message,
    News,
    Relink,
    ReturnTo,
    Vote,
    WithdrawApproval,
)
from domain.engine.serialise import entry_to_json
from domain.engine.ticket import ENGINE, Json
from tests.domain.engine.golden.life import FOLDER, Life, lived

Journal = list[dict[str, Json]]
# ---------------------------------------------------------------- approvals


HANDED_ON = ("approvals", "handed_on")


def what_approvers_hand_on() -> Life:
    story = lived(HANDED_ON)
    story.press("ann", "ask")
    story.asks(
        "a",
        AddApprover("board", "otto", comment=" knows it "),
        AddApprover("board", "otto"),
        AddApprover("board", "x"),
        HandOver("board", "bruno", comment="yours"),
        HandOver("board", "zoe"),
    )
    story.asks(
        "maria",
        HandOver("board", "y", person="otto"),
        Delegate("board", "hans", story.at(hours=1), story.at(hours=3)),
        Delegate("board", "zoe", story.at(hours=1), story.at(hours=1), person="y"),
        Delegate("board", "zoe", None, story.at(hours=2), person="y"),
        AddApprover("board", "hans", "second"),
        AddApprover("board", "e", "first"),
    )
    story.asks("sara", HandOver("board", "hans"), Vote("board", "approve"))
    story.wait(hours=2)
    story.asks(
        "x",
        Vote("board", "approve", fields={"plan": "p"}),
        Vote("board", "with_code", fields={"code": "K-2"}),
        Vote("board", "with_code", "as said", fields={"code": "K-1"}),
        Vote("board", "reject", hash="0"),
        Vote("board", "abstain", hash=story.run.hash),
    )
    story.wait(hours=3)
    story.asks("zoe", Vote("board", "approve"), Vote("board", "perhaps"), Vote("board", "more"))
    story.asks("chief", Vote("board", "approve"), ReturnTo("board", "first", "x"))
    story.asks("y", Vote("board", "abstain"), Vote("board", "abstain"))
    story.wait(days=3)
    story.asks("ann", WithdrawApproval("board", "\x00"), WithdrawApproval("board", "never mind"))
    return story


def what_is_decided_stage_by_stage() -> Life:
    story = lived(HANDED_ON, owner="zoe")
    story.press("ann", "ask", "also")
    story.asks("a", Vote("board", "approve", "first", fields={"plan": "p"}))
    story.asks("maria", Vote("board", "approve", "fine", "first", {"plan": "q"}))
    story.asks("chief", Vote("board", "approve"), Vote("board", "approve", "so be it", stage="second"))
    story.asks(
        "chief", ReturnTo("board", "first", "look again"), HandOver("board", "y"), Vote("more", "approve")
    )
    story.asks("a", Vote("board", "approve", fields={"plan": "r"}))
    story.asks("maria", Vote("board", "approve", "again", fields={"plan": "r"}))
    story.asks("chief", Vote("board", "approve", "yes"))
    story.wait(hours=1)
    story.asks("ann", Edit({"amount": 200}))
    story.asks("b", Vote("board", "reject", "too dear"))
    story.press("ann", "ask")
    story.asks("a", Vote("board", "approve", fields={"plan": "s"}))
    story.asks("ann", Edit({"site": "branch"}))
    story.asks("a", Vote("board", "more", "which?"), Vote("board", "approve"))
    story.press("ann", "ask", "finish", "ask")
    story.asks("ann", Edit({"amount": 5}))
    story.asks("a", Vote("board", "approve", fields={"plan": "t"}))
    story.asks("maria", Vote("board", "approve", fields={"plan": "t"}))
    story.press("ann", "finish")
    story.asks("ann", Edit({"amount": 6}), WithdrawApproval("more"))
    story.press("ann", "ask", "close")
    return story


HELD = ("approvals", "held")


def what_stands_still_on_hold() -> Life:
    story = lived(HELD)
    story.press("ann", "ask")
    story.wait(minutes=90)
    story.asks("a", Vote("board", "approve"))
    story.press("ann", "hold")
    story.wait(hours=4)
    story.asks("zoe", Vote("board", "approve"))
    story.press("ann", "hold", "release")
    story.wait(hours=3)
    story.asks("ann", Edit({"site": "branch"}))
    story.press("ann", "hold")
    story.wait(days=1)
    story.press("ann", "release")
    story.outage(hours=9)
    story.asks("bruno", Vote("board", "approve"))
    story.asks("bruno", ReturnTo("board", "one", "again"))
    story.asks("b", Vote("board", "approve"))
    story.asks(
        "y", ReturnTo("board", "one", ""), ReturnTo("board", "none", "x"), ReturnTo("board", "one", "again")
    )
    story.asks("zoe", Vote("board", "approve"))
    story.asks("a", Vote("board", "approve"), Vote("board", "reject"))
    story.asks("b", Vote("board", "approve"))
    story.asks("y", Vote("board", "approve", "well"))
    story.press("ann", "ask")
    story.wait(days=4)
    return story


def what_ends_with_its_state() -> Life:
    story = lived(HELD, site="branch", owner="ann")
    story.press("ann", "ask", "also")
    story.wait(hours=1)
    story.press("ann", "hold", "back", "ask")
    story.asks("c", Vote("board", "reject"), Vote("board", "reject", stage="two"))
    story.asks("bruno", Vote("board", "reject", "no", stage="two"), Vote("more", "reject"))
    story.asks("maria", HandOver("more", "a"), Delegate("more", "b"))
    story.press("ann", "ask")
    story.wait(hours=7)
    story.press("ann", "close")
    return story


def what_cannot_be_looked_up() -> Life:
    story = lived(HANDED_ON)
    story.answering = False
    story.press("ann", "ask")
    story.asks("a", Vote("board", "approve"), AddApprover("board", "x"), WithdrawApproval("board"))
    story.asks("chief", AddApprover("board", "x"), Vote("other", "approve"), Vote("more", "approve"))
    story.press("ann", "back", "ask")
    return story


# ---------------------------------------------------------------- clocks and escalations

CLOCKS = ("clocks",)


def clocks_that_are_aimed_anew() -> Life:
    story = lived(CLOCKS, size="small", region="hq", called="2026-03-02T10:00:00Z")
    story.asks("ann", Edit({"vendor": "ACME", "promised": "2026-03-03T12:00:00Z"}))
    story.wait(hours=2)
    story.press("ann", "wait", "pong")
    story.wait(hours=1)
    story.asks("ann", Edit({"region": "branch"}))
    story.press("ann", "work", "pong")
    story.wait(minutes=40)
    story.asks("ann", Edit({"size": "big"}))
    story.wait(minutes=30)
    story.press("ann", "ping", "pong")
    story.asks("ann", Edit({"hot": True}), Edit({"called": "2026-03-02T11:00:00Z"}))
    story.wait(minutes=30)
    story.press("ann", "both", "fix", "pong", "reopen")
    story.asks("ann", Edit({"promised": "2026-03-02T15:00:00Z"}), Edit({"called": "2026-03-02T18:00:00Z"}))
    story.wait(hours=3)
    story.asks("ann", Edit({"promised": None, "size": None, "called": None}))
    story.wait(hours=2)
    story.press("ann", "wait")
    story.wait(days=1)
    story.press("ann", "close", "ping", "pong")
    story.wait(days=3)
    return story


def clocks_in_an_outage() -> Life:
    story = lived(CLOCKS, size="odd", called="2026-03-02T08:00:00Z", promised="2026-03-02T11:00:00Z")
    story.outage(minutes=61)
    story.outage(minutes=60)
    story.outage(hours=2)
    story.press("ann", "wait")
    story.outage(hours=1)
    story.press("ann", "work")
    story.outage(hours=7, seconds=30)
    story.outage(days=2)
    story.press("ann", "reopen")
    story.wait(minutes=30)
    story.outage(minutes=90, seconds=61)
    story.wait(hours=5)
    return story


def a_clock_of_an_agreement_that_changes() -> Life:
    story = lived(
        CLOCKS, region="branch", hot=True, promised="2026-03-02T16:00:00Z", called="2026-03-02T09:00:00Z"
    )
    story.wait(minutes=20)
    story.asks("ann", Edit({"size": "odd"}))
    story.wait(minutes=10)
    story.asks("ann", Edit({"hot": False}))
    story.wait(minutes=10)
    story.asks("ann", Edit({"size": "big"}))
    story.wait(hours=9)
    story.press("ann", "close")
    return story


def escalations_in_their_hours() -> Life:
    story = lived(CLOCKS, region="hq", hot=False)
    story.press("ann", "fix", "reopen", "climb", "climb")
    story.wait(hours=1, minutes=30)
    story.press("ann", "next", "higher")
    story.wait(days=2)
    story.press("ann", "down", "higher")
    story.asks("ann", Edit({"hot": True, "region": "branch"}))
    story.outage(days=1)
    story.outage(days=3)
    story.press("ann", "named", "down", "highest", "next", "next", "next", "next", "named")
    story.outage(hours=4)
    story.asks("ann", Edit({"chain": "nothing"}))
    story.press("ann", "named")
    story.asks("ann", Edit({"chain": "up"}))
    story.press("ann", "named")
    story.asks("ann", Edit({"log": "answered"}))
    story.press("ann", "climb")
    story.asks("ann", Edit({"log": "no"}))
    story.press("ann", "climb", "fix", "climb", "close")
    story.wait(days=1)
    return story


# ---------------------------------------------------------------- actions, tasks and timers

ACTIONS = ("actions",)


def actions_one_by_one() -> Life:
    story = lived(ACTIONS, impact="low", size=2)
    for ref, category in (("p1", "active"), ("p2", "closed")):
        story.asks("", Relink("parts", ref, ref.upper()), News(ref, category))
    story.press(
        "ann", "page", "notify", "give", "anyone", "set", "set", "notify", "page", "assign", "give", "team"
    )
    story.asks(
        "ann",
        Edit({"helpers": ["b", "maria"], "skills": ["vpn", "mail"], "moment": "2026-03-02T12:15:00Z"}),
        Edit({"lines": [{"what": "x", "who": "a", "until": "2026-03-02T12:00:00Z"}, {"what": "y"}]}),
    )
    story.press("ann", "both", "assign", "create", "tell", "link", "hand", "unknown", "both", "team", "both")
    story.asks("", Relink("cause", "c1", "C1"), Relink("cause", "c2", "C2"))
    story.press("ann", "hand", "tell")
    story.asks("", Message("ping", {"count": 3, "who": "zoe"}), Message("ping", {}, "p9", "P9"))
    story.asks("ann", Message("call", {"word": "hello"}), Message("ping"), Message("nothing"))
    story.asks("bob", Message("call", {"word": "hello"}), Edit({"priority": "P1"}), Edit({"team": None}))
    story.asks("ann", Edit({"priority": "P2"}), Edit({"impact": "high"}), Edit({"size": 9, "helper": None}))
    story.press("ann", "run", "page", "now")
    story.asks("bob", Edit({"priority": None, "team": None, "assignee": None}), Comment("c", "0" * 64))
    story.press("ann", "hold")
    story.wait(minutes=30)
    story.press("ann", "release", "convert")
    return story


def tasks_and_timers_in_their_time() -> Life:
    story = lived(ACTIONS, helper="zoe")
    story.asks("ann", Edit({"moment": "2026-03-02T13:00:00Z", "wait": "5h"}))
    story.wait(hours=3, minutes=15)
    story.asks("ann", Edit({"moment": "2026-03-02T13:30:00Z", "hot": True}))
    story.wait(hours=2)
    story.asks("ann", Edit({"moment": "2026-03-02T15:00:00Z"}), Edit({"moment": "2026-03-02T12:00:00Z"}))
    story.outage(days=2)
    story.asks("ann", CompleteTask("again"), CompleteTask("look", {"outcome": "good"}))
    story.asks("zoe", CompleteTask("look", {"outcome": "poor"}), CompleteTask("look", {"outcome": "good"}))
    story.press("ann", "go")
    story.wait(hours=1, minutes=20)
    story.press("ann", "hold")
    story.asks("ann", Edit({"moment": "2026-03-04T18:00:00Z"}))
    story.wait(hours=1)
    story.press("ann", "release")
    story.outage(hours=2)
    story.asks("ann", Edit({"site": "branch", "wait": None}))
    story.wait(days=1)
    story.asks("ann", Edit({"moment": None}))
    story.press("ann", "hold", "go", "gone", "notify")
    story.outage(days=3)
    return story


LIVES: dict[str, Callable[[], Life]] = {
    play.__name__: play
    for play in (
        what_approvers_hand_on,
        what_is_decided_stage_by_stage,
        what_stands_still_on_hold,
        what_ends_with_its_state,
        what_cannot_be_looked_up,
        clocks_that_are_aimed_anew,
        clocks_in_an_outage,
        a_clock_of_an_agreement_that_changes,
        escalations_in_their_hours,
        actions_one_by_one,
        tasks_and_timers_in_their_time,
    )
}


def journal(life: str) -> Journal:
    """What this engine writes in a life."""
    entries: Journal = json.loads(json.dumps([entry_to_json(one) for one in LIVES[life]().journal]))
    return entries


def golden_file(engine: int = ENGINE) -> Path:
    """Where the golden lives of an engine lie."""
    return FOLDER / f"lives-{engine}.json.gz"


@cache
def stored(engine: int) -> dict[str, Journal]:
    """The journals of an engine number, by life."""
    return json.loads(gzip.decompress(golden_file(engine).read_bytes()))  # type: ignore[no-any-return]  # our own file


if __name__ == "__main__":
    text = json.dumps({life: journal(life) for life in LIVES}, ensure_ascii=False)
    golden_file().write_bytes(gzip.compress(text.encode(), mtime=0))

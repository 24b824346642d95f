"""What texts and conditions read: every member of a ticket and of what belongs to it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from domain.engine.events import Move
from domain.engine.ticket import Json
from tests.builders import a_definition, effects
from tests.domain.engine.boards import Board

READ = [
    "ticket.id",
    "ticket.ref",
    "ticket.process",
    "ticket.state",
    "ticket.entered_at",
    "ticket.opened_at",
    "ticket.agreement",
    "ticket.size",
    "ticket.day",
    "ticket.wait",
    "ticket.owner",
    "ticket.owner.manager",
    "ticket.owner.vip",
    "ticket.owner.name",
    "ticket.watchers",
    "ticket.rows",
    "old.size",
    "old.state",
    "old.ref",
    "old.entered_at",
    "old.agreement",
    "old.owner",
    "actor",
    "actor.roles",
    "actor.vip",
    "actor.locale",
    "actor.teams",
    "actor.groups",
    "actor.manager",
    "now",
    "clock.c.due",
    "clock.c.elapsed",
    "clock.c.left",
    "clock.c.target",
    "clock.c.running",
    "clock.c.breached",
    "clock.idle.due",
    "clock.idle.running",
    "task.look.state",
    "task.look.due",
    "task.look.attempt",
    "task.look.error",
    "task.look.outcome",
    "task.never.state",
    "approval.board.state",
    "approval.board.stage",
    "approval.board.comment",
    "approval.board.decided_by",
    "approval.board.decided_at",
    "approval.board.waiting_for",
]
ALL = " ".join(f"{{{{ {one} }}}}" for one in READ)
TEXT = f"""
fields:
  size: {{type: number}}
  day: {{type: date}}
  wait: {{type: duration}}
  owner: {{type: person}}
  watchers: {{type: people}}
  rows: {{type: rows, columns: {{what: {{type: text}}, until: {{type: datetime}}}}}}
forms: {{create: {{title: required, size: optional}}}}
roles: {{agents: team:desk, askers: field:requester}}
states:
  new: {{category: new}}
  work: {{category: active, tasks: [look], approval: board}}
  gone: {{category: closed}}
transitions:
  start: {{from: new, to: work, who: everyone}}
  end: {{from: any, to: gone, who: everyone}}
  say: {{from: any, who: everyone, ask: {{size: optional}}, do: [{{comment: "{ALL}"}}]}}
clocks:
  c: {{target: 4h, calendar: always, stop: {{in: closed}}}}
  idle: {{target: 1h, calendar: always, start: {{if: ticket.size > 100}}, stop: {{in: closed}}}}
tasks:
  look: {{assign: everyone, due: 1h}}
  never: {{assign: everyone}}
approvals:
  board: {{stages: [{{id: s, approvers: [person:a, person:b], quorum: all}}, {{id: t, approvers: person:c}}]}}
agreements: {{gold: {{if: ticket.size == 7, targets: {{}}}}}}
"""


def a_story() -> Board:
    story = Board(a_definition(TEXT))
    story.open(size=1)
    return story


def said(story: Board, person: str = "ann", **fields: Json) -> dict[str, Json]:
    (effect,) = effects(story.do("say", person, **fields), "comment")
    return {name: value for name, value in effect.values.items() if value is not None}


def test_a_fresh_ticket_shows_itself_who_acts_and_its_clocks() -> None:
    story = a_story()
    story.now = story.at(hours=1)
    nine, ten = {"$at": "2026-03-02T09:00:00Z"}, {"$at": "2026-03-02T10:00:00Z"}
    assert said(story) == {
        "ticket.id": story.ticket.id,
        "ticket.ref": "T-0001",
        "ticket.process": "thing",
        "ticket.state": "new",
        "ticket.entered_at": nine,
        "ticket.opened_at": nine,
        "ticket.size": 1,
        "old.size": 1,
        "old.state": "new",
        "old.ref": "T-0001",
        "old.entered_at": nine,
        "actor": {"$person": "ann"},
        "actor.roles": ["askers", "everyone", "requester"],
        "actor.vip": False,
        "actor.locale": "en",
        "actor.teams": [],
        "actor.groups": [],
        "actor.manager": {"$person": "maria"},
        "now": ten,
        "clock.c.due": {"$at": "2026-03-02T13:00:00Z"},
        "clock.c.elapsed": {"$for": 3600.0},
        "clock.c.left": {"$for": 10800.0},
        "clock.c.target": {"$for": 14400.0},
        "clock.c.running": True,
        "clock.c.breached": False,
    }


def test_what_belongs_to_a_ticket_is_read_where_it_stands() -> None:
    story = a_story()
    story.edit(
        size=6,
        day="2026-03-09",
        wait="2h",
        owner="maria",
        watchers=["a", "b"],
        rows=[{"what": "x", "until": "2026-03-02T12:00:00Z"}],
    )
    story.now = story.at(hours=1)
    story.do("start")
    story.vote("a", comment="fine")
    story.until(story.at(hours=5))
    found = said(story, size=7)
    assert {name: found[name] for name in found if name.split(".")[0] in ("ticket", "old", "clock")} == {
        "ticket.id": story.ticket.id,
        "ticket.ref": "T-0001",
        "ticket.process": "thing",
        "ticket.state": "work",
        "ticket.entered_at": {"$at": "2026-03-02T10:00:00Z"},
        "ticket.opened_at": {"$at": "2026-03-02T09:00:00Z"},
        "ticket.agreement": "gold",
        "ticket.size": 7,
        "ticket.day": {"$date": "2026-03-09"},
        "ticket.wait": {"$for": 7200.0},
        "ticket.owner": {"$person": "maria"},
        "ticket.owner.manager": {"$person": "bruno"},
        "ticket.owner.vip": False,
        "ticket.owner.name": {"$person": "maria"},
        "ticket.watchers": [{"$person": "a"}, {"$person": "b"}],
        "ticket.rows": [{"$row": {"what": "x", "until": {"$at": "2026-03-02T12:00:00Z"}}}],
        "old.size": 6,
        "old.state": "work",
        "old.ref": "T-0001",
        "old.entered_at": {"$at": "2026-03-02T10:00:00Z"},
        "old.owner": {"$person": "maria"},
        "clock.c.due": {"$at": "2026-03-02T13:00:00Z"},
        "clock.c.elapsed": {"$for": timedelta(hours=5).total_seconds()},
        "clock.c.left": {"$for": 0.0},
        "clock.c.target": {"$for": 14400.0},
        "clock.c.running": True,
        "clock.c.breached": True,
    }
    assert {name: found[name] for name in found if name.split(".")[0] in ("task", "approval")} == {
        "task.look.state": "open",
        "task.look.due": {"$at": "2026-03-02T11:00:00Z"},
        "task.look.attempt": 0,
        "approval.board.state": "pending",
        "approval.board.stage": "s",
        "approval.board.waiting_for": [{"$person": "b"}],
    }
    story.vote("b", comment="agreed")
    story.vote("c", comment="so be it")
    decided = said(story)
    assert {name: decided[name] for name in decided if name.startswith("approval")} == {
        "approval.board.state": "approved",
        "approval.board.comment": "so be it",
        "approval.board.decided_by": {"$person": "c"},
        "approval.board.decided_at": {"$at": "2026-03-02T14:00:00Z"},
        "approval.board.waiting_for": [],
    }
    assert (decided["old.agreement"], decided["ticket.agreement"]) == ("gold", "gold")


def test_a_role_is_read_of_who_acts_and_a_manager_is_equal_to_the_person() -> None:
    text = """
fields: {owner: {type: person}, log: {type: text}}
roles: {board: team:board}
states: {new: {category: new}, gone: {category: closed}}
transitions:
  end: {from: any, to: gone, who: everyone}
  mine: {from: new, who: everyone, if: ticket.owner == actor, do: [{set: {log: mine}}]}
  theirs: {from: new, who: everyone, if: ticket.requester.manager == actor, do: [{set: {log: theirs}}]}
  ours: {from: new, who: everyone, if: '"board" in actor.teams and "board" in actor.roles', do: [{set: {log: ours}}]}
"""
    story = Board(a_definition(text))
    story.open()
    story.edit(owner="b")
    for person, button in (("b", "mine"), ("maria", "theirs"), ("a", "ours")):
        for other in {"ann", "b", "maria", "a"} - {person}:
            if (other, button) != ("b", "ours"):
                assert story.send(Move(button), other).result == "refused", (other, button)
        story.do(button, person)
        assert story.ticket.fields["log"] == button


@pytest.mark.parametrize(
    "condition",
    [
        "size(tasks) == 2",
        "tasks[1].name == 'b'",
        "tasks.all(one, one.state == 'open')",
        "'a' in tasks.map(t, t.name)",
    ],
)
def test_tasks_are_counted_however_a_condition_reads_them(condition: str) -> None:
    text = f"""
states: {{new: {{category: new, tasks: [a, b]}}, gone: {{category: closed}}}}
transitions: {{end: {{from: new, to: gone, who: everyone, if: "{condition}"}}}}
tasks: {{a: {{assign: everyone}}, b: {{assign: everyone}}}}
"""
    story = Board(a_definition(text))
    story.open()
    story.do("end")
    assert story.ticket.state == "gone"

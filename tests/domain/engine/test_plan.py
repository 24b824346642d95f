"""The indexes over a definition: what is walked, in which order, and what follows from what."""

from __future__ import annotations

import pytest

from domain.engine.plan import Button, Plan, plan_of
from domain.language.state_names import Status
from tests.builders import a_definition

TEXT = """
fields:
  size: {type: number, must: [{if: ticket.size > 0, otherwise: No}, {if: ticket.size < 9, otherwise: Many}]}
  level: {type: choice, options: [high, low], default: low}
  second: {type: choice, options: [x, y]}
  kind: {type: choice, options: [a, b], by: level, offer: {high: [a], low: [a, b]}}
  buddy: {type: person}
  rows: {type: rows, columns: {who: {type: person}, n: {type: number}}}
  plain: {type: rows, columns: {n: {type: number}}}
  four: {type: number, compute: ticket.two * 2}
  two: {type: number, compute: ticket.one + ticket.one}
  one: {type: number, compute: ticket.size + 1}
  itself: {type: text, compute: table.t.word}
  later: {type: number, default: "{{ ticket.size }}"}
  moment: {type: datetime}
  planned_start: {type: datetime}
  planned_end: {type: datetime}
  hot: {type: boolean, default: true}
roles: {agents: team:desk}
rules:
  pair: {if: ticket.four > 3 and ticket.level == "low" and actor.id != "x", otherwise: No}
priority:
  levels: [P1, P2]
  rows: level
  columns: second
  matrix: {high: {x: P1, y: P1}, low: {x: P2, y: P2}}
  adjust: [{if: ticket.hot, raise_by: 1}]
agreements: {gold: {if: ticket.priority == "P1", targets: {thing.c: {target: 3h}}}}
routing: [{if: ticket.risk == "high", team: "{{ ticket.buddy.id }}"}, {team: desk}]
risk:
  score: [{if: ticket.two > 1, add: 3, because: Two}]
  levels: {low: 0, high: 3}
tables:
  t:
    inputs: [level]
    columns: {word: {type: text}}
    rows: [{level: high, word: "{{ ticket.kind }}"}, {word: "ticket.size"}]
states:
  new: {category: new}
  work: {category: active}
  wait: {category: waiting}
  done: {category: done}
  gone: {category: closed}
groups: {busy: [work, wait]}
transitions:
  go: {from: [new, done], to: work, who: everyone, check: freezes, if: size(check.freezes) == 0}
  stay: {from: [any, level:low], who: everyone, ask: {size: optional}}
  over: {from: any, to: done, when: HEARD, if: REPLIES}
  also: {from: busy, when: [replied], do: [{raise: told}]}
  lapse: {from: work, after: 1h, to: gone, restart: [updated, replied.agent]}
  often: {from: work, every: 1h, restart: updated, do: [{raise: told}]}
  meet: {from: wait, at: ticket.moment, to: work}
  told: {from: any, when: message.ping, if: event.text == null, do: [{raise: told}]}
messages: {ping: {from: api, fields: {text: text}}}
clocks:
  c:
    target: 4h
    calendar: always
    start: {in: new}
    pause: {in: [wait, second:x]}
    stop: {if: ticket.hot, when: replied.agent}
    reset: {when: changed.level}
    at: {50%: [{raise: half}]}
  d: {target: 4h, calendar: always, stop: {in: [done, closed]}, at: {100%: [{raise: late}]}}
escalations:
  up: {until: false, steps: [{page: "person:a", wait: 1h}]}
  down: {until: false, steps: [{page: "person:a", wait: 1h}]}
tasks:
  wait1: {wait: {until: ticket.moment}}
  wait2: {wait: {for: 1h}}
  due1: {assign: agents, due: {at: ticket.moment}}
  due2: {assign: agents, due: 1h}
  all: {for_each: ticket.rows, as: row, assign: agents, if: row.n > 1}
  some: {for_each: ticket.rows, as: each_one, assign: agents, if: ticket.hot}
  each: {for_each: ticket.rows, assign: agents}
approvals:
  board:
    skip: [{if: size(check.conflicts) == 0, decide: approved, because: Free}]
    stages:
      - {id: one, approvers: agents}
      - {parallel: [{id: two, approvers: agents}, {id: three, approvers: agents}]}
      - {id: four, approvers: agents}
  chiefs: {stages: [{id: one, approvers: agents}]}
"""


def the_plan() -> Plan:
    """The plan of the definition above, made anew: what makes it is to be noticed in every test."""
    return Plan(a_definition(text()))


def text(heard: str = "[replied, tasks.done]", replies: str = "event.name != null") -> str:
    """The text above, with what one button hears and when it is taken."""
    return TEXT.replace("HEARD", heard).replace("REPLIES", replies)


def names(buttons: list[Button] | tuple[Button, ...]) -> list[str]:
    """Which they are."""
    return [button.name for button in buttons]


def test_buttons_stand_in_file_order_with_the_states_and_the_status_they_may_start_from() -> None:
    plan = the_plan()
    everywhere = {"new", "work", "wait", "done", "gone"}
    assert [(one.name, one.order, set(one.states)) for one in plan.buttons] == [
        ("go", 0, {"new", "done"}),
        ("stay", 1, everywhere),
        ("over", 2, everywhere - {"gone"}),  # nothing leads out of a closed state
        ("also", 3, {"work", "wait"}),
        ("lapse", 4, {"work"}),
        ("often", 5, {"work"}),
        ("meet", 6, {"wait"}),
        ("told", 7, everywhere),
    ]
    assert {one.name: one.status for one in plan.buttons if one.status is not None} == {
        "stay": Status("level", frozenset({"low"}))
    }
    assert all(plan.by_name[one.name] is one for one in plan.buttons) and len(plan.by_name) == 8
    stay, go = plan.by_name["stay"], plan.by_name["go"]
    assert [stay.fits("new", {"level": level}) for level in ("low", "high")] == [True, False]
    assert [go.fits(state, {}) for state in ("new", "work")] == [True, False]


def test_events_are_heard_in_file_order_and_begin_timers_anew() -> None:
    plan = the_plan()
    assert {event: names(several) for event, several in plan.by_event.items()} == {
        "replied": ["over", "also"],
        "tasks.done": ["over"],
        "message.ping": ["told"],
    }
    assert names(plan.timed) == ["lapse", "often", "meet"]
    assert {event: names(several) for event, several in plan.restarts.items()} == {
        "updated": ["lapse", "often"],
        "replied.agent": ["lapse"],
    }
    assert plan.listened == {
        "replied", "tasks.done", "message.ping", "updated", "replied.agent", "changed.level", "created",
    }  # fmt: skip


def test_clocks_know_their_states_the_status_they_ask_for_and_their_breach() -> None:
    plan = the_plan()
    assert plan.clock_states == {
        "c": {"start": {"new"}, "pause": {"wait"}},
        "d": {"stop": {"done", "gone"}},
    }
    assert plan.clock_status == {"c": {"pause": Status("second", frozenset({"x"}))}, "d": {}}
    assert {
        name: [(str(one.label), one.percent, one.left, len(one.do)) for one in several]
        for name, several in plan.thresholds.items()
    } == {"c": [("50%", 50, None, 1), ("100%", 100, None, 0)], "d": [("100%", 100, None, 1)]}


def test_a_state_belongs_to_its_category_and_its_groups() -> None:
    assert the_plan().places == {
        "new": ("open",),
        "work": ("open", "active", "busy"),
        "wait": ("open", "waiting", "busy"),
        "done": (),
        "gone": ("closed",),
    }


def test_what_is_many_stands_in_file_order() -> None:
    plan = the_plan()
    assert plan.clock_order == {"c": 0, "d": 1} and plan.chain_order == {"up": 0, "down": 1}
    assert plan.approval_order == {"board": 0, "chiefs": 1}
    found = sorted(
        ["adhoc.2", "each.10", "each.2", "each", "wait1", "adhoc.1", "gone"], key=plan.place_of_task
    )
    assert found == ["wait1", "each", "each.2", "each.10", "gone", "adhoc.1", "adhoc.2"]
    assert plan.place_of_task("wait1") == 0 and plan.place_of_task("wait2.3") == 1_000_003


def test_stages_know_their_place_and_their_turn() -> None:
    assert {
        name: [(id, one.id, one.path, one.turn, str(one.rule.id)) for id, one in several.items()]
        for name, several in the_plan().sittings.items()
    } == {
        "board": [
            ("one", "one", "approvals.board.stages.0", 0, "one"),
            ("two", "two", "approvals.board.stages.1.parallel.0", 1, "two"),
            ("three", "three", "approvals.board.stages.1.parallel.1", 1, "three"),
            ("four", "four", "approvals.board.stages.2", 2, "four"),
        ],
        "chiefs": [("one", "one", "approvals.chiefs.stages.0", 0, "one")],
    }


def test_lists_and_dates_of_tasks_are_known() -> None:
    plan = the_plan()
    assert plan.lists == ("all", "some", "each") and plan.dated_tasks == {"wait1", "due1"}
    assert [plan.reads_element(name) for name in ("all", "some", "each", "wait1")] == [
        True,
        False,
        False,
        False,
    ]


def test_defaults_references_options_and_checks_are_known() -> None:
    plan = the_plan()
    assert plan.expected == ("later",)
    assert plan.preset == (("reopen_count", 0), ("level", "low"), ("hot", True))
    assert list(plan.references) == [
        "requester", "assignee", "team", "service", "asset", "assets", "buddy", "rows",
    ]  # fmt: skip
    assert plan.offered == (("kind", "level"),) and not plan.offers_by_derived
    assert plan.read_checks == ("conflicts",), "those of buttons are named by them"
    assert plan.tables == {"t": ('((ticket.level) == "high")', None)}


@pytest.mark.parametrize(
    ("heard", "condition", "counts", "replies"),
    [
        ("[replied, tasks.done]", "event.name != null", False, False),
        ("replied", "event.text == null", False, True),
        ("replied.agent", "event.text == null", False, True),
        ("tasks.done", "tasks.count('x') == 1", True, False),
    ],
)
def test_what_is_read_of_tasks_and_replies_is_known(
    heard: str, condition: str, counts: bool, replies: bool
) -> None:
    plan = Plan(a_definition(text(heard, condition)))
    assert (plan.counts_tasks, plan.reads_replies) == (counts, replies)


# ---------------------------------------------------------------- what follows from what


def test_computed_fields_come_after_those_they_read() -> None:
    assert the_plan().computed == (
        ("one", "ticket.size + 1"),
        ("itself", "table.t.word"),
        ("two", "ticket.one + ticket.one"),
        ("four", "ticket.two * 2"),
    )


def test_only_the_tickets_own_members_put_computed_fields_in_order() -> None:
    text = f"""
        fields:
          first: {{type: boolean, compute: actor.vip}}
          vip: {{type: boolean, compute: ticket.title == "x"}}
        states: {{new: {{category: new}}, x: {{category: closed}}}}
        {END}"""
    assert [name for name, _ in Plan(a_definition(text)).computed] == ["first", "vip"]


def test_what_is_derived_follows_from_fields_through_others_and_through_tables() -> None:
    risk, team = {"two", "one", "size"}, {"risk", "two", "one", "size", "buddy"}
    assert the_plan().derived_from == {
        "one": {"size"},
        "two": {"one", "size"},
        "four": {"two", "one", "size"},
        "itself": {"level", "kind"},
        "priority": {"level", "second", "hot"},
        "agreement": {"priority", "level", "second", "hot"},
        "risk": risk,
        "risk_score": risk,
        "risk_reasons": risk,
        "team": team,
        "assignee": team,
    }


def test_a_process_without_rules_derives_nothing() -> None:
    bare = Plan(a_definition("states: {new: {category: new}, x: {category: closed}}\n" + END))
    assert (bare.derived_from, bare.computed, bare.rules, bare.tables) == ({}, (), (), {})
    assert (bare.read_checks, bare.offered, bare.expected, bare.dated_tasks) == ((), (), (), frozenset())
    assert bare.derives_in_order and not bare.counts_tasks and not bare.reads_replies


END = "transitions: {end: {from: new, to: x, who: everyone}}"


@pytest.mark.parametrize(
    ("fields", "in_order"),
    [
        ("a: {type: number, compute: ticket.b + 1}, b: {type: number}", True),
        ("a: {type: number, compute: ticket.b + 1}, b: {type: number, compute: ticket.reopen_count}", True),
        ("a: {type: boolean, compute: now > ticket.opened_at}", True),
        ("a: {type: boolean, compute: actor.id == ticket.requester.id}", True),
        ('a: {type: boolean, compute: "\\"requester\\" in actor.roles"}', False),
        ('a: {type: boolean, compute: ticket.state == "new"}', False),
        ("a: {type: boolean, compute: ticket.entered_at > ticket.opened_at}", False),
    ],
)
def test_one_round_is_enough_where_each_reads_only_what_stands(fields: str, in_order: bool) -> None:
    text = f"fields: {{{fields}}}\nstates: {{new: {{category: new}}, x: {{category: closed}}}}\n{END}"
    assert Plan(a_definition(text)).derives_in_order is in_order


def test_priority_team_and_risk_are_derived_in_their_order() -> None:
    def in_order(condition: str) -> bool:
        text = f"""
            fields: {{level: {{type: choice, options: [h, l]}}, n: {{type: number, compute: {condition}}}}}
            priority:
              {{levels: [P1], rows: level, columns: level, matrix: {{h: {{h: P1, l: P1}}, l: {{h: P1, l: P1}}}}}}
            states: {{new: {{category: new}}, x: {{category: closed}}}}
            {END}"""
        return Plan(a_definition(text)).derives_in_order

    assert in_order("ticket.reopen_count")
    assert not in_order('if ticket.priority == "P1" then 1 else 2'), "it is computed before"


def test_rules_are_judged_in_file_order_when_what_they_read_was_given() -> None:
    assert [(one.field, one.condition, dict(one.otherwise), set(one.reads)) for one in the_plan().rules] == [
        ("size", "ticket.size > 0", {"*": "No"}, {"size"}),
        ("size", "ticket.size < 9", {"*": "Many"}, {"size"}),
        (
            "",
            'ticket.four > 3 and ticket.level == "low" and actor.id != "x"',
            {"*": "No"},
            {"four", "two", "one", "size", "level"},
        ),
    ]


def test_a_plan_is_made_once() -> None:
    assert plan_of(a_definition(text())) is plan_of(a_definition(text()))

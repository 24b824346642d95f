"""A ticket moves to another version: it stays where it is, keeps what it has, and nothing is lost unsaid."""

from __future__ import annotations

from datetime import timedelta

import pytest

from domain.engine.clock_time import elapsed_of
from domain.engine.events import Actor, Migrate, Move, TaskFinished
from domain.engine.ticket import LedgerLine
from domain.language.definition import Definition
from tests.builders import START, Story, a_definition, an_agent, effects, happenings
from tests.domain.engine.boards import PROCESS, Board

OLD = """
fields: {size: {type: choice, options: [small, large], default: small}, supplier: {type: text}, log: {type: note}}
roles: {agents: team:desk}
states:
  new: {category: new}
  on_hold: {category: waiting, enter: [{set: {log: entered}}], leave: [{set: {log: left}}]}
  work: {category: active, tasks: [order, tell]}
  gone: {category: closed}
transitions:
  start: {from: new, to: work, who: agents}
  hold: {from: any, to: on_hold, who: agents}
  lapse: {from: on_hold, to: gone, after: 10h}
  noticed: {from: any, when: changed.size, do: [{set: {log: noticed}}]}
clocks:
  c: {target: 10h, calendar: always, pause: {in: on_hold}, stop: {in: closed}, at: {50%: [{comment: half}]}}
tasks:
  order: {script: {name: x}}
  tell: {assign: agents}
"""


def new(*pairs: tuple[str, str], migrate: str = "[{from: 1}]") -> Definition:
    """The second version: the first with these changes."""
    text = OLD
    for old, now in pairs:
        assert old in text, old
        text = text.replace(old, now)
    return a_definition(f"{text}\nversion: 2\nmigrate: {migrate}\n")


def story(*moves: str, **fields: str) -> Story:
    found = Story(a_definition(OLD), {"ann": Actor("ann"), **an_agent()})
    found.open()
    if fields:
        found.edit(**fields)
    for move in moves:
        found.do(move, "bob")
    return found


def reasons(one: Story, onto: Definition) -> str:
    """Why it is refused; the ticket stays what it was."""
    before = one.ticket
    entry = one.migrate(onto)
    assert entry.result == "refused" and entry.refusal is not None
    assert (one.ticket.hashes, one.ticket.state, one.ticket.fields) == (
        before.hashes,
        before.state,
        before.fields,
    )
    return entry.refusal.text["en"]


TWO_HOLDS = ("on_hold", "waiting_customer")


def test_a_ticket_stays_where_it_is_under_the_new_version_in_one_entry() -> None:
    one = story("hold")
    one.now = one.at(hours=1)
    entered = one.ticket.entered_at
    note = "{from: 1, states: {on_hold: waiting_customer}, note: {en: One became two., zh-CN: 一分为二。}}"
    onto = new(TWO_HOLDS, migrate=f"[{note}]")
    entry = one.migrate(onto)
    assert entry.result == "done" and len(entry.happened) == 2
    assert one.ticket.hashes == onto.hashes
    assert (one.ticket.state, one.ticket.entered_at) == ("waiting_customer", entered)
    assert one.ticket.fields["log"] == "entered", "nothing is left or entered"
    (told,) = happenings(entry, "migrated")
    assert told.detail == {
        "from": 1,
        "to": 2,
        "note": {"en": "One became two.", "zh-CN": "一分为二。"},
    }
    assert one.ticket.timers["lapse"].due_at == one.at(hours=10), "the timer goes on"


def test_what_was_due_before_is_handled_under_the_old_version() -> None:
    one = story()
    one.now = one.at(hours=6)
    one.migrate(new(("50%: [{comment: half}]", "50%: [{comment: other}]")))
    assert [effect.texts for effect in effects(one.journal, "comment")] == [{"*": "half"}]


def test_a_state_without_a_place_is_refused_whatever_may_be_left_behind() -> None:
    one = story("hold")
    onto = new(TWO_HOLDS)
    assert reasons(one, onto) == "there is no state for tickets in on_hold"
    assert one.migrate(onto, leave_behind=True).result == "refused"
    assert story().migrate(onto).result == "done", "one that is elsewhere goes"


def test_values_are_carried_over_as_migrate_says() -> None:
    one = story(supplier="ACME-7")
    onto = new(
        ("supplier: {type: text}", "vendor: {type: text}, both: {type: text}"),
        migrate='[{from: 1, fields: {vendor: old.supplier, both: \'if old.supplier == null then "no" else "yes"\'}}]',
    )
    one.migrate(onto)
    assert one.ticket.fields["vendor"] == "ACME-7" and one.ticket.fields["both"] == "yes"
    assert "supplier" not in one.ticket.fields


def test_a_value_that_finds_no_place_is_left_behind_only_by_consent_and_stays_in_the_journal() -> None:
    one = story(supplier="ACME-7")
    onto = new(("supplier: {type: text}, ", ""))
    assert reasons(one, onto) == "the field supplier is gone, and this ticket has a value there"
    entry = one.migrate(onto, leave_behind=True)
    assert [(h.name, h.detail["old"]) for h in happenings(entry, "set")] == [("supplier", "ACME-7")]
    assert story().migrate(onto).result == "done", "one without a value has nothing to lose"


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (("[small, large], default: small", "[large, huge]"), "size: there is no option small any more"),
        (("type: choice, options: [small, large], default: small", "type: number"), "size: it is of another"),
    ],
)
def test_a_value_that_does_not_fit_any_more_is_refused(change: tuple[str, str], why: str) -> None:
    one = story()
    onto = new(change)
    assert reasons(one, onto).startswith(why)
    one.migrate(onto, leave_behind=True)
    assert "size" not in one.ticket.fields


def test_a_value_that_fits_its_new_type_is_kept() -> None:
    one = story(supplier="ACME-7")
    assert one.migrate(new(("supplier: {type: text}", "supplier: {type: note}"))).result == "done"
    assert one.ticket.fields["supplier"] == "ACME-7"


def test_no_rule_reacts_to_being_moved() -> None:
    one = story()
    one.migrate(new(("x}", "y}"), migrate="[{from: 1, fields: {size: '\"large\"'}}]"))
    assert one.ticket.fields["size"] == "large" and "log" not in one.ticket.fields


def test_a_clock_is_counted_anew_over_its_whole_life() -> None:
    one = story()
    one.until(one.at(hours=6))
    one.do("hold", "bob")
    one.until(one.at(hours=8))
    onto = new(("target: 10h", "target: 5h"))
    one.migrate(onto)
    clock = one.ticket.clocks["c"]
    assert (clock.status, clock.target, clock.breached_at) == ("paused", "5h", None)
    assert elapsed_of(onto, clock, one.now) == timedelta(hours=6), "what was counted stays counted"
    assert set(clock.reached) == {"50%"}


def test_a_deadline_that_lies_behind_under_the_new_target_is_due_at_the_change() -> None:
    one = story()
    one.until(one.at(hours=7))
    one.migrate(new(("target: 10h", "target: 5h")))
    one.until(one.at(hours=7))
    assert one.ticket.clocks["c"].breached_at == one.at(hours=7)
    assert [line.what for line in one.ticket.clocks["c"].ledger] == ["started", "retargeted", "retargeted"]


def test_a_new_threshold_that_is_behind_acts_at_once_and_a_passed_one_not_again() -> None:
    one = story()
    one.until(one.at(hours=6))
    one.migrate(new(("50%: [{comment: half}]", "50%: [{comment: again}], 55%: [{comment: late}]")))
    one.until(one.at(hours=7))
    assert [effect.texts["*"] for effect in effects(one.journal, "comment")] == ["half", "late"]


def test_a_breached_deadline_stays_breached_under_a_longer_target() -> None:
    one = story()
    one.until(one.at(hours=11))
    one.migrate(new(("target: 10h", "target: 20h")))
    assert one.ticket.clocks["c"].breached_at == one.at(hours=10)


def test_clocks_and_tasks_keep_what_they_have_under_another_name() -> None:
    one = story("start")
    onto = new(
        ("  c: {", "  resolve: {"),
        ("order", "purchase"),
        migrate="[{from: 1, clocks: {c: resolve}, tasks: {order: purchase}}]",
    )
    one.now = one.at(hours=1)
    assert one.migrate(onto).result == "done"
    assert one.ticket.clocks["resolve"].due_at == one.at(hours=10)
    assert set(one.ticket.tasks) == {"purchase", "tell"}
    one.answer(TaskFinished("purchase", 1, True, one.now))
    assert one.ticket.tasks["purchase"].state == "done"


def test_an_open_task_that_is_gone_is_cancelled_only_by_consent() -> None:
    one = story("start")
    onto = new(("[order, tell]", "[order]"), ("  tell: {assign: agents}\n", ""))
    assert reasons(one, onto) == "the task tell is gone, and it is open here"
    entry = one.migrate(onto, leave_behind=True)
    assert [(h.name, h.detail["what"]) for h in happenings(entry, "task")] == [("tell", "cancelled")]
    late = TaskFinished("order", 1, True, one.now)
    one.answer(late)
    assert one.ticket.tasks["order"].state == "done", "what was under way goes on"


def test_a_timer_with_the_same_time_goes_on_from_when_an_event_began_it_anew() -> None:
    text = OLD.replace(
        "lapse: {from: on_hold, to: gone, after: 10h}",
        "lapse: {from: on_hold, to: gone, after: 10h, restart: updated}",
    )
    one = Story(a_definition(text), {"ann": Actor("ann"), **an_agent()})
    one.open()
    one.do("hold", "bob")
    one.until(one.at(hours=1))
    one.edit(supplier="ACME")
    one.until(one.at(hours=2))
    one.migrate(a_definition(text.replace("{name: x}", "{name: y}") + "version: 2\nmigrate: [{from: 1}]\n"))
    assert one.ticket.timers["lapse"].due_at == one.at(hours=11)
    one.migrate(
        a_definition(text.replace("10h, restart", "9h, restart") + "version: 3\nmigrate: [{from: 2}]\n")
    )
    assert one.ticket.timers["lapse"].due_at == one.at(hours=11), "nine hours from now"


def test_a_field_is_emptied_when_migrate_computes_nothing_for_it() -> None:
    one = story(supplier="ACME-7")
    one.migrate(new(("{name: x}", "{name: y}"), migrate="[{from: 1, fields: {supplier: old.log}}]"))
    assert "supplier" not in one.ticket.fields
    assert [line.detail["new"] for line in happenings(one.journal[-1], "set", "supplier")] == [None]


def test_a_timer_with_another_time_counts_from_when_the_state_was_entered() -> None:
    one = story("hold")
    one.until(one.at(hours=2))
    one.migrate(new(("after: 10h", "after: 4h")))
    assert one.ticket.timers["lapse"].due_at == one.at(hours=4)
    other = story("hold")
    other.until(other.at(hours=6))
    other.migrate(new(("after: 10h", "after: 4h")))
    assert other.ticket.timers["lapse"].due_at == other.at(hours=6), "what has passed is due now"


def test_who_may_not_and_what_cannot_is_refused() -> None:
    one = story()
    assert one.send(Migrate(new().hashes), "bob", onto=new()).result == "refused"
    one.migrate(new())
    assert reasons(one, new()) == "it is on this version already"
    assert one.send(Move("start"), "bob").result == "done", "and goes on under it"
    closed = story("hold")
    closed.until(START + timedelta(days=1))
    assert "closed" in reasons(closed, new())


# ---------------------------------------------------------------- approvals

STAGES = """
    stages: [{id: first, approvers: [person:a, person:b], quorum: all}]
    void_if_changed: [amount]
"""


def board(stages: str = STAGES) -> Board:
    return Board(a_definition(PROCESS.format(approval=stages)))


def board_after(stages: str, migrate: str) -> Definition:
    return a_definition(PROCESS.format(approval=stages) + f"\nversion: 2\nmigrate: {migrate}\n")


CHANGED = STAGES.replace("person:b]", "person:b, person:c]")


def test_votes_are_kept_while_the_approval_has_not_changed() -> None:
    one = board()
    one.open()
    one.do("ask")
    one.vote("a")
    one.migrate(board_after(STAGES, "[]"))
    one.vote("b")
    assert one.ticket.state == "go"


def test_a_changed_approval_under_way_needs_a_word_in_migrate() -> None:
    one = board()
    one.open()
    one.do("ask")
    one.vote("a")
    entry = one.migrate(board_after(CHANGED, "[]"))
    assert entry.refusal is not None and "say `approvals: keep` or `restart`" in entry.refusal.text["en"]
    assert one.migrate(board_after(CHANGED, "[{from: 1}]")).result == "done"
    one.vote("b")
    assert one.ticket.state == "go", "kept: who was asked decides"


def test_an_approval_can_be_asked_for_anew() -> None:
    one = board()
    one.open()
    one.do("ask")
    one.vote("a")
    one.migrate(board_after(CHANGED, "[{from: 1, approvals: restart}]"))
    assert one.waiting == {"a", "b", "c"} and one.run.round == 2
    for person in "abc":
        one.vote(person)
    assert one.ticket.state == "go"


def test_a_stage_that_is_gone_is_asked_for_anew() -> None:
    one = board()
    one.open()
    one.do("ask")
    one.migrate(board_after(STAGES.replace("first", "other"), "[{from: 1}]"))
    assert one.waiting == {"a", "b"} and set(one.run.stages) == {"other"}


def test_what_votes_are_bound_to_may_be_called_differently() -> None:
    one = board()
    one.open()
    one.do("ask")
    one.vote("a")
    renamed = PROCESS.replace("amount", "cost").format(approval=STAGES.replace("amount", "cost"))
    onto = a_definition(renamed + "\nversion: 2\nmigrate: [{from: 1, fields: {cost: old.amount}}]\n")
    assert one.migrate(onto).result == "done"
    assert one.waiting == {"b"}, "a's vote counts"


def test_other_hours_under_the_same_name_move_the_deadline_and_the_ledger_says_why() -> None:
    text = OLD.replace("target: 10h, calendar: always", "target: 4h, calendar: office")
    text += '\ncalendars: {office: {time_zone: UTC, week: {mon-fri: "09:00-17:00"}}}\n'
    one = Story(a_definition(text), {"ann": Actor("ann"), **an_agent()})
    one.open()
    one.until(one.at(hours=1))
    onto = a_definition(text.replace("17:00", "12:00") + "version: 2\nmigrate: [{from: 1}]\n")
    one.migrate(onto)
    clock = one.ticket.clocks["c"]
    assert clock.due_at == one.at(hours=25)
    assert clock.ledger[-1] == LedgerLine(
        one.now, "retargeted", "migrate.0", onto.line("migrate.0"), "4h", "office", one.at(hours=25)
    )
    assert clock.ledger[-1].line

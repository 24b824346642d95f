"""A command from the log (architecture.md, rule 5): time first, then the step, then exactly one entry."""

from __future__ import annotations

import logging
from dataclasses import replace

import pytest

from domain.engine import step as step_module
from domain.engine.entries import Cause, Refusal
from domain.engine.events import Actor, Command, CompleteTask, Edit, Move, Request, TaskFinished
from domain.engine.handle import command_time, handle, handle_result, open_ticket, overtaken, refusal_of
from domain.errors import FieldError, FormInvalid, NotPermitted
from tests.builders import START, Story, a_definition, an_agent, happenings

TEXT = """
fields: {log: {type: note}}
roles: {agents: team:desk}
states: {new: {category: new, tasks: [a]}, work: {category: active}, gone: {category: closed}}
transitions:
  work: {from: new, to: work, who: agents}
  end: {from: any, to: gone, who: agents}
  remind: {from: new, after: 1h, do: [{set: {log: reminded}}]}
clocks:
  c: {target: 2h, calendar: always, stop: {in: [work, closed]}}
tasks: {a: {script: {name: x}}}
"""


def a_story() -> Story:
    story = Story(a_definition(TEXT), {"ann": Actor("ann"), **an_agent()})
    story.open()
    return story


def test_a_commands_time_is_when_it_was_received_but_never_before_the_journals_end() -> None:
    story = a_story()
    command = Command(2, "c2", Edit({"log": "x"}), story.at(hours=2), "ann")
    assert command_time(story.ticket, command, story.at(hours=3)) == story.at(hours=2)
    assert command_time(story.ticket, command, story.at(hours=1)) == story.at(hours=1), (
        "a clock that runs ahead"
    )
    later = replace(story.ticket, last_at=story.at(hours=5))
    assert command_time(later, command, story.at(hours=6)) == story.at(hours=5)


def test_an_opening_counts_from_when_it_was_received() -> None:
    story = a_story()
    assert isinstance(story.ticket.hashes.process, str)
    from domain.engine.events import Open

    request = Open("id", "T-2", story.definition.hashes, {"title": "x"})
    outcome = open_ticket(
        story.definition, Command(1, "c", request, START, "ann"), story.facts("ann"), story.at(seconds=2)
    )
    assert outcome.ticket.opened_at == START and outcome.entries[0].handled_at == story.at(seconds=2)


def test_what_was_due_before_the_command_comes_first_and_is_kept_when_it_is_refused() -> None:
    story = a_story()
    story.now = story.at(hours=3)
    entry = story.send(Move("work"), "ann", received_at=story.at(hours=1, minutes=30))
    assert [one.cause.kind for one in story.journal[1:]] == ["timer", "command"]
    assert entry.result == "refused" and story.ticket.fields["log"] == "reminded"
    assert [one.at for one in story.journal[1:]] == [story.at(hours=1), story.at(hours=1, minutes=30)]
    assert story.ticket.clocks["c"].breached_at is None, "its deadline lies after the command"


def test_a_command_received_before_a_deadline_stops_the_clock_in_time_however_late_it_is_handled() -> None:
    story = a_story()
    story.now = story.at(days=2)
    story.send(Move("work"), "bob", received_at=story.at(hours=1, minutes=59))
    assert story.ticket.clocks["c"].breached_at is None and story.ticket.state == "work"


def test_every_command_gets_exactly_one_entry_that_names_it() -> None:
    story = a_story()
    story.send(Edit({"log": "a"}), "ann")
    story.send(Edit({"nothing": "a"}), "ann")
    story.send(Move("work"), "ann")
    story.send(Move("work"), "bob")
    assert [(entry.command, entry.result) for entry in story.journal] == [
        (1, "done"), (2, "done"), (3, "refused"), (4, "refused"), (5, "done"),
    ]  # fmt: skip
    assert story.ticket.handled == 5


def test_a_refusal_says_its_code_its_sentence_and_every_field_error() -> None:
    refusal = a_story().send(Edit({"nothing": "a", "title": 4}), "ann").refusal
    assert refusal is not None and refusal.code == "form_invalid"
    assert [error["field"] for error in refusal.errors] == ["nothing", "title"]


def test_what_the_engine_does_not_know_is_a_fault_with_the_ticket_untouched(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    story = a_story()
    before = story.ticket

    def break_down(*_: object) -> None:
        raise ZeroDivisionError("a bug")

    monkeypatch.setattr(step_module, "_move", break_down)
    with caplog.at_level(logging.ERROR):
        entry = story.send(Move("work"), "bob")
    assert entry.result == "faulted" and entry.refusal is not None and entry.refusal.code == "engine_fault"
    assert entry.patch == () and story.ticket.fields == before.fields and story.ticket.handled == 2
    assert "step failed" in caplog.text
    monkeypatch.undo()
    assert story.send(Move("work"), "bob").result == "done", "the commands behind it are not blocked"


def test_what_breaks_while_time_passes_comes_out(monkeypatch: pytest.MonkeyPatch) -> None:
    story = a_story()
    from domain.engine import advance as advance_module

    def break_down(*_: object) -> None:
        raise ZeroDivisionError("a bug")

    monkeypatch.setattr(advance_module, "run_to_rest", break_down)
    command = Command(2, "c2", Edit({"log": "x"}), story.at(hours=4), "ann")
    with pytest.raises(ZeroDivisionError):
        handle(story.definition, story.ticket, command, story.facts("ann"), story.at(hours=4))


def test_a_result_counts_when_it_was_completed_and_what_was_due_before_comes_first() -> None:
    story = a_story()
    story.now = story.at(hours=3)
    found = story.keep(
        handle_result(
            story.definition,
            story.ticket,
            TaskFinished("a", 1, True, story.at(hours=1, minutes=30)),
            story.now,
        )
    )
    assert [(entry.cause.kind, entry.at) for entry in found] == [
        ("timer", story.at(hours=1)),
        ("result", story.at(hours=1, minutes=30)),
    ]
    assert happenings(found, "task", "a")


def test_handling_gives_the_same_however_often_it_is_done() -> None:
    story = a_story()
    command = Command(2, "c2", Move("work"), story.at(hours=1, minutes=30), "bob")
    outcomes = [
        handle(story.definition, story.ticket, command, story.facts("bob"), story.at(hours=3))
        for _ in range(2)
    ]
    assert outcomes[0] == outcomes[1]


CHECKED = """
fields: {log: {type: note}}
states: {new: {category: new}, gone: {category: closed}}
transitions:
  end: {from: new, to: gone, who: everyone, check: freezes, if: size(check.freezes) == 0}
  leave: {from: new, to: gone, who: everyone}
  remind: {from: new, after: 1h, do: [{set: {log: reminded}}]}
  look: {from: new, after: 2h, do: [{page: team:desk}]}
"""


def test_a_command_is_overtaken_when_what_is_due_before_it_changes_what_its_checks_were_made_for() -> None:
    story = Story(a_definition(CHECKED), {"ann": Actor("ann"), **an_agent()}, checks={"freezes": []})
    story.open()

    def late(transition: str, **after: float) -> bool:
        command = Command(2, "c2", Move(transition), story.at(**after), "ann")
        told = overtaken(story.definition, story.ticket, command, story.at(hours=9))
        outcome = handle(story.definition, story.ticket, command, story.facts("ann"), story.at(hours=9))
        assert (outcome.ticket.handled == 2) is not told, "an overtaken command is not handled"
        return told

    assert not late("end", minutes=59) and late("end", minutes=61)
    assert not late("leave", minutes=61), "it has no checks"
    story.until(story.at(minutes=61))
    assert not late("end", hours=3), "a page changes nothing that a check was made for"


@pytest.mark.parametrize(
    ("request_", "name"),
    [(Move("work"), "work"), (Edit({"nothing": 1}), "edit"), (CompleteTask("x"), "completetask")],
)
def test_what_is_refused_is_in_the_journal_under_its_name_with_nothing_changed(
    request_: Request, name: str
) -> None:
    story = a_story()
    story.now = story.at(minutes=5)
    entry = story.send(request_, "ann", received_at=story.at(minutes=4))
    assert (entry.cause, entry.actor, entry.command) == (Cause("command", name), "ann", 2)
    assert (entry.at, entry.handled_at, entry.result) == (story.at(minutes=4), story.at(minutes=5), "refused")
    assert (entry.happened, entry.effects, entry.patch) == ((), (), ())


def test_a_fault_is_told_in_both_languages_and_logged_with_ticket_and_command(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    story = a_story()
    monkeypatch.setattr(step_module, "_move", None)
    with caplog.at_level(logging.ERROR):
        entry = story.send(Move("work"), "bob")
    assert entry.refusal == Refusal(
        "engine_fault",
        {
            "en": "This could not be carried out; operators were told.",
            "zh-CN": "无法执行该操作，已通知运维人员。",
        },
    )
    (logged,) = caplog.records
    assert (logged.message, vars(logged)["ticket"], vars(logged)["command"]) == (
        "step failed",
        "T-0001",
        "c2",
    )
    assert logged.exc_info is not None and entry.cause == Cause("command", "work")


def test_mistakes_in_a_form_carry_the_owners_sentence_in_every_language() -> None:
    error = FieldError("size", "rule", "Too big", (("en", "Too big"), ("zh-CN", "太大")))
    assert refusal_of(FormInvalid([error, FieldError("x", "type", "write text")])) == Refusal(
        "form_invalid",
        {"en": "size: Too big; x: write text"},
        (
            {
                "field": "size",
                "code": "rule",
                "message": "Too big",
                "message.en": "Too big",
                "message.zh-CN": "太大",
            },
            {"field": "x", "code": "type", "message": "write text"},
        ),
    )
    assert refusal_of(NotPermitted("no", text={"en": "No", "zh-CN": "不"})) == Refusal(
        "not_permitted", {"en": "No", "zh-CN": "不"}
    )


def test_a_result_counts_no_later_than_now_and_never_before_the_journals_end() -> None:
    for told, counted in ((5, 30), (45, 45), (90, 60)):
        story = a_story()
        story.now = story.at(minutes=30)
        story.edit(log="x")
        result = TaskFinished("a", 1, True, story.at(minutes=told))
        (entry, *_) = handle_result(story.definition, story.ticket, result, story.at(minutes=59)).entries
        at = min(counted, 59)
        assert (entry.at, entry.handled_at) == (story.at(minutes=at), story.at(minutes=59))
        assert entry.cause == Cause("result", "a", story.definition.line("tasks.a"))

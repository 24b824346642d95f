"""When tasks open, are due, are reminded of and are overdue; and dates that move."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from domain.engine.advance import next_deadline
from domain.engine.events import Edit
from domain.engine.task_rules import rule_of
from tests.builders import START, Story, a_definition, effects, happenings

STATES = """
fields:
  first_day: {type: date}
  planned: {type: datetime}
  site: {type: choice, options: [berlin, shanghai], default: berlin}
  log: {type: note}
time_zone: Europe/Berlin
calendars:
  berlin: {time_zone: Europe/Berlin, week: {mon-fri: "09:00-17:00"}}
  shanghai: {time_zone: Asia/Shanghai, week: {mon-fri: "09:00-17:00"}}
  days: {time_zone: Europe/Berlin, week: {mon-fri: 24h}}
states:
  new: {category: new, tasks: [a]}
  gone: {category: closed}
transitions:
  end: {from: new, to: gone, who: everyone}
  late: {from: any, when: task.a.overdue, do: [{set: {log: "{{ ticket.log }}o"}}]}
notifications: {hurry: {subject: Hurry, body: "{{ ticket.title }} {{ task.a.due }}"}}
tasks:
"""


def a_story(task: str, **fields: object) -> Story:
    story = Story(a_definition(STATES + f"  a: {task}\n"))
    story.open()
    if fields:
        story.edit("ann", **fields)
    return story


def state(story: Story) -> str:
    return story.ticket.tasks["a"].state


def reminded(story: Story) -> list[datetime]:
    return [e.at for e in story.journal if effects(e, "notify")]


def berlin(day: int, hour: int, month: int = 3) -> datetime:
    """A wall time in Berlin's winter."""
    return datetime.fromisoformat(f"2026-{month:02}-{day:02}T{hour:02}:00+01:00")


def test_a_task_opens_so_long_after_its_needs_are_met() -> None:
    story = a_story("{assign: everyone, start: 2d}")
    assert state(story) == "pending" and next_deadline(story.ticket) == story.at(days=2)
    story.until(story.at(days=2))
    assert state(story) == "open" and story.ticket.tasks["a"].start_at is None


def test_a_task_opens_on_a_date_that_may_move_and_waits_while_it_is_not_known() -> None:
    story = a_story("{assign: everyone, start: {at: ticket.first_day - 5d}}")
    assert state(story) == "pending" and next_deadline(story.ticket) is None
    story.edit(first_day="2026-03-20")
    assert next_deadline(story.ticket) == berlin(15, 0)
    story.edit(first_day="2026-03-23")
    assert next_deadline(story.ticket) == berlin(18, 0)
    story.until(berlin(17, 23))
    assert state(story) == "pending"
    story.edit(first_day="2026-03-18")
    assert state(story) == "open"  # five days before has passed already


def test_a_local_day_before_the_clocks_change_begins_at_midnight() -> None:
    story = a_story("{assign: everyone, start: {at: ticket.first_day - 14d}}", first_day="2026-04-06")
    assert next_deadline(story.ticket) == berlin(23, 0)  # summer time begins on the 29th


def test_a_due_date_that_moves_takes_the_task_along_and_out_of_being_overdue() -> None:
    story = a_story("{assign: everyone, due: {at: ticket.planned}}")
    assert story.ticket.tasks["a"].due_at is None
    story.edit(planned=story.at(hours=2).isoformat())
    story.until(story.at(hours=3))
    assert story.ticket.fields["log"] == "o"
    story.edit(planned=story.at(hours=5).isoformat())
    assert story.ticket.tasks["a"].overdue_at is None
    story.until(story.at(hours=6))
    assert story.ticket.fields["log"] == "oo"
    story.edit(planned=story.at(hours=4).isoformat())
    assert next_deadline(story.ticket) is None, "it is overdue already"


def test_a_calendar_can_depend_on_a_field() -> None:
    for site, due in (("berlin", berlin(2, 14)), ("shanghai", berlin(3, 6))):
        story = Story(
            a_definition(
                STATES
                + "  a: {assign: everyone, due: 4h, calendar: {by: site, berlin: berlin, else: shanghai}}\n"
                "forms: {create: {title: required, site: required}}"
            )
        )
        story.open("ann", "portal", site=site)
        assert story.ticket.tasks["a"].due_at == due


def test_people_are_reminded_until_the_task_is_due() -> None:
    story = a_story("{assign: [everyone, person:bob], due: 3d, remind: {every: 1d}}")
    story.until(story.at(days=10))
    assert reminded(story) == [story.at(days=1), story.at(days=2)]
    effect = effects(story.journal, "notify")[0]
    assert effect.to == ("everyone", "person:bob") and "“a”" in effect.texts["en"]
    assert [one.detail["what"] for one in happenings(story.journal, "task")] == [
        "opened",
        "reminded",
        "reminded",
        "overdue",
    ]


def test_a_first_reminder_before_it_is_due_moves_with_the_date() -> None:
    story = a_story(
        "{assign: everyone, due: {at: ticket.planned}, remind: {before: 1d, every: 2h, times: 3}}"
    )
    story.edit(planned=story.at(days=3).isoformat())
    story.edit(planned=story.at(days=4).isoformat())
    story.until(story.at(days=5))
    assert reminded(story) == [story.at(days=3), story.at(days=3, hours=2), story.at(days=3, hours=4)]


def test_reminding_may_do_something_else_for_the_people_of_the_task() -> None:
    remind = "{every: 1h, times: 1, do: [{notify: {template: hurry, to: task_people}}]}"
    story = a_story(f"{{assign: person:bob, remind: {remind}}}")
    story.until(story.at(days=1))
    assert [effect.to for effect in effects(story.journal, "notify")] == [("person:bob",)]
    assert reminded(story) == [story.at(hours=1)]


OVERDUE = "{assign: person:bob, due: 1h, calendar: berlin, overdue: {every: 2h, times: 3, do: [{page: task_people}]}}"


def test_an_overdue_task_does_something_again_and_again_but_not_for_ever() -> None:
    story = a_story(OVERDUE)
    story.until(story.at(days=3))
    paged = [entry.at for entry in story.journal if effects(entry, "page")]
    assert paged == [story.at(hours=1), story.at(hours=3), story.at(hours=5)]
    assert story.ticket.fields["log"] == "o"


def test_after_an_outage_an_overdue_task_acts_once_for_all_it_missed() -> None:
    story = a_story(OVERDUE)
    story.outage_until(story.at(hours=4))
    assert len(effects(story.journal, "page")) == 1
    assert happenings(story.journal, "task")[-1].detail["missed"] == 1
    story.until(story.at(days=1))
    assert len(effects(story.journal, "page")) == 2


def test_a_task_that_is_done_is_neither_reminded_of_nor_overdue() -> None:
    story = a_story("{assign: everyone, due: 2h, remind: {every: 1h}, overdue: {do: [{page: task_people}]}}")
    story.complete("a")
    assert next_deadline(story.ticket) is None


def test_dates_count_in_expressions() -> None:
    story = a_story(
        "{wait: {until: 'add_months(ticket.first_day, 1)'}}", first_day=date(2026, 3, 10).isoformat()
    )
    assert next_deadline(story.ticket) == berlin(10, 0, 4) - timedelta(hours=1)  # in summer time
    assert berlin(10, 0, 4) > START


def test_a_repetition_due_as_a_command_was_received_counts_as_missed_before_it() -> None:
    story = a_story(OVERDUE)
    story.now = story.at(hours=4)
    story.send(Edit({"site": "shanghai"}), received_at=story.at(hours=3))
    first, second = (happenings(entry, "task") for entry in story.journal[1:])
    assert [one.detail for one in first] == [
        {"what": "overdue", "due_at": "2026-03-02T10:00:00Z", "missed": 1}
    ]
    assert second == [] and story.ticket.tasks["a"].repeat_at == story.at(hours=5)


def test_what_a_task_is_overdue_reminded_and_opened_with_is_in_the_journal_word_for_word() -> None:
    text = "{label: {en: Look, zh-CN: 查看}, assign: person:bob, due: 4h, remind: {before: 3h, every: 1h, times: 2}, "
    story = a_story(text + "overdue: {every: 2h, times: 2, do: [{page: task_people}, {comment: late}]}}")
    story.until(story.at(hours=10))
    told = [(entry.at, one.detail) for entry in story.journal for one in happenings(entry, "task", "a")]
    assert told == [
        (START, {"what": "opened"}),
        (story.at(hours=1), {"what": "reminded", "count": 1}),
        (story.at(hours=2), {"what": "reminded", "count": 2}),
        (story.at(hours=4), {"what": "overdue", "due_at": "2026-03-02T13:00:00Z"}),
        (story.at(hours=6), {"what": "overdue", "count": 2}),
    ]
    reminder, *_ = effects(story.journal, "notify")
    assert (reminder.to, reminder.channels, reminder.why) == (("person:bob",), ("email",), "tasks.a.remind")
    assert reminder.texts == {
        "en": "{{ ticket.ref }}: “Look” is still to be done.",
        "zh-CN": "{{ ticket.ref }}：任务“查看”待处理。",
    }
    assert [effect.why for effect in effects(story.journal, "comment")] == ["tasks.a.overdue.do.1"] * 2
    assert [effect.to for effect in effects(story.journal, "page")] == [("person:bob",)] * 2
    plain = a_story("{label: 查看, assign: person:bob, due: 4h, remind: {every: 1h}}")
    plain.until(plain.at(hours=1))
    (reminder,) = effects(plain.journal, "notify")
    assert reminder.texts["en"] == "{{ ticket.ref }}: “查看” is still to be done."
    assert reminder.texts["zh-CN"] == "{{ ticket.ref }}：任务“查看”待处理。"


def test_a_task_that_is_overdue_stays_so_when_it_is_to_be_done_at_once() -> None:
    story = a_story(
        "{assign: everyone, due: {at: ticket.planned}, overdue: {every: 1h, do: [{page: task_people}]}}"
    )
    story.edit(planned=story.at(hours=1).isoformat())
    story.until(story.at(hours=1, minutes=30))
    story.edit(planned=story.now.isoformat())
    task = story.ticket.tasks["a"]
    assert (task.overdue_at, task.repeated, task.due_at) == (story.at(hours=1), 1, story.now)
    story.edit(planned=story.at(hours=1, minutes=31).isoformat())
    task = story.ticket.tasks["a"]
    assert (task.overdue_at, task.repeated, task.repeat_at) == (None, 0, None)


def test_a_due_date_that_moves_before_the_next_reminder_comes_first() -> None:
    story = a_story("{assign: everyone, due: {at: ticket.planned}, remind: {every: 2h, times: 3}}")
    story.edit(planned=story.at(hours=1).isoformat())
    story.until(story.at(hours=1))
    assert story.ticket.fields["log"] == "o" and reminded(story) == []


def test_a_task_without_a_rule_is_named() -> None:
    with pytest.raises(KeyError, match="nothing"):
        rule_of(a_definition(STATES + "  a: {assign: everyone}\n"), "nothing")

"""Cases as moves with absolute times."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from domain.engine.events import CompleteTask, Edit, Message, Move
from domain.language.models_tests import Case, Step
from domain.rehearsal.script import CaseInvalid, Opening, Reply, plays
from tests.builders import a_definition
from tests.domain.rehearsal.cases import PROCESS, a_case

BERLIN = ZoneInfo("Europe/Berlin")


def times(steps: str, starts: str = "2026-03-02 10:00") -> list[datetime]:
    return [play.at for play in plays(a_case(steps, starts), a_definition(PROCESS), BERLIN)]


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def test_times_are_wall_times_of_the_world() -> None:
    assert times(
        "- {as: ann, create: {title: x}}\n- {at: '10:05'}\n- {at: '10:05:30'}\n"
        "- {at: 2026-03-03 01:00}\n- {at: '09:00'}"
    ) == [
        utc("2026-03-02 09:00"),
        utc("2026-03-02 09:05"),
        utc("2026-03-02 09:05:30"),
        utc("2026-03-03 00:00"),
        utc("2026-03-03 08:00"),
    ]


def test_waiting_a_day_keeps_the_wall_time_and_waiting_hours_does_not() -> None:
    evening = "2026-03-28 12:00"  # the clocks go forward in the night
    assert times("- {wait: 1d}", evening) == [utc("2026-03-29 10:00")]
    assert times("- {wait: 24h}", evening) == [utc("2026-03-29 11:00")]


def test_a_wall_time_that_does_not_exist_is_the_first_instant_after_the_gap() -> None:
    assert times("- {at: 2026-03-29 02:30}", "2026-03-28 12:00") == [utc("2026-03-29 01:00")]


@pytest.mark.parametrize("text", ["25:00", "soon", "12:61"])
def test_what_is_no_time_is_said_with_its_step(text: str) -> None:
    case = Case(name="read without being checked", steps=(Step(reply="x"), Step(at=text)))
    with pytest.raises(CaseInvalid) as invalid:
        plays(case, a_definition(PROCESS), BERLIN)
    assert invalid.value.step == 1 and "write 18:21" in str(invalid.value)


def test_a_wait_beyond_the_end_of_the_calendar_is_said_with_its_step() -> None:
    case = Case(name="too long", steps=(Step(reply="x"), *(Step(wait="36500d") for _ in range(90))))
    with pytest.raises(CaseInvalid, match="36500d leads beyond the year 9999"):
        plays(case, a_definition(PROCESS), BERLIN)


def test_steps_become_requests() -> None:
    steps = """\
- {as: ann, create: {title: x, channel: mail, moment: 2026-03-02 12:00}}
- {as: bob, do: start, with: {hot: true}}
- {as: ann, reply: Hello}
- {as: bob, edit: {moment: 2026-03-02 12:00}}
- {as: bob, complete: look}
- {as: bob, fail: look}
- {message: ping}
- {wait: 1h}
"""
    found = [play.act for play in plays(a_case(steps), a_definition(PROCESS), BERLIN)]
    assert found == [
        Opening({"title": "x", "moment": "2026-03-02T11:00:00Z"}, "mail"),
        Move("start", {"hot": True}),
        Reply("Hello"),
        Edit({"moment": "2026-03-02T11:00:00Z"}),
        CompleteTask("look"),
        CompleteTask("look", failed=True),
        Message("ping"),
        None,
    ]

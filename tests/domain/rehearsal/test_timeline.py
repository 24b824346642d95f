"""A failed case, told in its time."""

from __future__ import annotations

from domain.rehearsal.timeline import Line, timeline
from tests.domain.rehearsal.cases import play

CREATE = "- {as: ann, create: {title: It}}\n"


def told(steps: str) -> list[Line]:
    return timeline(play(CREATE + steps), lambda step, what: f"thing.test.yaml:{step} {what}")


def test_the_failure_stands_between_what_came_before_and_after_it() -> None:
    lines = told("- {wait: 31m, expect: {state: work}}\n- {wait: 30m}")
    assert [(line.text, line.wrong) for line in lines] == [
        ("ann: opens the ticket", False),
        ("pick", False),
        ("clock: c 50%", False),
        ("step 2 is not as expected", True),
        ("clock: c 100%", False),
    ]
    assert lines[3].details == ("state  expected work", "       got      new")
    assert lines[3].place == "thing.test.yaml:1 state"
    assert "pages bob, ann" in lines[2].details and "c missed its target" in lines[4].details


def test_an_entry_says_what_changed_and_who_was_reached() -> None:
    lines = told("- {as: bob, do: start, expect: {state: new}}")
    start = next(line for line in lines if line.text == "bob: start")
    assert "new → work" in start.details and "clock c stopped" in start.details
    assert "task look opened" in start.details
    assert "notifies ann: received" in lines[0].details
    assert "bob picked in desk" in lines[1].details


def test_moments_are_told_in_the_zone_of_the_world() -> None:
    lines = told("- {as: bob, edit: {moment: 2026-07-01 09:00}, expect: {state: gone}}")
    assert "moment = 2026-07-01 09:00" in lines[2].details


def test_a_refusal_says_why() -> None:
    lines = told("- {as: ann, do: start, expect: {state: work, refused: may not}}")
    assert lines[2].text == "ann: start: refused"
    assert lines[2].details == ("ann may not use “start”; it is for: agents.",)


def test_a_long_journal_is_cut_before_the_failure() -> None:
    replies = "".join(f"- {{as: bob, reply: Hello {number}}}\n" for number in range(10))
    lines = told(replies + "- {expect: {state: work}}")
    assert lines[0].text == "… 6 entries earlier"
    assert [line.text for line in lines[1:]] == ["bob: comment"] * 6 + ["step 12 is not as expected"]


def test_what_cannot_be_played_gives_its_reason() -> None:
    (line,) = told("- {at: '09:00'}")
    assert line.wrong and line.details == ("at: 09:00 lies before the step above",)


def test_a_refused_request_and_whole_numbers_are_said_as_people_say_them() -> None:
    steps = """
- {as: ann, create: {title: T}}
- {as: ann, complete: call, expect: {state: gone}}
"""
    lines = timeline(play(steps), lambda step, path: "")
    assert "ann: complete a task: refused" in [line.text for line in lines]

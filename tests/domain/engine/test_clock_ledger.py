"""What a clock's ledger names, and how repetitions after a missed deadline go on when it was paused."""

from __future__ import annotations

import pytest

from tests.builders import happenings
from tests.domain.engine.test_clocks import a_story, clock, pages


def test_after_a_pause_every_further_repetition_counts_on_from_the_one_before() -> None:
    story = a_story(
        "target: 1h, calendar: always, pause: {in: wait}, stop: {in: done}, "
        "overdue: {every: 1h, times: 4, do: [{page: 'person:o'}]}"
    )
    story.until(story.at(minutes=150))
    story.do("wait")
    story.until(story.at(minutes=270))
    story.do("work")
    story.until(story.at(hours=20))
    paged_at = [minutes for _, minutes in pages(story.journal)]
    assert paged_at == [120, 330, 390, 450]
    assert clock(story).overdue_count == 4


def test_the_ledger_names_the_rule_of_each_line() -> None:
    story = a_story(
        "target: 1h, calendar: always, start: {if: 'ticket.size != null'}, pause: {in: wait, when: raised.ping}, "
        "resume: {when: raised.pong}, stop: {in: done}, reset: {when: reopened}".replace(
            "reopened", "done.reopen"
        )
    )
    story.edit(size="big")
    story.do("wait")
    story.do("ping")
    story.do("pong")
    story.do("ping")
    story.do("work")
    story.do("fix")
    story.do("reopen")
    told = [(line.what, line.why.removeprefix("clocks.c."), line.line[:11]) for line in clock(story).ledger]
    assert told == [
        (what, why, "thing.yaml:")
        for what, why in (
            ("started", "start"),
            ("retargeted", "target"),
            ("paused", "pause"),
            ("resumed", "resume"),
            ("paused", "pause"),
            ("resumed", "pause"),
            ("stopped", "stop"),
            ("reset", "reset"),
            ("started", "reset"),
        )
    ]
    assert len({line.line for line in clock(story).ledger}) == 1, "a clock on one line"


@pytest.mark.parametrize(("seconds", "late"), [(60, 0.0), (61, 61.0)])
def test_what_is_handled_a_minute_after_it_was_due_is_in_time_and_a_second_later_it_is_not(
    seconds: int, late: float
) -> None:
    at = "at: {50%: [{page: 'person:a'}], 51%: [{page: 'person:b'}]}"
    story = a_story(f"target: 40m, calendar: always, stop: {{in: done}}, {at}")
    (half, further) = story.outage_until(story.at(minutes=20, seconds=seconds))
    acted = [one.detail["acted"] for entry in (half, further) for one in happenings(entry, "reached")]
    assert acted == [not late, True], "51% is due 24 seconds after 50%"
    assert half.late_by == late
    repeated = a_story(
        "target: 1m, calendar: always, stop: {in: done}, overdue: {every: 30s, times: 9, do: [{page: 'person:o'}]}"
    )
    repeated.until(repeated.at(minutes=1))
    (first, *rest) = repeated.outage_until(repeated.at(seconds=90 + seconds))
    (told,) = happenings(first, "overdue")
    assert told.detail == ({"count": 1, "missed": 0} if not late else {"count": 2, "missed": 1})
    assert len(rest) == 2 - bool(late)


def test_a_reset_within_a_state_is_not_heard_elsewhere() -> None:
    story = a_story("target: 1h, calendar: always, stop: {in: done}, reset: {in: work, when: raised.ping}")
    story.do("ping")
    assert clock(story).cycle == 1
    story.do("work")
    story.do("ping")
    assert clock(story).cycle == 2

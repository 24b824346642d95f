"""What a clock's ledger names, and how repetitions after a missed deadline go on when it was paused."""

from __future__ import annotations

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

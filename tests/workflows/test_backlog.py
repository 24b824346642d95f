"""What a run still has to see recorded."""

from __future__ import annotations

from datetime import UTC, datetime

from domain.engine.entries import Cause, Effect, Entry
from workflows.backlog import Backlog

AT = datetime(2026, 11, 27, 10, 0, tzinfo=UTC)


def an_entry(seq: int, *, command: int | None = None, effects: int = 0) -> Entry:
    kind = "command" if command else "clock"
    made = tuple(Effect(index, "page", to=("person:ann",)) for index in range(effects))
    return Entry(seq, AT, AT, Cause(kind, "x"), 1, command=command, effects=made)


def seqs(entries: tuple[Entry, ...]) -> list[int]:
    return [entry.seq for entry in entries]


def test_the_entry_of_a_command_without_effects_is_left_to_its_sender() -> None:
    backlog = Backlog(1, ())
    backlog.add([an_entry(2, command=2)])
    assert not backlog.wants_recording()
    assert seqs(backlog.above(1)) == [2]
    backlog.acknowledge(2)
    assert (backlog.entries, backlog.floor) == ((), 2)


def test_timer_entries_and_effects_have_to_be_recorded() -> None:
    timer, effect = Backlog(1, ()), Backlog(1, ())
    timer.add([an_entry(2)])
    effect.add([an_entry(2, command=2, effects=1)])
    assert timer.wants_recording()
    assert effect.wants_recording()


def test_an_entry_with_effects_that_its_sender_appended_is_still_asked_for_its_deliveries() -> None:
    backlog = Backlog(1, ())
    backlog.add([an_entry(2, command=2, effects=1)])
    backlog.acknowledge(2)
    assert backlog.wants_recording()
    assert backlog.unrecorded() == ()
    assert backlog.floor == 1, "deliveries above the floor are asked for"
    backlog.recorded(2)
    assert (backlog.entries, backlog.floor) == ((), 2)


def test_what_comes_while_recording_stays() -> None:
    backlog = Backlog(1, ())
    backlog.add([an_entry(2)])
    assert seqs(backlog.unrecorded()) == [2]
    backlog.add([an_entry(3, command=2)])
    backlog.recorded(2)
    assert seqs(backlog.unrecorded()) == [3]
    assert not backlog.wants_recording()


def test_entries_behind_one_with_effects_wait_for_it() -> None:
    backlog = Backlog(1, ())
    backlog.add([an_entry(2, command=2, effects=1), an_entry(3, command=3)])
    backlog.acknowledge(3)
    assert seqs(backlog.entries) == [2, 3], "the next run must get them in one piece"


def test_a_sender_that_lags_behind_gets_what_is_still_here() -> None:
    backlog = Backlog(1, ())
    backlog.add([an_entry(2), an_entry(3), an_entry(4, command=2)])
    backlog.recorded(3)
    assert seqs(backlog.above(1)) == [4], "the row has the others"


def test_the_next_run_takes_over_where_this_one_was() -> None:
    backlog = Backlog(5, (an_entry(6), an_entry(7, command=3)))
    assert backlog.wants_recording()
    assert seqs(backlog.unrecorded()) == [6, 7]

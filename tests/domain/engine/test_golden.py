"""The golden ticket: what an engine number once wrote must load and go on the same for ever."""

from __future__ import annotations

import json
from typing import Any

import pytest

from domain.engine.entries import Entry
from domain.engine.serialise import (
    entry_from_json,
    entry_to_json,
    fold,
    ticket_from_json,
    ticket_to_json,
)
from domain.engine.ticket import ENGINE, Ticket
from tests.domain.engine.golden.story import (
    a_story,
    after_the_snapshot,
    form_of,
    golden,
    golden_file,
)

ENGINES = range(1, ENGINE + 1)


def stored(engine: int) -> dict[str, Any]:
    return json.loads(golden_file(engine).read_text())  # type: ignore[no-any-return]  # our own file


@pytest.mark.parametrize("engine", ENGINES)
def test_a_golden_snapshot_loads_whole_and_is_the_fold_of_its_journal(engine: int) -> None:
    data = stored(engine)
    assert ticket_to_json(ticket_from_json(data["snapshot"])) == data["snapshot"]
    folded: dict[str, object] = {}
    for line in data["journal"]:
        assert entry_to_json(entry_from_json(line)) == line
        folded = fold(folded, entry_from_json(line))
    assert folded == data["snapshot"]


@pytest.mark.parametrize("engine", ENGINES)
def test_a_golden_ticket_goes_on_as_it_did_when_it_was_written(engine: int) -> None:
    data = stored(engine)
    story = a_story(engine)
    story._ticket, story.snapshot = ticket_from_json(data["snapshot"]), data["snapshot"]
    story.commands = story.ticket.handled
    after_the_snapshot(story)
    assert [entry_to_json(entry) for entry in story.journal] == data["future"]
    assert story.snapshot == data["end"]


def test_the_golden_ticket_has_a_little_of_everything() -> None:
    data = stored(ENGINE)
    empty = [
        one
        for one in ("clocks", "timers", "tasks", "known", "overridden", "agreement")
        if not data["snapshot"].get(one)
    ]
    assert not empty
    kinds = {entry["cause"]["kind"] for entry in data["journal"] + data["future"]}
    assert kinds == {"command", "clock", "timer", "escalation", "task", "result", "message"}
    assert {entry.get("result", "done") for entry in data["journal"]} == {"done", "refused"}


def test_what_the_engine_writes_does_not_change_without_a_new_engine_number() -> None:
    written = json.loads(json.dumps(golden()))
    same = written == stored(ENGINE)
    assert same, (
        f"engine {ENGINE} writes something else: raise ENGINE, keep the old branch, write a new golden file"
    )


def test_the_serialised_form_does_not_change_without_a_new_engine_number() -> None:
    assert form_of(Ticket) | form_of(Entry) == stored(ENGINE)["form"], (
        f"the form of tickets or entries changed while ENGINE is still {ENGINE}"
    )

"""The life of the golden ticket: a little of everything.

Run by hand (`python -m tests.domain.engine.golden.story`) it writes the golden file. Only for a new engine number: the
file of a number that was ever deployed stays as it is.
"""

from __future__ import annotations

import json
from dataclasses import fields, is_dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, get_args, get_type_hints

from domain.engine.entries import Entry
from domain.engine.events import Actor, Command, Edit, Move, Open
from domain.engine.handle import open_ticket
from domain.engine.serialise import entry_to_json
from domain.engine.ticket import ENGINE, Hashes, Json, Ticket
from tests.builders import START, TICKET_ID, Story, a_definition, an_agent

FOLDER = Path(__file__).parent
PEOPLE = {"ann": Actor("ann"), **an_agent(), "cho": Actor("cho", teams=("desk", "hot-desk"))}
THINGS: dict[str, dict[str, Json] | None] = {
    "service:vpn": {"id": "vpn", "tier": "gold", "critical": True, "owner": "olga"},
    "person:ann": {"id": "ann", "vip": False, "manager": "maria"},
}


def golden_file(engine: int = ENGINE) -> Path:
    """Where the golden ticket of an engine lies."""
    return FOLDER / f"engine-{engine}.json"


def a_story(engine: int = ENGINE) -> Story:
    """The story before it begins."""
    return Story(a_definition((FOLDER / f"engine-{engine}.yaml").read_text()), PEOPLE, dict(THINGS))


def until_the_snapshot(story: Story) -> None:
    """The first part of the life: up to the snapshot in the golden file."""
    opening = Open(
        TICKET_ID, "T-0001", Hashes("p", "c", "a"), {"title": "Golden", "impact": "low", "service": "vpn"}
    )
    command = Command(1, "c1", opening, START, "ann")
    story.keep(open_ticket(story.definition, command, story.facts("ann"), START))
    story.commands = 1
    story.pick("bob", story.journal[0], "desk", vip=True)
    story.edit("bob", assignee=None, meeting="2026-03-02T11:30:00Z", watchers=["ann", "cho"], size=1)
    story.outage_until(story.at(minutes=38))
    story.until(story.at(minutes=50))
    story.send(Move("start"), "ann")
    story.do("start", "bob", hot=True)
    story.finish("call", response={"url": "https://x.example/1"})
    story.until(story.at(hours=1, minutes=5))
    story.do("wait", "bob")
    story.tell("ping", text="Hello")
    story.now = story.at(hours=1, minutes=40)
    story.send(Edit({"impact": "high"}), "bob", received_at=story.at(hours=1, minutes=20))


def after_the_snapshot(story: Story) -> None:
    """The second part: what the ticket must still do, loaded from the golden file."""
    story.now = START + timedelta(hours=2)
    story.reply("ann")
    story.until(story.at(hours=3))
    story.reply("bob")
    story.edit("cho", impact="low", priority="P1")
    story.send(Move("fix"), "cho")
    story.edit("cho", size=4)
    story.complete("look", "cho", note="done")
    story.do("fix", "cho")
    story.outage_until(story.at(days=5))
    story.outage_until(story.at(days=10))


def golden(engine: int = ENGINE) -> dict[str, Json]:
    """What the golden file holds."""
    story = a_story(engine)
    until_the_snapshot(story)
    snapshot, journal = story.snapshot, list(story.journal)
    after_the_snapshot(story)
    return {
        "engine": engine,
        "form": form_of(Ticket) | form_of(Entry),
        "snapshot": snapshot,
        "journal": [entry_to_json(entry) for entry in journal],
        "future": [entry_to_json(entry) for entry in story.journal[len(journal) :]],
        "end": story.snapshot,
    }


def form_of(kind: Any) -> dict[str, Json]:
    """The serialised form of a class and of all it is made of: members with types and defaults."""
    found: dict[str, Json] = {}
    hints = get_type_hints(kind)
    found[kind.__name__] = [f"{one.name}: {hints[one.name]} = {one.default!r}" for one in fields(kind)]
    for hint in hints.values():
        for part in _parts(hint):
            if is_dataclass(part):
                found |= form_of(part)
    return {
        name: [_plainly(line) for line in lines] for name, lines in found.items() if isinstance(lines, list)
    }


def _parts(hint: Any) -> list[Any]:
    return [hint, *(inner for argument in get_args(hint) for inner in _parts(argument))]


def _plainly(line: Json) -> str:
    text = str(line)
    return text[: text.index("<dataclasses._MISSING")] + "…" if "<dataclasses._MISSING" in text else text


if __name__ == "__main__":
    golden_file().write_text(json.dumps(golden(), indent=1, ensure_ascii=False) + "\n")
    print(f"written: {golden_file()}")

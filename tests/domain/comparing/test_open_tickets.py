"""What `diff` calls safe, `migrate` carries out: for real tickets, under one change of a process after the other."""

from __future__ import annotations

from datetime import date
from random import Random

import pytest

from domain.comparing.report import compare
from domain.engine.entries import Entry
from domain.engine.events import SYSTEM, Command, Facts, Migrate
from domain.engine.handle import handle
from domain.engine.serialise import Snapshot, fold, ticket_from_json
from domain.engine.ticket import Ticket
from domain.language.definition import Definition
from domain.language.loader import load_process, load_tests, reload
from domain.language.published import Hashes, publish
from domain.rehearsal.mutations import mutations
from domain.rehearsal.runner import run_case
from tests.builders import NoHolidays
from tests.domain.language.files import KNOWN, from_folders

CHANGES = 40
OTHER = Hashes("1" * 64, "2" * 64, "3" * 64)


def tickets_of(name: str, definition: Definition) -> list[Ticket]:
    """The open tickets of the cases, as they are after each entry."""
    loaded = load_tests(f"{name}.test.yaml", from_folders)
    assert loaded.tests is not None
    found = []
    for case in loaded.tests.cases:
        snapshot: Snapshot = {}
        for entry in run_case(case, definition, loaded.tests.given, KNOWN).journal:
            snapshot = fold(snapshot, entry)
            ticket = ticket_from_json(snapshot)
            if definition.process.states[ticket.state].category != "closed":
                found.append(ticket)
    return found


def moved(ticket: Ticket, old: Definition, new: Definition) -> Entry:
    """The entry of a move, without leaving anything behind."""
    command = Command(ticket.handled + 1, "c", Migrate(new.hashes), ticket.last_at, "")
    return handle(old, ticket, command, Facts(SYSTEM), ticket.last_at, onto=new).entries[-1]


@pytest.mark.parametrize("name", ["incident", "change"])
def test_where_diff_says_that_a_change_is_safe_no_ticket_is_refused(name: str) -> None:
    loaded = load_process(f"{name}.yaml", from_folders, known_processes=KNOWN)
    assert loaded.process is not None and loaded.root is not None
    old = Definition.from_published(publish(loaded, NoHolidays(), date(2026, 11, 1)))
    tickets = tickets_of(name, old)
    dice = Random(20261121)
    found = dict.fromkeys(("safe", "unsafe"), 0)
    refused = 0
    for mutation in dice.sample(mutations(loaded, frozenset(loaded.sources)), CHANGES):
        changed = reload(loaded, mutation.applied(loaded.root), known_processes=KNOWN)
        if changed.process is None or not changed.ok:
            continue
        new = old.with_process(changed.process)
        new.hashes = OTHER
        safe = compare(loaded.process, changed.process).safe
        for ticket in dice.sample(tickets, 3):
            entry = moved(ticket, old, new)
            found["safe" if safe else "unsafe"] += 1
            refused += entry.result != "done"
            assert entry.result == "done" or (entry.result == "refused" and not safe), (
                mutation,
                entry.refusal,
            )
    assert found["safe"] > CHANGES, found

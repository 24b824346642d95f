"""The same events give the same journal, byte for byte, whatever the process runs under."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from pathlib import Path
from random import Random
from typing import Any

import pytest

from domain.engine.advance import advance
from domain.engine.serialise import entry_to_json, ticket_from_json, ticket_to_json
from tests.builders import a_definition, the_incident
from tests.domain.engine.boards import Board
from tests.domain.engine.lives import FRIDAY, MONDAY, lived, random_acts
from tests.domain.engine.random_definitions import a_random_definition

SEED = 20261127
ROOT = Path(__file__).parents[3]


def journals(seed: int) -> str:
    """The digest of the journals of some lives, on the incident and on random definitions."""
    digest = hashlib.sha256()
    for definition, start in (
        (the_incident(), FRIDAY),
        (a_random_definition(3), MONDAY),
        (a_random_definition(9), MONDAY),
    ):
        for life in range(4):
            for entry in lived(definition, start, life, random_acts(Random(seed + life))):
                digest.update(json.dumps(entry_to_json(entry), ensure_ascii=False).encode())
    return digest.hexdigest()


@pytest.fixture(scope="module")
def here() -> str:
    print(f"seed {SEED}")
    return journals(SEED)


@pytest.mark.parametrize(
    ("hash_seed", "zone", "locale"),
    [("0", "UTC", "C"), ("1", "America/New_York", "C.UTF-8"), ("4242", "Asia/Kathmandu", "zh_CN.UTF-8")],
)
def test_neither_hash_seed_nor_time_zone_nor_locale_changes_a_journal(
    here: str, hash_seed: str, zone: str, locale: str
) -> None:
    code = f"from tests.domain.engine.test_determinism import journals; print(journals({SEED}))"
    environment = {
        "PYTHONHASHSEED": hash_seed,
        "TZ": zone,
        "LC_ALL": locale,
        "LANG": locale,
        "PYTHONPATH": str(ROOT),
    }
    run = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stderr
    assert run.stdout.strip() == here


MANY_THINGS_AT_ONCE = """
states: {new: {category: new, tasks: [t2, t1]}, gone: {category: closed}}
transitions:
  z_timer: {from: new, after: 1h, do: [{comment: z}]}
  a_timer: {from: new, after: 1h, do: [{comment: a}]}
  climb: {from: new, when: created, do: [
    {escalate: up}, {escalate: away}, {request_approval: second}, {request_approval: first}]}
  end: {from: new, to: gone, who: everyone}
clocks:
  second: {target: 1h, calendar: always, stop: {in: closed}, at: {100%: [{comment: second}]}}
  first: {target: 2h, calendar: always, stop: {in: closed}, at: {50%: [{comment: first}]}}
escalations:
  up: {steps: [{page: "person:a", wait: 1h}, {page: "person:b", wait: 1h}], until: ticket.assignee != null}
  away: {steps: [{page: "person:c", wait: 1h}, {page: "person:d", wait: 1h}], until: ticket.assignee != null}
approvals:
  first: {stages: [{id: s, approvers: "person:a", remind: {every: 1h}}]}
  second: {stages: [{id: s, approvers: "person:b", timeout: {after: 1h, decide: timed_out}}]}
tasks:
  t1: {wait: {for: 1h}}
  t2: {wait: {for: 1h}}
"""


def turned(value: Any) -> Any:
    """The same JSON, every mapping in it written from its end."""
    if isinstance(value, dict):
        return {name: turned(one) for name, one in reversed(value.items())}
    return [turned(one) for one in value] if isinstance(value, list) else value


def test_what_is_due_at_one_instant_is_handled_by_kind_and_then_as_the_file_has_it() -> None:
    story = Board(a_definition(MANY_THINGS_AT_ONCE))
    story.open()
    snapshot = json.loads(json.dumps(ticket_to_json(story.ticket)))
    at = story.at(hours=1)
    journals = [
        advance(story.definition, ticket_from_json(one), at).entries for one in (snapshot, turned(snapshot))
    ]
    assert journals[0] == journals[1]
    assert [(entry.cause.kind, entry.cause.name.split()[0]) for entry in journals[0]] == [
        ("timer", "z_timer"), ("timer", "a_timer"), ("clock", "second"), ("clock", "first"),
        ("escalation", "up"), ("escalation", "away"), ("approval", "first"), ("approval", "second"),
        ("task", "t1"), ("task", "t2"),
    ]  # fmt: skip
    assert {entry.at for entry in journals[0]} == {at}

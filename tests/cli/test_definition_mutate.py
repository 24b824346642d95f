"""`evertick definition mutate`: what no case notices."""

from __future__ import annotations

import json
import re
from pathlib import Path

from tests.cli.command import evertick
from tests.cli.test_definition import spoil
from tests.cli.test_definition_test import folder  # a fixture

__all__ = ["folder"]


def test_what_no_case_notices_is_named_with_its_line_and_a_score(folder: Path) -> None:
    text = (folder / "incident.yaml").read_text()
    before = {path: path.read_bytes() for path in folder.iterdir()}
    said = evertick("definition", "mutate", str(folder / "incident.yaml"), "--part", "tasks.publish_status")
    assert said.code == 0, said.all
    line = text[: text.index("hand_over_to: service_desk")].count("\n") + 1
    changed = "tasks.publish_status.hand_over_to: service_desk → person:nobody"
    assert f"{folder}/incident.yaml:{line}: {changed}\n" in said.out
    assert re.search(r"(?m)^\S+incident\.yaml: \d+ changes, \d+ noticed, \d+ not: score [\d.]+ %$", said.out)
    assert {path: path.read_bytes() for path in folder.iterdir()} == before


def test_the_same_seed_draws_the_same_changes(folder: Path) -> None:
    command = ("definition", "mutate", str(folder / "incident.yaml"), "--limit", "4", "--format", "json")
    first, again = evertick(*command, "--seed", "7"), evertick(*command, "--seed", "7")
    assert first.out == again.out
    told = json.loads(first.out)
    assert told["tried"] == 4 < told["changes"] and len(told["verdicts"]) == 4
    assert json.loads(evertick(*command, "--seed", "8").out)["verdicts"] != told["verdicts"]


def test_a_low_score_a_failing_case_and_nothing_to_do_have_their_exit_codes(folder: Path) -> None:
    said = evertick(
        "definition",
        "mutate",
        str(folder / "incident.yaml"),
        "--part",
        "permissions.5",
        "--fail-under",
        "100",
    )
    assert said.code == 1
    said = evertick("definition", "mutate", str(folder / "incident.yaml"), "--part", "clocks.nothing")
    assert said.code == 2 and "nothing to change below clocks.nothing" in said.err
    spoil(folder / "incident.test.yaml", "state: resolved", "state: closed")
    said = evertick("definition", "mutate", str(folder / "incident.yaml"), "--limit", "3")
    assert said.code == 1 and "fails as it is; mend it first" in said.err

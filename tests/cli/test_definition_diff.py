"""`evertick definition diff`: two files compared from the command line."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.cli.command import ROOT, evertick

INCIDENT = "definitions/incident.yaml"


@pytest.fixture
def changed(tmp_path: Path) -> Path:
    """A copy of the definitions in which a target is shorter and a state is gone."""
    for path in (ROOT / "definitions").glob("*.yaml"):
        shutil.copy(path, tmp_path)
    file = tmp_path / "incident.yaml"
    file.write_text(file.read_text().replace("P2: 8h,", "P2: 6h,"))
    return file


def test_nothing_differs_and_says_so() -> None:
    said = evertick("definition", "diff", INCIDENT, INCIDENT)
    assert (said.code, said.out) == (0, "Nothing differs.\n")


def test_differences_are_said_with_what_they_mean_and_exit_code_one(changed: Path) -> None:
    said = evertick("definition", "diff", INCIDENT, str(changed))
    assert said.code == 1
    assert "Clock Resolution time (resolve)\n  P2 target 8h → 6h\n" in said.out
    assert "Safe for open tickets. When one is moved to the new definition:\n  - Resolution time" in said.out
    assert "\x1b" not in said.out


def test_a_change_in_a_library_is_a_difference_too(changed: Path) -> None:
    library = changed.parent / "common.yaml"
    library.write_text(
        library.read_text().replace("page: duty_manager, wait: 15m", "page: duty_manager, wait: 5m")
    )
    said = evertick("definition", "diff", INCIDENT, str(changed))
    assert "Escalation Team on-call (on_call)" in said.out


def test_json_has_everything(changed: Path) -> None:
    answer = json.loads(evertick("definition", "diff", INCIDENT, str(changed), "--format", "json").out)
    assert (answer["same"], answer["safe"]) == (False, True)
    [group] = answer["groups"]
    assert group["changes"][0] == {
        "path": "clocks.resolve.target.P2",
        "kind": "changed",
        "text": "P2 target 8h → 6h",
    }
    assert answer["notes"][0]["safe"] is True


def test_what_cannot_be_compared_ends_with_two(changed: Path) -> None:
    assert evertick("definition", "diff", INCIDENT, str(changed.parent / "no.yaml")).code == 2
    assert evertick("definition", "diff", INCIDENT).code == 2
    changed.write_text(changed.read_text().replace("starts_in: new", "starts_in: nwe"))
    said = evertick("definition", "diff", INCIDENT, str(changed))
    assert said.code == 2
    assert 'unknown state "nwe"' in said.err

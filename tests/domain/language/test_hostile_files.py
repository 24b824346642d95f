"""Hostile and odd files: a clear refusal, soon, and without taking the machine's memory."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from domain.language.loader import load_process
from tests.domain.language.hostile import HOSTILE, ODD

ROOT = Path(__file__).parents[3]
SECONDS = 1.0  # of processor time: the machine may be busy with other things
MEGABYTES = 200


@pytest.fixture(scope="module")
def measured() -> dict[str, tuple[float, float, int, list[str]]]:
    """Every hostile file, read in a process of its own: seconds, megabytes, how many problems, what they say."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.domain.language.hostile"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=300,
        check=True,
    )
    found: dict[str, tuple[float, float, int, list[str]]] = json.loads(done.stdout)
    return found


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_clearly_soon_and_cheaply(
    name: str, measured: dict[str, tuple[float, float, int, list[str]]]
) -> None:
    assert measured[name] is not None, "it did not end within ten seconds, or fell over"
    seconds, megabytes, count, said = measured[name]
    assert any(HOSTILE[name][1] in line for line in said), said[:5]
    assert all(line.startswith("p.yaml:") for line in said)
    assert count <= 202, "the first mistakes are enough"
    assert seconds < SECONDS
    assert megabytes < MEGABYTES


@pytest.mark.parametrize("name", ODD)
def test_an_odd_file_is_read(name: str) -> None:
    assert load_process("p.yaml", {"p.yaml": ODD[name]}.get).problems == ()

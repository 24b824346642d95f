"""`evertick definition diagram`: pictures of a process from the command line."""

from __future__ import annotations

import json
from pathlib import Path

from tests.cli.command import evertick

INCIDENT = "definitions/incident.yaml"


def test_the_picture_goes_to_the_terminal_or_into_a_file(tmp_path: Path) -> None:
    said = evertick("definition", "diagram", INCIDENT)
    assert said.code == 0, said.err
    assert said.out.startswith("<svg ")
    file = tmp_path / "incident.svg"
    again = evertick("definition", "diagram", INCIDENT, "--output", str(file))
    assert (again.code, again.out) == (0, "")
    assert file.read_text("utf-8") == said.out


def test_it_speaks_chinese_and_mermaid() -> None:
    assert "等待用户" in evertick("definition", "diagram", INCIDENT, "--locale", "zh-CN").out
    said = evertick("definition", "diagram", INCIDENT, "--format", "mermaid").out
    assert "stateDiagram-v2" in said
    assert "waiting_requester --> in_progress" in said


def test_json_has_every_place() -> None:
    answer = json.loads(evertick("definition", "diagram", INCIDENT, "--format", "json").out)
    assert {node["id"] for node in answer["nodes"]} >= {"start", "new", "in_progress", "closed"}
    assert all(way["line"] for way in answer["ways"])


def test_what_cannot_be_drawn_is_said(tmp_path: Path) -> None:
    said = evertick("definition", "diagram", INCIDENT, "--locale", "de")
    assert (said.code, "there are no texts in de" in said.err) == (2, True)
    file = tmp_path / "p.yaml"
    file.write_text("kind: process\nlang: 1\nid: p\nversion: 1\ntitle: P\nstates: {}\n")
    said = evertick("definition", "diagram", str(file))
    assert said.code == 1
    assert "is missing" in said.err
    assert not said.out

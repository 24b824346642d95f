"""`evertick definition …`: what process owners see of their mistakes."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from cli.definition_check import problems_of
from tests.cli.command import ROOT, evertick
from tests.domain.language.files import small

SHIPPED = ROOT / "definitions"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The shipped definitions, to be spoilt."""
    for path in SHIPPED.glob("*.yaml"):
        shutil.copy(path, tmp_path)
    return tmp_path


def spoil(file: Path, old: str, new: str) -> int:
    """Replace the first place, and give its line."""
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new, 1))
    return text[: text.index(old)].count("\n") + 1


def test_the_shipped_definitions_have_no_errors() -> None:
    said = evertick("definition", "check", "definitions")
    assert said.code == 0
    assert "0 errors" in said.err


def test_every_mistake_is_said_with_file_line_and_column(folder: Path) -> None:
    file = folder / "incident.yaml"
    first = spoil(file, "to: in_progress", "to: in_progres")
    second = spoil(file, "who: [service_desk, resolvers]", "who: [service_dusk, resolvers]")
    said = evertick("definition", "check", str(file))
    assert said.code == 1
    assert f'{file}:{first}:9: unknown state "in_progres"; did you mean "in_progress"?' in said.out
    assert f"{file}:{second}:" in said.out
    assert 'did you mean "service_desk"?' in said.out
    assert "1 file checked: 2 errors" in said.err
    assert "Traceback" not in said.all


def test_a_library_is_checked_with_the_process_that_uses_it(folder: Path) -> None:
    file = folder / "common.yaml"
    line = spoil(file, "minor: {en: One person", "minor: [en, One person")
    said = evertick("definition", "check", str(file))
    assert said.code == 1
    assert f"{file}:{line}:" in said.out


def test_the_organisation_is_checked_too(folder: Path) -> None:
    file = folder / "organisation.yaml"
    file.write_text(file.read_text().replace("lead:", "leed:", 1))
    said = evertick("definition", "check", str(folder))
    assert said.code == 1
    assert f"{file}:" in said.out
    assert "leed" in said.out


def test_two_files_with_one_process_id_are_told_with_both_places(tmp_path: Path) -> None:
    for name in ("leave", "spare"):
        (tmp_path / f"{name}.yaml").write_text(small(), encoding="utf-8")
    said = evertick("definition", "check", str(tmp_path))
    assert said.code == 1
    for here, other in (("leave", "spare"), ("spare", "leave")):
        assert (
            f'{tmp_path / here}.yaml:3:5: the process of {other}.yaml:3 is called "small" too; '
            "give each its own id, or remove one\n"
        ) in said.out
    assert problems_of(tmp_path / "spare.yaml") == (), "a copy that is looked at by itself may be a draft"


def test_a_file_that_is_no_text_is_said(folder: Path) -> None:
    (folder / "odd.yaml").write_bytes(b"kind: process\nid: \xb5\xff\n")
    said = evertick("definition", "check", str(folder / "odd.yaml"))
    assert said.code == 1
    assert f"{folder / 'odd.yaml'}:2:" in said.out
    assert "not UTF-8" in said.out


def test_the_shipped_cases_pass() -> None:
    said = evertick("definition", "test", "definitions/incident.test.yaml")
    assert said.code == 0
    assert re.search(r"\n\d+ passed, 0 failed in ", said.out)


def test_a_wrong_expectation_fails_with_what_was_expected_and_what_came(folder: Path) -> None:
    spoil(folder / "incident.test.yaml", "state: resolved", "state: closed")
    said = evertick("definition", "test", str(folder))
    assert said.code == 1
    assert "FAIL " in said.out
    assert "state  expected closed\n" in said.out and "got      resolved\n" in said.out
    assert re.search(r"\n\d+ passed, 1 failed in ", said.out)


def test_cases_of_a_broken_process_say_its_mistakes(folder: Path) -> None:
    line = spoil(folder / "incident.yaml", "to: in_progress", "to: in_progres")
    said = evertick("definition", "test", str(folder / "incident.test.yaml"))
    assert said.code == 1
    assert f"{folder / 'incident.yaml'}:{line}:9: unknown state" in said.err

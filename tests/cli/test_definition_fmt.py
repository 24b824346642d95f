"""`evertick definition fmt`: files are written anew, or only looked at."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.command import evertick

UNTIDY = "kind: process\nid:   x  # its name\nversion: 1\n"
TIDY = "kind: process\nid: x    # its name\nversion: 1\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three files: not tidy, tidy, and not YAML."""
    (tmp_path / "a.yaml").write_text(UNTIDY)
    (tmp_path / "b.yaml").write_text(TIDY)
    (tmp_path / "c.yaml").write_text("kind: process\nkind: process\n")
    return tmp_path


def test_files_are_put_in_order_once(folder: Path) -> None:
    (folder / "c.yaml").unlink()
    said = evertick("definition", "fmt", str(folder))
    assert (said.code, said.out, said.err) == (0, "", "1 file changed, 1 tidy\n")
    assert (folder / "a.yaml").read_text() == TIDY == (folder / "b.yaml").read_text()
    assert evertick("definition", "fmt", "--check", str(folder)).code == 0


def test_a_check_and_a_diff_write_nothing(folder: Path) -> None:
    said = evertick("definition", "fmt", "--check", str(folder / "a.yaml"))
    assert said.code == 1 and f"{folder}/a.yaml is not tidy\n" in said.out
    said = evertick("definition", "fmt", "--diff", str(folder / "a.yaml"))
    assert said.code == 0 and "-id:   x  # its name\n+id: x    # its name\n" in said.out
    assert (folder / "a.yaml").read_text() == UNTIDY


def test_what_cannot_be_read_stays_and_says_why(folder: Path) -> None:
    said = evertick("definition", "fmt", "--format", "json", str(folder))
    assert said.code == 1 and f"{folder}/c.yaml:2:1:" in said.err
    assert json.loads(said.out) == {
        "tidy": [f"{folder}/b.yaml"],
        "changed": [f"{folder}/a.yaml"],
        "refused": [f"{folder}/c.yaml"],
    }
    assert (folder / "c.yaml").read_text() == "kind: process\nkind: process\n"

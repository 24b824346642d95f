"""`evertick definition schema`: what editors read."""

from __future__ import annotations

import json
from pathlib import Path

from domain.language.schema import json_schemas
from domain.simulation.profile_schema import profile_schema
from tests.cli.command import evertick


def test_one_schema_is_said() -> None:
    said = evertick("definition", "schema", "process-extends")
    assert said.code == 0
    assert json.loads(said.out) == json_schemas()["process-extends-1.json"]


def test_all_are_written_into_a_folder_that_need_not_be_there(tmp_path: Path) -> None:
    said = evertick("definition", "schema", "--out", str(tmp_path / "my" / "schema"))
    assert (said.code, said.out) == (0, "")
    written = {
        path.name: json.loads(path.read_text("utf-8")) for path in (tmp_path / "my" / "schema").iterdir()
    }
    assert written == {**json_schemas(), "simulation-1.json": profile_schema()}


def test_one_of_them_is_written_where_a_kind_is_named(tmp_path: Path) -> None:
    assert evertick("definition", "schema", "process", "--out", str(tmp_path)).code == 0
    assert [path.name for path in tmp_path.iterdir()] == ["process-1.json"]


def test_without_a_kind_and_a_folder_it_says_what_to_name() -> None:
    said = evertick("definition", "schema")
    assert (said.code, said.out) == (2, "")
    assert "name one of process, process-extends, library, tests, simulation; or give --out" in said.err

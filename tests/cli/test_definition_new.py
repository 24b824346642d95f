"""`evertick definition new`: what an owner begins with is sound."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cli.definition_new import TEMPLATES, filled, templates
from domain.language.loader import load_process
from domain.language.yaml_source import plain, read_yaml
from tests.cli.command import evertick
from tests.domain.language.test_schema import fits


@pytest.fixture(params=templates())
def fresh(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A process just made from a template."""
    said = evertick(
        "definition", "new", "leave_request", "--into", str(tmp_path), "--template", str(request.param),
        "--title", "Leave: a request", "--title-zh", "请假申请",
    )  # fmt: skip
    assert said.code == 0, said.all
    assert said.out.endswith(f"Next: evertick definition test {tmp_path}/leave_request.yaml\n")
    return tmp_path


def test_it_passes_its_check_without_a_warning(fresh: Path) -> None:
    said = evertick("definition", "check", "--strict", str(fresh))
    assert (said.code, said.out) == (0, ""), said.all


def test_its_cases_pass_and_come_to_everything(fresh: Path) -> None:
    said = evertick("definition", "test", "--fail-under", "100", str(fresh / "leave_request.yaml"))
    assert said.code == 0, said.all


def test_its_cases_notice_every_change(fresh: Path) -> None:
    said = evertick("definition", "mutate", str(fresh / "leave_request.yaml"), "--format", "json")
    unnoticed = [
        one for one in json.loads(said.out)["verdicts"] if one["outcome"] in ("unnoticed", "unreached")
    ]
    assert not unnoticed


def test_an_editor_finds_the_schemas_that_its_first_lines_name(fresh: Path) -> None:
    for file in ("leave_request.yaml", "leave_request.test.yaml"):
        text = (fresh / file).read_text()
        line, _, path = text.split("\n")[0].partition("$schema=")
        assert line == "# yaml-language-server: "
        schema = json.loads((fresh / path).read_text())
        root = read_yaml(file, text).root
        assert root is not None
        assert fits(schema, plain(root), schema)


def test_schemas_that_are_there_stay(tmp_path: Path) -> None:
    (tmp_path / "schema").mkdir()
    said = evertick("definition", "new", "badge", "--into", str(tmp_path))
    assert said.code == 0 and "VS Code" not in said.out and not list((tmp_path / "schema").iterdir())


def test_it_has_the_name_and_the_titles_that_were_asked_for(fresh: Path) -> None:
    text = (fresh / "leave_request.yaml").read_text()
    assert "new_process" not in text + (fresh / "leave_request.test.yaml").read_text()
    loaded = load_process("leave_request.yaml", lambda name: (fresh / name).read_bytes())
    assert loaded.process is not None
    assert loaded.process.id == "leave_request"
    assert loaded.process.title == {"en": "Leave: a request", "zh-CN": "请假申请"}
    assert loaded.process.number.startswith("LR-")


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    (tmp_path / "badge.test.yaml").write_text("mine")
    said = evertick("definition", "new", "badge", "--into", str(tmp_path))
    assert said.code == 1 and "badge.test.yaml is there already" in said.err
    assert [path.name for path in tmp_path.iterdir()] == ["badge.test.yaml"]
    assert (tmp_path / "badge.test.yaml").read_text() == "mine"


@pytest.mark.parametrize(
    ("name", "like"), [("Leave-Request", "leave_request"), ("2nd", "process_2nd"), ("请假", "process")]
)
def test_a_name_that_cannot_be_one_is_refused_with_one_that_can(tmp_path: Path, name: str, like: str) -> None:
    said = evertick("definition", "new", name, "--into", str(tmp_path))
    assert said.code == 2 and f"write '{like}'" in said.err
    assert not list(tmp_path.iterdir())


def test_an_unknown_template_or_folder_is_refused(tmp_path: Path) -> None:
    said = evertick("definition", "new", "badge", "--template", "bpmn", "--into", str(tmp_path))
    assert said.code == 2 and "there is: task, approval" in said.err
    assert evertick("definition", "new", "badge", "--into", str(tmp_path / "nowhere")).code == 2


def test_a_single_word_and_no_title_make_sense() -> None:
    text = filled((TEMPLATES / "task.yaml").read_text(), "badge", "", "")
    assert "number: BAD-{n:5}" in text and "title: {en: Badge, zh-CN: Badge}" in text and "# Badge:" in text

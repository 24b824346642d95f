"""`evertick definition check` for other programs: formats and exit codes."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from bootstrap.public_holidays import country_problem
from cli.definition_check import COMMON, Found, problems_of
from cli.definition_check_formats import as_github, as_json, as_sarif
from tests.cli.command import ROOT, evertick
from tests.cli.test_definition import spoil
from tests.cli.test_definition_test import folder  # a fixture
from tests.domain.language.files import small

__all__ = ["folder"]

FOUND = [
    Found(Path("my files/a,b.yaml"), 3, 9, "error", 'unknown state "x"; 50%\nof the line', "unknown-name"),
    Found(Path("/srv/b.yaml"), 1, 1, "warning", "工单"),
]


def test_json_has_every_problem_and_counts_them() -> None:
    told = json.loads(as_json(FOUND))
    assert (told["errors"], told["warnings"]) == (1, 1)
    assert told["problems"][1] == {
        "file": "/srv/b.yaml",
        "line": 1,
        "column": 1,
        "severity": "warning",
        "code": "other",
        "message": "工单",
    }


def test_github_annotations_escape_what_would_end_them() -> None:
    first, second = as_github(FOUND).split("\n")
    assert first == (
        "::error file=my files/a%2Cb.yaml,line=3,col=9,title=unknown-name"
        '::unknown state "x"; 50%25%0Aof the line'
    )
    assert second.startswith("::warning file=/srv/b.yaml,line=1,col=1,")
    assert as_github([]) == ""


def test_sarif_has_what_its_schema_requires() -> None:
    log = json.loads(as_sarif(FOUND))
    check_sarif(log)
    results = log["runs"][0]["results"]
    uris = [one["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for one in results]
    assert uris == ["my%20files/a%2Cb.yaml", "file:///srv/b.yaml"]
    assert [one["level"] for one in results] == ["error", "warning"]
    check_sarif(json.loads(as_sarif([])))


def check_sarif(log: dict[str, object]) -> None:
    """What the schema of SARIF 2.1.0 asks of the parts we use."""
    assert set(log) == {"$schema", "version", "runs"} and log["version"] == "2.1.0"
    runs = log["runs"]
    assert isinstance(runs, list)
    for run in runs:
        assert set(run) <= {"tool", "results", "columnKind"}
        assert run["columnKind"] in ("utf16CodeUnits", "unicodeCodePoints")
        driver = run["tool"]["driver"]
        assert driver["name"] == "evertick"
        assert all(rule["shortDescription"]["text"] for rule in driver["rules"])
        rules = [rule["id"] for rule in driver["rules"]]
        assert len(set(rules)) == len(rules)
        for result in run["results"]:
            assert set(result) == {"ruleId", "ruleIndex", "level", "message", "locations"}
            assert result["level"] in ("none", "note", "warning", "error")
            assert rules[result["ruleIndex"]] == result["ruleId"]
            assert isinstance(result["message"]["text"], str)
            for location in result["locations"]:
                physical = location["physicalLocation"]
                assert re.fullmatch(r"[A-Za-z0-9._~:/%()-]+", physical["artifactLocation"]["uri"])
                assert physical["region"]["startLine"] >= 1 and physical["region"]["startColumn"] >= 1


@pytest.mark.parametrize("form", ["text", "json", "github", "sarif"])
def test_every_form_tells_the_same_mistake_at_the_same_place(folder: Path, form: str) -> None:
    line = spoil(folder / "incident.yaml", "to: in_progress", "to: in_progres")
    said = evertick("definition", "check", str(folder), "--format", form)
    assert said.code == 1
    assert "in_progres" in said.out and str(line) in said.out
    assert "incident.yaml" in said.out and "Traceback" not in said.all


def test_warnings_fail_only_a_strict_check(folder: Path) -> None:
    text = (folder / "incident.yaml").read_text()
    (folder / "incident.yaml").write_text(text.replace("locales: [en, zh-CN]", "locales: [en, zh-CN, de]"))
    said = evertick("definition", "check", str(folder / "incident.yaml"))
    assert said.code == 0 and "warning: " in said.out
    assert evertick("definition", "check", "--strict", str(folder / "incident.yaml")).code == 1


def test_the_organisation_beside_a_process_is_asked_or_the_one_that_is_named(tmp_path: Path) -> None:
    file = tmp_path / "p.yaml"
    file.write_text(small(roles="{boss: group:directors}").replace("everyone", "boss"), encoding="utf-8")
    assert problems_of(file) == ()
    organisation = (
        "kind: organisation\nname: X\ntime_zone: UTC\npeople: {ann: {name: Ann}}\nteams: {desk: {}}\n"
    )
    other = tmp_path / "other.yaml"
    other.write_text(organisation + "groups: {directors: {}}\n")
    assert problems_of(file, other) == ()
    (tmp_path / "organisation.yaml").write_text(organisation)
    (found,) = problems_of(file)
    assert str(found) == 'p.yaml:14:15: warning: organisation.yaml has no group "directors"'
    said = evertick("definition", "check", str(file), "--organisation", str(other))
    assert (said.code, said.out, said.err) == (0, "", "2 files checked: 0 errors, 0 warnings\n")


def test_a_file_that_is_not_there_is_exit_code_2(tmp_path: Path) -> None:
    said = evertick("definition", "check", str(tmp_path / "none.yaml"))
    assert (said.code, said.out) == (2, "") and "there is no file" in said.err


@pytest.mark.parametrize("command", ["check", "fmt"])
def test_a_folder_without_definitions_is_exit_code_2(tmp_path: Path, command: str) -> None:
    said = evertick("definition", command, str(tmp_path))
    assert (said.code, said.out) == (2, "") and "there is no file *.yaml in" in said.err


NO_SERVER = {"fastapi", "sqlalchemy", "temporalio", "holidays", "jinja2"}


def test_checking_takes_no_server_library_and_little_time() -> None:
    said = evertick("definition", "check", "definitions/incident.yaml")
    assert said.code == 0
    assert said.seconds < 4, "of processor time, on a busy machine; bench/ has the real figure"
    loaded = modules_after_checking()
    assert not {name.split(".")[0] for name in loaded} & NO_SERVER
    assert not loaded & {"domain.language.models_tests", "domain.engine.step", "cli.definition_simulate"}


def modules_after_checking() -> set[str]:
    import subprocess
    import sys

    code = (
        "import sys\nfrom cli.definition_check import problems_of\nfrom pathlib import Path\n"
        "import cli.main\nproblems_of(Path('definitions/incident.yaml'))\nprint('\\n'.join(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    return set(done.stdout.split())


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("China", 'no public holidays are known for the country "China"'),
        ("XX", 'no public holidays are known for the country "XX"'),
        ("{country: DE, subdivision: XY}", 'no public holidays are known for the part "XY" of DE'),
    ],
)
def test_holidays_nobody_knows_are_told(written: str, said: str, tmp_path: Path) -> None:
    file = tmp_path / "p.yaml"
    office = f"{{time_zone: UTC, week: {{mon-fri: 09:00-17:00}}, holidays: {written}}}"
    file.write_text(small(calendars=f"\n  office: {office}"), encoding="utf-8")
    (found,) = (str(one) for one in problems_of(file) if one.severity == "error")
    assert found.startswith("p.yaml:") and said in found


def test_the_common_countries_need_no_looking_up() -> None:
    assert {country_problem(country, part) for country, part in COMMON} == {None}

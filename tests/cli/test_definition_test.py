"""`evertick definition test`: what process owners see of their cases."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree as Xml

import pytest

from tests.cli.command import ROOT, evertick
from tests.cli.test_definition import spoil

SHIPPED = ROOT / "definitions"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The shipped definitions, to be spoilt."""
    for path in SHIPPED.glob("*.yaml"):
        shutil.copy(path, tmp_path)
    return tmp_path


def test_a_failed_case_is_a_timeline_with_the_journal_around_it(folder: Path) -> None:
    line = spoil(folder / "incident.test.yaml", "{who: liu, at: 18:30}", "{who: mia, at: 18:30}")
    said = evertick("definition", "test", str(folder / "incident.yaml"))
    assert said.code == 1
    assert re.search(r"(?m)^       2026-11-27 Friday$", said.out)
    assert re.search(r"(?m)^       18:30     escalation: on_call .*common\.yaml:\d+$", said.out)
    assert re.search(r"(?m)^   >   18:49     step 4 is not as expected", said.out)
    assert "paged  expected mia at 18:30\n" in said.out
    assert "       got      liu at 18:30, zhao at 18:35, zhao at 18:40\n" in said.out
    assert (
        said.out.index("18:40") < said.out.index("step 4 is") < said.out.index("response missed its target")
    )
    assert f"incident.test.yaml:{line - 1}\n" in said.out
    assert "\x1b" not in said.out, "colour is for terminals"


def test_only_cases_of_a_name_are_played(folder: Path) -> None:
    said = evertick("definition", "test", str(folder), "-k", "VIP gets", "-k", "fixed problem")
    assert (said.code, said.out.splitlines()[-1].split(" in ")[0]) == (0, "2 passed, 0 failed")
    said = evertick("definition", "test", str(folder), "-k", "unicorn")
    assert said.code == 2 and "no case to play of that name" in said.err


def test_coverage_names_what_no_case_comes_to_and_can_fail(folder: Path) -> None:
    said = evertick("definition", "test", str(folder), "-k", "VIP gets", "--coverage")
    assert said.code == 0
    line = (SHIPPED / "incident.yaml").read_text().split("\n  cancel:")[0].count("\n") + 2
    assert re.search(rf"transition +cancel +{folder}/incident\.yaml:{line}\n", said.out)
    assert re.search(r"\b1 of \d+ states", said.out)
    said = evertick("definition", "test", str(folder), "-k", "VIP gets", "--fail-under", "50")
    assert said.code == 1 and "less than 50 % is exercised" in said.err


def test_results_as_json(folder: Path) -> None:
    spoil(folder / "incident.test.yaml", "state: resolved", "state: closed")
    said = evertick("definition", "test", str(folder), "--coverage", "--format", "json")
    assert said.code == 1
    told = json.loads(said.out)
    cases = [one for file in told["files"] for one in file["cases"]]
    assert (told["passed"], told["failed"]) == (len(cases) - 1, 1)
    (case,) = [one for one in cases if not one["passed"]]
    assert case["failures"][0]["differences"] == [{"what": "state", "expected": "closed", "got": "resolved"}]
    assert case["failures"][0]["at"] == "2026-12-01T09:01:00+08:00"
    assert 0 < told["coverage"][f"{folder}/incident.yaml"]["percent"] <= 100


def test_results_as_junit_have_the_shape_that_build_servers_read(folder: Path) -> None:
    spoil(folder / "incident.test.yaml", "state: resolved", "state: closed")
    (folder / "broken.test.yaml").write_text("kind: tests\nlang: 1\nprocess: nowhere.yaml\ncases: []\n")
    said = evertick("definition", "test", str(folder), "--junit", str(folder / "out.xml"))
    assert said.code == 1
    root = Xml.parse(folder / "out.xml").getroot()
    check_junit(root)
    assert (root.get("failures"), root.get("errors")) == ("1", "1")
    (failure,) = root.findall(".//failure")
    assert failure.get("message") == "state: expected closed, got resolved"
    (error,) = root.findall(".//error")
    assert 'there is no file "nowhere.yaml"' in str(error.text)


def check_junit(root: Xml.Element) -> None:
    """The shape of the JUnit schema, as Jenkins publishes it: names, attributes, counts."""
    allowed = {
        "testsuites": {"name", "tests", "failures", "errors", "time"},
        "testsuite": {
            "name",
            "tests",
            "failures",
            "errors",
            "skipped",
            "time",
            "timestamp",
            "hostname",
            "id",
        },
        "testcase": {"name", "classname", "time", "file", "line", "assertions", "status"},
        "failure": {"message", "type"},
        "error": {"message", "type"},
    }
    inside = {"testsuites": {"testsuite"}, "testsuite": {"testcase"}, "testcase": {"failure", "error"}}
    for element in root.iter():
        assert set(element.attrib) <= allowed[element.tag]
        assert {child.tag for child in element} <= inside.get(element.tag, set())
    for suite in root:
        assert int(suite.attrib["tests"]) == len(suite)
        assert int(suite.attrib["failures"]) == len(suite.findall("testcase/failure"))
        assert int(suite.attrib["errors"]) == len(suite.findall("testcase/error"))
        assert all(re.fullmatch(r"\d+\.\d{3}", case.attrib["time"]) for case in suite)
        assert all(case.get("name") and case.get("classname") for case in suite)


def test_without_files_the_cases_of_this_folder_are_played(tmp_path: Path) -> None:
    said = in_folder(tmp_path, "definition", "test")
    assert said.returncode == 2 and "there is no case to play" in said.stderr
    for path in SHIPPED.glob("*.yaml"):
        shutil.copy(path, tmp_path)
    said = in_folder(tmp_path, "definition", "test")
    assert said.returncode == 0 and "passed, 0 failed" in said.stdout


def in_folder(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "cli.main", *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_watching_plays_again_when_a_file_changes_and_ends_quietly(folder: Path) -> None:
    command = [
        sys.executable,
        "-u",
        "-m",
        "cli.main",
        "definition",
        "test",
        str(folder),
        "-k",
        "VIP",
        "--watch",
    ]
    out, err = folder / "out.txt", folder / "err.txt"
    with out.open("w") as to, err.open("w") as errors:
        # What runs in the background may ignore Ctrl-C, and its children with it; at a terminal nobody does.
        watcher = subprocess.Popen(
            command,
            cwd=ROOT,
            stdout=to,
            stderr=errors,
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509 - one thread here
        )
    try:
        until(lambda: err.read_text().count("Watching") == 1)
        spoil(folder / "common.yaml", "raise_by: 1", "raise_by: 2")
        until(lambda: err.read_text().count("Watching") == 2)
        watcher.send_signal(signal.SIGINT)
        assert watcher.wait(20) == 0
    finally:
        watcher.kill()
        watcher.wait()
    assert "1 passed, 0 failed" in out.read_text() and "0 passed, 1 failed" in out.read_text()
    assert "Traceback" not in err.read_text()


def until(condition: Callable[[], bool]) -> None:
    """Wait for what another process does."""
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.05)


def test_all_shipped_cases_take_less_than_a_second() -> None:
    said = evertick("definition", "test", "definitions")
    seconds = float(said.out.splitlines()[-1].split(" in ")[1].removesuffix(" s"))
    assert said.code == 0 and seconds < 10, "of processor time, without loading; the goal is 1 s"


def test_a_person_whose_name_looks_like_a_slip_is_told_before_the_cases(folder: Path) -> None:
    file = folder / "incident.test.yaml"
    line = spoil(file, "as: wang\n", "as: wnag\n")
    said = evertick("definition", "test", str(file), "-k", "stops the paging")
    assert said.code == 1
    assert f'{file}:{line}:13: warning: "wnag" is not in `given.people`; did you mean "wang"?' in said.err
    assert "wnag is not in given.people, did you mean wang?" in said.out

"""`evertick definition simulate`: the same seed gives the same bytes, and mistakes are said at their place."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.command import ROOT, evertick

SIMULATE = ("definition", "simulate", "definitions/incident.yaml", "--tickets", "60", "--days", "7")


def output(*arguments: str, **environment: str) -> bytes:
    """What the command writes, in some environment."""
    done = subprocess.run(
        [sys.executable, "-m", "cli.main", *arguments],
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        timeout=120,
        check=True,
    )
    return done.stdout


def test_the_same_seed_gives_the_same_bytes_wherever_it_runs() -> None:
    given = [
        output(*SIMULATE, "--format", "json", PYTHONHASHSEED=seed, TZ=zone, LC_ALL=locale, PYTHONUTF8="1")
        for seed, zone, locale in (
            ("0", "UTC", "C"),
            ("1", "Asia/Shanghai", "zh_CN.UTF-8"),
            ("4242", "America/New_York", "de_DE.UTF-8"),
        )
    ]
    assert given[0] == given[1] == given[2]
    assert json.loads(given[0])["result"]["arrived"] == 60


def test_another_seed_gives_another_month() -> None:
    assert output(*SIMULATE, "--seed", "1") != output(*SIMULATE, "--seed", "2")


def test_the_table_says_how_many_clocks_were_kept() -> None:
    said = evertick(*SIMULATE)
    assert said.code == 0 and not said.err
    assert said.out.startswith(
        "incident version 2: 60 tickets in 7 days from 2026-01-05 (Asia/Shanghai), seed 7"
    )
    for title in ("clock", "team", "state", "threshold reached", "transition"):
        assert f"\n{title} " in said.out
    assert "never happened: " in said.out


def test_the_profile_it_shows_gives_the_same_month(tmp_path: Path) -> None:
    profile = tmp_path / "profile.yaml"
    profile.write_bytes(output("definition", "simulate", "definitions/incident.yaml", "--show-profile"))
    assert output(*SIMULATE, "--profile", str(profile)) == output(*SIMULATE)


def test_a_version_compared_with_itself_changes_nothing() -> None:
    text = output(*SIMULATE, "--compare", "definitions/incident.yaml").decode()
    rows = [line.split() for line in text.splitlines() if line.startswith(("response", "resolve", "pickup"))]
    assert rows and all(row[-1] == row[-2] for row in rows if "%" in row[-1])
    assert "+" not in text.replace("clock", "")


def test_a_stricter_target_is_met_less_often_under_the_same_arrivals(tmp_path: Path) -> None:
    for path in (ROOT / "definitions").glob("*.yaml"):
        (tmp_path / path.name).write_text(path.read_text())
    stricter = tmp_path / "incident.yaml"
    stricter.write_text(
        stricter.read_text().replace(
            "{P1: 4h, P2: 8h, P3: 24h, P4: 48h}", "{P1: 4h, P2: 8h, P3: 24h, P4: 90m}"
        )
    )
    found = json.loads(output(*SIMULATE, "--compare", str(stricter), "--format", "json"))
    shares = [
        next(one for one in found[which]["clocks"] if (one["clock"], one["level"]) == ("resolve", "P4"))
        for which in ("result", "other")
    ]
    assert shares[1]["share"] < shares[0]["share"]
    assert found["result"]["arrived"] == found["other"]["arrived"]


def test_a_profiles_mistakes_are_said_at_their_place(tmp_path: Path) -> None:
    profile = tmp_path / "profile.yaml"
    profile.write_text(
        "kind: simulation\nlang: 1\nprocess: incident\nstates:\n  nwe: {work: 5m, then: {start: 1}}\n"
    )
    said = evertick(*SIMULATE, "--profile", str(profile))
    assert said.code == 1 and not said.out
    assert said.err == f'{profile}:5:3: unknown state "nwe"; did you mean "new"?\n'


def test_a_definition_with_mistakes_is_not_simulated(tmp_path: Path) -> None:
    file = tmp_path / "p.yaml"
    file.write_text("kind: process\nlang: 1\n")
    said = evertick("definition", "simulate", str(file))
    assert said.code == 1
    assert f"{file}:1:1:" in said.err


@pytest.mark.parametrize("missing", ["--profile", "--compare"])
def test_a_file_that_is_not_there_is_said_so(missing: str) -> None:
    said = evertick(*SIMULATE, missing, "nowhere.yaml")
    assert said.code == 2
    assert "there is no file nowhere.yaml" in said.err


def test_nothing_of_a_server_is_imported() -> None:
    code = (
        "import sys; from cli.main import app\n"
        "try: app(['definition', 'simulate', 'definitions/incident.yaml', '--tickets', '3'])\n"
        "except SystemExit: pass\n"
        "print(sorted({name.split('.')[0] for name in sys.modules} & "
        "{'fastapi', 'sqlalchemy', 'temporalio', 'starlette', 'uvicorn'}))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_check_knows_profiles_and_finds_their_process_beside_them(tmp_path: Path) -> None:
    for path in (ROOT / "definitions").glob("*.yaml"):
        (tmp_path / path.name).write_text(path.read_text())
    profile = tmp_path / "profile.yaml"
    profile.write_text(
        "kind: simulation\nlang: 1\nprocess: incident\nteams: {desk: {people: 2, calendar: ofice}}\n"
    )
    said = evertick("definition", "check", str(profile))
    assert said.code == 1
    assert f'{profile}:4:37: unknown calendar "ofice"; did you mean "office"?' in said.out
    profile.write_text("kind: simulation\nlang: 1\nprocess: incidents\n")
    said = evertick("definition", "check", str(profile))
    assert f'{profile}:3:10: there is no process "incidents" beside this file' in said.out


def test_the_report_with_charts_is_written_in_either_language(tmp_path: Path) -> None:
    english, chinese = tmp_path / "en.html", tmp_path / "zh.html"
    assert output(*SIMULATE, "--html", str(english)) == output(
        *SIMULATE, "--html", str(chinese), "--locale", "zh-CN"
    )
    assert '<html lang="en">' in english.read_text() and '<html lang="zh-CN">' in chinese.read_text()
    again = tmp_path / "again.html"
    output(*SIMULATE, "--html", str(again), PYTHONHASHSEED="99", TZ="Pacific/Apia")
    assert again.read_bytes() == english.read_bytes()

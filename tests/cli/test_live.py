"""Commands against a desk that runs: the tour, the doctor, reseeding, and a start with a broken definition."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import httpx2
import pytest

from tests.cli.command import ROOT, Said, evertick
from tests.live.case_player import where_they_differ
from tests.live.test_run import a_home_without_demo_tickets, eventually, evertick_run, open_ticket

pytestmark = pytest.mark.live


@pytest.mark.parametrize(
    ("lang", "line"), [("en", "opens “VPN unusable”"), ("zh-CN", "通过 API 提交 “VPN unusable”")]
)
def test_the_tour_tells_the_story_that_happens(lang: str, line: str) -> None:
    said = evertick("tour", "--lang", lang)
    assert said.code == 0, said.all
    assert line in said.out
    assert said.err == ""


def test_doctor_and_reseed_on_a_small_desk(tmp_path: Path) -> None:
    home = a_home_without_demo_tickets(tmp_path)
    with evertick_run(home) as running:
        running.wait_until_it_says("Evertick is running.")
        with running.api as api:
            before = [_seen(api, ref) for ref in _three_tickets(api)]
        assert _doctor(home).code == 0
        one = _doctor(home, before[0]["ref"])
        assert (one.code, one.out) == (0, "0 differences found.\n")
        none = _doctor(home, "INC-999999")
        assert (none.code, none.err) == (1, "evertick: there is no ticket 'INC-999999'\n")
        refused = evertick("reseed", HOME=str(home))
        assert refused.code == 1
        assert "another `evertick run` uses" in refused.err
        running.stop()

    done = evertick("reseed", HOME=str(home))
    assert done.code == 0
    assert (
        "3 tickets will be started again from their stored snapshots by the next `evertick run`." in done.out
    )
    assert not (home / "temporal.db").exists()
    assert list(home.glob("temporal-*/temporal.db"))

    with evertick_run(home) as running:
        running.wait_until_it_says("Evertick is running.")
        # Their clocks are timers of new workflows; nothing of them was forgotten.
        eventually(lambda: _doctor(home).code == 0, 60)
        with running.api as api:
            assert not where_they_differ(before, [_seen(api, ticket["ref"]) for ticket in before])
            moved = _move(api, before[2]["ref"], "resolve", resolution_code="fixed", resolution="Renewed.")
            assert moved["state"] == "resolved"
        assert _doctor(home).code == 0


def test_a_broken_definition_is_said_at_the_start_and_the_old_version_stays(tmp_path: Path) -> None:
    home = a_home_without_demo_tickets(tmp_path)
    folder = tmp_path / "definitions"
    shutil.copytree(ROOT / "definitions", folder, ignore=shutil.ignore_patterns("schema"))
    with evertick_run(home, DEFINITIONS=str(folder)) as running:
        running.wait_until_it_says("Evertick is running.")
        running.stop()
    file = folder / "incident.yaml"
    text = file.read_text()
    line = text[: text.index("to: in_progress")].count("\n") + 1
    file.write_text(text.replace("to: in_progress", "to: in_progres", 1))
    with evertick_run(home, DEFINITIONS=str(folder)) as running:
        running.wait_until_it_says("Evertick is running.")
        assert (
            f'incident.yaml:{line}:9: unknown state "in_progres"; did you mean "in_progress"?' in running.said
        )
        assert "incident: has mistakes; its last published version stays in use" in running.said
        with running.api as api:
            ref = open_ticket(api)["ref"]
            assert _move(api, ref, "start")["state"] == "in_progress"
        running.stop()


def test_a_first_start_with_nothing_but_mistakes_ends_with_them(tmp_path: Path) -> None:
    folder = tmp_path / "definitions"
    folder.mkdir()
    (folder / "only.yaml").write_text("kind: process\nlang: 1\nid: only\nversion: one\n")
    with evertick_run(tmp_path / "home", DEFINITIONS=str(folder)) as running:
        eventually(lambda: running.process.poll() is not None, 60)
        assert running.process.returncode == 1
        assert "only.yaml:4:10: " in running.said
        assert "Traceback" not in running.said


def _doctor(home: Path, *ref: str) -> Said:
    return evertick("doctor", *ref, HOME=str(home))


def _three_tickets(api: httpx2.Client) -> list[str]:
    """One new, one waiting, one being worked on."""
    refs = [open_ticket(api)["ref"] for _ in range(3)]
    _move(api, refs[1], "start")
    _move(api, refs[1], "ask_requester", waiting_reason="Since when?")
    _move(api, refs[2], "start")
    eventually(lambda: api.get(f"/api/v1/tickets/{refs[0]}").json()["assignee"], 20)  # somebody is picked
    return refs


def _move(api: httpx2.Client, ref: str, transition: str, **fields: str) -> dict[str, Any]:
    answer = api.post(
        f"/api/v1/tickets/{ref}/transitions",
        json={"transition": transition, "fields": fields},
        headers={"If-Match": "*"},
    )
    if (
        answer.status_code == 202
    ):  # a machine that is too busy for three seconds: accepted, and worth asking after
        where = answer.headers["Location"]
        eventually(lambda: api.get(where).json()["status"] != "pending", 30)
        assert api.get(where).json()["status"] == "done"
        answer = api.get(f"/api/v1/tickets/{ref}")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def _seen(api: httpx2.Client, ref: str) -> dict[str, Any]:
    """What must be the same afterwards: state, fields, and the clocks with everything behind them."""
    ticket = api.get(f"/api/v1/tickets/{ref}").json()
    clocks = [api.get(f"/api/v1/tickets/{ref}/clocks/{one['name']}").json() for one in ticket["clocks"]]
    for clock in clocks:
        for moving in (clock, *clock["ledger"]):  # by itself, while the clock runs
            for name in ("elapsed_seconds", "left_seconds", "worked"):
                moving.pop(name, None)
    return {name: ticket[name] for name in ("ref", "state", "fields", "opened_at")} | {"clocks": clocks}

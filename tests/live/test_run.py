"""`evertick run` as a person uses it: one command, a tree of processes, Ctrl-C, kill -9, and the next start."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx2
import pytest

from bootstrap.home import mark_demo_loaded
from bootstrap.ports import a_free_port

ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.skipif(not Path("/proc").exists(), reason="looks for processes in /proc")


class Running:
    """One `evertick run`, what it said so far, and the API of its first agent."""

    def __init__(self, home: Path, **settings: str) -> None:
        ports = {name: str(a_free_port()) for name in ("PORT", "TEMPORAL_PORT", "TEMPORAL_UI_PORT")}
        env = {f"EVERTICK_{name}": value for name, value in {**ports, **settings}.items()}
        self._home = home
        self._output = home.parent / "output.txt"
        with self._output.open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "cli.main", "run"],
                cwd=ROOT,
                env={**os.environ, **env, "EVERTICK_HOME": str(home)},
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    @property
    def said(self) -> str:
        return self._output.read_text()

    def wait_until_it_says(self, text: str, within: float = 120.0) -> None:
        eventually(lambda: text in self.said or self.process.poll() is not None, within)
        assert text in self.said, self.said

    @property
    def api(self) -> httpx2.Client:
        addresses = json.loads((self._home / "running.json").read_text())
        accounts = json.loads((self._home / "demo-accounts.json").read_text())
        token = next(one["token"] for one in accounts if one["id"] == "wang")
        return httpx2.Client(
            base_url=addresses["web"],
            headers={"Authorization": f"Bearer {token}"},
            timeout=20,
            trust_env=False,
        )

    def stop(self, number: signal.Signals = signal.SIGINT) -> float:
        """Seconds it took."""
        began = time.monotonic()
        self.process.send_signal(number)
        self.process.wait(30)
        return time.monotonic() - began


@contextmanager
def evertick_run(home: Path, **settings: str) -> Iterator[Running]:
    running = Running(home, **settings)
    try:
        yield running
    finally:
        if running.process.poll() is None:
            running.process.kill()
        running.process.wait()
        eventually(lambda: not processes_of(home), 10)


def eventually(holds: Callable[[], object], within: float) -> None:
    until = time.monotonic() + within
    while not holds():
        assert time.monotonic() < until, "it did not happen in time"
        time.sleep(0.05)


def processes_of(home: Path) -> list[int]:
    """Every process that works for this installation: it is in their environment or their command line."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            known = (entry / "environ").read_bytes() + (entry / "cmdline").read_bytes()
        except OSError:  # it ended, or is somebody else's
            continue
        if str(home).encode() in known and entry.name != str(os.getpid()):
            found.append(int(entry.name))
    return found


def a_home_without_demo_tickets(folder: Path) -> Path:
    """Accounts are made at every start; the tickets would take their time."""
    home = folder / "home"
    home.mkdir()
    mark_demo_loaded(home)
    return home


def open_ticket(api: httpx2.Client) -> dict[str, Any]:
    body = {
        "process": "incident",
        "fields": {
            "title": "VPN unusable",
            "description": "x",
            "service": "vpn",
            "category": "vpn",
            "impact": "extensive",
            "urgency": "critical",
            "affected_users": 800,
        },
    }
    answer = api.post("/api/v1/tickets", json=body)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_it_runs_stops_cleanly_and_goes_on_where_it_was(tmp_path: Path) -> None:
    home = tmp_path / "home"
    with evertick_run(home, DEMO="on") as first:
        first.wait_until_it_says("Evertick is running.")
        for promised in ("Web", "/api/docs", "Temporal UI", str(home), "itsm_pat_", "Ctrl-C"):
            assert promised in first.said
        with first.api as api:
            ref = open_ticket(api)["ref"]
            assert api.get("/health/ready").status_code == 200
            assert api.get("/api/docs").status_code == 200
        assert first.stop() < 15
        assert first.process.returncode == 0
        assert processes_of(home) == []

    with evertick_run(home, DEMO="on") as second:
        second.wait_until_it_says("Evertick is running.")
        assert "Loading the demo desk" not in second.said
        with second.api as api:
            ticket = api.get(f"/api/v1/tickets/{ref}")
            assert ticket.status_code == 200, ticket.text
            moved = api.post(
                f"/api/v1/tickets/{ref}/transitions",
                json={"transition": "start"},
                headers={"If-Match": ticket.headers["ETag"]},
            )
            assert moved.status_code in (200, 201, 202), moved.text
        # Power cut: whoever is left without its supervisor dies with it.
        second.process.kill()
        second.process.wait()
        eventually(lambda: not processes_of(home), 10)


def test_taken_ports_are_replaced_and_said_and_a_home_is_used_once(tmp_path: Path) -> None:
    home = tmp_path / "home"
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with evertick_run(home, DEMO="off", PORT=str(port)) as running:
            running.wait_until_it_says("Evertick is running.")
            assert f"Port {port} is taken" in running.said
            other = subprocess.run(
                [sys.executable, "-m", "cli.main", "run"],
                cwd=ROOT,
                env={**os.environ, "EVERTICK_HOME": str(home)},
                capture_output=True,
                text=True,
                timeout=60,
                check=False,
            )
            assert other.returncode != 0
            assert "another `evertick run` uses" in other.stderr + other.stdout
            assert running.stop(signal.SIGTERM) < 15
            assert running.process.returncode == 0


def test_parts_that_die_are_started_again(tmp_path: Path) -> None:
    home = a_home_without_demo_tickets(tmp_path)
    with evertick_run(home, DEMO="on") as running:
        running.wait_until_it_says("Evertick is running.")
        before = set(processes_of(home)) - {running.process.pid}
        assert len(before) == 3
        for pid in before:
            os.kill(pid, signal.SIGKILL)
        eventually(lambda: len(set(processes_of(home)) - before) == 4, 30)

        def answers() -> bool:
            try:
                with running.api as api:
                    return api.get("/health/ready").status_code == 200
            except httpx2.HTTPError:
                return False

        eventually(answers, 60)
        with running.api as api:
            open_ticket(api)
        assert running.stop() < 15

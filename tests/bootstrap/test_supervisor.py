"""The supervisor with real processes: started again when they die, ended in order, never left behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from bootstrap.processes import end, start_tied
from bootstrap.supervisor import Part, Supervisor

ROOT = Path(__file__).parents[2]
SLEEPS = "import time; time.sleep(600)"
STUBBORN = """
import signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print('up', flush=True)
time.sleep(600)
"""
SAYS_GOODBYE = """
import signal, sys, time
def goodbye(*_):
    print('goodbye', flush=True)
    sys.exit(0)
signal.signal(signal.SIGTERM, goodbye)
print('up', flush=True)
time.sleep(600)
"""

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs POSIX signals")


def a_part(name: str, code: str, log: Path | None = None) -> Part:
    return Part(name, [sys.executable, "-c", code], log=log)


def eventually(holds: Callable[[], object], within: float = 20.0) -> None:
    until = time.monotonic() + within
    while not holds():
        assert time.monotonic() < until, "it did not happen in time"
        time.sleep(0.01)


def is_alive(pid: int) -> bool:
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return False


def test_a_part_that_dies_is_started_again() -> None:
    with Supervisor([a_part("one", SLEEPS), a_part("two", SLEEPS)]) as supervisor:
        supervisor.start()
        before = supervisor.pids()
        os.kill(before["one"], signal.SIGKILL)
        until = time.monotonic() + 20
        while supervisor.pids().get("one") in (None, before["one"]):
            assert time.monotonic() < until
            supervisor.wait(0.05)
        assert supervisor.pids()["two"] == before["two"]


def test_a_part_that_keeps_dying_is_not_started_in_a_hurry(tmp_path: Path) -> None:
    log = tmp_path / "log"
    with Supervisor([a_part("bad", "print('try', flush=True)", log)]) as supervisor:
        supervisor.start()
        supervisor.wait(2.0)
    assert 2 <= log.read_text().count("try") <= 5


def test_asked_to_stop_it_ends_every_part_the_last_first(tmp_path: Path) -> None:
    log = tmp_path / "log"
    parts = [a_part("one", SAYS_GOODBYE, log), a_part("two", STUBBORN, log)]
    with Supervisor(parts, end_within=0.5) as supervisor:
        supervisor.start()
        eventually(lambda: log.exists() and log.read_text().count("up") == 2)
        pids = supervisor.pids()
        threading.Timer(0.1, os.kill, (os.getpid(), signal.SIGTERM)).start()
        assert supervisor.wait() is False
        supervisor.stop()
        assert not [pid for pid in pids.values() if is_alive(pid)]
    assert log.read_text().endswith("goodbye\n")


def test_children_die_with_a_parent_that_is_killed() -> None:
    code = (
        "import sys; from bootstrap.processes import start_tied; "
        f"p = start_tied([sys.executable, '-c', {SLEEPS!r}]); print(p.pid, flush=True); p.wait()"
    )
    parent = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE)
    assert parent.stdout is not None
    child = int(parent.stdout.readline())
    eventually(lambda: is_alive(child))
    parent.kill()
    parent.wait()
    parent.stdout.close()
    eventually(lambda: not is_alive(child))


def test_where_the_kernel_does_not_tie_the_script_watches() -> None:
    code = (
        "import os, subprocess, sys; from bootstrap import tied; "
        f"sys.exit(tied.watch(os.getppid(), [sys.executable, '-c', {SLEEPS!r}]))"
    )
    middle = (
        "import subprocess, sys; "
        f"p = subprocess.Popen([sys.executable, '-c', {code!r}]); print(p.pid, flush=True); p.wait()"
    )
    parent = subprocess.Popen([sys.executable, "-c", middle], cwd=ROOT, stdout=subprocess.PIPE)
    assert parent.stdout is not None
    watcher = int(parent.stdout.readline())
    children = Path(f"/proc/{watcher}/task/{watcher}/children")
    eventually(lambda: children.read_text().strip())
    grandchild = int(children.read_text())
    parent.kill()
    parent.wait()
    parent.stdout.close()
    eventually(lambda: not is_alive(grandchild) and not is_alive(watcher))


def test_output_goes_where_it_was_sent(tmp_path: Path) -> None:
    code = "import sys; print('said'); print('logged', file=sys.stderr)"
    process = start_tied([sys.executable, "-c", code], log=tmp_path / "log", output=tmp_path / "out")
    process.wait(20)
    assert end(process) == 0
    assert ((tmp_path / "out").read_text(), (tmp_path / "log").read_text()) == ("said\n", "logged\n")

"""Keeps the processes of one installation running: starts them again when they die, ends them all in order."""

from __future__ import annotations

import logging
import os
import select
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from bootstrap.processes import start_tied

log = logging.getLogger(__name__)

_FIRST_PAUSE = 0.2  # seconds before a process that died is started again …
_LONGEST_PAUSE = 5.0  # … doubling to this while it keeps dying
_SETTLED_AFTER = 20.0  # a process that ran this long is started again without a pause
_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@dataclass(frozen=True)
class Part:
    """One process that has to run."""

    name: str
    command: Sequence[str | Path]
    env: Mapping[str, str] | None = None
    log: Path | None = None  # None: where ours goes
    niceness: int = 0


@dataclass
class _Running:
    part: Part
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    pause: float = 0.0
    due: float = 0.0  # when to start it again


@dataclass
class Supervisor:
    """The parts of an installation as children of this process. Use it in the main thread.

    `parts` are started in order and ended in the opposite order.
    """

    parts: Sequence[Part]
    end_within: float = 6.0
    _running: list[_Running] = field(default_factory=list)
    _stopping: bool = False

    def __enter__(self) -> Supervisor:
        self._reading, self._writing = os.pipe()
        os.set_blocking(self._writing, False)
        self._old_wakeup = signal.set_wakeup_fd(self._writing, warn_on_full_buffer=False)
        self._old = {number: signal.signal(number, self._on_signal) for number in _SIGNALS}
        self._old[signal.SIGCHLD] = signal.signal(signal.SIGCHLD, lambda *_: None)
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
        for number, handler in self._old.items():
            signal.signal(number, handler)
        signal.set_wakeup_fd(self._old_wakeup)
        os.close(self._reading)
        os.close(self._writing)

    @property
    def stopping(self) -> bool:
        """Whether we were asked to stop."""
        return self._stopping

    def pids(self) -> dict[str, int]:
        """The processes that run now, by name."""
        return {
            one.part.name: one.process.pid
            for one in self._running
            if one.process and one.process.poll() is None
        }

    def start(self) -> None:
        """Start every part that was not started yet."""
        for part in self.parts[len(self._running) :]:
            one = _Running(part)
            self._start(one)
            self._running.append(one)

    def wait(self, seconds: float | None = None) -> bool:
        """Watch until asked to stop (False), or for that many seconds (True), starting again what dies."""
        until = None if seconds is None else time.monotonic() + seconds
        while not self._stopping:
            self._look_after()
            now = time.monotonic()
            if until is not None and now >= until:
                return True
            moments = [one.due for one in self._running if one.process is None] + ([until] if until else [])
            limit = min(moments) - now if moments else None
            ready, _, _ = select.select([self._reading], [], [], limit if limit is None else max(limit, 0.01))
            if ready:
                os.read(self._reading, 1024)
        return False

    def stop(self) -> None:
        """End every part, the last started first; kill what does not end in time."""
        self._stopping = True
        for one in reversed(self._running):
            if one.process is not None and one.process.poll() is None:
                one.process.terminate()
                self._end(one)
        self._running.clear()

    def _end(self, one: _Running) -> None:
        assert one.process is not None
        try:
            one.process.wait(self.end_within)
        except subprocess.TimeoutExpired:
            log.warning("process killed", extra={"part": one.part.name})
            one.process.kill()
            one.process.wait()

    def _look_after(self) -> None:
        now = time.monotonic()
        for one in self._running:
            if one.process is not None and one.process.poll() is not None:
                lived = now - one.started
                one.pause = (
                    0.0 if lived > _SETTLED_AFTER else min(max(one.pause * 2, _FIRST_PAUSE), _LONGEST_PAUSE)
                )
                one.due = now + one.pause
                log.warning(
                    "process died",
                    extra={"part": one.part.name, "code": one.process.returncode, "again_in": one.pause},
                )
                one.process = None
            if one.process is None and now >= one.due:
                self._start(one)

    def _start(self, one: _Running) -> None:
        one.process = start_tied(
            one.part.command, env=one.part.env, log=one.part.log, niceness=one.part.niceness
        )
        one.started = time.monotonic()

    def _on_signal(self, number: int, _frame: FrameType | None) -> None:
        self._stopping = True

"""Starting and ending child processes that never outlive this one."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path

_TIED = Path(__file__).with_name("tied.py")


def start_tied(
    command: Sequence[str | Path],
    *,
    log: Path | None = None,
    output: Path | None = None,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    niceness: int = 0,
) -> subprocess.Popen[bytes]:
    """Start a command that dies with this process, even when this one is killed with -9.

    What it writes goes to the end of `log` (standard output to that of `output`, when given), or where ours goes.
    The command gets a process group of its own: Ctrl-C in the terminal reaches only us, and we end the others in
    order. `niceness` (0 to 19) lets others go first when the machine is busy. Call it from a thread that stays
    (Linux ties the child to the thread that started it).
    """
    tied = [sys.executable, "-I", "-S", _TIED, os.getpid(), niceness, *command]
    with ExitStack() as stack:
        errors = stack.enter_context(log.open("ab")) if log is not None else None
        written = stack.enter_context(output.open("ab")) if output is not None else errors
        return subprocess.Popen(
            [str(part) for part in tied],
            env=env,
            cwd=cwd,
            stdin=subprocess.DEVNULL,
            stdout=written,
            stderr=errors,
            process_group=0,
        )


def end(process: subprocess.Popen[bytes], *, within: float = 5.0) -> int:
    """Ask a process to end; kill it when it has not ended within that many seconds. Returns its exit code."""
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
        try:
            return process.wait(within)
        except subprocess.TimeoutExpired:
            process.kill()
    return process.wait()

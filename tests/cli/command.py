"""Running the `evertick` command as a person does: as a process of its own."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Said:
    """How a command ended. `seconds` of processor time: on a busy machine the clock on the wall says little."""

    code: int
    out: str
    err: str
    seconds: float

    @property
    def all(self) -> str:
        """Everything it said."""
        return self.out + self.err


def evertick(*arguments: str, timeout: float = 120.0, **settings: str) -> Said:
    """Run it to its end; `settings` are environment variables without EVERTICK_, such as HOME."""
    env = {
        name: value for name, value in os.environ.items() if not name.startswith(("EVERTICK_", "TEMPORAL_"))
    }
    env |= {f"EVERTICK_{name}": value for name, value in settings.items()}
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(
        [sys.executable, "-m", "cli.main", *arguments],
        cwd=ROOT,
        env=env,
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Said(done.returncode, done.stdout, done.stderr, seconds)

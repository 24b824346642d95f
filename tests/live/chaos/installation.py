"""A whole installation of real processes, each of which can be killed -9 by itself and is started again when due."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

from bootstrap.accounts_file import read_accounts
from bootstrap.ports import a_free_port
from bootstrap.processes import start_tied
from bootstrap.settings import Settings
from bootstrap.temporal_server import TemporalServerSettings, check_stamp, command_line, find_cli, version_of

DEFINITIONS = Path(__file__).parent / "definitions"
PARTS = ("temporal", "worker", "api")

_LOOK_EVERY = 0.02  # seconds
_AGAIN_AFTER = 0.2  # seconds, after a death nobody ordered


@dataclass
class Installation:
    """Temporal, a worker and the API on free ports, in a home of their own. `keep` keeps them running."""

    settings: Settings
    deaths: list[str] = field(default_factory=list)  # that nobody ordered
    down: list[tuple[str, float, float]] = field(default_factory=list)  # part, from, to (monotonic)
    _running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    _due: dict[str, float] = field(default_factory=dict)
    _killed_at: dict[str, float] = field(default_factory=dict)

    @classmethod
    def prepared(cls, home: Path, database_url: str, smtp_port: int) -> Installation:
        """With its schema, its definitions and its people, but nothing running yet."""
        settings = Settings(
            home=home,
            database_url=database_url,
            definitions=DEFINITIONS,
            port=a_free_port(),
            temporal_port=a_free_port(),
            temporal_ui_port=a_free_port(),
            smtp_host="127.0.0.1",
            smtp_port=smtp_port,
            sweep_every=1.0,
            worker_threads=8,
        )
        home.mkdir(parents=True, exist_ok=True)
        check_stamp(settings.temporal_database, version_of(find_cli()).server)
        made = subprocess.run(
            [sys.executable, "-m", "bootstrap.prepare"],
            env=settings.child_environment(),
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert made.returncode == 0, made.stderr
        return cls(settings)

    @property
    def base(self) -> str:
        """Where the API answers."""
        return f"http://127.0.0.1:{self.settings.port}"

    def tokens(self) -> dict[str, str]:
        """An API token for each person."""
        return {one.id: one.token for one in read_accounts(self.settings.home)}

    def start(self) -> None:
        """Start every part."""
        for part in PARTS:
            self._start(part)

    def is_up(self, part: str) -> bool:
        """Whether its process runs (it may still be starting)."""
        process = self._running.get(part)
        return process is not None and process.poll() is None

    def kill(self, part: str, pause: float) -> bool:
        """End a part as a power cut would, and have it started again after a pause; False when it is down already."""
        process = self._running.pop(part, None)
        if process is None:
            self._due[part] = max(self._due[part], time.monotonic() + pause)
            return False
        process.kill()
        process.wait()
        self._killed_at[part] = time.monotonic()
        self._due[part] = self._killed_at[part] + pause
        return True

    async def keep(self) -> None:
        """Start again what is due, and what died by itself."""
        while True:
            now = time.monotonic()
            for part in PARTS:
                process = self._running.get(part)
                if process is not None and process.poll() is not None:
                    self.deaths.append(f"{part} exited with {process.returncode}")
                    del self._running[part]
                    self._killed_at[part], self._due[part] = now, now + _AGAIN_AFTER
                if part not in self._running and now >= self._due[part]:
                    self.down.append((part, self._killed_at[part], now))
                    self._start(part)
            await asyncio.sleep(_LOOK_EVERY)

    def end(self) -> None:
        """End everything; nothing is left running."""
        for process in self._running.values():
            process.kill()
            process.wait()
        self._running.clear()

    def log(self, part: str) -> str:
        """Everything a part has said."""
        path = self._log(part)
        return path.read_text(errors="replace") if path.exists() else ""

    def _start(self, part: str) -> None:
        env = self.settings.child_environment()
        self._running[part] = start_tied(self._command(part), env=env, log=self._log(part))

    def _command(self, part: str) -> list[str]:
        if part != "temporal":
            return [sys.executable, "-m", f"bootstrap.{part}_process"]
        settings = self.settings
        return command_line(
            find_cli(), TemporalServerSettings(settings.temporal_database, settings.temporal_port)
        )

    def _log(self, part: str) -> Path:
        return self.settings.home / f"{part}.log"

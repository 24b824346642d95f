"""`evertick run`: everything an installation of one machine needs, as one supervised tree of processes."""

from __future__ import annotations

import http.client
import json
import os
import sys
import time
import unicodedata
from pathlib import Path

from bootstrap.accounts_file import read_accounts
from bootstrap.home import Addresses, demo_loaded, forget, occupied, remember
from bootstrap.logs import set_up_logs
from bootstrap.ports import this_or_another
from bootstrap.processes import end, start_tied
from bootstrap.settings import Settings
from bootstrap.supervisor import Part, Supervisor
from bootstrap.temporal_server import (
    TemporalServerSettings,
    check_stamp,
    command_line,
    find_cli,
    version_of,
)

_AFTER_PEOPLE = 5  # niceness: what goes on behind the pages waits when the machine is busy; intake does not
_FIRST_ANSWER = 60.0  # seconds until we say that something is wrong


def run(settings: Settings) -> int:
    """Run until Ctrl-C or SIGTERM. Returns the exit code. Raises EvertickError when it cannot even start."""
    set_up_logs(settings.log_level, settings.log_format)
    with occupied(settings.home):
        settings, replaced = _with_free_ports(settings)
        for line in replaced:
            _say(line)
        logs = settings.home / "logs"
        logs.mkdir(exist_ok=True)
        parts = _parts(settings, logs)
        with Supervisor(parts) as supervisor:
            supervisor.start()
            try:
                return _serve(settings, supervisor, logs)
            finally:
                forget(settings.home)
                supervisor.stop()
                _say("Stopped.")


def _serve(settings: Settings, supervisor: Supervisor, logs: Path) -> int:
    code = _prepare(settings, supervisor, logs)
    if code:
        return code
    if not _until_answered(settings, supervisor):
        if supervisor.stopping:
            return 0
        _say(f"Nothing answers at {_web(settings)} yet; the logs in {logs} say why. Still trying.")
    addresses = _addresses(settings)
    remember(settings.home, addresses)
    if settings.demo and not demo_loaded(settings.home) and not _load_demo(settings, supervisor, logs):
        return 0
    _banner(settings, addresses)
    supervisor.wait()
    _say("\nStopping …")
    return 0


def _prepare(settings: Settings, supervisor: Supervisor, logs: Path) -> int:
    """Migrate, publish, load, in a process of its own; what it says is for the person at the terminal."""
    said = logs / "prepare.txt"
    said.unlink(missing_ok=True)
    code = _run_once("bootstrap.prepare", settings, supervisor, logs / "prepare.log", said)
    if said.read_text():
        _say(said.read_text().rstrip())
    if code:
        _say(_last_lines(logs / "prepare.log"))
        return 1
    return 0


def _load_demo(settings: Settings, supervisor: Supervisor, logs: Path) -> bool:
    """Load the demo tickets; a failure is said and tried again by the next start. False when told to stop."""
    _say("Loading the demo desk …")
    log = logs / "demo.log"
    code = _run_once("bootstrap.demo", settings, supervisor, log, log)
    if code:
        _say(f"The demo tickets could not all be loaded; {log} says why. The next start tries again.")
    return not supervisor.stopping


def _run_once(module: str, settings: Settings, supervisor: Supervisor, log: Path, output: Path) -> int:
    """Run one of our modules to its end, in a process of its own; its exit code. Asked to stop, it is ended: 0."""
    command = [sys.executable, "-m", module]
    process = start_tied(command, env=settings.child_environment(), log=log, output=output)
    while process.poll() is None:
        if not supervisor.wait(0.05):
            end(process)
            return 0
    return process.returncode


def _parts(settings: Settings, logs: Path) -> list[Part]:
    env = settings.child_environment()
    parts = []
    if settings.is_embedded_temporal:
        cli = find_cli()
        check_stamp(settings.temporal_database, version_of(cli).server)
        server = TemporalServerSettings(
            settings.temporal_database, settings.temporal_port, settings.temporal_ui_port
        )
        parts.append(Part("temporal", command_line(cli, server), env, logs / "temporal.log", _AFTER_PEOPLE))
    parts.append(
        Part(
            "worker",
            [sys.executable, "-m", "bootstrap.worker_process"],
            env,
            logs / "worker.log",
            _AFTER_PEOPLE,
        )
    )
    parts.append(Part("api", [sys.executable, "-m", "bootstrap.api_process"], env, logs / "api.log"))
    return parts


def _with_free_ports(settings: Settings) -> tuple[Settings, list[str]]:
    """Settings whose ports are free, and what was replaced."""
    wanted = {"port": "the web pages"}
    if settings.is_embedded_temporal:
        wanted |= {"temporal_port": "Temporal", "temporal_ui_port": "Temporal's web UI"}
    chosen: dict[str, int] = {}
    replaced = []
    for name, what in wanted.items():
        port: int = getattr(settings, name)
        host = settings.host if name == "port" else "127.0.0.1"
        chosen[name] = this_or_another(port, host, avoid=frozenset(chosen.values()))
        if chosen[name] != port:
            replaced.append(f"Port {port} is taken; {what} will use {chosen[name]}.")
    return settings.model_copy(update=chosen), replaced


def _until_answered(settings: Settings, supervisor: Supervisor) -> bool:
    """Wait for the first answered request."""
    until = time.monotonic() + _FIRST_ANSWER
    while time.monotonic() < until:
        if _answers(settings):
            return True
        if not supervisor.wait(0.05):
            return False
    return False


def _answers(settings: Settings) -> bool:
    connection = http.client.HTTPConnection(settings.host, settings.port, timeout=2)
    try:
        connection.request("GET", "/health/ready")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _web(settings: Settings) -> str:
    return f"http://{settings.host}:{settings.port}"


def _addresses(settings: Settings) -> Addresses:
    web = _web(settings)
    ui = f"http://127.0.0.1:{settings.temporal_ui_port}" if settings.is_embedded_temporal else ""
    return Addresses(web, f"{web}/api/docs", settings.temporal_target, ui, os.getpid())


def _banner(settings: Settings, addresses: Addresses) -> None:
    lines = [
        "",
        "Evertick is running.",
        f"  Web          {addresses.web}",
        f"  API          {addresses.api_docs}",
    ]
    if addresses.temporal_ui:
        lines.append(f"  Temporal UI  {addresses.temporal_ui}")
        lines.append("               (embedded server: for trying, and for teams of one machine)")
    else:
        lines.append(f"  Temporal     {addresses.temporal}")
    lines.append(f"  Data         {settings.home}")
    accounts = read_accounts(settings.home) if settings.demo and settings.is_loopback else ()
    if accounts:
        lines += [
            "",
            "Demo accounts (sign in without a password; for the API: Authorization: Bearer <token>):",
        ]
        shows, names = _padded([one.shows for one in accounts]), _padded([one.name for one in accounts])
        lines += [
            f"  {who}  {name}  {one.token}" for who, name, one in zip(shows, names, accounts, strict=True)
        ]
    lines += ["", "Ctrl-C stops everything; the next start goes on where it was."]
    _say("\n".join(lines))


def _padded(texts: list[str]) -> list[str]:
    """Texts of equal width on a terminal, where a Chinese character takes two columns."""
    widths = [sum(2 if unicodedata.east_asian_width(one) in "WF" else 1 for one in text) for text in texts]
    return [text + " " * (max(widths) - width) for text, width in zip(texts, widths, strict=True)]


def _last_lines(path: Path, count: int = 20) -> str:
    return "\n".join(path.read_text(errors="replace").splitlines()[-count:])


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def state_of(home: Path) -> dict[str, object]:
    """What `running.json` says, for scripts."""
    found: dict[str, object] = json.loads((home / "running.json").read_text())
    return found

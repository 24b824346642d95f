"""A whole desk (`evertick run` on SQLite, embedded Temporal, one worker) under load from clients on the same cores."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import signal
import sqlite3
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import httpx2
from temporalio.client import Client
from temporalio.service import RPCError

from bench.figures import Figures
from bench.load import closed_loop
from bench.queue_load import fill
from bootstrap.home import demo_loaded
from bootstrap.settings import SHIPPED_DEFINITIONS
from store.session import Database
from workflows.messages import workflow_id

TIMED = """\
kind: process
lang: 1
id: timed
version: 1
title: {en: Timed}
owner: team:service-operations
number: TIM-{n:6}
uses: [common.yaml]
starts_in: new
forms:
  create: {title: required}
states:
  new: {label: {en: New}, category: new}
  over: {label: {en: Over}, category: closed}
transitions:
  fire:
    from: new
    to: over
    after: 90s
    do:
      - page: on-call:duty-manager
permissions:
  - {who: everyone, can: [view]}
"""
VPN = {
    "title": "VPN unusable",
    "description": "Nobody can log in since this morning.",
    "service": "vpn",
    "category": "vpn",
    "impact": "extensive",
    "urgency": "critical",
    "affected_users": 800,
}
DEADLINES = 600


@dataclass(frozen=True)
class Running:
    """A desk that runs."""

    home: Path
    base: str
    temporal: str
    tokens: dict[str, str]  # by what the account shows, the first of each
    pid: int

    def client(self, who: str) -> httpx2.AsyncClient:
        """An API client signed in as a demo account."""
        limits = httpx2.Limits(max_connections=64, max_keepalive_connections=64)
        return httpx2.AsyncClient(
            base_url=self.base,
            headers={"Authorization": f"Bearer {self.tokens[who]}"},
            timeout=30,
            limits=limits,
        )


@asynccontextmanager
async def running_desk(home: Path) -> AsyncIterator[Running]:
    """Start `evertick run` in a home of its own; stop it afterwards."""
    definitions = home / "definitions"
    shutil.copytree(SHIPPED_DEFINITIONS, definitions)
    (definitions / "timed.yaml").write_text(TIMED)
    env = {
        **os.environ,
        "EVERTICK_HOME": str(home / "data"),
        "EVERTICK_DEFINITIONS": str(definitions),
        "EVERTICK_PORT": "18000",
    }
    with (home / "run.log").open("wb") as log:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "cli.main",
            "run",
            stdout=log,
            stderr=log,
            stdin=asyncio.subprocess.DEVNULL,
            env=env,
        )
    try:
        state_file = home / "data" / "running.json"
        for _ in range(1200):
            if (state_file.exists() and demo_loaded(home / "data")) or process.returncode is not None:
                break
            await asyncio.sleep(0.1)
        if not state_file.exists():
            raise SystemExit((home / "run.log").read_text())
        state = json.loads(state_file.read_text())
        accounts = json.loads((home / "data" / "demo-accounts.json").read_text())
        tokens: dict[str, str] = {}
        for account in accounts:
            tokens.setdefault(account["shows"], account["token"])
            tokens[account["id"]] = account["token"]
        yield Running(home / "data", state["web"], state["temporal"], tokens, process.pid)
    finally:
        process.send_signal(signal.SIGINT)
        await process.wait()


async def opens(desk: Running, calls: int) -> list[Figures]:
    """Open tickets: accepted (201), and running (its workflow answers a query)."""
    temporal = await Client.connect(desk.temporal)
    found: list[Figures] = []
    async with desk.client("alice") as client:

        async def accepted(number: int) -> str:
            body = {"process": "incident", "fields": {**VPN, "title": f"VPN unusable {number}"}}
            answer = await client.post("/api/v1/tickets", json=body)
            answer.raise_for_status()
            return str(answer.json()["id"])

        async def running(number: int) -> None:
            handle = temporal.get_workflow_handle(workflow_id(await accepted(number)))
            while True:
                try:
                    await handle.query("snapshot")
                    return
                except RPCError:
                    await asyncio.sleep(0.002)

        for number in range(20):
            await running(number)
        for clients in (1, 8, 32):
            found.append(await closed_loop("open, accepted", calls, clients, accepted))
            await until_quiet(desk)
        for clients in (1, 8, 32):
            found.append(await closed_loop("open, workflow running", calls, clients, running))
            await until_quiet(desk)
    return found


async def work_of_an_opening(desk: Running, calls: int) -> tuple[float, list[tuple[str, float]]]:
    """Milliseconds of CPU per ticket opened by 8 clients, until the desk is quiet again: the client's, and those of
    each process of the desk.
    """
    await until_quiet(desk)
    async with desk.client("alice") as client:

        async def open_one(number: int) -> None:
            body = {"process": "incident", "fields": {**VPN, "title": f"Counted {number}"}}
            (await client.post("/api/v1/tickets", json=body)).raise_for_status()

        before, mine = _cpu_seconds(desk.pid), time.process_time()
        await closed_loop("open", calls, 8, open_one)
        mine = time.process_time() - mine
        await until_quiet(desk)
        after = _cpu_seconds(desk.pid)
    spent = [(name, after[name] - before.get(name, 0.0)) for name in after]
    return mine / calls * 1000, [(name, seconds / calls * 1000) for name, seconds in spent]


def _cpu_seconds(pid: int) -> dict[str, float]:
    """User and system time so far of a process and all below it, by what they are."""
    ticks = os.sysconf("SC_CLK_TCK")
    found: dict[str, float] = {}
    for one in [pid, *_children(pid)]:
        fields = Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split()
        name = _name(_command_of(one))
        found[name] = found.get(name, 0.0) + (int(fields[11]) + int(fields[12])) / ticks
    return found


async def transitions(desk: Running, calls: int) -> list[Figures]:
    """Take a transition with If-Match, one per ticket."""
    found: list[Figures] = []
    async with desk.client("alice") as requester, desk.client("wang") as agent:
        for clients in (1, 8):
            refs = []
            for number in range(calls):
                body = {"process": "incident", "fields": {**VPN, "title": f"To be taken {number}"}}
                refs.append((await requester.post("/api/v1/tickets", json=body)).json()["ref"])
            await until_quiet(desk)
            tags = [(await agent.get(f"/api/v1/tickets/{ref}")).headers["ETag"] for ref in refs]

            async def take(number: int, refs: list[str] = refs, tags: list[str] = tags) -> None:
                answer = await agent.post(
                    f"/api/v1/tickets/{refs[number]}/transitions",
                    json={"transition": "start", "fields": {}},
                    headers={"If-Match": tags[number]},
                )
                if answer.status_code != 200:
                    raise SystemExit(f"{answer.status_code}: {answer.text}")

            found.append(await closed_loop("transition", calls, clients, take))
    return found


async def lateness(desk: Running) -> list[Figures]:
    """600 deadlines over a minute: how long after its deadline each was decided, and its page was out."""
    async with desk.client("alice") as client:
        begun = time.monotonic()
        for number in range(DEADLINES):
            await asyncio.sleep(max(0.0, begun + number * 60 / DEADLINES - time.monotonic()))
            body = {"process": "timed", "fields": {"title": f"Fires in 90 s, {number}"}}
            (await client.post("/api/v1/tickets", json=body)).raise_for_status()
    await asyncio.sleep(95)
    await until_quiet(desk)
    with sqlite3.connect(f"file:{desk.home / 'evertick.db'}?mode=ro", uri=True) as database:
        rows = database.execute(
            "select e.at, e.handled_at from entries e join tickets t on t.id = e.ticket "
            "where t.process = 'timed' and e.command is null and e.seq > 1"
        ).fetchall()
        sent = database.execute(
            "select e.at, d.sent_at from deliveries d join tickets t on t.id = d.ticket "
            "join entries e on e.ticket = d.ticket and e.seq = d.seq "
            "where t.process = 'timed' and d.sent_at is not null"
        ).fetchall()
    return [
        Figures("deadline decided, late by", len(rows), 60.0, tuple(_between(*row) for row in rows)),
        Figures("page out after its deadline", len(sent), 60.0, tuple(_between(*row) for row in sent)),
    ]


def _between(earlier: str, later: str) -> float:
    return (datetime.fromisoformat(later) - datetime.fromisoformat(earlier)).total_seconds()


OWED = {
    "starts": "select count(*) from tickets where run_started_at is null",
    "commands": "select count(*) from commands where entry_seq is null",
    "deliveries": "select count(*) from deliveries where status in ('pending', 'failed')",
    # A pick that somebody overtook by taking the ticket keeps its errand; nobody waits for it.
    "picks": "select count(*) from errands e join tickets t on t.id = e.ticket where t.assignee = ''",
}


async def until_quiet(desk: Running) -> None:
    """Wait until nothing is owed any more: starts, commands, deliveries, errands."""
    with sqlite3.connect(f"file:{desk.home / 'evertick.db'}?mode=ro", uri=True) as database:
        owed: dict[str, int] = {}
        for _ in range(900):
            owed = {what: database.execute(query).fetchone()[0] for what, query in OWED.items()}
            if not any(owed.values()):
                return
            await asyncio.sleep(0.1)
    raise SystemExit(f"the desk does not come to rest: {owed}")


async def queue_over_http(desk: Running, size: int, calls: int) -> Figures:
    """GET a queue of 50 as an agent, with `size` open tickets in the database."""
    database = Database(f"sqlite:///{desk.home / 'evertick.db'}")
    with sqlite3.connect(f"file:{desk.home / 'evertick.db'}?mode=ro", uri=True) as reading:
        columns = ("process_hash", "calendars_hash", "agreements_hash")
        query = "select process_hash, calendars_hash, agreements_hash from tickets where process = 'incident' limit 1"
        hashes = dict(zip(columns, reading.execute(query).fetchone(), strict=True))
        have = reading.execute("select count(*) from tickets where settled = 0").fetchone()[0]
    # Deadlines of the bench's rows are nobody's: the sweeper must not nudge a hundred thousand of them.
    fill(database, have, size - have, datetime.now(UTC), {**hashes, "next_deadline": None})
    database.close()
    async with desk.client("deng") as client:

        async def read(number: int) -> None:
            answer = await client.get("/api/v1/tickets", params={"state": "open", "limit": 50})
            answer.raise_for_status()

        await closed_loop("warm-up", 20, 1, read)
        return await closed_loop(f"GET queue of 50, {size:,} open", calls, 1, read)


def memory(pid: int) -> list[tuple[str, float]]:
    """Resident MiB of a process and all below it, by what they are."""
    found = []
    for one in [pid, *_children(pid)]:
        status = Path(f"/proc/{one}/status").read_text()
        resident = next((int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS")), 0)
        found.append((_name(_command_of(one)), resident / 1024))
    return found


def _command_of(pid: int) -> str:
    return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode().strip()


def _children(pid: int) -> list[int]:
    direct = [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    return [one for child in direct for one in (child, *_children(child))]


def _name(command: str) -> str:
    known = {
        "worker_process": "worker",
        "api_process": "api and web",
        "start-dev": "temporal",
        "cli.main": "supervisor",
    }
    return next((name for part, name in known.items() if part in command), command[:60])

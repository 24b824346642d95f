"""One run of the kill test: clients work, processes are killed, then everything is up again and compared."""

from __future__ import annotations

import asyncio
import contextlib
import random
import re
import time
from collections import Counter
from collections.abc import AsyncIterator, Coroutine
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from bootstrap.wiring import DeskParts
from domain.engine.advance import next_deadline
from domain.engine.ticket import Json
from store.session import Database
from tests.activities.mail_server import Mailbox, a_mail_server
from tests.live.chaos.checks import (
    Report,
    check_histories,
    check_mail,
    check_picks,
    check_ticket,
    check_told,
    said,
)
from tests.live.chaos.clients import Crowd
from tests.live.chaos.installation import Installation
from tests.live.chaos.killer import Killer
from tests.live.chaos.records import PickKey, Record, Records
from workflows.client import NoRun, TemporalUnavailable, TicketClient, connect
from workflows.messages import TicketStart

_QUIET_WITHIN = 180.0  # seconds: an activity that died with its worker is tried again after 45
_LOOK_EVERY = 1.0
_STARTING = timedelta(seconds=30)


@dataclass
class Witness:
    """Looks at the database now and then, and remembers what can never change."""

    records: Records
    picks: dict[PickKey, str] = field(default_factory=dict)
    entries: dict[tuple[str, int], Json] = field(default_factory=dict)
    changed: list[str] = field(default_factory=list)

    async def watch(self) -> None:
        """For ever."""
        while True:
            await asyncio.to_thread(self.look)
            await asyncio.sleep(3 * _LOOK_EVERY)

    def look(self, *, whole: bool = False) -> None:
        """Compare with what was seen before; `whole`: every journal entry, not only new ones."""
        for key, person in self.records.picks().items():
            if self.picks.setdefault(key, person) != person:
                self.changed.append(f"the pick {key} was {self.picks[key]} and is {person}")
        known = {} if whole else _last_of(self.entries)
        for mark, entry in self.records.written(known).items():
            if self.entries.setdefault(mark, entry) != entry:
                self.changed.append(f"the entry {mark} was {self.entries[mark]} and is {entry}")


@dataclass
class Chaos:
    """What a run left behind."""

    report: Report
    killer: Killer
    crowd: Crowd
    installation: Installation
    seconds: float = 0.0

    def figures(self) -> str:
        """Everything that is worth a line in a log."""
        counts = self.report.counts
        names = (
            "tickets",
            "closed",
            "runs",
            "commands",
            "entries",
            "thresholds",
            "sends",
            "mails",
            "mails again",
            "picks",
            "claims",
            "late",
        )
        told = {name: counts[f"told {name}"] for name in ("done", "refused", "stale")}
        return (
            f"{self.killer.kills} kills {dict(self.killer.killed)} in {self.seconds:.0f} s; "
            + ", ".join(f"{counts[name]} {name}" for name in names)
            + f"; told {told}; heard {dict(self.crowd.heard)}; "
            + f"during {len(self.killer.outages)} long outages {counts['opened without Temporal']} opened, "
            + f"{counts['accepted without Temporal']} accepted; unordered deaths {self.installation.deaths}"
        )


async def run_chaos(home: Path, database_url: str, kills: int, seed: int) -> Chaos:
    """Prepare, work and kill, calm down, compare."""
    with a_mail_server() as mailbox:
        return await _run(home, database_url, kills, seed, mailbox)


async def _run(home: Path, database_url: str, kills: int, seed: int, mailbox: Mailbox) -> Chaos:
    installation = Installation.prepared(home, database_url, mailbox.port)
    records = Records(Database(database_url))
    witness = Witness(records)
    crowd = Crowd(installation.base, installation.tokens(), random.Random(f"clients {seed}"))
    killer = Killer(installation, crowd, random.Random(f"killer {seed}"), kills)
    chaos = Chaos(Report(), killer, crowd, installation)
    begun = time.monotonic()
    try:
        installation.start()
        async with _beside(installation.keep(), witness.watch()):
            clients = asyncio.create_task(crowd.run())
            killing = asyncio.create_task(killer.run())
            # Whichever fails first ends the story; killing ends by itself, working when it is told to.
            await asyncio.wait((clients, killing), return_when=asyncio.FIRST_COMPLETED)
            crowd.stop = True
            await asyncio.gather(killing, clients)
            chaos.seconds = time.monotonic() - begun
            await _compare(chaos, records, witness, mailbox)
    finally:
        installation.end()
        records.database.close()
    _check_outages(chaos)
    _check_logs(chaos)
    chaos.report.wrong += [*crowd.faults, *witness.changed]
    return chaos


@contextlib.asynccontextmanager
async def _beside(*forever: Coroutine[None, None, None]) -> AsyncIterator[None]:
    tasks = [asyncio.create_task(one) for one in forever]
    try:
        yield
        for task in tasks:
            if task.done():
                task.result()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _compare(chaos: Chaos, records: Records, witness: Witness, mailbox: Mailbox) -> None:
    settings = chaos.installation.settings
    client = await connect(settings.temporal_target, lazy=False, within=_STARTING)
    tickets = TicketClient(client, task_queue=settings.task_queue)
    found, runs = await _quiet(records, tickets)
    await asyncio.to_thread(witness.look, whole=True)
    parts = DeskParts.build(settings, client)
    try:
        findings = [finding async for finding in parts.desk.examine_all()]
        for record in found:
            findings += await parts.desk.examine(record.head.id) if record.category == "closed" else ()
    finally:
        await parts.close()
    chaos.report.wrong += said(findings)
    await check_histories(chaos.report, client, records.definition())
    for record in found:
        check_ticket(chaos.report, records, record, runs.get(record.head.id))
        check_picks(chaos.report, record, witness.picks)
    check_told(chaos.report, found, chaos.crowd.told)
    check_mail(chaos.report, found, mailbox)


async def _quiet(records: Records, tickets: TicketClient) -> tuple[list[Record], dict[str, TicketStart]]:
    """Wait until nothing is owed and nothing is due any more; what there is then."""
    until = time.monotonic() + _QUIET_WITHIN
    while True:
        found = await asyncio.to_thread(records.all)
        runs: dict[str, TicketStart] = {}
        restless = [why for record in found if (why := _owes(record))]
        if not restless:
            try:
                runs, restless = await _runs(found, tickets)
            except TemporalUnavailable as error:
                restless = [str(error)]
        if not restless:
            return found, runs
        assert time.monotonic() < until, f"not quiet after {_QUIET_WITHIN} s: {restless[:10]}"
        await asyncio.sleep(_LOOK_EVERY)


def _owes(record: Record) -> str:
    """What a ticket's row still waits for."""
    ref, head = record.head.ref, record.head
    if head.pending:
        return f"{ref}: {head.pending} commands pending"
    if head.run_started_at is None:
        return f"{ref}: a start is owed"
    owed = [one.name for one in record.deliveries if one.status in ("pending", "failed")]
    if owed:
        return f"{ref}: deliveries {owed}"
    deadline = next_deadline(record.ticket)
    return f"{ref}: due at {deadline}" if deadline else ""


async def _runs(found: list[Record], tickets: TicketClient) -> tuple[dict[str, TicketStart], list[str]]:
    """The state of every open run; closed tickets must not have one."""
    runs: dict[str, TicketStart] = {}
    restless = []
    for record in found:
        id, ref = record.head.id, record.head.ref
        if record.category == "closed":
            if await tickets.is_running(id):
                restless.append(f"{ref}: is closed and still runs")
            continue
        try:
            run = await tickets.snapshot(id)
        except NoRun:
            restless.append(f"{ref}: has no run")
            continue
        runs[id] = run
        if run.unresolved or run.undelivered or run.ticket.seq != record.head.seq:
            restless.append(
                f"{ref}: its run is busy: {len(run.undelivered)} deliveries, {len(run.unresolved)} results"
            )
    return runs, restless


def _check_outages(chaos: Chaos) -> None:
    """While Temporal was away for long, tickets were opened and commands accepted; nothing was settled."""
    counts = chaos.report.counts
    for begun, ended in chaos.killer.outages:
        within = [one for one in chaos.crowd.at if begun + 0.5 < one[2] and one[3] < ended]
        opened = sum(what == "open" and status == 201 for what, status, _, _ in within)
        accepted = sum(
            what not in ("open", "poll", "look") and status == 202 for what, status, _, _ in within
        )
        chaos.report.expect(opened > 0, f"nothing was opened in an outage of {ended - begun:.1f} s")
        chaos.report.expect(accepted > 0, f"nothing was accepted in an outage of {ended - begun:.1f} s")
        counts.update({"opened without Temporal": opened, "accepted without Temporal": accepted})


_NEVER = re.compile(r"refusal=different|Traceback|deadline not handled|engine_fault|sweep failed|TMPRL1100")


def _check_logs(chaos: Chaos) -> None:
    """Nobody wrote of a second history, an engine fault, a history that does not replay, or an exception nobody
    expected. A run that was given up for a new one (its worker was killed at work) is counted.
    """
    chaos.report.counts["given up"] = chaos.installation.log("api").count("run given up")
    for part in ("worker", "api"):
        lines = chaos.installation.log(part).splitlines()
        bad = Counter(line[:400] for line in lines if _NEVER.search(line))
        chaos.report.wrong += [f"{part}.log: {line} ({times} times)" for line, times in bad.items()]


def _last_of(entries: dict[tuple[str, int], Json]) -> dict[str, int]:
    last: dict[str, int] = {}
    for ticket, seq in entries:
        last[ticket] = max(seq, last.get(ticket, 0))
    return last

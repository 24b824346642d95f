"""What must hold afterwards: every place a ticket is in says the same, and so does everybody who was told something."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from email.message import EmailMessage
from urllib.parse import unquote

from temporalio.client import Client
from temporalio.worker import Replayer

from bootstrap.worker import ticket_runner
from desk.doctor import Finding
from domain.engine.advance import next_deadline
from domain.engine.entries import Entry
from domain.engine.serialise import Snapshot, fold, ticket_to_json
from domain.language.definition import Definition
from store.commands import Logged
from store.effects import TO_PEOPLE
from tests.activities.mail_server import Mailbox
from tests.live.chaos.clients import Told
from tests.live.chaos.records import PickKey, Record, Records
from tests.live.chaos.replay import Differs, Replay, was_late
from workflows.converter import ticket_data_converter
from workflows.definitions import registry
from workflows.messages import TicketStart
from workflows.ticket import TicketWorkflow

DELIVERED = ("kept", "sent")


@dataclass
class Report:
    """Everything that is wrong, and how much was looked at."""

    wrong: list[str] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)

    def expect(self, holds: bool, what: str) -> None:
        """Note what does not hold."""
        if not holds:
            self.wrong.append(what)


def check_ticket(report: Report, records: Records, record: Record, run: TicketStart | None) -> None:
    """One ticket by itself: run, row, journal, commands, ledger, and the engine's own word."""
    ref = record.head.ref
    folded: Snapshot = {}
    for entry in record.entries:
        folded = fold(folded, entry)
    report.expect(folded == record.snapshot, f"{ref}: the fold of the journal is not the row's snapshot")
    if run is not None:
        same = ticket_to_json(run.ticket) == record.snapshot
        report.expect(same, f"{ref}: the run's snapshot is not the row's")
        report.expect(run.incarnation == record.head.incarnation, f"{ref}: the run is not the row's")
    seqs = [entry.seq for entry in record.entries]
    report.expect(seqs == list(range(1, record.head.seq + 1)), f"{ref}: seqs {seqs}")
    _check_commands(report, record)
    _check_thresholds(report, record)
    _check_ledger(report, records, record)
    report.expect(next_deadline(record.ticket) is None, f"{ref}: something is still due")
    _check_engine(report, records, record)
    report.counts.update(tickets=1, entries=len(seqs), commands=len(record.commands))
    report.counts["closed"] += record.category == "closed"
    report.counts["sends"] += len(record.deliveries)
    report.counts["claims"] += record.head.incarnation - 1


def _check_commands(report: Report, record: Record) -> None:
    ref = record.head.ref
    settled = [(one.command.number, one.entry_seq) for one in record.commands]
    named = [(entry.command, entry.seq) for entry in record.entries if entry.command is not None]
    report.expect(settled == named, f"{ref}: the log says {settled}, the journal {named}")
    shown = [one.id for one in record.comments if one.author]
    said = [
        str(one.detail["comment"])
        for entry in record.entries
        for one in entry.happened
        if one.what == "commented"
    ]
    report.expect(sorted(shown) == sorted(said), f"{ref}: comments {shown}, journal {said}")
    late = [one for one in record.comments if not one.author]
    wanted = [1 for entry in record.entries for effect in entry.effects if effect.kind == "comment"]
    report.expect(
        len(late) == len(wanted), f"{ref}: {len(late)} comments of the engine, {len(wanted)} decided"
    )


def _check_thresholds(report: Report, record: Record) -> None:
    """Each threshold of each cycle once, each repetition once."""
    cycles: Counter[str] = Counter()
    seen: Counter[tuple[str, int, str]] = Counter()
    for entry in record.entries:
        for one in entry.happened:
            if one.what == "clock" and one.detail.get("what") == "reset":
                cycles[one.name] += 1
            elif one.what == "reached":
                seen[(one.name, cycles[one.name], str(one.detail["threshold"]))] += 1
            elif one.what == "overdue":
                seen[(one.name, cycles[one.name], f"overdue {one.detail['count']}")] += 1
    doubled = [mark for mark, times in seen.items() if times > 1]
    report.expect(not doubled, f"{record.head.ref}: decided twice: {doubled}")
    report.counts["thresholds"] += len(seen)


def _check_ledger(report: Report, records: Records, record: Record) -> None:
    """One row for each effect, recipient and channel, and each of them delivered."""
    ref = record.head.ref
    wanted = Counter(
        (entry.seq, effect.index, person.id, channel)
        for entry in record.entries
        for effect in entry.effects
        if effect.kind in TO_PEOPLE
        for person in records.people.resolve(effect.to, entry.handled_at)[0]
        for channel in effect.channels
    )
    made = Counter(
        (one.key.seq, one.key.effect, one.key.recipient, one.key.channel) for one in record.deliveries
    )
    report.expect(made == wanted, f"{ref}: ledger rows {made - wanted} too many, {wanted - made} missing")
    owed = [one.name for one in record.deliveries if one.status not in DELIVERED or one.sent_at is None]
    report.expect(not owed, f"{ref}: not delivered: {owed}")


def _check_engine(report: Report, records: Records, record: Record) -> None:
    replay = Replay(records, records.definition(), record)
    try:
        report.expect(
            replay.as_handled() == record.ticket, f"{record.head.ref}: another ticket than the engine's"
        )
        if was_late(record):
            report.counts["late"] += 1
        else:
            report.expect(
                replay.on_time() == record.ticket, f"{record.head.ref}: another ticket than if on time"
            )
    except Differs as differs:
        report.wrong.append(str(differs))


def check_told(report: Report, all_records: list[Record], told: list[Told]) -> None:
    """Every answer against what really happened."""
    by_key: dict[tuple[str, str], tuple[Record, Logged]] = {
        (one.command.actor, one.key): (record, one)
        for record in all_records
        for one in record.commands
        if one.key
    }
    for one in told:
        report.counts[f"told {one.outcome}"] += 1
        record, logged = by_key.get((one.who, one.key), (None, None))
        if record is None or logged is None:
            report.expect(one.outcome != "done", f"{one} was acknowledged and is lost")
            continue
        entry = record.entries[(logged.entry_seq or 1) - 1]
        report.expect(one.ref == record.head.ref, f"{one} happened to {record.head.ref}")
        if one.outcome == "stale":
            report.wrong.append(f"{one} and it is in the log")
        report.expect(
            (entry.result == "done") == (one.outcome == "done"), f"{one}, the journal says {entry.result}"
        )
        if one.revision is not None:
            seen = _states(record.entries[entry.seq - 1 :], record)
            report.expect(
                (one.revision, one.state) in seen, f"{one} names a revision and state that never were"
            )
    refs = {record.head.ref for record in all_records}
    missing = {one.ref for one in told if one.what == "open"} - refs
    report.expect(not missing, f"opened and lost: {missing}")


def _states(entries: list[Entry], record: Record) -> set[tuple[int, str]]:
    """The revisions and states a ticket had from an entry on."""
    found = set()
    snapshot: Snapshot = {}
    first = entries[0].seq
    for entry in record.entries:
        snapshot = fold(snapshot, entry)
        if entry.seq >= first:
            found.add((int(str(snapshot.get("revision", 0))), str(snapshot["state"])))
    return found


async def check_histories(report: Report, client: Client, definition: Definition) -> None:
    """Every run's history leads a worker that knows nothing to the same commands again."""
    registry.put(definition)
    replayer = Replayer(
        workflows=[TicketWorkflow], data_converter=ticket_data_converter, workflow_runner=ticket_runner()
    )
    async for run in client.list_workflows():
        history = await client.get_workflow_handle(run.id, run_id=run.run_id).fetch_history()
        replayed = await replayer.replay_workflow(history, raise_on_replay_failure=False)
        report.counts["runs"] += 1
        report.expect(replayed.replay_failure is None, f"{run.id} {run.run_id}: {replayed.replay_failure}")


def check_mail(report: Report, found: list[Record], mailbox: Mailbox) -> None:
    """What the ledger calls sent has arrived, and nothing else has; what arrived again says so by its Message-ID."""
    sent = Counter(one.name for record in found for one in record.deliveries if one.status == "sent")
    arrived = Counter(_delivery_of(message) for message in mailbox.messages)
    report.expect(not sent - arrived, f"sent, but never arrived: {list(sent - arrived)[:5]}")
    unknown = [name for name in arrived if name not in sent]
    report.expect(not unknown, f"arrived, and nobody sent it: {unknown[:5]}")
    report.counts.update({"mails": len(sent), "mails again": arrived.total() - len(arrived)})


def _delivery_of(message: EmailMessage) -> str:
    return unquote(str(message["Message-ID"]).strip(" <>").rpartition("@")[0])


def check_picks(report: Report, record: Record, picks: dict[PickKey, str]) -> None:
    """Who was assigned by a pick is who was picked for that team by an entry before."""
    for entry in record.entries:
        for one in entry.happened:
            if one.what == "picked":
                asked = [
                    picks.get((record.head.id, before.seq, effect.index))
                    for before in record.entries[: entry.seq - 1]
                    for effect in before.effects
                    if effect.kind == "pick" and effect.data["team"] == one.detail["team"]
                ]
                report.counts["picks"] += 1
                report.expect(
                    one.detail["person"] in asked, f"{record.head.ref}: {one.detail}, picked were {asked}"
                )


def said(findings: list[Finding]) -> list[str]:
    """The doctor's findings as lines."""
    return [f"doctor: {one.ref}: {one.what}: {one.message}" for one in findings]

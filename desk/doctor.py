"""The doctor: do a ticket's run, its row and its journal say the same? And the rebuilding of a row."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from dataclasses import dataclass
from functools import partial

from desk.tools import Tools
from domain.engine.serialise import Snapshot, diff, fold, ticket_from_json, ticket_to_json
from domain.errors import TicketUnknown
from store import journal, tickets
from store.columns import columns_of
from store.session import Session
from workflows.client import NoRun

log = logging.getLogger(__name__)

_PAGE = 200


@dataclass(frozen=True, slots=True)
class Finding:
    """One difference: of which ticket, between what, in words."""

    ticket: str
    ref: str
    what: str  # journal | row | workflow | columns
    message: str


@dataclass(frozen=True, slots=True)
class _Stored:
    ref: str
    seq: int
    incarnation: int
    category: str
    snapshot: Snapshot
    folded: Snapshot
    findings: tuple[Finding, ...]


class Doctor:
    """Compares the three places a ticket is in."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    async def examine(self, ticket_id: str) -> tuple[Finding, ...]:
        """Every difference of one ticket (by id or number). Raises TicketUnknown, TemporalUnavailable."""
        stored = await self._tools.steps.read(lambda session: _stored(session, self._tools, ticket_id))
        ticket = str(stored.snapshot["id"])
        return (*stored.findings, *await self._compare_run(ticket, stored))

    async def examine_all(self) -> AsyncIterator[Finding]:
        """Every difference of every ticket that is not closed."""
        after = ""
        while ids := await self._tools.steps.read(partial(_open_ids, after)):
            for ticket in ids:
                for finding in await self.examine(ticket):
                    yield finding
            after = ids[-1]

    async def rebuild(self, ticket_id: str) -> None:
        """Write a ticket's snapshot and columns anew from its journal. Raises TicketUnknown."""

        def rewrite(session: Session) -> None:
            found = tickets.lock(session, ticket_id)
            if found is None:
                raise TicketUnknown(f"there is no ticket {ticket_id}")
            head, _ = found
            snapshot = fold_journal(session, head.id)
            ticket = ticket_from_json(snapshot)
            definition = self._tools.definitions.get(session, ticket.hashes)
            columns = columns_of(definition, ticket) | {"updated_at": self._tools.clock()}
            tickets.update(session, head.id, columns, snapshot)
            log.warning("row rebuilt from its journal", extra={"ticket": head.ref, "seq": ticket.seq})

        await self._tools.steps.write(rewrite)

    async def _compare_run(self, ticket: str, stored: _Stored) -> list[Finding]:
        try:
            run = await self._tools.tickets.snapshot(ticket)
        except NoRun:
            if stored.category == "closed":
                return []
            return [
                Finding(
                    ticket, stored.ref, "workflow", "an open ticket without a run; the sweeper starts one"
                )
            ]
        if run.incarnation != stored.incarnation:
            message = f"the run is of incarnation {run.incarnation}, the row of {stored.incarnation}"
            return [Finding(ticket, stored.ref, "workflow", message)]
        if run.ticket.seq < stored.seq:
            message = f"the run knows {run.ticket.seq} entries, the row {stored.seq}"
            return [Finding(ticket, stored.ref, "workflow", message)]
        # A run may be ahead by what it has not recorded yet: take the row there, then compare.
        snapshot = stored.snapshot
        for entry in run.unrecorded:
            if entry.seq > stored.seq:
                snapshot = fold(snapshot, entry)
        return _differences(ticket, stored.ref, "workflow", snapshot, ticket_to_json(run.ticket))


def _open_ids(after: str, session: Session) -> list[str]:
    return tickets.open_ids(session, after, _PAGE)


def fold_journal(session: Session, ticket: str) -> Snapshot:
    """The snapshot that a ticket's journal leads to."""
    snapshot: Snapshot = {}
    for entry in journal.read(session, ticket):
        snapshot = fold(snapshot, entry)
    return snapshot


def _stored(session: Session, tools: Tools, ref: str) -> _Stored:
    found = tickets.find(session, ref)
    if found is None:
        raise TicketUnknown(f"there is no ticket {ref[:64]!r}")
    head, snapshot = found
    folded = fold_journal(session, head.id)
    findings = _differences(head.id, head.ref, "journal", folded, snapshot)
    ticket = ticket_from_json(snapshot)
    columns = columns_of(tools.definitions.get(session, head.hashes), ticket)
    row = tickets.columns(session, head.id)
    wrong = [name for name, value in columns.items() if row[name] != value]
    if wrong:
        findings.append(
            Finding(head.id, head.ref, "columns", f"differ from the snapshot: {', '.join(wrong)}")
        )
    return _Stored(
        head.ref, head.seq, head.incarnation, str(columns["category"]), snapshot, folded, tuple(findings)
    )


def _differences(ticket: str, ref: str, what: str, old: Snapshot, new: Snapshot) -> list[Finding]:
    return [
        Finding(ticket, ref, what, f"{operation['op']} {operation['path']}: {operation.get('value')!r}")
        for operation in diff(old, new)
    ]

"""`evertick migrate`: a report of what would become of open tickets, or the moving itself."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from bootstrap.prepare import prepared_database
from bootstrap.repair import client_of_running
from bootstrap.settings import Settings
from bootstrap.wiring import DeskParts
from desk.migrating import Moved
from store.definitions import Version

Say = Callable[[str], None]

PROGRESS = 100
"""After so many tickets it says how far it is."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for on the command line."""

    process: str
    to: int | None = None
    ticket: str | None = None
    leave_behind: bool = False
    dry_run: bool = False


@dataclass(slots=True)
class Report:
    """What became of every ticket that was on an older version."""

    version: Version
    dry_run: bool
    tickets: list[Moved] = field(default_factory=list)

    @property
    def counts(self) -> Counter[str]:
        """How many moved, were refused, are under way."""
        return Counter(one.what for one in self.tickets)

    @property
    def complete(self) -> bool:
        """Whether no ticket stays behind."""
        return all(one.what == "moved" for one in self.tickets)

    @property
    def summary(self) -> str:
        """In one line."""
        if not self.tickets:
            return f"No open ticket is on an older version than {self.version.number}."
        counts = self.counts
        moved = "would move" if self.dry_run else "moved"
        parts = [f"{counts['moved']} {moved} to version {self.version.number}"]
        if counts["refused"]:
            parts.append(f"{counts['refused']} {'would stay' if self.dry_run else 'stay'} where they are")
        if counts["pending"]:
            parts.append(f"{counts['pending']} under way")
        return f"{', '.join(parts)}."

    def to_json(self) -> str:
        """The whole of it for programs."""
        return json.dumps(
            {
                "process": self.version.process,
                "version": self.version.number,
                "dry_run": self.dry_run,
                "counts": {name: self.counts[name] for name in ("moved", "refused", "pending")},
                "tickets": [
                    {"ref": one.ref, "result": one.what, "from": one.from_number, "why": one.why}
                    for one in self.tickets
                ],
            },
            ensure_ascii=False,
            indent=2,
        )


async def migrate(wanted: Wanted, say: Say) -> Report:
    """Move tickets while `evertick run` runs, and say each that stays behind.

    Raises DefinitionUnknown, TicketUnknown, Refused, Unavailable. Interrupted, it is simply called again.
    """
    settings = Settings()
    with prepared_database(settings):
        pass  # what is wrong with the database is said before anything about Temporal
    client = await client_of_running(settings, "Tickets are moved")
    parts = DeskParts.build(settings, client)
    try:
        version, tickets = await parts.desk.migrate(
            wanted.process,
            wanted.to,
            ticket=wanted.ticket,
            leave_behind=wanted.leave_behind,
            dry_run=wanted.dry_run,
        )
        report = Report(version, wanted.dry_run)
        async for one in tickets:
            report.tickets.append(one)
            if one.what != "moved":
                was = f" on version {one.from_number}" if one.from_number is not None else ""
                say(f"{one.ref}{was}: {one.why}")
            if len(report.tickets) % PROGRESS == 0:
                say(f"{len(report.tickets)} tickets looked at")
    finally:
        await parts.close()
    return report

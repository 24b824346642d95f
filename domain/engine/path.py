"""The decisions on a command's path (architecture.md section 4, rules 4, 5, 6 and 10), as pure functions.

The workflow, the desk and the store call these; so does the random-interleaving test, without any server.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from domain.engine.entries import Entry


class Rejection(StrEnum):
    """Why a run does not take a send now; nothing is remembered of it."""

    OTHER_INCARNATION = (
        "other_incarnation"  # the row was claimed by another run, or this run is not the row's
    )
    OUT_OF_TURN = "out_of_turn"  # a command below this one has not been handled yet
    OTHER_REVISION = "other_revision"  # the facts were looked up for another revision of the ticket


class RunVerdict(StrEnum):
    """What a run makes of a send."""

    HANDLE = "handle"
    SETTLED = "settled"  # handled before: read the row
    END_RUN = "end_run"  # this run is not the row's any more and ends itself


@dataclass(frozen=True, slots=True)
class RunHead:
    """How far a run is."""

    incarnation: int
    seq: int
    handled: int
    revision: int


@dataclass(frozen=True, slots=True)
class SendHead:
    """What a send says of itself."""

    number: int
    incarnation: int
    acked_seq: int  # entries the row has
    revision: int  # of the ticket the facts were looked up for


def judge_send(run: RunHead, send: SendHead) -> RunVerdict | Rejection:
    """Rule 4, and the first half of rule 5.

    A run whose incarnation is older than the send's, or that knows fewer entries than the row has, is not the
    row's run any more: it ends. A number that was handled is settled whatever else the send says.
    """
    if send.incarnation > run.incarnation or (
        send.incarnation == run.incarnation and run.seq < send.acked_seq
    ):
        return RunVerdict.END_RUN
    if send.incarnation < run.incarnation:
        return Rejection.OTHER_INCARNATION
    if send.number <= run.handled:
        return RunVerdict.SETTLED
    if send.number > run.handled + 1:
        return Rejection.OUT_OF_TURN
    if send.revision != run.revision:
        return Rejection.OTHER_REVISION
    return RunVerdict.HANDLE


@dataclass(frozen=True, slots=True)
class RowHead:
    """How far a ticket's row is."""

    incarnation: int
    seq: int


class AppendRefusal(StrEnum):
    """Why entries are not written to the row."""

    OTHER_INCARNATION = "other_incarnation"
    GAP = "gap"  # entries between the row's and these are missing: send those first
    DIFFERENT = "different"  # an entry the row has is not the same: two histories exist, shout


@dataclass(frozen=True, slots=True)
class AppendPlan:
    """The entries that are new to the row, contiguous above its `seq`."""

    fresh: tuple[Entry, ...]


def plan_append(
    row: RowHead, incarnation: int, entries: Sequence[Entry], stored: Sequence[Entry]
) -> AppendPlan | AppendRefusal:
    """Rule 6. `stored` are the row's own entries with the seqs of those in `entries` that it has already."""
    if incarnation != row.incarnation:
        return AppendRefusal.OTHER_INCARNATION
    known = {entry.seq: entry for entry in stored}
    fresh: list[Entry] = []
    following = row.seq + 1
    for entry in sorted(entries, key=lambda one: one.seq):
        if entry.seq <= row.seq:
            if known.get(entry.seq) != entry:
                return AppendRefusal.DIFFERENT
        elif entry.seq != following:
            return AppendRefusal.GAP
        else:
            fresh.append(entry)
            following += 1
    return AppendPlan(tuple(fresh))


def may_claim(row: RowHead, read_incarnation: int) -> bool:
    """Rule 10: of racing claims exactly one finds the incarnation it read."""
    return row.incarnation == read_incarnation

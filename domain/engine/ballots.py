"""Counting: whether the votes of a stage decide it. Pure arithmetic.

The order of votes does not matter, but for one case: with `all`, one No is enough from whoever was asked, and as many
Yeses as there are members are enough too, also from people brought in for silent ones. Whichever comes first decides.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from domain.engine.approval_state import Seat
from domain.language.models import Quorum, Stage

Verdict = Literal["approved", "rejected", "nobody"]
"""`nobody`: everybody abstained, so nobody has decided anything."""


@dataclass(frozen=True, slots=True)
class Decision:
    """How a stage ends, and by which rule: quorum, veto, unreachable, abstained, answer."""

    state: str
    why: str


@dataclass(slots=True)
class _Count:
    """Weights and heads. `members` are those a share is of; extras only answer in their place."""

    members: int = 0
    approve: int = 0
    reject: int = 0
    undecided: int = 0


def counts_as(rule: Stage, seat: Seat) -> str:
    """What a seat's answer counts as: approve, reject, abstain; "" when there is none that counts."""
    offered = rule.offered.get(seat.answer)
    return (offered.counts or "") if offered is not None else ""


def decide(rule: Stage, seats: Iterable[Seat], *, closed: bool = False) -> Decision | None:
    """How the votes end the stage; None while that is open. `closed`: nobody answers any more."""
    seats = tuple(seats)
    for seat in seats:
        offered = rule.offered.get(seat.answer)
        if seat.veto and offered is not None and offered.counts == "reject":
            return Decision("rejected", "veto")
        if offered is not None and offered.ends == "stage":
            named = {"approve": "approved", "reject": "rejected"}.get(offered.counts or "")
            return Decision(named or seat.answer, "answer")
    voting = [seat for seat in seats if seat.kind != "veto"]
    verdict = _verdict(rule.quorum, rule, voting, closed=closed)
    if verdict is None:
        return None
    if verdict == "nobody":
        return Decision("nobody", "abstained")
    silent = any(not seat.answer for seat in voting)
    return Decision(verdict, "unreachable" if verdict == "rejected" and silent else "quorum")


def _verdict(quorum: Quorum, rule: Stage, seats: list[Seat], *, closed: bool) -> Verdict | None:
    heads = quorum.approve in ("any", "all", "first")
    count = _count(rule, seats, heads=heads, closed=closed)
    match quorum.approve:
        case "first":
            if count.approve or count.reject:
                return "approved" if count.approve else "rejected"
            return None if count.undecided else "nobody"
        case "any":
            return _at_least(count, 1, any_vote=True)
        case "all" if count.reject:
            return "rejected"
    wanted = "100%" if quorum.approve == "all" else quorum.approve
    if not wanted.endswith("%"):
        return _at_least(count, int(wanted), any_vote=False)
    share = int(wanted[:-1])
    if quorum.of == "votes":
        return _share_of_votes(count, share)
    return _at_least(count, max(1, -(-count.members * share // 100)), any_vote=False)


def _at_least(count: _Count, needed: int, *, any_vote: bool) -> Verdict | None:
    """Approved with so many yeses; rejected as soon as they cannot come together any more."""
    if count.approve >= needed:
        return "approved"
    if count.approve + count.undecided >= needed:
        return None
    return "nobody" if any_vote and not count.reject else "rejected"


def _share_of_votes(count: _Count, share: int) -> Verdict | None:
    """Of the yes and no votes in the end; decided early when the rest cannot change it."""
    given = count.approve + count.reject
    if not count.undecided:
        if not given:
            return "nobody"
        return "approved" if count.approve * 100 >= share * given else "rejected"
    most = given + count.undecided
    if count.approve and count.approve * 100 >= share * most:
        return "approved"
    if (count.approve + count.undecided) * 100 < share * most:
        return "rejected"
    return None


def _count(rule: Stage, seats: list[Seat], *, heads: bool, closed: bool) -> _Count:
    count = _Count()
    for seat in seats:
        weight = 1 if heads else seat.weight
        if seat.kind == "member":
            count.members += weight
        answer = counts_as(rule, seat)
        if answer == "approve":
            count.approve += weight
        elif answer == "reject":
            count.reject += weight
        elif answer != "abstain" and not closed:
            count.undecided += weight
    return count

"""Approvals and escalation chains put together at random."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

EVENTS = tuple(
    f"approval.{name}.{what}"
    for name in ("a1", "a2")
    for what in ("approved", "rejected", "voided", "withdrawn", "timed_out", "reopened", "more", "returned")
)
CONDITIONS = (
    'approval.a1.state == "pending"',
    'approval.a2.state == "approved"',
    "ticket.requester in approval.a1.waiting_for",
)
OLD = ("old.size != ticket.size", "old.hot and not ticket.hot", "old.assignee == null")
"""What only transitions read: the ticket before the event."""

VERBS = (
    "request_approval: a2",
    "request_approval: a2",
    "escalate: {chain: f, from: 2}",
    "escalate: {chain: f, next: true}",
    "stand_down: f",
)
PEOPLE = (
    "team:service-desk",
    "[person:bob, person:liu]",
    "manager-of:requester",
    "group:incident-managers",
    "members-of:team",
    "on-call:duty-manager",
    "[team:network-l2, person:ann, person:mia]",
    "field:assignee",
)
ALONE = ("manager-of:requester", "on-call:duty-manager", "field:assignee")
ANSWERS = "answers: {abstain: {}, more: {ends: stage}, maybe: {counts: approve, comment: required}}"


class RandomApprovals:
    """Writes them; `effects` writes what they do."""

    def __init__(self, random: Random, conditions: tuple[str, ...], effects: Callable[[], str]) -> None:
        self._random = random
        self._conditions = conditions
        self._effects = effects

    def approval(self) -> str:
        """One approval, in flow style."""
        groups = [self._stages(f"s{number}") for number in range(1, self._random.randint(1, 3) + 1)]
        parts = [f"stages: [{', '.join(groups)}]", "manage: group:service-desk-leads", "withdraw: requester"]
        if self._maybe(0.6):
            parts.append(f"void_if_changed: {self._one('size', '[hot, size]', '[impact, assignee]')}")
        if self._maybe(0.2):
            decided = self._one("approved", "rejected")
            parts.append(f"skip: [{{if: '{self._condition()}', decide: {decided}, because: Small}}]")
        return "{" + ", ".join(parts) + "}"

    def chain(self) -> str:
        """One escalation, in flow style."""
        steps = ", ".join(self._step() for _ in range(self._random.randint(2, 3)))
        wait = f"wait: {self._span()}, " if self._maybe(0.4) else ""
        repeat = self._random.randint(0, 2)
        return (
            f"{{{wait}steps: [{steps}], repeat: {repeat}, until: '{self._condition()}', "
            f"otherwise: {self._effects()}}}"
        )

    def _step(self) -> str:
        condition = f", if: '{self._condition()}'" if self._maybe(0.4) else ""
        return f"{{page: {self._one('person:a', 'team_lead', *PEOPLE[:4])}, wait: {self._span()}{condition}}}"

    def _stages(self, id: str) -> str:
        if self._maybe(0.3):
            return f"{{parallel: [{self._stage(id + 'a')}, {self._stage(id + 'b')}]}}"
        return self._stage(id)

    def _stage(self, id: str) -> str:
        quorum, people = self._quorum(), self._one(*PEOPLE)
        if "2" in quorum and people in ALONE:  # one person cannot give two votes: the loader refuses it
            people = PEOPLE[0]
        parts = [f"id: {id}", f"approvers: {people}", f"quorum: {quorum}", ANSWERS]
        chances = (
            (0.3, f"if: '{self._condition()}'"),
            (0.3, f"veto: {self._one('person:mia', 'team:network-l2')}"),
            (0.4 * ("2" in quorum or "%" in quorum), "weights: [{who: person:bob, weight: 3}]"),
            (0.5, "exclude: []"),
            (0.2, "delegate: false"),
            (0.6, "may_add: true"),
            (0.2, "may_return: false"),
            (0.2, "ask: {size: required}"),
            (0.4, f"remind: {{every: {self._span()}{self._calendar()}}}"),
            (0.6, f"timeouts: [{', '.join(self._timeouts())}]"),
            (0.5, f"if_nobody: {self._one('approve', 'reject', '{ask: person:bob}', '{ask: team:desk}')}"),
        )
        parts += [text for share, text in chances if self._maybe(share)]
        return "{" + ", ".join(parts) + "}"

    def _timeouts(self) -> list[str]:
        what = (
            f"decide: {self._one('approved', 'rejected', 'timed_out', 'votes')}",
            f"add: {self._one(*PEOPLE)}",
            "do: [{raise: x}, {run: t2}]",
        )
        hours = sorted(self._random.sample((1, 3, 30), self._random.randint(1, 2)))
        return [f"{{after: {hour}h{self._calendar()}, {self._one(*what)}}}" for hour in hours]

    def _quorum(self) -> str:
        return self._one("any", "any", "all", "first", "2", "60%", "{approve: 50%, of: votes}")

    def _calendar(self) -> str:
        return ", calendar: office" if self._maybe(0.3) else ""

    def _span(self) -> str:
        return self._one("10m", "1h", "4h")

    def _condition(self) -> str:
        return self._random.choice(self._conditions)

    def _maybe(self, share: float) -> bool:
        return self._random.random() < share

    def _one(self, *of: str) -> str:
        return self._random.choice(of)

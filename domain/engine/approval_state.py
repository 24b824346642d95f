"""What a ticket remembers of its approvals: stages, who sits in them, what they answered.

Like everything in a ticket it is JSON-able data: people are ids, what a vote meant is in the definition.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal


@dataclass(frozen=True, slots=True)
class StandIn:
    """Somebody who may decide in the place of an approver, for a while or until they are back."""

    person: str
    from_at: datetime | None = None
    until_at: datetime | None = None

    def covers(self, at: datetime) -> bool:
        """Whether it is their turn."""
        return (self.from_at is None or self.from_at <= at) and (self.until_at is None or self.until_at > at)


@dataclass(frozen=True, slots=True)
class Seat:
    """One person's place in a stage, and their vote once they gave it.

    kind: member (counted in what a quorum is a share of), extra (brought in when nobody answered: may answer for
    those who are silent), veto (may only reject)
    """

    person: str
    kind: Literal["member", "extra", "veto"] = "member"
    weight: int = 1
    veto: bool = False  # their rejection ends the stage
    answer: str = ""  # as the stage calls it: approve, reject, abstain, more_info …; "" not yet
    by: str = ""  # who gave it; somebody else when they stood in
    at: datetime | None = None
    comment: str = ""
    hash: str = ""  # of the fields it was given on
    stand_ins: tuple[StandIn, ...] = ()
    since: str = ""  # who gave them this seat: a person's id; "" the stage itself

    def turn_of(self, at: datetime) -> str:
        """Who is asked for this seat at a moment: the approver, or who stands in for them."""
        return next((one.person for one in self.stand_ins if one.covers(at)), self.person)

    def may_act(self, person: str, at: datetime) -> bool:
        """Whether this person may answer for this seat."""
        return person == self.person or any(one.person == person and one.covers(at) for one in self.stand_ins)


@dataclass(frozen=True, slots=True)
class Lookup:
    """A question to the directory whose answer is awaited."""

    number: int  # counts the questions of an approval, so that a late answer is told apart
    purpose: Literal["open", "nobody", "add"] = "open"


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage that was reached. `state`: looking (for its people), open, skipped, or how it ended."""

    state: str
    since: datetime
    seats: tuple[Seat, ...] = ()
    excluded: tuple[str, ...] = ()
    lookups: tuple[Lookup, ...] = ()
    asked_others: bool = False  # `if_nobody` was used
    remind_at: datetime | None = None
    lapsed: tuple[int, ...] = ()  # timeouts that have passed, by their place
    lapse_at: datetime | None = None

    @property
    def is_over(self) -> bool:
        """Whether nobody is asked any more."""
        return self.state not in ("looking", "open")


@dataclass(frozen=True, slots=True)
class Approval:
    """An approval that was requested. `state`: pending, approved, rejected, timed_out, voided, withdrawn, or the name
    of an answer that ended it.
    """

    state: str
    requested_at: datetime
    round: int = 1  # counts requests and reopenings
    of_state: str = ""  # the state it belongs to; "" when an action requested it
    hash: str = ""  # of the fields named in `void_if_changed`, as they are decided on
    asked: int = 0  # questions to the directory so far
    stages: dict[str, Stage] = field(default_factory=dict)
    comment: str = ""  # of whoever decided it
    decided_by: str = ""
    decided_at: datetime | None = None
    held_at: datetime | None = None  # reminders and timeouts stand still since then

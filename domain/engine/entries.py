"""What the engine returns: journal entries, what happened in them, the patch they made, the effects they ask for."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from domain.engine.ticket import Json, Ticket


@dataclass(frozen=True, slots=True)
class Cause:
    """Why an entry exists: the command or the rule of the definition, with the line it stands on.

    kind: command | clock | timer | escalation | approval | task | notification | result | message | system
    name: what exactly: a transition (`start`), a threshold (`response 50%`), a chain (`on_call`)
    """

    kind: str
    name: str
    line: str = ""


QUESTION = Cause("question", "")
"""Of a draft that only answers a question and is thrown away."""


@dataclass(frozen=True, slots=True)
class Happening:
    """One thing that happened within an entry, in order.

    what, with its detail:
      opened {process}; migrated (name: process) {from, to, note};
      moved (name: transition, "" when migrated) {from, to, branch}; set (name: field) {old, new, by: rule};
      commented {comment, public}; clock {what: started|paused|resumed|stopped|reset|retargeted, target, calendar};
      reached (name: clock) {threshold, due_at, acted}; breached (name: clock) {due_at};
      overdue (name: clock) {count, missed};
      escalation {what: started|stepped|ended|stood_down|exhausted, by, step, round, missed};
      task {what: opened|running|done|failed|skipped|cancelled|handed_over|overdue, error, due_at};
      approval {what: requested|stage_opened|stage_skipped|asked|voted|reminded|lapsed|nobody|added|handed_over|
        delegated|returned|reopened|stage_ended|ended|voided|withdrawn, stage, person, by, answer, comment, hash, why};
      effect (name: kind) {index}; picked {person, team}; timer (name: transition) {fired};
      postponed (name: notification) {until}; linked (name: link) {ticket, ref};
      parked {reason}; unavailable (name: verb) {reason, …}
    """

    what: str
    name: str = ""
    detail: dict[str, Json] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Effect:
    """What the outside must do, decided once, carried out at least once with its key.

    kind: page | notify | approval | comment | pick | approvers | http | script | email | tell | create |
        child_done | child_dropped
    to: directory queries in lowered form: `person:wang`, `members:network-l2`, `lead:network-l2`,
        `on-call:duty-manager`, `group:stakeholders` (people.py)
    texts: by locale, the template texts that are not in the definition's notifications (page message, comment)
    values: the values of the texts' {{ }} parts by their source text, taken when the effect was decided
    """

    index: int
    kind: str
    to: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    template: str = ""
    texts: dict[str, str] = field(default_factory=dict)
    values: dict[str, Json] = field(default_factory=dict)
    data: dict[str, Json] = field(default_factory=dict)
    why: str = ""  # the rule, such as `clocks.response.at.50%`
    line: str = ""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a command was refused: a stable code, the sentence by locale, every field error."""

    code: str
    text: dict[str, str]
    errors: tuple[dict[str, str], ...] = ()  # {field, code, message}


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a ticket's journal.

    `at` is when it counts (a command's time, a deadline), `handled_at` when it was really handled.
    `patch` is RFC 6902 (add, replace, remove) on the serialised ticket without seq, handled, revision and last_at,
    which the entry itself carries (`store` folds both).
    """

    seq: int
    at: datetime
    handled_at: datetime
    cause: Cause
    revision: int
    result: Literal["done", "refused", "faulted"] = "done"
    actor: str = ""  # person id; "" for the engine itself
    command: int | None = None
    happened: tuple[Happening, ...] = ()
    effects: tuple[Effect, ...] = ()
    patch: tuple[dict[str, Json], ...] = ()
    refusal: Refusal | None = None
    late_by: float = 0.0  # seconds between due and handled when that is more than a minute


@dataclass(frozen=True, slots=True)
class Outcome:
    """The new ticket and the entries that lead to it."""

    ticket: Ticket
    entries: tuple[Entry, ...] = ()

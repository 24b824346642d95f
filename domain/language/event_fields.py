"""What each event tells: the fields of `event` where a transition hears it, with their types and meanings.

The checks type expressions by this table, the engine types what it tells by it, and the reference shows it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

What = Literal[
    "person", "text", "boolean", "datetime",
    "state", "transition", "task", "field names", "value", "values", "linked ticket", "outcome", "response", "element",
]  # fmt: skip
"""What a field is. What `value`, `outcome` and the like are depends on what the event is about."""


@dataclass(frozen=True, slots=True)
class Told:
    """One field of an event."""

    what: What
    meaning: str


@dataclass(frozen=True, slots=True)
class EventKind:
    """Events that tell the same. `names` with * for a name of the process."""

    names: tuple[str, ...]
    when: str
    fields: MappingProxyType[str, Told] = field(default_factory=lambda: MappingProxyType({}))


def _fields(**told: tuple[What, str]) -> MappingProxyType[str, Told]:
    return MappingProxyType({name.rstrip("_"): Told(*one) for name, one in told.items()})


_MOVED = _fields(
    from_=("state", "The state before; nothing when the ticket was opened."),
    to=("state", "The state it is in now."),
    transition=("transition", "The transition that was taken."),
)
EVENTS: tuple[EventKind, ...] = (
    EventKind(("created",), "The ticket was opened."),
    EventKind(
        ("replied", "replied.requester", "replied.agent"),
        "Somebody wrote a public reply.",
        _fields(
            author=("person", "Who wrote it."),
            text=("text", "What was written, its first 2,000 characters."),
        ),
    ),
    EventKind(
        ("updated",),
        "Fields were changed, or somebody commented.",
        _fields(
            changed=("field names", "The fields that changed; none when it was a comment."),
            commented=("boolean", "Whether it was a comment."),
        ),
    ),
    EventKind(("entered.*",), "The ticket came to a state, a category or a group.", _MOVED),
    EventKind(("left.*",), "The ticket left it.", _MOVED),
    EventKind(("done.*",), "A transition was taken.", _MOVED),
    EventKind(
        ("changed.*",),
        "A field has another value.",
        _fields(
            old=("value", "What it was."),
            new=("value", "What it is."),
            added=("values", "Of a field with several values: those that are new."),
            removed=("values", "Of a field with several values: those that are gone."),
        ),
    ),
    EventKind(
        ("message.*",),
        "A message came; besides these its own fields.",
        _fields(sender=("linked ticket", "The linked ticket that sent it.")),
    ),
    EventKind(("raised.*",), "An action raised it."),
    EventKind(
        ("task.adhoc.*",),
        "Of a task that people added: it is open, done, failed, overdue.",
        _fields(
            title=("text", "What it is called."),
            outcome=("outcome", "How whoever did it says it came out."),
            person=("person", "Who added it, did it, or said that it failed."),
            error=("text", "Why it failed."),
            due=("datetime", "When it was due."),
        ),
    ),
    EventKind(("task.*.opened",), "A task is open for people, or open again."),
    EventKind(
        ("task.*.one_done",),
        "Of a task with `for_each`: that of one element is done.",
        _fields(
            element=("element", "The element."),
            outcome=("outcome", "How whoever did it says it came out."),
            response=("response", "What a call, a script or a ticket answered."),
            person=("person", "Who did it; nothing when it was no person."),
        ),
    ),
    EventKind(
        ("task.*.done",),
        "A task is done.",
        _fields(
            outcome=("outcome", "How whoever did it says it came out."),
            response=("response", "What a call, a script or a ticket answered."),
            person=("person", "Who did it; nothing when it was no person."),
        ),
    ),
    EventKind(
        ("task.*.failed",),
        "A task failed.",
        _fields(
            error=("text", "Why."),
            person=("person", "Who said so; nothing when it was no person."),
            element=("element", "With `for_each`: the element it was for."),
        ),
    ),
    EventKind(("task.*.skipped",), "A task was not needed."),
    EventKind(
        ("task.*.overdue",),
        "A task was not done in time.",
        _fields(
            due=("datetime", "When it was due."),
            element=("element", "With `for_each`: the element it was for."),
        ),
    ),
    EventKind(("tasks.done",), "All tasks of the state are done."),
    EventKind(("tasks.failed",), "A task failed.", _fields(task=("task", "Its name."))),
    EventKind(("approval.*.requested", "approval.*.reopened"), "People are asked, or asked anew."),
    EventKind(
        ("approval.*.*",),
        "An approval was decided, returned, withdrawn, void, or a stage of it ran out of time.",
        _fields(
            stage=("text", "The stage that decided it."),
            comment=("text", "What the one who decided wrote."),
            person=("person", "Who decided."),
        ),
    ),
    EventKind(
        ("link.*",), "Of a linked ticket.", _fields(ticket=("linked ticket", "The ticket it is about."))
    ),
    EventKind(
        ("clock.*.breached",), "A clock reached its end.", _fields(due=("datetime", "When it was due."))
    ),
    EventKind(("escalation.*.exhausted",), "Nobody answered an escalation."),
)


_PATTERNS = [
    (re.compile(re.escape(name).replace(r"\*", ".+")), kind) for kind in EVENTS for name in kind.names
]


def kind_of(event: str) -> EventKind | None:
    """The kind of an event; None when there is no such event."""
    return next((kind for pattern, kind in _PATTERNS if pattern.fullmatch(event)), None)

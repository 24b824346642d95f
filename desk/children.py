"""Tickets that a ticket asks for: opened once, whoever asks how often, with the link at their end."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from desk.opening import Asked, open_in
from desk.telling import SYSTEM, untagged
from desk.tools import Writing
from desk.values import Guard
from domain.engine.ticket import Json, Parent, Stretch
from domain.engine.values import instant
from domain.errors import TicketUnknown
from store import comments, tickets
from store.session import Session

CHANNEL = "ticket"
_FIELD = "field."


@dataclass(frozen=True, slots=True)
class Wanted:
    """What effect `index` of entry `seq` of a ticket asks for; `data` as the engine wrote it."""

    ticket: str
    seq: int
    index: int
    data: dict[str, Json]


@dataclass(frozen=True, slots=True)
class Child:
    """The ticket that is open now."""

    ticket: str
    ref: str
    category: str  # of the state it is in


def open_child(session: Session, tools: Writing, wanted: Wanted) -> Child:
    """Open it, or find it when it was opened before. Raises Refused and DefinitionUnknown: nothing is kept then."""
    found = tickets.find(session, wanted.ticket)
    if found is None:
        raise TicketUnknown(f"there is no ticket {wanted.ticket}")
    head, snapshot = found
    data = wanted.data
    fields = {
        name.removeprefix(_FIELD): untagged(value) for name, value in data.items() if name.startswith(_FIELD)
    }
    run = data.get("run")
    parent = Parent(
        ticket=head.id,
        ref=head.ref,
        link=str(data.get("inverse") or ""),
        task=str(data.get("task") or ""),
        run=run if isinstance(run, int) else 0,
    )
    shift = snapshot.get("time_shift")
    opened = open_in(
        session,
        tools,
        Asked(
            actor=SYSTEM,
            process=str(data["process"]),
            fields=fields,
            channel=CHANNEL,
            guard=Guard(key=f"{head.id}/{wanted.seq}/{wanted.index}/create"),
            parent=parent,
            time_shift=timedelta(seconds=shift) if isinstance(shift, int | float) else timedelta(0),
            carried=_carried(data.get("carried")),
        ),
        tools.clock(),
    )
    if opened.start is not None and "comments" in _list(data.get("keep")):
        comments.copy(session, head.id, opened.ticket)
    child = tickets.head(session, opened.ticket)
    assert child is not None, "it was opened in this transaction, or is there"
    states = tools.definitions.get(session, child.hashes).process.states
    return Child(child.id, child.ref, states[child.state].category)


def _list(value: Json) -> list[Json]:
    return value if isinstance(value, list) else []


def _carried(value: Json) -> dict[str, tuple[Stretch, ...]]:
    """The stretches of `{clock: [[from, to or null], …]}`."""
    found: dict[str, tuple[Stretch, ...]] = {}
    for name, stretches in value.items() if isinstance(value, dict) else ():
        ran = []
        for one in _list(stretches):
            start, end = (instant(str(at)) if at else None for at in _list(one))
            if start is not None:
                ran.append(Stretch(start, end))
        found[name] = tuple(ran)
    return found

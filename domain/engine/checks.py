"""Checks: what there is outside of the ticket. Freezes, maintenance windows, conflicting plans, duplicates.

They are asked of the ticket as a request would leave it: the values of its form in place, and what follows from them.
Whoever looks facts up (the desk, a rehearsal) calls `look_up` and gives the answers along with the request.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from domain.engine.draft import Draft
from domain.engine.entries import QUESTION
from domain.engine.events import AddTask, CompleteTask, Edit, Facts, Move, Open, Request, Vote
from domain.engine.forms import parse_values
from domain.engine.macrostep import apply_values
from domain.engine.step import begin, fill
from domain.engine.ticket import Json, Ticket
from domain.engine.values import instant, instant_json
from domain.engine.windows import around, in_the_way
from domain.language.definition import Definition
from domain.language.models import Windows

PLANNED_START, PLANNED_END = "planned_start", "planned_end"
"""The fields that say when a ticket is planned to be carried out."""

MOST_FOUND = 20
"""So many tickets a check names; more say no more."""

_INSTANT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Other:
    """Another open ticket, as far as checks read it. `start` and `end` are its planned window."""

    id: str
    ref: str
    process: str
    title: str
    requester: str
    service: str
    assets: tuple[str, ...]
    opened_at: datetime
    start: datetime | None = None
    end: datetime | None = None

    def found(self) -> dict[str, Json]:
        """What conditions read of it."""
        moments = {"opened_at": self.opened_at, "start": self.start, "end": self.end}
        return {
            "id": self.id,
            "ref": self.ref,
            "title": self.title,
            "requester": self.requester,
            "service": self.service,
            **{name: instant_json(at) for name, at in moments.items() if at is not None},
        }


class Others(Protocol):
    """The other open tickets of a desk: new, active or waiting."""

    def planned(self, start: datetime, end: datetime) -> Iterable[Other]:
        """Those of any process whose planned window overlaps this one."""
        ...

    def about(self, process: str, service: str) -> Iterable[Other]:
        """Those of a process with this service; with none when it is ""."""
        ...


def look_up(
    definition: Definition,
    ticket: Ticket | None,
    request: Request,
    facts: Facts,
    now: datetime,
    *,
    wanted: Iterable[str],
    windows: Windows,
    others: Others,
) -> dict[str, list[Json]]:
    """What these checks find. `facts`: what is known of the actor and of what the request sets.

    Raises FactsMissing when what the request sets was not looked up.
    """
    names = tuple(dict.fromkeys(wanted))
    if not names:
        return {}
    draft = as_it_would_be(definition, ticket, request, facts, now)
    window = _window(draft)
    asks: dict[str, Callable[[], Iterator[Json]]] = {
        "freezes": lambda: in_the_way(draft, windows.freezes, *window),
        "maintenance": lambda: around(draft, windows.maintenance, *window),
        "conflicts": lambda: _conflicts(draft, others),
        "duplicates": lambda: _duplicates(draft, others),
    }
    return {name: list(asks[name]()) for name in names}


def as_it_would_be(
    definition: Definition, ticket: Ticket | None, request: Request, facts: Facts, now: datetime
) -> Draft:
    """The ticket as a request would leave its fields; what does not fit a field is left out."""
    if isinstance(request, Open):
        draft = begin(definition, request, now, now, facts)
        values, _ = parse_values(definition.fields, request.fields, facts)
        fill(draft, values)
        return draft
    assert ticket is not None, "only Open comes without a ticket"
    draft = Draft(definition, ticket, now, now, QUESTION, facts)
    if isinstance(request, AddTask | Move | Edit | CompleteTask | Vote):
        values, _ = parse_values(definition.fields, request.fields, facts)
        apply_values(draft, values, by="checks")
    return draft


def _window(draft: Draft) -> tuple[datetime, datetime]:
    """The planned window; without one, this moment."""
    start = _moment(draft, PLANNED_START) or draft.at
    end = _moment(draft, PLANNED_END)
    return start, max(end, start + _INSTANT) if end is not None else start + _INSTANT


def _moment(draft: Draft, field: str) -> datetime | None:
    value = draft.fields.get(field)
    return instant(value) if isinstance(value, str) else None


def _conflicts(draft: Draft, others: Others) -> Iterator[Json]:
    """Open tickets planned for the same time that touch the same service or the same assets."""
    service, assets = _text(draft.fields.get("service")), assets_of(draft.fields)
    if not service and not assets:
        return
    found = 0
    for other in others.planned(*_window(draft)):
        shares = (service and other.service == service) or not assets.isdisjoint(other.assets)
        if shares and other.id != draft.ticket.id and found < MOST_FOUND:
            found += 1
            yield other.found()


def _duplicates(draft: Draft, others: Others) -> Iterator[Json]:
    """Open tickets of the process with the same service, the same assets and, read aloud, the same title."""
    title, assets = _aloud(_text(draft.fields.get("title"))), assets_of(draft.fields)
    found = 0
    for other in others.about(draft.ticket.process, _text(draft.fields.get("service"))):
        same = _aloud(other.title) == title and frozenset(other.assets) == assets
        if same and other.id != draft.ticket.id and found < MOST_FOUND:
            found += 1
            yield other.found()


def assets_of(fields: Mapping[str, Json]) -> frozenset[str]:
    """The assets a ticket is about."""
    several = fields.get("assets")
    found = [fields.get("asset"), *(several if isinstance(several, list) else ())]
    return frozenset(one for one in found if isinstance(one, str) and one)


def _aloud(title: str) -> str:
    return " ".join(title.casefold().split())


def _text(value: Json) -> str:
    return value if isinstance(value, str) else ""

"""The queue for people who work here, and the portal for everybody else."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from starlette.responses import Response

from desk.values import QueueFilter, QueueRow
from domain.errors import TicketUnknown
from web.clocks import Face, row_face
from web.forms import new_key
from web.visit import Visit

PAGE = 50
STATES = ("open", "new", "active", "waiting", "done", "closed", "all")
PRIORITIES = ("P1", "P2", "P3", "P4")
_NUMBER = re.compile(r"([A-Za-z]{2,6})-?(\d{1,9})")
_CLOSED_SHOWN = 10


@dataclass(frozen=True, slots=True)
class Row:
    """A queue row with its clock; `key` is for its assign-to-me form."""

    view: QueueRow
    face: Face | None
    key: str


@dataclass(frozen=True, slots=True)
class Narrowed:
    """What the address asks for, as words for the form and as a filter for the desk."""

    params: Mapping[str, tuple[str, ...]]
    filter: QueueFilter

    def one(self, name: str) -> str:
        return (self.params.get(name) or ("",))[0]

    def has(self, name: str, value: str) -> bool:
        return value in self.params.get(name, ())

    @property
    def narrowed(self) -> bool:
        return any(name not in ("state", "cursor") for name in self.params) or self.one("state") not in (
            "",
            "open",
        )

    def url(self, **changes: str) -> str:
        """The same queue with some parts changed; an empty value drops the part."""
        parts = {name: list(values) for name, values in self.params.items() if name != "cursor"}
        for name, value in changes.items():
            parts[name] = [value]
        told = {
            name: kept for name, values in parts.items() if (kept := [value for value in values if value])
        }
        return f"/?{urlencode(told, doseq=True)}" if told else "/"


async def show(visit: Visit) -> Response:
    """The queue, or the portal."""
    if not visit.works_here:
        return await _portal(visit)
    narrowed = narrow(visit)
    cursor = narrowed.one("cursor") or None
    counted = replace(narrowed.filter, overdue=False)
    page, counts, teams, _ = await asyncio.gather(
        visit.desk.queue(visit.caller, narrowed.filter, limit=PAGE, cursor=cursor),
        visit.desk.queue_counts(visit.caller, counted),
        visit.desk.teams(visit.caller),
        visit.load_rail(),
    )
    return visit.render(
        "queue.html",
        rows=_rows(visit, page.rows),
        next_url=narrowed.url(cursor=page.next_cursor) if page.next_cursor else "",
        first_url=narrowed.url() if cursor else "",
        counts=counts,
        teams=teams,
        narrowed=narrowed,
        title=_title(visit, narrowed, {team.id: team.name for team in teams}),
        states=STATES,
        priorities=PRIORITIES,
    )


async def search(visit: Visit) -> Response:
    """Jump to a ticket when its number was typed (`inc-42`), else look in numbers and titles."""
    wanted = visit.request.query_params.get("q", "").strip()
    found = _NUMBER.fullmatch(wanted)
    if found:
        prefix, number = found[1].upper(), found[2]
        for ref in dict.fromkeys((f"{prefix}-{int(number):06d}", f"{prefix}-{number}")):
            try:
                view = await visit.desk.ticket(visit.caller, ref)
            except TicketUnknown:
                continue
            return visit.redirect(visit.frame().ticket_url(view.ticket.ref))
    return visit.redirect(f"/?{urlencode({'q': wanted, 'state': 'all'})}" if wanted else "/")


def narrow(visit: Visit) -> Narrowed:
    """Read the filter from the address; words it does not know are left out."""
    query = visit.request.query_params
    names = (
        "state",
        "team",
        "assignee",
        "requester",
        "priority",
        "service",
        "process",
        "q",
        "overdue",
        "cursor",
    )
    params = {name: tuple(one for one in query.getlist(name) if one) for name in names}
    params = {name: values for name, values in params.items() if values}
    state = params.get("state", ("open",))
    text = (params.get("q") or ("",))[0].strip()

    def person(name: str) -> str | None:
        wish = (params.get(name) or (None,))[0]
        return visit.caller.id if wish == "me" else wish

    return Narrowed(
        params,
        QueueFilter(
            process=(params.get("process") or (None,))[0],
            states=() if "all" in state else state,
            team=(params.get("team") or (None,))[0],
            assignee=person("assignee"),
            requester=person("requester"),
            priority=params.get("priority", ()),
            service=(params.get("service") or (None,))[0],
            text=text or None,
            overdue="overdue" in params,
        ),
    )


def _title(visit: Visit, narrowed: Narrowed, teams: Mapping[str, str]) -> str:
    if narrowed.filter.text:
        return visit.texts("queue.title.search", text=narrowed.filter.text)
    if narrowed.one("team"):
        return teams.get(narrowed.one("team"), narrowed.one("team"))
    if narrowed.one("assignee") == "me":
        return visit.texts("queue.title.mine")
    if narrowed.one("requester") == "me":
        return visit.texts("queue.title.requested")
    return visit.texts("queue.title.all" if narrowed.one("state") in ("", "open") else "queue.title.some")


def _rows(visit: Visit, rows: tuple[QueueRow, ...]) -> list[Row]:
    return [Row(row, row_face(row, visit.now, visit.texts, visit.zone), new_key()) for row in rows]


async def _portal(visit: Visit) -> Response:
    mine = QueueFilter(
        requester=visit.caller.id, text=visit.request.query_params.get("q", "").strip() or None
    )
    waiting, running, closed, processes = await asyncio.gather(
        visit.desk.queue(visit.caller, replace(mine, states=("done",)), limit=PAGE),
        visit.desk.queue(visit.caller, replace(mine, states=("open",)), limit=PAGE),
        visit.desk.queue(visit.caller, replace(mine, states=("closed",)), limit=_CLOSED_SHOWN),
        visit.desk.processes(visit.caller),
    )
    sections = [("confirm", waiting.rows), ("running", running.rows), ("closed", closed.rows)]
    return visit.render(
        "portal.html",
        sections=[(name, _rows(visit, rows)) for name, rows in sections if rows],
        processes=processes,
        text=mine.text or "",
    )

"""Steps about linked tickets: one is linked, let go, or tells what became of it."""

from __future__ import annotations

from dataclasses import dataclass, field

from domain.engine.events import News, Relink, Request
from domain.engine.ticket import Json, Ticket
from domain.language.models_tests import Step

CATEGORY = "category"
TICKET = "ticket"


@dataclass(frozen=True, slots=True)
class LinkStep:
    """Link or let go of `other`; with a category: what it tells of itself. Without `other`: the last one linked.

    fields: what is said of it here; of a ticket that is linked already, too.
    """

    link: str
    other: str = ""
    add: bool = False
    category: str = ""
    shown: dict[str, Json] = field(default_factory=dict)
    fields: dict[str, Json] = field(default_factory=dict)


def link_step(step: Step, given: dict[str, Json]) -> LinkStep | None:
    """The step about a linked ticket; None when it is about something else. `given` is its `with`."""
    other = str(given.get(TICKET) or "")
    if step.link is not None:
        said = {name: value for name, value in given.items() if name != TICKET}
        return LinkStep(step.link, other, add=True, fields=said)
    if step.unlink is not None:
        return LinkStep(step.unlink, other)
    if step.news is not None:
        shown = {name: value for name, value in given.items() if name not in (CATEGORY, TICKET)}
        return LinkStep(step.news, other, category=str(given.get(CATEGORY) or ""), shown=shown)
    return None


def request_of(act: LinkStep, ticket: Ticket, *, person: bool) -> Request:
    """What the ticket is asked; a ticket of the case's world has its number as id."""
    linked = ticket.links.get(act.link, ())
    found = next((one for one in reversed(linked) if act.other in ("", one.ref)), None)
    id_, ref = (found.ticket, found.ref) if found else (act.other, act.other)
    if act.category:
        return News(id_, act.category, act.shown)
    return Relink(act.link, id_, ref, add=act.add, mirror=person, fields=act.fields)

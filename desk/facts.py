"""Facts that travel with a send: looked up for it, never stored (architecture.md, rule 3)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from domain.engine.checks import look_up
from domain.engine.events import SYSTEM, Actor, Facts, Request
from domain.engine.following import with_followed
from domain.engine.needs import COMMENT, LONGEST_TEXT, needs
from domain.engine.ticket import Json, Ticket
from domain.errors import FactsMissing
from domain.language.definition import Definition
from store import comments, definitions, ledger, tickets
from store.directory import Directory
from store.others import OpenTickets
from store.session import Session


def actor_of(session: Session, here: Directory, person: str, ticket: str | None, now: datetime) -> Actor:
    """Who acts. Somebody unknown or gone acts with their id and no rights; "" is the system."""
    if not person:
        return SYSTEM
    found = here.actor(person, now) or Actor(id=person)
    paged = ticket is not None and ledger.was_paged(session, ticket, person)
    return replace(found, paged=True) if paged else found


TICKET = "ticket:"


def _ticket(session: Session, ref: str) -> dict[str, Json] | None:
    """Another ticket that is to be linked. What it shows of itself it tells when it knows of the link."""
    found = tickets.find(session, ref)
    if found is None:
        return None
    head, snapshot = found
    return {"id": head.id, "ref": head.ref, "process": snapshot["process"]}


def _thing(session: Session, here: Directory, name: str, comment: str) -> dict[str, Json] | None:
    if name.startswith(TICKET):
        return _ticket(session, name.removeprefix(TICKET))
    if name.startswith(COMMENT):
        text = comment or comments.text_of(session, name.removeprefix(COMMENT))
        return {"text": text[:LONGEST_TEXT]}
    return here.named(name)


def facts_for(
    session: Session,
    here: Directory,
    definition: Definition,
    ticket: Ticket | None,
    person: str,
    now: datetime,
    request: Request | None = None,
    comment: str = "",
) -> Facts:
    """Everything a request of this person needs from outside; without a request, what questions need.

    `comment` is the text of a comment that is not kept yet.
    A check that cannot be made is sent as missing: the engine refuses what needs it, and nothing is held up.
    """
    wanted = needs(definition, ticket, request)
    names = [*wanted.things, *([f"person:{person}"] if person else [])]
    things = {name: _thing(session, here, name, comment) for name in dict.fromkeys(names)}
    facts = Facts(
        actor=actor_of(session, here, person, ticket.id if ticket else None, now),
        things=with_followed(things, wanted.follow, here.named),
        published=definitions.active_processes(session),
    )
    if request is None or not wanted.checks:
        return facts
    return _with_checks(session, definition, ticket, request, facts, now, wanted.checks)


def _with_checks(
    session: Session,
    definition: Definition,
    ticket: Ticket | None,
    request: Request,
    facts: Facts,
    now: datetime,
    wanted: tuple[str, ...],
) -> Facts:
    """The facts with what stands in the way outside: in the freezes of today and among the other tickets."""
    try:
        found = look_up(
            definition,
            ticket,
            request,
            facts,
            now,
            wanted=wanted,
            windows=definitions.current_windows(session, str(definition.process.id)),
            others=OpenTickets(session),
        )
    except FactsMissing:  # the engine says what was not found, when it looks at the form
        return replace(facts, missing=wanted)
    return replace(facts, checks=found)

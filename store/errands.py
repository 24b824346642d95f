"""What a run must find out itself (pick, approvers, script, http, create), kept for the next run."""

from __future__ import annotations

import sqlalchemy as sa

from domain.engine import approvers
from domain.engine.children import errand_name
from domain.engine.entries import Effect, Entry
from domain.engine.seating import awaits
from domain.engine.ticket import Ticket
from store import journal
from store.session import Session
from store.tables import errands

KINDS = frozenset({"pick", approvers.KIND, "script", "http", "create"})
QUESTIONS = ("pick", approvers.KIND)
"""What is asked of the directory."""

_STRIKE = sa.delete(errands).where(
    errands.c.ticket == sa.bindparam("of"),
    errands.c.name == sa.bindparam("what"),
    errands.c.seq < sa.bindparam("before"),
)
_INSERT = sa.insert(errands)


def follow(session: Session, ticket: str, entry: Entry) -> None:
    """Note the errands an entry asks for, and strike out those whose result it is."""
    if entry.cause.kind == "result":
        session.execute(_STRIKE, {"of": ticket, "what": entry.cause.name, "before": entry.seq})
    rows = [
        {
            "ticket": ticket,
            "seq": entry.seq,
            "effect": effect.index,
            "kind": effect.kind,
            "name": _name(entry, effect),
        }
        for effect in entry.effects
        if effect.kind in KINDS
    ]
    if rows:
        session.execute(_INSERT, rows)


def _name(entry: Entry, effect: Effect) -> str:
    """What the cause of the result's entry names."""
    if effect.kind == "create":
        return errand_name(entry.seq, effect.index)
    if effect.kind == "pick":
        return "pick"
    if effect.kind == approvers.KIND:
        return approvers.errand_of(str(effect.data["approval"]), effect.data["lookup"])
    return str(effect.data["task"])


def first(session: Session, ticket: str) -> tuple[int, int] | None:
    """The seq and effect of the first errand of a ticket whose result is not recorded; questions to the directory are
    another's business.
    """
    query = (
        sa.select(errands.c.seq, errands.c.effect)
        .where(errands.c.ticket == ticket, errands.c.kind.not_in(QUESTIONS))
        .order_by(errands.c.seq, errands.c.effect)
        .limit(1)
    )
    row = session.execute(query).first()
    return None if row is None else (row.seq, row.effect)


def first_question(session: Session, ticket: str) -> str | None:
    """The name of the first question for approvers whose answer is not recorded."""
    query = (
        sa.select(errands.c.name)
        .where(errands.c.ticket == ticket, errands.c.kind == approvers.KIND)
        .order_by(errands.c.seq, errands.c.effect)
        .limit(1)
    )
    found: str | None = session.execute(query).scalar()
    return found


def open_errands(session: Session, ticket: Ticket) -> list[tuple[Entry, Effect]]:
    """The errands a new run has to do: asked for, without a result, and not overtaken by what happened since.

    A result that comes too late makes no entry, so nothing strikes its errand out; the ticket tells.
    """
    query = (
        sa.select(errands.c.seq, errands.c.effect)
        .where(errands.c.ticket == ticket.id)
        .order_by(errands.c.seq, errands.c.effect)
    )
    marks = [(row.seq, row.effect) for row in session.execute(query)]
    found = {entry.seq: entry for entry in journal.these(session, ticket.id, [seq for seq, _ in marks])}
    wanted = [(found[seq], found[seq].effects[index]) for seq, index in marks]
    return [(entry, effect) for entry, effect in wanted if _matters(ticket, effect)]


def _matters(ticket: Ticket, effect: Effect) -> bool:
    if effect.kind == "pick":
        fields = ticket.fields
        return fields.get("assignee") is None and fields.get("team") == effect.data.get("team")
    if effect.kind == approvers.KIND:
        data = effect.data
        return awaits(ticket, str(data["approval"]), str(data["stage"]), int(str(data["lookup"])))
    if effect.kind == "create":
        return True  # its key makes it the same ticket however often it is opened
    task = ticket.tasks.get(str(effect.data["task"]))
    return task is not None and task.state == "running" and task.run == effect.data["run"]

"""Choosing the person of a team for a ticket: fairly under a lock per team, once per question."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from store import directory
from store.session import Session, insert_if_absent
from store.tables import errands, picks, round_robin, tickets


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who could be chosen, in the order the team is written."""

    id: str
    away: bool
    skills: tuple[str, ...]


def choose(
    candidates: Sequence[Candidate],
    how: str,
    skills: Sequence[str],
    *,
    load: Mapping[str, int],
    last: str,
    on_call: Sequence[str],
) -> str | None:
    """Who gets it: pure. Those away are left out; those with all skills go before those without.

    least_loaded: the fewest open tickets, then the team's order; round_robin: the next after `last`; on_call: the
    first on call, wherever they belong, or nobody.
    """
    here = [one for one in candidates if not one.away]
    skilled = [one for one in here if set(skills) <= set(one.skills)] or here
    if how == "on_call":
        return next(iter(on_call), None)
    if not skilled:
        return None
    if how == "round_robin":
        order = [one.id for one in candidates]
        after = order.index(last) if last in order else -1
        return min(skilled, key=lambda one: (order.index(one.id) <= after, order.index(one.id))).id
    return min(enumerate(skilled), key=lambda place: (load.get(place[1].id, 0), place[0]))[1].id


def pick(
    session: Session,
    ticket: str,
    seq: int,
    effect: int,
    *,
    team: str,
    how: str,
    skills: Sequence[str],
    now: datetime,
) -> str | None:
    """Choose for the question that entry `seq`, effect `effect` asked; asked again, the answer is the same."""
    insert_if_absent(session, round_robin, {"team": team, "last": ""})
    last = session.execute(
        sa.select(round_robin.c.last).where(round_robin.c.team == team).with_for_update()
    ).scalar_one()
    here = sa.and_(picks.c.ticket == ticket, picks.c.seq == seq, picks.c.effect == effect)
    before = session.execute(sa.select(picks.c.person).where(here)).first()
    if before is not None:
        return before.person or None
    here_now = directory.current(session)
    ids = here_now.members("team", team)
    chosen = choose(
        [Candidate(id, here_now.people[id].away, here_now.people[id].skills) for id in ids],
        how,
        skills,
        load=_load(session, ids),
        last=last,
        on_call=here_now.on_call_now(team, now),
    )
    row = {"ticket": ticket, "seq": seq, "effect": effect, "team": team, "person": chosen or "", "at": now}
    session.execute(sa.insert(picks), row)
    if chosen and how == "round_robin":
        session.execute(sa.update(round_robin).where(round_robin.c.team == team).values(last=chosen))
    return chosen


def _load(session: Session, people: Sequence[str]) -> dict[str, int]:
    """Open tickets per person, and the reservations that have not become one yet."""
    assigned = (
        sa.select(tickets.c.assignee, sa.func.count())
        .where(tickets.c.assignee.in_(people), tickets.c.settled == 0)
        .group_by(tickets.c.assignee)
    )
    same = sa.and_(
        errands.c.ticket == picks.c.ticket, errands.c.seq == picks.c.seq, errands.c.effect == picks.c.effect
    )
    reserved = (
        sa.select(picks.c.person, sa.func.count())
        .select_from(picks)
        .join(errands, same)
        .join(tickets, tickets.c.id == picks.c.ticket)
        .where(
            picks.c.person.in_(people),
            tickets.c.settled == 0,
            tickets.c.assignee == "",
            tickets.c.team == picks.c.team,
        )
        .group_by(picks.c.person)
    )
    load: dict[str, int] = {}
    for query in (assigned, reserved):
        for person, count in session.execute(query):
            load[person] = load.get(person, 0) + count
    return load

"""Choosing the person of a team for a ticket: fairly under a lock per team, once per question."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from store import directory
from store.session import Session, insert_if_absent
from store.tables import errands, picks, round_robin, tickets

_PEOPLE: sa.BindParameter[list[str]] = sa.bindparam("people", expanding=True)
_ASSIGNED = (
    sa.select(tickets.c.assignee, sa.func.count())
    .where(tickets.c.assignee.in_(_PEOPLE), tickets.c.settled == 0)
    .group_by(tickets.c.assignee)
)
_RESERVED = (
    sa.select(picks.c.person, sa.func.count())
    .select_from(picks)
    .join(
        errands,
        sa.and_(
            errands.c.ticket == picks.c.ticket,
            errands.c.seq == picks.c.seq,
            errands.c.effect == picks.c.effect,
        ),
    )
    .join(tickets, tickets.c.id == picks.c.ticket)
    .where(
        picks.c.person.in_(_PEOPLE),
        tickets.c.settled == 0,
        tickets.c.assignee == "",
        tickets.c.team == picks.c.team,
    )
    .group_by(picks.c.person)
)
_TURN = sa.select(round_robin.c.last).where(round_robin.c.team == sa.bindparam("of")).with_for_update()
_KEEP = sa.insert(picks)


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
    last = _turn(session, team)
    here = sa.and_(picks.c.ticket == ticket, picks.c.seq == seq, picks.c.effect == effect)
    before = session.execute(sa.select(picks.c.person).where(here)).first()
    if before is not None:
        return before.person or None
    chosen = _choose_of(session, team, how, skills, last, now)
    keep(session, ticket, seq, effect, team=team, person=chosen, now=now)
    return chosen


def choose_now(session: Session, team: str, how: str, skills: Sequence[str], now: datetime) -> str | None:
    """Choose for a ticket that has no row yet; `keep` the answer when it has."""
    return _choose_of(session, team, how, skills, _turn(session, team), now)


def keep(
    session: Session, ticket: str, seq: int, effect: int, *, team: str, person: str | None, now: datetime
) -> None:
    """Remember an answer."""
    row = {"ticket": ticket, "seq": seq, "effect": effect, "team": team, "person": person or "", "at": now}
    session.execute(_KEEP, row)


def choose_to_call(
    session: Session, people: Sequence[directory.Person], how: str, turn_of: str
) -> str | None:
    """Which of several people is called. `turn_of` names what they take turns at."""
    last = _turn(session, turn_of) if how == "round_robin" else ""
    chosen = choose(
        [Candidate(one.id, one.away, one.skills) for one in people],
        how,
        (),
        load=_load(session, [one.id for one in people]) if how == "least_loaded" else {},
        last=last,
        on_call=(),
    )
    if chosen and how == "round_robin":
        session.execute(sa.update(round_robin).where(round_robin.c.team == turn_of).values(last=chosen))
    return chosen


def _turn(session: Session, team: str) -> str:
    """Wait until nobody else chooses for this team; who was chosen last in turn."""
    while (row := session.execute(_TURN, {"of": team}).first()) is None:
        insert_if_absent(session, round_robin, {"team": team, "last": ""})
    return str(row.last)


def _choose_of(
    session: Session, team: str, how: str, skills: Sequence[str], last: str, now: datetime
) -> str | None:
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
    if chosen and how == "round_robin":
        session.execute(sa.update(round_robin).where(round_robin.c.team == team).values(last=chosen))
    return chosen


def _load(session: Session, people: Sequence[str]) -> dict[str, int]:
    """Open tickets per person, and the reservations that have not become one yet."""
    load: dict[str, int] = {}
    for query in (_ASSIGNED, _RESERVED):
        for person, count in session.execute(query, {"people": list(people)}):
            load[person] = load.get(person, 0) + count
    return load

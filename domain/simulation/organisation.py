"""The simulated organisation: who there is, who is at work, who is picked, who stands behind a query."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from domain.calendars import FrozenCalendar
from domain.engine.approval_state import StandIn
from domain.engine.approvers import stand_ins_of
from domain.engine.events import Actor, Facts
from domain.engine.following import with_followed
from domain.engine.needs import Needs
from domain.engine.ticket import Json
from domain.simulation.absences import Absence, absences
from domain.simulation.dice import Streams
from domain.simulation.profile import Crew, Profile

WEEK = timedelta(days=7)
MANAGED = 20
"""So many requesters have one manager."""


@dataclass(slots=True, eq=False)
class Worker:
    """Somebody who works by a calendar, one thing at a time."""

    id: str
    order: int
    calendar: str
    team: str  # the team, group or roster whose load they count for
    queries: list[str] = field(default_factory=list)  # by which selectors find them
    absences: list[Absence] = field(default_factory=list)
    away_until: datetime | None = None  # None while they are there
    busy: bool = False
    free_since: datetime | None = None
    assigned: int = 0  # open tickets


class Organisation:
    """Everybody, and what they are to each other. On-call duty goes round from week to week."""

    def __init__(
        self,
        profile: Profile,
        start: datetime,
        end: datetime,
        calendars: Mapping[str, FrozenCalendar],
        streams: Streams,
    ) -> None:
        self.start = start
        self.end = end
        self._streams = streams
        self.workers: dict[str, Worker] = {}
        self.services: Mapping[str, Mapping[str, Json]] = profile.services
        self._by_query: dict[str, list[str]] = {}
        self._turn: dict[str, int] = {}
        self._actors: dict[tuple[str, int, bool], Actor] = {}
        self._things: dict[str, dict[str, Json]] = {}
        for team, crew in profile.teams.items():
            members = self._hire(team, crew)
            self._join(f"members:{team}", members)
            self._join(f"lead:{team}", members[:1])
            self._join(f"on-call:{team}", members)
        for kind, crews in (("group", profile.groups), ("on-call", profile.on_call)):
            for name, crew in crews.items():
                query = f"{kind}:{name}"
                if crew.of is not None:
                    found = self._by_query.get(f"members:{crew.of}", [])[: crew.people]
                else:
                    found = self._hire(name, crew)
                self._by_query.pop(query, None)
                self._join(query, found)
        for worker in self.workers.values():
            if worker.calendar not in calendars:
                raise KeyError(f"there is no calendar {worker.calendar!r}")
        requesters = profile.requesters
        assert requesters is not None, "a profile is filled before it is used"
        self.requesters = [f"requester-{number}" for number in range(1, requesters.people + 1)]
        self._vips = round(requesters.people * requesters.vip.part)

    def _hire(self, name: str, crew: Crew) -> list[str]:
        shifts = [(shift.people, shift.calendar) for shift in crew.shifts]
        if crew.people is not None and crew.calendar is not None:
            shifts.append((crew.people, crew.calendar))
        hired: list[str] = []
        for people, calendar in shifts:
            for _ in range(people):
                id = f"{name}-{len(hired) + 1}"
                away = absences(self._streams(f"away/{id}"), *crew.absent, self.start, self.end)
                self.workers[id] = Worker(
                    id, len(self.workers), calendar, name, [f"person:{id}"], absences=away
                )
                hired.append(id)
        return hired

    def _join(self, query: str, people: Iterable[str]) -> None:
        for person in people:
            self._by_query.setdefault(query, []).append(person)
            self.workers[person].queries.append(query)

    # ---- who

    def people(self, query: str, now: datetime) -> list[str]:
        """The people a lowered selector finds; of a roster the one whose week it is."""
        kind, _, name = query.partition(":")
        if kind == "person":
            return [name]
        if kind == "manager-of":  # of whomever the rest names
            return list(dict.fromkeys(str(self._person(one)["manager"]) for one in self.people(name, now)))
        found = self._by_query.get(query, [])
        if kind == "on-call" and found:
            turn = self._week(now) % len(found)
            in_turn = [*found[turn:], *found[:turn]]
            return [next((one for one in in_turn if not self.is_away(one)), in_turn[0])]
        return found

    def is_away(self, person: str) -> bool:
        """Whether somebody is away now."""
        worker = self.workers.get(person)
        return worker is not None and worker.away_until is not None

    def leaves(self, worker: Worker, until: datetime | None) -> None:
        """Somebody goes away, or comes back (None)."""
        worker.away_until = until
        self._actors.clear()  # who is on call may be somebody else

    def ids(self, queries: Iterable[str], now: datetime) -> list[str]:
        """Everybody whom lowered selectors find, each once."""
        return list(dict.fromkeys(person for query in queries for person in self.people(query, now)))

    def stand_ins(self, person: str, now: datetime) -> tuple[StandIn, ...]:
        """Who stands in for somebody who is away: their manager."""
        return stand_ins_of(
            person, (), away=self.is_away, manager=lambda one: str(self._person(one)["manager"]), now=now
        )

    def workers_of(self, queries: Iterable[str], now: datetime) -> list[Worker]:
        """The workers that lowered selectors find, each once."""
        found = {person: None for query in queries for person in self.people(query, now)}
        return [self.workers[person] for person in found if person in self.workers]

    def _week(self, now: datetime) -> int:
        return (now - self.start) // WEEK

    def actor(self, person: str, now: datetime, *, paged: bool) -> Actor:
        """What conditions and permissions read of a person."""
        week = self._week(now)
        actor = self._actors.get((person, week, paged))
        if actor is None:
            actor = self._actors[person, week, paged] = self._actor(person, now, paged=paged)
        return actor

    def _actor(self, person: str, now: datetime, *, paged: bool) -> Actor:
        names: dict[str, list[str]] = {"members": [], "lead": [], "group": [], "on-call": []}
        worker = self.workers.get(person)
        for query in worker.queries if worker else ():
            kind, _, name = query.partition(":")
            if kind in names and (kind != "on-call" or person in self.people(query, now)):
                names[kind].append(name)
        return Actor(
            id=person,
            teams=tuple(names["members"]),
            leads=tuple(names["lead"]),
            groups=tuple(names["group"]),
            on_call=tuple(names["on-call"]),
            paged=paged,
            vip=bool(self._person(person).get("vip")),
        )

    def facts(self, person: str, needs: Needs, now: datetime, *, paged: bool) -> Facts:
        """What a request of this person needs from outside. Checks find nothing, every process is published."""
        names = (*needs.things, f"person:{person}")
        things = with_followed({name: self.thing(name) for name in names}, needs.follow, self.thing)
        checks: dict[str, list[Json]] = {name: [] for name in needs.checks}
        return Facts(self.actor(person, now, paged=paged), things, checks, needs.processes)

    def thing(self, name: str) -> dict[str, Json] | None:
        """The attributes of a person, team, service or asset; a service has to be in the profile."""
        kind, _, id = name.partition(":")
        if kind == "service" and id not in self.services:
            return None
        found = self._things.get(name)
        if found is None:
            found = self._things[name] = self._describe(kind, id)
        return found

    def _describe(self, kind: str, id: str) -> dict[str, Json]:
        if kind == "service":
            return {"id": id, "owner": f"owner-of-{id}", **self.services[id]}
        if kind == "team":
            return {"id": id, "lead": next(iter(self._by_query.get(f"lead:{id}", [])), None)}
        return self._person(id) if kind == "person" else {"id": id}

    def _person(self, id: str) -> dict[str, Json]:
        kind, _, number = id.rpartition("-")
        if kind == "requester" and number.isdecimal():
            place = int(number)
            return {"id": id, "vip": place <= self._vips, "manager": f"manager-{(place - 1) // MANAGED + 1}"}
        return {"id": id, "vip": False, "manager": "manager-1"}

    # ---- picks

    def one_of(self, people: list[str], how: str, turn_of: str) -> list[str]:
        """The one of these who is called: who has least to do, or whose turn it is."""
        if how == "round_robin" and people:
            turn = self._turn.get(turn_of, -1) + 1
            self._turn[turn_of] = turn
            return [people[turn % len(people)]]
        load = {id: worker.assigned for id, worker in self.workers.items()}
        return sorted(people, key=lambda one: load.get(one, 0))[:1]

    def pick(self, team: str, how: str, now: datetime, working: Mapping[str, bool]) -> str | None:
        """Who gets a ticket of a team: those at work before those who are not, then as the rule says."""
        if how == "on_call":
            return next(iter(self.people(f"on-call:{team}", now)), None)
        members = [self.workers[one] for one in self._by_query.get(f"members:{team}", [])]
        there = [one for one in members if one.away_until is None] or members
        present = [one for one in there if working[one.calendar]] or there
        if not present:
            return None
        if how == "round_robin":
            last = self._turn.get(team, -1)
            chosen = min(present, key=lambda one: (one.order <= last, one.order))
            self._turn[team] = chosen.order
            return chosen.id
        return min(present, key=lambda one: (one.assigned, one.order)).id

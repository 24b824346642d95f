"""The organisation as conditions, pages and pickers read it: people, teams, groups, rosters, services, assets.

The whole of it is kept in memory (an organisation of 10,000 people is some 10 MB) and loaded anew when its stamp in
the database changed: every transaction asks for the stamp, so nobody decides on what was changed before it began.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from weakref import WeakKeyDictionary

import sqlalchemy as sa

from domain.engine.approval_state import StandIn
from domain.engine.approvers import stand_ins_of
from domain.engine.events import Actor
from domain.engine.ticket import Json
from domain.language.models import text_in
from store.directory_tables import (
    assets,
    delegations,
    groups,
    memberships,
    on_call,
    organisation,
    people,
    services,
    teams,
)
from store.session import Session

Text = dict[str, str]


@dataclass(frozen=True, slots=True)
class Person:
    """A person of the organisation."""

    id: str
    name: str
    email: str
    locale: str
    time_zone: str
    vip: bool
    away: bool
    manager: str
    roles: tuple[str, ...]
    skills: tuple[str, ...]
    active: bool


@dataclass(frozen=True, slots=True)
class Team:
    """A team and its lead."""

    id: str
    name: Text
    lead: str


@dataclass(frozen=True, slots=True)
class Service:
    """A service, who looks after it, and what conditions read of it besides."""

    id: str
    name: Text
    team: str
    owner: str
    attributes: dict[str, Json]


@dataclass(frozen=True, slots=True)
class Asset:
    """A thing with a number, whose it is, and what conditions read of it besides."""

    id: str
    name: Text
    kind: str
    owner: str
    service: str
    attributes: dict[str, Json]


@dataclass(frozen=True, slots=True)
class Shift:
    """Somebody on call for a roster; without moments always."""

    person: str
    from_at: datetime | None
    to_at: datetime | None

    def covers(self, now: datetime) -> bool:
        """Whether it is their turn."""
        return (self.from_at is None or self.from_at <= now) and (self.to_at is None or self.to_at > now)


@dataclass(frozen=True)
class Directory:
    """Everybody and everything, as it stood at one stamp."""

    time_zone: str
    people: dict[str, Person]
    teams: dict[str, Team]
    groups: dict[str, Text]
    members_of: dict[
        tuple[str, str], tuple[str, ...]
    ]  # ("team" | "group", id) → people, as the file has them
    rosters: dict[str, tuple[Shift, ...]]
    services: dict[str, Service]
    assets: dict[str, Asset]
    delegations: dict[str, tuple[StandIn, ...]]  # by who is stood in for

    # ---- people

    def person(self, id: str) -> Person | None:
        """Somebody who is active."""
        found = self.people.get(id)
        return found if found is not None and found.active else None

    def actor(self, id: str, now: datetime) -> Actor | None:
        """Who acts, as conditions and permissions read it. None for somebody unknown or gone."""
        found = self.person(id)
        if found is None:
            return None
        return Actor(
            id=id,
            teams=self._in.get(("team", id), ()),
            leads=self._leads.get(id, ()),
            groups=self._in.get(("group", id), ()),
            on_call=tuple(
                sorted(
                    name
                    for name, shifts in self.rosters.items()
                    if any(shift.person == id and shift.covers(now) for shift in shifts)
                )
            ),
            manages=self._manages.get(id, ()),
            owns=self._owns.get(id, ()),
            vip=found.vip,
            locale=found.locale,
        )

    def teams_of(self, person: str) -> tuple[str, ...]:
        """The teams somebody belongs to or leads."""
        return tuple(sorted({*self._in.get(("team", person), ()), *self._leads.get(person, ())}))

    def members(self, kind: str, of: str) -> list[str]:
        """Active members of a team or group, in the order they are written."""
        return [id for id in self.members_of.get((kind, of), ()) if self.person(id) is not None]

    def on_call_now(self, roster: str, now: datetime) -> list[str]:
        """Who is on call for a roster or team."""
        found = (shift.person for shift in self.rosters.get(roster, ()) if shift.covers(now))
        return [id for id in dict.fromkeys(found) if self.person(id) is not None]

    def resolve(self, queries: Sequence[str], now: datetime) -> tuple[list[Person], str]:
        """The people a lowered selector's queries name, each once; and, when there is nobody, why.

        Queries: `person:wang`, `members:network-l2`, `lead:network-l2`, `on-call:duty-manager`,
        `group:stakeholders`, `manager-of:person:wang`, `nobody:<why>`.
        """
        found: dict[str, None] = {}
        for query in queries:
            found.update(dict.fromkeys(self._resolve_one(query, now)))
        if found:
            return [self.people[id] for id in found], ""
        said = [query.removeprefix("nobody:") for query in queries]
        return [], "nobody found for " + ", ".join(said) if said else "nobody was named"

    def _resolve_one(self, query: str, now: datetime) -> list[str]:
        kind, _, name = query.partition(":")
        match kind:
            case "person":
                return [name] if self.person(name) is not None else []
            case "members":
                return self.members("team", name)
            case "group":
                return self.members("group", name)
            case "lead":
                team = self.teams.get(name)
                return [team.lead] if team is not None and self.person(team.lead) is not None else []
            case "on-call":
                return self.on_call_now(name, now)
            case "manager-of":
                managers = (self.people[id].manager for id in self._resolve_one(name, now))
                return [id for id in managers if self.person(id) is not None]
            case _:
                return []

    # ---- what approvals ask

    def ids(self, queries: Sequence[str], now: datetime) -> list[str]:
        """The people that lowered queries name, each once."""
        return [person.id for person in self.resolve(queries, now)[0]]

    def stand_ins(self, person: str, now: datetime) -> tuple[StandIn, ...]:
        """Who decides in somebody's place: those they named, for their time; while they are away, who is above."""

        def away(id: str) -> bool:
            found = self.person(id)
            return found is None or found.away

        def manager(id: str) -> str:
            found = self.people.get(id)
            return found.manager if found is not None else ""

        named = self.delegations.get(person, ())
        return stand_ins_of(person, named, away=away, manager=manager, now=now)

    # ---- things

    def thing(self, kind: str, id: str) -> dict[str, Json] | None:
        """The attributes of a person, team, service or asset that conditions read; None when there is none of that id.

        No personal names and no addresses: those are looked up when a text is rendered.
        """
        match kind:
            case "person":
                return self._person_attributes(id)
            case "team":
                team = self.teams.get(id)
                return None if team is None else {"id": id, **_known(lead=team.lead)}
            case "service":
                service = self.services.get(id)
                if service is None:
                    return None
                return {
                    "id": id,
                    **_known(name=text_in(service.name, "en"), team=service.team, owner=service.owner),
                    **service.attributes,
                }
            case "asset":
                asset = self.assets.get(id)
                if asset is None:
                    return None
                known = _known(
                    name=text_in(asset.name, "en"), kind=asset.kind, owner=asset.owner, service=asset.service
                )
                return {"id": id, **known, **asset.attributes}
            case _:
                return None

    def named(self, name: str) -> dict[str, Json] | None:
        """The same by a name such as `service:vpn`."""
        kind, _, id = name.partition(":")
        return self.thing(kind, id)

    def _person_attributes(self, id: str) -> dict[str, Json] | None:
        found = self.person(id)
        if found is None:
            return None
        return {
            "id": id,
            "vip": found.vip,
            "away": found.away,
            "locale": found.locale,
            "teams": list(self._in.get(("team", id), ())),
            **_known(manager=found.manager),
        }

    def names(self, kind: str, id: str) -> Text:
        """What a person, team, group, service or asset is called, by locale (`*`: in all); else its id."""
        found: Text | None = None
        if kind == "person" and id in self.people:
            found = {"*": self.people[id].name}
        elif kind == "team" and id in self.teams:
            found = self.teams[id].name
        elif kind == "group":
            found = self.groups.get(id)
        elif kind == "service" and id in self.services:
            found = self.services[id].name
        elif kind == "asset" and id in self.assets:
            # several have one name, and people read the number off the label
            found = {locale: f"{name} ({id})" for locale, name in self.assets[id].name.items() if name != id}
        return found or {"*": id}

    def name_of(self, kind: str, id: str, locale: str) -> str:
        """The name people know a thing by; "" for nobody, the id for what has no name."""
        return text_in(self.names(kind, id), locale) if id else ""

    # ---- the other way round

    @cached_property
    def _in(self) -> dict[tuple[str, str], tuple[str, ...]]:
        found: dict[tuple[str, str], list[str]] = {}
        for (kind, of), members in sorted(self.members_of.items()):
            for person in members:
                found.setdefault((kind, person), []).append(of)
        return {key: tuple(of) for key, of in found.items()}

    @cached_property
    def _leads(self) -> dict[str, tuple[str, ...]]:
        return _grouped((team.lead, team.id) for team in self.teams.values())

    @cached_property
    def _manages(self) -> dict[str, tuple[str, ...]]:
        return _grouped((person.manager, person.id) for person in self.people.values() if person.active)

    @cached_property
    def _owns(self) -> dict[str, tuple[str, ...]]:
        return _grouped((service.owner, service.id) for service in self.services.values())


_STAMP = sa.select(organisation.c.stamp)
_loaded: WeakKeyDictionary[sa.Engine, tuple[str | None, Directory]] = WeakKeyDictionary()
_loading = threading.Lock()


def current(session: Session) -> Directory:
    """The directory as this transaction sees it."""
    stamp = session.execute(_STAMP).scalar()
    known = _loaded.get(session.engine)
    if known is not None and known[0] == stamp:
        return known[1]
    made = _load(session)
    with _loading:
        _loaded[session.engine] = (stamp, made)
    return made


def _load(session: Session) -> Directory:
    members: dict[tuple[str, str], list[str]] = {}
    for row in session.execute(sa.select(memberships).order_by(memberships.c.position)):
        members.setdefault((row.kind, row.of), []).append(row.person)
    rosters: dict[str, list[Shift]] = {}
    for row in session.execute(sa.select(on_call).order_by(on_call.c.position)):
        rosters.setdefault(row.roster, []).append(Shift(row.person, row.from_at, row.to_at))
    named: dict[str, list[StandIn]] = {}
    for row in session.execute(sa.select(delegations).order_by(delegations.c.position)):
        named.setdefault(row.person, []).append(StandIn(row.to, row.from_at, row.until_at))
    return Directory(
        time_zone=session.execute(sa.select(organisation.c.time_zone)).scalar() or "UTC",
        people={
            row.id: Person(**{**row._mapping, "roles": tuple(row.roles), "skills": tuple(row.skills)})
            for row in session.execute(sa.select(people).order_by(people.c.name, people.c.id))
        },
        teams={
            row.id: Team(**row._mapping) for row in session.execute(sa.select(teams).order_by(teams.c.id))
        },
        groups={row.id: row.name for row in session.execute(sa.select(groups).order_by(groups.c.id))},
        members_of={key: tuple(found) for key, found in members.items()},
        rosters={name: tuple(shifts) for name, shifts in rosters.items()},
        services={
            row.id: Service(**row._mapping)
            for row in session.execute(sa.select(services).order_by(services.c.id))
        },
        assets={
            row.id: Asset(**row._mapping) for row in session.execute(sa.select(assets).order_by(assets.c.id))
        },
        delegations={person: tuple(stand_ins) for person, stand_ins in named.items()},
    )


def _known(**attributes: str) -> dict[str, Json]:
    """The attributes that are there; one that is not is left out, as null reads the same."""
    return {name: value for name, value in attributes.items() if value}


def _grouped(pairs: Iterable[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for key, value in sorted(pairs):
        if key:
            found.setdefault(key, []).append(value)
    return {key: tuple(values) for key, values in found.items()}

"""The organisation file: people, teams, groups, rosters, services and assets; every problem of it at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Literal
from zoneinfo import ZoneInfo

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError, field_validator

from domain.engine.approval_state import StandIn
from domain.engine.ticket import Json
from domain.errors import DefinitionInvalid, Problem
from domain.language.models_tests import Delegation, World
from domain.language.places import spelled
from domain.language.suggest import did_you_mean
from domain.language.yaml_source import Mark, plain, read_yaml, walk
from domain.local_time import instant, written_moment, zone_named

Text = dict[str, str]
Role = Literal["admin", "manager", "process_owner", "agent"]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


def _text(value: Any) -> Any:
    return {"*": value} if isinstance(value, str) else value


class PersonEntry(_Part):
    """A person. `demo`: whether people may sign in as them on a demonstration desk."""

    name: str
    email: str = ""
    locale: str = "en"
    time_zone: str = ""  # "": the organisation's
    manager: str = ""
    teams: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    roles: tuple[Role, ...] = ()
    skills: tuple[str, ...] = ()
    vip: bool = False
    away: bool = False
    demo: Text = {}  # what this account shows, in words that name a role: requester, agent, manager …; none: no account

    _demo = field_validator("demo", mode="before")(_text)

    @field_validator("time_zone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        return _zone(value) if value else value


class TeamEntry(_Part):
    """A team: its name and its lead, who belongs to it too."""

    name: Text = {}
    lead: str = ""

    _name = field_validator("name", mode="before")(_text)


class GroupEntry(_Part):
    """A group of people across teams."""

    name: Text = {}

    _name = field_validator("name", mode="before")(_text)


class Shift(_Part):
    """Who is on call; without moments always."""

    person: str
    from_at: AwareDatetime | None = Field(None, alias="from")
    to_at: AwareDatetime | None = Field(None, alias="to")


class DelegationEntry(_Part):
    """Who decides in somebody's place, from when and until when: a day counts to its end; left out: always."""

    to: str
    from_: str = Field("", alias="from")
    until: str = ""

    @field_validator("from_", "until")
    @classmethod
    def _readable(cls, value: str) -> str:
        if value and written_moment(value) is None:
            raise ValueError(
                f'cannot read "{value}": write a day, or a day and a time, such as 2026-12-01 18:00'
            )
        return value


def _shift(value: Any) -> Any:
    if isinstance(value, str):
        return [{"person": value}]
    if isinstance(value, list):
        return [{"person": one} if isinstance(one, str) else one for one in value]
    return value


class ServiceEntry(BaseModel):
    """A service. What else conditions read of it stands beside these names."""

    model_config = ConfigDict(frozen=True, extra="allow")

    name: Text = {}
    team: str = ""
    owner: str = ""
    tier: str = "silver"
    critical: bool = False
    customer_facing: bool = False

    _name = field_validator("name", mode="before")(_text)

    @property
    def attributes(self) -> dict[str, Json]:
        """What conditions read besides name, team and owner."""
        own: dict[str, Json] = {
            "tier": self.tier,
            "critical": self.critical,
            "customer_facing": self.customer_facing,
        }
        return own | (self.model_extra or {})


class AssetEntry(BaseModel):
    """A thing with a number of its own: what it is, whose it is, what service it belongs to. More may stand beside."""

    model_config = ConfigDict(frozen=True, extra="allow")

    name: Text = {}
    kind: str = ""
    owner: str = ""
    service: str = ""

    _name = field_validator("name", mode="before")(_text)

    @property
    def attributes(self) -> dict[str, Json]:
        """What conditions read besides name, kind, owner and service."""
        return dict(self.model_extra or {})


class Organisation(_Part):
    """Everybody a desk serves, and who stands behind what."""

    kind: Literal["organisation"]
    name: Text
    time_zone: str
    people: dict[str, PersonEntry]
    teams: dict[str, TeamEntry] = {}
    groups: dict[str, GroupEntry] = {}
    on_call: dict[str, tuple[Shift, ...]] = {}
    delegations: dict[str, tuple[DelegationEntry, ...]] = {}  # by who is away
    services: dict[str, ServiceEntry] = {}
    assets: dict[str, AssetEntry] = {}

    _name = field_validator("name", mode="before")(_text)

    @field_validator("on_call", mode="before")
    @classmethod
    def _shifts(cls, value: Any) -> Any:
        return (
            {roster: _shift(shifts) for roster, shifts in value.items()} if isinstance(value, dict) else value
        )

    @field_validator("delegations", mode="before")
    @classmethod
    def _one_or_several(cls, value: Any) -> Any:
        if not isinstance(value, dict):
            return value
        return {person: [one] if isinstance(one, dict) else one for person, one in value.items()}

    @field_validator("time_zone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        return _zone(value)

    def stand_ins(self, person: str) -> tuple[StandIn, ...]:
        """Who decides in somebody's place, as instants."""
        zone = zone_named(self.time_zone)

        def moment(text: str, *, until: bool) -> datetime | None:
            wall = written_moment(text, until=until)
            return instant(wall, zone) if wall is not None else None

        return tuple(
            StandIn(one.to, moment(one.from_, until=False), moment(one.until, until=True))
            for one in self.delegations.get(person, ())
        )

    def members(self, team: str) -> tuple[str, ...]:
        """The people of a team in the file's order, its lead last when the file does not say so itself."""
        found = [id for id, person in self.people.items() if team in person.teams]
        lead = self.teams[team].lead
        return tuple(found if not lead or lead in found else [*found, lead])

    def members_of_group(self, group: str) -> tuple[str, ...]:
        """The people of a group in the file's order."""
        return tuple(id for id, person in self.people.items() if group in person.groups)


def _zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (KeyError, ValueError, OSError):
        raise ValueError(f'unknown time zone "{value}": write a name such as Asia/Shanghai') from None
    return value


def load_organisation(file: str, text: str | bytes) -> Organisation:
    """The organisation of a file's text. Raises DefinitionInvalid with every problem, file:line:column."""
    loaded = read_yaml(file, text)
    if loaded.root is None:
        raise DefinitionInvalid(loaded.problems)
    marks = {path: node.place for path, node in walk(loaded.root)}
    try:
        made = Organisation.model_validate(plain(loaded.root))
    except ValidationError as error:
        found = [_problem(marks, file, part["loc"], _sentence(part)) for part in error.errors()]
        raise DefinitionInvalid([*loaded.problems, *found]) from None
    wrong = (*_unknown_names(made), *_wrong_delegations(made))
    unknown = [_problem(marks, file, path, message) for path, message in wrong]
    if unknown or loaded.problems:
        raise DefinitionInvalid([*loaded.problems, *unknown])
    return made


def _unknown_names(made: Organisation) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Every name that stands for nothing."""
    for id, person in made.people.items():
        if person.manager and person.manager not in made.people:
            yield ("people", id, "manager"), _missing("person", person.manager, made.people)
        for index, team in enumerate(person.teams):
            if team not in made.teams:
                yield ("people", id, "teams", index), _missing("team", team, made.teams)
        for index, group in enumerate(person.groups):
            if group not in made.groups:
                yield ("people", id, "groups", index), _missing("group", group, made.groups)
    for id, entry in made.teams.items():
        if entry.lead and entry.lead not in made.people:
            yield ("teams", id, "lead"), _missing("person", entry.lead, made.people)
    for id, shifts in made.on_call.items():
        for index, shift in enumerate(shifts):
            if shift.person not in made.people:
                yield ("on_call", id, index), _missing("person", shift.person, made.people)
    for id, service in made.services.items():
        if service.owner and service.owner not in made.people:
            yield ("services", id, "owner"), _missing("person", service.owner, made.people)
        if service.team and service.team not in made.teams:
            yield ("services", id, "team"), _missing("team", service.team, made.teams)
    yield from _unknown_of_assets(made)


def _unknown_of_assets(made: Organisation) -> Iterator[tuple[tuple[str | int, ...], str]]:
    for id, asset in made.assets.items():
        if asset.owner and asset.owner not in made.people:
            yield ("assets", id, "owner"), _missing("person", asset.owner, made.people)
        if asset.service and asset.service not in made.services:
            yield ("assets", id, "service"), _missing("service", asset.service, made.services)


def _missing(kind: str, name: str, known: Mapping[str, object]) -> str:
    return f'unknown {kind} "{name}"{did_you_mean(name, known)}'


def _wrong_delegations(made: Organisation) -> Iterator[tuple[tuple[str | int, ...], str]]:
    for id, named in made.delegations.items():
        if id not in made.people:
            yield ("delegations", id), f'unknown person "{id}"{did_you_mean(id, made.people)}'
        for index, one in enumerate(named):
            if one.to not in made.people:
                message = f'unknown person "{one.to}"{did_you_mean(one.to, made.people)}'
                yield ("delegations", id, index, "to"), message
            start, end = written_moment(one.from_), written_moment(one.until, until=True)
            if start is not None and end is not None and end <= start:
                yield ("delegations", id, index, "until"), "it ends before it begins"


def _sentence(part: Any) -> str:
    if part["type"] == "extra_forbidden":
        return f'unknown key "{part["loc"][-1]}"'
    if part["type"] == "missing":
        return f'"{part["loc"][-1]}" is missing'
    return str(part["msg"]).removeprefix("Value error, ")


def _problem(marks: Mapping[Any, Mark], file: str, path: tuple[str | int, ...], message: str) -> Problem:
    """A problem at the nearest written place of a path."""
    for length in range(len(path), -1, -1):
        mark = marks.get(tuple(path[:length]))
        if mark is not None:
            return Problem(
                mark.file,
                mark.line,
                mark.column,
                f"{spelled(path)}: {message}",
                code="organisation",
            )
    return Problem(file, 1, 1, message, code="organisation")


def organisation_from_world(world: World) -> Organisation:
    """The organisation of a test case's `given`: the temporary desk's people, whoever is only mentioned included."""
    return Organisation.model_validate(
        {
            "kind": "organisation",
            "name": "Rehearsal",
            "time_zone": world.time_zone,
            "people": {id: _world_person(world, id) for id in _mentioned(world)},
            "teams": {
                team: {"name": team, "lead": world.leads.get(team, "")} for team in _world_teams(world)
            },
            "groups": {group: {"name": group} for group in world.groups},
            "on_call": dict(world.on_call),
            "delegations": {
                id: [_world_delegation(one) for one in person.delegates]
                for id, person in world.people.items()
                if person.delegates
            },
            "services": {id: dict(service) for id, service in world.services.items()},
            "assets": {id: dict(asset) for id, asset in world.assets.items()},
        }
    )


def _world_person(world: World, id: str) -> dict[str, Any]:
    person = world.people.get(id)
    groups = [group for group, members in world.groups.items() if id in members]
    if person is None:
        return {"name": id, "groups": groups, "email": f"{id}@example.com"}
    return {
        "name": person.name or id,
        "email": f"{id}@example.com",
        "locale": person.locale,
        "manager": person.manager or "",
        "teams": person.teams,
        "groups": groups,
        "vip": person.vip,
        "away": person.away,
    }


def _world_delegation(delegation: Delegation) -> dict[str, str]:
    moments = {"from": delegation.from_, "until": delegation.until}
    return {"to": delegation.to, **{name: text for name, text in moments.items() if text}}


def _mentioned(world: World) -> list[str]:
    found = dict.fromkeys(world.people)
    found.update(dict.fromkeys(person.manager for person in world.people.values() if person.manager))
    found.update(dict.fromkeys(one.to for person in world.people.values() for one in person.delegates))
    found.update(dict.fromkeys(world.on_call.values()))
    found.update(dict.fromkeys(world.leads.values()))
    for members in world.groups.values():
        found.update(dict.fromkeys(members))
    owners = (one.get("owner") for one in (*world.services.values(), *world.assets.values()))
    found.update(dict.fromkeys(owner for owner in owners if isinstance(owner, str)))
    return list(found)


def _world_teams(world: World) -> list[str]:
    found: dict[str, None] = {}
    for person in world.people.values():
        found.update(dict.fromkeys(person.teams))
    found.update(dict.fromkeys(world.leads))
    teams = (service.get("team") for service in world.services.values())
    found.update(dict.fromkeys(team for team in teams if isinstance(team, str)))
    return list(found)

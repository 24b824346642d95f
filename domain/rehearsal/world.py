"""The little world of a test file: who its people are, what its services answer. Stands in for the directory."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

from domain.engine.approval_state import StandIn
from domain.engine.approvers import stand_ins_of
from domain.engine.checks import PLANNED_END, PLANNED_START, Other, assets_of
from domain.engine.entries import Effect, Entry
from domain.engine.events import Actor, Facts
from domain.engine.following import with_followed
from domain.engine.needs import Needs
from domain.engine.task_rules import base_of
from domain.engine.ticket import Json
from domain.language.models_tests import World
from domain.local_time import instant, written_moment, zone_named

FAILS = "fails"
"""The only key of the answer of a script that fails; it says why."""

Attributes = dict[str, Json]


class WorldDirectory:
    """Answers what a real desk looks up in its directory."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._teams: dict[str, list[str]] = {}
        for name, person in world.people.items():
            for team in person.teams:
                self._teams.setdefault(team, []).append(name)
        for team, lead in world.leads.items():
            members = self._teams.setdefault(team, [])
            if lead not in members:
                members.append(lead)
        self._turn: dict[str, int] = {}
        self._called: dict[tuple[int, int], tuple[str, ...]] = {}

    def actor(self, person: str, *, paged: bool) -> Actor:
        """What conditions and permissions read of a person."""
        world = self._world
        known = world.people.get(person)
        return Actor(
            id=person,
            teams=tuple(team for team, members in self._teams.items() if person in members),
            leads=tuple(team for team, lead in world.leads.items() if lead == person),
            groups=tuple(group for group, members in world.groups.items() if person in members),
            on_call=tuple(roster for roster, who in world.on_call.items() if who == person),
            manages=tuple(name for name, one in world.people.items() if one.manager == person),
            owns=tuple(name for name, one in world.services.items() if one.get("owner") == person),
            paged=paged,
            vip=bool(known and known.vip),
            locale=known.locale if known else "en",
        )

    def facts(self, person: str | None, needs: Needs, published: tuple[str, ...], *, paged: bool) -> Facts:
        """Everything a request needs from outside; the actor's own attributes always travel along."""
        names = [*needs.things, *([f"person:{person}"] if person is not None else [])]
        things = with_followed({thing: self.thing(thing) for thing in names}, needs.follow, self.thing)
        if person is None:
            return Facts(things=things, published=published)
        return Facts(self.actor(person, paged=paged), things, {}, published)

    def answered(self, check: str) -> list[Json] | None:
        """What the file says a check finds; None when it says nothing, and it is looked up."""
        answer = self._world.checks.get(check)
        return answer if isinstance(answer, list) else None

    def planned(self, start: datetime, end: datetime) -> Iterator[Other]:
        """Open tickets of the file whose planned window overlaps this one."""
        for other in self._open():
            if other.start is not None and other.end is not None and other.start < end and start < other.end:
                yield other

    def about(self, process: str, service: str) -> Iterator[Other]:
        """Open tickets of the file of a process with this service."""
        return (other for other in self._open() if (other.process, other.service) == (process, service))

    def _open(self) -> Iterator[Other]:
        for ref, known in self._world.tickets.items():
            if known.get("category") not in ("done", "closed"):
                yield Other(
                    id=ref,
                    ref=ref,
                    process=str(known.get("process") or ""),
                    title=str(known.get("title") or ""),
                    requester=str(known.get("requester") or ""),
                    service=str(known.get("service") or ""),
                    assets=tuple(sorted(assets_of(known))),
                    opened_at=self._moment(_text(known.get("opened_at"))) or datetime.min.replace(tzinfo=UTC),
                    start=self._moment(_text(known.get(PLANNED_START))),
                    end=self._moment(_text(known.get(PLANNED_END))),
                )

    def thing(self, name: str) -> Attributes | None:
        """The attributes of a person, team, service or asset. People who are only mentioned exist too."""
        kind, _, id = name.partition(":")
        if kind == "service":
            service = self._world.services.get(id)
            return None if service is None else {"id": id, **service}
        if kind == "asset":
            asset = self._world.assets.get(id)
            return None if asset is None else {"id": id, **asset}
        if kind == "ticket":
            return self.ticket(id)
        if kind == "team":
            lead = self._world.leads.get(id)  # a desk says nothing of a lead that a team does not have
            return {"id": id, "lead": lead} if lead else {"id": id}
        known = self._world.people.get(id)
        attributes: Attributes = {
            "id": id,
            "teams": [t for t, members in self._teams.items() if id in members],
        }
        attributes |= {
            "vip": bool(known and known.vip),
            "locale": known.locale if known else "en",
            "away": bool(known and known.away),
        }
        if known is not None and known.manager:
            attributes["manager"] = known.manager
        return attributes

    def ticket(self, ref: str) -> Attributes | None:
        """Another ticket, as links read it."""
        known = self._world.tickets.get(ref)
        if known is None:
            return None
        head = ("process", "category")
        fields: dict[str, Json] = {name: value for name, value in known.items() if name not in head}
        return {"id": ref, "ref": ref, **{name: known.get(name) for name in head}, "fields": fields}

    def people(self, queries: Iterable[str]) -> tuple[str, ...]:
        """The people that lowered selectors name, each once, in order."""
        found: dict[str, None] = {}
        for query in queries:
            for person in self._people(query):
                found[person] = None
        return tuple(found)

    def _people(self, query: str) -> list[str]:
        kind, _, name = query.partition(":")
        world = self._world
        match kind:
            case "person":
                return [name]
            case "members":
                return self._teams.get(name, [])
            case "lead":
                return [world.leads[name]] if name in world.leads else []
            case "on-call":
                return [world.on_call[name]] if name in world.on_call else []
            case "group":
                return list(world.groups.get(name, ()))
            case "manager-of":
                return [above for one in self._people(name) if (above := self._manager(one))]
            case _:
                return []

    def _manager(self, person: str) -> str:
        known = self._world.people.get(person)
        return (known.manager or "") if known else ""

    # ---- what approvals ask

    def ids(self, queries: Iterable[str], now: datetime) -> list[str]:
        """The people that lowered queries name."""
        return list(self.people(queries))

    def stand_ins(self, person: str, now: datetime) -> tuple[StandIn, ...]:
        """Who decides in somebody's place."""
        known = self._world.people.get(person)
        named = (
            [
                StandIn(one.to, self._moment(one.from_), self._moment(one.until, until=True))
                for one in known.delegates
            ]
            if known
            else []
        )

        def away(name: str) -> bool:
            return bool((found := self._world.people.get(name)) and found.away)

        return stand_ins_of(person, named, away=away, manager=self._manager, now=now)

    def _moment(self, text: str | None, *, until: bool = False) -> datetime | None:
        """A moment of the file in the zone of its world; with `until`, a day counts to its end."""
        if text is None:
            return None
        wall = written_moment(text, until=until) or datetime.fromisoformat(text)
        return (wall if wall.tzinfo else instant(wall, zone_named(self._world.time_zone))).astimezone(UTC)

    def pick(self, effect: Effect) -> str | None:
        """Who is picked for a team: the same choice a real desk makes when nobody has other work."""
        team = str(effect.data["team"])
        if effect.data["how"] == "on_call":
            return self._world.on_call.get(team)
        present = [
            person
            for person in self._teams.get(team, [])
            if not ((known := self._world.people.get(person)) and known.away)
        ]
        if not present:
            return None
        turn = self._turn.get(team, 0)
        if effect.data["how"] == "round_robin":
            self._turn[team] = turn + 1
        return present[turn % len(present)] if effect.data["how"] == "round_robin" else present[0]

    def called(self, entry: Entry, effect: Effect) -> tuple[str, ...]:
        """Whom a page reaches: those it names, or the one of them who is picked. Asked again, the same."""
        people = self.people(effect.to)
        if "pick" not in effect.data:
            return people
        place = (entry.seq, effect.index)
        if place not in self._called:
            self._called[place] = self._one_of(people, str(effect.data["pick"]), effect.why)
        return self._called[place]

    def _one_of(self, people: tuple[str, ...], how: str, turn_of: str) -> tuple[str, ...]:
        here = [one for one in people if not ((known := self._world.people.get(one)) and known.away)] or list(
            people
        )
        turn = self._turn.get(turn_of, 0) if how == "round_robin" else 0
        self._turn[turn_of] = turn + 1
        return (here[turn % len(here)],) if here else ()

    def answer(self, effect: Effect) -> tuple[bool, Json, str]:
        """What a script or a call answers: as the world says for the task, else a plain success."""
        task = base_of(str(effect.data["task"]))
        if effect.kind == "script":
            said = self._world.scripts.get(task, {})
            if isinstance(said, dict) and said.keys() == {FAILS}:
                return False, {}, str(said[FAILS])
            return True, said, ""
        mocked = self._world.http.get(task)
        if not isinstance(mocked, dict):
            return True, {}, ""
        status = mocked.get("status", 200)
        expected = effect.data.get("expect")
        ok = not isinstance(expected, list) or status in expected
        return ok, mocked.get("body", {}), "" if ok else f"the service answered {status}"


def _text(value: Json) -> str | None:
    return value if isinstance(value, str) else None

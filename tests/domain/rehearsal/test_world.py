"""The little world of a test file answers like a directory."""

from __future__ import annotations

from domain.engine.entries import Effect
from domain.engine.needs import Needs
from domain.language.models_tests import World
from domain.rehearsal.world import WorldDirectory
from tests.domain.rehearsal.cases import given


def a_directory() -> WorldDirectory:
    return WorldDirectory(given())


def pick(directory: WorldDirectory, how: str, team: str = "desk") -> str | None:
    return directory.pick(Effect(0, "pick", data={"team": team, "how": how}))


def test_queries_name_people_each_once_in_order() -> None:
    people = a_directory().people
    assert people(["on-call:desk", "group:chiefs", "person:ann"]) == ("bob", "ann")
    assert people(["members:desk"]) == ("away", "bob", "cho", "dan"), "a lead works in the team"
    assert people(["lead:desk", "nobody:x", "group:none", "on-call:none"]) == ("dan",)


def test_an_actor_is_what_the_world_says_of_them() -> None:
    actor = a_directory().actor("bob", paged=True)
    assert (actor.teams, actor.groups, actor.on_call, actor.paged) == (
        ("desk",),
        ("chiefs",),
        ("desk",),
        True,
    )
    assert a_directory().actor("max", paged=False).manages == ("ann",)
    assert a_directory().actor("dan", paged=False).leads == ("desk",)
    assert a_directory().actor("olga", paged=False).owns == ("vpn",)


def test_things_have_attributes_and_unknown_services_are_none() -> None:
    directory = a_directory()
    assert directory.thing("service:vpn") == {"id": "vpn", "name": "VPN", "owner": "olga"}
    assert directory.thing("service:none") is None
    person = directory.thing("person:ann")
    assert person is not None and (person["vip"], person["manager"]) == (True, "max")


def test_facts_are_those_a_request_needs_and_of_the_actor() -> None:
    facts = a_directory().facts("ann", Needs(("service:vpn",)), ("problem",), paged=False)
    assert set(facts.things) == {"service:vpn", "person:ann"}
    assert a_directory().facts(None, Needs(), (), paged=False).actor.kind == "system"


def test_picks_go_to_who_is_there() -> None:
    directory = a_directory()
    assert pick(directory, "least_loaded") == "bob", "away is away"
    assert [pick(directory, "round_robin") for _ in range(4)] == ["bob", "cho", "dan", "bob"]
    assert pick(directory, "on_call") == "bob"
    assert pick(directory, "least_loaded", "none") is None


def test_scripts_and_calls_answer_as_the_world_says_or_succeed() -> None:
    answer = a_directory().answer
    assert answer(Effect(0, "script", data={"task": "call"})) == (True, {"url": "https://meet.example/1"}, "")
    assert answer(Effect(0, "script", data={"task": "other"})) == (True, {}, "")
    failing = WorldDirectory(
        World(scripts={"call": {"fails": "no connection"}, "put": {"fails": 1, "id": 2}})
    )
    assert failing.answer(Effect(0, "script", data={"task": "call.2"})) == (False, {}, "no connection")
    assert failing.answer(Effect(0, "script", data={"task": "put"})) == (True, {"fails": 1, "id": 2}, "")
    assert answer(Effect(0, "http", data={"task": "status", "expect": [200]})) == (
        False,
        {},
        "the service answered 500",
    )
    assert answer(Effect(0, "http", data={"task": "other", "expect": [200]})) == (True, {}, "")


def test_what_rules_read_behind_a_thing_is_looked_up_with_it() -> None:
    facts = a_directory().facts(
        "ann", Needs(("service:vpn",), follow=(("manager",), ("owner",))), (), paged=False
    )
    assert facts.things.keys() == {"service:vpn", "person:olga", "person:ann", "person:max"}

"""The organisation file: every problem at its line, and the shipped one satisfies the shipped processes."""

from __future__ import annotations

import re

import pytest

from desk.organisation import Organisation, load_organisation, organisation_from_world
from desk.seeding import seed_in
from domain.errors import DefinitionInvalid
from domain.language.loader import load_tests
from store import directory
from store.session import Database
from tests.desk.desks import SHIPPED, START

SELECTOR = re.compile(r"(?<![\w-])(team|group|on-call|person):([a-z][a-z0-9-]*)")
ROUTED = re.compile(r"^\s+(?:- )?team: ([a-z][a-z0-9-]*)", re.MULTILINE)


def shipped() -> Organisation:
    path = SHIPPED / "organisation.yaml"
    return load_organisation(path.name, path.read_text(encoding="utf-8"))


def test_every_selector_of_the_shipped_definitions_finds_somebody(sqlite_database: Database) -> None:
    with sqlite_database.transaction() as session:
        seed_in(session, shipped())
        processes = ("incident", "change", "request", "laptop", "access")
        for file in ("common.yaml", *(f"{process}.yaml" for process in processes)):
            text = (SHIPPED / file).read_text(encoding="utf-8")
            for kind, name in set(SELECTOR.findall(text)):
                query = f"members:{name}" if kind == "team" else f"{kind}:{name}"
                found, why = directory.current(session).resolve([query], START)
                assert found, f"{file}: {kind}:{name}: {why}"
            for team in ROUTED.findall(text):
                assert directory.current(session).members("team", team), f"{file}: team {team}"


def test_every_team_has_a_lead_and_somebody_on_call() -> None:
    made = shipped()
    for team, entry in made.teams.items():
        assert entry.lead in made.people
        assert made.members(team)
        assert made.on_call[team]


def test_every_role_of_the_installation_has_a_demo_account() -> None:
    accounts = [person for person in shipped().people.values() if person.demo]
    assert {role for person in accounts for role in person.roles} == {
        "agent",
        "manager",
        "process_owner",
        "admin",
    }
    assert any(not person.roles for person in accounts)


def test_every_mistake_is_reported_at_its_line() -> None:
    text = """kind: organisation
name: Small
time_zone: Asia/Shanghay
people:
  ann: {name: Ann, teams: [dsk], roles: [boss]}
"""
    with pytest.raises(DefinitionInvalid) as refused:
        load_organisation("small.yaml", text)
    places = {(problem.line, problem.message.split(":")[0]) for problem in refused.value.problems}
    assert (3, "time_zone") in places
    assert (5, "people.ann.roles[1]") in places


def test_a_name_that_stands_for_nothing_gets_a_suggestion() -> None:
    text = """kind: organisation
name: Small
time_zone: UTC
people:
  ann: {name: Ann, teams: [dsk], manager: bob}
teams:
  desk: {lead: ann}
"""
    with pytest.raises(DefinitionInvalid) as refused:
        load_organisation("small.yaml", text)
    messages = [str(problem) for problem in refused.value.problems]
    assert len(messages) == 2
    assert any("small.yaml:5" in message and "desk" in message for message in messages)


def test_an_asset_belongs_to_people_and_services_that_there_are() -> None:
    text = """kind: organisation
name: Small
time_zone: UTC
people:
  ann: {name: Ann}
services:
  mail: {name: Mail}
assets:
  NB-1: {name: Laptop, kind: laptop, owner: anne, service: mial, bought: 2025}
"""
    with pytest.raises(DefinitionInvalid) as refused:
        load_organisation("small.yaml", text)
    assert [str(problem) for problem in refused.value.problems] == [
        'small.yaml:9:38: assets.NB-1.owner: unknown person "anne"; did you mean "ann"?',
        'small.yaml:9:51: assets.NB-1.service: unknown service "mial"; did you mean "mail"?',
    ]
    made = load_organisation("small.yaml", text.replace("anne", "ann").replace("mial", "mail"))
    assert made.assets["NB-1"].attributes == {"bought": 2025}


def test_delegations_name_people_and_begin_before_they_end() -> None:
    text = """kind: organisation
name: Small
time_zone: UTC
people: {ann: {name: Ann}, bob: {name: Bob}}
delegations:
  bobb: {to: ann}
  ann:
    - {to: bop, until: 2026-12-01}
    - {to: bob, from: 2026-12-02, until: 2026-12-01}
"""
    with pytest.raises(DefinitionInvalid) as refused:
        load_organisation("small.yaml", text)
    assert [str(problem) for problem in refused.value.problems] == [
        'small.yaml:6:3: delegations.bobb: unknown person "bobb"; did you mean "bob"?',
        'small.yaml:8:8: delegations.ann[1].to: unknown person "bop"; did you mean "bob"?',
        "small.yaml:9:35: delegations.ann[2].until: it ends before it begins",
    ]
    with pytest.raises(DefinitionInvalid, match=r'cannot read "Monday": write a day'):
        load_organisation("small.yaml", text.replace("2026-12-02", "Monday"))


def test_loading_again_changes_nothing_and_who_is_gone_stays_inactive(database: Database) -> None:
    made = shipped()
    fewer = made.model_copy(update={"people": {id: p for id, p in made.people.items() if id != "victor"}})
    with database.transaction() as session:
        assert seed_in(session, made)
        assert not seed_in(session, made)
        assert seed_in(session, fewer)
        here = directory.current(session)
        assert here.people["victor"].name == "Victor Li"
        assert here.person("victor") is None
        assert here.thing("person", "victor") is None
        assert seed_in(session, made)
        assert directory.current(session).thing("person", "victor") is not None


def test_a_test_cases_world_is_an_organisation_with_everybody_it_mentions() -> None:
    loaded = load_tests("incident.test.yaml", lambda name: (SHIPPED / name).read_bytes())
    assert loaded.tests is not None
    made = organisation_from_world(loaded.tests.given)
    assert {"alice", "zhao", "sun", "olga", "maria"} <= set(made.people)
    assert made.members("network-l2") == ("wang", "liu")
    assert made.services["vpn"].attributes["critical"] is True


def test_a_test_cases_assets_are_those_of_its_organisation_and_their_owners_exist() -> None:
    loaded = load_tests("asset_repair.test.yaml", lambda name: (SHIPPED / name).read_bytes())
    assert loaded.tests is not None
    made = organisation_from_world(loaded.tests.given)
    assert (made.assets["NB-0815"].kind, made.assets["NB-0815"].owner) == ("laptop", "alice")
    assert "alice" in made.people

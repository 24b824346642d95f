"""Names of teams, groups, rosters and people in a process, against those of an organisation."""

from __future__ import annotations

from domain.language.organisation_names import not_in_organisation, organisation_names
from tests.domain.language.files import load_small, small

ORGANISATION = """\
kind: organisation
people: {ann: {name: Ann}}
teams: {desk: {lead: ann}, network-l2: {}}
groups: {board: {}}
on_call: {desk: ann}
"""
LIBRARY = """\
kind: library
lang: 1
id: l
version: 1
roles: {spare: team:nowhere, used: group:bord}
"""


def told(text: str, **libraries: str) -> list[str]:
    """What is said of a process."""
    names = organisation_names("organisation.yaml", ORGANISATION)
    assert names is not None
    return [str(problem) for problem in not_in_organisation(load_small(text, **libraries), names)]


def test_names_the_organisation_has_are_silent() -> None:
    roles = (
        "{a: team:desk, b: lead:network-l2, c: group:board, d: on-call:desk, e: person:ann, f: field:team}"
    )
    assert told(small(roles=roles, routing="[{team: '{{ ticket.title }}'}]")) == []


def test_every_name_it_lacks_is_told_where_it_stands_with_the_nearest() -> None:
    text = small(roles="{a: lead:network-l3, b: person:anna}").replace("owner: team:desk", "owner: team:dusk")
    text += "routing: [{team: dask}]\n"
    assert told(text) == [
        'p.yaml:6:8: warning: organisation.yaml has no team "dusk"; did you mean "desk"?',
        'p.yaml:14:12: warning: organisation.yaml has no team "network-l3"; did you mean "network-l2"?',
        'p.yaml:14:32: warning: organisation.yaml has no person "anna"; did you mean "ann"?',
        'p.yaml:15:18: warning: organisation.yaml has no team "dask"; did you mean "desk"?',
    ]


def test_a_team_without_a_roster_is_on_call_nowhere() -> None:
    assert told(small(roles="{a: on-call:network-l2}")) == [
        'p.yaml:14:12: warning: organisation.yaml has no roster "network-l2"; known: desk'
    ]


def test_what_a_library_offers_and_nobody_uses_is_not_told() -> None:
    text = small(uses="[l.yaml]").replace("who: everyone", "who: used")
    assert told(text, l=LIBRARY) == [
        'l.yaml:5:36: warning: organisation.yaml has no group "bord"; did you mean "board"?'
    ]


def test_a_file_that_is_no_organisation_has_no_names() -> None:
    assert organisation_names("o.yaml", "kind: [") is None
    assert organisation_names("o.yaml", "kind: library\nteams: {x: {}}\n") is None
    odd = organisation_names("o.yaml", "kind: organisation\nteams: [x]\n")
    assert odd is not None and odd.team == frozenset()

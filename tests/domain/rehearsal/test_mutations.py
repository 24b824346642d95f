"""Every small mistake that could be made in a definition, and which of them cases notice."""

from __future__ import annotations

from datetime import date

import pytest

from domain.language.definition import Definition
from domain.language.loader import Loaded, load_process, reload
from domain.language.published import publish
from domain.language.yaml_source import plain
from domain.rehearsal.mutating import CaseFailed, Cases, Mutating, Verdict
from domain.rehearsal.mutations import Mutation, mutations
from tests.builders import NoHolidays
from tests.domain.language.files import KNOWN, from_folders
from tests.domain.rehearsal.cases import a_case, given

PROCESS = """\
kind: process
lang: 1
id: thing
version: 1
title: Thing
owner: team:desk
number: T-{n:4}
uses: [lib.yaml]
starts_in: new
fields: {hot: {type: boolean}, kind_of: {type: choice, options: [a, b, c]}}
forms: {create: {title: required, hot: optional, kind_of: optional}}
permissions: [{who: everyone, can: [view, comment], edit: all}]
routing:
  - {if: ticket.hot, team: fire}
  - team: desk
states:
  new: {category: new, enter: [{page: on-call:desk}]}
  work: {category: active}
  gone: {category: closed}
transitions:
  start: {from: new, to: work, who: [agents, chiefs]}
  end: {from: work, to: gone, who: agents, do: [{set: {kind_of: a}}]}
clocks:
  c:
    target: 1h
    calendar: always
    pause: {in: work}
    stop: {in: closed}
    at: {50%: [{page: [on-call:desk, group:chiefs]}]}
"""
LIBRARY = """\
kind: library
lang: 1
id: lib
version: 1
roles: {agents: team:desk, chiefs: group:chiefs}
escalations: {unused: {steps: [{page: agents, wait: 10m}], until: ticket.hot}}
"""
FILES = {"thing.yaml": PROCESS, "lib.yaml": LIBRARY}
OWN = frozenset({"thing.yaml"})


def loaded() -> Loaded:
    found = load_process("thing.yaml", FILES.get)
    assert found.ok, found.problems
    return found


def all_of(part: str, files: frozenset[str] = OWN) -> list[str]:
    found = (one.what for one in mutations(loaded(), files))
    return [what for what in found if what.startswith(part)]


def test_people_states_and_buttons_are_changed() -> None:
    assert all_of("transitions.start") == [
        "transitions.start.from: new → work",
        "transitions.start.from: new → any",
        "transitions.start.to: work → gone",
        "transitions.start.who: agents, chiefs → everyone",
        "transitions.start.who[1]: agents removed",
        "transitions.start.who[2]: chiefs removed",
    ]


def test_clocks_are_changed() -> None:
    assert all_of("clocks.c") == [
        "clocks.c.target: 1h → 2h",
        "clocks.c.target: 1h → 30m",
        "clocks.c.pause: pause removed",
        "clocks.c.pause.in: in removed",
        "clocks.c.pause.in: work → gone",
        "clocks.c.stop.in: in removed",
        "clocks.c.at.50%: 50% → 40%",
        "clocks.c.at.50%: 50% → 60%",
        "clocks.c.at.50%[1]: the action `page` removed",
        "clocks.c.at.50%[1].page[1]: on-call:desk removed",
        "clocks.c.at.50%[1].page[2]: group:chiefs removed",
    ]


def test_rows_are_left_out_and_swapped() -> None:
    found = all_of("routing")
    assert "routing[1]: row 1 → after row 2" in found and "routing[2]: the row removed" in found
    assert "routing[1].team: fire → desk" in found
    assert "forms.create.title: required → optional" in all_of("forms")
    assert "transitions.end.do[1].set.kind_of: a → b" in all_of("transitions.end")


def test_only_what_stands_in_the_named_files_and_is_used_is_changed() -> None:
    assert all_of("roles") == []
    assert all_of("roles", frozenset({"lib.yaml"})) == [
        "roles.agents: team:desk → person:nobody",
        "roles.chiefs: group:chiefs → person:nobody",
    ]
    assert not [what for what in all_of("", frozenset(FILES)) if "unused" in what]


def test_what_no_case_could_notice_is_not_changed() -> None:
    def found(name: str) -> set[str]:
        process = load_process(f"{name}.yaml", from_folders, known_processes=KNOWN)
        return {one.what for one in mutations(process, frozenset(process.sources))}

    access, change = found("access"), found("change")
    assert not access & {
        "transitions.ask_approval.from: new → any",  # a ticket is opened only once
        "clocks.fulfil.stop.in[2]: closed removed",  # a closed ticket measures nothing
        "permissions[1].hide: hide removed",  # the requester may not edit it, either
        "approvals.manager.stages[2].parallel[1]: row 1 → after row 2",  # they are asked at the same time
        "approvals.manager.stages[1].remind.calendar: calendar removed",  # all hours count: the change below
    }
    assert access >= {
        "transitions.all_done.from: fulfilment, rework → any",  # waiting states keep open tasks
        "clocks.fulfil.stop.in[1]: done removed",
        "approvals.manager.stages[1]: row 1 → after row 2",
        "approvals.manager.stages[1].remind.calendar: workdays → always",
    }
    assert "tasks.pre_check.timeout: 2m → 4m" not in change  # in a case machines answer at once


def test_a_change_says_where_it_is_and_leaves_everything_else() -> None:
    before = plain(loaded().root)  # type: ignore[arg-type]  # it loads
    one = next(one for one in mutations(loaded(), OWN) if one.path[-1] == "target")
    assert (one.mark.file, one.mark.line) == ("thing.yaml", 25)
    root = loaded().root
    assert root is not None
    after = plain(one.applied(root))
    assert plain(root) == before
    assert after["clocks"]["c"].pop("target") == "2h" and before["clocks"]["c"].pop("target") == "1h"
    assert after == before


def test_every_change_really_changes_something() -> None:
    root = loaded().root
    assert root is not None
    for one in mutations(loaded(), frozenset(FILES)):
        assert plain(one.applied(root)) != plain(root) or "row" in one.what, one.what


def verdicts(*steps: str, only: str = "") -> dict[str, Verdict]:
    source = loaded()
    definition = Definition.from_published(publish(source, NoHolidays(), date(2026, 1, 1)))
    cases = tuple(a_case("- {as: ann, create: {title: It}}\n" + one) for one in steps)
    trial = Mutating(source, [Cases(cases, given(), lambda _: definition)], frozenset())
    wanted = [one for one in mutations(source, OWN) if one.what.startswith(only)]
    return {verdict.mutation.what: verdict for verdict in trial.verdicts(wanted)}


def test_a_case_notices_what_it_expects() -> None:
    found = verdicts(
        "- {at: '10:31', expect: {paged: [{who: bob, at: '10:00'}, {who: bob, at: '10:30'}, {who: ann}]}}"
    )
    assert found["clocks.c.target: 1h → 2h"].outcome == "noticed"
    assert found["clocks.c.target: 1h → 2h"].by == "it"
    assert found["clocks.c.at.50%[1].page[2]: group:chiefs removed"].outcome == "noticed"
    assert found["clocks.c.pause: pause removed"].outcome == "unreached"


def test_what_happens_and_nobody_expects_is_told_apart_from_what_never_happens() -> None:
    found = verdicts("- {wait: 2h}", only="clocks.c")
    assert found["clocks.c.target: 1h → 2h"].outcome == "unnoticed"
    assert found["clocks.c.pause: pause removed"].outcome == "unreached"


def test_what_does_not_load_and_what_means_the_same_do_not_count() -> None:
    found = verdicts("- {wait: 1m}")
    assert found["transitions.end.from: work → gone"].outcome == "refused"
    source = loaded()
    assert source.root is not None
    same = Mutation(("x",), source.root.mark, "a", "b", (), lambda node: node)
    definition = Definition.from_published(publish(source, NoHolidays(), date(2026, 1, 1)))
    trial = Mutating(source, [Cases((a_case("- {wait: 1m}"),), given(), lambda _: definition)], frozenset())
    assert [verdict.outcome for verdict in trial.verdicts([same])] == ["same"]


def test_cases_must_pass_before_anything_is_changed() -> None:
    with pytest.raises(CaseFailed, match="it"):
        verdicts("- {expect: {state: gone}}")


def test_checking_again_finds_what_a_change_broke() -> None:
    source = loaded()
    assert source.root is not None
    assert reload(source, source.root).problems == source.problems
    broken = next(one for one in mutations(source, OWN) if one.what == "transitions.end.from: work → gone")
    assert not reload(source, broken.applied(source.root)).ok

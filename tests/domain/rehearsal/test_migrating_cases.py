"""Cases that play a migration: opened under an older version, moved, looked at under the new one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pytest

from domain.language.definition import Definition
from domain.language.loader import Loaded, LoadedTests, load_process, load_tests
from domain.language.published import publish
from domain.rehearsal.coverage import coverage
from domain.rehearsal.runner import CaseResult, run_case
from tests.builders import NoHolidays
from tests.domain.language.files import small

OLD = small(
    fields="\n  size: {type: text}\n  lost: {type: text}",
    states="\n  new: {category: new}\n  held: {category: waiting}\n  closed: {category: closed}",
    transitions="\n  hold: {from: new, to: held, who: everyone}\n  close: {from: any, to: closed, who: everyone}",
    forms="\n  create: {title: required, size: optional, lost: optional}",
    permissions="\n  - {who: everyone, can: view}",
)
NEW = small(
    version="2",
    fields="\n  length: {type: text}",
    states="\n  new: {category: new}\n  parked: {category: waiting}\n  closed: {category: closed}",
    transitions="\n  park: {from: new, to: parked, who: everyone}\n  close: {from: any, to: closed, who: everyone}",
    migrate="[{from: 1, states: {held: parked}, fields: {length: old.size}}]",
    permissions="\n  - {who: everyone, can: view}",
)


def the_tests(steps: str, *, opened_with: str = "old/small.yaml", **files: str) -> LoadedTests:
    """A file with one case, loaded beside both versions."""
    indented = steps.strip().replace("\n", "\n      ")
    text = (
        "kind: tests\nlang: 1\nprocess: small.yaml\ncases:\n  - name: it moves\n"
        f"    opened_with: {opened_with}\n    steps:\n      {indented}\n"
    )
    everything: Mapping[str, str] = {"small.yaml": NEW, "old/small.yaml": OLD, "t.yaml": text, **files}
    return load_tests("t.yaml", everything.get)


def frozen(loaded: Loaded) -> Definition:
    return Definition.from_published(publish(loaded, NoHolidays(), date(2026, 1, 1)))


def played(steps: str) -> tuple[CaseResult, Definition]:
    loaded = the_tests(steps)
    assert loaded.ok and loaded.tests is not None, loaded.problems
    new = frozen(load_process("small.yaml", {"small.yaml": NEW}.get))
    earlier = frozen(loaded.earlier["old/small.yaml"])
    return run_case(loaded.tests.cases[0], new, loaded.tests.given, earlier=earlier), new


HELD = """
- {as: ann, create: {title: It, size: 3 m}}
- {as: ann, do: hold, expect: {state: held}}
"""


def test_a_ticket_is_one_of_the_old_version_until_it_moves_and_then_one_of_the_new() -> None:
    result, _ = played(
        HELD
        + "- {wait: 1h, migrate: true, expect: {state: parked, fields: {length: 3 m}, may: {ann: [close]}}}\n"
        "- {as: ann, do: close, expect: {state: closed}}"
    )
    assert result.failures == []


def test_what_has_no_place_is_said_and_left_behind_only_when_the_case_says_so() -> None:
    opened = "- {as: ann, create: {title: It, lost: x}}\n"
    result, _ = played(opened + "- {migrate: true, expect: {refused: the field lost is gone, state: new}}")
    assert result.failures == []
    result, _ = played(opened + "- {migrate: {leave_behind: true}, expect: {state: new}}")
    assert result.failures == []
    result, _ = played(opened + "- {migrate: true}")
    assert "the field lost is gone" in result.failures[0].lines[0]


def test_only_what_happened_on_the_new_version_counts_as_exercised() -> None:
    result, new = played(HELD + "- {migrate: true}\n- {as: ann, do: close}")
    missing = {item.path for item in coverage(new, [result.journal]).missing}
    assert "transitions.close" not in missing
    assert {"states.new", "transitions.park"} <= missing


@pytest.mark.parametrize(
    ("steps", "problem"),
    [
        (HELD + "- {as: ann, do: park}\n- {migrate: true}", 'unknown transition "park"; known: hold, close'),
        (
            HELD + "- {migrate: true, expect: {state: held}}",
            'unknown state "held"; known: new, parked, closed',
        ),
        (HELD + "- {migrate: true}\n- {as: ann, do: hold}", 'unknown transition "hold"; known: park, close'),
        (HELD, "no step of this case moves the ticket; add `migrate: true`"),
        (HELD + "- {migrate: true}\n- {migrate: true}", "the ticket has moved already"),
        (HELD + "- {migrate: yes}", '"yes" says nothing here; write `migrate: true`, or'),
    ],
)
def test_names_are_those_of_the_version_the_ticket_is_on(steps: str, problem: str) -> None:
    (found,) = the_tests(steps).problems
    assert problem in found.message


def test_the_older_version_has_to_be_there_and_be_the_same_process() -> None:
    steps = HELD + "- {migrate: true}"
    (found,) = the_tests(steps, opened_with="old/none.yaml").problems
    assert found.message == '"old/none.yaml" is no process file without errors'
    other = OLD.replace("id: small", "id: other")
    (found,) = the_tests(steps, **{"old/small.yaml": other}).problems
    assert found.message == 'this is the process "other"; name an older version of "small"'
    (found,) = the_tests("- {as: ann, create: {title: It}}\n- {migrate: true}", opened_with="null").problems
    assert found.message.startswith("say which older version the ticket is opened with")

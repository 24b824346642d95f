"""Two definitions compared: nothing is missed, it is said as an owner says it, and open tickets are thought of."""

from __future__ import annotations

from itertools import islice

import pytest

from domain.comparing.differences import differences
from domain.comparing.renames import renamed, renames
from domain.comparing.report import Comparison, compare
from domain.language.loader import load_process
from domain.language.models import Process
from tests.domain.language.files import KNOWN, from_folders, load_small, reader, small
from tests.domain.wording.changes import changes
from tests.domain.wording.test_conditions import process_of

NAMES = ("incident", "change", "problem", "request", "laptop", "access", "asset_repair")
PROCESSES = {name: process_of(name) for name in NAMES}
INCIDENT = PROCESSES["incident"]


def incident_with(*replaced: tuple[str, str]) -> Process:
    text = from_folders("incident.yaml")
    assert text is not None
    for old, new in replaced:
        assert old in text
        text = text.replace(old, new)
    process = load_process("incident.yaml", reader(incident=text), known_processes=KNOWN).process
    assert process is not None
    return process


def small_process(**sections: str) -> Process:
    loaded = load_small(small(**sections))
    assert loaded.process is not None, loaded.problems
    return loaded.process


def lines(found: Comparison) -> dict[str, list[str]]:
    return {group.title: [change.text for change in group.changes] for group in found.groups}


# ---- nothing is missed


@pytest.mark.parametrize("name", NAMES)
def test_a_definition_does_not_differ_from_itself(name: str) -> None:
    found = compare(PROCESSES[name], process_of(name))
    assert found.same
    assert found.safe
    assert found.notes == ()


@pytest.mark.parametrize("name", NAMES)
def test_every_single_change_is_found(name: str) -> None:
    process = PROCESSES[name]
    missed = [
        path for path, changed in changes(process) if not any(True for _ in differences(process, changed))
    ]
    assert missed == []


@pytest.mark.parametrize("name", NAMES)
def test_every_change_is_said_and_not_as_the_same_on_both_sides(name: str) -> None:
    process = PROCESSES[name]
    for path, changed in islice(changes(process), NAMES.index(name), None, 23):
        found = compare(process, changed)
        assert not found.same, path
        for group in found.groups:
            assert group.title
            for change in group.changes:
                assert change.text.strip(), path
                old, arrow, new = change.text.partition(" → ")
                assert not arrow or old.rpartition(": ")[2] != new, (path, change.text)


def test_two_different_processes_can_be_compared_both_ways() -> None:
    assert not compare(INCIDENT, PROCESSES["change"]).same
    assert not compare(PROCESSES["change"], INCIDENT).same


def test_comments_order_of_who_and_ways_to_write_are_no_differences() -> None:
    same = incident_with(
        ("who: [service_desk, resolvers]\n    do:", "who: [resolvers, service_desk]  # both\n    do:"),
        ("pause: {in: waiting_requester}", "pause: {in: [waiting_requester]}"),
    )
    assert compare(INCIDENT, same).same


def test_the_order_of_transitions_is_a_difference() -> None:
    transitions = dict(reversed(INCIDENT.transitions.items()))
    found = compare(INCIDENT, INCIDENT.model_copy(update={"transitions": transitions}))
    assert lines(found)["Transitions"][0].startswith("in another order: ")


def test_a_number_is_not_a_yes() -> None:
    assert list(differences({"a": 1}, {"a": True}))


# ---- the process's own terms


def test_targets_and_pauses_are_said_as_the_owner_says_them() -> None:
    new = incident_with(
        ("target: {P1: 4h, P2: 8h,", "target: {P1: 4h, P2: 6h,"),
        ("pause: {in: waiting_requester}", "pause: {in: waiting_vendor}"),
    )
    assert lines(compare(INCIDENT, new)) == {
        "Clock Resolution time (resolve)": [
            "P2 target 8h → 6h",
            "pauses no longer while Waiting for requester",
            "pauses now also while Waiting for vendor",
        ]
    }


def test_people_of_a_button_come_and_go() -> None:
    new = incident_with(
        (
            "who: [assignee, resolvers, service_desk, incident_manager]",
            "who: [assignee, resolvers, duty_manager]",
        )
    )
    assert lines(compare(INCIDENT, new)) == {
        "Button Resolve (resolve)": [
            "no longer for service desk",
            "no longer for incident manager",
            "now also for duty manager",
        ]
    }


def test_permissions_are_compared_by_what_they_say_and_not_by_their_place() -> None:
    lines_before = (
        "{who: everyone, can: view}",
        "{who: team:a, can: [view, comment], edit: all}",
        "{who: team:b, can: [view, comment], edit: [title]}",
        "{who: requester, can: [view, comment], in: [new]}",
    )
    old = small_process(permissions=f"[{', '.join(lines_before)}]")
    moved = [*lines_before[2:], *lines_before[:2]]
    assert compare(old, small_process(permissions=f"[{', '.join(moved)}]")).same
    more = [
        "{who: team:c, can: view}",
        *moved[:3],
        "{who: team:a, can: [view, comment, assign], edit: all}",
    ]
    more.insert(2, "{who: requester, can: view}")
    found = lines(compare(old, small_process(permissions=f"[{', '.join(more)}]")))
    assert found == {
        "Permissions": [
            "no. 6, May: now also assign",
            "now also Who: team c; May: view",
            "now also Who: requester; May: view",
        ]
    }


def test_events_that_are_heard_are_alternatives() -> None:
    old = small_process(transitions="{t: {from: new, to: done, when: created}}")
    new = small_process(
        transitions="{t: {from: new, to: done, when: created}, "
        "u: {from: new, to: done, when: [replied.requester, tasks.done]}}"
    )
    said = lines(compare(old, new))["Transition u"][0]
    assert said.endswith("When: the requester replies or all tasks are done")


def test_actions_conditions_timers_and_texts() -> None:
    new = incident_with(
        ("if: not ticket.major\n\n  close_after", "if: not ticket.known\n\n  close_after"),
        ("    after: 3d\n", "    after: 2d\n"),
        ("label: {en: Resolve, zh-CN: 解决}", "label: {en: Solve, zh-CN: 解决}"),
        ("      - escalate: on_call\n\n  reopen_by", "      - page: duty_manager\n\n  reopen_by"),
        ("major: {type", "known: {type: boolean}\n  major: {type"),
    )
    found = lines(compare(INCIDENT, new))
    assert found["Transition close_quietly"] == [
        "After: 3d → 2d",
        "Only if: “Major incident” is no → “known” is no",
    ]
    assert found["Button Solve (resolve)"] == ["Called: “Resolve” → “Solve”"]
    assert found["Button Not fixed - reopen (reopen)"] == [
        "Does: no longer starts the escalation “Team on-call”",
        "Does: now also pages duty manager",
    ]
    assert found["Field known"] == ["new: Kind of value: yes or no"]


def test_the_language_of_a_text_is_named_when_only_a_translation_changed() -> None:
    new = incident_with(("label: {en: Resolve, zh-CN: 解决}", "label: {en: Resolve, zh-CN: 处理完}"))
    assert lines(compare(INCIDENT, new)) == {
        "Button Resolve (resolve)": ["Called: “解决” (zh-CN) → “处理完” (zh-CN)"]
    }


# ---- renames


def test_a_renamed_state_is_one_change_however_often_it_is_used() -> None:
    new = incident_with(("waiting_vendor", "at_vendor"))
    found = compare(INCIDENT, new)
    assert lines(found) == {"State Waiting for vendor (at_vendor)": ["was called waiting_vendor"]}
    assert not found.safe
    assert "states: {waiting_vendor: at_vendor}" in found.notes[0].text


def test_a_renamed_field_is_followed_into_expressions_forms_and_actions() -> None:
    new = incident_with(("business_impact", "harm"))
    assert renames(INCIDENT, new) == {"fields": {"business_impact": "harm"}}
    assert list(differences(renamed(INCIDENT, renames(INCIDENT, new)), new)) == []
    found = compare(INCIDENT, new)
    assert "fields: {harm: old.business_impact}" in found.notes[0].text


def test_another_thing_is_not_a_rename() -> None:
    new = incident_with(
        (
            "  major_since: {type: datetime, label: {en: Major since, zh-CN: 升级为重大事件时间}}\n",
            "  colour: {type: text}\n",
        ),
        ('major_since: "{{ now }}", ', ""),
    )
    assert renames(INCIDENT, new) == {}


# ---- open tickets

STATES = "\n  new: {category: new}\n  held: {category: waiting}\n  closed: {category: closed}"
WAYS = "\n  hold: {from: new, to: held, who: everyone}\n  close: {from: any, to: closed, who: everyone}"


def test_a_removed_state_needs_a_place_for_its_tickets() -> None:
    old = small_process(states=STATES, transitions=WAYS)
    found = compare(old, small_process())
    assert not found.safe
    assert "tickets in held have no place any more" in found.notes[0].text
    mapped = compare(old, small_process(version="2", migrate="\n  - {from: 1, states: {held: new}}"))
    assert mapped.safe
    assert "tickets in held go to new, as migrate says" in [note.text for note in mapped.notes]


def test_removed_and_retyped_fields_and_options_lose_values() -> None:
    old = small_process(
        fields="\n  a: {type: text}\n  b: {type: number}\n  c: {type: choice, options: [x, y]}"
    )
    new = small_process(fields="\n  b: {type: text}\n  c: {type: choice, options: [x]}")
    texts = [note.text for note in compare(old, new).notes if not note.safe]
    assert len(texts) == 3
    assert "the values of a (a) have no place any more" in texts[0]
    assert "values of b are of the kind number, not text" in texts[1]
    assert "tickets whose c is y hold a choice that is gone" in texts[2]
    kept = small_process(
        version="2",
        fields="\n  b: {type: text}\n  c: {type: choice, options: [x, y]}",
        migrate="\n  - {from: 1, fields: {b: old.a}}",
    )
    assert compare(old, kept).safe


def test_a_changed_clock_is_safe_and_counted_anew() -> None:
    found = compare(INCIDENT, incident_with(("target: {P1: 4h, P2: 8h,", "target: {P1: 4h, P2: 6h,")))
    assert found.safe
    assert [note.text for note in found.notes] == [
        (
            "Resolution time is counted anew over the whole life of a ticket; deadlines move, "
            "those that were reached stay reached"
        )
    ]


def test_a_changed_approval_needs_a_word_about_votes() -> None:
    approval = "\n  ok:\n    stages:\n      - {id: one, approvers: everyone, quorum: %s}"
    old, new = small_process(approvals=approval % "any"), small_process(approvals=approval % "all")
    assert "`approvals: keep` or `restart`" in compare(old, new).notes[0].text
    said = small_process(
        version="2", approvals=approval % "all", migrate="\n  - {from: 1, approvals: restart}"
    )
    found = compare(old, said)
    assert found.safe
    assert "asked for anew" in found.notes[0].text


def test_labels_rights_and_new_buttons_do_not_touch_open_tickets() -> None:
    found = compare(
        INCIDENT,
        incident_with(
            ("label: {en: Resolve, zh-CN: 解决}", "label: {en: Solve, zh-CN: 解决}"),
            ("can: [view, link]}", "can: [view, link, watch]}"),
        ),
    )
    assert not found.same
    assert found.notes == ()

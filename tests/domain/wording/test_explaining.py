"""Explanations: complete, in both languages, and about what an owner asks."""

from __future__ import annotations

import pytest

from domain.language.models import Clock, Process
from domain.wording.explaining import Explanation, explain, explainable
from domain.wording.mentions import mentions
from tests.builders import a_definition
from tests.domain.language.files import load_small, small
from tests.domain.wording.changes import changes
from tests.domain.wording.test_conditions import process_of

PROCESSES = {
    name: process_of(name)
    for name in ("incident", "change", "problem", "request", "laptop", "access", "asset_repair")
}
INCIDENT, CHANGE = PROCESSES["incident"], PROCESSES["change"]
# What says the same as the label of a threshold, which is said.
DERIVED = ("percent", "left", "after")


def said(process: Process, section: str, name: str, locale: str = "en") -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for one in explain(process, section, name, locale).said:
        found.setdefault(one.label, []).extend([*([one.text] if one.text else []), *one.items])
    return found


@pytest.mark.parametrize(
    "section", ["transitions", "clocks", "fields", "approvals", "tasks", "states", "escalations"]
)
@pytest.mark.parametrize("name", PROCESSES)
def test_whatever_is_changed_changes_the_explanation(name: str, section: str) -> None:
    process = PROCESSES[name]
    silent = []
    for item, model in getattr(process, section).items():
        before = explain(process, section, item)
        for path, changed in changes(model):
            if section == "clocks" and (path[-1] in DERIVED or _decides_nothing(model, path)):
                continue
            other = process.model_copy(update={section: getattr(process, section) | {item: changed}})
            if explain(other, section, item) == before:
                silent.append((item, *path))
    assert silent == []


def _decides_nothing(clock: Clock, path: tuple[str, ...]) -> bool:
    """One target and one calendar for all: whatever `by` names."""
    return path == ("by",) and set(clock.target) == {"all"} and clock.calendar.fixed is not None


@pytest.mark.parametrize("locale", ["en", "zh-CN"])
@pytest.mark.parametrize("name", PROCESSES)
def test_everything_can_be_explained_in_both_languages(name: str, locale: str) -> None:
    process = PROCESSES[name]
    explained: list[Explanation] = [
        explain(process, section, item, locale) for section, item in explainable(process)
    ]
    assert all(one.said for one in explained)
    english = {
        sentence.label
        for one in explained
        for sentence in one.said
        if locale != "en"
        and one.section in ("transitions", "clocks", "approvals", "states", "tasks")
        and sentence.label.isascii()
        and not sentence.label[:2].isupper()
    }
    assert english == set()


def test_a_transition_says_who_when_and_what_happens() -> None:
    found = said(INCIDENT, "transitions", "resolve")
    assert found["From"] == [
        "any open state: New, Assigned, In progress, Waiting for requester or Waiting for vendor"
    ]
    assert "incident manager (group incident-managers)" in found["Who"]
    assert found["Only if"] == ["“Major incident” is no, or the person is incident manager"]
    assert "Workaround: if “How was it resolved?” is “Workaround given”: required" in found["Asks for"]
    assert found["Does"][0] == "sets “Resolved” to now"
    assert found["Leads to"] == ["Resolved"]
    assert found["On entering Resolved"] == ["sends “resolved” to requester by email and chat"]
    assert "“Resolution time” stops" in found["Clocks"]


def test_what_is_linked_and_what_is_said_of_it_is_explained() -> None:
    process = a_definition(
        """
        links:
          agenda: {process: change, inverse: boards, label: Agenda, fields: {minute: {type: text}}}
          boards: {process: change, inverse: agenda}
        states: {new: {category: new}, closed: {category: closed}}
        messages: {hello: {from: linked}}
        transitions:
          close: {from: new, to: closed, who: everyone}
          hear: {from: new, when: message.hello, do: [{link: {link: agenda, from: sender}}]}
          note: {from: new, when: link.agenda.changed, do: [{link: {link: agenda, fields: {minute: Seen}}}]}
          copy: {from: new, when: link.boards.added, do: [{link: {link: agenda, from: boards}}]}
        """
    ).process
    does = {name: said(process, "transitions", name)["Does"] for name in ("hear", "note", "copy")}
    assert does == {
        "hear": ["links as “Agenda” the ticket that sent the message or was linked"],
        "note": ["says of the tickets linked as “Agenda”; Fields: minute: Seen"],
        "copy": ["links as “Agenda” what “boards” names"],
    }
    assert said(process, "transitions", "note")["When"] == [
        "something is said of a ticket linked as “Agenda”"
    ]


def test_what_a_transition_is_sure_not_to_do_to_a_clock_is_not_said() -> None:
    laptop, clocks = PROCESSES["laptop"], {}
    for name in laptop.transitions:
        clocks[name] = said(laptop, "transitions", name).get("Clocks", [])
    assert clocks["ask_approval"] == []  # fulfilment has not begun, so it does not pause
    assert clocks["approved"] == ["“Fulfilment time” starts"]
    assert clocks["ask_requester"] == ["“Fulfilment time” pauses"]
    assert clocks["answered"] == ["“Fulfilment time” runs on"]
    assert clocks["reopen"] == ["“Fulfilment time” runs on"]
    assert clocks["close"] == []  # it was stopped when the request was fulfilled
    assert said(CHANGE, "transitions", "changed_after_approval")["Clocks"] == [
        "“Approval time” starts again from zero"
    ]


def test_chinese_has_words_for_what_stands_in_english_in_the_file() -> None:
    assert said(INCIDENT, "states", "new", "zh-CN")["类别"] == ["新建"]
    assert said(INCIDENT, "tasks", "publish_status", "zh-CN")["失败时"] == ["转人工处理"]
    assert said(INCIDENT, "tasks", "review_major", "zh-CN")["需填写"][0] == "业务影响：必填"
    assert said(INCIDENT, "calendars", "workdays", "zh-CN")["工作时段"] == ["周一至周五：全天"]
    assert said(INCIDENT, "notifications", "received", "zh-CN")["渠道"] == ["邮件和聊天消息"]
    assert said(INCIDENT, "permissions", "permissions", "zh-CN")["第 6 条"] == [
        "适用对象：问题经理和变更经理；权限：查看和关联工单"
    ]
    assert (
        "可选答复：拒绝：意见：必填"
        in said(PROCESSES["laptop"], "approvals", "manager", "zh-CN")["第 1 阶段"][0]
    )


def test_a_timer_says_how_long_in_which_calendar() -> None:
    found = said(INCIDENT, "transitions", "give_up_waiting")
    assert found["After"] == ["5 days (Working days)"]
    assert "Who" not in found


def test_a_clock_says_what_it_counts_and_what_each_threshold_comes_to() -> None:
    found = said(INCIDENT, "clocks", "response")
    assert found["Target"][:2] == ["by “Priority”", "P1: 1 hour (all hours of all days)"]
    assert found["Starts"] == ["when the ticket is opened"]
    assert found["Pauses"] == ["never"]
    assert "At 50% (P1 30m, P2 1h, P3 2h, P4 4h)" in found
    assert found["After the deadline"] == ["every 30 minutes, at most 4 times", "pages duty manager"]
    assert found["Under “Platinum services”"][1] == "P1: 15 minutes (all hours of all days)"


def test_a_field_says_who_uses_and_edits_it() -> None:
    found = said(INCIDENT, "fields", "workaround")
    assert found["Kind of value"] == ["text of several lines"]
    assert "Transition “take over workaround”: Does" in found["Used by"]
    assert (
        "assignee, service desk, resolvers or incident manager (in any open state)"
        in found["May be edited by"]
    )
    assert said(INCIDENT, "fields", "title")["Kind of value"] == ["a line of text"]


def test_an_approval_says_its_stages_in_order() -> None:
    found = said(CHANGE, "approvals", "cab")
    assert found["Stage 1"][0] == "at the same time:"
    assert found["Stage 1"][1].startswith(
        "“Technical review” (peer) asks resolvers; one Yes is enough; without requester and assignee"
    )
    assert "60% must say Yes" in found["Stage 2"][0]
    assert "State “Waiting for approval”: Asks for the approval" in found["Used by"]


def test_sections_without_names_are_explained_as_one() -> None:
    found = said(INCIDENT, "priority", "priority")
    assert "“One person”: “Work has stopped” P3" in found["“Impact” × “Urgency”"][-1]
    assert said(INCIDENT, "routing", "routing")["No. 1"] == [
        "if “Category” is Security: team security-response, person: whoever is on call"
    ]
    third = said(INCIDENT, "routing", "routing")["No. 3"][0]
    assert third.endswith(": team of “Service”, person: whoever has least to do")


def test_mentions_are_found_in_events_expressions_keys_and_references() -> None:
    assert ("transitions", "approved", "when", "0") in mentions(CHANGE, "approvals", "cab")
    assert ("clocks", "response", "stop", "if") in mentions(INCIDENT, "fields", "acknowledged_at")
    assert ("transitions", "acknowledge", "do", "0", "set", "acknowledged_at") in mentions(
        INCIDENT, "fields", "acknowledged_at"
    )
    assert ("tasks", "verify", "needs", "0") in mentions(CHANGE, "tasks", "implement")
    assert ("clocks", "approval", "reset", "when", "0") in mentions(CHANGE, "transitions", "submit")
    assert mentions(INCIDENT, "fields", "vendor") == []


def test_what_has_no_label_is_called_by_its_name_made_readable() -> None:
    loaded = load_small(small())
    assert loaded.process is not None
    assert explain(loaded.process, "transitions", "close").title == "close"


def test_an_unknown_name_is_an_error() -> None:
    with pytest.raises(KeyError):
        explain(INCIDENT, "clocks", "respons")

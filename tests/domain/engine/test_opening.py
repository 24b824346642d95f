"""Who may open a ticket, and when."""

from __future__ import annotations

import pytest

from domain.errors import FactsMissing, FormInvalid, NotPermitted, TransitionRefused
from tests.builders import Story, a_definition, an_agent

REST = """
fields: {cost: {type: number}, impact: {type: choice, options: [low, high]}}
states: {new: {category: new}, gone: {category: closed}}
transitions: {end: {from: new, to: gone, who: everyone}}
"""
CREATE = """
create:
  who: [team:desk, manager-of:requester]
  form: {title: required, cost: required, impact: optional}
  if: ticket.cost < 1000 or ticket.impact == "high"
  otherwise: {en: "{{ ticket.cost }} is too much.", zh-CN: "{{ ticket.cost }} 太多。"}
"""


def a_story(create: str = CREATE) -> Story:
    return Story(a_definition(create + REST), an_agent("bob", "desk"))


def test_only_those_named_may_open_a_ticket() -> None:
    with pytest.raises(NotPermitted) as refused:
        a_story().open("ann", "portal", cost=1)
    assert refused.value.text == {
        "en": "ann may not open “Thing”; it is for: team:desk, manager-of:requester.",
        "zh-CN": "ann 无权创建“Thing”；仅限：team:desk, manager-of:requester。",
    }
    assert str(refused.value) == "ann may not open thing"
    assert a_story().open("bob", "portal", cost=1).result == "done"


def test_a_rule_may_open_one_as_the_system() -> None:
    assert a_story().open("", "portal", cost=1).result == "done"


def test_the_condition_sees_the_values_and_says_why_not() -> None:
    with pytest.raises(TransitionRefused) as refused:
        a_story().open("bob", "portal", cost=1000)
    assert refused.value.text == {"en": "1000 is too much.", "zh-CN": "1000 太多。"}
    assert str(refused.value) == "1000 is too much."
    chinese = CREATE.replace('en: "{{ ticket.cost }} is too much.", ', "")
    with pytest.raises(TransitionRefused, match=r"^1000 太多。$"):
        a_story("locales: [zh-CN]\n" + chinese).open("bob", "portal", cost=1000)
    assert a_story().open("bob", "portal", cost=1000, impact="high").result == "done"


def test_its_own_form_is_asked() -> None:
    with pytest.raises(FormInvalid) as refused:
        a_story().open("bob")
    assert [error.field for error in refused.value.errors] == ["cost"]


def test_outside_facts_must_be_there() -> None:
    story = a_story(
        "create: {check: duplicates, if: size(check.duplicates) == 0, otherwise: There is one.}\n"
    )
    with pytest.raises(FactsMissing):
        story.open()
    story.checks = {"duplicates": [{"ref": "T-1"}]}
    with pytest.raises(TransitionRefused):
        story.open()
    story.checks = {"duplicates": []}
    assert story.open().result == "done"

"""The buttons a person has, and why one cannot be pressed now."""

from __future__ import annotations

from dataclasses import replace

from domain.engine.actions import Action, actions
from domain.engine.events import Actor
from tests.builders import START, Story, a_definition, an_agent

TEXT = """
fields: {hot: {type: boolean}}
roles: {agents: team:desk}
links: {cause: {process: problem, inverse: incidents}}
states: {new: {category: new}, work: {category: active}, gone: {category: closed}}
transitions:
  second: {from: work, to: gone, who: agents}
  take: {from: new, to: work, who: agents, label: {en: Take it, zh-CN: 接手}}
  hot: {from: new, who: agents, if: ticket.hot, otherwise: "Only hot ones, not {{ ticket.title }}.", do: [{raise: x}]}
  asks: {from: new, who: agents, ask: {hot: required}, if: ticket.hot}
  checks: {from: new, who: agents, check: freezes, if: "check.freezes == []", do: [{raise: x}]}
  spawn: {from: any, who: agents, do: [{create: {process: problem, link: cause}}]}
  everybody: {from: any, who: everyone, do: [{raise: x}]}
  timed: {from: new, after: 1h, to: gone}
"""


def names(story: Story, person: str, *, available: bool = True) -> list[str]:
    found = actions(story.definition, story.ticket, story.facts(person), START)
    return [action.name for action in found if action.available is available]


def a_story() -> Story:
    story = Story(a_definition(TEXT), {"ann": Actor("ann"), **an_agent()})
    story.open()
    return story


def test_buttons_are_those_of_this_person_in_this_state_in_file_order() -> None:
    story = a_story()
    assert names(story, "bob") == ["take", "asks", "checks", "everybody"]
    assert names(story, "ann") == ["everybody"]
    story.do("take", "bob")
    assert names(story, "bob") == ["second", "everybody"]


def test_a_button_that_cannot_be_pressed_says_why() -> None:
    story = a_story()
    found = {one.name: one for one in actions(story.definition, story.ticket, story.facts("bob"), START)}
    assert found["hot"].why_not == {"en": "Only hot ones, not A thing."}
    assert "problem" in found["spawn"].why_not["en"]
    assert found["take"].label == {"en": "Take it", "zh-CN": "接手"} and list(found["asks"].form) == ["hot"]


def test_publishing_the_other_process_makes_its_button_available() -> None:
    story = a_story()
    facts = replace(story.facts("bob"), published=("problem",))
    assert "spawn" in [
        one.name for one in actions(story.definition, story.ticket, facts, START) if one.available
    ]


def test_an_available_button_without_a_form_can_really_be_pressed() -> None:
    for name in ("take", "everybody"):
        story = a_story()
        assert name in names(story, "bob")
        story.do(name, "bob")


WHOLE = """
locales: [en, zh-CN]
fields:
  hot: {type: boolean}
  size: {type: number}
  owner: {type: person}
  said: {type: text}
roles: {agents: manager-of:requester}
links: {cause: {process: problem, inverse: incidents}}
states: {new: {category: new}, work: {category: active, fields: {require: [owner, said]}}, gone: {category: closed}}
transitions:
  fill:
    from: new
    to: work
    who: agents
    label: {en: Fill, zh-CN: 填写}
    ask: {size: {default: "{{ 1 + 1 }}"}, said: {default: hello}, owner: {default: "{{ actor }}", help: Who}}
    if: ticket.hot
    otherwise: {en: "Not hot: {{ ticket.size }}", zh-CN: 不急}
  here: {from: work, to: new, who: agents}
  spawn:
    {from: new, who: agents, do: [{raise: x}, {convert: {process: change, link: cause, to: gone}},
     {create: {process: problem, link: cause}}]}
  theirs: {from: new, to: gone, who: "person:zoe"}
  form: {from: new, who: agents, ask: {hot: required}, if: ticket.hot or ticket.size > 5, do: [{raise: x}]}
  other: {from: new, who: agents, ask: {hot: required}, if: ticket.size > 5, do: [{raise: x}]}
"""


def test_a_button_says_whole_what_it_is_called_what_it_asks_and_why_it_cannot_be_pressed() -> None:
    story = Story(a_definition(WHOLE), {"ann": Actor("ann"), "maria": Actor("maria", manages=("ann",))})
    story.things["person:ann"] = {"id": "ann", "manager": "maria"}
    story.open()
    facts = replace(story.facts("maria"), published=("change",))
    required = {"size": False, "said": True, "owner": True}

    def buttons() -> list[Action]:
        return list(actions(story.definition, story.ticket, facts, START))

    fill, spawn, form, other = buttons()
    assert [one.name for one in (fill, spawn, form, other)] == ["fill", "spawn", "form", "other"]
    assert {name: entry.required for name, entry in fill.form.items()} == required
    assert fill.label == {"en": "Fill", "zh-CN": "填写"} and spawn.label == {"*": "spawn"}
    assert fill.defaults == {"size": 2, "said": "hello", "owner": "maria"}
    assert fill.why_not == {"en": "Not hot: ", "zh-CN": "不急"} and not fill.available
    assert spawn.why_not == {
        "en": "The process “problem” is not published yet.",
        "zh-CN": "流程“problem”尚未发布。",
    }
    assert (form.available, form.why_not, form.defaults) == (True, {}, {})
    assert other.why_not == {"en": "The condition of other does not hold.", "zh-CN": "不满足“other”的条件。"}
    story.edit(size=7, hot=True)
    fill, spawn, form, other = buttons()
    assert fill.available and fill.defaults == {"said": "hello", "owner": "maria"}
    assert other.available and not spawn.available

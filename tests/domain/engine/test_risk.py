"""Risk: points with reasons, and the level they reach."""

from __future__ import annotations

from domain.engine.events import Actor, Edit
from domain.engine.rendering import Reader, render_effect
from domain.engine.risk import level_in, reason_in
from domain.engine.ticket import Json
from tests.builders import Story, a_definition, an_agent, effects

TEXT = """
locales: [en, zh-CN]
fields:
  tested: {type: boolean, default: false}
  outage: {type: boolean, default: false}
  hours: {type: duration, compute: ticket.ends - ticket.starts}
  starts: {type: datetime}
  ends: {type: datetime}
  heard: {type: text}
forms: {create: {title: required, tested: optional, outage: optional, service: optional}}
risk:
  score:
    - {if: ticket.outage, add: 30, because: {en: Interruption, zh-CN: 中断}}
    - {if: ticket.service.critical, add: 30, because: {en: Critical service, zh-CN: 关键服务}}
    - {if: ticket.hours > 4h, add: 10, because: {en: Long, zh-CN: 时间长}}
    - {if: ticket.tested, add: -10, because: {en: Tested, zh-CN: 已测试}}
  levels: {low: 0, medium: {from: 30, label: {en: Middling, zh-CN: 中}}, high: 60}
states: {new: {category: new}, closed: {category: closed}}
transitions:
  close: {from: new, to: closed, who: everyone}
  rose:
    from: new
    when: changed.risk
    do:
      - set: {heard: "{{ event.old }}>{{ event.new }}"}
      - notify: risk
notifications:
  risk:
    to: requester
    subject: {en: "{{ ticket.risk }}", zh-CN: "{{ ticket.risk }}"}
    body: {en: "{{ ticket.risk_score }}: {{ ticket.risk_reasons }}", zh-CN: "{{ ticket.risk_reasons }}"}
"""
THINGS: dict[str, dict[str, Json] | None] = {"service:erp": {"id": "erp", "critical": True}}


def a_story(**fields: Json) -> Story:
    story = Story(a_definition(TEXT), {"ann": Actor("ann"), **an_agent()}, THINGS)
    story.open("ann", **fields)
    return story


def risk(story: Story) -> tuple[Json, Json, Json]:
    fields = story.ticket.fields
    return fields["risk"], fields["risk_score"], fields["risk_reasons"]


def test_points_add_up_and_the_highest_level_reached_counts() -> None:
    assert risk(a_story()) == ("low", 0, [])
    assert risk(a_story(outage=True)) == ("medium", 30, ["Interruption"])
    both = a_story(outage=True, service="erp")
    assert risk(both) == ("high", 60, ["Interruption", "Critical service"])
    assert risk(a_story(outage=True, service="erp", tested=True))[:2] == ("medium", 50)


def test_less_than_the_lowest_bound_is_the_lowest_level() -> None:
    assert risk(a_story(tested=True)) == ("low", -10, ["Tested"])


def test_the_risk_follows_every_change_and_its_change_is_an_event() -> None:
    story = a_story()
    story.edit("bob", starts="2026-03-03T20:00:00Z", ends="2026-03-04T02:00:00Z")
    assert risk(story) == ("low", 10, ["Long"]), "through a computed field too"
    story.edit("bob", outage=True)
    assert risk(story)[0] == "medium" and story.ticket.fields["heard"] == "low>medium"


def test_nobody_sets_the_risk_by_hand() -> None:
    story = a_story()
    refused = story.send(Edit({"risk": "high"}), "bob")
    assert refused.result == "refused" and risk(story)[0] == "low"


def test_level_and_reasons_are_said_in_the_language_of_the_reader() -> None:
    story = a_story()
    effect = effects(story.edit("bob", outage=True), "notify")[0]
    chinese = render_effect(story.definition, effect, Reader("zh-CN", "UTC", lambda _, id: id))
    english = render_effect(story.definition, effect, Reader("en", "UTC", lambda _, id: id))
    assert (chinese.subject, chinese.body) == ("中", "中断")
    assert (english.subject, english.body) == ("Middling", "30: Interruption")


def test_a_reason_and_a_level_that_no_rule_gives_any_more_are_said_as_they_were_kept() -> None:
    without = a_definition(
        "states: {new: {category: new}, x: {category: closed}}\n"
        "transitions: {end: {from: new, to: x, who: everyone}}"
    )
    for definition in (without, a_story().definition):
        assert (
            reason_in(definition, "Gone", "zh-CN") == "Gone"
            and level_in(definition, "huge", "zh-CN") == "huge"
        )
    assert level_in(a_story().definition, "low", "zh-CN") == "low", "it has no label"

"""Effects as texts people read, in their language and zone, with names looked up only then."""

from __future__ import annotations

from domain.engine.entries import Effect
from domain.engine.rendering import Reader, render_effect
from tests.builders import Story, a_definition, effects

TEXT = r"""
locales: [en, zh-CN]
fields:
  impact: {type: choice, options: {high: {en: High, zh-CN: 高}, low: {en: Low, zh-CN: 低}}}
  when: {type: datetime}
  flag: {type: boolean}
  length: {type: duration}
  watchers: {type: people}
states:
  new: {category: new, label: {en: New, zh-CN: 新建}}
  gone: {category: closed}
transitions:
  tell: {from: any, who: everyone, do: [{notify: all}]}
  page:
    from: any
    who: everyone
    do:
      - page: {who: "person:bob", message: {en: "Page {{ ticket.ref }}", zh-CN: "呼叫 {{ ticket.ref }}"}}
  end: {from: any, to: gone, who: everyone}
notifications:
  all:
    to: requester
    channels: [email, chat]
    subject:
      en: "{{ ticket.requester.name }}: {{ ticket.state }}"
      zh-CN: "{{ ticket.requester.name }}：{{ ticket.state }}"
    body:
      en: "{{ ticket.impact }}|{{ ticket.when }}|{{ ticket.flag }}|{{ ticket.length }}|\
        {{ ticket.watchers }}|{{ ticket.service }}"
      zh-CN: "{{ ticket.impact }}|{{ ticket.when }}|{{ ticket.flag }}"
"""
NAMES = {("person", "ann"): "Ann Chen", ("person", "bob"): "Bob"}


def reader(locale: str, zone: str = "UTC") -> Reader:
    return Reader(locale, zone, lambda kind, id: NAMES.get((kind, id), id))


def a_notification() -> tuple[Story, Effect]:
    story = Story(a_definition(TEXT))
    story.things["person:bob"] = {"id": "bob"}
    story.open()
    story.edit(impact="high", when="2026-03-02T10:00:00Z", flag=True, length="1h30m", watchers=["ann", "bob"])
    (effect,) = effects(story.do("tell"))
    return story, effect


def test_a_notification_is_rendered_in_the_readers_language_and_zone() -> None:
    story, effect = a_notification()
    english = render_effect(story.definition, effect, reader("en"))
    assert english.subject == "Ann Chen: New"
    assert english.body == "High|2026-03-02 10:00 (UTC+00:00)|yes|1h30m|Ann Chen, Bob|"
    chinese = render_effect(story.definition, effect, reader("zh-CN", "Asia/Shanghai"))
    assert chinese.subject == "Ann Chen：新建" and chinese.body == "高|2026-03-02 18:00 (UTC+08:00)|是"


def test_the_ticket_and_its_effects_hold_ids_and_no_names() -> None:
    story, effect = a_notification()
    assert effect.values["ticket.requester.name"] == {"$person": "ann"}
    assert "Ann" not in str(story.snapshot)


def test_a_page_says_its_message() -> None:
    story, _ = a_notification()
    (effect,) = effects(story.do("page"))
    assert render_effect(story.definition, effect, reader("zh-CN")).subject == "呼叫 T-0001"
    assert render_effect(story.definition, effect, reader("de")).body == "Page T-0001", (
        "English where there is no other"
    )


def test_an_effect_reads_the_same_after_a_journey_through_json() -> None:
    from domain.engine.serialise import entry_from_json, entry_to_json

    story, effect = a_notification()
    again = entry_from_json(entry_to_json(story.journal[-1])).effects[0]
    assert render_effect(story.definition, again, reader("en")) == render_effect(
        story.definition, effect, reader("en")
    )

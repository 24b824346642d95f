"""Effects as texts people read, in their language and zone, with names looked up only then."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from domain.engine.entries import Effect
from domain.engine.events import Move
from domain.engine.rendering import Reader, moment, render_effect, say
from domain.engine.ticket import Json
from tests.builders import Story, a_definition, effects, refused

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


NUMBERS = """
fields:
  first: {type: date}
  last: {type: date}
  days: {type: number, compute: (ticket.last - ticket.first) / 1d + 1}
  half: {type: number, compute: ticket.days / 2}
  said: {type: text}
states: {new: {category: new}, gone: {category: closed}}
transitions:
  tell: {from: new, who: everyone, do: [{set: {said: "{{ ticket.days }} days, {{ ticket.half }}"}}, {notify: all}]}
  page: {from: new, to: gone, who: everyone, if: ticket.days < 2, otherwise: "{{ ticket.days }} days are many"}
  end: {from: new, to: gone, who: everyone}
notifications:
  all:
    to: requester
    subject: "{{ ticket.days }} days"
    body: "{{ ticket.half }} and {{ [ticket.days, ticket.half] }}"
"""


def test_a_whole_number_is_written_without_a_point_whatever_it_was_computed_from() -> None:
    story = Story(a_definition(NUMBERS))
    story.open()
    story.edit(first="2026-03-02", last="2026-03-03")
    assert (story.ticket.fields["days"], story.ticket.fields["half"]) == (2.0, 1.0)
    entry = story.do("tell")
    assert story.ticket.fields["said"] == "2 days, 1"
    for locale in ("en", "zh-CN"):
        told = render_effect(story.definition, effects(entry, "notify")[0], reader(locale))
        assert (told.subject, told.body) == ("2 days", "1 and 2, 1")
    assert refused(story.send(Move("page"))) == "transition_refused"
    refusal = story.journal[-1].refusal
    assert refusal is not None and refusal.text["en"] == "2 days are many"
    story.edit(last="2026-03-04")
    story.do("tell")
    assert story.ticket.fields["said"] == "3 days, 1.5"


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


DUE = """
fields:
  kept: {type: datetime}
states:
  new: {category: new, enter: [{set: {kept: "{{ clock.c.due }}"}}, {notify: hello}, {comment: "By {{ clock.c.due }}"}]}
  gone: {category: closed}
transitions:
  keep: {from: new, who: everyone, do: [{set: {kept: "{{ clock.c.due }}"}}]}
  end: {from: new, to: gone, after: 9d}
notifications: {hello: {to: requester, subject: Hello, body: "By {{ clock.c.due }}"}}
clocks: {c: {target: 1h, calendar: always, stop: {in: closed}}}
"""


def test_what_is_written_at_the_opening_knows_when_its_clocks_are_due_and_what_is_set_does_not_yet() -> None:
    story = Story(a_definition(DUE))
    opened = story.open()
    due = {"$at": "2026-03-02T10:00:00Z"}
    for kind in ("notify", "comment"):
        assert effects(opened, kind)[0].values["clock.c.due"] == due
    assert "kept" not in story.ticket.fields
    story.do("keep")
    assert story.ticket.fields["kept"] == due["$at"]


SAID = """
locales: [en, zh-CN]
fields:
  impact: {type: choice, options: {high: {en: High, zh-CN: 高}}}
  bare: {type: choice, options: [plain]}
  new: {type: text}
priority:
  {levels: {P1: {en: One, zh-CN: 一}}, rows: impact, columns: impact, matrix: {high: {high: P1}}}
risk:
  score: [{if: true, add: 1, because: {en: Always, zh-CN: 总是}}]
  levels: {low: {from: 0, label: {en: Little, zh-CN: 低}}}
states: {new: {category: new, label: {en: New, zh-CN: 新建}}, bare: {category: active}, gone: {category: closed}}
transitions: {end: {from: any, to: gone, who: everyone}, go: {from: new, to: bare, who: everyone}}
"""


@pytest.mark.parametrize(
    ("source", "value", "english", "chinese"),
    [
        ("ticket.impact", "high", "High", "高"),
        (" ticket.impact ", ["high", "gone"], "High, gone", "高, gone"),
        ("ticket.bare", "plain", "plain", "plain"),
        ("event.impact", "high", "high", "high"),
        ("impact", "high", "high", "high"),
        ("ticket.state", "new", "New", "新建"),
        ("ticket.state", "bare", "bare", "bare"),
        ("ticket.state", "left", "left", "left"),
        ("ticket.new", "new", "new", "new"),
        ("ticket.nothing", "x", "x", "x"),
        ("ticket.priority", "P1", "P1", "P1"),
        ("ticket.risk", "low", "Little", "低"),
        ("ticket.risk_reasons", ["Always", "Never"], "Always, Never", "总是, Never"),
        ("x", None, "", ""),
        ("x", True, "yes", "是"),
        ("x", False, "no", "否"),
        ("x", 3.0, "3", "3"),
        ("x", 3.5, "3.5", "3.5"),
        ("x", {"$person": "ann"}, "Ann Chen", "Ann Chen"),
        ("x", {"$team": "desk"}, "team desk", "team desk"),
        ("x", [{"$service": "vpn"}, {"$asset": "pc"}], "service vpn, asset pc", "service vpn, asset pc"),
        ("x", {"$said": {"en": "Said", "zh-CN": "说"}}, "Said", "说"),
        (
            "x",
            {"$at": "2026-03-02T23:30:00Z"},
            "2026-03-03 07:30 (UTC+08:00)",
            "2026-03-03 07:30 (UTC+08:00)",
        ),
        ("x", {"$at": "soon"}, "", ""),
        ("x", {"$option": ["impact", "high"]}, "High", "高"),
        ("x", {"$for": 5400}, "1h30m", "1h30m"),
        ("x", {"$date": "2026-03-02"}, "2026-03-02", "2026-03-02"),
        (
            "x",
            {"$row": {"a": 1, "b": None, "c": {"$person": "ann"}}},
            "a: 1, c: Ann Chen",
            "a: 1, c: Ann Chen",
        ),
        ("x", [{"$row": {"a": 1}}, {"$row": {"a": True}}], "a: 1; a: yes", "a: 1; a: 是"),
        ("x", {}, "", ""),
    ],
)
def test_a_value_is_said_in_the_words_of_who_reads_it(
    source: str, value: Json, english: str, chinese: str
) -> None:
    names = {("person", "ann"): "Ann Chen"}
    readers = (
        Reader(locale, "Asia/Shanghai", lambda kind, id: names.get((kind, id), f"{kind} {id}"))
        for locale in ("en", "zh-CN")
    )
    definition = a_definition(SAID)
    assert [say(definition, source, value, one) for one in readers] == [english, chinese]


def test_a_moment_is_shown_on_the_wall_clock_also_where_that_is_behind_or_off_by_half_an_hour() -> None:
    at = datetime(2026, 3, 2, 3, 5, tzinfo=UTC)
    assert moment(at, "America/New_York") == "2026-03-01 22:05 (UTC-05:00)"
    assert moment(at, "Asia/Kolkata") == "2026-03-02 08:35 (UTC+05:30)"

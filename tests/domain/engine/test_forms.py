"""What people send and what rules set: parsed, limited, and never an exception."""

from __future__ import annotations

from datetime import datetime

import pytest

from domain.engine.draft import Draft
from domain.engine.entries import Cause
from domain.engine.events import Facts
from domain.engine.forms import NUMBER_LIMIT, Invalid, fit, parse_value
from domain.engine.ticket import Json
from domain.language.models import FieldDef
from tests.builders import START, Story, a_definition, happenings

FACTS = Facts(things={"person:ann": {"id": "ann"}, "service:vpn": {"id": "vpn"}, "person:gone": None})


def parse(kind: str, value: Json, **more: object) -> Json:
    return parse_value(FieldDef.model_validate({"type": kind, **more}), value, FACTS)


@pytest.mark.parametrize(
    ("kind", "given", "kept"),
    [
        ("text", "Hello  there", "Hello  there"),
        ("text", "   ", None),
        ("note", "two\nlines", "two\nlines"),
        ("number", 3, 3),
        ("number", 2.5, 2.5),
        ("money", 0, 0),
        ("boolean", False, False),
        ("datetime", "2026-11-27T17:50:00+08:00", "2026-11-27T09:50:00Z"),
        ("date", "2026-11-27", "2026-11-27"),
        ("duration", "1h30m", 5400),
        ("person", "ann", "ann"),
        ("people", ["ann"], ["ann"]),
        ("service", "vpn", "vpn"),
        ("email", "ann@example.com", "ann@example.com"),
        ("url", "https://example.com/x", "https://example.com/x"),
        ("attachment", ["f1"], ["f1"]),
        ("text", "", None),
        ("person", None, None),
    ],
)
def test_values_are_kept_as_json(kind: str, given: Json, kept: Json) -> None:
    assert parse(kind, given) == kept


@pytest.mark.parametrize(
    ("kind", "given", "code"),
    [
        ("text", 3, "type"),
        ("text", "x" * 201, "too_long"),
        ("text", "two\nlines", "control"),
        ("text", "a\x00b", "control"),
        ("note", "a\x1bb", "control"),
        ("note", "\ud800", "control"),
        ("note", "x" * 32_001, "too_long"),
        ("url", "ftp://x", "pattern"),
        ("url", "https://x" + "y" * 2_000, "too_long"),
        ("email", "ann", "pattern"),
        ("number", "3", "type"),
        ("number", True, "type"),
        ("number", float("nan"), "type"),
        ("number", float("inf"), "range"),
        ("number", NUMBER_LIMIT * 10, "range"),
        ("boolean", 1, "type"),
        ("datetime", "2026-11-27T17:50:00", "type"),
        ("datetime", "tomorrow", "type"),
        ("datetime", 5, "type"),
        ("date", "2026-13-01", "type"),
        ("date", 20261127, "type"),
        ("duration", 90, "type"),
        ("duration", "a while", "type"),
        ("person", "nobody", "unknown"),
        ("person", "gone", "unknown"),
        ("person", 7, "type"),
        ("people", "ann", "type"),
        ("people", ["nobody"], "unknown"),
        ("people", ["ann"] * 501, "too_long"),
        ("attachment", [1], "type"),
    ],
)
def test_what_does_not_fit_is_refused_with_a_stable_code(kind: str, given: Json, code: str) -> None:
    with pytest.raises(Invalid) as invalid:
        parse(kind, given)
    assert invalid.value.code == code


def test_limits_of_the_definition_are_kept() -> None:
    for kind, value, more in (
        ("text", "abcd", {"max": 3}),
        ("note", "abcd", {"max": 3}),
        ("number", 11, {"max": 10}),
        ("number", -1, {"min": 0}),
        ("text", "abc", {"pattern": "[0-9]+"}),
        ("choice", "c", {"options": ["a", "b"]}),
        ("choices", ["a", "c"], {"options": ["a", "b"]}),
        ("choice", ["a"], {"options": ["a", "b"]}),
    ):
        with pytest.raises(Invalid):
            parse(kind, value, **more)


RULES = """
fields:
  text: {type: text, max: 5}
  note: {type: note}
  number: {type: number, max: 5}
  flag: {type: boolean}
  when: {type: datetime}
  day: {type: date}
  length: {type: duration}
  who: {type: person}
  them: {type: people}
  colour: {type: choice, options: [red]}
  mail: {type: email}
calendars: {office: {time_zone: Asia/Shanghai, week: {mon-fri: "09:00-18:00"}}}
states: {new: {category: new}, gone: {category: closed}}
transitions: {end: {from: new, to: gone, who: everyone}}
"""


@pytest.mark.parametrize(
    ("name", "value", "kept"),
    [
        ("text", "much too long", "much "),
        ("text", "a\nb", "a b"),
        ("text", 12, "12"),
        ("note", "a\x00b\nc", "ab\nc"),
        ("number", 6, None),
        ("number", "five", None),
        ("flag", "yes", None),
        ("when", "2026-03-02 10:00", "2026-03-02T02:00:00Z"),
        ("when", "soon", None),
        ("day", "2026-03-02", "2026-03-02"),
        ("length", "1h", 3600),
        ("length", 60, 60),
        ("length", "long", None),
        ("who", "somebody", "somebody"),
        ("who", "", None),
        ("who", 5, None),
        ("who", "gone", None),
        ("them", ["ann", ""], ["ann"]),
        ("them", "ann", None),
        ("colour", "blue", None),
        ("mail", "x", None),
        ("text", None, None),
    ],
)
def test_what_a_rule_sets_is_made_to_fit_or_is_null(name: str, value: Json, kept: Json) -> None:
    story = Story(a_definition(RULES))
    story.open()
    draft = Draft(story.definition, story.ticket, START, START, Cause("test", "fit"), FACTS)
    assert fit(draft, name, value) == kept
    lost = kept is None and value not in (None, "")
    assert bool([one for one in draft.happened if one.what == "unavailable"]) is lost


def test_a_rules_value_that_does_not_fit_is_told_in_the_journal_and_stops_nothing() -> None:
    story = Story(
        a_definition(
            RULES.replace(
                "transitions: {",
                "transitions: {set: {from: any, who: everyone, "
                'do: [{set: {colour: "{{ ticket.text }}", flag: true}}]}, ',
            )
        )
    )
    story.open()
    story.edit(text="blue")
    entry = story.do("set")
    assert happenings(entry, "unavailable", "set")[0].detail["field"] == "colour"
    assert story.ticket.fields["flag"] is True and datetime.fromisoformat("2026-03-02T09:00:00Z") == entry.at

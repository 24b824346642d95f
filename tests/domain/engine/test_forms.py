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


COLUMNS = {"what": {"type": "text", "required": True}, "count": {"type": "number"}}


@pytest.mark.parametrize(
    ("kind", "given", "more", "said"),
    [
        ("text", 3, {}, "write text"),
        ("text", "a\x00b", {}, "control characters are not allowed"),
        ("text", "abcd", {"max": 3}, "4 characters; at most 3 fit"),
        ("note", "x" * 32_001, {}, "32001 characters; at most 32000 fit"),
        ("text", "two\nlines", {}, "write it on one line"),
        ("text", "two\rlines", {}, "write it on one line"),
        ("email", "ann@", {}, "write an address such as ann@example.com"),
        ("url", "ftp://x", {}, "write an address that begins with http:// or https://"),
        ("text", "abc", {"pattern": "[0-9]+"}, "it has to look like [0-9]+"),
        ("number", "3", {}, "write a number"),
        ("number", NUMBER_LIMIT * 2, {}, f"the number is beyond {NUMBER_LIMIT}"),
        ("number", -1, {"min": 0}, "at least 0"),
        ("number", 11, {"max": 10}, "at most 10"),
        ("boolean", "yes", {}, "write true or false"),
        ("choice", "c", {"options": ["a", "b"]}, "'c' is not one of: a, b"),
        ("choices", ["a"], {"options": ["a", "b", "c"], "min": 2}, "at least 2"),
        ("choices", ["a", "b", "c"], {"options": ["a", "b", "c"], "max": 2}, "at most 2"),
        ("rows", ["x"], {"columns": COLUMNS}, "write a list of rows, each with its columns"),
        ("rows", "x", {"columns": COLUMNS}, "write a list"),
        ("rows", [{"what": "x"}, {"kind": 1}], {"columns": COLUMNS}, "row 2: there is no column 'kind'"),
        ("rows", [{"what": "x", "count": "y"}], {"columns": COLUMNS}, "row 1, count: write a number"),
        ("rows", [{"what": "x"}, {"count": 1}], {"columns": COLUMNS}, "row 2, what: this is required"),
        ("rows", [{"what": "x"}], {"columns": COLUMNS, "min": 2}, "at least 2"),
        (
            "datetime",
            "2026-11-27T17:50:00",
            {},
            "write a date and time with its zone, such as 2026-11-27T17:50:00+08:00",
        ),
        ("date", 5, {}, "write a date, such as 2026-11-27"),
        ("date", "2026-13-01", {}, "write a date, such as 2026-11-27"),
        ("time", "24:00", {}, "write a time of day, such as 09:30"),
        ("duration", 5, {}, "write a length of time, such as 1h30m"),
        ("people", "ann", {}, "write a list"),
        ("people", ["ann"] * 501, {}, "at most 500 fit"),
        ("person", "gone", {}, "there is no person 'gone'"),
        ("service", "nothing", {}, "there is no service 'nothing'"),
    ],
)
def test_a_refusal_says_what_to_write(kind: str, given: Json, more: dict[str, Json], said: str) -> None:
    with pytest.raises(Invalid) as invalid:
        parse(kind, given, **more)
    assert str(invalid.value) == said


def test_what_just_fits_is_kept_and_rows_are_filled_up() -> None:
    assert parse("text", "abc", max=3) == "abc"
    assert (parse("number", 0, min=0), parse("number", 10, max=10)) == (0, 10)
    assert parse("number", NUMBER_LIMIT) == NUMBER_LIMIT
    assert parse("people", ["ann"] * 500) == ["ann"] * 500
    assert parse("choices", [], options=["a"], min=1) == []
    assert (parse("time", "9:30"), parse("time", "00:00")) == ("09:30", "00:00")
    rows: Json = [{"what": "x"}, {"what": "", "count": None}, {"what": "y", "count": 2}]
    kept = [{"what": "x", "count": None}, {"what": "y", "count": 2}]
    assert parse("rows", rows, columns=COLUMNS, min=2, max=2) == kept


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

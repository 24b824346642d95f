"""What people send and what rules set: parsed, limited, and never an exception."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from domain.engine.draft import Draft
from domain.engine.entries import Cause
from domain.engine.events import CompleteTask, Facts, Move
from domain.engine.forms import NUMBER_LIMIT, Invalid, fit, parse_value, parse_values
from domain.engine.ticket import Json
from domain.errors import FactsMissing, FormInvalid
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


@pytest.mark.parametrize(
    ("kind", "given", "more", "code"),
    [
        ("text", "abcd", {"max": 3}, "too_long"),
        ("text", "abc", {"pattern": "[0-9]+"}, "pattern"),
        ("text", "two\rlines", {}, "control"),
        ("number", 11, {"max": 10}, "range"),
        ("number", -1, {"min": 0}, "range"),
        ("choice", "c", {"options": ["a"]}, "option"),
        ("choices", ["a"], {"options": ["a", "b"], "min": 2}, "range"),
        ("choices", ["a", "b"], {"options": ["a", "b"], "max": 1}, "range"),
        ("rows", ["x"], {"columns": COLUMNS}, "type"),
        ("rows", [{"kind": 1}], {"columns": COLUMNS}, "unknown"),
        ("rows", [{"what": "x", "count": True}], {"columns": COLUMNS}, "type"),
        ("rows", [{"count": 1}], {"columns": COLUMNS}, "missing"),
        ("time", "9:60", {}, "type"),
        ("time", "930", {}, "type"),
        ("time", 5, {}, "type"),
        ("duration", None, {}, None),
        ("text", "x" * 20_001, {"max": 30_000, "pattern": "x+"}, "too_long"),
    ],
)
def test_what_the_definition_does_not_allow_has_a_stable_code(
    kind: str, given: Json, more: dict[str, Json], code: str | None
) -> None:
    if code is None:
        assert parse(kind, given, **more) is None
        return
    with pytest.raises(Invalid) as invalid:
        parse(kind, given, **more)
    assert invalid.value.code == code


def test_an_option_and_a_column_that_are_too_long_are_cut_in_what_is_said() -> None:
    for kind, given, more, said in (
        ("choice", "c" * 70, {"options": ["a", "b"]}, f"'{'c' * 60}' is not one of: a, b"),
        ("rows", [{"k" * 120: 1}], {"columns": COLUMNS}, f"row 1: there is no column '{'k' * 100}'"),
    ):
        with pytest.raises(Invalid) as invalid:
            parse(kind, given, **more)
        assert str(invalid.value) == said
    fields = {"a": FieldDef.model_validate({"type": "text"})}
    _, errors = parse_values(fields, {"n" * 120: 1}, FACTS)
    assert [(error.field, error.message) for error in errors] == [
        ("n" * 100, f"there is no field '{'n' * 100}' to set")
    ]


def test_values_are_parsed_with_every_mistake_and_reserved_names_are_none_of_a_message() -> None:
    fields = {
        name: FieldDef.model_validate({"type": "text", **more})
        for name, more in (("a", {}), ("state", {}), ("c", {"compute": "ticket.a"}))
    }
    given: dict[str, Json] = {"a": "x", "state": "new", "c": "y", "z": 1}
    parsed, errors = parse_values(fields, given, FACTS)
    assert parsed == {"a": "x"}
    assert [str(error) for error in errors] == [
        "state: there is no field 'state' to set",
        "c: this field is computed",
        "z: there is no field 'z' to set",
    ]
    assert parse_values(fields, {"state": "new"}, FACTS, reserved=()) == ({"state": "new"}, [])


def test_what_could_not_be_looked_up_is_missing() -> None:
    with pytest.raises(FactsMissing, match=r"^person:ann could not be looked up; try again$"):
        parse_value(
            FieldDef.model_validate({"type": "person"}), "ann", replace(FACTS, missing=("person:ann",))
        )


def test_a_form_of_a_task_is_a_last_look_and_a_link_has_to_be_given_again() -> None:
    text = """
    fields: {size: {type: number}}
    links: {cause: {process: problem, inverse: things}}
    forms: {create: {title: required, size: optional, cause: optional}}
    states: {new: {category: new, tasks: [look]}, gone: {category: closed}}
    transitions: {end: {from: new, to: gone, who: everyone, ask: {size: required}}}
    tasks: {look: {assign: everyone, ask: {size: required, cause: {required: true, if: ticket.size > 3}}}}
    """
    things: dict[str, dict[str, Json] | None] = {
        "ticket:P-1": {"id": "p", "ref": "P-1", "process": "problem"}
    }
    story = Story(a_definition(text), things=things)
    story.open(size=5, cause="P-1")

    def errors(request: CompleteTask | Move) -> list[str]:
        refusal = story.send(request).refusal
        return [f"{error['field']} {error['code']}" for error in refusal.errors] if refusal else []

    assert errors(Move("end")) == ["size missing"], "a button asks for it anew"
    assert errors(CompleteTask("look")) == ["cause missing"]
    assert errors(CompleteTask("look", {"size": 2, "cause": "P-1"})) == ["cause not_applicable"]
    assert errors(CompleteTask("look", {"size": None})) == ["size missing"]
    assert errors(CompleteTask("look", {"cause": "P-1"})) == []


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


def test_a_form_is_judged_by_the_priority_that_it_gives_not_by_the_derived_one() -> None:
    text = """
    fields: {level: {type: choice, options: [high, low], default: low}, why: {type: text}}
    priority:
      {levels: [P1, P2], rows: level, columns: level, may_override: everyone,
       matrix: {high: {high: P1, low: P1}, low: {high: P2, low: P2}}}
    forms: {create: {title: required, priority: optional, why: {required: true, if: ticket.priority == "P1"}}}
    states: {new: {category: new}, gone: {category: closed}}
    transitions:
      end:
        {from: new, to: gone, who: everyone,
         ask: {priority: optional, why: {required: true, if: ticket.priority == "P1"}}}
    """
    with pytest.raises(FormInvalid, match=r"^why: this is required$"):
        Story(a_definition(text)).open(priority="P1")
    story = Story(a_definition(text))
    story.open(priority="P1", why="Because")
    with pytest.raises(AssertionError, match="this does not apply here; leave it out"):
        story.do("end", priority=None, why="x")
    story.do("end", priority=None)
    assert story.ticket.fields["priority"] == "P2"

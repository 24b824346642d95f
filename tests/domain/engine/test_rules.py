"""What people give must be true, offered and allowed here: every rule with its own sentence."""

from __future__ import annotations

import pytest

from domain.engine.actions import actions
from domain.engine.events import Actor, Edit, Move
from domain.engine.permissions import editable_fields, visible_fields
from domain.engine.ticket import Json
from domain.errors import FormInvalid
from tests.builders import Story, a_definition, accepted, refused

BOOKING = """
fields:
  start: {type: date}
  end: {type: date}
  seats: {type: number, default: 1, must: [{if: ticket.seats > 0, otherwise: "{{ ticket.seats }} seats are none"}]}
  rooms: {type: choices, options: [red, green, blue], max: 2}
  country: {type: choice, options: [cn, de]}
  site: {type: choice, options: [beijing, hangzhou, berlin], by: country, offer: {cn: [beijing, hangzhou], de: berlin}}
  opens: {type: time, default: "09:00"}
  until: {type: datetime, default: "{{ datetime(ticket.start, ticket.opens) + 8h }}"}
  days: {type: duration, compute: ticket.end - ticket.start}
  note: {type: note}
forms:
  create: {title: required, start: optional, end: optional, seats: optional, rooms: optional, country: optional,
           site: optional, opens: optional, until: optional}
rules:
  in_order:
    if: ticket.days == null or ticket.days >= 0s
    otherwise: {en: The end lies before the start., zh-CN: 结束日期早于开始日期。}
states:
  new: {category: new, fields: {lock: seats, hide: note}}
  active: {category: active, fields: {require: [note, country]}}
  closed: {category: closed}
transitions:
  begin: {from: new, to: active, who: everyone, ask: {seats: {default: "{{ ticket.seats + 1 }}"}}}
  jump: {from: new, to: [{if: ticket.seats == 7, state: active}, {state: closed}], who: everyone}
  settle: {from: new, to: active, who: everyone, do: [{set: {note: settled, country: cn}}]}
  close: {from: any, to: closed, who: everyone}
"""


def booked(**fields: Json) -> Story:
    story = Story(a_definition(BOOKING))
    story.open(**fields)
    return story


def errors_of(story: Story) -> list[tuple[str, str, str]]:
    refusal = story.journal[-1].refusal
    assert refusal is not None
    return [(error["field"], error["code"], error["message"]) for error in refusal.errors]


def test_a_rule_about_several_fields_is_judged_when_one_of_them_is_given() -> None:
    with pytest.raises(FormInvalid) as caught:
        booked(start="2026-03-05", end="2026-03-04")
    (error,) = caught.value.errors
    assert (error.field, error.code) == ("", "rule")
    assert dict(error.texts) == {"en": "The end lies before the start.", "zh-CN": "结束日期早于开始日期。"}
    story = booked(start="2026-03-05", end="2026-03-05")
    assert refused(story.send(Edit({"end": "2026-03-01"}))) == "form_invalid"
    refusal = story.journal[-1].refusal
    assert refusal is not None and refusal.errors[0]["message.zh-CN"] == "结束日期早于开始日期。"
    story.edit(title="Another")


def test_a_fields_own_rule_is_judged_only_on_a_value() -> None:
    with pytest.raises(FormInvalid, match="0 seats are none"):
        booked(seats=0)
    assert booked(seats=None).ticket.fields["seats"] == 1


def test_several_values_are_kept_once_and_in_the_order_of_the_field() -> None:
    assert booked(rooms=["blue", "red", "blue"]).ticket.fields["rooms"] == ["red", "blue"]
    with pytest.raises(FormInvalid, match="at most 2"):
        booked(rooms=["red", "green", "blue"])


def test_options_depend_on_another_field_whichever_of_the_two_changes() -> None:
    with pytest.raises(
        FormInvalid, match="berlin is not offered with country cn; offered: beijing, hangzhou"
    ):
        booked(country="cn", site="berlin")
    with pytest.raises(FormInvalid, match="offered: nothing"):
        booked(site="berlin")
    story = booked(country="cn", site="beijing")
    assert refused(story.send(Edit({"country": "de"}))) == "form_invalid"
    story.edit(country="de", site="berlin")


def test_a_default_may_be_an_expression_over_what_was_given() -> None:
    story = booked(start="2026-03-05")
    assert (story.ticket.fields["opens"], story.ticket.fields["until"]) == ("09:00", "2026-03-05T17:00:00Z")
    assert booked(start="2026-03-05", opens="9:30").ticket.fields["until"] == "2026-03-05T17:30:00Z"
    given = booked(start="2026-03-05", until="2026-03-09T08:00:00Z")
    assert given.ticket.fields["until"] == "2026-03-09T08:00:00Z"
    assert "until" not in booked().ticket.fields


def test_a_form_is_filled_with_its_defaults_and_takes_them_when_nothing_is_said() -> None:
    story = Story(a_definition(BOOKING.replace("seats: {type: number, default: 1,", "seats: {type: number,")))
    story.open()
    assert {
        one.name: one.defaults
        for one in actions(story.definition, story.ticket, story.facts("ann"), story.now)
    }["begin"] == {"seats": None}
    story.do("begin", note="x", country="cn")
    story = booked()
    story.do("begin", note="x", country="cn")
    assert story.ticket.fields["seats"] == 1  # what the ticket has is no reason for a default


def test_a_state_locks_and_hides_fields_from_everybodys_edits_but_not_from_a_form_that_asks() -> None:
    story = booked()
    person = Actor("ann")
    assert {"seats", "note"}.isdisjoint(editable_fields(story.definition, story.ticket, person))
    assert "note" not in visible_fields(story.definition, story.ticket, person)
    assert refused(story.send(Edit({"seats": 3}))) == "not_permitted"
    story.do("begin", seats=3, note="x", country="cn")
    assert story.ticket.fields["seats"] == 3
    assert {"seats", "note"} <= editable_fields(story.definition, story.ticket, person)


def test_what_a_state_requires_is_asked_for_on_the_way_in() -> None:
    story = booked(country="de")
    form = {
        one.name: one.form for one in actions(story.definition, story.ticket, story.facts("ann"), story.now)
    }
    assert {name: entry.required for name, entry in form["begin"].items()} == {"seats": False, "note": True}
    assert form["settle"] == {} and form["jump"] == {}
    assert refused(story.send(Move("begin"))) == "form_invalid"
    assert errors_of(story) == [("note", "missing", "this is required")]
    story.do("settle")


def test_what_a_state_requires_is_demanded_where_no_form_could_ask_and_on_every_edit() -> None:
    story = booked(seats=7)
    assert refused(story.send(Move("jump"))) == "form_invalid"
    assert errors_of(story) == [
        ("note", "missing", "this is required here"),
        ("country", "missing", "this is required here"),
    ]
    story.do("begin", note="x", country="cn")
    assert refused(story.send(Edit({"note": None}))) == "form_invalid"
    accepted(story.send(Edit({"note": "y"})))
    accepted(story.send(Move("close")))


ORDER = """
fields:
  lines:
    type: rows
    max: 3
    columns:
      item: {type: text, required: true}
      amount: {type: money, min: 0}
      count: {type: number}
      for: {type: person}
      kind: {type: choice, options: [buy, rent]}
  total: {type: money, compute: "sum(ticket.lines.map(r, r.amount * r.count))"}
  buyers: {type: text}
forms: {create: {title: required, lines: required}}
states: {new: {category: new}, closed: {category: closed}}
transitions:
  close:
    from: new
    to: closed
    who: everyone
    if: ticket.lines.all(r, r.kind != "rent") and not ticket.lines.exists(r, r.for == actor)
    do: [{set: {buyers: "For {{ ticket.lines }}"}}]
"""
LINE: dict[str, Json] = {"item": "Laptop", "amount": 100.5, "count": 2, "for": "bob", "kind": "buy"}


def ordered(*lines: Json) -> Story:
    story = Story(a_definition(ORDER), people={"bob": Actor("bob")})
    story.open(lines=list(lines))
    return story


def test_rows_have_typed_columns_that_expressions_read() -> None:
    story = ordered(LINE, {"item": "Mouse", "amount": 9, "count": 1}, {"item": ""})
    assert story.ticket.fields["total"] == 210
    assert story.ticket.fields["lines"] == [
        LINE,
        {"item": "Mouse", "amount": 9, "count": 1, "for": None, "kind": None},
    ]
    story.do("close")
    assert story.ticket.fields["buyers"] == (
        "For item: Laptop, amount: 100.5, count: 2, for: bob, kind: buy; item: Mouse, amount: 9, count: 1"
    )
    assert refused(ordered(LINE).send(Move("close"), "bob")) == "transition_refused"


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ([LINE] * 4, "at most 3"),
        ([{"amount": 3}], "row 1, item: this is required"),
        ([LINE, LINE | {"amount": -1}], "row 2, amount: at least 0"),
        ([LINE | {"price": 1}], "there is no column 'price'"),
        ([LINE | {"for": "nobody"}], "row 1, for: there is no person 'nobody'"),
        ([LINE | {"kind": "steal"}], "'steal' is not one of: buy, rent"),
        (["Laptop"], "write a list of rows"),
        ([], "this is required"),
        ([{}], "this is required"),
    ],
)
def test_rows_that_do_not_fit_are_refused_with_their_number(lines: list[Json], message: str) -> None:
    with pytest.raises(FormInvalid, match=message):
        ordered(*lines)


LEAVE = """
fields:
  first: {type: date}
  last: {type: date}
  days: {type: number, compute: (ticket.last - ticket.first) / 1d + 1}
  long: {type: boolean, compute: ticket.days > 5}
  cover: {type: person}
  impact: {type: choice, options: [high, low]}
  urgency: {type: choice, options: [high, low]}
  why: {type: note}
priority:
  levels: [P1, P2]
  rows: impact
  columns: urgency
  matrix: {high: {high: P1, low: P2}, low: {high: P2, low: P2}}
routing:
  - {if: ticket.long == true, team: planning, pick: round_robin}
forms:
  create:
    title: required
    cover: {required: true, if: ticket.days > 5}
    first: optional
    last: optional
    impact: {default: low}
    urgency: {default: low}
    why: {required: true, if: 'ticket.priority == "P1" or ticket.team.id == "planning"'}
states: {new: {category: new}, gone: {category: closed}}
transitions:
  move: {from: new, who: everyone, ask: {first: optional, last: optional, cover: {required: true, if: ticket.long}}}
  note: {from: new, who: everyone, ask: {why: {if: ticket.long}}}
  end: {from: new, to: gone, who: everyone}
"""


def away(**fields: Json) -> Story:
    story = Story(a_definition(LEAVE), {"ann": Actor("ann"), "bob": Actor("bob")})
    story.open(first="2026-07-06", **fields)
    return story


def mistakes(**fields: Json) -> list[tuple[str, str]]:
    with pytest.raises(FormInvalid) as caught:
        away(**fields)
    return [(error.field, error.code) for error in caught.value.errors]


def test_the_conditions_of_a_form_see_what_is_computed_from_its_values() -> None:
    assert mistakes(last="2026-07-17") == [("cover", "missing"), ("why", "missing")]
    assert mistakes(last="2026-07-08", cover="bob") == [("cover", "not_applicable")]
    story = away(last="2026-07-17", cover="bob", why="Summer")
    assert (story.ticket.fields["days"], story.ticket.fields["cover"]) == (12, "bob")
    assert len([one for one in story.journal[0].effects if one.kind == "pick"]) == 1, "trying leaves no trace"


def test_the_conditions_of_a_form_see_the_priority_its_values_and_defaults_give() -> None:
    assert mistakes(impact="high", urgency="high") == [("why", "missing")]
    assert mistakes(why="because") == [("why", "not_applicable")]
    assert away(impact="high", urgency="high", why="All is down").ticket.fields["priority"] == "P1"


def test_what_a_button_asks_for_sees_what_is_computed_from_its_values() -> None:
    story = away(last="2026-07-08")
    before = story.ticket.fields
    assert refused(story.send(Move("move", {"last": "2026-07-17"}))) == "form_invalid"
    assert errors_of(story) == [("cover", "missing", "this is required")]
    assert story.ticket.fields == before
    story.do("move", last="2026-07-17", cover="bob")
    assert refused(story.send(Move("move", {"last": "2026-07-08", "cover": "bob"}))) == "form_invalid"
    story.do("move", last="2026-07-08")
    assert story.ticket.fields["days"] == 3


OFFERED = """
locales: [en, zh-CN]
fields:
  country: {type: choice, options: {cn: {en: China, zh-CN: 中国}, de: {en: Germany, zh-CN: 德国}}}
  site: {type: choice, options: [beijing, berlin, home], by: country, offer: {cn: [beijing, home], de: berlin}}
  sites: {type: choices, options: [beijing, berlin, home], by: country, offer: {cn: [beijing], else: [berlin, home]}}
  size:
    type: number
    must:
      - if: ticket.size < 10
        otherwise:
          {en: "{{ ticket.size }} in {{ ticket.country }}?", zh-CN: "{{ ticket.country }}：{{ ticket.size }}？"}
      - {if: ticket.size != 12, otherwise: Not a dozen}
forms: {create: {title: required, country: required, site: required}}
states: {new: {category: new, fields: {require: [site]}}, gone: {category: closed}}
transitions: {end: {from: new, to: gone, who: everyone}}
"""


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        (
            {"site": "berlin"},
            [("site", "option", "berlin is not offered with country cn; offered: beijing, home")],
        ),
        (
            {"sites": ["beijing", "berlin", "home"]},
            [("sites", "option", "berlin, home is not offered with country cn; offered: beijing")],
        ),
        (
            {"country": None, "site": "home", "sites": ["beijing", "home"]},
            [
                ("site", "option", "home is not offered with country None; offered: nothing"),
                ("sites", "option", "beijing is not offered with country None; offered: berlin, home"),
            ],
        ),
        ({"site": None}, [("site", "missing", "this is required here")]),
        ({"size": 11}, [("size", "rule", "11 in cn?")]),
        ({"size": 12}, [("size", "rule", "12 in cn?"), ("size", "rule", "Not a dozen")]),
    ],
)
def test_what_does_not_fit_is_said_with_what_would(
    fields: dict[str, Json], said: list[tuple[str, str, str]]
) -> None:
    story = Story(a_definition(OFFERED))
    story.open(country="cn", site="home")
    assert refused(story.send(Edit(fields))) == "form_invalid"
    assert errors_of(story) == said


def test_a_broken_rule_is_told_in_every_language_it_is_written_in() -> None:
    story = Story(a_definition(OFFERED))
    story.open(country="cn", site="home")
    refusal = story.send(Edit({"size": 12})).refusal
    assert refusal is not None and [
        {name: text for name, text in error.items() if name.startswith("message.")}
        for error in refusal.errors
    ] == [{"message.en": "12 in cn?", "message.zh-CN": "cn：12？"}, {"message.en": "Not a dozen"}]


def test_the_sentence_for_clients_is_the_english_one_wherever_it_stands() -> None:
    said = "{zh-CN: 太大, en: Too big}", "{zh-CN: 太大}"
    for sentence, message in zip(said, ("Too big", "太大"), strict=True):
        text = f"""
locales: [zh-CN, en]
fields: {{size: {{type: number, must: [{{if: ticket.size < 10, otherwise: {sentence}}}]}}}}
states: {{new: {{category: new}}, gone: {{category: closed}}}}
transitions: {{end: {{from: new, to: gone, who: everyone}}}}
"""
        story = Story(a_definition(text))
        story.open()
        assert refused(story.send(Edit({"size": 11}))) == "form_invalid"
        assert errors_of(story) == [("size", "rule", message)]

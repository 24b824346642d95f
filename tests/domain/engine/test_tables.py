"""Tables: the first row that fits gives what expressions read."""

from __future__ import annotations

import pytest

from domain.engine.ticket import Json
from tests.builders import Story, a_definition

SPENDING = """
fields:
  centre: {type: choice, options: [it, hr, legal]}
  amount: {type: money, default: 0}
  length: {type: duration}
  approver: {type: person, compute: table.spending.approver}
  wait: {type: duration, compute: table.spending.wait}
  level: {type: number, compute: table.spending.level}
  word: {type: text}
forms: {create: {title: required, centre: optional, amount: optional, length: optional}}
tables:
  spending:
    inputs: [centre, amount]
    columns: {approver: {type: person}, wait: {type: duration}, level: {type: number}}
    rows:
      - {centre: it, amount: "< 1000", approver: "{{ ticket.requester }}", wait: 1d}
      - {centre: [it, hr], amount: "< 20000", approver: zhao, level: 2}
      - {centre: null, level: 9}
      - {approver: cfo, wait: 3d, level: 3}
  by_length:
    inputs: {length: ticket.length, words: size(ticket.title)}
    columns: {word: {type: text}}
    rows:
      - {length: "<= 2h", word: short}
      - {words: "> 10", word: "\\"wordy\\""}
      - {word: long}
states: {new: {category: new}, closed: {category: closed}}
transitions:
  close: {from: new, to: closed, who: everyone, do: [{set: {word: "{{ table.by_length.word }}"}}]}
"""


@pytest.mark.parametrize(
    ("given", "approver", "wait", "level"),
    [
        ({"centre": "it", "amount": 999}, "ann", 86400, None),
        ({"centre": "it", "amount": 1000}, "zhao", None, 2),
        ({"centre": "hr", "amount": 1}, "zhao", None, 2),
        ({"centre": "hr", "amount": 20000}, "cfo", 259200, 3),
        ({"centre": "legal"}, "cfo", 259200, 3),
        ({}, None, None, 9),
    ],
)
def test_the_first_row_that_fits_gives_its_columns(
    given: dict[str, Json], approver: str | None, wait: int | None, level: int | None
) -> None:
    story = Story(a_definition(SPENDING))
    story.open(**given)
    fields = story.ticket.fields
    assert (fields.get("approver"), fields.get("wait"), fields.get("level")) == (approver, wait, level)


@pytest.mark.parametrize(
    ("title", "length", "word"),
    [("a", "2h", "short"), ("a", "3h", "long"), ("a long title", "3h", '"wordy"')],
)
def test_an_input_may_be_an_expression_and_a_cell_a_comparison(title: str, length: str, word: str) -> None:
    story = Story(a_definition(SPENDING))
    story.open(title=title, length=length)
    story.do("close")
    assert story.ticket.fields["word"] == word


def test_a_table_over_choices_needs_no_last_row_when_every_combination_has_one() -> None:
    a_definition("""
        fields: {a: {type: choice, options: [x, y]}, b: {type: boolean}}
        tables:
          t:
            inputs: [a, b]
            columns: {c: {type: number}}
            rows: [{a: x, c: 1}, {a: [y], b: true, c: 2}, {b: false, c: 3}]
        states: {new: {category: new}, closed: {category: closed}}
        transitions: {close: {from: new, to: closed, who: everyone, if: table.t.c > 1}}
    """)


def test_cells_have_the_types_of_their_columns() -> None:
    story = Story(
        a_definition("""
        time_zone: Asia/Shanghai
        fields:
          {when: {type: datetime}, day: {type: date}, long: {type: duration}, who: {type: text}, n: {type: number}}
        tables:
          t:
            inputs: {a: ticket.title}
            columns:
              local: {type: datetime}
              zoned: {type: datetime}
              day: {type: date}
              long: {type: duration}
              who: {type: person}
              n: {type: number}
              none: {type: text}
            rows:
              - {a: A thing, local: 2026-03-02 10:00, zoned: "2026-03-02T10:00:00+01:00", day: 2026-03-02, long: 2h,
                 who: "{{ ticket.requester }}", n: 3}
              - {n: 9}
        states: {new: {category: new}, closed: {category: closed}}
        transitions:
          local: {from: new, who: everyone, do: [{set: {when: "{{ table.t.local }}"}}]}
          rest: {from: new, who: everyone, do: [{set: {
            when: "{{ table.t.zoned }}", day: "{{ table.t.day + 1d }}", long: "{{ table.t.long + 1h }}",
            who: "{{ table.t.who.manager }} {{ table.t.none }}", n: "{{ table.t.n + 1 }}"}}]}
          close: {from: new, to: closed, who: everyone}
    """),
        things={"person:ann": {"id": "ann", "manager": "mia"}},
    )
    story.open()
    story.do("local")
    assert story.ticket.fields["when"] == "2026-03-02T02:00:00Z"
    story.do("rest")
    found = {name: story.ticket.fields[name] for name in ("when", "day", "long", "who", "n")}
    assert found == {
        "when": "2026-03-02T09:00:00Z",
        "day": "2026-03-03",
        "long": 10800,
        "who": "mia ",
        "n": 4,
    }

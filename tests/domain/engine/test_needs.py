"""What has to be looked up for a request."""

from __future__ import annotations

import pytest

from domain.engine.events import (
    AddApprover,
    AddTask,
    Comment,
    CompleteTask,
    Delegate,
    Edit,
    HandOver,
    Message,
    Move,
    Open,
    Request,
    Vote,
    WithdrawApproval,
)
from domain.engine.needs import Needs, needs
from domain.engine.ticket import Json
from tests.builders import TICKET_ID, a_definition

DEFINITION = a_definition("""
    fields:
      buddy: {type: person}
      watchers: {type: people}
      text: {type: text}
      planned_start: {type: datetime}
      planned_end: {type: datetime}
    messages: {ping: {from: api, fields: {who: person, text: text}}}
    links: {cause: {process: problem, inverse: incidents}}
    states: {new: {category: new}, gone: {category: closed}}
    transitions:
      end: {from: new, to: gone, who: everyone, check: [freezes, conflicts], ask: {buddy: optional}}
      spawn: {from: new, who: everyone, do: [{create: {process: problem, link: cause}}]}
""")


def test_attributes_of_what_is_set_each_once_in_order() -> None:
    fields: dict[str, Json] = {
        "buddy": "bob",
        "watchers": ["ann", "bob", 3],
        "service": "vpn",
        "text": "x",
        "nothing": "y",
        "team": "",
    }
    wanted = Needs(("person:bob", "person:ann", "service:vpn"))
    assert needs(DEFINITION, None, Open(TICKET_ID, "T-1", DEFINITION.hashes, fields)) == wanted
    assert (
        needs(DEFINITION, None, Edit(fields)) == needs(DEFINITION, None, CompleteTask("x", fields)) == wanted
    )


def test_a_transition_needs_its_checks_and_the_processes_it_creates() -> None:
    assert needs(DEFINITION, None, Move("end", {"buddy": "bob"})) == Needs(
        ("person:bob",), ("freezes", "conflicts")
    )
    assert needs(DEFINITION, None, Move("spawn")).processes == ("problem",)
    assert needs(DEFINITION, None, Move("unknown")) == Needs()


def test_a_message_needs_what_its_fields_refer_to() -> None:
    assert needs(DEFINITION, None, Message("ping", {"who": "bob", "text": "x"})) == Needs(("person:bob",))
    assert needs(DEFINITION, None, Message("unknown", {"who": "bob"})) == Needs()


def test_a_comment_needs_nothing_and_a_list_that_is_too_long_is_not_looked_up() -> None:
    assert needs(DEFINITION, None, Comment("c", "")) == Needs()
    assert needs(DEFINITION, None, Edit({"watchers": ["x"] * 100_000})) == Needs()


EVERYTHING = a_definition("""
    fields:
      buddy: {type: person}
      watchers: {type: people}
      lines: {type: rows, columns: {who: {type: asset}}}
      planned_start: {type: datetime}
      planned_end: {type: datetime}
    forms: {create: {title: required}}
    create: {who: everyone, check: [duplicates, freezes]}
    links: {cause: {process: problem, inverse: things}}
    states: {new: {category: new}, gone: {category: closed}}
    transitions:
      end: {from: new, to: gone, who: everyone, check: [freezes, conflicts]}
      both:
        from: new
        who: everyone
        do: [{raise: x}, {create: {process: problem, link: cause}}, {convert: {process: change, link: cause, to: gone}}]
    approvals:
      board:
        skip: [{if: size(check.conflicts) == 0, decide: approved, because: Free}]
        stages: [{id: s, approvers: person:a}]
""")
WHO: dict[str, Json] = {"buddy": "bob", "cause": ["P-1", "P-2", "P-1"], "lines": [{"who": "pc"}]}
THINGS = ("person:bob", "asset:pc", "ticket:P-1", "ticket:P-2")
READ = ("conflicts",)


@pytest.mark.parametrize(
    ("request_", "wanted"),
    [
        (
            Open(TICKET_ID, "T-1", EVERYTHING.hashes, WHO),
            Needs(THINGS, ("duplicates", "freezes", "conflicts")),
        ),
        (Edit(WHO), Needs(THINGS, READ)),
        (CompleteTask("x", WHO), Needs(THINGS, READ)),
        (Vote("x", "approve", fields=WHO), Needs(THINGS, READ)),
        (AddTask("x"), Needs((), READ)),
        (AddTask("x", "ann", "desk", fields=WHO), Needs(("person:ann", "team:desk", *THINGS), READ)),
        (Move("end", WHO), Needs(THINGS, ("freezes", "conflicts"))),
        (Move("both"), Needs((), READ, ("problem", "change"))),
        (Move("nothing"), Needs((), READ)),
        (Message("nothing", WHO), Needs()),
        (AddApprover("x", "zoe"), Needs(("person:zoe",))),
        (HandOver("x", "zoe", person="ann"), Needs(("person:zoe",))),
        (Delegate("x", "zoe", person="ann"), Needs(("person:zoe",))),
        (WithdrawApproval("x"), Needs()),
        (Edit({"watchers": ["ann"] * 500}), Needs(("person:ann",), READ)),
        (Edit({"watchers": ["ann"] * 501}), Needs((), READ)),
    ],
)
def test_what_each_request_needs(request_: Request, wanted: Needs) -> None:
    assert needs(EVERYTHING, None, request_) == wanted


def test_a_public_comment_is_read_where_a_rule_reads_replies() -> None:
    definition = a_definition("""
        states: {new: {category: new}, gone: {category: closed}}
        transitions: {end: {from: new, to: gone, when: replied.requester, if: 'event.text == "thanks"'}}
    """)
    assert needs(definition, None, Comment("c1", "0")) == Needs(("comment:c1",))
    assert needs(definition, None, Comment("c1", "0", public=False)) == Needs()

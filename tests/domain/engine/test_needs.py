"""What has to be looked up for a request."""

from __future__ import annotations

from domain.engine.events import Comment, CompleteTask, Edit, Message, Move, Open
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

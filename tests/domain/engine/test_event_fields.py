"""What events tell where a transition hears them: every field of the table, with its type."""

from __future__ import annotations

from datetime import timedelta

from domain.engine.events import Actor, Message
from domain.language.event_fields import kind_of
from domain.language.loader import load_process
from domain.language.names import Names
from tests.builders import Story, a_definition, accepted
from tests.domain.engine.boards import Board
from tests.domain.language.files import from_folders, problems_of, small

STAGE = "{id: s, approvers: team:board}"
PROCESS = """
fields:
  log: {type: note}
  size: {type: number}
  sites: {type: choices, options: [rome, oslo, bonn]}
  due: {type: datetime}
forms: {create: {title: required}}
states:
  new: {category: new, tasks: [look, call]}
  work: {category: active}
  gone: {category: closed}
messages: {ping: {from: api, fields: {who: person, at: datetime}}}
clocks: {answer: {target: 1h, calendar: always, stop: {in: closed}}}
transitions:
  go: {from: new, to: work, who: everyone}
  stay: {from: any, who: everyone, do: [{raise: x}]}
  end: {from: work, to: gone, who: everyone}
  HEARD
tasks:
  look: {assign: everyone, due: 30m, outcomes: [fine, odd]}
  call: {script: {name: x}}
"""


def heard(when: str, says: str, condition: str = "") -> Story:
    """A ticket that writes what an event tells into its log."""
    guard = f"if: '{condition}', " if condition else ""
    line = f"""heard: {{from: any, when: {when}, {guard}do: [{{set: {{log: "{{{{ ticket.log }}}}{says};"}}}}]}}"""
    story = Story(a_definition(PROCESS.replace("HEARD", line)), people={"bob": Actor("bob", vip=True)})
    story.open()
    return story


def log(story: Story) -> object:
    return story.ticket.fields.get("log")


def test_a_reply_tells_who_wrote_what() -> None:
    story = heard("[replied.requester, replied.agent]", "{{ event.author.id }}: {{ event.text }}")
    story.things["comment:comment"] = {"text": "It works again"}
    story.reply("ann")
    story.reply("bob")
    assert log(story) == "ann: It works again;bob: It works again;"
    asks = heard("replied", "x", 'event.text.contains("please") and event.author == ticket.requester')
    asks.things["comment:comment"] = {"text": "please close it"}
    asks.reply("bob")
    assert log(asks) is None
    asks.reply("ann")
    assert log(asks) == "x;"


def test_a_change_tells_what_was_and_is_and_a_list_what_came_and_went() -> None:
    story = heard("changed.sites", "+{{ event.added }} -{{ event.removed }}")
    story.edit(sites=["rome", "oslo"])
    story.edit(sites=["rome", "bonn"])
    assert log(story) == "+rome, oslo -;+bonn -oslo;"
    several = heard("[changed.size, changed.due]", "{{ event.name }}")
    several.edit(size=3)
    assert log(several) == "changed.size;"


def test_an_update_tells_which_fields_changed() -> None:
    story = heard("updated", "{{ event.changed }} {{ event.commented }}", 'not (event.changed == ["log"])')
    story.edit(size=3, sites=["rome"])
    story.reply("bob")
    assert log(story) == "sites, size false;first_reply_at true;"


def test_a_move_tells_from_where_to_where_and_by_what() -> None:
    says = "{{ event.name }} {{ event.from }}>{{ event.to }} {{ event.transition }}"
    for event in ("entered.active", "left.new", "done.go", "entered.any"):
        story = heard(event, says)
        before = log(story) or ""
        story.do("go")
        assert log(story) == f"{before}{event} new>work go;"
    assert log(heard("entered.any", says)) == "entered.any >new ;"


def test_a_task_tells_how_it_came_out_and_by_whom() -> None:
    story = heard("task.look.done", "{{ event.outcome }} {{ event.person.id }}", 'event.outcome != "odd"')
    story.complete("look", "bob", outcome="fine")
    assert log(story) == "fine bob;"
    failed = heard("task.call.failed", "{{ event.error }} {{ event.person == null }}")
    failed.finish("call", ok=False)
    assert log(failed) == "it broke true;"
    late = heard("task.look.overdue", "{{ event.due - ticket.opened_at }}")
    late.until(late.at(hours=1))
    assert log(late) == "1800;"


def test_a_clock_tells_when_it_was_due() -> None:
    story = heard("clock.answer.breached", "late", "event.due == ticket.opened_at + 1h")
    story.outage_until(story.now + timedelta(hours=3))
    assert log(story) == "late;"


def test_an_approval_tells_who_decided_and_what_they_wrote() -> None:
    says = "{{ event.person.id }} {{ event.stage }} {{ event.comment }}"
    text = PROCESS.replace("{category: new, tasks: [look, call]}", "{category: new, approval: board}")
    text = text.partition("tasks:\n  look")[0]
    line = f"heard: {{from: any, when: approval.board.approved, do: [{{set: {{log: '{says}'}}}}]}}"
    board = Board(a_definition(text.replace("HEARD", line) + "approvals: {board: {stages: [" + STAGE + "]}}"))
    board.open()
    board.vote("a", "approve", comment="fair price")
    assert log(board) == "a s fair price"


def test_a_message_tells_its_own_fields_and_who_sent_it() -> None:
    story = heard("message.ping", "{{ event.who.id }} {{ event.sender == null }}", "event.at < now")
    story.things["person:bob"] = {"id": "bob"}
    accepted(story.send(Message("ping", {"who": "bob", "at": "2026-03-01T00:00:00Z"}), ""))
    assert log(story) == "bob true;"


def test_every_event_that_can_be_heard_is_listed_with_what_it_tells() -> None:
    loaded = load_process("incident.yaml", from_folders)
    assert loaded.process is not None and loaded.root is not None
    events = Names(loaded.process, loaded.root).events
    assert len(events) > 100 and [one for one in events if kind_of(one) is None] == []


def test_a_field_that_an_event_does_not_tell_is_refused_with_the_nearest() -> None:
    def found(when: str, condition: str) -> list[str]:
        line = f"\n  close: {{from: new, to: closed, when: {when}, if: {condition}}}\n"
        return problems_of(small(transitions=line))

    assert found("replied", "event.text != null") == []
    assert found("replied", "event.txt != null") == ['13:59: event has no "txt"; did you mean "text"?']
    assert "author, name, text" in found("replied", "event.rating > 3")[0]
    assert "did you mean" in found("entered.new", 'event.to == "cloesd"')[0]
    assert found("[replied, entered.new]", "event.text != null or event.from != null") == []


def test_what_two_events_tell_by_the_same_name_may_be_either() -> None:
    fields = "{a: {type: number}, b: {type: text}, c: {type: number}}"

    def found(when: str) -> list[str]:
        uses = "forms: {create: {title: required, a: optional, b: optional, c: optional}}"
        line = f"\n  close: {{from: new, to: closed, when: {when}, if: event.new > 3}}\n"
        return problems_of(f"{small(fields=fields, transitions=line)}{uses}\n")

    assert found("[changed.a, changed.c]") == []
    assert found("[changed.b, changed.a]") == []
    assert len(found("[changed.b]")) == 1


def test_files_that_are_added_are_heard_through_the_field_that_has_them() -> None:
    definition = a_definition("""
fields: {photos: {type: attachment}}
states: {new: {category: new}, seen: {category: active}, closed: {category: closed}}
transitions:
  look: {from: new, to: seen, when: changed.photos, if: size(event.added) > 0}
  close: {from: seen, to: closed, who: everyone}
permissions: [{who: everyone, can: view, edit: all}]
""")
    story = Story(definition)
    story.open()
    story.edit("ann", photos=["a.png"])
    assert story.ticket.state == "seen"

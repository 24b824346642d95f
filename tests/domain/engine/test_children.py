"""Tickets that a ticket opens for itself: by an action, or as a task that waits for them."""

from __future__ import annotations

from domain.engine.entries import Entry
from domain.engine.events import ChildDone, ChildDropped, ChildOpened, Command, Edit, Open
from domain.engine.handle import open_ticket
from domain.engine.ticket import Link, Parent
from tests.builders import TICKET_ID, Story, a_definition, accepted, effects, refused

PROCESS = """
fields: {log: {type: note}, order: {type: text}}
links:
  orders: {process: laptop, inverse: for_thing}
  parent: {process: thing, inverse: children}
  children: {process: thing, inverse: parent}
states:
  new: {category: new, tasks: [order, book]}
  ready: {category: done}
  gone: {category: closed}
transitions:
  spawn:
    from: new
    who: everyone
    do:
      - create: {process: laptop, link: orders, fields: {title: "For {{ ticket.ref }}", size: 3}}
  all_done: {from: new, to: ready, when: tasks.done}
  failed: {from: new, when: task.order.failed, do: [{set: {log: "{{ task.order.error }}"}}]}
  linked: {from: any, when: link.orders.added, do: [{set: {log: "{{ ticket.log }}+"}}]}
  end: {from: any, to: gone, who: everyone}
  reopen: {from: ready, to: new, who: everyone}
tasks:
  order: {ticket: {process: laptop, link: orders, fields: {title: "{{ ticket.title }}"}}, save: {order: response.ref}}
  book: {assign: everyone}
"""
OTHER = "00000000-0000-4000-8000-00000000000f"


def a_story() -> Story:
    story = Story(a_definition(PROCESS), published=("laptop",))
    story.open()
    return story


def opened(story: Story, entry: Entry, number: int = 0, **more: str) -> ChildOpened:
    """What comes back for a `create` effect of an entry."""
    effect = effects(entry, "create")[number]
    child: dict[str, str] = more or {"ticket": OTHER, "ref": "LAP-1"}
    task, run = str(effect.data.get("task", "")), int(str(effect.data.get("run", 0)))
    return ChildOpened(entry.seq, effect.index, entry.at, "orders", "laptop", task=task, run=run, **child)


def test_a_task_asks_for_its_ticket_with_what_it_is_given_and_the_requester() -> None:
    story = a_story()
    data = effects(story.journal[0], "create")[0].data
    assert data["process"] == "laptop" and data["task"] == "order" and data["inverse"] == "for_thing"
    assert data["field.title"] == "A thing" and data["field.requester"] == "ann"


def test_the_task_is_done_when_its_ticket_is_and_not_before() -> None:
    story = a_story()
    story.answer(opened(story, story.journal[0]))
    assert story.ticket.links["orders"] == (Link(OTHER, "LAP-1"),) and story.ticket.fields["log"] == "+"
    assert story.ticket.tasks["order"].child == OTHER
    story.complete("book")
    assert story.ticket.state == "new"
    accepted(story.send(ChildDone("order", 1, "LAP-1", "delivered"), ""))
    assert story.ticket.state == "ready" and story.ticket.fields["order"] == "LAP-1"


def test_a_ticket_that_is_known_already_changes_nothing() -> None:
    story = a_story()
    story.answer(opened(story, story.journal[0]))
    assert story.answer(opened(story, story.journal[0])) == []


def test_what_could_not_be_opened_fails_its_task() -> None:
    story = a_story()
    story.answer(opened(story, story.journal[0], error="title: missing"))
    assert story.ticket.tasks["order"].state == "failed" and story.ticket.fields["log"] == "title: missing"


def test_only_the_system_tells_that_a_ticket_is_done_and_an_old_run_does_not_count() -> None:
    story = a_story()
    assert refused(story.send(ChildDone("order", 1, "LAP-1", "done"), "ann")) == "not_permitted"
    accepted(story.send(ChildDone("order", 7, "LAP-1", "done"), ""))
    assert story.ticket.tasks["order"].state == "running"


def test_an_action_opens_a_ticket_and_links_it_without_waiting() -> None:
    story = a_story()
    entry = story.do("spawn")
    assert effects(entry, "create")[0].data["field.size"] == 3
    assert effects(entry, "create")[0].data["field.title"] == "For T-0001"
    story.answer(opened(story, entry))
    assert story.ticket.links["orders"] == (Link(OTHER, "LAP-1"),)


def a_child(task: str = "order") -> Story:
    """A ticket that another one opened."""
    story = Story(a_definition(PROCESS))
    parent = Parent(OTHER, "T-0009", link="parent", task=task, run=2)
    request = Open(
        TICKET_ID, "T-0001", story.definition.hashes, {"title": "x", "requester": "ann"}, parent=parent
    )
    story.keep(
        open_ticket(story.definition, Command(1, "c1", request, story.now, ""), story.facts("ann"), story.now)
    )
    story.commands = 1
    return story


def test_a_child_knows_its_parent_and_tells_it_once_when_it_is_done() -> None:
    story = a_child()
    assert story.ticket.links["parent"] == (Link(OTHER, "T-0009"),)
    story.complete("book")
    entry = accepted(story.send(ChildDone("order", 1, "LAP-1", "done"), ""))
    told = effects(entry, "child_done")[0].data
    assert told == {"tickets": [OTHER], "task": "order", "run": 2, "state": "ready"}
    story.do("reopen")
    assert effects(story.do("end"), "child_done") == []


def test_a_child_that_nobody_waits_for_tells_nobody() -> None:
    assert effects(a_child(task="").do("end"), "child_done") == []


LISTED = """
fields: {parts: {type: choices, options: [case, bag, dock]}}
forms: {create: {title: required, parts: optional}}
links: {orders: {process: laptop, inverse: for_thing}}
states: {new: {category: new, tasks: order}, gone: {category: closed}}
transitions: {end: {from: any, to: gone, who: everyone}}
permissions: [{who: everyone, edit: all}]
tasks: {order: {for_each: ticket.parts, ticket: {process: laptop, link: orders, fields: {title: "{{ each }}"}}}}
"""


def test_the_ticket_of_an_element_that_is_removed_is_told_that_nobody_waits_for_it() -> None:
    story = Story(a_definition(LISTED))
    first = story.open(parts=["case", "bag"])
    story.answer(opened(story, first, ticket="c", ref="LAP-1"))
    entry = story.edit(parts=["bag", "dock"])
    (told,) = effects(entry, "child_dropped")
    assert told.data == {"tickets": ["c"], "task": "order.1", "run": 1}
    assert story.ticket.tasks["order.1"].state == "cancelled"
    # One that is opened only after its element was removed is told as soon as it is known.
    accepted(story.send(Edit({"parts": ["dock"]})))
    (late,) = story.answer(opened(story, first, 1, ticket="b", ref="LAP-2"))
    assert [one.data["tickets"] for one in effects(late, "child_dropped")] == [["b"]]
    assert [one.ref for one in story.ticket.links["orders"]] == ["LAP-1", "LAP-2"]


def test_leaving_the_state_drops_its_tickets_and_a_message_of_ones_own_is_sent_instead() -> None:
    named = LISTED.replace('title: "{{ each }}"}', 'title: "{{ each }}"}, if_cancelled: withdrawn')
    story = Story(a_definition(named))
    story.answer(opened(story, story.open(parts=["case"]), ticket="c", ref="LAP-1"))
    entry = story.do("end")
    assert not effects(entry, "child_dropped")
    (told,) = effects(entry, "tell")
    assert told.data == {"link": "orders", "message": "withdrawn", "tickets": ["c"]}


def test_a_child_nobody_waits_for_says_so_to_those_who_work_on_it_and_tells_nobody_when_it_is_done() -> None:
    story = a_child()
    assert refused(story.send(ChildDropped("order", 2, "T-0009"), "ann")) == "not_permitted"
    assert not effects(accepted(story.send(ChildDropped("order", 1, "T-0009"), "")))
    entry = accepted(story.send(ChildDropped("order", 2, "T-0009"), ""))
    (said,) = effects(entry, "comment")
    assert said.data == {"public": False} and said.texts["en"].startswith("T-0009 no longer waits")
    assert story.ticket.state == "new", "somebody may have ordered already: people decide"
    assert not effects(accepted(story.send(ChildDropped("order", 2, "T-0009"), "")))
    assert effects(story.do("end"), "child_done") == []

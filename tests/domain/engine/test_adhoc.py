"""Tasks that people add to a ticket while it runs."""

from __future__ import annotations

from datetime import timedelta

from domain.engine.events import Actor, AddTask, CancelTask, CompleteTask
from domain.wording.vocabulary import Vocabulary
from tests.builders import Story, a_definition, accepted, an_agent, effects, happenings, refused

PROCESS = """
fields: {cost: {type: money}, result: {type: text}, log: {type: note}}
forms: {create: {title: required}}
roles: {desk: team:desk}
states:
  new: {category: new, tasks: look}
  work: {category: active}
  asked: {category: waiting}
  held: {category: waiting, hold: true}
  ready: {category: done}
  gone: {category: closed}
transitions:
  work: {from: any, to: work, who: everyone}
  ask: {from: work, to: asked, who: everyone}
  hold: {from: open, to: held, who: everyone}
  release: {from: held, to: back, who: everyone}
  over: {from: [new, work], to: ready, when: tasks.done}
  end: {from: any, to: ready, who: everyone}
  close: {from: ready, to: gone, who: everyone}
  heard: {from: any, when: [task.adhoc.opened, task.adhoc.done, task.adhoc.overdue], do: [{set: {log: SAYS}}]}
  counted: {from: any, who: everyone, if: 'tasks.count("odd") == 1', do: [{raise: x}]}
adhoc_tasks:
  who: desk
  in: [new, work, held]
  form: {cost: optional}
  ask: {result: optional}
  outcomes: [fine, odd]
  remind: {before: 1h}
  overdue: {do: [{comment: "late"}]}
tasks:
  look: {assign: everyone}
"""
SAYS = '"{{ ticket.log }}{{ event.name }} {{ event.title }} {{ event.person.id }}/"'


def a_story() -> Story:
    people = {**an_agent("bob"), "liu": Actor("liu", teams=("net",))}
    story = Story(a_definition(PROCESS.replace("SAYS", SAYS)), people=people)
    story.things |= {"person:mia": {"id": "mia"}, "team:net": {"id": "net"}}
    story.open()
    return story


def add(story: Story, title: str = "Call the vendor", **more: object) -> None:
    accepted(story.send(AddTask(title, **more), "bob"))  # type: ignore[arg-type]  # fields of AddTask


def states(story: Story) -> dict[str, str]:
    return {name: task.state for name, task in story.ticket.tasks.items()}


def test_a_task_that_is_added_is_for_a_person_a_team_or_whoever_adds_it() -> None:
    story = a_story()
    add(story, assignee="mia")
    add(story, team="net", fields={"cost": 40})
    add(story)
    people = [story.ticket.tasks[f"adhoc.{n}"].assignees for n in (1, 2, 3)]
    assert people == [("person:mia",), ("members:net",), ("person:bob",)]
    assert story.ticket.fields["cost"] == 40
    assert refused(story.send(CompleteTask("adhoc.2", {"outcome": "fine"}), "bob")) == "not_permitted"
    story.complete("adhoc.2", "liu", outcome="odd", result="Done by phone")
    assert story.ticket.fields["result"] == "Done by phone"
    story.do("counted")


def test_who_may_not_where_it_is_not_allowed_and_what_is_wrong_is_refused() -> None:
    story = a_story()
    assert refused(story.send(AddTask("x"), "ann")) == "not_permitted"
    for wrong in (
        AddTask(" "),
        AddTask("x" * 201),
        AddTask("two\nlines"),
        AddTask("x", assignee="nobody"),
        AddTask("x", team="none"),
        AddTask("x", fields={"result": "not asked"}),
        AddTask("x", due_at=story.now.replace(tzinfo=None)),
    ):
        assert refused(story.send(wrong, "bob")) == "form_invalid"
    story.do("end")
    assert refused(story.send(AddTask("x"), "bob")) == "transition_refused"
    assert "adhoc.1" not in story.ticket.tasks


def test_the_state_is_not_done_before_they_are() -> None:
    story = a_story()
    add(story)
    story.complete("look")
    assert story.ticket.state == "new"
    story.complete("adhoc.1", "bob", outcome="fine")
    assert story.ticket.state == "ready"


def test_one_that_is_taken_back_is_not_waited_for() -> None:
    story = a_story()
    add(story)
    story.complete("look")
    assert refused(story.send(CancelTask("adhoc.1"), "ann")) == "not_permitted"
    accepted(story.send(CancelTask("adhoc.1"), "bob"))
    assert story.ticket.state == "ready" and states(story)["adhoc.1"] == "cancelled"
    for task in ("adhoc.1", "look", "nothing"):
        assert refused(story.send(CancelTask(task), "bob")) == "transition_refused"


def test_the_only_one_taken_back_means_that_nothing_was_done() -> None:
    story = a_story()
    story.do("work")
    add(story)
    accepted(story.send(CancelTask("adhoc.1"), "bob"))
    assert story.ticket.state == "work"
    add(story)
    story.complete("adhoc.2", "bob", outcome="fine")
    assert story.ticket.state == "ready"


def test_they_go_along_to_states_that_allow_them_wait_where_it_waits_and_end_elsewhere() -> None:
    story = a_story()
    add(story)
    story.do("work")
    assert states(story) == {"look": "cancelled", "adhoc.1": "open"}
    story.do("ask")
    assert states(story)["adhoc.1"] == "open"
    story.do("work")
    story.do("hold")
    add(story, "While on hold")
    story.do("release")
    assert states(story)["adhoc.2"] == "open" and story.ticket.tasks["adhoc.2"].of_state == "work"
    story.do("end")
    assert set(states(story).values()) == {"cancelled"}


def test_they_are_reminded_of_and_overdue_as_other_tasks() -> None:
    story = a_story()
    add(story, "Look at {{ ticket.title }}", assignee="mia", due_at=story.now + timedelta(hours=3))
    story.until(story.at(hours=4))
    (reminder,) = effects(story.journal, "notify")
    assert reminder.to == ("person:mia",)
    assert reminder.values == {"ticket.ref": "T-0001", "title": "Look at {{ ticket.title }}"}
    assert [one.detail["what"] for one in happenings(story.journal, "task", "adhoc.1")] == [
        "opened",
        "reminded",
        "overdue",
    ]
    assert effects(story.journal, "comment")
    assert story.ticket.fields["log"].split("/")[-2] == "task.adhoc.overdue Look at {{ ticket.title }} "  # type: ignore[attr-defined]  # a text


def test_what_they_tell_is_heard() -> None:
    story = a_story()
    add(story)
    story.complete("adhoc.1", "bob", outcome="fine")
    assert (
        story.ticket.fields["log"]
        == "task.adhoc.opened Call the vendor bob/task.adhoc.done Call the vendor bob/"
    )


def test_nobody_adds_more_than_a_hundred() -> None:
    story = a_story()
    for number in range(100):
        add(story, f"Task {number}")
    assert refused(story.send(AddTask("one more"), "bob")) == "transition_refused"


def test_what_they_tell_is_said_in_words() -> None:
    process = a_definition(PROCESS.replace("SAYS", SAYS)).process
    assert Vocabulary(process).event("task.adhoc.opened") == "somebody adds a task"
    assert Vocabulary(process, "zh-CN").event("task.adhoc.overdue") == "添加的任务超期"
    assert Vocabulary(process).event("task.look.one_done") == "one of the tasks “look” is done"

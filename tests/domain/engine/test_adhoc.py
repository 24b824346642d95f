"""Tasks that people add to a ticket while it runs."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest

from domain.engine.events import Actor, AddTask, CancelTask, CompleteTask
from domain.engine.step import step
from domain.errors import FactsMissing
from domain.wording.vocabulary import Vocabulary
from tests.builders import Story, a_definition, accepted, an_agent, effects, happenings, refused
from tests.domain.engine.journals import block, kept, written

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


def test_they_go_along_from_a_state_on_hold_to_a_third_state_that_allows_them() -> None:
    story = a_story()
    add(story)
    story.do("hold")
    story.do("work")
    assert states(story) == {"look": "cancelled", "adhoc.1": "open"}
    assert story.ticket.tasks["adhoc.1"].of_state == "work"


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


def test_what_they_tell_is_said_in_words() -> None:
    process = a_definition(PROCESS.replace("SAYS", SAYS)).process
    assert Vocabulary(process).event("task.adhoc.opened") == "somebody adds a task"
    assert Vocabulary(process, "zh-CN").event("task.adhoc.overdue") == "添加的任务超期"
    assert Vocabulary(process).event("task.look.one_done") == "one of the tasks “look” is done"


WHOLE = """
fields: {cost: {type: money}, twice: {type: number, compute: ticket.cost * 2}}
links: {cause: {process: problem, inverse: things}}
rules: {cheap: {if: ticket.twice == null or ticket.twice < 100, otherwise: {en: Too much, zh-CN: 太贵}}}
locales: [en, zh-CN]
roles: {desk: team:desk}
states: {new: {category: new}, ready: {category: done}, gone: {category: closed}}
transitions: {end: {from: new, to: ready, who: everyone}, close: {from: any, to: gone, who: everyone}}
adhoc_tasks:
  who: desk
  form: {cost: optional, cause: optional}
  remind: {before: 1h}
"""


def a_whole_story() -> Story:
    story = Story(a_definition(WHOLE), people={**an_agent("bob"), "ann": Actor("ann")})
    story.things |= {"person:mia": {"id": "mia"}, "team:net": {"id": "net"}, "team:gone": None}
    story.things["ticket:P-1"] = {"id": "p1", "ref": "P-1", "process": "problem"}
    story.open()
    return story


def test_what_is_added_is_written_with_who_added_it_and_kept_whole() -> None:
    story = a_whole_story()
    due = story.at(hours=3).astimezone(timezone(timedelta(hours=8)))
    entry = accepted(
        story.send(AddTask(" Call them ", "mia", "net", due, {"cost": 4, "cause": "P-1"}), "bob")
    )
    story.now = story.at(hours=1)
    other = accepted(story.send(AddTask("Look", team="net"), "bob"))
    taken = accepted(story.send(CancelTask("adhoc.2"), "bob"))
    assert written([entry, other, taken], WHOLE) == block("""
        command add task @adhoc_tasks: by bob
          set cost old=null new=4 by=adhoc_tasks.form
          set twice old=null new=8 by=fields.twice.compute
          linked cause ticket=p1 ref=P-1
          task adhoc.1 what=opened by=bob shown={"title": "Call them"}
          -> link link=things add=true tickets=["p1"] ticket=ID ref=T-0001 mirror=false category=new
              values={} because of adhoc_tasks.form @form:
        command add task @adhoc_tasks: by bob
          task adhoc.2 what=opened by=bob shown={"title": "Look"}
        command cancel adhoc.2 @adhoc_tasks: by bob
          task adhoc.2 what=cancelled by=bob shown={"title": "Look"}
    """)
    assert kept(story.ticket, "tasks", "links", "fields") == block("""
        fields reopen_count 0
        fields channel portal
        fields requester ann
        fields title A thing
        fields cost 4
        fields twice 8
        tasks adhoc.1 {"state": "open", "since": "2026-03-02T09:00:00Z", "due_at":
            "2026-03-02T12:00:00Z", "remind_at": "2026-03-02T11:00:00Z", "assignees": ["person:mia"],
            "run": 1, "of_state": "new", "title": "Call them", "shown": {"title": "Call them"}}
        tasks adhoc.2 {"state": "cancelled", "since": "2026-03-02T10:00:00Z", "assignees":
            ["members:net"], "run": 1, "of_state": "new", "title": "Look", "shown": {"title": "Look"}}
        links cause [{"ticket": "p1", "ref": "P-1"}]
    """)


@pytest.mark.parametrize(
    ("task", "said"),
    [
        (AddTask(" "), "title code=missing message=say what is to be done"),
        (AddTask("x" * 201), "title code=too_long message=201 characters; at most 200 fit"),
        (AddTask("two\nlines"), "title code=control message=write it on one line"),
        (AddTask("two\rlines"), "title code=control message=write it on one line"),
        (AddTask("a\x00b"), "title code=control message=write it on one line"),
        (AddTask("x", "nobody"), "assignee code=unknown message=there is no person 'nobody'"),
        (AddTask("x", team="gone"), "team code=unknown message=there is no team 'gone'"),
        (AddTask("x", team="g" * 150), f"team code=unknown message=there is no team '{'g' * 100}'"),
        (AddTask("x", due_at=datetime(2026, 3, 3)), "due_at code=type message=write a date and time with its zone"),
        (AddTask("x", fields={"cost": "x"}), "cost code=type message=write a number"),
        (AddTask("x", fields={"cost": 50}), '"" code=rule message=Too much message.en=Too much message.zh-CN=太贵'),
        (AddTask("x", fields={"cause": "P-2"}), "cause code=unknown message=there is no ticket 'P-2'"),
        (AddTask("x", fields={"nothing": 1}), "nothing code=unknown message=there is no field 'nothing' to set"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_task_is_said_by_field(task: AddTask, said: str) -> None:
    story = a_whole_story()
    told = " ".join(written(story.send(task, "bob")).split())
    assert told == f"command addtask by bob refused form_invalid field={said}"
    assert not story.ticket.tasks and "cost" not in story.ticket.fields


def test_every_mistake_of_a_task_is_named_at_once_and_the_longest_title_fits() -> None:
    story = a_whole_story()
    entry = story.send(AddTask("", "x", "y", datetime(2026, 3, 3), {"cost": "x"}), "bob")
    assert entry.refusal is not None
    assert [error["field"] for error in entry.refusal.errors] == [
        "assignee",
        "cost",
        "due_at",
        "team",
        "title",
    ]
    accepted(story.send(AddTask("x" * 200), "bob"))


def test_who_may_not_add_tasks_and_where_is_said_in_both_languages() -> None:
    story = a_whole_story()
    found = [written(story.send(AddTask("x"), "ann"))]
    found.append(written(story.send(CancelTask("adhoc.1"), "bob")))
    for number in range(100):
        add(story, f"Task {number}")
    found.append(written(story.send(AddTask("x"), "bob")))
    found.append(written(story.send(CancelTask("adhoc.1"), "ann")))
    for button in ("end", "close"):
        story.do(button)
        found.append(written(story.send(AddTask("x"), "bob")))
    assert "\n".join(found) == block("""
        command addtask by ann refused
          not_permitted
          en=You may not add tasks here.
          zh-CN=您无权在此添加任务。
        command canceltask by bob refused
          transition_refused
          en=Only open tasks that people added can be cancelled.
          zh-CN=只能取消人工添加的待办任务。
        command addtask by bob refused
          transition_refused
          en=At most 100 added tasks can be open.
          zh-CN=最多可有 100 个添加的任务待办。
        command canceltask by ann refused
          not_permitted
          en=You may not add tasks here.
          zh-CN=您无权在此添加任务。
        command addtask by bob refused
          transition_refused
          en=No tasks can be added here.
          zh-CN=此处不能添加任务。
        command addtask by bob refused
          transition_refused
          en=No tasks can be added here.
          zh-CN=此处不能添加任务。
    """)


def test_a_task_for_somebody_who_could_not_be_looked_up_is_refused() -> None:
    story = a_whole_story()
    for task, thing in ((AddTask("x", "mia"), "person:mia"), (AddTask("x", team="net"), "team:net")):
        facts = replace(story.facts("bob"), missing=(thing,))
        with pytest.raises(FactsMissing, match=f"^{thing} could not be looked up; try again$"):
            step(story.definition, story.ticket, task, story.now, facts)


def test_they_can_be_added_in_any_open_state_by_default_and_go_along_to_the_next() -> None:
    text = WHOLE.replace("ready: {category", "work: {category: active}, ready: {category")
    text = text.replace("transitions: {", "transitions: {go: {from: new, to: work, who: everyone}, ")
    moving = Story(a_definition(text), people=an_agent("bob"))
    moving.open()
    add(moving)
    moving.do("go")
    assert (states(moving), moving.ticket.tasks["adhoc.1"].of_state) == ({"adhoc.1": "open"}, "work")
    story = a_whole_story()
    offered = step(story.definition, story.ticket, AddTask("x"), story.now, story.facts("bob"))
    assert offered.ticket.tasks["adhoc.1"].of_state == "new"

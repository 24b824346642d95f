"""One task for each element of a list, which may change while they are open."""

from __future__ import annotations

from domain.engine.events import ChildOpened, CompleteTask
from domain.engine.ticket import Json
from tests.builders import Story, a_definition, effects, happenings, refused

PROCESS = """
fields:
  systems: {type: choices, options: {crm: Customers, erp: Orders, wiki: Wiki}}
  helpers: {type: people}
  lines: {type: rows, columns: {item: {type: text}, owner: {type: person}, by: {type: date}, left: {type: number}}}
  log: {type: note}
forms: {create: {title: required, systems: optional, helpers: optional, lines: optional}}
links: {orders: {process: other, inverse: for}}
states:
  new: {category: new}
  work: {category: active, tasks: TASKS}
  wait: {category: waiting}
  ready: {category: done}
  gone: {category: closed}
transitions:
  go: {from: any, to: work, who: everyone}
  pause: {from: work, to: wait, who: everyone}
  back: {from: wait, to: work, who: everyone}
  again: {from: any, who: everyone, do: [{run: grant}]}
  one: {from: any, when: task.grant.one_done, do: [{set: {log: "{{ ticket.log }}{{ event.element }} "}}]}
  failed: {from: any, when: task.grant.failed, do: [{set: {log: "{{ ticket.log }}{{ event.element }} failed "}}]}
  done: {from: any, when: task.grant.done, do: [{set: {log: "{{ ticket.log }}all "}}]}
  finish: {from: work, to: ready, when: tasks.done}
  end: {from: ready, to: gone, who: everyone}
tasks:
  grant: GRANT
  letter: {needs: grant, assign: everyone}
"""
CHOICES = "{for_each: ticket.systems, as: system, label: 'Grant {{ system }}', assign: everyone, outcomes: [ok, odd]}"
PEOPLE: dict[str, dict[str, Json] | None] = {
    f"person:{name}": {"id": name, "manager": "boss"} for name in ("ann", "bob", "mia")
}


def a_story(grant: str = CHOICES, tasks: str = "[grant, letter]", **fields: object) -> Story:
    definition = a_definition(PROCESS.replace("TASKS", tasks).replace("GRANT", grant))
    story = Story(definition, things=dict(PEOPLE))
    story.open("ann", **fields)
    story.do("go")
    return story


def states(story: Story) -> dict[str, str]:
    return {name: task.state for name, task in story.ticket.tasks.items()}


def test_there_is_a_task_for_each_element_and_the_list_is_done_when_all_are() -> None:
    story = a_story(systems=["crm", "erp"])
    assert states(story) == {"grant": "running", "letter": "pending", "grant.1": "open", "grant.2": "open"}
    assert story.ticket.tasks["grant.1"].shown == {"system": {"$option": ["systems", "crm"]}}
    story.complete("grant.2", outcome="ok")
    assert (states(story)["grant"], story.ticket.fields["log"]) == ("running", "erp ")
    story.complete("grant.1", outcome="odd")
    assert (states(story)["grant"], states(story)["letter"]) == ("done", "open")
    assert story.ticket.fields["log"] == "erp crm all "
    story.complete("letter")
    assert story.ticket.state == "ready"


def test_a_label_of_any_task_reads_the_ticket_as_it_was_when_the_task_began() -> None:
    story = a_story(systems=["crm"])
    text = PROCESS.replace("GRANT", "{assign: everyone, label: 'Look at {{ ticket.title }}'}")
    lines = [line for line in text.replace("TASKS", "[grant]").split("\n") if "event.element" not in line]
    plain = Story(a_definition("\n".join(lines)))
    plain.open("ann")
    plain.do("go")
    assert plain.ticket.tasks["grant"].shown == {"ticket.title": "A thing"}
    assert story.ticket.tasks["letter"].shown == {}


def test_an_empty_list_is_done_at_once() -> None:
    story = a_story()
    assert states(story) == {"grant": "done", "letter": "open"}
    assert story.ticket.fields["log"] == "all "


def test_a_new_element_opens_a_task_and_one_that_is_gone_has_its_own_cancelled() -> None:
    story = a_story(systems=["crm", "erp"])
    story.complete("grant.1", outcome="ok")
    story.edit(systems=["crm", "wiki"])
    assert states(story)["grant.2"] == "cancelled" and states(story)["grant.3"] == "open"
    story.edit(systems=["crm"])
    assert states(story)["grant"] == "done" and states(story)["grant.3"] == "cancelled"
    story.edit(systems=["crm", "erp"])  # the list is open again
    assert states(story)["grant"] == "running"
    assert (states(story)["grant.2"], story.ticket.tasks["grant.2"].run) == ("open", 2)
    assert states(story)["letter"] == "open"


def test_what_was_done_for_an_element_that_comes_and_goes_stays_done() -> None:
    story = a_story(systems=["crm", "erp"])
    story.complete("grant.1", outcome="ok")
    story.edit(systems=["erp"])
    story.edit(systems=["erp", "crm"])
    assert states(story)["grant.1"] == "done" and states(story)["grant.2"] == "open"


def test_a_row_that_is_changed_in_its_place_keeps_its_task_and_another_row_has_another() -> None:
    rows: list[dict[str, Json]] = [
        {"item": "laptop", "owner": "bob", "by": "2026-03-05", "left": 2},
        {"item": "desk", "owner": "mia"},
    ]
    task = "{for_each: ticket.lines, as: row, label: Order, assign: 'field:row.owner', due: {at: row.by}}"
    story = a_story(task, lines=rows)
    first = story.ticket.tasks["grant.1"]
    assert first.assignees == ("person:bob",)
    assert first.due_at is not None and first.due_at.day == 5
    story.edit(lines=[{**rows[0], "by": "2026-03-09"}, rows[1]])
    first = story.ticket.tasks["grant.1"]
    assert (first.state, first.run) == ("open", 1) and first.due_at is not None and first.due_at.day == 9
    story.edit(lines=[{**rows[0], "owner": "ann"}, rows[1]])
    assert story.ticket.tasks["grant.1"].assignees == ("person:ann",)
    story.edit(lines=[rows[1]])
    assert states(story)["grant.1"] == "cancelled" and states(story)["grant.2"] == "open"
    assert refused(story.send(CompleteTask("grant.2"), "bob")) == "not_permitted"
    story.complete("grant.2", "mia")


def test_people_of_a_list_and_their_managers_are_asked() -> None:
    story = a_story("{for_each: ticket.helpers, assign: 'field:each'}", helpers=["bob", "mia"])
    assert [story.ticket.tasks[f"grant.{n}"].assignees for n in (1, 2)] == [("person:bob",), ("person:mia",)]
    story = a_story("{for_each: ticket.helpers, assign: 'manager-of:each'}", helpers=["bob"])
    assert story.ticket.tasks["grant.1"].assignees == ("person:boss",)


def test_a_condition_on_the_element_leaves_some_out_and_one_on_the_ticket_all() -> None:
    story = a_story(
        "{for_each: ticket.systems, as: one, if: one != 'wiki', assign: everyone}", systems=["crm", "wiki"]
    )
    assert states(story)["grant.1"] == "open" and states(story)["grant.2"] == "skipped"
    story = a_story("{for_each: ticket.systems, if: ticket.log != null, assign: everyone}", systems=["crm"])
    assert states(story) == {"grant": "skipped", "letter": "open"}


def test_the_parent_waits_for_a_ticket_for_each_element() -> None:
    child = "{process: other, link: orders, fields: {title: 'For {{ one }}'}}"
    task = f"{{for_each: ticket.systems, as: one, ticket: {child}}}"
    story = a_story(task, systems=["crm", "erp"])
    asked = effects(story.journal, "create")
    assert [effect.data["field.title"] for effect in asked] == ["For crm", "For erp"]
    assert [effect.data["task"] for effect in asked] == ["grant.1", "grant.2"]
    entry = story.journal[-1]
    story.answer(ChildOpened(entry.seq, 0, entry.at, "orders", "other", "a" * 36, "O-1", "grant.1", 1))
    assert story.ticket.tasks["grant.1"].child == "a" * 36
    story.answer(
        ChildOpened(entry.seq, 1, entry.at, "orders", "other", task="grant.2", run=1, error="refused")
    )
    assert states(story)["grant.2"] == "failed" and states(story)["grant"] == "running"
    assert story.ticket.fields["log"] == "erp failed "
    story.do("again")
    assert (states(story)["grant.2"], story.ticket.tasks["grant.2"].run) == ("running", 2)
    assert states(story)["grant.1"] == "running" and story.ticket.tasks["grant.1"].run == 1


def test_a_failure_of_an_element_that_is_gone_holds_nothing_up() -> None:
    story = a_story(
        "{for_each: ticket.systems, script: {name: x, with: {what: '{{ each }}'}}}", systems=["crm", "erp"]
    )
    story.finish("grant.1", ok=False)
    story.finish("grant.2")
    assert states(story)["grant"] == "running"
    story.edit(systems=["erp"])
    assert states(story)["grant"] == "done"


def test_what_is_done_again_is_done_for_all_and_late_results_count_for_nothing() -> None:
    story = a_story("{for_each: ticket.systems, script: {name: x}}", tasks="[letter]", systems=["crm"])
    story.do("again")
    story.finish("grant.1")
    story.do("again")
    assert (states(story)["grant.1"], story.ticket.tasks["grant.1"].run) == ("running", 2)
    assert story.finish("grant.1", run=1) == []
    story.finish("grant.1")
    assert states(story)["grant"] == "done"


def test_they_wait_with_their_state_and_end_with_it() -> None:
    story = a_story(systems=["crm", "erp"])
    story.complete("grant.1", outcome="ok")
    story.do("pause")
    assert states(story)["grant.2"] == "open"
    story.do("back")
    assert (states(story)["grant.1"], states(story)["grant.2"]) == ("done", "open")
    story.do("pause")
    story.do("go")
    assert states(story)["grant.1"] == "done"


def test_reminders_and_dues_are_each_ones_own() -> None:
    task = """{for_each: ticket.systems, as: one, label: 'Grant {{ one }}', assign: everyone, due: 2h,
      remind: {before: 1h}, overdue: {do: [{comment: 'late: {{ one }}'}]}}"""
    story = a_story(task, systems=["crm", "erp"])
    story.complete("grant.1")
    story.until(story.at(hours=3))
    (reminder,) = effects(story.journal, "notify")
    assert reminder.values == {"ticket.ref": "T-0001", "one": "erp"}
    (comment,) = effects(story.journal, "comment")
    assert comment.values == {"one": "erp"}
    assert [one.name for one in happenings(story.journal, "task") if one.detail["what"] == "overdue"] == [
        "grant.2"
    ]


def test_outcomes_of_all_are_counted() -> None:
    text = PROCESS.replace("GRANT", CHOICES).replace("TASKS", "[grant, letter]")
    text = text.replace(
        "end: {from",
        "odd: {from: any, who: everyone, if: 'tasks.count(\"odd\") == 2', do: [{raise: x}]}\n  end: {from",
    )
    story = Story(a_definition(text))
    story.open("ann", systems=["crm", "erp"])
    story.do("go")
    story.complete("grant.1", outcome="odd")
    story.complete("grant.2", outcome="odd")
    story.do("odd")

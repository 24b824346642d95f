"""What tasks for each element of a list write while the list changes, whole, and for whom they are."""

from __future__ import annotations

import pytest

from domain.engine.task_lists import MOST_ELEMENTS
from domain.engine.ticket import Json
from tests.builders import Story, a_definition, an_agent, happenings
from tests.domain.engine.journals import block, kept, written

TEXT = """
fields:
  systems: {type: choices, options: {crm: Customers, erp: Orders, wiki: Wiki}}
  helpers: {type: people}
  crews: {type: teams}
  things: {type: services}
  lines: {type: rows, columns: {item: {type: text}, owner: {type: person}, crew: {type: team}}}
  words: {type: text}
  log: {type: note}
forms: {create: {title: required}}
states:
  new: {category: new}
  work: {category: active, tasks: [grant, after]}
  wait: {category: waiting}
  gone: {category: closed}
transitions:
  go: {from: any, to: work, who: everyone}
  pause: {from: work, to: wait, who: everyone}
  again: {from: any, who: everyone, do: [{run: grant}]}
  one: {from: any, when: task.grant.one_done, do: [{set: {log: "{{ event.element }} done"}}]}
  failed: {from: any, when: task.grant.failed, do: [{set: {log: "{{ event.element }} failed"}}]}
  late: {from: any, when: task.grant.overdue, do: [{set: {log: "{{ event.element }} late"}}]}
  opened: {from: any, when: [task.grant.opened, task.grant.done, task.grant.skipped], do: [
    {set: {log: "{{ event.name }}"}}]}
  all: {from: any, when: tasks.done, do: [{set: {log: "all"}}]}
  end: {from: any, to: gone, who: everyone}
permissions: [{who: everyone, can: [view], edit: all}]
tasks:
  grant: GRANT
  after: {needs: grant, assign: everyone}
"""
PEOPLE: dict[str, dict[str, Json] | None] = {
    "person:mia": {"id": "mia", "manager": "boss"},
    "person:ann": {"id": "ann"},
    "team:net": {"id": "net"},
    "service:vpn": {"id": "vpn", "owner": "otto"},
}


def a_story(grant: str, **fields: Json) -> Story:
    """A ticket with a list, at the tasks for it."""
    story = Story(a_definition(TEXT.replace("GRANT", grant)), an_agent(), things=dict(PEOPLE))
    story.open()
    if fields:
        story.edit(**fields)
    story.do("go")
    return story


def told(story: Story, since: int = 2) -> str:
    """The journal from the tasks on."""
    return written(story.journal[since:])


CHOSEN = """{for_each: ticket.systems, as: system, label: 'Grant {{ system }}', assign: team:desk, due: 1h,
      if_fails: continue}"""


def chosen() -> Story:
    """Elements come, go, come again, fail and are late."""
    story = a_story(CHOSEN, systems=["crm", "erp"])
    story.complete("grant.1", "bob")
    story.edit(systems=["erp", "wiki"])
    story.edit(systems=["crm", "wiki"])
    story.complete("grant.3", "bob", failed=True)
    story.do("pause")
    story.until(story.at(hours=2))
    story.do("go")
    story.do("again")
    story.edit(systems=["crm", "erp"])
    story.complete("grant.2", "bob")
    story.complete("grant.1", "bob")
    story.edit(systems=["erp"])
    story.edit(systems=["erp", "wiki"])
    story.do("end")
    return story


def test_tasks_follow_their_list_element_by_element() -> None:
    story = chosen()
    assert told(story) == block("""
        command go @thing.yaml:17 by ann
          moved go from=new to=work
          task grant what=running
          set log old=null new=task.grant.opened by=transitions.opened.do.0
          moved opened
          task grant.1 what=opened shown={"system": {"$option": ["systems", "crm"]}}
          task grant.2 what=opened shown={"system": {"$option": ["systems", "erp"]}}
        command complete grant.1 @thing.yaml:29 by bob
          task grant.1 what=done shown={"system": {"$option": ["systems", "crm"]}}
          set log old=task.grant.opened new=crm done by=transitions.one.do.0
          moved one
        command edit by ann
          set systems old=["crm", "erp"] new=["erp", "wiki"] by=edit
          task grant.3 what=opened shown={"system": {"$option": ["systems", "wiki"]}}
        command edit by ann
          set systems old=["erp", "wiki"] new=["crm", "wiki"] by=edit
          task grant.2 what=cancelled shown={"system": {"$option": ["systems", "erp"]}}
        command complete grant.3 @thing.yaml:29 by bob
          task grant.3 what=failed error=failed by bob shown={"system": {"$option": ["systems",
              "wiki"]}}
          set log old=crm done new=wiki failed by=transitions.failed.do.0
          moved failed
          task grant what=done
          task after what=opened
          set log old=wiki failed new=task.grant.done by=transitions.opened.do.0
          moved opened
        command pause @thing.yaml:18 by ann
          moved pause from=work to=wait
        command go @thing.yaml:17 by ann
          moved go from=wait to=work
        command again @thing.yaml:19 by ann
          task grant what=running
          moved again
          set log old=task.grant.done new=task.grant.opened by=transitions.opened.do.0
          moved opened
          task grant.1 what=opened shown={"system": {"$option": ["systems", "crm"]}}
          task grant.3 what=opened shown={"system": {"$option": ["systems", "wiki"]}}
        command edit by ann
          set systems old=["crm", "wiki"] new=["crm", "erp"] by=edit
          task grant.3 what=cancelled shown={"system": {"$option": ["systems", "wiki"]}}
          task grant.2 what=opened shown={"system": {"$option": ["systems", "erp"]}}
        command complete grant.2 @thing.yaml:29 by bob
          task grant.2 what=done shown={"system": {"$option": ["systems", "erp"]}}
          set log old=task.grant.opened new=erp done by=transitions.one.do.0
          moved one
        command complete grant.1 @thing.yaml:29 by bob
          task grant.1 what=done shown={"system": {"$option": ["systems", "crm"]}}
          set log old=erp done new=crm done by=transitions.one.do.0
          moved one
          task grant what=done
          set log old=crm done new=task.grant.done by=transitions.opened.do.0
          moved opened
        command edit by ann
          set systems old=["crm", "erp"] new=["erp"] by=edit
        command edit by ann
          set systems old=["erp"] new=["erp", "wiki"] by=edit
          task grant.3 what=opened shown={"system": {"$option": ["systems", "wiki"]}}
          task grant what=running
        command end @thing.yaml:26 by ann
          task grant what=cancelled
          task grant.3 what=cancelled shown={"system": {"$option": ["systems", "wiki"]}}
          task after what=cancelled
          moved end from=work to=gone
          set resolved_at old=null new=2026-03-02T11:00:00Z by=engine
          set closed_at old=null new=2026-03-02T11:00:00Z by=engine
    """)
    assert kept(story.ticket, "tasks", "fields") == block("""
        fields reopen_count 0
        fields channel portal
        fields requester ann
        fields title A thing
        fields systems ["erp", "wiki"]
        fields log task.grant.done
        fields resolved_at 2026-03-02T11:00:00Z
        fields closed_at 2026-03-02T11:00:00Z
        tasks grant {"state": "cancelled", "since": "2026-03-02T11:00:00Z", "run": 2}
        tasks after {"state": "cancelled", "since": "2026-03-02T09:00:00Z", "assignees": ["everyone"],
            "run": 1}
        tasks grant.1 {"state": "done", "since": "2026-03-02T11:00:00Z", "assignees": ["members:desk"],
            "run": 2, "element": "crm", "shown": {"system": {"$option": ["systems", "crm"]}}}
        tasks grant.2 {"state": "done", "since": "2026-03-02T11:00:00Z", "assignees": ["members:desk"],
            "run": 2, "element": "erp", "shown": {"system": {"$option": ["systems", "erp"]}}}
        tasks grant.3 {"state": "cancelled", "since": "2026-03-02T11:00:00Z", "assignees":
            ["members:desk"], "run": 3, "element": "wiki", "place": 1, "shown": {"system": {"$option":
            ["systems", "wiki"]}}}
    """)


def test_tasks_of_elements_that_are_gone_are_cancelled_whatever_became_of_them_unless_they_are_done() -> None:
    story = a_story(
        "{for_each: ticket.systems, as: system, script: {name: x}}", systems=["crm", "erp", "wiki"]
    )
    story.finish("grant.1")
    story.finish("grant.2", ok=False)
    story.edit(systems=[])
    assert [story.ticket.tasks[f"grant.{n}"].state for n in (1, 2, 3)] == ["done", "cancelled", "cancelled"]
    assert story.ticket.tasks["grant"].state == "done"
    late = a_story("{for_each: ticket.systems, assign: team:desk, start: 1h}", systems=["crm"])
    assert late.ticket.tasks["grant.1"].state == "pending"
    late.edit(systems=[])
    assert late.ticket.tasks["grant.1"].state == "cancelled"


ROWS = "{for_each: ticket.lines, as: line, assign: ['field:line.owner', 'members-of:line.crew', team:desk]}"


def rows() -> Story:
    """Rows are changed in place, moved and taken out."""
    story = a_story(ROWS, lines=[{"item": "a", "owner": "mia"}, {"item": "b", "crew": "net"}, {"item": "c"}])
    story.edit(lines=[{"item": "a", "owner": "ann"}, {"item": "c"}, {"item": "b", "crew": "net"}])
    story.edit(lines=[{"item": "new", "owner": "ann"}, {"item": "c"}])
    story.complete("grant.1", "ann")
    story.edit(lines=[{"item": "other", "owner": "mia"}, {"item": "c"}])
    return story


def test_a_row_that_is_changed_in_its_place_keeps_its_task_which_is_for_whom_it_names_now() -> None:
    story = rows()
    assert told(story) == block("""
        command go @thing.yaml:17 by ann
          moved go from=new to=work
          task grant what=running
          set log old=null new=task.grant.opened by=transitions.opened.do.0
          moved opened
          task grant.1 what=opened shown={"line": {"$row": {"item": "a", "owner": {"$person": "mia"},
              "crew": null}}}
          task grant.2 what=opened shown={"line": {"$row": {"item": "b", "owner": null, "crew":
              {"$team": "net"}}}}
          task grant.3 what=opened shown={"line": {"$row": {"item": "c", "owner": null, "crew": null}}}
        command edit by ann
          set lines old=[{"item": "a", "owner": "mia", "crew": null}, {"item": "b", "owner": null,
              "crew": "net"}, {"item": "c", "owner": null, "crew": null}] new=[{"item": "a", "owner":
              "ann", "crew": null}, {"item": "c", "owner": null, "crew": null}, {"item": "b", "owner":
              null, "crew": "net"}] by=edit
          task grant.1 what=opened shown={"line": {"$row": {"item": "a", "owner": {"$person": "ann"},
              "crew": null}}}
        command edit by ann
          set lines old=[{"item": "a", "owner": "ann", "crew": null}, {"item": "c", "owner": null,
              "crew": null}, {"item": "b", "owner": null, "crew": "net"}] new=[{"item": "new", "owner":
              "ann", "crew": null}, {"item": "c", "owner": null, "crew": null}] by=edit
          task grant.2 what=cancelled shown={"line": {"$row": {"item": "b", "owner": null, "crew":
              {"$team": "net"}}}}
        command complete grant.1 @thing.yaml:29 by ann
          task grant.1 what=done shown={"line": {"$row": {"item": "new", "owner": {"$person": "ann"},
              "crew": null}}}
          set log old=task.grant.opened new=item: new, owner: ann done by=transitions.one.do.0
          moved one
        command edit by ann
          set lines old=[{"item": "new", "owner": "ann", "crew": null}, {"item": "c", "owner": null,
              "crew": null}] new=[{"item": "other", "owner": "mia", "crew": null}, {"item": "c",
              "owner": null, "crew": null}] by=edit
    """)
    assert kept(story.ticket, "tasks") == block("""
        tasks grant {"state": "running", "since": "2026-03-02T09:00:00Z", "run": 1, "of_state": "work"}
        tasks after {"state": "pending", "since": "2026-03-02T09:00:00Z", "run": 1, "of_state": "work"}
        tasks grant.1 {"state": "done", "since": "2026-03-02T09:00:00Z", "assignees": ["person:ann",
            "members:desk"], "run": 1, "of_state": "work", "element": {"$row": {"item": "other",
            "owner": {"$person": "mia"}}}, "shown": {"line": {"$row": {"item": "other", "owner":
            {"$person": "mia"}}}}}
        tasks grant.2 {"state": "cancelled", "since": "2026-03-02T09:00:00Z", "assignees":
            ["members:net", "members:desk"], "run": 1, "of_state": "work", "element": {"$row": {"item":
            "b", "crew": {"$team": "net"}}}, "place": 2, "shown": {"line": {"$row": {"item": "b",
            "crew": {"$team": "net"}}}}}
        tasks grant.3 {"state": "open", "since": "2026-03-02T09:00:00Z", "assignees": ["members:desk"],
            "run": 1, "of_state": "work", "element": {"$row": {"item": "c"}}, "place": 1, "shown":
            {"line": {"$row": {"item": "c"}}}}
    """)


@pytest.mark.parametrize(
    ("task", "fields", "people"),
    [
        ("for_each: ticket.helpers, assign: 'field:each'", {"helpers": ["mia"]}, ["person:mia"]),
        ("for_each: ticket.helpers, assign: 'manager-of:each'", {"helpers": ["mia"]}, ["person:boss"]),
        ("for_each: ticket.helpers, as: one, assign: ['manager-of:one', team:desk]", {"helpers": ["ann"]},
         ["members:desk"]),
        ("for_each: ticket.helpers, assign: 'manager-of:each'", {"helpers": ["ann"]}, ["nobody:manager-of:each"]),
        ("for_each: ticket.crews, assign: 'members-of:each'", {"crews": ["net"]}, ["members:net"]),
        ("for_each: ticket.crews, assign: 'field:each'", {"crews": ["net"]}, ["members:net"]),
        ("for_each: ticket.crews, assign: 'lead-of:each'", {"crews": ["net"]}, ["lead:net"]),
        ("for_each: ticket.crews, assign: 'on-call-of:each'", {"crews": ["net"]}, ["on-call:net"]),
        ("for_each: ticket.things, assign: 'owner-of:each'", {"things": ["vpn"]}, ["person:otto"]),
        ("for_each: ticket.systems, assign: [team:desk, 'person:ann']", {"systems": ["crm"]},
         ["members:desk", "person:ann"]),
    ],
)  # fmt: skip
def test_an_element_says_for_whom_its_task_is(task: str, fields: dict[str, Json], people: list[str]) -> None:
    story = a_story(f"{{{task}}}", **fields)
    assert list(story.ticket.tasks["grant.1"].assignees) == people


def test_a_list_of_two_hundred_is_the_longest_and_of_a_longer_one_the_journal_tells() -> None:
    story = a_story("{for_each: ticket.helpers, assign: 'field:each'}")
    for number in range(MOST_ELEMENTS + 1):
        story.things[f"person:p{number}"] = {"id": f"p{number}"}
    people: list[Json] = [f"p{number}" for number in range(MOST_ELEMENTS + 1)]
    entries = [story.edit(helpers=people[:MOST_ELEMENTS]), story.edit(helpers=people)]
    assert sum(name.startswith("grant.") for name in story.ticket.tasks) == MOST_ELEMENTS == 200
    assert [happenings(entry, "unavailable") for entry in entries] == [[], []], "nothing new is left out"
    (said,) = happenings(story.edit(helpers=[*people[1:], people[0]]), "unavailable")
    assert (said.name, said.detail) == (
        "for_each", {"task": "grant", "reason": "more than 200 elements; there are tasks for the first of them"},
    )  # fmt: skip

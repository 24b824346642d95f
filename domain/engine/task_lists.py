"""Tasks with `for_each`: one for each element of a list, which may change while they are under way."""

from __future__ import annotations

from dataclasses import replace

from domain.engine.draft import Draft
from domain.engine.each import announce, bound, elements_of, people_of, shown_in_label
from domain.engine.task_rules import next_name, of_group, rule_of
from domain.engine.ticket import Json, Task

MOST_ELEMENTS = 200
"""More of one list is more than anybody could look through."""


def follow(draft: Draft) -> None:
    """Bring the tasks of every list under way to what the list is now: new elements get one, those of elements that are
    gone are cancelled. A list whose tasks are all done is done; another element in the same state opens it again.
    """
    from domain.engine.tasks import start_ready

    changed = False
    for name in draft.plan.lists:
        group = draft.tasks.get(name)
        if group is None or not (
            group.state == "running" or (group.state == "done" and group.of_state == draft.state)
        ):
            continue
        changed = _follow_one(draft, name, group) or changed
    if changed:
        start_ready(draft)  # what needs a list that is done can begin


def _follow_one(draft: Draft, name: str, group: Task) -> bool:
    """Whether anything changed."""
    from domain.engine.tasks import become, begin_if_ready, is_good

    found = elements_of(draft, rule_of(draft.definition, name))
    wanted = found[:MOST_ELEMENTS]
    places = _match(draft, name, wanted)
    changed = False
    for one in of_group(draft.tasks, name):
        if one not in places.values() and draft.tasks[one].state in ("pending", "open", "running", "failed"):
            become(draft, one, replace(draft.tasks[one], state="cancelled"))
            changed = True
    current = []
    for place, element in enumerate(wanted):
        one = places.get(place, "")
        task = draft.tasks.get(one)
        if task is None or task.state == "cancelled":
            one = one or next_name(draft.tasks, name)
            run = task.run + 1 if task is not None else 1
            fresh = Task(
                "pending", since=draft.at, run=run, of_state=group.of_state, element=element, place=place
            )
            _keep(draft, one, fresh)
            begin_if_ready(draft, one)
            changed = True
        elif (task.element, task.place) != (element, place):
            _keep(draft, one, replace(task, element=element, place=place))
            _give(draft, one)
        current.append(one)
    if changed and len(found) > MOST_ELEMENTS:
        reason = f"more than {MOST_ELEMENTS} elements; there are tasks for the first of them"
        draft.note("unavailable", "for_each", task=name, reason=reason)
    over = all(is_good(draft, one) for one in current)
    if over and group.state == "running":
        become(draft, name, replace(draft.tasks[name], state="done"))
        announce(draft, name, "done")
        changed = True
    elif not over and group.state == "done":
        become(draft, name, replace(draft.tasks[name], state="running"))
        draft.tasks_settled = False
        changed = True
    return changed


def _give(draft: Draft, name: str) -> None:
    """An open task is for whom its element names now."""
    from domain.engine.tasks import become

    task, rule = draft.tasks[name], rule_of(draft.definition, name)
    if task.state != "open" or rule.assign is None:
        return
    people = people_of(draft, rule, task, rule.assign)
    if people != task.assignees:
        become(draft, name, replace(task, assignees=people))


def _keep(draft: Draft, name: str, task: Task) -> None:
    draft.tasks[name] = task
    rule = rule_of(draft.definition, name)
    with bound(draft, name, rule):
        draft.tasks[name] = replace(task, shown=shown_in_label(draft, rule, name, task))


def _match(draft: Draft, group: str, elements: list[Json]) -> dict[int, str]:
    """Which task is for which element: the one that was for the same, else, of rows, the one in the same place, which
    was changed there.
    """
    free = of_group(draft.tasks, group)
    free.sort(key=lambda one: draft.tasks[one].state == "cancelled")  # one under way before one that is not
    found: dict[int, str] = {}
    for place, element in enumerate(elements):
        one = next((one for one in free if draft.tasks[one].element == element), "")
        if one:
            found[place] = one
            free.remove(one)
    for place, element in enumerate(elements):
        if place in found or not (isinstance(element, dict) and "$row" in element):
            continue
        one = next((one for one in free if _changed_here(draft.tasks[one], place)), "")
        if one:
            found[place] = one
            free.remove(one)
    return found


def _changed_here(task: Task, place: int) -> bool:
    return task.place == place and task.state != "cancelled"

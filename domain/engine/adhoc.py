"""Tasks that people add to a ticket while it runs, and take back."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC

from domain.engine import links, task_times, tasks
from domain.engine.draft import Draft
from domain.engine.each import announce
from domain.engine.events import AddTask, CancelTask
from domain.engine.forms import CONTROL, check_form
from domain.engine.macrostep import apply_values
from domain.engine.people import is_among, lower
from domain.engine.rules import judge
from domain.engine.task_rules import base_of, next_name, of_group
from domain.engine.ticket import Task
from domain.errors import FactsMissing, FieldError, NotPermitted, TransitionRefused
from domain.language.builtin_fields import TEXT_LIMIT
from domain.language.models import AdhocTasks
from domain.language.names import ADHOC

MOST_OPEN = 100
"""Open tasks that people have added to one ticket."""


def why_not(draft: Draft) -> TransitionRefused | NotPermitted | None:
    """Why this person may not add or take back tasks here; None when they may."""
    rule = draft.definition.process.adhoc_tasks
    if rule is None or not _is_here(draft, rule):
        return TransitionRefused(
            f"no tasks can be added while the ticket is {draft.state}",
            text={"en": "No tasks can be added here.", "zh-CN": "此处不能添加任务。"},
        )
    if not is_among(draft.actor, lower(draft.definition, rule.who, draft.fields, draft.known)):
        return NotPermitted(
            f"{draft.actor.id} may not add tasks",
            text={"en": "You may not add tasks here.", "zh-CN": "您无权在此添加任务。"},
        )
    return None


def _is_here(draft: Draft, rule: AdhocTasks) -> bool:
    if draft.category == "closed":
        return False
    return draft.definition.is_in(rule.in_ or ("open",), draft.state, draft.fields)


def add(draft: Draft, event: AddTask) -> None:
    """Add a task, which is open at once. Raises Refused."""
    if (refusal := why_not(draft)) is not None:
        raise refusal
    rule = draft.definition.process.adhoc_tasks
    assert rule is not None, "or nobody may"
    if sum(draft.tasks[one].state == "open" for one in of_group(draft.tasks, ADHOC)) >= MOST_OPEN:
        english, chinese = (
            f"At most {MOST_OPEN} added tasks can be open.",
            f"最多可有 {MOST_OPEN} 个添加的任务待办。",
        )
        raise TransitionRefused(english, text={"en": english, "zh-CN": chinese})
    form = draft.definition.form(rule.form)
    linked, mistakes = links.chosen(draft, form, event.fields)
    values = check_form(draft, form, event.fields, besides=[*mistakes, *_mistakes(draft, event)])
    apply_values(draft, values, by="adhoc_tasks.form")
    for name, found in linked.items():
        links.add(draft, name, found, why="adhoc_tasks.form")
    judge(draft, {*form, *values})
    name = next_name(draft.tasks, ADHOC)
    people = f"person:{event.assignee}" if event.assignee or not event.team else f"members:{event.team}"
    if people == "person:":
        people += draft.actor.id
    title = event.title.strip()
    due_at = event.due_at.astimezone(UTC) if event.due_at is not None else None
    task = Task(
        "open", since=draft.at, run=1, of_state=draft.state, title=title, due_at=due_at, assignees=(people,)
    )
    task = task_times.opened(draft, rule.task, replace(task, shown={"title": title}))
    draft.tasks_settled = False
    tasks.become(draft, name, task, by=draft.actor.id)
    announce(draft, name, "opened", person=draft.actor.id or None)


def _mistakes(draft: Draft, event: AddTask) -> list[FieldError]:
    found = []
    title = event.title.strip()
    if not title:
        found.append(FieldError("title", "missing", "say what is to be done"))
    elif len(title) > TEXT_LIMIT:
        found.append(FieldError("title", "too_long", f"{len(title)} characters; at most {TEXT_LIMIT} fit"))
    elif CONTROL.search(title) or "\n" in title or "\r" in title:
        found.append(FieldError("title", "control", "write it on one line"))
    for field, kind, id in (("assignee", "person", event.assignee), ("team", "team", event.team)):
        thing = f"{kind}:{id}"
        if id and thing in draft.facts.missing:
            raise FactsMissing(f"{thing} could not be looked up; try again")
        if id and draft.facts.things.get(thing) is None:
            found.append(FieldError(field, "unknown", f"there is no {kind} {id[:100]!r}"))
    if event.due_at is not None and event.due_at.tzinfo is None:
        found.append(FieldError("due_at", "type", "write a date and time with its zone"))
    return found


def cancel(draft: Draft, event: CancelTask) -> None:
    """Take an open task back that somebody added. Raises Refused."""
    task = draft.tasks.get(event.task)
    if task is None or base_of(event.task) != ADHOC or task.state not in tasks.OPEN:
        raise TransitionRefused(
            f"{event.task[:100]!r} is no open task that somebody added",
            text={
                "en": "Only open tasks that people added can be cancelled.",
                "zh-CN": "只能取消人工添加的待办任务。",
            },
        )
    if (refusal := why_not(draft)) is not None:
        raise refusal
    tasks.become(draft, event.task, replace(task, state="cancelled"), by=draft.actor.id)

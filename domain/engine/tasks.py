"""Work items: assigned to people, or carried out by activities whose result comes back as an event."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from domain.engine import task_lists, task_times
from domain.engine.clock_time import length
from domain.engine.derive import derive, set_field
from domain.engine.draft import Draft
from domain.engine.each import announce, bound, people_of, shown_in_label
from domain.engine.events import TaskFinished
from domain.engine.forms import fit
from domain.engine.lengths import due_after
from domain.engine.task_rules import (
    base_of,
    is_group,
    is_one_of_several,
    label_of,
    of_group,
    rule_of,
)
from domain.engine.ticket import Json, Task
from domain.engine.values import untyped
from domain.errors import FieldError
from domain.language.definition import Definition
from domain.language.models import Task as Rule
from domain.language.names import ADHOC

OPEN = frozenset({"pending", "open", "running"})
SETTLED = frozenset({"done", "failed", "skipped", "cancelled"})
LONGEST_RESPONSE = 2_000
"""Characters of JSON: what is longer is not carried in every snapshot of the ticket."""

DEFAULT_TIMEOUT = timedelta(minutes=5)


def start(draft: Draft, names: Iterable[str], *, of_state: str) -> None:
    """Start tasks: those whose needs are met at once, the others when they are.

    One under way goes on as it is, and what a state's tasks have reached is kept when the ticket only went to wait.
    """
    fresh = []
    for name in names:
        before = draft.tasks.get(name)
        if before is not None and (before.state in OPEN or (of_state and before.of_state == of_state)):
            if not of_state and is_group(draft.definition, name):
                _begin_anew(draft, name, {"failed"})
            continue
        if is_group(draft.definition, name):
            _begin_anew(draft, name, SETTLED)
        run = before.run + 1 if before else 1
        # A task of this state that a rule runs again still belongs to it.
        state = of_state or (before.of_state if before and before.of_state == draft.state else "")
        task = Task("pending", since=draft.at, run=run, of_state=state)
        if not is_group(draft.definition, name):
            task = replace(task, shown=shown_in_label(draft, rule_of(draft.definition, name), name, task))
        draft.tasks[name] = task
        fresh.append(name)
    for name in fresh:
        begin_if_ready(draft, name)


def _begin_anew(draft: Draft, group: str, states: Collection[str]) -> None:
    """Those of a list that stand so are begun again when the list is looked at next (task_lists.py)."""
    for name in of_group(draft.tasks, group):
        task = draft.tasks[name]
        if task.state in states:
            draft.tasks[name] = replace(task, state="cancelled", outcome="", error="", response=None)


def start_ready(draft: Draft) -> None:
    """Start the tasks whose needs are met now, and raise `tasks.done` once for the state's tasks."""
    if not draft.tasks:
        return
    for name in in_order(draft):
        if draft.tasks[name].state == "pending":
            begin_if_ready(draft, name)
    task_lists.follow(draft)
    of_state = [name for name, task in draft.tasks.items() if task.of_state == draft.state]
    if draft.tasks_settled or not all(is_good(draft, name) for name in of_state):
        return
    if any(draft.tasks[name].state != "cancelled" for name in of_state):
        draft.tasks_settled = True
        draft.announce("tasks.done")


def in_order(draft: Draft) -> list[str]:
    """The ticket's tasks in the order of the file, those of a list and those people added by their numbers."""
    return sorted(draft.tasks, key=draft.plan.place_of_task)


def is_good(draft: Draft, name: str) -> bool:
    """Whether work can go on after this task: it is done, was not needed, or may fail."""
    task = draft.tasks.get(name)
    if task is None:
        return False
    if task.state == "failed":
        return rule_of(draft.definition, name).if_fails == "continue"
    if task.state == "cancelled" and is_one_of_several(name):
        return True  # its element is gone, or who added it took it back
    return task.state in ("done", "skipped")


def begin_if_ready(draft: Draft, name: str) -> None:
    """Begin a pending task when its time has come; skip it when it is not needed."""
    rule = rule_of(draft.definition, name)
    if not is_one_of_several(name) and not all(is_good(draft, need) for need in rule.needs):
        return
    if is_group(draft.definition, name):
        if draft.plan.reads_element(name) or draft.holds(rule.if_):
            become(draft, name, replace(draft.tasks[name], state="running"))
            announce(draft, name, "opened")
        else:
            _skip(draft, name)
        return
    with bound(draft, name, rule):
        if not task_times.may_start(draft, name, rule):
            return
        if draft.holds(rule.if_):
            _begin(draft, name, rule)
        else:
            _skip(draft, name)


def _skip(draft: Draft, name: str) -> None:
    become(draft, name, replace(draft.tasks[name], state="skipped"))
    announce(draft, name, "skipped")


def become(draft: Draft, name: str, task: Task, **detail: Json) -> None:
    """Give a task its new state, and say so."""
    if task.state in SETTLED:
        task = replace(task, start_at=None, due_at=None, remind_at=None, repeat_at=None)
    before, draft.tasks[name] = draft.tasks.get(name), task
    if task.state == "cancelled" and before is not None and before.state == "running" and task.child:
        let_go(draft, name, task)
    if task.shown:
        detail["shown"] = task.shown
    draft.note("task", name, what="opened" if task.state == "open" else task.state, **detail)


def let_go(draft: Draft, name: str, task: Task) -> None:
    """The ticket of a task is not waited for any more: it gets the message that its task names, or its team is told."""
    rule = rule_of(draft.definition, name).ticket
    why = f"tasks.{base_of(name)}.ticket"
    if rule is not None and rule.if_cancelled is not None:
        said: dict[str, Json] = {"link": str(rule.link), "message": str(rule.if_cancelled)}
        draft.ask_outside("tell", why, data={**said, "tickets": [task.child]})
    else:
        draft.ask_outside("child_dropped", why, data={"tickets": [task.child], "task": name, "run": task.run})


def _begin(draft: Draft, name: str, rule: Rule) -> None:
    task = task_times.opened(draft, rule, draft.tasks[name])
    task = replace(task, shown=shown_in_label(draft, rule, name, task))
    if rule.assign is not None:
        people = people_of(draft, rule, task, rule.assign)
        become(draft, name, replace(task, state="open", assignees=people))
        announce(draft, name, "opened")
    elif rule.wait is not None:
        due_at = None
        if rule.wait.for_:
            due_at = due_after(draft, rule.wait.for_, draft.gives_from, rule.wait.calendar, rule.calendar)
        elif rule.wait.until:
            due_at = draft.moment_of(rule.wait.until)
        become(draft, name, replace(task, state="running", due_at=due_at))
    elif rule.ticket is not None:
        from domain.engine.verbs import ask_for_ticket

        become(draft, name, replace(task, state="running", child=""))
        ask_for_ticket(draft, rule.ticket, f"tasks.{base_of(name)}.ticket", task=name, run=task.run)
    elif rule.email is not None:
        from domain.engine.verbs import notify

        notify(draft, rule.email, f"tasks.{base_of(name)}.email")
        finish(draft, TaskFinished(name, task.run, True, draft.at))
    else:
        _hand_out(draft, name, rule, replace(task, state="running", attempt=1))


def aim(draft: Draft) -> None:
    """Keep waits and due dates on the moments their expressions name now; not known yet: they wait on."""
    if not draft.plan.dated_tasks:
        return
    for name in in_order(draft):
        if base_of(name) not in draft.plan.dated_tasks or is_group(draft.definition, name):
            continue
        task, rule = draft.tasks[name], rule_of(draft.definition, name)
        with bound(draft, name, rule):
            if rule.wait is not None and rule.wait.until and task.state == "running":
                moment = draft.moment_of(rule.wait.until)
                if moment != task.due_at:
                    draft.tasks[name] = replace(task, due_at=moment)
            else:
                task_times.aim_due(draft, name, rule)


def _hand_out(draft: Draft, name: str, rule: Rule, task: Task) -> None:
    """Ask an activity to run a script or call a service; retries are the activity's."""
    retry = rule.retry
    data: dict[str, Json] = {
        "task": name,
        "run": task.run,
        "timeout": (length(rule.timeout) if rule.timeout else DEFAULT_TIMEOUT).total_seconds(),
        "times": retry.times if retry else 1,
        "wait": length(retry.wait).total_seconds() if retry else 10.0,
        "factor": retry.factor if retry else 2.0,
        "max_wait": length(retry.max_wait).total_seconds() if retry else 600.0,
    }
    texts: dict[str, str] = {}
    if rule.script is not None:
        kind = "script"
        data["name"] = str(rule.script.name)
        _split(rule.script.with_, "with.", data, texts)
    else:
        assert rule.http is not None, "the loader gives every task exactly one kind"
        kind = "http"
        data |= {"method": rule.http.method, "secret": rule.http.secret, "expect": list(rule.http.expect)}
        texts["url"] = rule.http.url
        _split(rule.http.headers, "header.", data, texts)
        body = rule.http.body
        if isinstance(body, dict):
            _split(body, "body.", data, texts)
        elif isinstance(body, str):
            texts["body"] = body
        elif body is not None:
            data["body"] = body
    become(draft, name, task)
    draft.ask_outside(kind, f"tasks.{base_of(name)}", data=data, texts_in_data=texts)


def _split(values: Mapping[str, Json], prefix: str, data: dict[str, Json], texts: dict[str, str]) -> None:
    for key, value in values.items():
        if isinstance(value, str):
            texts[prefix + key] = value
        else:
            data[prefix + key] = value


def finish(draft: Draft, result: TaskFinished) -> None:
    """An automatic task came to its end."""
    name = result.task
    task = draft.tasks[name]
    rule = rule_of(draft.definition, name)
    if result.ok:
        _save(draft, name, rule, {"response": result.response})
        become(draft, name, replace(task, state="done", response=_short(result.response)))
        announce(draft, name, "done", response=result.response)
    elif rule.if_fails == "hand_over":
        people = people_of(draft, rule, task, rule.hand_over_to or ())
        draft.tasks[name] = replace(task, state="open", assignees=people, error=result.error)
        shown: dict[str, Json] = {"shown": task.shown} if task.shown else {}
        draft.note("task", name, what="handed_over", error=result.error, **shown)
        announce(draft, name, "opened")
    else:
        fail(draft, name, result.error)


def _short(response: Json) -> Json:
    """A response as the ticket keeps it: a long one only goes through `save` and the event."""
    return response if len(json.dumps(response, default=str)) <= LONGEST_RESPONSE else None


def fail(draft: Draft, name: str, error: str) -> None:
    """A task failed for good."""
    rule = rule_of(draft.definition, name)
    become(draft, name, replace(draft.tasks[name], state="failed", error=error), error=error)
    announce(draft, name, "failed", error=error, person=draft.actor.id or None)
    if rule.if_fails != "continue":
        draft.announce("tasks.failed", task=base_of(name))


def outcome_mistakes(rule: Rule, outcome: Json) -> list[FieldError]:
    """What is wrong with how somebody says a task came out; nothing when it has no outcomes."""
    if not rule.outcomes or outcome in rule.outcomes:
        return []
    if outcome in (None, ""):
        return [FieldError("outcome", "missing", f"say how it came out: {', '.join(rule.outcomes)}")]
    message = f"{str(outcome)[:60]!r} is not one of: {', '.join(rule.outcomes)}"
    return [FieldError("outcome", "option", message)]


def complete(draft: Draft, name: str, outcome: str) -> None:
    """A person has done a task, and says how it came out when there are outcomes."""
    detail: dict[str, Json] = {"outcome": outcome} if outcome else {}
    become(draft, name, replace(draft.tasks[name], state="done", outcome=outcome), **detail)
    announce(draft, name, "done", outcome=outcome or None, person=draft.actor.id or None)


def _save(draft: Draft, name: str, rule: Rule, extra: Mapping[str, object]) -> None:
    """Keep parts of a result in fields."""
    for field, expression in rule.save.items():
        value = fit(draft, field, untyped(draft.value_of(expression, extra)))
        set_field(draft, field, value, by=f"tasks.{name}.save")
    derive(draft)


def cancel_other_states(draft: Draft, state: str) -> None:
    """Cancel the open tasks of all states but this one; finished ones belong to none any more.

    What people added goes along to a state where that is allowed.
    """
    take_along(draft, state)
    _cancel(draft, lambda task: task.of_state not in ("", state))
    for name, task in draft.tasks.items():
        if task.of_state != state and task.of_state:
            draft.tasks[name] = replace(task, of_state="")


def take_along(draft: Draft, state: str) -> None:
    """Open tasks that people added belong to the state the ticket comes to, where that allows them."""
    added = draft.definition.process.adhoc_tasks
    if added is None or state not in allowed_in(draft.definition):
        return
    for name in of_group(draft.tasks, ADHOC):
        task = draft.tasks[name]
        if task.state in OPEN:
            draft.tasks[name] = replace(task, of_state=state)


def allowed_in(definition: Definition) -> frozenset[str]:
    """The states in which people may add tasks."""
    added = definition.process.adhoc_tasks
    return definition.states_in((added.in_ if added is not None else None) or ("open",))


def cancel_of_holds(draft: Draft, back_to: str) -> None:
    """Cancel the open tasks of states with `hold: true`: the ticket comes back from them. What people added stays."""
    take_along(draft, back_to)
    _cancel(draft, lambda task: bool(task.of_state) and draft.definition.process.states[task.of_state].hold)


def cancel_all(draft: Draft) -> None:
    """Cancel every open task."""
    _cancel(draft, lambda task: True)


def _cancel(draft: Draft, over: Callable[[Task], bool]) -> None:
    for name in in_order(draft):
        task = draft.tasks[name]
        if task.state in OPEN and over(task):
            become(draft, name, replace(task, state="cancelled"))


def timed_out(draft: Draft, name: str, until: datetime) -> None:
    """What is due on a task: it opens, people are reminded, a wait is over, or it is overdue."""
    task = draft.tasks[name]
    rule = rule_of(draft.definition, name)
    at = task_times.next_at(task)
    if task.state == "pending":
        begin_if_ready(draft, name)
        return
    with bound(draft, name, rule):
        if rule.wait is not None:
            finish(draft, TaskFinished(name, task.run, True, draft.at))
        elif task.remind_at is not None and task.remind_at == at:
            task_times.remind(draft, name, rule, label_of(rule, name))
        else:
            task_times.overdue(draft, name, rule, until)

"""Tasks for each element of a list, and tasks that people add."""

from __future__ import annotations

from domain.expressions import ANY, Type, check, names_read
from domain.language.checking import Checking, parsed
from domain.language.models import Task
from domain.language.names import ADHOC
from domain.language.places import Path

_FOR = ("assign", "hand_over_to")
"""Where people may be named by what a task is for."""


def check_list(checking: Checking, path: Path, task: Task) -> None:
    """A list that can be gone through, and a name for its elements that means nothing else."""
    if task.for_each is None:
        if not checking.lacks(path, "as"):
            message = "`as` names an element of `for_each`; add that, or remove this"
            checking.error((*path, "as"), message, key=True)
        return
    scope = checking.scopes.base
    ast, _ = parsed(str(task.for_each))
    if ast is not None:
        given, findings = check(ast, scope)
        if not findings and given.kind not in ("list", "any"):
            message = f"`for_each` goes through a list, and this is {given.words}"
            checking.error((*path, "for_each"), message)
        if {"task", "tasks"} & {name[0] for name in names_read(ast)}:
            message = "a list of tasks cannot come from the tasks themselves; take it from a field"
            checking.error((*path, "for_each"), message)
    taken = {*scope.names, "event", "old", "response", "linked"} | {*checking.names.fields}
    if task.as_ in taken:
        message = f'"{task.as_}" has a meaning already; call an element something else'
        checking.error((*path, "as" if not checking.lacks(path, "as") else "for_each"), message)
    if task.save:
        message = (
            "each element would write over what the others saved; "
            f"hear task.{path[1]}.one_done and set what you need from event.response"
        )
        checking.error((*path, "save"), message, key=True)


def check_added(checking: Checking) -> None:
    """Tasks that people add have a name that no task of the file has."""
    if checking.process.adhoc_tasks is not None and ADHOC in checking.process.tasks:
        message = f'tasks that people add are called "{ADHOC}"; give this one another name'
        checking.error(("tasks", ADHOC), message, key=True)
    added = checking.process.adhoc_tasks
    form = added.form if added is not None else None
    asked = checking.process.forms.get(form, {}) if isinstance(form, str) else form or {}
    for name in ("title", "assignee", "team", "due_at"):
        if name in asked:
            message = f'"{name}" of the task itself is always asked; leave it out here'
            checking.error(("adhoc_tasks", "form"), message)


def reads_element(checking: Checking, path: Path, name: str) -> bool:
    """Whether a selector names people by the element its task is for."""
    if path[0] != "tasks" or len(path) < 3 or path[2] not in _FOR:
        return False
    task = checking.process.tasks.get(str(path[1]))
    return task is not None and task.for_each is not None and name.partition(".")[0] == task.as_


def check_selector(checking: Checking, path: Path, relation: str, name: str, wanted: tuple[str, ...]) -> None:
    """The element, or the column of it, is something of which these people can be asked."""
    element, _, column = name.partition(".")
    found: Type | None = checking.scopes.element(str(path[1]))
    if column and found is not None and found.kind != "any":
        members = found.all_members() if found.kind == "object" else {}
        found = ANY if members is None else members.get(column)
        if found is None:
            checking.unknown(path, f"column of {element}", column, members or ())
            return
    kinds = [one for one in wanted if one in ("person", "team", "service", "asset")]
    if found is not None and found.kind != "any" and found.name not in kinds:
        checking.error(path, f'"{relation}:" needs {" or ".join(kinds)}, and {name} is {found.words}')

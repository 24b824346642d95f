"""What a task is for: the element of a list, as its expressions, texts and people read it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from domain.engine.draft import Draft
from domain.engine.people import lower_or_nobody
from domain.engine.scope import typed_element
from domain.engine.task_rules import TITLE, base_of, is_one_of_several, label_of
from domain.engine.ticket import Json, Task
from domain.engine.values import tagged
from domain.language.models import Task as Rule

_ROW, _OPTION = "$row", "$option"
_DIRECT = {"person": "person", "team": "members"}
_ASKED = {"lead-of": "lead", "members-of": "members", "on-call-of": "on-call"}
_KNOWN = {"manager-of": "manager", "owner-of": "owner"}


def elements_of(draft: Draft, rule: Rule) -> list[Json]:
    """The elements of a task's list as a ticket keeps them."""
    value = draft.value_of(str(rule.for_each))
    return [tagged(one) for one in value] if isinstance(value, list | tuple) else []


@contextmanager
def bound(draft: Draft, name: str, rule: Rule) -> Iterator[None]:
    """While it lasts, expressions and texts read the element a task is for."""
    before = draft.bound
    if draft.tasks[name].title:
        draft.bound = {TITLE: draft.tasks[name].title}
    elif rule.for_each is not None and is_one_of_several(name):
        draft.bound = {str(rule.as_): typed_element(draft.tasks[name].element, draft.known)}
    try:
        yield
    finally:
        draft.bound = before


def announce(draft: Draft, name: str, what: str, **data: object) -> None:
    """Raise what a task tells. Of one for an element only that it is done, failed or is late."""
    base, task = base_of(name), draft.tasks[name]
    if task.title:
        draft.announce(f"task.{base}.{what}", title=task.title, **data)
    elif not is_one_of_several(name):
        draft.announce(f"task.{name}.{what}", **data)
    elif what in ("done", "failed", "overdue"):
        said = "one_done" if what == "done" else what
        draft.announce(f"task.{base}.{said}", element=task.element, **data)


def people_of(draft: Draft, rule: Rule, task: Task, selectors: tuple[str, ...]) -> tuple[str, ...]:
    """Who a task is for, lowered; `owner-of:each` and the like read its element."""
    found: dict[str, None] = {}
    others = []
    for selector in selectors:
        relation, _, whose = selector.partition(":")
        name, _, column = whose.partition(".")
        if rule.for_each is None or name != rule.as_:
            others.append(selector)
            continue
        for query in _asked(relation, _cell(task.element, column), draft.known):
            found[query] = None
    if others or not found:
        wanted = others if found else list(selectors)
        found |= dict.fromkeys(lower_or_nobody(draft.definition, wanted, draft.fields, draft.known))
    return tuple(found)


def _cell(element: Json, column: str) -> Json:
    row = element.get(_ROW) if isinstance(element, dict) else None
    return row.get(column) if column and isinstance(row, dict) else element


def _asked(relation: str, thing: Json, known: Mapping[str, Mapping[str, Json]]) -> list[str]:
    if not isinstance(thing, dict):
        return []
    (key, id), *_ = thing.items()
    kind = key.removeprefix("$")
    if relation == "field":
        return [f"{_DIRECT[kind]}:{id}"] if kind in _DIRECT else []
    if relation in _ASKED:
        return [f"{_ASKED[relation]}:{id}"]
    person = known.get(f"{kind}:{id}", {}).get(_KNOWN.get(relation, ""))
    return [f"person:{person}"] if isinstance(person, str) and person else []


def shown_in_label(draft: Draft, rule: Rule, name: str, task: Task) -> dict[str, Json]:
    """The values of the {{ }} in what a task is called, taken now; an option is shown by its label."""
    if task.title:
        return {TITLE: task.title}
    found: dict[str, Json] = {}
    for text in label_of(rule, name).values():
        for part in draft.definition.template(text).template.placeholders:
            value = tagged(draft.value_of(part.source))
            if part.source == rule.as_ and isinstance(value, str):
                value = _option(draft, rule, value)
            found[part.source] = value
    return found


def _option(draft: Draft, rule: Rule, value: str) -> Json:
    """An option of a field the list is taken from, so that people read its label."""
    field = str(rule.for_each).strip().removeprefix("ticket.")
    declared = draft.definition.fields.get(field)
    return {_OPTION: [field, value]} if declared is not None and value in declared.options else value

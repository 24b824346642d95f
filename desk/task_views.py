"""Tasks as people see them, what completing one asks for, and the form that adds one."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime

from desk.field_views import form_views, outcome_view
from desk.names import Names
from desk.values import FieldView
from domain.engine import adhoc
from domain.engine.draft import Draft
from domain.engine.entries import QUESTION
from domain.engine.events import Facts
from domain.engine.people import is_among
from domain.engine.permissions import may
from domain.engine.plan import plan_of
from domain.engine.rendering import Reader, render_text
from domain.engine.task_rules import base_of, find_rule, is_group, label_of
from domain.engine.ticket import Json, Ticket
from domain.engine.values import instant_json
from domain.language.definition import Definition
from domain.language.names import ADHOC

_PLACEHOLDER = re.compile(r"\{\{.*?\}\}", re.DOTALL)
LOCALES = ("en", "zh-CN")

_ASKED = (
    ("title", "text", {"en": "What is to be done", "zh-CN": "任务内容"}),
    ("assignee", "person", {"en": "Who does it", "zh-CN": "负责人"}),
    ("team", "team", {"en": "Or which team", "zh-CN": "或负责团队"}),
    ("due_at", "datetime", {"en": "Due", "zh-CN": "截止时间"}),
)
"""What is always asked when a task is added."""

View = dict[str, Json]


def task_views(
    definition: Definition, ticket: Ticket, facts: Facts, names: Names, zone: str, now: datetime
) -> tuple[View, ...]:
    """Every task in the order of the file; one for a list stands for its elements' only while it waits for others."""
    may_add = _why_not(definition, ticket, facts, now) is None
    return tuple(
        _task(definition, ticket, facts, names, zone, name, may_add=may_add)
        for name in sorted(ticket.tasks, key=plan_of(definition).place_of_task)
        if not is_group(definition, name) or ticket.tasks[name].state == "pending"
    )


def _task(
    definition: Definition, ticket: Ticket, facts: Facts, names: Names, zone: str, name: str, *, may_add: bool
) -> View:
    task = ticket.tasks[name]
    rule = find_rule(definition, name)
    mine = task.state == "open" and is_among(facts.actor, task.assignees)
    form = definition.form(rule.ask) if rule is not None and mine else {}
    return {
        "name": name,
        "label": task_label(definition, name, task.shown, names, zone),
        "kind": rule.kind if rule else "",
        "state": task.state,
        "since": instant_json(task.since),
        "due_at": instant_json(task.due_at) if task.due_at else None,
        "assignees": [query_in_words(names, query) for query in task.assignees],
        "may_complete": mine,
        "may_cancel": may_add and base_of(name) == ADHOC and task.state in ("pending", "open"),
        "form": (
            *form_views(definition, form, ticket.fields, names, zone),
            *(outcome_view(rule) if rule is not None and mine else ()),
        ),
        "outcome": task.outcome,
        "error": task.error if mine or may(definition, ticket, facts.actor, "comment_internal") else "",
    }


def task_label(
    definition: Definition, name: str, shown: Mapping[str, Json], names: Names, zone: str
) -> dict[str, str]:
    """What a task is called, by locale. `shown` are the values its label reads."""
    rule = find_rule(definition, name)
    if rule is None:
        return {"*": name}
    texts = label_of(rule, name)
    if is_group(definition, name) or not any("{{" in text for text in texts.values()):
        return {locale: _PLACEHOLDER.sub("…", text) for locale, text in texts.items()}
    return {
        locale: render_text(definition, texts, shown, Reader(locale, zone, names.of)) for locale in LOCALES
    }


def adding_form(
    definition: Definition, ticket: Ticket, facts: Facts, names: Names, zone: str, now: datetime
) -> tuple[FieldView, ...]:
    """What is filled in to add a task; nothing when this person may not add one now."""
    rule = definition.process.adhoc_tasks
    if rule is None or _why_not(definition, ticket, facts, now) is not None:
        return ()
    asked = [
        FieldView(name, label, {}, kind, None, {}, required=name == "title", editable=True)
        for name, kind, label in _ASKED
    ]
    return (*asked, *form_views(definition, definition.form(rule.form), ticket.fields, names, zone))


def _why_not(definition: Definition, ticket: Ticket, facts: Facts, now: datetime) -> Exception | None:
    return adhoc.why_not(Draft(definition, ticket, now, now, QUESTION, facts))


def query_in_words(names: Names, query: str) -> str:
    """`members:network-l2` as people say it."""
    kind, _, name = query.partition(":")
    table = {"person": "person", "members": "team", "lead": "team", "group": "group", "on-call": "team"}.get(
        kind
    )
    return names.of(table, name) if table else query

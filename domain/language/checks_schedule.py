"""Tickets that open by themselves: with fields that are there, and all the form asks for."""

from __future__ import annotations

from domain.language.builtin_fields import field_defs
from domain.language.checking import Checking
from domain.language.checks_values import check_json
from domain.language.models import Schedule
from domain.language.places import Path


def check_schedules(checking: Checking) -> None:
    """Every schedule of the process."""
    process = checking.process
    for name, schedule in process.schedule.items():
        path: Path = ("schedule", name)
        if process.abstract:
            message = "no ticket of an abstract process is opened; write this where it is extended"
            checking.error(path, message, key=True)
            continue
        _check_fields(checking, (*path, "fields"), schedule)
        if schedule.calendar is None and "if_closed" in schedule.model_fields_set:
            checking.error((*path, "if_closed"), "`if_closed` goes with a `calendar`", key=True)


def _check_fields(checking: Checking, path: Path, schedule: Schedule) -> None:
    process, fields = checking.process, field_defs(checking.process)
    for name, value in schedule.fields.items():
        if name not in fields:
            checking.unknown((*path, name), "field", name, fields, key=True)
        else:
            check_json(checking, (*path, name), value)
    for name, entry in process.opening_form.items():
        given = name in schedule.fields or name not in fields or fields[name].default is not None
        if entry.required and entry.if_ is None and entry.default is None and not given:
            checking.error(path[:-1], f'the form for opening asks for "{name}"; give it in `fields`')

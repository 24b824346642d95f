"""What is declared and never used: fields, forms, roles, notifications, calendars, languages."""

from __future__ import annotations

from domain.language.builtin_fields import STORED
from domain.language.checking import Checking
from domain.language.checks_texts import TEXTS
from domain.language.models import Escalate, Model, Tmpl
from domain.language.places import Path
from domain.language.usage import Parts, Usage

_SECTIONS = {
    "fields": "field",
    "forms": "form",
    "roles": "role",
    "groups": "group",
    "tables": "table",
    "tasks": "task",
    "approvals": "approval",
    "escalations": "escalation",
    "notifications": "notification",
    "calendars": "calendar",
    "messages": "message",
}
_TODO = {
    "field": "ask for it in a form, read it, or remove it",
    "form": "name it in an `ask`, or remove it",
    "message": "let a transition wait for it with `when`, or remove it",
}


def check_unused(checking: Checking, parts: Parts, usage: Usage) -> None:
    """Only what the process's own file declares: parents and libraries serve others too."""
    any_may_start = any(isinstance(part, Escalate) and part.by for _, part in parts)
    if not checking.process.abstract:  # its children use what it declares
        for section, what in _SECTIONS.items():
            for name in getattr(checking.process, section):
                if section != "escalations" or not any_may_start:
                    _check_name(checking, usage, section, what, name)
    locales = set(checking.process.locales)
    for path, part in parts:
        if isinstance(part, Model) and checking.is_own(path):
            for name, value in part.written():
                if (
                    name in TEXTS
                    and isinstance(value, dict)
                    and all(type(one) is Tmpl for one in value.values())
                ):
                    _check_languages(checking, (*path, name), value, locales)


def _check_name(checking: Checking, usage: Usage, section: str, what: str, name: str) -> None:
    path: Path = (section, name)
    spared = {"fields": STORED, "forms": (checking.process.opening_form_path[-1],)}
    if not checking.is_own(path) or (section, name) in checking.imported or name in spared.get(section, ()):
        return
    if name not in usage.words:
        message = f'nothing uses the {what} "{name}"; {_TODO.get(what, "use it, or remove it")}'
        checking.warn(path, message, key=True, code="unused")


def _check_languages(checking: Checking, path: Path, text: dict[str, object], locales: set[str]) -> None:
    for locale in text:
        if locale not in locales and locale != "*":
            message = f'nobody sees this: "{locale}" is not among the `locales`; add it there, or remove it'
            checking.warn((*path, locale), message, key=True, code="unused")

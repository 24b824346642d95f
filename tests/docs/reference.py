"""The reference of every key, written from the models: `make reference`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from domain.language import words
from domain.language.descriptions import description_of, models_of
from domain.language.event_fields import EVENTS
from domain.language.models import ByChoice, Length, Library, Process, Threshold
from domain.language.models_tests import TestsFile
from domain.language.shorthand import MANY, Shorthand
from tests.docs.examples import LANGUAGE

PAGE = LANGUAGE / "reference.md"
HEAD = """\
# Every key

Written by `make reference` from the models that read your files; a test fails when it is out of date. Where a rule is
explained says [README.md](README.md).

**Bold** keys are needed. What a value looks like:

| Here it says | You write |
|---|---|
| text | `Printer`, or a text for each language: `{en: Printer, zh-CN: 打印机}` |
| text with `{{ }}` | text in which `{{ an expression }}` may stand |
| condition, expression | [what you ask of a ticket](expressions.md): `ticket.cost > 500` |
| length of time | `30m`, `1h30m`, `2d` |
| length of time*, calendar* | one, or one by a choice: `{by: site, berlin: 4h, else: 8h}`; a length, or an expression |
| who | a role, `team:x`, `lead:x`, `group:x`, `on-call:x`, `person:x`, `field:x`, `manager-of:requester` … |
| name | small letters, digits and `_` |
| names with … | a mapping: each name with what belongs to it |
"""
EVENTS_HEAD = """\
## Events, and what they tell

A transition with `when` reads these as `event`, in its `if`, its texts and its actions; `event.name` is the event
itself. Where it hears several events, what one of them does not tell is nothing. `…` is a name of the process.

| Event | When, or field | What it is |
|---|---|---|"""
SECTIONS = ((Process, "A process"), (Library, "A library"), (TestsFile, "A file of tests"))
TITLES = {"EscStep": "Escalation step", "HolidaysOf": "Holidays", "World": "Given", "RiskRow": "Line of risk",
          "RiskLevel": "Level of risk",
          "CreateTicket": "Create", "Email": "E-mail", "Http": "HTTP call"}  # fmt: skip
WORDS: dict[type, str] = {
    words.Ident: "name", words.Expr: "expression", words.Cond: "condition", words.TimeExpr: "expression for a moment",
    words.Tmpl: "text with `{{ }}`", words.Dur: "length of time", words.Selector: "who", words.StatesRef: "state",
    words.EventRef: "event", words.ProcessRef: "process", words.LevelRef: "level of `priority`",
    words.TemplateRef: "notification", bool: "`true` or `false`", int: "whole number", float: "number",
    str: "plain text", object: "any value",
}  # fmt: skip


def reference() -> str:
    """The whole page."""
    shown: list[type[BaseModel]] = []
    parts = [HEAD]
    for model, title in SECTIONS:
        parts.append(f"## {title}\n\n{_table(model)}")
        for part in models_of(model)[1:]:
            if part not in shown and not issubclass(part, ByChoice | Threshold):
                shown.append(part)
                parts.append(f"### {_title(part)}\n\n{_summary(part)}\n\n{_table(part)}")
    return "\n".join([*parts, _events()])


def _events() -> str:
    """What each event tells."""
    rows = [EVENTS_HEAD]
    for kind in EVENTS:
        names = ", ".join(f"`{name.replace('*', '…')}`" for name in kind.names)
        rows.append(f"| {names} | {kind.when} | |")
        for name, told in kind.fields.items():
            rows.append(f"| | `event.{name}` | {told.what}: {told.meaning} |")
    return "\n".join(rows) + "\n"


def keys() -> Iterator[tuple[type[BaseModel], str]]:
    """Every key of the language: a model and the name of the field."""
    for top, _ in SECTIONS:
        for model in models_of(top):
            if issubclass(model, ByChoice):  # its keys are values of a field
                continue
            yield from ((model, name) for name in model.model_fields)


def _title(model: type[BaseModel]) -> str:
    """How people call a part, from how programmers do."""
    apart = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", model.__name__.removesuffix("Def")).lower()
    return TITLES.get(model.__name__, apart.capitalize())


def _summary(model: type[BaseModel]) -> str:
    return " ".join((model.__doc__ or "").strip().split("\n\n")[0].split())


def _table(model: type[BaseModel]) -> str:
    rows = ["| Key | What stands there | Meaning |", "|---|---|---|"]
    for name, info in sorted(model.model_fields.items(), key=lambda one: one[0] != "kind"):
        key = f"`{name.rstrip('_')}`"
        shape = _with_default(info)
        meaning = description_of(model, name)
        rows.append(f"| {f'**{key}**' if info.is_required() else key} | {shape} | {meaning} |")
    return "\n".join(rows).replace(" |  |", " | |") + "\n"


def _with_default(info: FieldInfo) -> str:
    shape = _shape(info.annotation, info.metadata)
    default = info.get_default(call_default_factory=True) if not info.is_required() else None
    if default is False or default is None or default in ((), {}, "") or isinstance(default, BaseModel):
        return shape
    values = default if isinstance(default, tuple) else (default,)
    return f"{shape}; left out: {', '.join(f'`{_plain(value)}`' for value in values)}"


def _plain(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _shape(annotation: Any, metadata: Any = ()) -> str:
    """A type in words."""
    if words._TextType in metadata:
        return "text"
    origin, inner = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _shape(inner[0], inner[1:])
    if origin in (Union, UnionType):
        return _either(dict.fromkeys(_shape(one, metadata) for one in inner if one is not NoneType))
    if origin is Literal:
        return _either(dict.fromkeys(f"`{_plain(one)}`" for one in inner))
    if origin is tuple:
        item = _shape(inner[0])
        if inner[0] is Threshold:  # written by its label
            actions = _shape(Threshold.model_fields["do"].annotation)
            return f"shares and times with: {actions}, such as `75%: [{{notify: hurry}}]`"
        if MANY in metadata:
            return f"{item}, or a list"
        return f"a list: {item}"
    if origin is dict:
        item = _shape(inner[1])
        if any(isinstance(one, Shorthand) for one in metadata):
            return f"{'a list of names' if item == 'text' else item}, or names with: {item}"
        return f"names with: {item}"
    if isinstance(annotation, type) and issubclass(annotation, ByChoice):
        return "length of time*" if annotation is Length else "calendar*"
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        title = _title(annotation)
        return f"[{title.lower()}](#{title.lower().replace(' ', '-')})"
    if annotation in WORDS:
        return WORDS[annotation]
    if isinstance(annotation, type) and issubclass(annotation, words.Word):
        return annotation.expected.removeprefix("the name of a ").removeprefix("the name of an ")
    return getattr(annotation, "__name__", str(annotation))


def _either(ways: dict[str, None]) -> str:
    every = list(ways)
    return ", ".join(every[:-1]) + " or " + every[-1] if len(every) > 1 else every[0]


if __name__ == "__main__":
    PAGE.write_text(reference(), "utf-8")

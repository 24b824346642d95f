"""Fields as pages show and ask for them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

from desk.names import Names
from desk.values import FieldView
from domain.durations import format_duration
from domain.engine.plan import plan_of
from domain.engine.rendering import moment
from domain.engine.ticket import Json
from domain.engine.values import LISTS, REFERENCES, instant, written
from domain.expressions import names_read, parse
from domain.language.definition import Definition
from domain.language.models import Cell, FieldDef, FormEntry, Task, text_in

_YES = {"en": "Yes", "zh-CN": "是"}
_NO = {"en": "No", "zh-CN": "否"}


def field_view(
    name: str,
    declared: FieldDef,
    value: Json,
    names: Names,
    zone: str,
    *,
    editable: bool = False,
    entry: FormEntry | None = None,
) -> FieldView:
    """A field with its value in words; with a form's entry, as that form asks for it."""
    return FieldView(
        name=name,
        label=dict(declared.label or {"*": name}),
        help=dict((entry.help if entry else None) or declared.help or {}),
        type=declared.type,
        value=value,
        display=display(declared, value, names, zone),
        options=tuple((option, dict(label or {"*": option})) for option, label in declared.options.items()),
        required=entry.required if entry else False,
        condition=str(entry.if_ or "") if entry else "",
        editable=editable,
        min=declared.min,
        max=declared.max,
        columns=tuple(
            _cell_view(column, one, required=one.required) for column, one in declared.columns.items()
        ),
        cells=_cells(declared, value, names, zone),
        offered_by=str(declared.by or ""),
        offers=dict(declared.offer),
    )


def _cell_view(name: str, column: Cell, *, required: bool = False) -> FieldView:
    """A column, or a field of a link, as the field that one of its cells is."""
    return FieldView(
        name=name,
        label=dict(column.label or {"*": name}),
        help=dict(column.help or {}),
        type=column.type,
        value=None,
        display={},
        options=tuple((option, dict(label or {"*": option})) for option, label in column.options.items()),
        required=required,
        editable=True,
        min=column.min,
        max=column.max,
    )


def said_views(
    declared: Mapping[str, Cell], said: Mapping[str, Json], names: Names, zone: str, *, editable: bool
) -> tuple[FieldView, ...]:
    """What is known of a linked ticket: the fields of the link with their values."""
    found = []
    for name, one in declared.items():
        value = said.get(name)
        view = _cell_view(name, one)
        shown = display(one, value, names, zone)
        found.append(replace(view, value=value, display=shown, editable=editable))
    return tuple(found)


def form_views(
    definition: Definition, form: Mapping[str, FormEntry], values: Mapping[str, Json], names: Names, zone: str
) -> tuple[FieldView, ...]:
    """The fields a form asks for, filled with what is known."""
    found = []
    for name, entry in form.items():
        if name not in definition.fields:
            found.append(_link_view(definition, name, form, entry))
            continue
        declared = definition.fields[name]
        value = values.get(name)
        if value is None:
            value = next((one for one in (entry.default, declared.default) if _is_value(one)), None)
        view = field_view(name, declared, value, names, zone, editable=True, entry=entry)
        expected = value is None and (entry.default is not None or declared.default is not None)
        required = view.required and not expected  # left empty, it is worked out
        found.append(replace(view, required=required, follows=_follows(definition, form, entry)))
    return tuple(found)


def _follows(definition: Definition, form: Mapping[str, FormEntry], entry: FormEntry) -> tuple[str, ...]:
    """What the form asks for that decides its entry by way of a derived field; only the engine can tell how."""
    if entry.if_ is None:
        return ()
    reads = {path[1] for path in names_read(parse(entry.if_)) if path[0] == "ticket" and len(path) > 1}
    derived_from = plan_of(definition).derived_from
    through = [derived_from[name] for name in reads if name in derived_from and name not in form]
    if not any(one in sources for sources in through for one in form):
        return ()
    return tuple(one for one in form if one in reads or any(one in sources for sources in through))


def outcome_view(rule: Task) -> tuple[FieldView, ...]:
    """How a task came out, as a field its form asks for; nothing when it has no outcomes."""
    if not rule.outcomes:
        return ()
    options = tuple((name, dict(label or {"*": name})) for name, label in rule.outcomes.items())
    label = {"en": "Outcome", "zh-CN": "结果"}
    return (FieldView("outcome", label, {}, "choice", None, {}, options, required=True, editable=True),)


def _link_view(
    definition: Definition, name: str, form: Mapping[str, FormEntry], entry: FormEntry
) -> FieldView:
    """A link as a field that asks for the number of a ticket, or for several."""
    rule = definition.process.links[name]
    return FieldView(
        name=name,
        label=dict(rule.label or {"*": name}),
        help=dict(entry.help or {}),
        type="tickets" if rule.many else "ticket",
        value=None,
        display={},
        required=entry.required,
        condition=str(entry.if_ or ""),
        follows=_follows(definition, form, entry),
        editable=True,
    )


def _is_value(default: Json) -> bool:
    """Whether a default is a value; one that is an expression is worked out by the engine."""
    return default is not None and not (isinstance(default, str) and "{{" in default)


def display(declared: FieldDef | Cell, value: Json, names: Names, zone: str) -> dict[str, str]:
    """A value in words, by locale (`*`: in all)."""
    if value is None or value == "":
        return {}
    kind = declared.type
    if isinstance(value, bool):
        return dict(_YES if value else _NO)
    if kind == "choice" and isinstance(value, str):
        return dict(declared.options.get(value) or {"*": value})
    if kind in REFERENCES and isinstance(value, str):
        return names.by_locale(REFERENCES[kind], value)
    if isinstance(declared, FieldDef) and declared.columns:
        return _rows(declared, value, names, zone)
    if isinstance(value, list):
        return _several(declared, value, names)
    if kind == "datetime" and isinstance(value, str):
        at = instant(value)
        return {"*": moment(at, zone) if at else value}
    if kind == "duration" and isinstance(value, int | float):
        return {"*": format_duration(timedelta(seconds=value))}
    return {"*": written(value)}


def _cells(
    declared: FieldDef | Cell, value: Json, names: Names, zone: str
) -> tuple[tuple[dict[str, str], ...], ...]:
    """The cells of rows in words."""
    if not isinstance(declared, FieldDef) or not declared.columns or not isinstance(value, list):
        return ()
    return tuple(
        tuple(display(column, row.get(name), names, zone) for name, column in declared.columns.items())
        for row in value
        if isinstance(row, dict)
    )


def _rows(declared: FieldDef, value: Json, names: Names, zone: str) -> dict[str, str]:
    """Rows in words: `Item: Laptop, Count: 2; Item: Mouse`."""
    labels = [column.label or {"*": name} for name, column in declared.columns.items()]
    return {
        locale: "; ".join(
            ", ".join(
                f"{text_in(label, locale)}: {text_in(words, locale)}"
                for label, words in zip(labels, row, strict=True)
                if words
            )
            for row in _cells(declared, value, names, zone)
        )
        for locale in ("en", "zh-CN")
    }


def _several(declared: FieldDef | Cell, values: list[Json], names: Names) -> dict[str, str]:
    each: list[dict[str, str]] = []
    for value in values:
        text = str(value)
        if declared.type in LISTS and declared.type != "choices":
            each.append(names.by_locale(LISTS[declared.type], text))
        else:
            each.append(dict(declared.options.get(text) or {"*": text}))
    locales = dict.fromkeys(locale for one in each for locale in one) or {"*": None}
    return {
        locale: ", ".join(one.get(locale) or one.get("*") or next(iter(one.values())) for one in each)
        for locale in locales
    }

"""Forms of a definition in HTML: what to ask, what was typed, what it means as JSON, what is wrong with it."""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from zoneinfo import ZoneInfo

from desk.values import FieldView, Guard
from domain.durations import format_duration
from domain.engine.ticket import Json
from domain.errors import FieldError
from web.conditions import When, deciding, holds, lower
from web.port import Named
from web.security import Form
from web.texts import Texts
from web.times import span

PREFIX = "f."
"""Names of definition fields in a form start with it, so that they never meet the form's own."""

_PICKED = {
    "person": "people",
    "people": "people",
    "team": "teams",
    "teams": "teams",
    "service": "services",
    "services": "services",
    "asset": "assets",
    "assets": "assets",
}
_MANY = ("people", "teams", "services", "choices", "assets")
MAX_ROWS = 60
_SPARE_ROWS = 3
"""Empty rows that a form offers besides the filled ones: without JavaScript nothing can add one."""


@dataclass(frozen=True, slots=True)
class Pickers:
    """What person, team, service and asset fields offer."""

    people: Sequence[Named] = ()
    teams: Sequence[Named] = ()
    services: Sequence[Named] = ()
    assets: Sequence[Named] = ()  # several may have one name: the number tells them apart

    def of(self, kind: str) -> Sequence[Named]:
        offered: dict[str, Sequence[Named]] = {
            "people": self.people,
            "teams": self.teams,
            "services": self.services,
            "assets": self.assets,
        }
        return offered.get(_PICKED.get(kind, ""), ())


@dataclass(frozen=True, slots=True)
class Input:
    """One field as the templates draw it."""

    view: FieldView
    id: str
    name: str
    typed: tuple[str, ...]
    options: tuple[tuple[str, str], ...]
    error: str = ""
    when: str = ""  # the lowered condition as JSON, for the browser
    hint: str = ""  # when it is needed, in words, for a page without JavaScript
    groups: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = ()  # options by what another field says
    rows: tuple[tuple[Input, ...], ...] = ()  # of a field of rows: its cells, and some empty ones

    @property
    def text(self) -> str:
        return self.typed[0] if self.typed else ""

    @property
    def required(self) -> bool:
        """The browser may insist only where no condition is in the way."""
        return self.view.required and not self.view.condition


@dataclass(frozen=True, slots=True)
class Asked:
    """A form ready to be drawn. `key` is its idempotency key, `revision` what it was drawn from."""

    inputs: tuple[Input, ...]
    key: str
    revision: int | None = None
    errors: tuple[str, ...] = ()  # those that belong to no field


@dataclass(frozen=True, slots=True)
class Told:
    """What came back from a form: as typed (to show again) and as JSON (to send on)."""

    typed: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    values: dict[str, Json] = field(default_factory=dict)


def new_key() -> str:
    """An idempotency key for one drawing of a form."""
    return secrets.token_urlsafe(18)


def guard_of(form: Form, *, guarded: bool) -> Guard:
    """The guard a form carries; a revision that is not a number is as good as none."""
    revision = form.get("revision", "")
    return Guard(
        key=form.get("key") or None,
        request_hash=form.digest,
        revision=int(revision) if guarded and revision.isdecimal() else None,
    )


def ask(
    fields: Sequence[FieldView],
    texts: Texts,
    zone: ZoneInfo,
    *,
    pickers: Pickers = Pickers(),
    told: Told | None = None,
    errors: Iterable[FieldError] = (),
    known: Mapping[str, object] | None = None,
    revision: int | None = None,
    scope: str = "",
) -> Asked:
    """The form for these fields; `scope` keeps ids apart where several forms share a page."""
    found = list(errors)
    wrong = {error.field: explain(error, fields, texts) for error in found if error.field}
    general = [explain(error, fields, texts) for error in found if not error.field]
    inputs = []
    for view in fields:
        typed = told.typed.get(view.name, ()) if told else _shown(view, zone)
        when = _when(view, fields, known or {})
        inputs.append(
            Input(
                view=view,
                id=f"{scope}{view.name}",
                name=PREFIX + view.name,
                typed=typed,
                options=_options(view, pickers, texts, fields, known or {}),
                groups=_groups(view, fields, texts),
                rows=_cells(view, told, zone, pickers, texts, scope),
                error=wrong.pop(view.name, ""),
                when=json.dumps(when, ensure_ascii=False) if when else "",
                hint=_hint(view, when, fields, texts) if view.condition else "",
            )
        )
    others = (*general, *(f"{name}: {text}" for name, text in wrong.items()))
    return Asked(tuple(inputs), new_key(), revision, others)


def tell(
    form: Form, fields: Sequence[FieldView], zone: ZoneInfo, known: Mapping[str, object] | None = None
) -> Told:
    """Read a form back. Empty answers are left out, and so are fields whose condition plainly does not hold."""
    typed = {view.name: tuple(form.getlist(PREFIX + view.name)) for view in fields}
    values: dict[str, Json] = {}
    for view in fields:
        if view.columns:
            cells = _typed_cells(form, view)
            typed |= cells
            values[view.name] = _row_values(view, cells, zone)
        else:
            values[view.name] = parsed(view.type, typed[view.name], zone)
    told: dict[str, Json] = {}
    for view in fields:
        when = _when(view, fields, known or {})
        if values[view.name] is None or (when is not None and not holds(when, values)):
            continue
        told[view.name] = values[view.name]
    return Told(typed, told)


def parsed(kind: str, typed: tuple[str, ...], zone: ZoneInfo) -> Json:
    """What was typed as JSON; text that does not read as its type goes on as it is, and the engine says why not."""
    if kind in _MANY:
        return [one for one in typed if one] or None
    text = (typed[-1] if typed else "").replace("\r\n", "\n")
    if kind in ("ticket", "tickets"):
        refs: list[Json] = [one.upper() for one in re.split(r"[\s,;，；]+", text) if one]
        return (refs if kind == "tickets" else refs[0]) if refs else None
    if kind == "boolean":
        return {"true": True, "false": False}.get(text)
    if not text.strip():
        return None
    if kind in ("number", "money"):
        return _number(text.strip())
    if kind == "datetime":
        return _instant(text.strip(), zone)
    return text if kind == "note" else text.strip()


def _cell_name(view: FieldView, row: int, column: str) -> str:
    return f"{view.name}.{row}.{column}"


def _typed_cells(form: Form, view: FieldView) -> dict[str, tuple[str, ...]]:
    """What was typed into the cells of rows, by `field.row.column`."""
    columns = {column.name for column in view.columns}
    start = f"{PREFIX}{view.name}."
    found: dict[str, tuple[str, ...]] = {}
    for key, value in form.multi_items():
        row, _, column = key.removeprefix(start).partition(".")
        if key.startswith(start) and row.isdecimal() and int(row) < MAX_ROWS and column in columns:
            found[_cell_name(view, int(row), column)] = (value,)
    return found


def _row_values(view: FieldView, cells: Mapping[str, tuple[str, ...]], zone: ZoneInfo) -> Json:
    """The rows that hold anything."""
    last = max((int(name.split(".")[-2]) for name in cells), default=-1)
    rows: list[Json] = []
    for row in range(last + 1):
        values: dict[str, Json] = {
            column.name: parsed(column.type, cells.get(_cell_name(view, row, column.name), ()), zone)
            for column in view.columns
        }
        if any(value is not None for value in values.values()):
            rows.append(values)
    return rows or None


def _cells(
    view: FieldView, told: Told | None, zone: ZoneInfo, pickers: Pickers, texts: Texts, scope: str
) -> tuple[tuple[Input, ...], ...]:
    """The rows to draw: those there are, or those that were typed, and some empty ones."""
    if not view.columns:
        return ()
    there = [row for row in view.value if isinstance(row, dict)] if isinstance(view.value, list) else []
    count = len(there)
    if told:
        typed_rows = [int(name.split(".")[1]) for name in told.typed if name.startswith(f"{view.name}.")]
        count = max(typed_rows, default=-1) + 1
    count = min(count + _SPARE_ROWS, int(view.max or MAX_ROWS), MAX_ROWS)
    found = []
    for row in range(count):
        cells = []
        for column in view.columns:
            name = _cell_name(view, row, column.name)
            known = replace(column, value=there[row].get(column.name) if row < len(there) else None)
            cells.append(
                Input(
                    view=replace(known, required=False),
                    id=f"{scope}{name}",
                    name=PREFIX + name,
                    typed=told.typed.get(name, ()) if told else _shown(known, zone),
                    options=_options(column, pickers, texts),
                )
            )
        found.append(tuple(cells))
    return tuple(found)


def explain(error: FieldError, fields: Sequence[FieldView], texts: Texts) -> str:
    """A field's mistake in the reader's language: by its code, since the engine's own sentence is English."""
    if error.texts:
        return texts.of(dict(error.texts))
    view = next((one for one in fields if one.name == error.field), None)
    if view is not None and error.code == "range":
        if view.min is not None and view.max is not None:
            return texts("error.range.both", min=f"{view.min:g}", max=f"{view.max:g}")
        if view.min is not None:
            return texts("error.range.min", min=f"{view.min:g}")
        if view.max is not None:
            return texts("error.range.max", max=f"{view.max:g}")
    kind = f"error.type.{view.type}" if view is not None and error.code == "type" else ""
    key = f"error.field.{error.code}"
    if texts.has(kind):
        return texts(kind)
    if texts.has(key) and (texts.locale != "en" or error.code in ("missing", "forbidden")):
        return texts(key)
    return error.message[:1].upper() + error.message[1:]


def _shown(view: FieldView, zone: ZoneInfo) -> tuple[str, ...]:
    value = view.value
    if value is None:
        return ()
    if isinstance(value, list):
        return tuple(str(one) for one in value)
    if isinstance(value, bool):
        return ("true" if value else "false",)
    if view.type == "datetime":
        at = as_instant(value)
        return (f"{at.astimezone(zone):%Y-%m-%dT%H:%M}",) if at else ()
    if view.type == "duration" and isinstance(value, int | float):
        return (format_duration(timedelta(seconds=value)),)
    if isinstance(value, float):
        return (f"{value:g}",)
    return (str(value),)


def as_instant(value: object) -> datetime | None:
    """A datetime, or its JSON; None for anything else."""
    if isinstance(value, datetime):
        return value
    if not isinstance(value, str):
        return None
    try:
        at = datetime.fromisoformat(value)
    except ValueError:
        return None
    return at if at.tzinfo else None


def _number(text: str) -> Json:
    try:
        return int(text)
    except ValueError:
        pass
    try:
        number = float(text)
    except ValueError:
        return text
    return number if number - number == 0 else text  # nan and inf are words, not numbers


def _instant(text: str, zone: ZoneInfo) -> Json:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return text
    local = at if at.tzinfo else at.replace(tzinfo=zone)
    return local.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _options(
    view: FieldView,
    pickers: Pickers,
    texts: Texts,
    fields: Sequence[FieldView] = (),
    known: Mapping[str, object] = MappingProxyType({}),
) -> tuple[tuple[str, str], ...]:
    """What there is to choose; where another field decides that the form does not ask for, only what it offers."""
    if view.options:
        decided = view.offered_by and all(one.name != view.offered_by for one in fields)
        offered = view.offers.get(str(known.get(view.offered_by)), view.offers.get("else", ()))
        return tuple(
            (value, texts.of(label)) for value, label in view.options if not decided or value in offered
        )
    if view.type in ("asset", "assets"):
        return tuple((one.id, f"{one.name} ({one.id})") for one in pickers.of(view.type))
    return tuple((one.id, one.name) for one in pickers.of(view.type))


def _groups(
    view: FieldView, fields: Sequence[FieldView], texts: Texts
) -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
    """Options by what the deciding field says: without JavaScript a page cannot hide those that do not fit."""
    decider = next((one for one in fields if one.name == view.offered_by), None)
    if decider is None or view.type != "choice":
        return ()
    labels = dict(view.options)
    found = []
    for value, label in decider.options:
        offered = view.offers.get(value, view.offers.get("else", ()))
        options = tuple((one, texts.of(labels[one])) for one in offered if one in labels)
        if options:
            found.append((texts.of(label), options))
    return tuple(found)


def _when(view: FieldView, fields: Sequence[FieldView], known: Mapping[str, object]) -> When | None:
    if not view.condition or view.follows:  # what follows from the answers is worked out by the engine
        return None
    return lower(view.condition, frozenset(one.name for one in fields), known)


def _hint(view: FieldView, when: When | None, fields: Sequence[FieldView], texts: Texts) -> str:
    """`Only when Impact is: A team, One person`, as far as the condition is that simple."""
    decisive = view.follows if when is None else deciding(when)
    deciders = [one for one in fields if one.name in decisive]
    names = texts("join.and").join(texts.of(one.label) for one in deciders)
    match when:
        case ["in", _, [*wanted]]:
            pass
        case ["==", _, value]:
            wanted = [value]
        case _:
            return texts("form.depends_on", fields=names) if names else texts("form.sometimes")
    words = [texts.of(label) for value, label in deciders[0].options if value in wanted]
    return texts(
        "form.only_when", field=names, values=texts("join.or").join(words or [str(one) for one in wanted])
    )


def duration_words(value: object, texts: Texts) -> str:
    """A duration field's seconds in words."""
    return span(float(value), texts) if isinstance(value, int | float) else str(value)

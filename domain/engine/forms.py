"""What people and clients send: checked against the form and the fields, every mistake at once."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Mapping
from datetime import date, datetime, time

from domain.durations import parse_duration
from domain.engine.derive import OVERRIDABLE, derive
from domain.engine.draft import Draft
from domain.engine.entries import Happening
from domain.engine.events import Facts
from domain.engine.rules import not_offered
from domain.engine.ticket import Json
from domain.engine.trial import trial
from domain.engine.values import LISTS, REFERENCES, instant, instant_json, plain_text, refs_in, untyped
from domain.errors import FactsMissing, FieldError, FormInvalid
from domain.language.builtin_fields import DERIVED, NOTE_LIMIT, TEXT_LIMIT
from domain.language.models import Cell, FieldDef, FormEntry
from domain.language.patterns import LONGEST_TEXT, fits
from domain.local_time import instant as instant_of
from domain.local_time import zone_named

URL_LIMIT = 2_000
LIST_LIMIT = 500
NUMBER_LIMIT = 10**15
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
TEXTS = frozenset({"text", "note", "email", "url"})


class Invalid(Exception):
    """A value does not fit its field."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def parse_values(
    definitions: Mapping[str, FieldDef],
    values: Mapping[str, Json],
    facts: Facts,
    *,
    reserved: Container[str] = DERIVED,
) -> tuple[dict[str, Json], list[FieldError]]:
    """The values as the ticket keeps them, and a mistake for each that does not fit."""
    parsed: dict[str, Json] = {}
    errors: list[FieldError] = []
    for name, value in values.items():
        declared = definitions.get(name)
        if declared is None or name in reserved:
            errors.append(FieldError(name[:100], "unknown", f"there is no field {name[:100]!r} to set"))
            continue
        if declared.compute:
            errors.append(FieldError(name, "forbidden", "this field is computed"))
            continue
        try:
            parsed[name] = parse_value(declared, value, facts)
        except Invalid as invalid:
            errors.append(FieldError(name, invalid.code, str(invalid)))
    return parsed, errors


def parse_value(declared: FieldDef | Cell, value: Json, facts: Facts) -> Json:
    """A value as the ticket keeps it. Raises Invalid; FactsMissing when what it refers to could not be looked up."""
    if value is None or value == "":
        return None
    kind = declared.type
    if kind in TEXTS:
        return _text(declared, value)
    if kind in ("number", "money"):
        return _number(declared, value)
    if kind == "boolean":
        if not isinstance(value, bool):
            raise Invalid("type", "write true or false")
        return value
    if kind == "choice":
        return _choice(declared, value)
    if kind == "choices":
        return _choices(declared, value)
    if kind == "rows" and isinstance(declared, FieldDef):
        return _rows(declared, value, facts)
    if kind == "datetime":
        at = instant(value) if isinstance(value, str) else None
        if at is None:
            raise Invalid("type", "write a date and time with its zone, such as 2026-11-27T17:50:00+08:00")
        return instant_json(at)
    if kind == "date":
        return _date(value)
    if kind == "time":
        return _time(value)
    if kind == "duration":
        return _duration(value)
    if kind in REFERENCES:
        return _reference(REFERENCES[kind], value, facts)
    if kind in LISTS:
        return [_reference(LISTS[kind], one, facts) for one in _list(value)]
    return [_string(one, TEXT_LIMIT) for one in _list(value)]  # attachment: ids of stored files


def _string(value: Json, limit: int) -> str:
    if not isinstance(value, str):
        raise Invalid("type", "write text")
    if CONTROL.search(value):
        raise Invalid("control", "control characters are not allowed")
    if len(value) > limit:
        raise Invalid("too_long", f"{len(value)} characters; at most {limit} fit")
    return value


def _text(declared: FieldDef | Cell, value: Json) -> Json:
    text = _string(value, _text_limit(declared))
    if not text.strip():
        return None
    if declared.type != "note" and ("\n" in text or "\r" in text):
        raise Invalid("control", "write it on one line")
    if declared.type == "email" and not re.fullmatch(r"[^@\s]+@[^@\s]+", text):
        raise Invalid("pattern", "write an address such as ann@example.com")
    if declared.type == "url" and not re.match(r"https?://[^\s/]", text):
        raise Invalid("pattern", "write an address that begins with http:// or https://")
    if declared.pattern and len(text) > LONGEST_TEXT:
        raise Invalid("too_long", f"{len(text)} characters; at most {LONGEST_TEXT} fit")
    if declared.pattern and not fits(declared.pattern, text):
        raise Invalid("pattern", f"it has to look like {declared.pattern}")
    return text


def _text_limit(declared: FieldDef | Cell) -> int:
    if declared.type == "url":
        return URL_LIMIT
    return int(declared.max or (NOTE_LIMIT if declared.type == "note" else TEXT_LIMIT))


def _number(declared: FieldDef | Cell, value: Json) -> Json:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or value != value:
        raise Invalid("type", "write a number")
    if abs(value) > NUMBER_LIMIT:
        raise Invalid("range", f"the number is beyond {NUMBER_LIMIT}")
    low, high = declared.min, declared.max
    if low is not None and value < low:
        raise Invalid("range", f"at least {low}")
    if high is not None and value > high:
        raise Invalid("range", f"at most {high}")
    return value


def _choices(declared: FieldDef | Cell, value: Json) -> Json:
    """Each option once, in the order of the field: the same choice is always kept the same way."""
    chosen = {_choice(declared, one) for one in _list(value)}
    _check_count(declared, len(chosen))
    return [option for option in declared.options if option in chosen]


def _check_count(declared: FieldDef | Cell, count: int) -> None:
    if declared.min is not None and 0 < count < declared.min:
        raise Invalid("range", f"at least {declared.min}")
    if declared.max is not None and count > declared.max:
        raise Invalid("range", f"at most {declared.max}")


def _rows(declared: FieldDef, value: Json, facts: Facts) -> Json:
    """Rows as the ticket keeps them: every column there, empty rows left out."""
    kept = []
    for number, row in enumerate(_list(value), 1):
        if not isinstance(row, dict):
            raise Invalid("type", "write a list of rows, each with its columns")
        if unknown := sorted(str(name) for name in row if name not in declared.columns):
            raise Invalid("unknown", f"row {number}: there is no column {unknown[0][:100]!r}")
        cells = {}
        for name, column in declared.columns.items():
            try:
                cells[name] = parse_value(column, row.get(name), facts)
            except Invalid as invalid:
                raise Invalid(invalid.code, f"row {number}, {name}: {invalid}") from None
        if all(cell is None for cell in cells.values()):
            continue
        for name, column in declared.columns.items():
            if column.required and cells[name] is None:
                raise Invalid("missing", f"row {number}, {name}: this is required")
        kept.append(cells)
    _check_count(declared, len(kept))
    return kept


def _choice(declared: FieldDef | Cell, value: Json) -> Json:
    options = declared.options or {}
    if not isinstance(value, str) or value not in options:
        shown = str(value)[:60]
        raise Invalid("option", f"{shown!r} is not one of: {', '.join(options)}")
    return value


def _list(value: Json) -> list[Json]:
    if not isinstance(value, list):
        raise Invalid("type", "write a list")
    if len(value) > LIST_LIMIT:
        raise Invalid("too_long", f"at most {LIST_LIMIT} fit")
    return value


def _date(value: Json) -> Json:
    try:
        return date.fromisoformat(value).isoformat() if isinstance(value, str) else _raise_date()
    except ValueError:
        return _raise_date()


def _raise_date() -> Json:
    raise Invalid("type", "write a date, such as 2026-11-27")


def _time(value: Json) -> Json:
    if isinstance(value, str) and re.fullmatch(r"\d{1,2}:\d{2}", value, re.ASCII):
        try:
            return f"{time.fromisoformat(value.zfill(5)):%H:%M}"
        except ValueError:
            pass
    raise Invalid("type", "write a time of day, such as 09:30")


def _duration(value: Json) -> Json:
    if isinstance(value, str):
        try:
            return int(parse_duration(value).total_seconds())
        except ValueError:
            pass
    raise Invalid("type", "write a length of time, such as 1h30m")


def _reference(kind: str, value: Json, facts: Facts) -> Json:
    name = _string(value, TEXT_LIMIT)
    thing = f"{kind}:{name}"
    if thing in facts.missing:
        raise FactsMissing(f"{thing} could not be looked up; try again")
    if facts.things.get(thing) is None:
        raise Invalid("unknown", f"there is no {kind} {name!r}")
    return name


def fit(draft: Draft, name: str, value: Json) -> Json:
    """A value a rule sets, made to fit its field: texts are cut, lengths and times read. What cannot be kept becomes
    null and the journal says so: a rule's slip must not stop a ticket.
    """
    declared = draft.definition.fields.get(name)
    if declared is None or value is None:
        return value
    return fit_to(draft, declared, value, field=name)


def fit_to(draft: Draft, declared: FieldDef | Cell, value: Json, **where: Json) -> Json:
    """The same for what is declared elsewhere; `where` is said in the journal of what cannot be kept."""
    if value is None:
        return None
    try:
        return _fitted(draft, declared, value)
    except Invalid as invalid:
        draft.note("unavailable", "set", **where, reason=str(invalid))
        return None


def _fitted(draft: Draft, declared: FieldDef | Cell, value: Json) -> Json:
    kind = declared.type
    if kind in ("text", "note"):
        text = CONTROL.sub("", plain_text(value))
        text = text if kind == "note" else re.sub(r"\s*[\r\n]+\s*", " ", text)
        return text[: _text_limit(declared)] or None
    if kind in REFERENCES:
        return _mentioned(REFERENCES[kind], value, draft.facts)
    if kind in LISTS:
        return [found for one in _list(value) if (found := _mentioned(LISTS[kind], one, draft.facts))]
    if kind == "duration" and isinstance(value, int | float):
        return value
    if kind == "datetime" and isinstance(value, str):
        return _moment(value, draft.definition.zone)
    return parse_value(declared, value, draft.facts)


def _mentioned(kind: str, value: Json, facts: Facts) -> Json:
    """An id that a rule names. Only what was looked up can be known not to exist."""
    name = _string(value, TEXT_LIMIT)
    if name and facts.things.get(f"{kind}:{name}", {}) is None:
        raise Invalid("unknown", f"there is no {kind} {name!r}")
    return name or None


def _moment(text: str, zone: str) -> Json:
    """An instant; a time without its zone, as definitions may write it, is one where the process reads days."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise Invalid("type", "this is no date and time") from None
    return instant_json(at if at.tzinfo else instant_of(at, zone_named(zone)))


def default_of(draft: Draft, name: str, written: Json) -> Json:
    """What a default gives now: a value as it is written, or the value of its {{ expression }}."""
    value = untyped(draft.text_value(written)) if isinstance(written, str) and "{{" in written else written
    return fit(draft, name, value)


def check_form(
    draft: Draft,
    form: Mapping[str, FormEntry],
    given: Mapping[str, Json],
    *,
    also: frozenset[str] = frozenset(),
    kept_counts: bool = False,
    besides: Iterable[FieldError] = (),
) -> dict[str, Json]:
    """The parsed values of a form, or FormInvalid with every mistake.

    Conditions of form fields see the new values and what follows from them, as rules do. `also` are fields accepted
    besides the form's; `besides` are mistakes found already; with `kept_counts` a value the ticket has satisfies
    `required` (a task's form is a last look). Leaves the draft's fields as they were.
    """
    linking = {name: given.get(name) for name in form if name not in draft.definition.fields}  # see links.py
    given = {name: value for name, value in given.items() if name not in linking}
    values, errors = parse_values(draft.definition.fields, given, draft.facts)
    errors += besides
    errors += [
        FieldError(name, "unknown", "this form does not ask for it")
        for name in values
        if name not in form and name not in also
    ]
    wrong = {error.field for error in errors}
    errors += _judged_with(draft, form, given, values, linking, wrong, kept_counts=kept_counts)
    if errors:
        raise FormInvalid(sorted(set(errors), key=lambda error: (error.field, error.code)))
    return values


def _judged_with(
    draft: Draft,
    form: Mapping[str, FormEntry],
    given: Mapping[str, Json],
    values: dict[str, Json],
    linking: Mapping[str, Json],
    wrong: Container[str],
    *,
    kept_counts: bool,
) -> list[FieldError]:
    """The mistakes that show when the values are in place, with what follows from them; adds defaults to `values`."""
    errors: list[FieldError] = []
    slips: list[Happening] = []  # of defaults: these stay in the journal
    before = draft.fields
    follows = _sees_what_follows(draft, form, kept_counts=kept_counts)
    with trial(draft):
        draft.known.update({thing: data for thing, data in draft.facts.things.items() if data is not None})
        _put(draft, values)
        if follows:
            derive(draft)
        for name, entry in form.items():
            applies = draft.holds(entry.if_)
            links = name in linking
            if (
                applies
                and entry.default is not None
                and name not in given
                and before.get(name) is None
                and not links
            ):
                told = len(draft.happened)
                values[name] = default_of(draft, name, entry.default)
                slips += draft.happened[told:]
                _put(draft, {name: values[name]})
                derive(draft)
            said = (refs_in(linking[name]) or None) if links else values.get(name)
            if not applies and said is not None:
                errors.append(FieldError(name, "not_applicable", "this does not apply here; leave it out"))
            if applies and entry.required and name not in wrong:
                present = draft.fields.get(name) if kept_counts and not links else said
                if present is None or present == []:
                    errors.append(FieldError(name, "missing", "this is required"))
        errors += not_offered(draft, values)
    draft.happened += slips
    return errors


def _sees_what_follows(draft: Draft, form: Mapping[str, FormEntry], *, kept_counts: bool) -> bool:
    """Whether anything that a form is judged by is derived from its values. Most forms need no derivation before the
    one for the values that stay.
    """
    plan = draft.plan
    if plan.offers_by_derived or (kept_counts and not plan.derived_from.keys().isdisjoint(form)):
        return True
    return any(
        entry.default is not None or (entry.if_ is not None and plan.reads_derived(entry.if_))
        for entry in form.values()
    )


def _put(draft: Draft, values: Mapping[str, Json]) -> None:
    """Values tried on a draft; what follows from them is not derived yet."""
    for name, value in values.items():
        draft.fields[name] = value
        if name in OVERRIDABLE:
            (draft.overridden.discard if value is None else draft.overridden.add)(name)
    draft.forget_roles()
    draft.stale = True

"""Field values: JSON in the ticket, typed in expressions, and the tagged form that effects carry.

JSON forms: datetime `2026-11-27T09:50:00Z`, date `2026-11-27`, time of day `09:50`, duration in seconds, person,
team, service and asset by id, lists of these for `people`, `teams`, `services`, `assets` and `choices`, and for `rows`
a list of objects by column.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from domain.engine.ticket import Json
from domain.language.models import FieldDef, text_in

REFERENCES = {"person": "person", "team": "team", "service": "service", "asset": "asset"}
LISTS = {"people": "person", "teams": "team", "services": "service", "assets": "asset"}

AS_KEPT = frozenset(
    {"text", "note", "number", "boolean", "choice", "choices", "attachment", "money", "email", "url"}
)
"""Types whose values expressions see as the ticket keeps them: those of most fields."""


class Reference:
    """A person, team, service or asset in an expression."""

    __slots__ = ("id", "kind")

    def __init__(self, kind: str, id: str) -> None:
        self.kind = kind
        self.id = id

    @property
    def said(self) -> dict[str, str]:
        """How it is called, by locale, when that is known here; else names are looked up for who reads them."""
        return {}


def things_in(kind: str, value: Json) -> list[str]:
    """What a value of a field of this type refers to, as "kind:id"."""
    if isinstance(value, str) and value and kind in REFERENCES:
        return [f"{REFERENCES[kind]}:{value}"]
    if isinstance(value, list) and kind in LISTS:
        return [f"{LISTS[kind]}:{one}" for one in value if isinstance(one, str) and one]
    return []


def things_of(declared: FieldDef, value: Json) -> list[str]:
    """What a field's value refers to, the cells of rows included."""
    if not declared.columns:
        return things_in(declared.type, value)
    rows = value if isinstance(value, list) else []
    return [
        thing
        for row in rows
        if isinstance(row, dict)
        for name, column in declared.columns.items()
        for thing in things_in(column.type, row.get(name))
    ]


def refers(declared: FieldDef) -> bool:
    """Whether values of this field refer to people, teams, services or assets."""
    kinds = [declared.type, *(column.type for column in declared.columns.values())]
    return any(kind in REFERENCES or kind in LISTS for kind in kinds)


def refs_in(value: Json) -> list[str]:
    """The ticket numbers a form gives for a link: one, or several."""
    found = value if isinstance(value, list) else [value]
    return [one for one in found if isinstance(one, str) and one]


def instant_json(at: datetime) -> str:
    """An instant as JSON, the way pydantic writes it too."""
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def instant(text: str) -> datetime | None:
    """The instant of its JSON; None when it is none. A time without a zone is refused as none."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return at.astimezone(UTC) if at.tzinfo else None


def typed(kind: str, value: Json) -> object:
    """The value an expression sees for a field of this type; references are made by the scope."""
    if value is None:
        return None
    if kind == "datetime":
        return instant(value) if isinstance(value, str) else None
    if kind == "date":
        return _date(value)
    if kind == "time":
        return _time(value)
    if kind == "duration":
        return timedelta(seconds=value) if isinstance(value, (int, float)) else None
    return value


def _date(value: Json) -> date | None:
    try:
        return date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None


def _time(value: Json) -> time | None:
    try:
        return time.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None


def untyped(value: object) -> Json:
    """The JSON an expression's value is kept as in a field."""
    if value is None or isinstance(value, str):  # by far the most
        return value
    match value:
        case datetime():
            return instant_json(value)
        case date():
            return value.isoformat()
        case time():
            return f"{value:%H:%M}"
        case timedelta():
            seconds = value.total_seconds()
            return int(seconds) if seconds == int(seconds) else seconds
        case list() | tuple():
            return [untyped(one) for one in value]
        case dict():
            return {name: untyped(one) for name, one in value.items()}
        case bool() | int() | float():
            return value
        case Reference():
            return value.id
        case _:
            return str(value)


def tagged(value: object) -> Json:
    """A value as effects carry it: its kind is kept, so that rendering can say it in the reader's language."""
    if value is None or isinstance(value, str):
        return value
    match value:
        case datetime():
            return {"$at": instant_json(value)}
        case date():
            return {"$date": value.isoformat()}
        case timedelta():
            return {"$for": value.total_seconds()}
        case list() | tuple():
            return [tagged(one) for one in value]
        case Reference():
            return {"$said": dict(value.said)} if value.said else {"$" + value.kind: value.id}
        case dict():
            return {"$row": {name: tagged(one) for name, one in value.items()}}
        case _:
            return untyped(value)


def in_locale(value: object, locale: str) -> object:
    """A value whose parts that have a name of their own are replaced by it."""
    if isinstance(value, list | tuple):
        return [in_locale(one, locale) for one in value]
    return text_in(value.said, locale) if isinstance(value, Reference) and value.said else value


def written(value: Json) -> str:
    """A single value in a text: a whole number has no `.0`, whatever it was computed from."""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value)


def plain_text(value: object) -> str:
    """A value inside a text that is kept in a field."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    kept = untyped(value)
    if isinstance(kept, list):
        between = "; " if any(isinstance(one, dict) for one in kept) else ", "
        return between.join(plain_text(one) for one in kept)
    if isinstance(kept, dict):
        return ", ".join(f"{name}: {plain_text(one)}" for name, one in kept.items() if one is not None)
    return written(kept)

"""Every single change of a definition: each value another one, each part left out, each order turned."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel

from domain.language.words import (
    Cond,
    Dur,
    EventRef,
    Expr,
    FieldRef,
    Selector,
    StateRef,
    StatesRef,
    Tmpl,
    Word,
)

Change = tuple[tuple[str, ...], Any]
_OTHERS: list[tuple[type[Word], tuple[str, str]]] = [
    (Cond, ('ticket.title == "zed"', 'ticket.title == "zod"')),
    (Expr, ("now + 77m", "now + 78m")),
    (Dur, ("77m", "78m")),
    (Selector, ("person:zed", "person:zod")),
    (EventRef, ("raised.zed", "raised.zod")),
    (StatesRef, ("new", "zed")),
    (StateRef, ("zed", "zod")),
    (FieldRef, ("title", "description")),
]


def changes(value: Any, path: tuple[str, ...] = ()) -> Iterator[Change]:
    """Where something was changed, and the value with that change; of localized texts only the English one."""
    if isinstance(value, BaseModel):
        for name in type(value).model_fields:
            for where, changed in changes(getattr(value, name), (*path, name.rstrip("_"))):
                yield where, with_(value, name, changed)
    elif isinstance(value, dict):
        text = (
            bool(value) and all(isinstance(one, Tmpl) for one in value.values()) and {"en", "*"} & set(value)
        )
        for name, child in value.items():
            if not text or name in ("en", "*"):
                for where, changed in changes(child, (*path, str(name))):
                    yield where, value | {name: changed}
        if value and not text:
            last = list(value)[-1]
            yield (*path, f"without {last}"), {name: one for name, one in value.items() if name != last}
    elif isinstance(value, tuple | list):
        for at, child in enumerate(value):
            for where, changed in changes(child, (*path, str(at))):
                yield where, type(value)([*value[:at], changed, *value[at + 1 :]])
        if value:
            yield (*path, "without the last"), value[:-1]
    elif value is not None:
        yield path, _another(value)


def with_(model: Any, name: str, changed: Any) -> Any:
    """A copy with one key changed, without what the original has computed from it."""
    copy = model.model_copy(update={name: changed})
    for computed in set(copy.__dict__) - set(type(copy).model_fields):
        del copy.__dict__[computed]
    return copy


def _another(value: Any) -> Any:
    if isinstance(value, bool):
        return not value
    if isinstance(value, int | float):
        return value + 1
    if isinstance(value, Word):
        for kind, (one, other) in _OTHERS:
            if isinstance(value, kind):
                return type(value)(other if value == one else one)
        return type(value)("zod" if value == "zed" else "zed")
    return "zod" if value == "zed" else "zed"

"""From a refusal in the journal to the exception of our tree, and what is refused before anything else looks."""

from __future__ import annotations

import re
from collections.abc import Iterator

from domain.engine.entries import Refusal
from domain.engine.ticket import Json
from domain.errors import (
    EngineFault,
    EvertickError,
    FactsMissing,
    FieldError,
    FormInvalid,
    NotPermitted,
    Refused,
    TransitionRefused,
)

COMMENT_LIMIT = 32_000
KEY_LIMIT = 255

_NEVER = re.compile("[\x00\ud800-\udfff]")  # no database keeps these as text
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")

_KINDS: dict[str, type[Refused]] = {
    kind.code: kind for kind in (NotPermitted, TransitionRefused, FactsMissing, Refused)
}


def exception_of(refusal: Refusal) -> EvertickError:
    """What a door raises for a refused or faulted entry."""
    message = refusal.text.get("en") or next(iter(refusal.text.values()), refusal.code)
    if refusal.code == FormInvalid.code:
        found = [
            FieldError(one["field"], one["code"], one["message"], _texts_of(one)) for one in refusal.errors
        ]
        return FormInvalid(found)
    if refusal.code == EngineFault.code:
        return EngineFault(message)
    return _KINDS.get(refusal.code, Refused)(message, text=dict(refusal.text))


def _texts_of(error: dict[str, str]) -> tuple[tuple[str, str], ...]:
    """The owner's sentence by locale, as `refusal_of` in the engine keeps it."""
    prefix = "message."
    return tuple((name.removeprefix(prefix), text) for name, text in error.items() if name.startswith(prefix))


def check_storable(fields: dict[str, Json]) -> None:
    """Raises FormInvalid for texts no database can keep; everything else about fields is the engine's."""
    found = sorted({name for name, text in _texts(fields) if _NEVER.search(text)})
    if found:
        raise FormInvalid([_control(_NEVER.sub("", name) or "fields") for name in found])


def check_comment(text: str) -> None:
    """Raises FormInvalid for a comment that is empty, too long or has control characters."""
    if not text.strip():
        raise FormInvalid([FieldError("text", "missing", "write something")])
    if len(text) > COMMENT_LIMIT:
        raise FormInvalid(
            [FieldError("text", "too_long", f"{len(text)} characters; at most {COMMENT_LIMIT} fit")]
        )
    if _CONTROL.search(text):
        raise FormInvalid([_control("text")])


def check_key(key: str | None) -> None:
    """Raises FormInvalid for an idempotency key that is too long or not plain text."""
    if key is None:
        return
    if not 0 < len(key) <= KEY_LIMIT:
        raise FormInvalid([FieldError("Idempotency-Key", "too_long", f"1 to {KEY_LIMIT} characters")])
    if not key.isascii() or not key.isprintable():
        raise FormInvalid([_control("Idempotency-Key")])


def _control(field: str) -> FieldError:
    return FieldError(field, "control", "control characters are not allowed")


def _texts(value: Json, field: str = "") -> Iterator[tuple[str, str]]:
    """Every text in a value with the field it belongs to, names of fields included."""
    if isinstance(value, str):
        yield field, value
    elif isinstance(value, dict):
        for name, one in value.items():
            yield field or name, name
            yield from _texts(one, field or name)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from _texts(one, field)

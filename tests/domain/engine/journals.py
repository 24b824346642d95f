"""A journal as lines of text, so that a test compares all of it with what it should say."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from textwrap import dedent, indent, wrap

from domain.engine.entries import Effect, Entry, Refusal
from domain.engine.serialise import ticket_to_json
from domain.engine.ticket import Json, Ticket
from tests.builders import TICKET_ID

_NEVER = {"id", "ref", "process", "hashes", "opened_at", "last_at"}  # the same in all tests
_EMPTY: tuple[Json, ...] = (None, "", [], {}, False)


def written(entries: Entry | Iterable[Entry], text: str = "") -> str:
    """What entries say: the cause with the beginning of its line in `text`, what happened, the effects, the refusal."""
    of = [entries] if isinstance(entries, Entry) else entries
    lines = dedent(text).splitlines()
    return "\n".join(part for entry in of for line in _entry(entry, lines) for part in _wrapped(line))


def kept(ticket: Ticket, *names: str) -> str:
    """What a ticket keeps, a line for each of its parts (or for these): as serialised, without what is empty."""
    lines: list[str] = []
    for name, value in ticket_to_json(ticket).items():
        if name not in (names or ticket_to_json(ticket).keys() - _NEVER) or value in _EMPTY:
            continue
        several = value if isinstance(value, dict) else {"": value}
        lines += [
            f"{name} {key} {_value(_without_empty(one))}".replace("  ", " ") for key, one in several.items()
        ]
    return "\n".join(part for line in lines for part in _wrapped(line))


def _without_empty(value: Json) -> Json:
    if isinstance(value, list):
        return [_without_empty(one) for one in value]
    if not isinstance(value, dict):
        return value
    return {name: _without_empty(one) for name, one in value.items() if one not in _EMPTY}


def _wrapped(line: str) -> list[str]:
    begins = line[: len(line) - len(line.lstrip())] + "    "
    return wrap(
        line.replace(TICKET_ID, "ID"),
        96,
        subsequent_indent=begins,
        break_long_words=False,
        break_on_hyphens=False,
    )


def block(text: str) -> str:
    """Expected lines as they stand in a test."""
    return dedent(text).strip("\n")


def _entry(entry: Entry, lines: list[str]) -> Iterator[str]:
    who = f" by {entry.actor}" if entry.actor else ""
    result = "" if entry.result == "done" else f" {entry.result}"
    yield f"{entry.cause.kind} {entry.cause.name}{_place(entry.cause.line, lines)}{who}{result}"
    for one in entry.happened:
        if one.what != "effect":  # it follows below, whole
            yield indent(" ".join(filter(None, (one.what, one.name, *_pairs(one.detail)))), "  ")
    for effect in entry.effects:
        yield indent(_effect(effect, lines), "  ")
    if entry.refusal is not None:
        yield from (f"  {line}" for line in _refusal(entry.refusal))


def _effect(effect: Effect, lines: list[str]) -> str:
    parts = [f"-> {effect.kind}", *effect.to, *effect.channels, effect.template]
    parts += [*_pairs(effect.texts), *_pairs(effect.values), *_pairs(effect.data)]
    return " ".join(filter(None, parts)) + f" because of {effect.why}{_place(effect.line, lines)}"


def _refusal(refusal: Refusal) -> Iterator[str]:
    yield refusal.code
    if refusal.errors:
        yield from (" ".join(_pairs(error)) for error in refusal.errors)
    else:
        yield from _pairs(refusal.text)


def _pairs(values: Mapping[str, object]) -> list[str]:
    return [f"{name}={_value(value)}" for name, value in values.items()]


def _value(value: object) -> str:
    return value if isinstance(value, str) and value else json.dumps(value, ensure_ascii=False)


def _place(line: str, lines: list[str]) -> str:
    """The first word of a line instead of its number."""
    if not line:
        return ""
    number = int(line.rpartition(":")[2])
    return f" @{lines[number - 1].split()[0]}" if number <= len(lines) else f" @{line}"

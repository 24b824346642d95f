"""Small changes of what is written in one word: expressions, lengths of time, quorums."""

from __future__ import annotations

import re
from collections.abc import Iterator

from domain.durations import parse_duration_parts
from domain.expressions.ast import ExpressionError
from domain.expressions.lexer import Token, tokens

_SWAPPED = {
    "==": "!=",
    "!=": "==",
    "<": "<=",
    "<=": "<",
    ">": ">=",
    ">=": ">",
    "&&": "||",
    "||": "&&",
    "+": "-",
    "and": "or",
    "or": "and",
    "true": "false",
    "false": "true",
}
_NUMBER = re.compile(r"[0-9]+(\.[0-9]+)?")
_SHORTER = {"w": "6d", "h": "30m", "m": "30s"}
"""Half of one, in the next smaller unit; half a day is another kind of length, and a second short enough."""


def changed_expressions(text: str) -> Iterator[str]:
    """The expression with one operator, number, length or list item changed, from left to right."""
    try:
        found = tokens(text, 0, len(text))
    except ExpressionError:  # it was checked before, so this is no expression of ours
        return
    for index, (kind, at, value) in enumerate(found):
        if kind in ("operator", "name") and value in _SWAPPED:
            yield text[:at] + _SWAPPED[value] + text[at + len(value) :]
        elif kind == "name" and value == "not":
            yield text[:at] + text[at + len(value) :].lstrip()
        elif kind == "number" and (match := _NUMBER.match(text, at)):
            yield f"{text[:at]}{value + 1}{text[match.end() :]}"
        elif kind == "duration":
            for other in changed_lengths(value):
                yield text[:at] + other + text[at + len(value) :]
        elif (kind, value) == ("name", "in"):
            yield from _without_items(text, found[index + 1 :])


def _without_items(text: str, after: list[Token]) -> Iterator[str]:
    """`in ["a", "b"]` without each of its items."""
    if not after or after[0][2] != "[" or after[0][0] != "operator":
        return
    end = next((i for i, token in enumerate(after) if token[:1] == ("operator",) and token[2] == "]"), 0)
    inside = after[1:end]
    items = [token for token in inside if token[0] == "text"]
    if len(items) < 2 or len(items) * 2 - 1 != len(inside):
        return
    commas = [token for token in inside if token[0] == "operator"]
    ends = [*commas, after[end]]
    for index, item in enumerate(items):
        # With the comma before it; the first one with the comma after it.
        start, stop = (commas[index - 1][1], ends[index][1]) if index else (item[1], items[1][1])
        yield text[:start] + text[stop:]


def changed_lengths(text: str) -> Iterator[str]:
    """Twice as long, and half as long."""
    try:
        parts = {unit: number for unit, number in parse_duration_parts(text).items() if number}
    except ValueError:  # a fraction of a second or the like: leave it
        return
    yield "".join(f"{number * 2}{unit}" for unit, number in parts.items())
    if len(parts) > 1:
        yield "".join(f"{number}{unit}" for unit, number in list(parts.items())[:-1])
        return
    for unit, number in parts.items():
        if number > 1:
            yield f"{number // 2}{unit}"
        elif unit in _SHORTER:
            yield _SHORTER[unit]


def changed_quorum(text: str) -> Iterator[str]:
    """`any` ↔ `all`; one more and one fewer; more and less of a share."""
    if text in ("any", "all"):
        yield "all" if text == "any" else "any"
    elif text.endswith("%"):
        share = int(text[:-1])
        yield from (f"{other}%" for other in (share - 25, share + 25) if 0 < other <= 100)
    elif text.isdigit():
        yield from (str(other) for other in (int(text) - 1, int(text) + 1) if other > 0)


def changed_threshold(label: str) -> Iterator[str]:
    """A share a tenth lower and higher; a rest twice and half as long."""
    if label.endswith("%"):
        share = int(label[:-1])
        yield from (
            f"{other}%" for other in (share - 10, share + 10) if other > 0 and (share < 100) >= (other > 100)
        )
    elif label.endswith(" left"):
        yield from (f"{other} left" for other in changed_lengths(label.removesuffix(" left")))

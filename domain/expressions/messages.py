"""How the checker names parts of an expression and what it advises."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Sequence

from domain.expressions.ast import Ast, path_of
from domain.expressions.types import Type

_WITHOUT_QUOTES = {"number": re.compile(r"-?\d+(\.\d+)?", re.ASCII), "boolean": re.compile("true|false")}
_NOTHING = re.compile(r"(?!)")


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """`; did you mean "x"?`, or nothing when nothing is near."""
    names = sorted(known)
    close = difflib.get_close_matches(word, names, n=1, cutoff=0.6)
    if not close:
        close = [name for name in names if name.lower() == word.lower()][:1]
    return f'; did you mean "{close[0]}"?' if close else ""


def start_of(ast: Ast) -> int:
    """Where the text of a node begins."""
    kind = ast[0]
    if kind in ("member", "index", "coalesce", "method", "macro"):
        return start_of(ast[2])
    if kind in ("compare", "arithmetic"):
        return start_of(ast[3])
    return start_of(ast[2][0]) if kind in ("and", "or") else int(ast[1])


def not_an_option(text: str, options: Sequence[str]) -> str:
    """`"x" is not one of: …`, with a suggestion."""
    shown = ", ".join(options[:12]) + (", …" if len(options) > 12 else "")
    return f'"{text}" is not one of: {shown}{did_you_mean(text, options)}'


def hint_for(ast: Ast, given: Type, other: Type) -> str:
    """What to write when a value of one kind meets another kind."""
    what = name_of(ast)
    if given.kind == "number" and other.kind == "duration":
        return f": write {what}h or {what}m" if ast[0] == "literal" else ": multiply it, such as n * 1h"
    if given.kind == "object" and other.kind in ("text", "choice"):
        members = given.all_members()
        if members is None or "id" in members:
            return f": compare {what}.id"
    if given.kind == "datetime" and other.kind == "date":
        return f": compare date({what})"
    if given.kind == "text" and other.kind in ("datetime", "date", "time", "duration"):
        return f": write {other.kind}({what})"
    if (
        given.kind == "text"
        and ast[0] == "literal"
        and _WITHOUT_QUOTES.get(other.kind, _NOTHING).fullmatch(ast[2])
    ):
        return f": write {ast[2]} without quotes"
    return ""


def is_what(ast: Ast, given: Type) -> str:
    """`ticket.cost is a number`."""
    return f"{name_of(ast)} is {given.words}"


def name_of(ast: Ast) -> str:
    """How messages call a part of an expression."""
    path = path_of(ast)
    if path:
        return ".".join(path)
    if ast[0] == "literal":
        value = ast[2]
        if isinstance(value, str):
            return f'"{value}"'
        return "null" if value is None else str(value).lower()
    if ast[0] == "duration":
        return str(ast[2])
    if ast[0] == "call":
        return f"{ast[2]}(…)"
    if ast[0] in ("method", "macro"):
        return f"{name_of(ast[2])}.{ast[3]}(…)"
    return {"list": "the list", "index": "the element"}.get(ast[0], "this")

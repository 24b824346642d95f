"""Syntax trees of expressions: plain, picklable tuples `(kind, offset, …)`, and walks over them.

("literal", at, value)             null, true, 12, 1.5, "text"
("duration", at, text)             4h, 1h30m
("name", at, name)                 ticket
("member", at, object, name)       ticket.service          (at: where the member's name stands)
("index", at, object, key)         rows[0], answers["x"]
("list", at, items)
("not", at, operand)  ("negate", at, operand)
("and", at, operands) ("or", at, operands)                 two or more operands
("compare", at, operator, left, right)                     == != < <= > >= in
("arithmetic", at, operator, left, right)                  + - * / %
("coalesce", at, left, right)      left ?? right
("if", at, condition, then, else)
("call", at, function, arguments)
("method", at, object, method, arguments)
("macro", at, object, macro, variable, body)               exists all filter map
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypeAlias

Ast: TypeAlias = tuple[Any, ...]

MACROS = ("exists", "all", "filter", "map")


class ExpressionError(Exception):
    """A text is not an expression: what is wrong, and at which 0-based character."""

    def __init__(self, message: str, offset: int) -> None:
        super().__init__(message)
        self.message = message
        self.offset = offset

    def __reduce__(self) -> tuple[Any, ...]:
        return ExpressionError, (self.message, self.offset)


def children(ast: Ast) -> Iterator[Ast]:
    """The direct parts of a node, as written from left to right."""
    kind = ast[0]
    if kind in ("literal", "duration", "name"):
        return
    if kind in ("list", "and", "or"):
        yield from ast[2]
    elif kind in ("member", "not", "negate"):
        yield ast[2]
    elif kind in ("index", "coalesce"):
        yield from ast[2:4]
    elif kind in ("compare", "arithmetic"):
        yield from ast[3:5]
    elif kind == "if":
        yield from ast[2:5]
    elif kind == "call":
        yield from ast[3]
    elif kind == "method":
        yield ast[2]
        yield from ast[4]
    else:  # macro
        yield ast[2]
        yield ast[5]


def names_read(ast: Ast) -> frozenset[tuple[str, ...]]:
    """The dotted paths an expression reads, as long as they go: `("ticket", "service", "team")`.

    Variables of list macros are not among them; `a["x"]` counts as `a.x`.
    """
    found: set[tuple[str, ...]] = set()
    _collect(ast, frozenset(), found)
    return frozenset(found)


def _collect(ast: Ast, bound: frozenset[str], found: set[tuple[str, ...]]) -> None:
    path = path_of(ast)
    if path:
        if path[0] not in bound:
            found.add(path)
        return
    if ast[0] == "macro":
        _collect(ast[2], bound, found)
        _collect(ast[5], bound | {ast[4]}, found)
        return
    for part in children(ast):
        _collect(part, bound, found)


def path_of(ast: Ast) -> tuple[str, ...]:
    """`ticket.service.team` as a tuple of names; empty when the node is anything else."""
    names: list[str] = []
    while ast[0] != "name":
        if ast[0] == "member":
            names.append(ast[3])
        elif ast[0] == "index" and ast[3][0] == "literal" and isinstance(ast[3][2], str):
            names.append(ast[3][2])
        else:
            return ()
        ast = ast[2]
    return (ast[2], *reversed(names))

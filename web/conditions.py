"""Conditions of form fields, as far as a browser can decide them: a small closed form that JavaScript reads too.

`["in", "impact", ["extensive"]]`, `["==" | "!=" | "<" | "<=" | ">" | ">=", field, value]`, `["is", field]`,
`["and" | "or", [...]]`, `["not", [...]]`, `["always", true | false]`. What does not fit (roles, services, sums) is
None: the field is shown, and the engine decides.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

from domain.expressions.ast import Ast, ExpressionError, path_of
from domain.expressions.parser import parse

When: TypeAlias = list[Any]


def lower(condition: str, asked: frozenset[str], known: Mapping[str, object]) -> When | None:
    """The condition over the fields the form asks for; fields it does not ask for are read from `known`."""
    try:
        ast = parse(condition)
    except ExpressionError:
        return None
    return _lower(ast, asked, known)


def holds(when: When, values: Mapping[str, object]) -> bool:
    """Whether it holds for what was filled in. The same as `holds` in evertick.js."""
    match when:
        case ["always", answer]:
            return bool(answer)
        case ["not", inner]:
            return not holds(inner, values)
        case ["and", parts]:
            return all(holds(part, values) for part in parts)
        case ["or", parts]:
            return any(holds(part, values) for part in parts)
        case ["is", name]:
            return bool(values.get(name))
        case ["in", name, options]:
            return values.get(name) in options
        case [operator, name, wanted]:
            return compare(operator, values.get(name), wanted)
    raise ValueError(f"not a lowered condition: {when!r}")


def compare(operator: str, value: object, wanted: object) -> bool:
    """`==` and `!=` treat a missing value as one; ordering a missing value is false, as the language says."""
    if operator == "==":
        return value == wanted
    if operator == "!=":
        return value != wanted
    if not isinstance(value, int | float) or not isinstance(wanted, int | float):
        return False
    return {"<": value < wanted, "<=": value <= wanted, ">": value > wanted, ">=": value >= wanted}[operator]


def deciding(when: When) -> frozenset[str]:
    """The fields a condition depends on."""
    match when:
        case ["always", _]:
            return frozenset()
        case ["not", inner]:
            return deciding(inner)
        case ["and" | "or", parts]:
            return frozenset[str]().union(*(deciding(part) for part in parts))
        case [_, str(name), *_]:
            return frozenset({name})
    raise ValueError(f"not a lowered condition: {when!r}")


def _lower(ast: Ast, asked: frozenset[str], known: Mapping[str, object]) -> When | None:
    kind = ast[0]
    if kind in ("and", "or"):
        parts = [_lower(part, asked, known) for part in ast[2]]
        return None if any(part is None for part in parts) else [kind, parts]
    if kind == "not":
        inner = _lower(ast[2], asked, known)
        return None if inner is None else ["not", inner]
    if kind == "compare":
        return _comparison(ast, asked, known)
    if kind == "literal" and isinstance(ast[2], bool):
        return ["always", ast[2]]
    name = _field(ast, asked, known)
    return None if name is None else _settle(["is", name], asked, known)


def _comparison(ast: Ast, asked: frozenset[str], known: Mapping[str, object]) -> When | None:
    _, _, operator, left, right = ast
    name = _field(left, asked, known)
    if name is None:
        return None
    if operator == "in":
        if right[0] != "list" or any(one[0] != "literal" for one in right[2]):
            return None
        return _settle(["in", name, [one[2] for one in right[2]]], asked, known)
    return _settle([operator, name, right[2]], asked, known) if right[0] == "literal" else None


def _field(ast: Ast, asked: frozenset[str], known: Mapping[str, object]) -> str | None:
    path = path_of(ast)
    if len(path) == 2 and path[0] == "ticket" and (path[1] in asked or path[1] in known):
        return path[1]
    return None


def _settle(when: When, asked: frozenset[str], known: Mapping[str, object]) -> When:
    name: str = when[1]
    return when if name in asked else ["always", holds(when, known)]

"""Which outcomes conditions can have: tried over every declared option, true and false, and null.

What cannot be enumerated (people, dates, calls) is unknown, and a result that depends on it is unknown too, so
that "always", "never" and "both at once" are only said where they are certain.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import pairwise, product
from typing import Any

from domain.expressions.ast import Ast, children, names_read, path_of
from domain.expressions.operations import equal, is_number
from domain.expressions.types import Scope, Type

MOST_COMBINATIONS = 4096

Route = tuple[str, ...]
Limits = tuple[float | None, float | None]


class _Opaque:
    """A value about which nothing is known; `there`: except that it is not null."""

    __slots__ = ("there",)

    def __init__(self, *, there: bool) -> None:
        self.there = there


_UNKNOWN = _Opaque(there=False)
_SOMETHING = _Opaque(there=True)
_OTHER_TEXT = _Opaque(there=True)  # none of the texts that are written in the conditions
_ORDER: dict[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def outcomes(
    conditions: Sequence[Ast],
    scope: Scope,
    *,
    sure: frozenset[Route] = frozenset(),
    limits: Mapping[Route, Limits] | None = None,
    within: Mapping[Route, Iterable[Any]] | None = None,
) -> Iterator[tuple[Mapping[Route, Any], tuple[bool | None, ...]]]:
    """Each combination of values, with the outcome of each condition: True, False, or None where it is not known.

    `sure` are paths that are never null; `limits` are the least and largest value of numbers; `within` has all
    values of a path where fewer than the declared ones are possible.
    """
    domains: dict[Route, tuple[Any, ...]] = {}
    literals = [value for condition in conditions for value in _literals(condition)]
    read = frozenset[Route]().union(*map(names_read, conditions))
    for path in sorted(read | {longer[:length] for longer in read for length in range(2, len(longer))}):
        if within is not None and path in within:
            domains[path] = tuple(sorted(within[path]))
            continue
        found = _domain(_type_at(path, scope), literals, (limits or {}).get(path, (None, None)))
        if found:
            domains[path] = found if path in sure else (*found, None)
    count = 1
    tried: dict[Route, tuple[Any, ...]] = {}
    for path, domain in sorted(domains.items(), key=lambda item: (len(item[1]), item[0])):
        count *= len(domain)
        if count <= MOST_COMBINATIONS:
            tried[path] = domain
    for chosen in product(*tried.values()):
        values = dict(zip(tried, chosen, strict=True))
        yield values, tuple(_truth(_value(condition, values)) for condition in conditions)


ALWAYS: Ast = ("literal", 0, True)


def constant(condition: Ast, scope: Scope, **more: Any) -> bool | None:
    """True or False when the condition is that whatever the values are; otherwise None."""
    seen: set[bool | None] = set()
    for _, (outcome,) in outcomes([condition], scope, **more):
        seen.add(outcome)
        if None in seen or len(seen) > 1:
            return None
    return seen.pop() if seen else None


def constant_parts(condition: Ast, scope: Scope, **more: Any) -> Iterator[tuple[Ast, bool]]:
    """The outermost parts of a condition that are always, or never, true."""
    found = constant(condition, scope, **more)
    if found is not None:
        yield condition, found
    elif condition[0] in ("and", "or", "not", "if"):
        for part in [condition[2]] if condition[0] in ("not", "if") else condition[2]:
            yield from constant_parts(part, scope, **more)


def in_words(values: Mapping[Route, Any]) -> str:
    """The values that were tried, as an owner may write them: `ticket.kind is "a", ticket.major is true`."""
    shown = []
    for path, value in values.items():
        if value is None or not isinstance(value, _Opaque):
            written = (
                f'"{value}"' if isinstance(value, str) else "null" if value is None else str(value).lower()
            )
            shown.append(f"{'.'.join(path)} is {written}")
    return ", ".join(shown)


def _literals(ast: Ast) -> Iterator[Any]:
    if ast[0] == "literal":
        yield ast[2]
    elif ast[0] == "negate" and ast[2][0] == "literal" and is_number(ast[2][2]):
        yield -ast[2][2]
    for part in children(ast):
        yield from _literals(part)


def _type_at(path: Route, scope: Scope) -> Type | None:
    found = scope.names.get(path[0])
    for name in path[1:]:
        members = found.all_members() if found is not None and found.kind == "object" else None
        found = (members or {}).get(name)
    return found


def _domain(type_: Type | None, literals: Sequence[Any], limits: Limits) -> tuple[Any, ...]:
    if type_ is None:
        return ()
    if type_.kind == "boolean":
        return (True, False)
    if type_.options:
        return type_.options
    if type_.kind == "text":
        texts = [value for value in literals if isinstance(value, str)]
        return (*dict.fromkeys(texts), _OTHER_TEXT)
    if type_.kind == "number":
        return _numbers([value for value in literals if is_number(value)], limits)
    return () if type_.kind in ("any", "null", "list") else (_SOMETHING,)


def _numbers(literals: Sequence[float], limits: Limits) -> tuple[Any, ...]:
    """One number for each stretch between the numbers written down, and those numbers."""
    least, largest = limits
    marks = sorted({*literals, *(limit for limit in limits if limit is not None)})
    if not marks:
        return (_SOMETHING,)
    between = [(one + other) / 2 for one, other in pairwise(marks)]
    every = [marks[0] - 1, *marks, *between, marks[-1] + 1]
    return tuple(
        value
        for value in every
        if (least is None or value >= least) and (largest is None or value <= largest)
    )


def _truth(value: Any) -> bool | None:
    return None if isinstance(value, _Opaque) else value is True


def _value(ast: Ast, values: Mapping[Route, Any]) -> Any:
    match ast[0]:
        case "literal":
            return ast[2]
        case "duration":
            return _SOMETHING
        case "not":
            inner = _truth(_value(ast[2], values))
            return _UNKNOWN if inner is None else not inner
        case "and" | "or":
            return _joined(ast, values)
        case "compare":
            return _compared(ast, values)
        case "coalesce":
            left = _value(ast[2], values)
            if left is None:
                return _value(ast[3], values)
            return _UNKNOWN if left is _UNKNOWN else left
        case "if":
            truth = _truth(_value(ast[2], values))
            return _UNKNOWN if truth is None else _value(ast[3] if truth else ast[4], values)
        case "name" | "member" | "index":
            return _read(path_of(ast), values)
        case "negate":
            inner = _value(ast[2], values)
            return -inner if is_number(inner) and ast[2][0] == "literal" else _UNKNOWN
        case _:
            return _UNKNOWN


def _read(path: Route, values: Mapping[Route, Any]) -> Any:
    for length in range(2, len(path)):
        if values.get(path[:length], _UNKNOWN) is None:
            return None  # what is null has no members
    return values.get(path, _UNKNOWN)


def _joined(ast: Ast, values: Mapping[Route, Any]) -> Any:
    decides = ast[0] == "or"
    unknown = False
    for part in ast[2]:
        truth = _truth(_value(part, values))
        if truth is decides:
            return decides
        unknown = unknown or truth is None
    return _UNKNOWN if unknown else not decides


def _compared(ast: Ast, values: Mapping[Route, Any]) -> Any:
    _, _, how, left_ast, right_ast = ast
    left = _value(left_ast, values)
    if how == "in":
        if right_ast[0] != "list":
            return _UNKNOWN
        found = [_same(left, _value(item, values), left_ast, item) for item in right_ast[2]]
        return True if True in found else _UNKNOWN if None in found else False
    right = _value(right_ast, values)
    if how in ("==", "!="):
        same = _same(left, right, left_ast, right_ast)
        return _UNKNOWN if same is None else same is (how == "==")
    if left is None or right is None:
        return False
    if is_number(left) and is_number(right) and _written(left_ast, right_ast):
        return _ORDER[how](left, right)
    return _UNKNOWN


def _same(left: Any, right: Any, left_ast: Ast, right_ast: Ast) -> bool | None:
    if left is None and right is None:
        return True
    if left is None or right is None:
        other = right if left is None else left
        return None if other is _UNKNOWN else False
    if isinstance(left, _Opaque) or isinstance(right, _Opaque):
        other_text = (left is _OTHER_TEXT and isinstance(right, str)) or (
            right is _OTHER_TEXT and isinstance(left, str)
        )
        return False if other_text else None
    if is_number(left) and is_number(right) and not _written(left_ast, right_ast):
        return None
    return equal(left, right)


def _written(left: Ast, right: Ast) -> bool:
    """Whether one side is a number written down: only then do a few numbers stand for all of them."""
    return any(ast[0] in ("literal", "negate") for ast in (left, right))

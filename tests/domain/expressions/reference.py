"""A second, slow evaluator of expressions, written for clarity; the compiled ones must agree with it."""

from __future__ import annotations

import math
from datetime import date, datetime, time, timedelta
from typing import Any

from domain.durations import parse_duration
from domain.expressions import Functions

WHOLE = range(-(2**63), 2**63)


def evaluate(ast: Any, scope: dict[str, Any], functions: Functions) -> Any:  # noqa: C901  # a case per node
    """The value of a tree. Zone UTC only: there days are 24 hours."""
    kind = ast[0]

    def sub(part: Any, inner: dict[str, Any] | None = None) -> Any:
        return evaluate(part, scope if inner is None else inner, functions)

    match kind:
        case "literal":
            return ast[2]
        case "duration":
            return parse_duration(ast[2])
        case "name":
            return scope.get(ast[2])
        case "member":
            return _get(sub(ast[2]), ast[3])
        case "index":
            owner, key = sub(ast[2]), sub(ast[3])
            if isinstance(owner, list):
                return owner[int(key)] if _is_number(key) and key in range(len(owner)) else None
            return _get(owner, key) if isinstance(key, str) else None
        case "list":
            return [sub(element) for element in ast[2]]
        case "not":
            return sub(ast[2]) is not True
        case "and":
            return all(sub(operand) is True for operand in ast[2])
        case "or":
            return any(sub(operand) is True for operand in ast[2])
        case "if":
            return sub(ast[3]) if sub(ast[2]) is True else sub(ast[4])
        case "coalesce":
            left = sub(ast[2])
            return sub(ast[3]) if left is None else left
        case "compare":
            return _compare(ast[2], sub(ast[3]), sub(ast[4]))
        case "arithmetic":
            return _bounded(_arithmetic(ast[2], sub(ast[3]), sub(ast[4])))
        case "negate":
            value = sub(ast[2])
            return _bounded(-value) if _is_number(value) or isinstance(value, timedelta) else None
        case "call":
            return functions.functions[ast[2]].call(*map(sub, ast[3]))
        case "method":
            return functions.methods[ast[3]].call(sub(ast[2]), *map(sub, ast[4]))
        case "macro":
            return _macro(ast, sub(ast[2]), scope, functions)
    raise AssertionError(f"unknown node {kind}")


def _macro(ast: Any, elements: Any, scope: dict[str, Any], functions: Functions) -> Any:
    if not isinstance(elements, list):
        return None
    results = [evaluate(ast[5], {**scope, ast[4]: element}, functions) for element in elements]
    if ast[3] == "map":
        return results
    if ast[3] == "filter":
        return [element for element, result in zip(elements, results, strict=True) if result is True]
    return any(r is True for r in results) if ast[3] == "exists" else all(r is True for r in results)


def _get(owner: Any, name: str) -> Any:
    return owner.get(name) if isinstance(owner, dict) else None


def _is_number(value: Any) -> bool:
    return type(value) in (int, float)


def _family(value: Any) -> Any:
    if _is_number(value):
        return "number"
    for cls in (bool, str, datetime, date, time, timedelta, list):
        if isinstance(value, cls):
            return cls
    return type(value)


def _equal(left: Any, right: Any) -> bool:
    if _family(left) != _family(right):
        return False
    if isinstance(left, list):
        return len(left) == len(right) and all(_equal(a, b) for a, b in zip(left, right, strict=True))
    return bool(left == right)


def _compare(operator: str, left: Any, right: Any) -> bool:
    if operator == "in":
        return isinstance(right, list) and any(_equal(left, element) for element in right)
    if operator in ("==", "!="):
        return _equal(left, right) == (operator == "==")
    if _family(left) != _family(right) or _family(left) not in (
        "number",
        str,
        datetime,
        date,
        time,
        timedelta,
    ):
        return False
    answers = {"<": left < right, "<=": left <= right, ">": left > right, ">=": left >= right}
    return bool(answers[operator])


def _bounded(value: Any) -> Any:
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return None if type(value) is int and value not in WHOLE else value


def _arithmetic(operator: str, left: Any, right: Any) -> Any:
    try:
        return _calculate(operator, _family(left), _family(right), left, right)
    except (OverflowError, ValueError, ZeroDivisionError):
        return None


def _calculate(operator: str, a: Any, b: Any, left: Any, right: Any) -> Any:
    match operator, a, b:
        case "+", "number", "number":
            return left + right
        case "-", "number", "number":
            return left - right
        case "*", "number", "number":
            return left * right
        case "/", "number", "number":
            exact = type(left) is type(right) is int and left % right == 0
            return left // right if exact else left / right
        case "%", "number", "number":
            both_whole = type(left) is type(right) is int
            sign = -1 if left < 0 else 1
            return sign * (abs(left) % abs(right)) if both_whole else math.fmod(left, right)
    if operator == "+" and a is b is str:
        return left + right
    if operator == "+" and a is b is list:
        return left + right
    if operator == "+" and a is timedelta and b in (date, datetime):
        return _shift(right, left)
    if operator in "+-" and b is timedelta and a in (date, datetime):
        return _shift(left, right if operator == "+" else -right)
    if a is b is timedelta and operator in "+-":
        return left + right if operator == "+" else left - right
    if operator == "-" and a is b and a in (date, datetime):
        return left - right
    if operator == "*" and {a, b} == {"number", timedelta}:
        return left * right
    if operator == "/" and a is timedelta and b in ("number", timedelta):
        return left / right
    return None


def _shift(start: Any, duration: timedelta) -> Any:
    if isinstance(start, datetime):
        return (
            start + timedelta(seconds=duration.total_seconds())
            if duration.microseconds == 0
            else start + duration
        )
    return start + duration if duration % timedelta(days=1) == timedelta() else None

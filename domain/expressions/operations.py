"""What the operators do. Total: every question has an answer, and nonsense has null.

`==` and `!=` treat null as a value; `< <= > >=` of null or of different kinds are false; arithmetic with
null, with what does not fit, by zero or out of range is null.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from domain.durations import LocalDuration
from domain.local_time import add_duration

SMALLEST_WHOLE, LARGEST_WHOLE = -(2**63), 2**63 - 1
LONGEST_TEXT = 100_000
LONGEST_LIST = 10_000
_DAY = timedelta(days=1)


def is_number(value: object) -> bool:
    """Whole or decimal; true and false are no numbers."""
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def is_moment(value: object) -> bool:
    """A date and time with its zone."""
    return isinstance(value, datetime) and value.tzinfo is not None


def is_date(value: object) -> bool:
    """A day without a time."""
    return isinstance(value, date) and not isinstance(value, datetime)


def number(value: Any) -> int | float | None:
    """The number, or null when it is out of range or none."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    return value if SMALLEST_WHOLE <= value <= LARGEST_WHOLE else None


def member(value: Any, name: str) -> Any:
    """A member of an object; null of anything else."""
    return value.get(name) if hasattr(value, "get") else None


def index(value: Any, key: Any) -> Any:
    """An element of a list by position (0 first), a member of an object by name; otherwise null."""
    if isinstance(value, (list, tuple)):
        if is_number(key) and 0 <= key < len(value) and key == int(key):
            return value[int(key)]  # 1.0 is 1, here as everywhere
        return None
    return member(value, key) if isinstance(key, str) else None


def equal(left: Any, right: Any) -> bool:
    """Whether two values are the same; 1 and 1.0 are, true and 1 are not."""
    if left is right:
        return True
    if left is None or right is None:
        return False
    if isinstance(left, bool) or isinstance(right, bool):
        return False  # true and false are single objects
    if isinstance(left, (list, tuple)) and isinstance(right, (list, tuple)):
        return len(left) == len(right) and all(map(equal, left, right))
    return (left == right) is True


def contains(value: Any, sequence: Any) -> bool:
    """`value in sequence`; false when there is no list."""
    return isinstance(sequence, (list, tuple)) and any(equal(value, element) for element in sequence)


def _order_kind(value: Any) -> int:
    if is_number(value):
        return 1
    for kind, cls in enumerate((str, datetime, date, time, timedelta), 2):
        if isinstance(value, cls):
            return kind
    return 0


def ordered(left: Any, right: Any) -> bool:
    """Whether two values have an order."""
    kind = _order_kind(left)
    if kind == 0 or kind != _order_kind(right):
        return False
    return kind not in (3, 5) or (left.tzinfo is None) == (right.tzinfo is None)


def less(left: Any, right: Any) -> bool:
    """`left < right`; false when they have no order."""
    return ordered(left, right) and bool(left < right)


def less_or_equal(left: Any, right: Any) -> bool:
    """`left <= right`; false when they have no order."""
    return ordered(left, right) and bool(left <= right)


def add(left: Any, right: Any, zone: ZoneInfo) -> Any:
    """Numbers, texts, lists, durations; a moment or a date and a duration, either way round."""
    if is_number(left) and is_number(right):
        return number(left + right)
    if isinstance(left, str) and isinstance(right, str):
        return left + right if len(left) + len(right) <= LONGEST_TEXT else None
    if isinstance(left, (list, tuple)) and isinstance(right, (list, tuple)):
        return [*left, *right] if len(left) + len(right) <= LONGEST_LIST else None
    if isinstance(left, timedelta) and not isinstance(right, timedelta):
        left, right = right, left
    if isinstance(right, timedelta):
        return _later(left, right, zone)
    return None


def subtract(left: Any, right: Any, zone: ZoneInfo) -> Any:
    """Numbers, durations; between two moments or dates a duration; a moment or a date less a duration."""
    if is_number(left) and is_number(right):
        return number(left - right)
    if isinstance(right, timedelta):
        return attempt(lambda: _later(left, -right, zone))
    if (is_moment(left) and is_moment(right)) or (is_date(left) and is_date(right)):
        return left - right
    return None


def _later(start: Any, duration: timedelta, zone: ZoneInfo) -> Any:
    if isinstance(start, timedelta):
        return attempt(lambda: start + duration)
    if is_moment(start):
        return attempt(lambda: add_duration(start, duration, zone))
    if is_date(start):
        days, rest = divmod(duration, _DAY)
        return None if rest else attempt(lambda: start + timedelta(days=days))
    return None


def multiply(left: Any, right: Any) -> Any:
    """Numbers; a duration and a number, either way round."""
    if is_number(left) and is_number(right):
        return attempt(lambda: number(left * right))
    if isinstance(left, timedelta) and is_number(right):
        left, right = right, left
    if is_number(left) and isinstance(right, timedelta):
        if isinstance(right, LocalDuration) and isinstance(left, int):
            return attempt(lambda: LocalDuration(right.local_days * left, right.rest * left))
        return attempt(lambda: left * right)
    return None


def divide(left: Any, right: Any) -> Any:
    """Numbers, whole where it divides evenly; a duration by a number, or by a duration (a number)."""
    if is_number(left) and is_number(right):
        if isinstance(left, int) and isinstance(right, int) and right and left % right == 0:
            return number(left // right)
        return attempt(lambda: number(left / right))
    if isinstance(left, timedelta) and (is_number(right) or isinstance(right, timedelta)):
        return attempt(lambda: left / right)
    return None


def remainder(left: Any, right: Any) -> Any:
    """What is left after dividing, with the sign of the left number, as in CEL."""
    if not (is_number(left) and is_number(right)) or not right:
        return None
    if isinstance(left, int) and isinstance(right, int):
        return abs(left) % abs(right) * (-1 if left < 0 else 1)
    return attempt(lambda: number(math.fmod(left, right)))


def negate(value: Any) -> Any:
    """The negative of a number or a duration."""
    if is_number(value):
        return number(-value)
    return attempt(lambda: -value) if isinstance(value, timedelta) else None


def total(values: Sequence[Any], zone: ZoneInfo) -> Any:
    """The sum of numbers or durations; 0 of nothing, null when one of them is null."""
    result: Any = 0
    for position, value in enumerate(values):
        if not is_number(value) and not isinstance(value, timedelta):
            return None
        result = value if position == 0 else add(result, value, zone)
    return result


def attempt(work: Callable[[], Any]) -> Any:
    """The result, or null when it is out of the range of numbers, durations or dates."""
    try:
        return work()
    except (OverflowError, ValueError, ZeroDivisionError):
        return None

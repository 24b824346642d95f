"""Durations as people write them: `30m`, `1h30m`, `2d`, `2w`; days are local days where a zone is known."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any, Self

UNITS = ("w", "d", "h", "m", "s")
LONGEST = timedelta(days=36_525)  # a hundred years: longer ones are slips of the keyboard
_SECONDS = {"w": 604_800, "d": 86_400, "h": 3_600, "m": 60, "s": 1}
_PATTERN = re.compile(
    r"(?:(?P<w>\d{1,9})w)?(?:(?P<d>\d{1,9})d)?(?:(?P<h>\d{1,9})h)?(?:(?P<m>\d{1,9})m)?"
    r"(?:(?P<s>\d{1,12})(?:\.(?P<fraction>\d{1,6}))?s)?",
    re.ASCII,
)


class LocalDuration(timedelta):
    """A duration written with days (`14d`, `1w`): as a value 24 hours each, added to a moment local days.

    `moment + 14d` keeps the wall time across a clock change, `moment + 336h` does not
    (`domain.local_time.add_duration`). It equals the plain timedelta of the same length.
    """

    local_days: int
    rest: timedelta

    def __new__(cls, local_days: int, rest: timedelta = timedelta()) -> Self:
        total = timedelta(days=local_days) + rest
        self = super().__new__(cls, total.days, total.seconds, total.microseconds)
        self.local_days = local_days
        self.rest = rest
        return self

    def __neg__(self) -> LocalDuration:
        return LocalDuration(-self.local_days, -self.rest)

    def __add__(self, other: object) -> timedelta:
        if isinstance(other, LocalDuration):
            return LocalDuration(self.local_days + other.local_days, self.rest + other.rest)
        if isinstance(other, timedelta):
            return LocalDuration(self.local_days, self.rest + other)
        return NotImplemented

    __radd__ = __add__

    def __sub__(self, other: object) -> timedelta:
        return self + -other if isinstance(other, timedelta) else NotImplemented

    def __rsub__(self, other: object) -> timedelta:
        return -self + other if isinstance(other, timedelta) else NotImplemented

    def __reduce__(self) -> tuple[Any, ...]:
        return LocalDuration, (self.local_days, self.rest)


def parse_duration_parts(text: str) -> dict[str, int]:
    """`2d3h` → `{"d": 2, "h": 3}`. Raises ValueError, in words for the author, on anything else."""
    found = _match(text)
    if found["fraction"]:
        raise ValueError(_hint(text))
    return {unit: int(number) for unit in UNITS if (number := found[unit]) is not None}


def parse_duration(text: str) -> timedelta:
    """The length of `1h30m`, `2d` (24 hours each, a LocalDuration), `-4h`, `1.5s`. Raises ValueError."""
    negative = text.startswith("-")
    found = _match(text[1:] if negative else text)
    seconds = sum(_SECONDS[unit] * int(found[unit] or 0) for unit in ("h", "m", "s"))
    rest = timedelta(seconds=seconds, microseconds=int((found["fraction"] or "0").ljust(6, "0")))
    value: timedelta = rest
    if found["w"] or found["d"]:
        value = LocalDuration(7 * int(found["w"] or 0) + int(found["d"] or 0), rest)
    return -value if negative else value


def format_duration(duration: timedelta) -> str:
    """`1h30m`; only what was written in days is given back in days, since a working day is not 24 hours."""
    if isinstance(duration, LocalDuration) and duration.local_days:
        days, rest = duration.local_days, duration.rest
        if days > 0 and rest >= timedelta():
            return f"{days}d{_clock(rest) if rest else ''}"
        if days < 0 and rest <= timedelta():
            return f"-{-days}d{_clock(-rest) if rest else ''}"
    return _clock(duration) if duration >= timedelta() else f"-{_clock(-duration)}"


def _clock(duration: timedelta) -> str:
    seconds = duration.days * 86_400 + duration.seconds
    hours, minutes, seconds = seconds // 3_600, seconds // 60 % 60, seconds % 60
    text = (f"{hours}h" if hours else "") + (f"{minutes}m" if minutes else "")
    if duration.microseconds:
        fraction = f"{duration.microseconds:06d}".rstrip("0")
        return f"{text}{seconds}.{fraction}s"
    return f"{text}{seconds}s" if seconds or not text else text


def _match(text: str) -> dict[str, str | None]:
    found = _PATTERN.fullmatch(text)
    if not text or found is None:
        raise ValueError(_hint(text))
    groups = found.groupdict()
    seconds = sum(_SECONDS[unit] * int(groups[unit] or 0) for unit in UNITS)
    if seconds > LONGEST.total_seconds():
        raise ValueError(f'"{text}" is longer than a hundred years')
    return groups


def _hint(text: str) -> str:
    how = "write numbers with w, d, h, m or s, the largest first, such as 30m, 1h30m or 2d"
    if text.isdecimal():
        return f'"{text}" has no unit: write {text}s, {text}m, {text}h or {text}d'
    if re.fullmatch(r"\d+ ?(mo|mon|months?|y|yr|years?)", text):
        return f'"{text}" is not a duration, since months differ in length: {how}; or use add_months(…)'
    return f'"{text[:40]}" is not a duration: {how}'

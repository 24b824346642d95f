"""Times in words: how long, how long ago, and when, in the reader's language and zone."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from web.texts import Texts

_MINUTE, _HOUR, _DAY = 60, 3_600, 86_400
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_UNITS = (("d", _DAY), ("h", _HOUR), ("min", _MINUTE))


def zone_of(name: str) -> ZoneInfo:
    """A time zone by its name; UTC when the name is not known here."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")


def span(seconds: float, texts: Texts, *, parts: int = 2) -> str:
    """`38 min`, `6 h`, `1 d 4 h`: at most `parts` units, rounded down; under a minute is said so."""
    rest = int(abs(seconds))
    if rest < _MINUTE:
        return texts("time.moment")
    words: list[str] = []
    for unit, length in _UNITS:
        n, left = divmod(rest, length)
        if n:
            words.append(texts(f"time.{unit}", n=n))
            rest = left
        elif words:
            break
        if len(words) == parts:
            break
    return " ".join(words)


def ago(at: datetime, now: datetime, texts: Texts) -> str:
    """`12 min ago`, `in 3 h`."""
    seconds = (at - now).total_seconds()
    if abs(seconds) < _MINUTE:
        return texts("time.now")
    words = span(seconds, texts, parts=1 if abs(seconds) > _DAY else 2)
    return texts("time.in" if seconds > 0 else "time.ago", span=words)


def moment(at: datetime, now: datetime, zone: ZoneInfo, texts: Texts) -> str:
    """A time as short as it can be: `18:50`, `Mon 13:50`, `3 Dec 09:00`."""
    local, today = at.astimezone(zone), now.astimezone(zone)
    clock = f"{local:%H:%M}"
    days = (local.date() - today.date()).days
    if days == 0:
        return clock
    if days in (-1, 1):
        return f"{texts('time.yesterday' if days < 0 else 'time.tomorrow')} {clock}"
    if abs(days) < 7:
        return f"{texts(f'time.weekday.{local.isoweekday()}')} {clock}"
    return f"{_date(local, texts, with_year=local.year != today.year)} {clock}"


def full(at: datetime, zone: ZoneInfo, texts: Texts) -> str:
    """The whole of it, with the zone: what hovering shows."""
    local = at.astimezone(zone)
    weekday = texts(f"time.weekday.{local.isoweekday()}")
    return (
        f"{weekday} {_date(local, texts, with_year=True)} {local:%H:%M:%S} ({zone.key}, UTC{_offset(local)})"
    )


def _date(local: datetime, texts: Texts, *, with_year: bool) -> str:
    if texts.locale == "zh-CN":
        return (f"{local.year}年" if with_year else "") + f"{local.month}月{local.day}日"
    return f"{local.day} {_MONTHS[local.month - 1]}" + (f" {local.year}" if with_year else "")


def _offset(local: datetime) -> str:
    minutes = int((local.utcoffset() or timedelta()).total_seconds() // 60)
    return f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60}:{abs(minutes) % 60:02d}"

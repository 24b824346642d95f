"""Wall time and instants: one reading of skipped and repeated hours for the whole product."""

from __future__ import annotations

import difflib
import re
from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

from domain.durations import LocalDuration

_WEEKLY = re.compile(r"(mon|tue|wed|thu|fri|sat|sun) ([01]\d|2[0-3]):([0-5]\d)")
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_SECOND = timedelta(seconds=1)


@lru_cache(maxsize=256)
def zone_named(name: str) -> ZoneInfo:
    """The time zone of an IANA name such as `Asia/Shanghai`. Raises ValueError with a suggestion."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # not known, malformed, or the name of a folder of zones
        offset = re.fullmatch(r"(UTC|GMT)? ?[+-] ?\d.*", name)  # "UTC" is near to "UTC+8" and another time
        close = [] if offset else difflib.get_close_matches(name, available_timezones(), n=1)
        hint = f'; did you mean "{close[0]}"?' if close else ": write a name such as Asia/Shanghai"
        raise ValueError(f'unknown time zone "{name}"{hint}') from None


def instant(wall: datetime, zone: ZoneInfo) -> datetime:
    """The UTC instant of a naive wall time.

    In a repeated hour the first of the two; in a skipped hour (or day) the first instant after the gap.
    Raises OverflowError at the ends of the calendar.
    """
    before = wall.replace(tzinfo=zone, fold=0)
    moment = before.astimezone(UTC)
    if moment.astimezone(zone).replace(tzinfo=None) == wall:
        return moment
    # The wall time does not exist: the switch lies between its readings with the new and the old offset.
    low, high = wall.replace(tzinfo=zone, fold=1).astimezone(UTC), moment
    old = low.astimezone(zone).utcoffset()
    while high - low > _SECOND:
        middle = low + (high - low) / 2
        if middle.astimezone(zone).utcoffset() == old:
            low = middle
        else:
            high = middle
    return high.replace(microsecond=0)


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """The instant at which a local day begins."""
    return instant(datetime.combine(day, time()), zone)


def wall_time(moment: datetime, zone: ZoneInfo) -> datetime:
    """The naive wall time people of the zone read at an instant."""
    return moment.astimezone(zone).replace(tzinfo=None)


def add_duration(moment: datetime, duration: timedelta, zone: ZoneInfo) -> datetime:
    """A moment later (or earlier), in UTC: days of a LocalDuration keep the wall time, all else is exact."""
    if not isinstance(duration, LocalDuration) or not duration.local_days:
        return moment.astimezone(UTC) + duration  # in any other zone Python would add wall time
    return instant(wall_time(moment, zone) + timedelta(days=duration.local_days), zone) + duration.rest


def add_months(moment: datetime, months: int, zone: ZoneInfo) -> datetime:
    """The same wall time months later; the last day of the month where the day does not exist."""
    wall = wall_time(moment, zone)
    return instant(datetime.combine(add_months_to_date(wall.date(), months), wall.time()), zone)


def add_months_to_date(day: date, months: int) -> date:
    """The same day months later; 31 January and one month is the end of February."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if not 1 <= year <= 9999:
        raise OverflowError("date out of range")
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def written_moment(text: str, *, until: bool = False) -> datetime | None:
    """The wall time people write: `2026-11-08 18:00`, or a day, which is its beginning; None for anything else.

    With `until`, a day counts to its end.
    """
    try:
        if len(text) == 10:
            return datetime.strptime(text, "%Y-%m-%d") + timedelta(days=until)
        return datetime.strptime(text, "%Y-%m-%d %H:%M")
    except ValueError:
        return None


def weekly_moment(text: str) -> timedelta | None:
    """`sat 22:00` as the time since the beginning of a Monday; None for anything else."""
    found = _WEEKLY.fullmatch(text)
    if found is None:
        return None
    return timedelta(days=WEEKDAYS.index(found[1]), hours=int(found[2]), minutes=int(found[3]))

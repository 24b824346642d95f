"""Working time counted minute by minute, straight from a calendar's definition."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import accumulate
from zoneinfo import ZoneInfo

from domain.calendars import CalendarDef, HolidayYears

MINUTE = timedelta(minutes=1)
DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


class FakeHolidays:
    """Public holidays as the test says."""

    def __init__(
        self, closed: Mapping[date, str] | None = None, working: frozenset[date] = frozenset()
    ) -> None:
        self.closed = dict(closed or {})
        self.working = working

    def days(self, country: str, subdivision: str | None, years: range) -> HolidayYears:
        if country != "XX":
            raise ValueError(f'no public holidays are known for the country "{country}"')
        return HolidayYears(
            {day: name for day, name in self.closed.items() if day.year in years}, self.working
        )


class SlowCalendar:
    """The open minutes of a few days around a date, found by looking at every minute's wall clock."""

    def __init__(self, defn: CalendarDef, holidays: FakeHolidays, around: date, days: int) -> None:
        self._minutes, self._latest = _wall_clock(defn.time_zone, around, days + 3)
        self.open: set[datetime] = set()
        day = around - timedelta(days=days + 2)
        while day <= around + timedelta(days=days + 1):
            for start, end in _hours(defn, holidays, day):
                midnight = datetime.combine(day, time())
                opening = self._first_at(midnight + start * MINUTE)
                closing = self._first_at(midnight + end * MINUTE)
                self.open |= {opening + number * MINUTE for number in range((closing - opening) // MINUTE)}
            day += timedelta(days=1)
        self._in_order = sorted(self.open)

    def _first_at(self, wall: datetime) -> datetime:
        """The first minute at which the wall clock shows this time or, where it is skipped, a later one."""
        place = bisect_left(self._latest, wall)
        assert place < len(self._minutes), "the window of the reference is too small"
        return self._minutes[place]

    def worked(self, start: datetime, end: datetime) -> timedelta:
        """Both on whole minutes."""
        return sum(start <= minute < end for minute in self._in_order) * MINUTE

    def due(self, start: datetime, amount: timedelta, until: datetime) -> datetime | None:
        """The end of the minute in which the amount is reached; None when that is not before `until`."""
        minutes = [minute for minute in self._in_order if start <= minute < until][: amount // MINUTE]
        if len(minutes) < amount // MINUTE:
            return None
        return minutes[-1] + MINUTE if minutes else start


@lru_cache(maxsize=64)
def _wall_clock(zone: str, around: date, days: int) -> tuple[list[datetime], list[datetime]]:
    """Every minute from so many days before a date to as many after, and the latest that clocks on the wall showed."""
    first, place = datetime.combine(around - timedelta(days=days), time(), UTC), ZoneInfo(zone)
    minutes = [first + number * MINUTE for number in range(2 * days * 1440)]
    return minutes, [*accumulate((minute.astimezone(place).replace(tzinfo=None) for minute in minutes), max)]


def _hours(defn: CalendarDef, holidays: FakeHolidays, day: date) -> list[tuple[int, int]]:
    week: dict[str, str] = {}
    for key, text in defn.week.items():
        first, _, last = key.partition("-")
        place = DAYS.index(first)
        while True:
            week[DAYS[place % 7]] = text
            if DAYS[place % 7] == (last or first):
                break
            place += 1
    text = week.get(DAYS[day.weekday()], "closed")
    if defn.holidays:
        if day in holidays.working and text == "closed":
            text = week.get("mon", "closed")
        if day in holidays.closed:
            text = "closed"
    if day in defn.closed:
        text = "closed"
    text = defn.open.get(day, text)
    if text in ("closed", "24h"):
        return [(0, 1440)] if text == "24h" else []
    hours = []
    for part in text.split(","):
        start, end = (60 * int(edge[:2]) + int(edge[3:]) for edge in part.strip().split("-"))
        hours.append((start, end if end > start else end + 1440))
    return hours

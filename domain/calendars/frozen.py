"""Frozen calendars: opening hours as absolute UTC intervals, so that no update moves a promised deadline."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import accumulate
from typing import Any, Literal, TypeAlias
from zoneinfo import ZoneInfo

from domain.calendars.definition import Text
from domain.calendars.hours import DAY, Hours, Week
from domain.local_time import instant, midnight, wall_time, zone_named

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
SEARCH_YEARS = 100  # how far beyond a moment openings are looked for; then the calendar is taken to be closed
_DAY = timedelta(days=1)
Spans: TypeAlias = tuple[tuple[int, int], ...]  # [start, end) in microseconds since 1970, UTC


@dataclass(frozen=True, slots=True)
class Closure:
    """Why a calendar is closed: outside its hours, a holiday, or a date its owner closed; with the name."""

    kind: Literal["outside_hours", "holiday", "closed"]
    name: Text | None = None


OUTSIDE_HOURS = Closure("outside_hours")


class Block:
    """A stretch of time with its open spans, ready for searching; blocks of a calendar follow one another."""

    __slots__ = ("_totals", "end", "ends", "start", "starts")

    def __init__(self, start: int, end: int, spans: Spans) -> None:
        self.start, self.end = start, end
        self.starts = [span[0] for span in spans]
        self.ends = [span[1] for span in spans]
        self._totals = list(accumulate((end - start for start, end in spans), initial=0))

    def worked_until(self, at: int) -> int:
        """Open microseconds from the start of the block to a moment."""
        place = bisect_right(self.starts, at) - 1
        if place < 0:
            return 0
        return self._totals[place] + min(at, self.ends[place]) - self.starts[place]

    def spans_from(self, at: int) -> Iterator[tuple[int, int]]:
        """The span a moment lies in, or the next one, and those after it."""
        for place in range(bisect_right(self.ends, at), len(self.ends)):
            yield self.starts[place], self.ends[place]

    @property
    def total(self) -> int:
        """Open microseconds of the whole block."""
        return self._totals[-1]

    def reached(self, worked: int) -> int:
        """The earliest moment at which so many microseconds (more than 0, at most `total`) are worked."""
        place = bisect_left(self._totals, worked) - 1
        return self.starts[place] + worked - self._totals[place]


@dataclass(frozen=True)
class FrozenCalendar:
    """Opening hours from `first` to `until` (local dates, `until` not included) as UTC spans.

    Before and after, weekly hours apply (see `beyond_horizon`). `closures` are the closed dates and why.
    Plain values: equal when they say the same, and `to_json` is canonical.
    """

    time_zone: str
    week: Week
    first: date
    until: date
    spans: Spans
    closures: tuple[tuple[date, Closure], ...] = field(default=(), hash=False)
    whole_days: bool = False
    always: bool = False
    zone: ZoneInfo = field(init=False, repr=False, compare=False)
    _block: Block = field(init=False, repr=False, compare=False)
    _reasons: Mapping[date, Closure] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        put = object.__setattr__  # the derived parts of a frozen value
        put(self, "zone", zone_named(self.time_zone))
        start, end = to_micros(midnight(self.first, self.zone)), to_micros(midnight(self.until, self.zone))
        put(self, "_block", Block(start, end, self.spans))
        put(self, "_reasons", dict(self.closures))

    def beyond_horizon(self, moment: datetime) -> bool:
        """Whether a moment lies outside the frozen years, so that only weekly hours are known for it."""
        return not self.always and not self._block.start <= to_micros(moment) < self._block.end

    def closure_on(self, day: date) -> Closure:
        """Why a local date is closed as a whole; otherwise OUTSIDE_HOURS."""
        return self._reasons.get(day, OUTSIDE_HOURS)

    def blocks_from(self, at: int) -> Iterator[Block]:
        """The block in which a moment lies and those after it, for SEARCH_YEARS; none once it never opens."""
        block: Block | None = self._block_at(at)
        limit = at + SEARCH_YEARS * 366 * 86_400_000_000
        while block is not None and block.start <= limit:
            yield block
            if block.end >= self._block.end and not any(self.week):
                return
            block = self._block_at(block.end)

    def _block_at(self, at: int) -> Block | None:
        if self._block.start <= at < self._block.end:
            return self._block
        try:
            year = wall_time(from_micros(at), self.zone).year
            first, until = date(year, 1, 1), date(year + 1, 1, 1)
            if at >= self._block.end:
                first = max(first, self.until)
            else:
                until = min(until, self.first)
            return _weekly_block(self.time_zone, self.week, first, until)
        except (OverflowError, ValueError):  # the end of the calendar
            return None

    # ---- as JSON

    def to_json(self) -> dict[str, Any]:
        """Canonical plain data: `spans` are alternating gaps and lengths in `unit` seconds, from 1970 on."""
        seconds = [moment // 1_000_000 for span in self.spans for moment in span]
        unit = 60 if all(second % 60 == 0 for second in seconds) else 1
        steps = [second // unit for second in seconds]
        return {
            "time_zone": self.time_zone,
            "week": [[list(part) for part in hours] for hours in self.week],
            "first": self.first.isoformat(),
            "until": self.until.isoformat(),
            "unit": unit,
            "spans": [step - before for before, step in zip([0, *steps], steps, strict=False)],
            "closures": {day.isoformat(): [why.kind, why.name] for day, why in self.closures},
            "whole_days": self.whole_days,
            "always": self.always,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> FrozenCalendar:
        """What `to_json` gave. Raises KeyError, TypeError or ValueError for anything else."""
        unit = data["unit"] * 1_000_000
        moments = [step * unit for step in accumulate(data["spans"])]
        return cls(
            time_zone=data["time_zone"],
            week=tuple(tuple((start, end) for start, end in hours) for hours in data["week"]),
            first=date.fromisoformat(data["first"]),
            until=date.fromisoformat(data["until"]),
            spans=tuple(zip(moments[::2], moments[1::2], strict=True)),
            closures=tuple(
                (date.fromisoformat(day), Closure(kind, name))
                for day, (kind, name) in data["closures"].items()
            ),
            whole_days=data["whole_days"],
            always=data["always"],
        )


def to_micros(moment: datetime) -> int:
    """Microseconds since 1970; raises TypeError for a moment without a zone."""
    return (moment - EPOCH) // MICROSECOND


def from_micros(micros: int) -> datetime:
    """The moment in UTC. Raises OverflowError past the year 9999."""
    return EPOCH + timedelta(microseconds=micros)


def spans_of(days: Iterable[tuple[date, Hours]], zone: ZoneInfo) -> Spans:
    """The hours of dates in order as UTC spans, merged where they touch; skipped hours leave empty ones."""
    spans: list[tuple[int, int]] = []
    for day, hours in days:
        if not hours:
            continue
        wall = datetime.combine(day, time())
        for start_minute, end_minute in hours:
            start = to_micros(instant(wall + timedelta(minutes=start_minute), zone))
            end = to_micros(instant(wall + timedelta(minutes=end_minute), zone))
            if spans and start <= spans[-1][1]:
                start = spans[-1][0]
                end = max(end, spans.pop()[1])
            spans.append((start, end))
    return tuple(spans)


def clipped(spans: Spans, start: int, end: int) -> Spans:
    """The parts of spans inside [start, end), without empty ones."""
    inside = ((max(span[0], start), min(span[1], end)) for span in spans)
    return tuple(span for span in inside if span[0] < span[1])


def dates(first: date, until: date) -> Iterator[date]:
    """Every date from `first` to the day before `until`."""
    return (first + timedelta(days=number) for number in range((until - first).days))


@lru_cache(maxsize=512)
def _weekly_block(time_zone: str, week: Week, first: date, until: date) -> Block:
    """Weekly hours alone, for the years nobody froze."""
    zone = zone_named(time_zone)
    start, end = to_micros(midnight(first, zone)), to_micros(midnight(until, zone))
    days = ((day, week[day.weekday()]) for day in dates(first - _DAY, until))
    return Block(start, end, clipped(spans_of(days, zone), start, end))


ALWAYS = FrozenCalendar(
    time_zone="UTC",
    week=(((0, DAY),),) * 7,
    first=date(1970, 1, 1),
    until=date(1970, 1, 2),
    spans=((0, 86_400_000_000),),
    whole_days=True,
    always=True,
)

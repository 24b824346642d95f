"""Working time on every day of 2025 to 2027 on which clocks change, in every time zone, against counting minutes."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from domain.calendars import CalendarDef, due, freeze, is_open, worked
from tests.domain.calendar_reference import MINUTE, FakeHolidays, SlowCalendar

FIRST, LAST = datetime(2025, 1, 1, tzinfo=UTC), datetime(2028, 1, 1, tzinfo=UTC)
STEP = timedelta(days=5)  # nowhere do clocks change and change back within it
DAYS = 0  # besides the day of the switch and its neighbours
WEEKS = [
    {"mon-sun": "22:00-06:00"},
    {"mon-sun": "00:30-01:15, 02:30-04:00, 09:00-12:00"},
    {"mon-sun": "01:30-03:10, 23:30-24:00"},
    {"mon-sun": "00:15-00:45, 02:10-02:50, 02:50-03:20"},
]
Change = tuple[datetime, timedelta | None, timedelta | None]  # when, and the offsets before and after
Switch = tuple[str, datetime]  # a zone, and the instant at which its clocks change


def switches_of(zone: ZoneInfo) -> tuple[Change, ...]:
    """Every change of the offset, to the minute."""
    found = []
    at = FIRST
    while at < LAST:
        later = at + STEP
        if at.astimezone(zone).utcoffset() != later.astimezone(zone).utcoffset():
            low, high = 0, STEP // MINUTE
            while high - low > 1:
                middle = (low + high) // 2
                same = (at + middle * MINUTE).astimezone(zone).utcoffset() == at.astimezone(zone).utcoffset()
                low, high = (middle, high) if same else (low, middle)
            offsets = at.astimezone(zone).utcoffset(), later.astimezone(zone).utcoffset()
            found.append((at + high * MINUTE, *offsets))
        at = later
    return tuple(found)


@cache
def every_switch() -> tuple[Switch, ...]:
    """One zone for each way in which clocks change, with each of its switches."""
    ways: dict[tuple[Change, ...], str] = {}
    for name in sorted(available_timezones() - {"localtime"}):
        ways.setdefault(switches_of(ZoneInfo(name)), name)
    return tuple((name, switch[0]) for way, name in ways.items() for switch in way)


def test_every_way_to_change_clocks_is_found() -> None:
    zones = {zone for zone, _ in every_switch()}
    assert len(zones) > 25
    assert len(every_switch()) > 6 * 25
    assert {"Africa/Cairo", "Antarctica/Troll", "Australia/LHI"} <= zones


def test_working_time_over_every_switch_agrees_with_counting_minutes() -> None:
    for number, (zone, switch) in enumerate(every_switch()):
        around = switch.astimezone(ZoneInfo(zone)).date()
        turn = (
            number // 2
        )  # forward and back: a zone sees most weeks both ways, with an exception and without
        plain: dict[str, object] = {"time_zone": zone, "week": WEEKS[turn % len(WEEKS)]}
        changed = {"time_zone": zone, "week": WEEKS[(turn + 2) % len(WEEKS)], **exceptions(turn, around)}
        for parts in (plain, changed):
            agree(CalendarDef.model_validate(parts), around, switch)


def agree(defn: CalendarDef, around: date, switch: datetime) -> None:
    """A calendar around a switch, and the reference, say the same; measuring undoes adding; parts add up."""
    calendar = freeze(defn, FakeHolidays(), around, years=1)
    slow = SlowCalendar(defn, FakeHolidays(), around, DAYS)
    start, end = switch - timedelta(hours=20), switch + timedelta(hours=12)
    whole = worked(calendar, start, end)
    for minutes in (-7, 0, 7, 61):
        moment = switch + minutes * MINUTE
        assert is_open(calendar, moment) == (moment in slow.open), (defn, moment)
        assert worked(calendar, start, moment) == slow.worked(start, moment), (defn, moment)
        assert worked(calendar, start, moment) + worked(calendar, moment, end) == whole, (defn, moment)
    assert whole == slow.worked(start, end), defn
    for amount in {0, min(1, whole // MINUTE), whole // MINUTE // 2, whole // MINUTE}:
        expected = slow.due(start, amount * MINUTE, end + MINUTE)
        assert expected is not None, (defn, amount)
        assert due(calendar, start, amount * MINUTE) == expected, (defn, amount)
        assert worked(calendar, start, expected) == amount * MINUTE, (defn, amount)


def exceptions(number: int, around: date) -> dict[str, object]:
    """The day itself, or the day before, is closed, has hours of its own, or is open all day."""
    before = around - timedelta(days=1)
    ways: list[dict[str, object]] = [
        {"closed": {around: "stock-taking"}},
        {"open": {around: "01:00-05:00"}},
        {"closed": {before: "stock-taking"}, "open": {around: "00:00-24:00"}},
        {"open": {before: "24h", around: "24h"}},
    ]
    return ways[number % len(ways)]

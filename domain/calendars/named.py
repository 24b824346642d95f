"""The calendars of a definition by name, frozen together; `always` is among them without being written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from domain.calendars.definition import CalendarDef, HolidaySource
from domain.calendars.freezing import freeze
from domain.calendars.frozen import ALWAYS, FrozenCalendar
from domain.calendars.working_time import due, next_open, next_time

ALWAYS_NAME = "always"


class Calendars(Mapping[str, FrozenCalendar]):
    """Frozen calendars by name. Also answers what expressions ask (`add_working` and the like)."""

    def __init__(self, calendars: Mapping[str, FrozenCalendar] | None = None) -> None:
        self._calendars = {**(calendars or {}), ALWAYS_NAME: ALWAYS}

    def __getitem__(self, name: str) -> FrozenCalendar:
        return self._calendars[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._calendars)

    def __len__(self) -> int:
        return len(self._calendars)

    def __repr__(self) -> str:
        return f"Calendars({', '.join(self)})"

    def add_working(self, start: datetime, amount: timedelta, calendar: str) -> datetime | None:
        """When so much has been worked in a calendar; None for an unknown calendar or never."""
        found = self.get(calendar)
        return due(found, start, amount) if found else None

    def next_open(self, moment: datetime, calendar: str) -> datetime | None:
        """The moment itself or the next opening of a calendar; None for an unknown calendar or never."""
        found = self.get(calendar)
        return next_open(found, moment) if found else None

    def next_time(self, text: str, calendar: str, after: datetime) -> datetime | None:
        """The next `thu 14:00` at which a calendar is open; None for an unknown calendar or never."""
        found = self.get(calendar)
        return next_time(found, text, after) if found else None

    def to_json(self) -> dict[str, Any]:
        """Canonical plain data of all calendars but `always`, by name in order."""
        return {name: self._calendars[name].to_json() for name in sorted(self) if name != ALWAYS_NAME}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Calendars:
        """What `to_json` gave."""
        return cls({name: FrozenCalendar.from_json(calendar) for name, calendar in data.items()})


def freeze_all(
    definitions: Mapping[str, CalendarDef], holidays: HolidaySource, first: date, years: int = 3
) -> Calendars:
    """All calendars of a definition, frozen. Raises ValueError naming the calendar."""
    frozen = {}
    for name, defn in definitions.items():
        try:
            frozen[name] = freeze(defn, holidays, first, years)
        except ValueError as error:
            raise ValueError(f"calendars.{name}: {error}") from error
    return Calendars(frozen)

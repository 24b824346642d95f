"""Public holidays and make-up working days from the `holidays` package."""

from __future__ import annotations

from datetime import date

import holidays

from domain.calendars import HolidayYears
from domain.expressions import did_you_mean

# Our locale to the package's language; a country names its days only in some of them.
_LANGUAGES = {"en": "en_US", "zh-CN": "zh_CN"}


def country_problem(country: str, subdivision: str | None) -> str | None:
    """Why no public holidays are known for a country or its part, with a suggestion; None when they are."""
    supported = holidays.list_supported_countries()
    if country not in supported:
        return (
            f'no public holidays are known for the country "{country}"'
            f"{did_you_mean(country, supported)}; "
            "write a code such as CN or DE, or list the days under `closed`"
        )
    if subdivision is not None and subdivision not in supported[country]:
        known = ", ".join(sorted(supported[country])) or "none"
        return (
            f'no public holidays are known for the part "{subdivision}" of {country}'
            f"{did_you_mean(subdivision, supported[country])}; known are: {known}"
        )
    return None


class PublicHolidays:
    """The HolidaySource of a real desk."""

    def days(self, country: str, subdivision: str | None, years: range) -> HolidayYears:
        """Holidays with their names by locale (in the country's own language where it has none of ours).

        Raises ValueError for a country or part the package does not know, with a suggestion.
        """
        if problem := country_problem(country, subdivision):
            raise ValueError(problem)
        default = holidays.country_holidays(country, subdiv=subdivision, years=years)
        languages = {
            locale: language
            for locale, language in _LANGUAGES.items()
            if language in default.supported_languages
        }
        by_locale = {
            locale: holidays.country_holidays(country, subdiv=subdivision, years=years, language=language)
            for locale, language in languages.items()
        }
        # Never the machine's own language: two machines must freeze the same calendar.
        if not by_locale:
            own = default.default_language
            default = holidays.country_holidays(country, subdiv=subdivision, years=years, language=own)
        closed: dict[date, str | dict[str, str]] = {
            day: {locale: days[day] for locale, days in by_locale.items()} if by_locale else default[day]
            for day in sorted(default)
            if day.year in years
        }
        working = frozenset(day for day in default.weekend_workdays if day.year in years)
        return HolidayYears(closed, working - closed.keys())

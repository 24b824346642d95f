"""What the `holidays` package knows, as calendars want it."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import yaml

from bootstrap.public_holidays import PublicHolidays
from domain.calendars import CalendarDef, calendar_problems, due, freeze_all

YEARS = range(2026, 2027)


def test_china_has_its_holidays_and_make_up_days_of_the_years_asked_for() -> None:
    china = PublicHolidays().days("CN", None, YEARS)
    assert china.closed[date(2026, 10, 1)] == {"en": "National Day", "zh-CN": "国庆节"}
    assert date(2026, 10, 7) in china.closed
    make_up = [(1, 4), (2, 14), (2, 28), (5, 9), (9, 20), (10, 10)]
    assert china.working == {date(2026, month, day) for month, day in make_up}
    assert {day.year for day in china.closed} == {2026}
    assert list(china.closed) == sorted(china.closed)


def test_a_part_of_a_country_has_its_own_days() -> None:
    assert date(2026, 3, 8) in PublicHolidays().days("DE", "BE", YEARS).closed
    assert date(2026, 3, 8) not in PublicHolidays().days("DE", None, YEARS).closed


def test_names_do_not_depend_on_the_language_of_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    for language in ("zh_CN.UTF-8", "en_US.UTF-8", "C"):
        for variable in ("LANG", "LANGUAGE", "LC_ALL"):
            monkeypatch.setenv(variable, language)
        assert PublicHolidays().days("DE", None, YEARS).closed[date(2026, 1, 1)] == {"en": "New Year's Day"}


def test_other_countries_can_be_asked_in_whatever_language_they_have() -> None:
    for country in ("US", "GB", "JP", "FR", "IN", "BR", "SA", "HU", "EG"):
        assert PublicHolidays().days(country, None, YEARS).closed


def test_the_shipped_calendars_freeze_and_give_the_promised_times() -> None:
    path = Path(__file__).parents[2] / "definitions" / "calendars.yaml"
    written = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)["calendars"]
    defined = {name: CalendarDef.model_validate(calendar) for name, calendar in written.items()}
    assert {name: calendar_problems(defn) for name, defn in defined.items()} == {name: [] for name in defined}
    frozen = freeze_all(defined, PublicHolidays(), date(2026, 11, 1))
    shanghai = ZoneInfo("Asia/Shanghai")

    def due_in(calendar: str, opened: str, amount: timedelta) -> str:
        found = due(frozen[calendar], datetime.fromisoformat(opened).replace(tzinfo=shanghai), amount)
        return found.astimezone(shanghai).strftime("%Y-%m-%d %H:%M") if found else "never"

    assert due_in("office", "2026-11-27 17:50", timedelta(hours=4)) == "2026-11-30 13:50"
    assert due_in("office", "2026-09-30 17:00", timedelta(hours=4)) == "2026-10-08 12:00"
    assert due_in("office", "2026-12-30 17:00", timedelta(hours=2)) == "2027-01-04 10:00"
    assert due_in("customer_desk", "2026-11-28 21:45", timedelta(minutes=30)) == "2026-11-29 08:15"
    assert due_in("workdays", "2026-11-24 09:00", timedelta(days=5)) == "2026-12-01 09:00"
    assert due_in("workdays", "2026-09-30 09:00", timedelta(days=2)) == "2026-10-09 09:00"


@pytest.mark.parametrize(
    ("country", "subdivision", "message"),
    [
        ("XX", None, r'no public holidays are known for the country "XX"'),
        ("China", None, "write a code such as CN or DE"),
        ("cn", None, 'did you mean "CN"'),
        ("DE", "XX", r'the part "XX" of DE.*known are: .*BE'),
        ("DE", "be", 'did you mean "BE"'),
    ],
)
def test_what_is_not_known_is_refused_with_the_way_out(
    country: str, subdivision: str | None, message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        PublicHolidays().days(country, subdivision, YEARS)

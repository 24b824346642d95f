"""Lengths, moments and calendars that depend on the ticket, as they are now."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from domain.engine.draft import Draft
from domain.language.models import CalendarChoice, Length, When
from domain.language.models_time import ELSE, ByChoice


def amount_of(draft: Draft, length: Length) -> str | timedelta | None:
    """A length as it is for this ticket now; None when the field or expression gives none."""
    if length.expression is not None:
        value = draft.value_of(length.expression)
        return value if isinstance(value, timedelta) else None
    return length.fixed or _chosen(draft, length, length.of)


def calendar_of(draft: Draft, *choices: CalendarChoice | None) -> str | None:
    """The name of the calendar that applies now: of the first choice that is given; None for none."""
    choice = next((one for one in choices if one is not None), None)
    return None if choice is None else choice.fixed or _chosen(draft, choice, choice.of)


def calendar_by(draft: Draft, choice: CalendarChoice, field: str) -> str | None:
    """The name of the calendar that applies now, by this field where the choice names none itself."""
    return choice.fixed or choice.for_value(str(draft.fields.get(choice.by or field)))


def _chosen(draft: Draft, choice: ByChoice, of: Mapping[str, str]) -> str | None:
    found = of.get(str(draft.fields.get(choice.field)), of.get(ELSE))
    return None if found is None else str(found)


def due_after(
    draft: Draft, length: Length | str, start: datetime, *calendars: CalendarChoice | None
) -> datetime | None:
    """When a length from `start` is over; None when there is no length, or its calendar never opens again."""
    amount = length if isinstance(length, str) else amount_of(draft, length)
    if amount is None:
        return None
    return draft.definition.due_after(calendar_of(draft, *calendars), start, amount)


def moment_of(
    draft: Draft, when: When, start: datetime, *calendars: CalendarChoice | None
) -> datetime | None:
    """The moment that is meant, lengths counted from `start`; None while it is not known."""
    if when.at is not None:
        return draft.moment_of(when.at)
    return None if when.after is None else due_after(draft, when.after, start, when.calendar, *calendars)

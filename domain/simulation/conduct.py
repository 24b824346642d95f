"""A profile made ready for one definition: what happens in each state, compiled."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from domain.calendars import FrozenCalendar
from domain.engine.plan import plan_of
from domain.language.definition import Definition
from domain.simulation.profile import InState, OfApproval, OfTask, Pages, Profile, Time
from domain.simulation.words import NOTHING, REPLY


@dataclass(frozen=True, slots=True)
class Conduct:
    """What happens to a ticket in one state."""

    takes: Time
    busy: bool  # an agent works on it; otherwise it only takes time
    calendar: FrozenCalendar | None
    then: tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class Conducts:
    """What people do, for the whole process."""

    states: Mapping[str, Conduct]
    transitions: Mapping[str, Time]
    tasks: Mapping[str, OfTask]
    approvals: Mapping[str, OfApproval]
    pages: Pages
    first_reply: float
    answering: tuple[str, ...]  # buttons of those who were paged, in the order of the file


def conducts(definition: Definition, profile: Profile, calendars: Mapping[str, FrozenCalendar]) -> Conducts:
    """The conducts of a filled profile. Names that the definition does not have are left out."""
    buttons = plan_of(definition).buttons
    return Conducts(
        states={
            name: conduct
            for name, one in profile.states.items()
            if name in definition.process.states
            and (conduct := _of_state(definition, name, one, calendars)) is not None
        },
        transitions={name: one.work for name, one in profile.transitions.items()},
        tasks=profile.tasks,
        approvals=profile.approvals,
        pages=profile.pages or Pages(),
        first_reply=profile.first_reply.part if profile.first_reply else 0.0,
        answering=tuple(button.name for button in buttons if "paged" in (button.rule.who or ())),
    )


def _of_state(
    definition: Definition, state: str, one: InState, calendars: Mapping[str, FrozenCalendar]
) -> Conduct | None:
    takes = one.work or one.after
    by_name = plan_of(definition).by_name
    then = tuple(
        (name, weight)
        for name, weight in one.then.items()
        if weight and (name in (REPLY, NOTHING) or (name in by_name and state in by_name[name].states))
    )
    if takes is None or not then:
        return None
    calendar = calendars.get(one.calendar) if one.calendar else None
    return Conduct(takes, one.work is not None, calendar, then)

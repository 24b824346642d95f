"""From a definition and a profile to what is simulated, and the same arrivals under another version."""

from __future__ import annotations

from datetime import datetime

from domain.calendars import Calendars, HolidaySource, freeze
from domain.engine.plan import plan_of
from domain.language.definition import Definition
from domain.simulation.defaults import derived
from domain.simulation.dice import Streams
from domain.simulation.profile import SECTIONS, InState, Profile, filled
from domain.simulation.results import Results, results_of
from domain.simulation.run import Setting, simulate
from domain.simulation.words import SPECIAL


def whole_profile(profile: Profile | None, definition: Definition) -> Profile:
    """The profile with what it leaves out derived from the definition."""
    own = derived(definition)
    return own if profile is None else filled(profile, own)


def profile_for_other(whole: Profile, other: Definition) -> Profile:
    """The whole profile of one version, made fit for another: what that does not have is left out, what is new there
    is derived from it.
    """
    process = other.process
    known = {"fields": other.fields, "states": process.states, "transitions": process.transitions}
    known |= {"tasks": process.tasks, "approvals": process.approvals}
    kept = {
        section: {
            name: one
            for name, one in getattr(whole, section).items()
            if section not in known or name in known[section]
        }
        for section in SECTIONS
    }
    kept["states"] = {
        name: fitted
        for name, one in kept["states"].items()
        if (fitted := _fitted(one, name, other)) is not None
    }
    return filled(whole.model_copy(update=kept), derived(other))


def _fitted(one: InState, state: str, other: Definition) -> InState | None:
    """What happens in a state without the buttons the other version does not have there."""
    by_name = plan_of(other).by_name
    then = {
        name: weight
        for name, weight in one.then.items()
        if name in SPECIAL or (name in by_name and state in by_name[name].states)
    }
    if one.then and not any(weight for name, weight in then.items() if name not in SPECIAL):
        return None
    return one.model_copy(update={"then": then})


def study(
    definition: Definition,
    profile: Profile,
    holidays: HolidaySource,
    streams: Streams,
    *,
    start: datetime,
    days: int,
    tickets: int | None,
    warm_up: int = 0,
) -> Results:
    """Simulate a whole profile and give the figures. Raises ValueError for a calendar whose holidays are not known."""
    own = {name: freeze(calendar, holidays, start.date()) for name, calendar in profile.calendars.items()}
    calendars = Calendars({**definition.calendars, **own})
    setting = Setting(definition, profile, calendars, start, days, tickets, warm_up)
    return results_of(simulate(setting, streams))

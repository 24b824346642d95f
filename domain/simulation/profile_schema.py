"""The JSON Schema of simulation profiles, for editors; beside those of the language."""

from __future__ import annotations

from domain.language.schema import VERSION, Shape, as_text, schema_of
from domain.simulation.profile import Profile

FILE = f"simulation-{VERSION}.json"

DESCRIPTIONS: dict[str, dict[str, str]] = {
    "Profile": {
        "kind": "Says that this file is a simulation profile.",
        "lang": "The version of the language.",
        "process": "The id of the process it is for.",
        "starts": "The first day, such as `2026-11-02`.",
        "calendars": "Hours of people that the definition has no calendar for.",
        "arrivals": "When tickets come.",
        "requesters": "Who opens them.",
        "services": "What they are about, with the attributes that conditions read.",
        "fields": "What tickets say: a value for all, or values by weight.",
        "teams": "The people of each team.",
        "groups": "The people of each group.",
        "on_call": "The people of rosters that are no team; every week the next one's turn.",
        "states": "What happens to a ticket in each state.",
        "transitions": "Buttons that take longer, or less long, than their state says.",
        "tasks": "How long tasks take, and how often they fail.",
        "approvals": "How long approvers take, and what they answer.",
        "pages": "What becomes of calls.",
        "first_reply": "How often an agent writes to the requester when taking a ticket up.",
    },
    "Arrivals": {
        "per_hour": "Tickets an hour: one rate, or by days, or by days and hours; `else` is the rest."
    },
    "Requesters": {"people": "So many.", "vip": "The share of them that is `vip`."},
    "Crew": {"people": "So many.", "shifts": "Several of them, each with its own hours."},
    "Shift": {"people": "So many."},
    "InState": {"then": "What happens then, by weight: a button, `reply` or `nothing`."},
    "OfTransition": {"work": "An agent is busy with it for so long."},
    "OfTask": {
        "work": "Somebody is busy with it for so long.",
        "after": "Its result comes after so long.",
        "fails": "How often it fails.",
    },
    "OfApproval": {"after": "So long until an approver answers.", "answers": "What they answer, by weight."},
    "Pages": {
        "answered": "How often somebody answers.",
        "after": "How soon.",
        "work": "Whether they then work outside their hours.",
    },
    "Time": {
        "fixed": "Always so long.",
        "lognormal": "As work usually is: half within the median, nine of ten within p90.",
    },
    "Lognormal": {"median": "Half are done within this.", "p90": "Nine of ten are done within this."},
}
"""What each key means, where its model does not say it."""


def profile_schema() -> Shape:
    """The schema of a profile."""
    schema = schema_of("simulation", Profile)
    for name, told in DESCRIPTIONS.items():
        shape = schema if name == Profile.__name__ else schema["$defs"][name]
        for key, text in told.items():
            shape["properties"][key]["description"] = text
    return schema


def profile_schema_text() -> str:
    """The schema as it stands in its file."""
    return as_text(profile_schema())

"""Quiet hours: a notification with a calendar that is closed waits for its opening, in the ticket (ADR 0016)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from domain.engine.draft import Draft
from domain.engine.entries import Effect
from domain.engine.rendering import Rendered
from domain.engine.ticket import Postponed, Ticket
from domain.engine.values import instant_json

POSTPONED_AT = "postponed_at"
"""In an effect's data: when it was decided. Those of one entry that reach the same person are one message."""


def next_at(ticket: Ticket) -> datetime | None:
    """When the next postponed notification is sent."""
    return min((one.due_at for one in ticket.postponed), default=None)


def opens_at(draft: Draft, calendar: str | None) -> datetime | None:
    """When a calendar that is closed now opens; None when it is open, or never opens again."""
    if calendar is None:
        return None
    opens = draft.definition.calendars.next_open(draft.gives_from, calendar)
    return opens if opens is not None and opens > draft.gives_from else None


def send_due(draft: Draft) -> None:
    """Send what was postponed until now. After an outage that lasted into the next quiet hours it waits on."""
    due = [one for one in draft.postponed if one.due_at <= draft.at]
    draft.postponed = tuple(one for one in draft.postponed if one.due_at > draft.at)
    for one in due:
        if (
            one.template not in draft.definition.process.notifications
        ):  # the ticket was moved to another version
            draft.note("unavailable", "notify", reason=f"there is no notification {one.template}")
        elif (until := opens_at(draft, one.calendar)) is not None:
            draft.postponed = (*draft.postponed, replace(one, due_at=until))
        else:
            draft.send(_effect(one))


def one_message(texts: Iterable[Rendered]) -> Rendered:
    """What waited for the same person, as one message: the same text once, in the order it was decided."""
    several = list(dict.fromkeys(texts))
    if len(several) == 1:
        return several[0]
    subject = f"{several[0].subject} (+{len(several) - 1})"
    return Rendered(subject, "\n\n".join(f"{one.subject}\n{one.body}".rstrip() for one in several))


def _effect(one: Postponed) -> Effect:
    return Effect(
        index=0,
        kind="notify",
        to=one.to,
        channels=one.channels,
        template=one.template,
        values=one.values,
        data={POSTPONED_AT: instant_json(one.decided_at)},
        why=one.why,
    )

"""On hold and back: a state that is held is interrupted, not left (language guide, tickets and states)."""

from __future__ import annotations

from dataclasses import replace

from domain.engine import timers
from domain.engine.draft import Draft, Internal
from domain.engine.ticket import Held, Unheard
from domain.engine.values import untyped

_REPORTS = ("task.", "tasks.", "approval.")
"""Events that tell of the work of a state."""


def is_hold(draft: Draft, state: str) -> bool:
    """Whether a state only interrupts the one before it."""
    return draft.definition.process.states[state].hold


def keep(draft: Draft) -> None:
    """Put the present state on hold: its timers stand still, its tasks and votes stay."""
    draft.held = Held(draft.state, draft.at, draft.entered_at, draft.timers, draft.tasks_settled)
    draft.timers = {}


def keep_report(draft: Draft, internal: Internal) -> None:
    """What the held state's work reports is kept for when the ticket comes back."""
    if draft.held is not None and internal.name.startswith(_REPORTS):
        data = {name: untyped(value) for name, value in internal.data.items() if name != "name"}
        unheard = (*draft.held.unheard, Unheard(internal.name, data))
        draft.held = replace(draft.held, unheard=unheard)


def resume(draft: Draft, held: Held) -> None:
    """Come back to the held state, as if no time had passed for it."""
    draft.state = held.state
    draft.entered_at = held.entered_at
    draft.tasks_settled = held.tasks_settled
    draft.timers = {
        name: timers.moved_by_hold(draft, name, timer, held) for name, timer in held.timers.items()
    }
    draft.held = None
    draft.stale = True

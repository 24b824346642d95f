"""Clocks that count from a moment: what becomes of one when that moment is moved."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from domain.engine.draft import Draft
from domain.engine.ticket import Clock, LedgerLine, Stretch
from domain.language.models import Clock as Rule


def move(draft: Draft, name: str, rule: Rule, clock: Clock) -> Clock:
    """The clock counted from the moment its start names now. One still to come sets it back to waiting; an emptied
    one, and a stopped clock, change nothing. What was reached stays reached.
    """
    moment = draft.moment_of(rule.start.at) if rule.start.at else None
    if moment is None or moment == clock.from_at or clock.status not in ("running", "paused"):
        return clock
    why = f"clocks.{name}.start"
    line = LedgerLine(draft.at, "moved", why, draft.definition.line(why))
    draft.note("clock", name, what="moved")
    moved = replace(clock, ledger=(*clock.ledger, line), next_at=None, next_what="")
    if moment > draft.at:
        return replace(moved, status="idle", stretches=(), from_at=None, next_at=moment, next_what="start")
    return replace(moved, stretches=_from(clock.stretches, moment), from_at=moment)


def _from(stretches: tuple[Stretch, ...], moment: datetime) -> tuple[Stretch, ...]:
    """What ran, from the moment on; the first stretch reaches back to it where it begins earlier."""
    if moment < stretches[0].from_at:
        return (replace(stretches[0], from_at=moment), *stretches[1:])
    kept = tuple(
        replace(one, from_at=max(one.from_at, moment))
        for one in stretches
        if one.to_at is None or one.to_at > moment
    )
    return kept or (Stretch(moment, moment),)

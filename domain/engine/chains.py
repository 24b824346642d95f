"""Escalations: a chain pages step by step until somebody answers."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from domain.engine.clock_time import length
from domain.engine.draft import LATE, Draft
from domain.engine.lengths import due_after
from domain.engine.ticket import Chain
from domain.language.models import CalendarChoice, Escalation, EscStep

Place = tuple[int, int]
"""A step and the round it is in, both from 0."""


def start(draft: Draft, name: str, why: str, *, first: int) -> None:
    """Start a chain at a step (0 is the first), which pages at once unless the chain waits before. One that runs goes
    on as it is.
    """
    if name in draft.chains:
        return
    rule = draft.definition.process.escalations[name]
    if draft.holds(rule.until):
        return
    first = min(max(first, 0), len(rule.steps) - 1)
    place = _applying(draft, rule, (first, 0))
    if place is None and rule.wait is None:
        if name in draft.passed_over:  # chains whose `otherwise` starts them again would go round for ever
            return
        draft.passed_over.add(name)
    draft.note("escalation", name, what="started", by=why)
    if rule.wait is not None:
        next_at = _over(draft, rule.wait, draft.gives_from, rule.calendar)
        draft.chains[name] = Chain(first - 1, 0, next_at=next_at, started_at=draft.at)
        return
    if place is None:
        _exhaust(draft, name, rule)
        return
    draft.chains[name] = Chain(*place, next_at=draft.at, started_at=draft.at)
    _page(draft, name, rule, place)


def go_on(draft: Draft, name: str) -> None:
    """Take the next step of a running chain now."""
    rule = draft.definition.process.escalations[name]
    chain = draft.chains[name]
    place = _applying(draft, rule, after(rule, (chain.step, chain.round)))
    if place is None:
        _exhaust(draft, name, rule)
        return
    draft.note("escalation", name, what="stepped", step=place[0] + 1, round=place[1] + 1, missed=0)
    _page(draft, name, rule, place)


def end(draft: Draft, name: str, what: str) -> None:
    """End a chain that runs."""
    if draft.chains.pop(name, None) is not None:
        draft.note("escalation", name, what=what)


def end_answered(draft: Draft) -> None:
    """End the chains whose `until` holds, and all of them when the ticket is done."""
    if not draft.chains:
        return
    over = draft.category in ("done", "closed")
    for name in draft.plan.chain_order:
        if name in draft.chains and (over or draft.holds(draft.definition.process.escalations[name].until)):
            end(draft, name, "ended")


def after(rule: Escalation, place: Place) -> Place | None:
    """The step after this one; None when every round is over."""
    step, round_ = place
    if step + 1 < len(rule.steps):
        return step + 1, round_
    return (0, round_ + 1) if round_ < rule.repeat else None


def _applying(draft: Draft, rule: Escalation, place: Place | None) -> Place | None:
    """This step, or the first one after it, whose `if` holds."""
    while place is not None and not draft.holds(rule.steps[place[0]].if_):
        place = after(rule, place)
    return place


def next_due(draft: Draft, name: str, until: datetime) -> None:
    """Take the step that is due. After an outage, of all steps due by `until` only the latest pages: the others are
    counted as missed, and whoever is paged now has their full time from now.
    """
    rule = draft.definition.process.escalations[name]
    chain = draft.chains[name]
    place = _applying(draft, rule, after(rule, (chain.step, chain.round)))
    if place is None:
        _exhaust(draft, name, rule)
        return
    due_at, missed = chain.next_at, 0
    while draft.handled_at - due_at > LATE:
        due_at = _waited(draft, rule, rule.steps[place[0]], due_at)
        following = _applying(draft, rule, after(rule, place)) if due_at <= until else None
        if following is None:
            break
        place, missed = following, missed + 1
    draft.note("escalation", name, what="stepped", step=place[0] + 1, round=place[1] + 1, missed=missed)
    _page(draft, name, rule, place)


def _page(draft: Draft, name: str, rule: Escalation, place: Place) -> None:
    from domain.engine.verbs import page_people

    step = rule.steps[place[0]]
    why = f"escalations.{name}.steps.{place[0]}"
    page_people(draft, step.page, step.message, why, step.channels, pick=step.pick)
    next_at = _waited(draft, rule, step, draft.gives_from)
    draft.chains[name] = replace(draft.chains[name], step=place[0], round=place[1], next_at=next_at)


def _waited(draft: Draft, rule: Escalation, step: EscStep, start: datetime) -> datetime:
    """When a step that paged at `start` has waited for an answer."""
    return _over(draft, step.wait, start, step.calendar, rule.calendar)


def _over(draft: Draft, wait: str, start: datetime, *calendars: CalendarChoice | None) -> datetime:
    """When a wait is over; in a calendar that never opens again around the clock, since a page must not be lost."""
    return due_after(draft, wait, start, *calendars) or start + length(wait)


def _exhaust(draft: Draft, name: str, rule: Escalation) -> None:
    from domain.engine.verbs import carry_out

    draft.chains.pop(name, None)
    draft.note("escalation", name, what="exhausted")
    draft.announce(f"escalation.{name}.exhausted")
    carry_out(draft, rule.otherwise, f"escalations.{name}.otherwise")

"""Transitions that wait for an outcome of an approval which does not come about where they start."""

from __future__ import annotations

from domain.language.checking import Checking
from domain.language.checks_votes import stages_of
from domain.language.models import Approval, Transition
from domain.language.state_names import states_in

_CODE = "never-happens"


def check_never(checking: Checking) -> None:
    """Every event of an approval that a transition hears can be raised while the ticket is where it starts."""
    for name, transition in checking.process.transitions.items():
        for index, event in enumerate(transition.when or ()):
            kind, _, rest = str(event).partition(".")
            approval, _, outcome = rest.partition(".")
            defined = checking.process.approvals.get(approval) if kind == "approval" else None
            path = ("transitions", name, "when", index)
            if defined is None or not checking.is_own(path):
                continue
            message = _why_never(checking, transition, approval, defined, outcome)
            if message:
                checking.warn(path, message, code=_CODE)


def _why_never(
    checking: Checking, transition: Transition, name: str, approval: Approval, outcome: str
) -> str:
    """Why it is never heard; "" where it may be."""
    if outcome == "voided":
        if not approval.void_if_changed:
            return f'"{name}" is never void: it has no `void_if_changed`; name fields there, or remove this'
        states = checking.process.states
        here = sorted(states_in(checking.process, transition.from_))
        if here and all(states[state].category in ("done", "closed") for state in here):
            return (
                f'"{name}" is void only until the ticket is done, so this is never heard in '
                f"{', '.join(here)}; start from an open state, or remove this"
            )
    if outcome == "timed_out" and not _may_time_out(approval):
        return (
            f'"{name}" never times out: each timeout brings people in or decides otherwise; '
            "write `decide: timed_out` there, or remove this"
        )
    return ""


def _may_time_out(approval: Approval) -> bool:
    """Whether a timeout says so, or may be the last and only do something."""
    lapses = [lapse for _, stage in stages_of((), approval) for lapse in stage.lapses]
    return any(
        lapse.decide == "timed_out" or (lapse.decide is None and lapse.add is None) for lapse in lapses
    )

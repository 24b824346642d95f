"""Approvals whose outcome no transition hears: the ticket would stay where it is, and nobody would know why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from domain.expressions import names_read
from domain.language.checking import Checking, parsed
from domain.language.checks_votes import stages_of
from domain.language.flow import Flow
from domain.language.models import Approval, Cond, Effect, Transition
from domain.language.places import Path
from domain.language.state_names import states_in
from domain.language.usage import Parts

_CODE = "unheard-outcome"
_MOST_NAMED = 4
_HAPPENS = {
    "approved": "is approved",
    "rejected": "is rejected",
    "timed_out": "times out",
    "withdrawn": "is withdrawn",
}


def check_outcomes(checking: Checking, parts: Parts, flow: Flow) -> None:
    """Every way an approval can end is heard where the ticket waits for it."""
    parts = list(parts)
    for name, approval in checking.process.approvals.items():
        asking = [
            state
            for state, defined in checking.process.states.items()
            if defined.approval == name and state in flow.reached
        ]
        for state in asking:
            _check_state(checking, name, approval, state)
        if not asking:
            _check_requested(checking, name, approval, parts)
        _check_voided(checking, name, approval, flow, parts)


def _outcomes(approval: Approval) -> Iterator[str]:
    """How it can end while the ticket stays in its state, as events call it."""
    yield from ("approved", "rejected")
    stages = [stage for _, stage in stages_of((), approval)]
    if any(lapse.decide == "timed_out" for stage in stages for lapse in stage.lapses):
        yield "timed_out"
    if approval.withdraw or approval.manage:
        yield "withdrawn"
    answers = (one for stage in stages for one in stage.offered.items())
    yield from dict.fromkeys(
        name for name, answer in answers if answer.ends and answer.counts not in ("approve", "reject")
    )


def _check_state(checking: Checking, name: str, approval: Approval, state: str) -> None:
    process = checking.process
    here = [one for one in process.transitions.values() if state in states_in(process, one.from_)]
    unheard = _unheard(name, approval, here)
    if not unheard or any(_reads(name, _conditions(one)) for one in here):
        return
    own: Path = ("states", state, "approval")
    path = own if checking.is_own(own) else ("approvals", name)
    if checking.is_own(path):
        message = (
            f'when "{name}" {_listed(unheard)}, no transition hears it, and the ticket stays in "{state}"; '
            f"{_add(name, unheard, state)}"
        )
        checking.warn(path, message, key=path != own, code=_CODE)


def _check_requested(checking: Checking, name: str, approval: Approval, parts: Parts) -> None:
    """An approval that an action asks for, in whatever state that is."""
    unheard = _unheard(name, approval, checking.process.transitions.values())
    if not unheard or _is_read(name, parts):
        return
    for path, part in parts:
        if isinstance(part, Effect) and part.request_approval == name and checking.is_own(path):
            message = f'when "{name}" {_listed(unheard)}, no transition hears it; {_add(name, unheard)}'
            checking.warn((*path, "request_approval"), message, code=_CODE)
            return


def _check_voided(checking: Checking, name: str, approval: Approval, flow: Flow, parts: Parts) -> None:
    """What was approved and is void again: only where work goes on after the approval."""
    process = checking.process
    event = f"approval.{name}.voided"
    approved = f"approval.{name}.approved"
    first = [
        str(branch.state)
        for one in process.transitions.values()
        if approved in (one.when or ())
        for branch in one.to or ()
    ]
    goes_on = [one for one in (*first, *sorted(flow.after(first))) if _goes_on(checking, one, name)]
    heard = any(
        event in (one.when or ()) and states_in(process, one.from_) & set(goes_on)
        for one in process.transitions.values()
    )
    path: Path = ("approvals", name, "void_if_changed")
    if not approval.void_if_changed or not goes_on or heard or _is_read(name, parts):
        return
    if checking.is_own(path):
        fields = list(map(str, approval.void_if_changed))
        named = (
            _or(fields) if len(fields) <= _MOST_NAMED else f"{fields[0]} or another of {len(fields)} fields"
        )
        message = (
            f'when {named} changes after "{name}" was approved, no transition hears that it is void, and work '
            f"goes on; {_add(name, ['voided'], goes_on[0])}"
        )
        checking.warn(path, message, key=True, code=_CODE)


def _goes_on(checking: Checking, state: str, approval: str) -> bool:
    """Whether work is done there on the strength of the approval: not where it is asked for, nor when all is over."""
    defined = checking.process.states.get(state)
    return defined is not None and defined.category not in ("done", "closed") and defined.approval != approval


def _unheard(name: str, approval: Approval, transitions: Iterable[Transition]) -> list[str]:
    heard = {str(event) for one in transitions for event in one.when or ()}
    return [outcome for outcome in _outcomes(approval) if f"approval.{name}.{outcome}" not in heard]


def _conditions(transition: Transition) -> list[str | None]:
    return [transition.if_, *(branch.if_ for branch in transition.to or ())]


def _is_read(name: str, parts: Parts) -> bool:
    """Whether a condition asks how the approval stands, so that its end makes a difference without an event."""
    return _reads(name, [str(part) for _, part in parts if isinstance(part, Cond)])


def _reads(name: str, conditions: Iterable[str | None]) -> bool:
    trees = (parsed(str(one))[0] for one in conditions if one is not None)
    return any(
        read[:2] == ("approval", name) for tree in trees if tree is not None for read in names_read(tree)
    )


def _listed(outcomes: list[str]) -> str:
    return _or([_HAPPENS.get(outcome, f'ends with "{outcome}"') for outcome in outcomes])


def _or(words: list[str]) -> str:
    return " or ".join(filter(None, (", ".join(words[:-1]), words[-1])))


def _add(name: str, outcomes: list[str], state: str = "") -> str:
    events = ", ".join(f"approval.{name}.{outcome}" for outcome in outcomes)
    listed = f"[{events}]" if len(outcomes) > 1 else events
    place = f"from: {state}, " if state else ""
    return f"add a transition with `{place}when: {listed}`"

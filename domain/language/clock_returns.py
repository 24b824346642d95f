"""Ways back to where a clock ran, from states that stopped it, and whether anything sets it going again."""

from __future__ import annotations

from collections.abc import Collection

from domain.language.models import Clock, Condition, Process, Transition
from domain.language.state_names import states_in, targets
from domain.language.suggest import one_of

_RETURNED_FROM = ("waiting", "done")
"""Categories of states after which the same work goes on; a new state after an active one is another piece of work."""

_HEARD_BY_ITSELF = ("replied", "message", "approval", "task", "tasks")


def stays_stopped(process: Process, clock: Clock, stopping: frozenset[str], runs_in: frozenset[str]) -> str:
    """What to say of transitions from states that stop a clock to those it runs in, after which nothing has it go on;
    "" when there is none.
    """
    found: dict[str, str] = {}
    left: set[str] = set()
    waiting = [state for state in process.states if state in stopping and _is_returned_from(process, state)]
    ended = states_in(process, ("done", "closed"))
    seen = stopping.union(waiting)
    while waiting:
        here = waiting.pop()
        for name, transition in process.transitions.items():
            if here not in states_in(process, transition.from_):
                continue
            for state in sorted(targets(process, transition) - ended):
                if _goes_on(process, clock, name, here, state):
                    continue
                if state in runs_in and not _goes_on_from(process, clock, state):
                    found.setdefault(name, state)
                    left.add(here)
                elif state not in seen:
                    seen |= {state}
                    waiting.append(state)
    named = [name for name in process.transitions if name in found]
    return _said(process, clock, named, found[named[0]], left) if named else ""


def _is_returned_from(process: Process, state: str) -> bool:
    return process.states[state].category in _RETURNED_FROM


def _said(process: Process, clock: Clock, named: list[str], state: str, left: Collection[str]) -> str:
    who = " and ".join(f'"{name}"' for name in named[:3])
    lead = "lead" if len(named) > 1 else "leads"
    heard = [f"done.{name}" for name in named]
    when = heard[0] if len(heard) == 1 else f"[{one_of(heard)}]"
    message = f'{who} {lead} back to "{state}", where the clock ran, and it stays stopped'
    if clock.pause is None and all(process.states[one].category == "waiting" for one in left):
        return f"{message}; write `pause` if it only waits there, or add `resume: {{when: {when}}}`"
    return (
        f"{message}; add `resume: {{when: {when}}}` (or `reset`, to count anew); one that ends for good "
        "stops `when` a transition is done"
    )


def _goes_on_from(process: Process, clock: Clock, here: str) -> bool:
    """Whether every way on from a state sets it going, but those that end the ticket."""
    closed = states_in(process, ("closed",))
    onward = [
        _goes_on(process, clock, name, here, state)
        for name, transition in process.transitions.items()
        if here in states_in(process, transition.from_)
        for state in sorted(targets(process, transition) - closed - {here})
    ]
    return bool(onward) and all(onward)


def _goes_on(process: Process, clock: Clock, name: str, here: str, state: str) -> bool:
    """Whether `resume` or `reset` can answer this transition from a state to another."""
    return any(
        one is not None and _answers(process, one, name, here, state) for one in (clock.resume, clock.reset)
    )


def _answers(process: Process, condition: Condition, name: str, here: str, state: str) -> bool:
    if condition.in_ is not None and state not in states_in(process, condition.in_):
        return False
    return not condition.when or any(
        _is_heard(process, str(event), name, here, state) for event in condition.when
    )


def _is_heard(process: Process, event: str, name: str, here: str, state: str) -> bool:
    """Whether the transition brings the event. Of events that anything may bring, it is taken for granted."""
    kind, _, what = event.partition(".")
    transition = process.transitions[name]
    if kind == "done":
        return what == name
    if kind == "entered":
        return state in states_in(process, (what,))
    if kind == "left":
        return here in states_in(process, (what,))
    if kind == "changed":
        return what in _changes(process, transition)
    return kind not in _HEARD_BY_ITSELF or event in map(str, transition.when or ())


def _changes(process: Process, transition: Transition) -> set[str]:
    asked = (
        transition.ask if isinstance(transition.ask, dict) else process.forms.get(transition.ask or "", {})
    )
    return {str(one) for one in asked} | {str(one) for effect in transition.do for one in effect.set or ()}

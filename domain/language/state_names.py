"""Which states a name stands for."""

from __future__ import annotations

from domain.language.models_process import BACK, CATEGORIES, Process, Transition


def states_in(process: Process, names: tuple[str, ...]) -> frozenset[str]:
    """The states that names stand for; unknown names stand for none.

    A category goes before a state of the same name, which is always of that category.
    """
    found: set[str] = set()
    for name in names:
        if name in CATEGORIES:
            found.update(state for state, defined in process.states.items() if defined.category == name)
        elif name == "any":
            found.update(process.states)
        elif name == "open":
            found.update(
                state
                for state, defined in process.states.items()
                if defined.category not in ("done", "closed")
            )
        elif name in process.groups:
            found.update(process.groups[name])
        elif name in process.states:
            found.add(name)
    return frozenset(found)


def targets(process: Process, transition: Transition) -> frozenset[str]:
    """Every state a transition may lead to, `back` as the states it can mean; none when it stays."""
    found = {str(branch.state) for branch in transition.to or ()}
    if BACK in found:
        found.remove(BACK)
        found |= held_from(process, states_in(process, transition.from_))
    return frozenset(found)


def held_from(process: Process, holds: frozenset[str]) -> frozenset[str]:
    """The states that these states with `hold: true` may interrupt, those reached by other holds among them."""
    into = [
        (states_in(process, transition.from_), {str(branch.state) for branch in transition.to})
        for transition in process.transitions.values()
        if transition.to
    ]
    seen, waiting = set(holds), set(holds)
    while waiting:
        sources = {state for states, led in into if led & waiting for state in states}
        waiting = {one for one in sources - seen if process.states[one].hold}
        seen |= sources
    return frozenset(
        one for one in seen if not process.states[one].hold and one not in states_in(process, ("closed",))
    )

"""Which states a name stands for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from domain.language.models_process import BACK, CATEGORIES, Process, Transition


@dataclass(frozen=True, slots=True)
class Status:
    """A choice field tested beside the state: `major:proposed`, a second status."""

    field: str
    values: frozenset[str]

    def holds(self, fields: Mapping[str, object]) -> bool:
        """Whether the field has one of the values."""
        return fields.get(self.field) in self.values


def status_in(names: Iterable[str]) -> Status | None:
    """The choice field that names test, `field:value`; None when they name states only."""
    tests = [name.split(":", 1) for name in names if ":" in name]
    return Status(tests[0][0], frozenset(value for _, value in tests)) if tests else None


def states_in(process: Process, names: tuple[str, ...]) -> frozenset[str]:
    """The states that names stand for; unknown names stand for none. Where only a field is tested, every state.

    A category goes before a state of the same name, which is always of that category.
    """
    found: set[str] = set()
    if names and all(":" in name for name in names):
        return frozenset(process.states)
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
    found |= {str(effect.convert.to) for effect in transition.do if effect.convert is not None}
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

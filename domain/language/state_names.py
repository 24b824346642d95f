"""Which states a name stands for."""

from __future__ import annotations

from domain.language.models_process import CATEGORIES, Process


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

"""Where a ticket can get to: the states a process leads through, and those a clock can be running in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property

from domain.language.models import Condition, Process, Transition
from domain.language.state_names import states_in, targets


class Flow:
    """The states of a process and the ways between them."""

    def __init__(self, process: Process) -> None:
        self._process = process
        self.ways = self._ways(process.transitions.values())

    def _ways(self, transitions: Iterable[Transition]) -> dict[str, set[str]]:
        ways: dict[str, set[str]] = {name: set() for name in self._process.states}
        for transition in transitions:
            for state in states_in(self._process, transition.from_):
                ways[state].update(targets(self._process, transition) - {state})
        return ways

    @cached_property
    def _by_itself(self) -> dict[str, set[str]]:
        """The ways that an event opens without a person and without time passing."""
        return self._ways(one for one in self._process.transitions.values() if one.when is not None)

    @cached_property
    def _before_answers(self) -> dict[str, set[str]]:
        """Those of them that open before people have answered; an approval can be decided without them, though."""
        return self._ways(
            one
            for one in self._process.transitions.values()
            if one.when is not None
            and not all(str(event).startswith(("approval.", "replied.")) for event in one.when)
        )

    @cached_property
    def reached(self) -> frozenset[str]:
        """Every state a ticket can come to."""
        return self.after([str(self._process.starts_in)])

    def after(self, states: Iterable[str]) -> frozenset[str]:
        """These states, and every state that can follow them."""
        return _closure(states, self.ways)

    def starting(self, start: Condition, *, unanswered: bool = False) -> frozenset[str]:
        """The states in which a clock with this `start` can be started; `unanswered`: before people answer."""
        ways = self._before_answers if unanswered else self._by_itself
        found = self.reached
        if start.in_ is not None:
            found &= states_in(self._process, start.in_)
        if start.when:
            found &= frozenset().union(*(self._when(str(event), ways) for event in start.when))
        return found

    def _when(self, event: str, ways: Mapping[str, set[str]]) -> frozenset[str]:
        """The states a ticket can be in at the end of a step that brought this event."""
        kind, _, name = event.partition(".")
        if event == "created":
            here = {str(self._process.starts_in)}
        elif kind == "entered":
            here = set(states_in(self._process, (name,)))
        elif kind == "left":
            here = set().union(*(self.ways[state] for state in states_in(self._process, (name,))))
        elif kind == "done" and name in self._process.transitions:
            transition = self._process.transitions[name]
            here = set(targets(self._process, transition) or states_in(self._process, transition.from_))
        else:
            return self.reached
        return _closure(here, ways)


def _closure(states: Iterable[str], ways: Mapping[str, set[str]]) -> frozenset[str]:
    found: set[str] = set()
    waiting = list(states)
    while waiting:
        here = waiting.pop()
        if here not in found:
            found.add(here)
            waiting.extend(ways.get(here, ()))
    return frozenset(found)

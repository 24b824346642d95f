"""Clocks that look right and never measure: never started, never stopped, paused or stopped for good, never paused."""

from __future__ import annotations

from collections.abc import Iterator

from domain.expressions.outcomes import outcomes
from domain.language.checking import Checking
from domain.language.checks_conditions import STATE, SURE, limits, tree
from domain.language.clock_returns import stays_stopped
from domain.language.flow import Flow
from domain.language.models import Clock, Condition
from domain.language.places import Path
from domain.language.state_names import states_in


def check_clock_traps(checking: Checking, flow: Flow) -> None:
    """Every clock against the states a ticket can be in."""
    for name, clock in checking.process.clocks.items():
        _Trap(checking, flow, ("clocks", name), clock).check()


class _Trap:
    def __init__(self, checking: Checking, flow: Flow, path: Path, clock: Clock) -> None:
        self._checking = checking
        self._flow = flow
        self._path = path
        self._clock = clock
        self._limits = limits(checking)

    def check(self) -> None:
        starting = self._open(self._flow.starting(self._clock.start))
        if not self._can_hold(self._clock.start, starting):
            self._warn("start", "the clock can never start: this never holds", "clock-never-starts")
            return
        if self._stops_wherever(starting):
            message = "the clock never runs: it stops in every state it starts in"
            self._warn("stop", message, "clock-never-starts")
            return
        if self._stops_before_answers():
            message = "the clock stops in the very state it starts in, unless the ticket leaves it at once"
            self._warn("stop", message, "clock-never-starts")
            return
        lived = self._flow.after(starting)
        if not self._can_hold(self._clock.stop, lived):
            message = "the clock can never stop: once it runs, this never holds"
            self._warn("stop", message, "clock-never-stops")
        running = frozenset(state for state in self._open(lived) if not self._is_stopped_in(state))
        if self._clock.pause is not None:
            self._check_pause(self._clock.pause, running)
        self._check_return(starting)

    def _check_return(self, starting: frozenset[str]) -> None:
        """A way back to where it ran, from a state that stopped it, which leaves it stopped."""
        runs_in = self._runs_in(starting)
        stopping = frozenset(state for state in self._flow.after(runs_in) if self._stops_in(state))
        found = stays_stopped(self._checking.process, self._clock, stopping, runs_in)
        if found:
            self._warn("stop", found, "clock-never-resumes")

    def _runs_in(self, starting: frozenset[str]) -> frozenset[str]:
        """The states it can run in before it stops for the first time."""
        found: set[str] = set()
        waiting = [state for state in starting if self._can_hold(self._clock.start, frozenset({state}))]
        while waiting:
            here = waiting.pop()
            if here not in found and not self._stops_in(here):
                found.add(here)
                waiting.extend(self._flow.ways[here])
        return self._open(frozenset(found))

    def _stops_in(self, state: str) -> bool:
        """Whether it is this state that stops it: a stop for another reason is for good."""
        stop, here = self._clock.stop, frozenset({state})
        if stop.when:
            heard = [str(event).partition(".") for event in stop.when]
            entered = tuple(name for kind, _, name in heard if kind == "entered")
            if len(entered) < len(heard) or state not in states_in(self._checking.process, entered):
                return False
        return self._can_hold(stop, here) if stop.when or stop.in_ is not None else self._always(stop, here)

    def _stops_before_answers(self) -> bool:
        """Whether it stops wherever it starts when people need time to answer."""
        if self._clock.reset is not None:  # it may start again in another state
            return False
        usual = self._open(self._flow.starting(self._clock.start, unanswered=True))
        return self._can_hold(self._clock.start, usual) and self._stops_wherever(usual)

    def _check_pause(self, pause: Condition, running: frozenset[str]) -> None:
        if not pause.when:
            if self._always(pause, running):
                message = "the clock is always paused: this holds wherever it could run"
                self._warn("pause", message, "clock-always-paused")
                return
        elif pause.in_ is None and pause.if_ is None and self._clock.resume is None:
            message = (
                "once paused, the clock never runs again: nothing ends this; add `in`, `if` or a `resume`"
            )
            self._warn("pause", message, "clock-always-paused")
            return
        elif pause.in_ is None and pause.if_ is None and not self._ends_a_pause(running):
            message = (
                "once paused, the clock never runs again: what `resume` waits for happens only when it has stopped; "
                "add `in` or `if` here, or another event there"
            )
            self._warn("pause", message, "clock-always-paused")
            return
        if not self._can_hold(pause, running):
            message = "the clock is never paused by this: it never runs where this holds"
            self._checking.warn(
                (*self._path, "pause"),
                f"{message}; correct it, or remove it",
                key=True,
                code="clock-never-pauses",
            )

    def _ends_a_pause(self, running: frozenset[str]) -> bool:
        """Whether `resume` may be heard in a state in which the clock has not stopped."""
        resume = self._clock.resume
        if resume is None or not resume.when:
            return True
        transitions = self._checking.process.transitions
        heard = (str(event).partition(".") for event in resume.when)
        return any(
            kind != "done"
            or name not in transitions
            or states_in(self._checking.process, transitions[name].from_) & running
            for kind, _, name in heard
        )

    def _warn(self, part: str, message: str, code: str) -> None:
        path = (*self._path, part)
        written = self._checking.places.node(path)[1]
        hint = "" if ";" in message else "; correct its `in`, `if` or `when`"
        self._checking.warn(path if written else self._path, message + hint, key=True, code=code)

    def _open(self, states: frozenset[str]) -> frozenset[str]:
        """Without those in which nothing is measured any more."""
        return states - states_in(self._checking.process, ("closed",))

    def _outcomes(
        self, conditions: list[Condition], states: frozenset[str]
    ) -> Iterator[tuple[bool | None, ...]]:
        """`in` and `if` of conditions together, in each of these states and for every value."""
        for state in states:
            here = [
                one.in_ is None or state in states_in(self._checking.process, one.in_) for one in conditions
            ]
            found = outcomes(
                [tree(one.if_) for one in conditions],
                self._checking.scopes.base,
                sure=SURE,
                limits=self._limits,
                within={STATE: [state]},
            )
            for _, held in found:
                yield tuple(is_in and holds for is_in, holds in zip(here, held, strict=True))

    def _always(self, condition: Condition, states: frozenset[str]) -> bool:
        return bool(states) and all(held is True for (held,) in self._outcomes([condition], states))

    def _can_hold(self, condition: Condition, states: frozenset[str]) -> bool:
        return any(held is not False for (held,) in self._outcomes([condition], states))

    def _is_stopped_in(self, state: str) -> bool:
        return not self._clock.stop.when and self._always(self._clock.stop, frozenset({state}))

    def _stops_wherever(self, states: frozenset[str]) -> bool:
        """Whether `stop` holds in these states whenever `start` does."""
        if self._clock.stop.when:
            return False
        found = self._outcomes([self._clock.start, self._clock.stop], states)
        return all(stops is True for starts, stops in found if starts is not False)

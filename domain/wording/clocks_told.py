"""What a transition does to the clocks: starts them, has them pause and go on, stops them."""

from __future__ import annotations

from collections.abc import Iterator

from domain.language.flow import Flow
from domain.language.models import Clock, Condition, Process, Transition
from domain.language.state_names import states_in, targets
from domain.wording.vocabulary import Vocabulary


def clocks_told(words: Vocabulary, name: str, transition: Transition) -> Iterator[str]:
    """One line for each clock and what becomes of it. What is sure not to happen is not said: a clock that has not
    begun does not pause, and one that was stopped before does not stop.
    """
    process = words.process
    flow = Flow(process)
    to = targets(process, transition)
    for clock, defined in process.clocks.items():
        for part, where in _happens(process, flow, defined, name, transition):
            text = words.say(f"clock.{part}", words.quoted(words.label("clocks", clock)))
            some = where and len(to) > 1
            yield words.say("in_state", text, words.states(sorted(where))) if some else text


def _happens(
    process: Process, flow: Flow, clock: Clock, name: str, transition: Transition
) -> Iterator[tuple[str, frozenset[str]]]:
    """What becomes of a clock (`start`, `pause` …), and the states that make it so."""
    start, pause, stop = (_states(process, one) for one in (clock.start, clock.pause, clock.stop))
    here, to = states_in(process, transition.from_), targets(process, transition)
    begun = bool(here & _counting(process, flow, clock, stop))
    resets = _hears(clock.reset, name) or bool(_states(process, clock.reset) & to)
    resumes = _hears(clock.resume, name) or bool(_states(process, clock.resume) & to)
    fresh = here & _before(process, flow, start)
    if (start & to and fresh) or _hears(clock.start, name):
        yield "start", start & to
    elif (
        here & pause
        and _all_wait(process, here)
        and to - pause - stop
        and begun
        and not resumes
        and not resets
    ):
        yield "resume", frozenset()
    if (pause & to and begun and not here <= pause) or _hears(clock.pause, name):
        yield "pause", pause & to
    if (stop & to and begun and not here <= stop) or _hears(clock.stop, name):
        yield "stop", stop & to
    if resumes:
        yield "resume", _states(process, clock.resume) & to
    if resets:
        yield "reset", _states(process, clock.reset) & to


def _states(process: Process, condition: Condition | None) -> frozenset[str]:
    return states_in(process, (condition.in_ or ()) if condition is not None else ())


def _hears(condition: Condition | None, name: str) -> bool:
    return condition is not None and f"done.{name}" in (condition.when or ())


def _all_wait(process: Process, states: frozenset[str]) -> bool:
    return all(process.states[state].category == "waiting" for state in states)


def _counting(process: Process, flow: Flow, clock: Clock, stop: frozenset[str]) -> frozenset[str]:
    """The states in which it can have begun and not yet stopped; paused counts as begun."""
    again = [
        state
        for condition in (clock.resume, clock.reset)
        for name, transition in process.transitions.items()
        if condition is not None and (_hears(condition, name) or not _only_done(condition))
        for state in targets(process, transition) or states_in(process, transition.from_)
    ]
    return _reached(flow, [*flow.starting(clock.start), *again], stop)


def _only_done(condition: Condition) -> bool:
    """Whether nothing but transitions that are named has it go on."""
    return bool(condition.when) and all(str(event).startswith("done.") for event in condition.when or ())


def _before(process: Process, flow: Flow, start: frozenset[str]) -> frozenset[str]:
    """The states a ticket can be in before it comes to one that starts the clock."""
    return _reached(flow, [str(process.starts_in)], start)


def _reached(flow: Flow, states: list[str], without: frozenset[str]) -> frozenset[str]:
    """The states that follow these, and they themselves, on ways that pass none of the others."""
    found: set[str] = set()
    waiting = list(states)
    while waiting:
        state = waiting.pop()
        if state not in found and state not in without:
            found.add(state)
            waiting.extend(flow.ways.get(state, ()))
    return frozenset(found)

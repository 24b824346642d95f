"""Plays the cases on each changed definition, to find what no case notices."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from domain.engine.entries import Entry
from domain.engine.plan import plan_of
from domain.language.definition import Definition
from domain.language.loader import Loaded, reload
from domain.language.models import Process
from domain.language.models_tests import Case, World
from domain.rehearsal.mutations import Mutation
from domain.rehearsal.runner import run_case

Outcome = Literal["noticed", "unnoticed", "unreached", "same", "refused"]
"""noticed: a case fails. unnoticed: something else happens in a case, and no expectation says so. unreached: in every
case the same happens as before. same: it means what the process or an earlier change means. refused: it does not load.
"""


class CaseFailed(Exception):
    """A case did not come out as expected."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of one change; `by` is the case that noticed it."""

    mutation: Mutation
    outcome: Outcome
    by: str = ""


@dataclass(frozen=True, slots=True)
class Cases:
    """Cases of one file: the world they play in, the frozen process each plays on, and the one it opens with."""

    cases: tuple[Case, ...]
    world: World
    definition_for: Callable[[Case], Definition]
    earlier_for: Callable[[Case], Definition | None] = lambda case: None


class Mutating:
    """Tries changes of one process against its cases."""

    def __init__(self, loaded: Loaded, groups: Iterable[Cases], known: frozenset[str]) -> None:
        """Raises CaseFailed when a case does not pass as it is."""
        assert loaded.root is not None and loaded.process is not None, "only what loads can be changed"
        self._loaded = loaded
        self._process = loaded.process
        self._root = loaded.root
        self._known = known
        self._plays = [_Play(group, case) for group in groups for case in group.cases]
        for play in self._plays:
            play.journal = self._played(play, play.definition)
        self._meanings = {_meaning(self._process, play.definition) for play in self._plays}

    def verdicts(self, mutations: Iterable[Mutation]) -> Iterator[Verdict]:
        """What becomes of each change, in their order."""
        for mutation in mutations:
            yield self._verdict(mutation)

    def _verdict(self, mutation: Mutation) -> Verdict:
        loaded = reload(self._loaded, mutation.applied(self._root), known_processes=self._known)
        if loaded.process is None or not loaded.ok:
            return Verdict(mutation, "refused")
        if not self._plays:
            return Verdict(mutation, "unreached")
        changed = {
            id(frozen): frozen.with_process(loaded.process)
            for frozen in {id(play.definition): play.definition for play in self._plays}.values()
        }
        if self._is_known(_meaning(loaded.process, next(iter(changed.values())))):
            return Verdict(mutation, "same")
        outcome: Outcome = "unreached"
        # The case that noticed the change before this one is asked first: what stands side by side is often noticed by
        # the same. Which case is named does not matter, the time does.
        for play in list(self._plays):
            try:
                journal = self._played(play, changed[id(play.definition)])
            except CaseFailed:
                self._plays.remove(play)
                self._plays.insert(0, play)
                return Verdict(mutation, "noticed", play.case.name)
            if journal != play.journal:
                outcome = "unnoticed"
        return Verdict(mutation, outcome)

    def _is_known(self, meaning: str) -> bool:
        """Whether the process itself, or an earlier change, means just this."""
        known = meaning in self._meanings
        self._meanings.add(meaning)
        return known

    def _played(self, play: _Play, definition: Definition) -> list[Entry]:
        try:
            result = run_case(
                play.case,
                definition,
                play.group.world,
                self._known,
                earlier=play.earlier,
                stop_early=True,
            )
        except Exception as crash:  # a changed rule may ask the impossible: that is noticed
            raise CaseFailed(play.case.name) from crash
        if not result.passed:
            raise CaseFailed(play.case.name)
        return result.journal


class _Play:
    """One case, the frozen process it plays on, and the journal it writes there."""

    def __init__(self, group: Cases, case: Case) -> None:
        self.group = group
        self.case = case
        self.definition = group.definition_for(case)
        self.earlier = group.earlier_for(case)
        self.journal: list[Entry] = []


def _meaning(process: Process, definition: Definition) -> str:
    """A digest of what a process means, however it is written: every value, and states instead of names for them."""
    plan = plan_of(definition)
    told = process.model_dump()
    for name, rule in told["transitions"].items():
        rule["from_"] = sorted(plan.by_name[name].states)
    for name, clock in told["clocks"].items():
        for part, states in plan.clock_states[name].items():
            clock[part]["in_"] = sorted(states)
    return hashlib.sha256(repr(told).encode()).hexdigest()

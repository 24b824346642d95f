"""A file of cases with the process they are for, ready to be played."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from cli.definition_files import processes, reader

if TYPE_CHECKING:
    from domain.errors import Problem
    from domain.language.definition import Definition
    from domain.language.loader import Loaded, LoadedTests
    from domain.language.models_tests import Case
    from domain.language.yaml_source import Source
    from domain.rehearsal.runner import CaseResult

SPAN = 2
"""Years of cases that one freezing of the calendars serves (it reaches over three)."""


@dataclass
class Rehearsal:
    """One file of cases. Unless `problems` is empty nothing can be played."""

    file: Path
    tests: LoadedTests
    loaded: Loaded | None
    problems: tuple[Problem, ...]
    known: frozenset[str]
    read: frozenset[Path]  # every file that was read
    doubts: tuple[Problem, ...] = ()  # what may be a slip in the cases; they can be played
    _definitions: dict[tuple[str, int], Definition] = field(default_factory=dict)

    @property
    def process(self) -> Path:
        """The file of the process."""
        assert self.tests.tests is not None, "there are problems"
        return self.file.parent / self.tests.tests.process

    @property
    def cases(self) -> tuple[Case, ...]:
        """The cases in file order."""
        assert self.tests.tests is not None, "there are problems"
        return self.tests.tests.cases

    @property
    def definition(self) -> Definition:
        """The process as the first case plays it."""
        return self.definition_for(self.cases[0]) if self.cases else self._frozen_from("", 2026)

    def definition_for(self, case: Case) -> Definition:
        """The process with calendars frozen for the years of a case: cases pass whatever the year is today."""
        return self._frozen_from("", self._first_year(case))

    def earlier_for(self, case: Case) -> Definition | None:
        """The same for the older version that a case opens its ticket with; None when it names none."""
        name = case.opened_with
        return self._frozen_from(name, self._first_year(case)) if name else None

    def _first_year(self, case: Case) -> int:
        years = sorted({self._year(one) for one in self.cases})
        year = self._year(case)
        return next(one for one in years if one <= year < one + SPAN)

    def _frozen_from(self, earlier: str, year: int) -> Definition:
        """The process, or the older version of this name."""
        from bootstrap.public_holidays import PublicHolidays
        from domain.language.definition import Definition
        from domain.language.published import publish

        loaded = self.tests.earlier[earlier] if earlier else self.loaded
        assert loaded is not None, "there are problems"
        if (earlier, year) not in self._definitions:
            published = publish(loaded, PublicHolidays(), date(year, 1, 1))
            self._definitions[earlier, year] = Definition.from_published(published)
        return self._definitions[earlier, year]

    @staticmethod
    def _year(case: Case) -> int:
        from domain.rehearsal.script import DEFAULT_START

        start = case.starts or DEFAULT_START
        return int(start[:4]) if start[:4].isdigit() else int(DEFAULT_START[:4])

    def play(self, case: Case) -> CaseResult:
        """Play one case."""
        from domain.rehearsal.runner import run_case

        assert self.tests.tests is not None, "there are problems"
        given, earlier = self.tests.tests.given, self.earlier_for(case)
        return run_case(case, self.definition_for(case), given, self.known, earlier=earlier)

    def line(self, case: Case, step: int | None = None, what: str = "") -> str:
        """Where a case, a step or an expectation stands, such as `incident.test.yaml:58`."""
        path = f"cases.{self.cases.index(case)}"
        path += "" if step is None else f".steps.{step}"
        path += f".expect.{what}" if what else ""
        while path not in self.tests.marks:
            path = path.rpartition(".")[0]
        return f"{self.file}:{self.tests.marks[path].line}"


def rehearsal(file: Path) -> Rehearsal:
    """Read a file of cases and its process."""
    from domain.errors import DefinitionInvalid
    from domain.language.loader import load_process, load_tests, read_once

    names: set[Path] = {file}
    read_one = read_once(reader(file.parent))

    def read(name: str) -> str | bytes | Source | None:
        names.add(file.parent / name)
        return read_one(name)

    tests = load_tests(file.name, read)
    problems = tests.problems
    loaded, known = None, processes(file.parent)
    if tests.tests is not None:
        loaded = load_process(tests.tests.process, read, known_processes=known)
        problems += loaded.problems
    errors = tuple(problem for problem in problems if problem.severity == "error")
    found = Rehearsal(file, tests, loaded, errors, known, frozenset(names))
    found.doubts = tuple(problem for problem in tests.problems if problem.severity == "warning")
    if not errors:
        try:
            for case in found.cases:
                found.definition_for(case)
                found.earlier_for(case)
        except DefinitionInvalid as invalid:  # it is abstract, or a country's holidays are not known
            found.problems = tuple(invalid.problems)
    return found

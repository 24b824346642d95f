"""`evertick definition test`: the cases of test files on a virtual clock."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from cli.definition_files import FAILED, OK, Files, case_files, processes, reader, shown

if TYPE_CHECKING:
    from domain.rehearsal.runner import CaseResult

EXAMPLE = "Example: evertick definition test definitions/incident.test.yaml"


def test(files: Files) -> None:
    """Play the cases of test files on a virtual clock.

    Of a folder: of all test files in it. Exit code 1 when one fails.
    """
    failed = passed = 0
    for file in case_files(files):
        for result in _results(file):
            passed += result.passed
            failed += not result.passed
            _tell(result)
    typer.echo(f"{passed} passed, {failed} failed")
    raise typer.Exit(FAILED if failed else OK)


def _results(file: Path) -> list[CaseResult]:
    from bootstrap.public_holidays import PublicHolidays
    from domain.language.definition import Definition
    from domain.language.loader import load_process, load_tests
    from domain.language.published import publish
    from domain.rehearsal.runner import run_case

    read = reader(file.parent)
    tests = load_tests(file.name, read)
    problems = tests.problems
    if tests.tests is not None:
        known = processes(file.parent)
        loaded = load_process(tests.tests.process, read, known_processes=known)
        problems += tuple(problem for problem in loaded.problems if problem.severity == "error")
        if tests.ok and loaded.ok:
            first = datetime.now(UTC).date().replace(month=1, day=1)
            definition = Definition.from_published(publish(loaded, PublicHolidays(), first))
            return [run_case(case, definition, tests.tests.given, known) for case in tests.tests.cases]
    for problem in problems:
        typer.echo(shown(problem, file.parent), err=True)
    raise typer.Exit(FAILED)


def _tell(result: CaseResult) -> None:
    typer.echo(f"{'ok  ' if result.passed else 'FAIL'} {result.name}")
    for failure in result.failures:
        typer.echo(f"     step {failure.step + 1}")
        for difference in failure.lines:
            typer.echo(f"       {difference}")

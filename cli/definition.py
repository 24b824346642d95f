"""`evertick definition …`: check and test files. Needs no server, and imports nothing that does."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from domain.language.loader import Reader
    from domain.rehearsal.runner import CaseResult

app = typer.Typer(help="Definitions: check them, test them.", no_args_is_help=True, rich_markup_mode=None)

FAILED = 1
UNUSABLE = 2

Files = Annotated[list[Path], typer.Argument(help="YAML files.", show_default=False)]


@app.command(epilog="Example: evertick definition check definitions/incident.yaml")
def check(files: Files) -> None:
    """Say every problem of processes, with file, line and column. Exit code 1 when there are errors."""
    from domain.language.loader import load_process

    errors = 0
    for file in files:
        _must_exist(file)
        if file.name.endswith(".test.yaml"):
            from domain.language.loader import load_tests

            problems = load_tests(file.name, _reader(file.parent)).problems
        else:
            problems = load_process(
                file.name, _reader(file.parent), known_processes=_processes(file.parent)
            ).problems
        for problem in problems:
            typer.echo(str(problem))
        errors += sum(problem.severity == "error" for problem in problems)
    if errors:
        typer.echo(f"{errors} error{'s' if errors > 1 else ''}", err=True)
    raise typer.Exit(FAILED if errors else 0)


@app.command(epilog="Example: evertick definition test definitions/incident.test.yaml")
def test(files: Files) -> None:
    """Play the cases of test files on a virtual clock. Exit code 1 when one fails."""
    failed = passed = 0
    for file in files:
        _must_exist(file)
        for result in _results(file):
            passed += result.passed
            failed += not result.passed
            _tell(result)
    typer.echo(f"{passed} passed, {failed} failed")
    raise typer.Exit(FAILED if failed else 0)


def _results(file: Path) -> list[CaseResult]:
    from bootstrap.public_holidays import PublicHolidays
    from domain.language.definition import Definition
    from domain.language.loader import load_process, load_tests
    from domain.language.published import publish
    from domain.rehearsal.runner import run_case

    read = _reader(file.parent)
    tests = load_tests(file.name, read)
    problems = tests.problems
    if tests.tests is not None:
        known = _processes(file.parent)
        loaded = load_process(tests.tests.process, read, known_processes=known)
        problems += tuple(problem for problem in loaded.problems if problem.severity == "error")
        if tests.ok and loaded.ok:
            first = datetime.now(UTC).date().replace(month=1, day=1)
            definition = Definition.from_published(publish(loaded, PublicHolidays(), first))
            return [run_case(case, definition, tests.tests.given, known) for case in tests.tests.cases]
    for problem in problems:
        typer.echo(str(problem), err=True)
    raise typer.Exit(FAILED)


def _tell(result: CaseResult) -> None:
    typer.echo(f"{'ok  ' if result.passed else 'FAIL'} {result.name}")
    for failure in result.failures:
        typer.echo(f"     step {failure.step + 1}")
        for difference in failure.differences:
            typer.echo(f"       {difference}")


def _must_exist(file: Path) -> None:
    if not file.is_file():
        typer.echo(f"evertick: there is no file {file}", err=True)
        raise typer.Exit(UNUSABLE)


def _reader(folder: Path) -> Reader:
    """Reads what lies beside the file, and nothing else."""

    def read(name: str) -> bytes | None:
        path = folder / name
        return path.read_bytes() if path.is_file() else None

    return read


def _processes(folder: Path) -> frozenset[str]:
    """The processes that files beside this one define."""
    from bootstrap.definition_files import process_files

    return frozenset(process_files(folder).values())

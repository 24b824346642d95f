"""`evertick definition …`: check and test files. Needs no server, and imports nothing that does."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from domain.errors import Problem
    from domain.language.loader import Reader
    from domain.rehearsal.runner import CaseResult

app = typer.Typer(help="Definitions: check them, test them.", no_args_is_help=True, rich_markup_mode=None)

FAILED = 1
UNUSABLE = 2

Files = Annotated[
    list[Path], typer.Argument(help="YAML files, or folders of them.", show_default=False, metavar="files")
]


@app.command(epilog="Example: evertick definition check definitions/incident.yaml")
def check(files: Files) -> None:
    """Say every problem of definitions, with file, line and column.

    A library is checked with the processes beside it. Exit code 1 when there are errors.
    """
    said: dict[str, str] = {}  # a problem of a library is found by each process that uses it
    checked = _to_check(files)
    for file in checked:
        for problem in _problems(file):
            said[f"{file.parent / problem.file}{str(problem).removeprefix(problem.file)}"] = problem.severity
    for line in said:
        typer.echo(line)
    errors = sum(severity == "error" for severity in said.values())
    typer.echo(
        f"{_count(len(checked), 'file')} checked: {_count(errors, 'error')}, {_count(len(said) - errors, 'warning')}",
        err=True,
    )
    raise typer.Exit(FAILED if errors else 0)


def _to_check(given: list[Path]) -> list[Path]:
    """Every file to check, once: folders opened, libraries replaced by the processes beside them."""
    from bootstrap.definition_files import kind_of, process_files

    found: dict[Path, None] = {}
    for path in given:
        _must_exist(path)
        for file in sorted(path.glob("*.yaml")) if path.is_dir() else [path]:
            beside = [file.parent / name for name in process_files(file.parent)]
            found |= dict.fromkeys(beside if kind_of(file) == "library" and beside else [file])
    return list(found)


def _problems(file: Path) -> tuple[Problem, ...]:
    from bootstrap.definition_files import kind_of
    from domain.language.loader import load_process, load_tests

    kind = kind_of(file)
    if kind == "tests":
        return load_tests(file.name, _reader(file.parent)).problems
    if kind == "organisation":
        return _organisation_problems(file)
    return load_process(file.name, _reader(file.parent), known_processes=_processes(file.parent)).problems


def _organisation_problems(file: Path) -> tuple[Problem, ...]:
    from desk.organisation import load_organisation
    from domain.errors import DefinitionInvalid

    try:
        load_organisation(file.name, file.read_text(encoding="utf-8"))
    except DefinitionInvalid as invalid:
        return tuple(invalid.problems)
    return ()


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


@app.command(epilog="Example: evertick definition test definitions/incident.test.yaml")
def test(files: Files) -> None:
    """Play the cases of test files on a virtual clock.

    Of a folder: of all test files in it. Exit code 1 when one fails.
    """
    failed = passed = 0
    for file in _test_files(files):
        for result in _results(file):
            passed += result.passed
            failed += not result.passed
            _tell(result)
    typer.echo(f"{passed} passed, {failed} failed")
    raise typer.Exit(FAILED if failed else 0)


def _test_files(given: list[Path]) -> list[Path]:
    found: dict[Path, None] = {}
    for path in given:
        _must_exist(path)
        found |= dict.fromkeys(sorted(path.glob("*.test.yaml")) if path.is_dir() else [path])
    return list(found)


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
        typer.echo(f"{file.parent / problem.file}{str(problem).removeprefix(problem.file)}", err=True)
    raise typer.Exit(FAILED)


def _tell(result: CaseResult) -> None:
    typer.echo(f"{'ok  ' if result.passed else 'FAIL'} {result.name}")
    for failure in result.failures:
        typer.echo(f"     step {failure.step + 1}")
        for difference in failure.differences:
            typer.echo(f"       {difference}")


def _must_exist(file: Path) -> None:
    if not file.exists():
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

"""`evertick definition check`: every mistake of definition files, at its place."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import typer

from cli.definition_files import FAILED, OK, Files, count, processes, reader, shown, to_check

if TYPE_CHECKING:
    from domain.errors import Problem

EXAMPLE = "Example: evertick definition check definitions/incident.yaml"


def check(files: Files) -> None:
    """Say every problem of definitions, with file, line and column.

    A library is checked with the processes beside it. Exit code 1 when there are errors.
    """
    said: dict[str, str] = {}  # a problem of a library is found by each process that uses it
    checked = to_check(files)
    for file in checked:
        for problem in problems_of(file):
            said[shown(problem, file.parent)] = problem.severity
    for line in said:
        typer.echo(line)
    errors = sum(severity == "error" for severity in said.values())
    typer.echo(
        f"{count(len(checked), 'file')} checked: {count(errors, 'error')}, "
        f"{count(len(said) - errors, 'warning')}",
        err=True,
    )
    raise typer.Exit(FAILED if errors else OK)


def problems_of(file: Path) -> tuple[Problem, ...]:
    """Everything that is wrong with one file, and with what it uses."""
    from bootstrap.definition_files import kind_of
    from domain.language.loader import load_process, load_tests

    kind = kind_of(file)
    if kind == "tests":
        return load_tests(file.name, reader(file.parent)).problems
    if kind == "organisation":
        return _organisation_problems(file)
    return load_process(file.name, reader(file.parent), known_processes=processes(file.parent)).problems


def _organisation_problems(file: Path) -> tuple[Problem, ...]:
    from desk.organisation import load_organisation
    from domain.errors import DefinitionInvalid

    try:
        load_organisation(file.name, file.read_text(encoding="utf-8"))
    except DefinitionInvalid as invalid:
        return tuple(invalid.problems)
    return ()

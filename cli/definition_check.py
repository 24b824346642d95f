"""`evertick definition check`: every mistake of definition files, at its place."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.definition_files import FAILED, OK, UNUSABLE, Files, count, reader, to_check

if TYPE_CHECKING:
    from collections.abc import Mapping

    from domain.errors import Problem
    from domain.language.loader import Loaded, Reader

_COUNTRIES = "CN HK TW SG JP KR IN DE AT CH FR ES IT NL GB US CA AU"
_GERMAN_STATES = "BB BE BW BY HB HE HH MV NI NW RP SH SL SN ST TH"
COMMON: frozenset[tuple[str, str | None]] = frozenset(
    [
        *((country, None) for country in _COUNTRIES.split()),
        *(("DE", state) for state in _GERMAN_STATES.split()),
    ]
)
"""Countries and parts whose holidays are known for sure: reading what else is known takes as long as a check."""

EXAMPLE = "Example: evertick definition check --format github definitions/"


class ProblemFormat(StrEnum):
    """How problems are told."""

    text = "text"
    json = "json"
    github = "github"
    sarif = "sarif"


@dataclass(frozen=True, slots=True)
class Found:
    """One problem, its file as seen from where the command was typed."""

    file: Path
    line: int
    column: int
    severity: str  # "error" | "warning"
    message: str
    code: str = "other"  # see domain/language/codes.py

    @classmethod
    def of(cls, problem: Problem, folder: Path) -> Found:
        """A problem of a file in a folder."""
        file = folder / problem.file
        return cls(file, problem.line, problem.column, problem.severity, problem.message, problem.code)

    def __str__(self) -> str:
        mark = "" if self.severity == "error" else f"{self.severity}: "
        return f"{self.file}:{self.line}:{self.column}: {mark}{self.message}"


def check(
    files: Files,
    format_: Annotated[
        ProblemFormat,
        typer.Option(
            "--format", help="text; json; github (annotations of a workflow); sarif (code scanning)."
        ),
    ] = ProblemFormat.text,
    strict: Annotated[bool, typer.Option("--strict", help="Warnings count as errors.")] = False,
    organisation: Annotated[
        Path | None,
        typer.Option(
            help="Whose teams, groups, rosters and people are meant; left out: organisation.yaml beside.",
            show_default=False,
            metavar="FILE",
        ),
    ] = None,
) -> None:
    """Say every problem of definitions, with file, line and column.

    A library is checked with the processes beside it. Exit code 0 without errors, 1 with them, 2 when a file cannot be
    had.
    """
    if organisation is not None:
        _must_be_organisation(organisation)
    checked = to_check([*files, *([organisation] if organisation else [])])
    # A problem of a library is found by each process that uses it.
    found = list(
        dict.fromkeys(
            Found.of(problem, file.parent) for file in checked for problem in problems_of(file, organisation)
        )
    )
    found += _same_ids(checked)
    errors = sum(one.severity == "error" for one in found)
    _tell(found, format_)
    if format_ is not ProblemFormat.json:
        typer.echo(
            f"{count(len(checked), 'file')} checked: {count(errors, 'error')}, "
            f"{count(len(found) - errors, 'warning')}",
            err=True,
        )
    raise typer.Exit(FAILED if errors or (strict and found) else OK)


def _tell(found: list[Found], format_: ProblemFormat) -> None:
    if format_ is ProblemFormat.text:
        for one in found:
            typer.echo(str(one))
        return
    from cli.definition_check_formats import as_github, as_json, as_sarif

    tell = {ProblemFormat.json: as_json, ProblemFormat.github: as_github, ProblemFormat.sarif: as_sarif}
    text = tell[format_](found)
    if text:
        typer.echo(text)


def _must_be_organisation(file: Path) -> None:
    from bootstrap.definition_files import kind_of

    kind = kind_of(file) if file.is_file() else ""
    if kind not in ("", "organisation"):
        typer.echo(f"evertick: {file} is a {kind} file; name an organisation file", err=True)
        raise typer.Exit(UNUSABLE)


def problems_of(file: Path, organisation: Path | None = None) -> tuple[Problem, ...]:
    """Everything that is wrong with one file, and with what it uses.

    `organisation`: whose names it uses; None: those of the organisation file beside it, where there is one.
    """
    from bootstrap.definition_files import ORGANISATION, kind_of, process_files
    from domain.language.loader import load_library, load_process, load_tests, read_once

    kind = kind_of(file)
    if kind == "tests":
        return load_tests(file.name, reader(file.parent)).problems
    if kind == "simulation":
        from cli.definition_simulate import profile_problems

        return profile_problems(file)
    if kind == "library":  # alone: with a process beside it that is checked instead
        return load_library(file.name, reader(file.parent)).problems
    if kind == "organisation":
        return _organisation_problems(file)
    read, beside = read_once(reader(file.parent)), process_files(file.parent)
    loaded = load_process(file.name, read, known_processes=frozenset(beside.values()))
    return (
        *loaded.problems,
        *_holiday_problems(loaded),
        *_problems_with_others(loaded, beside, read),
        *_strange_names(loaded, organisation or file.with_name(ORGANISATION)),
    )


def _strange_names(loaded: Loaded, organisation: Path) -> list[Problem]:
    """Teams, groups, rosters and people that the organisation does not have; nothing without an organisation."""
    from bootstrap.definition_files import names_in
    from domain.language.organisation_names import not_in_organisation

    names = names_in(organisation)
    return [] if names is None else not_in_organisation(loaded, names)


def _same_ids(checked: list[Path]) -> list[Found]:
    """Processes of one folder that have one id, as far as they are checked together."""
    from bootstrap.definition_files import same_ids

    folders = dict.fromkeys(file.parent for file in checked)
    return [
        Found.of(problem, folder)
        for folder in folders
        for problem in same_ids(file for file in checked if file.parent == folder)
    ]


def _holiday_problems(loaded: Loaded) -> list[Problem]:
    """Countries whose public holidays nobody knows: what is known comes from outside the language."""
    from domain.errors import Problem

    calendars = loaded.process.calendars if loaded.process is not None else {}
    asked = {
        name: (one.holidays_of.country, one.holidays_of.subdivision)
        for name, one in calendars.items()
        if one.holidays and one.holidays_of is not None
    }
    if COMMON.issuperset(asked.values()):
        return []
    from bootstrap.public_holidays import country_problem

    return [
        Problem(*loaded.marks[f"calendars.{name}.holidays"], message, code="calendar")
        for name, (country, part) in asked.items()
        if (message := country_problem(country, part))
    ]


def _problems_with_others(loaded: Loaded, beside: Mapping[str, str], read: Reader) -> list[Problem]:
    """What does not fit the processes beside this one: links with one end, messages nobody hears.

    `beside`: the processes by their files.
    """
    from domain.language.both_ends import end_problems, partners
    from domain.language.loader import understood
    from domain.language.places import Places

    if loaded.process is None or loaded.root is None or not loaded.ok:
        return []
    wanted = partners(loaded.process)
    others = {}
    for name, id_ in beside.items() if wanted else ():
        other = understood(name, read) if id_ in wanted else None
        if other is not None:
            others[id_] = other
    places = Places(loaded.root, loaded.sources)
    return [
        places.problem(path, message, code="unknown-name")
        for path, message in end_problems(loaded.process, others)
    ]


def _organisation_problems(file: Path) -> tuple[Problem, ...]:
    from bootstrap.definition_files import content_of
    from desk.organisation import load_organisation
    from domain.errors import DefinitionInvalid

    try:
        load_organisation(file.name, content_of(file) or b"")
    except DefinitionInvalid as invalid:
        return tuple(invalid.problems)
    return ()

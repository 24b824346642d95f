"""`evertick definition test`: the cases of test files on a virtual clock."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.definition_cases import Rehearsal, rehearsal
from cli.definition_files import FAILED, OK, UNUSABLE, case_files, count, shown, write
from cli.definition_terminal import Paint

if TYPE_CHECKING:
    from domain.language.models_tests import Case
    from domain.rehearsal.coverage import Coverage
    from domain.rehearsal.runner import CaseResult
    from domain.rehearsal.timeline import Line

EXAMPLE = "Example: evertick definition test --coverage definitions/incident.test.yaml"


class ResultFormat(StrEnum):
    """How the results are told."""

    text = "text"
    json = "json"


@dataclass
class Played:
    """One file of cases with its results, and the processor time each took."""

    rehearsal: Rehearsal
    results: list[tuple[Case, CaseResult, float]] = field(default_factory=list)

    @property
    def failed(self) -> int:
        """How many cases failed; one when nothing could be played."""
        if self.rehearsal.problems:
            return 1
        return sum(not result.passed for _, result, _ in self.results)

    @property
    def passed(self) -> int:
        """How many cases passed."""
        return sum(result.passed for _, result, _ in self.results)

    def place(self, case: Case) -> Callable[[int, str], str]:
        """Where a step's expectation stands."""
        return lambda step, what: self.rehearsal.line(case, step, what)


def play(
    files: Annotated[
        list[Path] | None,
        typer.Argument(
            help="Test files, their processes, or folders of them; left out: this folder.",
            show_default=False,
            metavar="files",
        ),
    ] = None,
    only: Annotated[
        list[str] | None, typer.Option("-k", metavar="WORDS", help="Only cases whose name contains this.")
    ] = None,
    coverage: Annotated[bool, typer.Option("--coverage", help="Also say what no case came to.")] = False,
    fail_under: Annotated[
        float | None, typer.Option(help="With less coverage than this percentage: exit code 1.")
    ] = None,
    watch: Annotated[
        bool, typer.Option("--watch", help="Play again whenever a file changes; Ctrl-C ends.")
    ] = False,
    junit: Annotated[Path | None, typer.Option(metavar="FILE", help="Also write a JUnit XML file.")] = None,
    format_: Annotated[ResultFormat, typer.Option("--format", help="text or json.")] = ResultFormat.text,
) -> None:
    """Play the cases of test files on a virtual clock.

    A failing case is shown as a timeline: what was expected, what came, and the ticket's journal around it.
    Exit code 0 when all pass, 1 when one fails, 2 when there is nothing to play.
    """
    given = files or [Path()]
    plan = _Plan(tuple(only or ()), coverage or fail_under is not None, fail_under or 0.0, junit, format_)
    if not watch:
        raise typer.Exit(_run(given, plan)[0])
    from cli.definition_watch import watching

    watching(given, lambda: _run(given, plan)[1])


@dataclass(frozen=True)
class _Plan:
    only: tuple[str, ...]
    coverage: bool
    fail_under: float
    junit: Path | None
    format_: ResultFormat


def _run(given: list[Path], plan: _Plan) -> tuple[int, frozenset[Path]]:
    """Play everything once: the exit code, and every file that was read."""
    played = [_played(rehearsal(file), plan.only) for file in case_files(given)]
    read = frozenset(path for one in played for path in one.rehearsal.read)
    covered = _coverage(played) if plan.coverage else {}
    if plan.junit:
        from cli.definition_junit import junit_xml

        write(plan.junit, junit_xml(played))
    if plan.format_ is ResultFormat.json:
        from cli.definition_test_json import as_json

        typer.echo(as_json(played, covered))
    else:
        _tell(played, covered)
    if not any(one.results or one.rehearsal.problems for one in played):
        typer.echo("evertick: there is no case to play" + (" of that name" if plan.only else ""), err=True)
        return UNUSABLE, read
    thin = [process for process, one in covered.items() if one.percent < plan.fail_under]
    for process in thin:
        typer.echo(f"{process}: less than {plan.fail_under:g} % is exercised", err=True)
    return (FAILED if thin or any(one.failed for one in played) else OK), read


def _played(one: Rehearsal, only: tuple[str, ...]) -> Played:
    played = Played(one)
    if one.problems:
        return played
    wanted = [word.lower() for word in only]
    for case in one.cases:
        if not wanted or any(word in case.name.lower() for word in wanted):
            before = time.process_time()
            result = one.play(case)
            played.results.append((case, result, time.process_time() - before))
    return played


def _coverage(played: list[Played]) -> dict[str, Coverage]:
    """What was exercised of each process, by all files of cases for it."""
    from domain.rehearsal.coverage import coverage

    by_process: dict[str, list[Played]] = {}
    for one in played:
        if not one.rehearsal.problems:
            by_process.setdefault(str(one.rehearsal.process), []).append(one)
    return {
        process: coverage(
            those[0].rehearsal.definition,
            (result.journal for one in those for _, result, _ in one.results),
        )
        for process, those in by_process.items()
    }


# ---------------------------------------------------------------- words


def _tell(played: list[Played], covered: dict[str, Coverage]) -> None:
    paint = Paint.of_terminal()
    for one in played:
        for problem in (*one.rehearsal.problems, *one.rehearsal.doubts):
            typer.echo(shown(problem, one.rehearsal.file.parent), err=True)
        for case, result, _ in one.results:
            typer.echo(f"{paint.good('ok  ') if result.passed else paint.bad('FAIL')} {result.name}")
            if not result.passed:
                _tell_failure(one, case, result, paint)
    for process, coverage in covered.items():
        _tell_coverage(process, coverage, paint)
    passed, failed = sum(one.passed for one in played), sum(one.failed for one in played)
    seconds = sum(seconds for one in played for _, _, seconds in one.results)
    total = f"{passed} passed, {failed} failed"
    typer.echo(f"{paint.bad(total) if failed else total}" + paint.faint(f" in {seconds:.2f} s"))


def _tell_failure(one: Played, case: Case, result: CaseResult, paint: Paint) -> None:
    from domain.rehearsal.timeline import timeline

    typer.echo(paint.faint(f"     {one.rehearsal.line(case)}"))
    day = ""
    for line in timeline(result, one.place(case)):
        at = line.at.astimezone(result.zone) if line.at else None
        if at and f"{at:%Y-%m-%d %A}" != day:
            day = f"{at:%Y-%m-%d %A}"
            typer.echo(f"       {day}")
        clock = f"{at:%H:%M:%S}".removesuffix(":00") if at else ""
        place = _from_here(line.place, one.rehearsal.file.parent)
        _tell_line(line, f"{clock:<8}", place, paint)


def _from_here(place: str, folder: Path) -> str:
    """A place in a definition, as seen from where the command was typed."""
    return place if not place or place.startswith(f"{folder}/") else str(folder / place)


def _tell_line(line: Line, clock: str, place: str, paint: Paint) -> None:
    text = f"{line.text:<58}" if place else line.text
    place = paint.faint(f"  {place}" if place else "")
    mark = paint.bad(">") if line.wrong else " "
    typer.echo(f"   {mark}   {clock}  {paint.bad(text) if line.wrong else text}{place}")
    for detail in line.details:
        typer.echo(f"                 {detail}")


def _tell_coverage(process: str, coverage: Coverage, paint: Paint) -> None:
    from domain.rehearsal.coverage import KINDS

    typer.echo(f"\n{process}: {coverage.percent:g} % exercised")
    counts = [(kind, *coverage.of_kind(kind)) for kind in KINDS]
    typer.echo("  " + ", ".join(f"{hit} of {count(total, kind)}" for kind, hit, total in counts if total))
    if coverage.missing:
        typer.echo("  no case comes to:")
    for item in coverage.missing:
        typer.echo(
            f"    {item.kind:<16}{item.name:<42}{paint.faint(_from_here(item.line, Path(process).parent))}"
        )
    typer.echo("")

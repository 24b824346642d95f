"""`evertick definition mutate`: what could be changed in a process without any case noticing."""

from __future__ import annotations

import json
import random
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from cli.definition_cases import Rehearsal, rehearsal
from cli.definition_files import FAILED, OK, UNUSABLE, case_files, count, shown
from cli.definition_terminal import Paint

if TYPE_CHECKING:
    from domain.rehearsal.mutating import Verdict
    from domain.rehearsal.mutations import Mutation

EXAMPLE = "Example: evertick definition mutate definitions/incident.yaml --limit 50 --seed 7"

OUTCOMES = ("noticed", "unnoticed", "unreached", "same", "refused")


def mutate(
    files: Annotated[
        list[Path],
        typer.Argument(help="A process, or test files of one process.", show_default=False, metavar="files"),
    ],
    part: Annotated[str, typer.Option(help="Only below this part, such as clocks.response.")] = "",
    libraries: Annotated[bool, typer.Option("--libraries", help="Change what libraries give, too.")] = False,
    limit: Annotated[int | None, typer.Option(min=1, help="Try at most so many, drawn by --seed.")] = None,
    seed: Annotated[int, typer.Option(help="Draws which ones; the same seed draws the same.")] = 0,
    fail_under: Annotated[
        float, typer.Option(help="With a lower score than this percentage: exit code 1.")
    ] = 0.0,
    format_: Annotated[Literal["text", "json"], typer.Option("--format", help="How it is told.")] = "text",
) -> None:
    """Change one thing of a process at a time, and name what no case notices.

    Lengths, numbers, conditions, people, states, rows and actions. The files stay as they are. Exit code 1 when the
    score is below --fail-under or a case fails as it is, 2 when there is nothing to try.
    """
    those = [rehearsal(file) for file in case_files(files)]
    _must_be_playable(those)
    found = _mutations(those[0], part, libraries=libraries)
    total = len(found)
    if limit is not None and limit < total:
        drawn = random.Random(seed).sample(range(total), limit)  # noqa: S311  # the same seed draws the same
        found = [found[index] for index in sorted(drawn)]
    if not found:
        typer.echo(f"evertick: there is nothing to change{f' below {part}' if part else ''}", err=True)
        raise typer.Exit(UNUSABLE)
    verdicts = _verdicts(those, found)
    score = _score(verdicts)
    if format_ == "json":
        typer.echo(_as_json(those[0], verdicts, total))
    else:
        _tell(those[0], verdicts, total)
    raise typer.Exit(FAILED if score < fail_under else OK)


def _must_be_playable(those: list[Rehearsal]) -> None:
    for one in those:
        for problem in one.problems:
            typer.echo(shown(problem, one.file.parent), err=True)
    if any(one.problems for one in those):
        raise typer.Exit(FAILED)
    if len({one.process for one in those}) != 1:
        typer.echo("evertick: name test files of one process", err=True)
        raise typer.Exit(UNUSABLE)


def _mutations(one: Rehearsal, part: str, *, libraries: bool) -> list[Mutation]:
    """Changes of the process and the files it extends; of its libraries when asked."""
    from bootstrap.definition_files import kind_of
    from domain.rehearsal.mutations import mutations

    assert one.loaded is not None, "it is playable"
    files = frozenset(
        name for name in one.loaded.sources if libraries or kind_of(one.file.parent / name) == "process"
    )
    wanted = tuple(part.split(".")) if part else ()
    return [
        each for each in mutations(one.loaded, files) if tuple(map(str, each.path))[: len(wanted)] == wanted
    ]


def _verdicts(those: list[Rehearsal], found: list[Mutation]) -> list[Verdict]:
    from domain.rehearsal.mutating import CaseFailed, Cases, Mutating

    assert those[0].loaded is not None, "they are playable"
    groups = [
        Cases(one.cases, one.tests.tests.given, one.definition_for, one.earlier_for)
        for one in those
        if one.tests.tests is not None
    ]
    try:
        trial = Mutating(those[0].loaded, groups, those[0].known)
    except CaseFailed as failed:
        typer.echo(f"evertick: the case “{failed}” fails as it is; mend it first", err=True)
        raise typer.Exit(FAILED) from None
    verdicts = []
    show = sys.stderr.isatty()
    for number, verdict in enumerate(trial.verdicts(found), start=1):
        verdicts.append(verdict)
        if show:
            typer.echo(f"\r{number} of {len(found)}", nl=False, err=True)
    if show:
        typer.echo("\r\x1b[K", nl=False, err=True)
    return verdicts


def _count(verdicts: list[Verdict]) -> dict[str, int]:
    return {outcome: sum(one.outcome == outcome for one in verdicts) for outcome in OUTCOMES}


def _score(verdicts: list[Verdict]) -> float:
    """Of the changes that could be noticed, the share that was, in percent."""
    counted = _count(verdicts)
    tried = counted["noticed"] + counted["unnoticed"] + counted["unreached"]
    return counted["noticed"] * 1000 // tried / 10 if tried else 100.0


def _tell(one: Rehearsal, verdicts: list[Verdict], total: int) -> None:
    paint = Paint.of_terminal()
    folder = one.file.parent
    counted = _count(verdicts)
    headings = {
        "unnoticed": "something else happens, and no case expects it:",
        "unreached": "no case comes there, or it makes no difference:",
    }
    for outcome, heading in headings.items():
        those = [verdict.mutation for verdict in verdicts if verdict.outcome == outcome]
        if those:
            typer.echo(paint.bad(heading))
        for mutation in those:
            typer.echo(f"  {folder / mutation.mark.file}:{mutation.mark.line}: {mutation.what}")
    if len(verdicts) < total:
        typer.echo(f"{len(verdicts)} of {total} changes were drawn.")
    tried = len(verdicts) - counted["same"] - counted["refused"]
    typer.echo(
        f"{one.process}: {count(tried, 'change')}, {counted['noticed']} noticed, "
        f"{tried - counted['noticed']} not: score {_score(verdicts):g} %"
    )
    typer.echo(
        paint.faint(
            f"({counted['refused']} more do not load, {counted['same']} mean the same as the process or another change)"
        )
    )


def _as_json(one: Rehearsal, verdicts: list[Verdict], total: int) -> str:
    told = {
        "process": str(one.process),
        "changes": total,
        "tried": len(verdicts),
        "score": _score(verdicts),
        **_count(verdicts),
        "verdicts": [
            {
                "outcome": verdict.outcome,
                "file": str(one.file.parent / verdict.mutation.mark.file),
                "line": verdict.mutation.mark.line,
                "path": ".".join(map(str, verdict.mutation.path)),
                "old": verdict.mutation.old,
                "new": verdict.mutation.new,
                "noticed_by": verdict.by,
            }
            for verdict in verdicts
        ],
    }
    return json.dumps(told, ensure_ascii=False, indent=2)

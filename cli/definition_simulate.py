"""`evertick definition simulate`: what a month of tickets would look like."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, NoReturn

import typer

from cli.definition_files import FAILED, must_exist, processes, reader, shown, write
from cli.definition_loading import refuse

if TYPE_CHECKING:
    from datetime import date

    from domain.errors import Problem
    from domain.language.definition import Definition
    from domain.simulation.dice import Streams
    from domain.simulation.profile import Profile

EXAMPLE = "Example: evertick definition simulate definitions/incident.yaml --tickets 1000 --seed 7 --days 30"

File = Annotated[Path, typer.Argument(help="The file of a process.", show_default=False, metavar="file")]
ProfileFile = Annotated[
    Path | None,
    typer.Option(
        "--profile", help="Arrivals, people, how long things take; left out: guessed.", metavar="FILE"
    ),
]
Tickets = Annotated[
    int | None,
    typer.Option(help="So many tickets; left out: as the profile's rates give.", min=1, max=100_000),
]
Seed = Annotated[int, typer.Option(help="The same seed gives the same answer.")]
Days = Annotated[int, typer.Option(help="So many days.", min=1, max=366)]
WarmUp = Annotated[
    int, typer.Option("--warm-up", help="So many days before those, which are not counted.", min=0, max=366)
]
Compare = Annotated[
    Path | None, typer.Option("--compare", help="The same arrivals under another version.", metavar="FILE")
]
Html = Annotated[Path | None, typer.Option("--html", help="Write a report with charts.", metavar="FILE")]
Locale = Annotated[Literal["en", "zh-CN"], typer.Option(help="Language of the report with charts.")]
Format = Annotated[Literal["text", "json"], typer.Option("--format", help="What is written to the terminal.")]
Show = Annotated[bool, typer.Option("--show-profile", help="Write the whole profile instead, to start from.")]


def simulate(
    file: File,
    profile: ProfileFile = None,
    tickets: Tickets = None,
    seed: Seed = 7,
    days: Days = 30,
    warm_up: WarmUp = 0,
    compare: Compare = None,
    html: Html = None,
    locale: Locale = "en",
    format: Format = "text",
    show_profile: Show = False,
) -> None:
    """Simulate tickets on a virtual clock: clocks kept, queues, load, escalations.

    Every ticket is moved by the engine itself; people work one ticket at a time, in their hours. Exit code 1 when a
    file has mistakes.
    """
    import json

    from bootstrap.public_holidays import PublicHolidays
    from domain.simulation.profile_files import begins
    from domain.simulation.profile_text import profile_text
    from domain.simulation.report.comparison import comparison_text
    from domain.simulation.report.text import text_report
    from domain.simulation.study import profile_for_other, study, whole_profile

    for given in (file, profile, compare):
        if given is not None:
            must_exist(given)
            if not given.is_file():
                refuse(f"{given} is a folder; name one file")
    definition, given_profile = _loaded(file, profile)
    whole = whole_profile(given_profile, definition)
    if show_profile:
        typer.echo(profile_text(whole, str(file)), nl=False)
        return
    start = begins(whole, definition)
    runs = [(definition, whole)]
    if compare is not None:
        other = _definition(compare, start.date())
        runs.append((other, profile_for_other(whole, other)))
    results = [
        study(
            one,
            its,
            PublicHolidays(),
            streams(seed),
            start=start,
            days=days,
            tickets=tickets,
            warm_up=warm_up,
        )
        for one, its in runs
    ]
    if html is not None:
        from domain.simulation.report.page import page

        write(html, page(definition, results, seed, locale))
    if format == "json":
        figures = [one.to_json() for one in results]
        answer = {"seed": seed, "result": figures[0]} | ({"other": figures[1]} if compare else {})
        typer.echo(json.dumps(answer, ensure_ascii=False, indent=1))
    elif compare is not None:
        typer.echo(comparison_text(results[0], results[1], seed), nl=False)
    else:
        typer.echo(text_report(results[0], seed), nl=False)


def streams(seed: int) -> Streams:
    """Streams of chance by name, all from one seed."""
    from random import Random

    return lambda name: Random(f"{seed}/{name}").random  # noqa: S311 — a simulation, nothing secret


def _loaded(file: Path, profile: Path | None) -> tuple[Definition, Profile | None]:
    """The definition and its profile; the calendars begin in the year in which the simulation does."""
    from datetime import date

    from bootstrap.definition_files import content_of
    from domain.simulation.profile_files import FIRST_DAY, begins, load_profile

    definition = _definition(file, date.fromisoformat(FIRST_DAY))
    if profile is None:
        return definition, None
    loaded = load_profile(profile.name, content_of(profile) or b"", definition)
    for problem in loaded.problems:
        typer.echo(shown(problem, profile.parent), err=True)
    if not loaded.ok or loaded.profile is None:
        raise typer.Exit(FAILED)
    if loaded.profile.starts is not None:
        definition = _definition(file, begins(loaded.profile, definition).date())
    return definition, loaded.profile


def profile_problems(file: Path) -> tuple[Problem, ...]:
    """What is wrong with a profile, for `definition check`: its process is looked for beside it."""
    from datetime import date

    from bootstrap.definition_files import content_of, process_files
    from domain.errors import Problem
    from domain.language.yaml_source import Mark, plain, read_yaml
    from domain.simulation.profile_files import FIRST_DAY, load_profile

    content = content_of(file) or b""
    source = read_yaml(file.name, content)
    if source.root is None:
        return source.problems
    wanted = plain(source.root).get("process")
    beside = {id: name for name, id in process_files(file.parent).items()}
    if wanted not in beside:
        place: Mark = source.root.value.get("process", source.root).mark
        return (Problem(*place, f'there is no process "{wanted}" beside this file', code="unknown-name"),)
    definition = _definition(file.parent / beside[wanted], date.fromisoformat(FIRST_DAY))
    return load_profile(file.name, content, definition).problems


def _definition(file: Path, first: date) -> Definition:
    from bootstrap.public_holidays import PublicHolidays
    from domain.errors import DefinitionInvalid
    from domain.language.definition import Definition
    from domain.language.loader import load_process
    from domain.language.published import publish

    loaded = load_process(file.name, reader(file.parent), known_processes=processes(file.parent))
    if not loaded.ok:
        _refuse(tuple(problem for problem in loaded.problems if problem.severity == "error"), file.parent)
    try:
        return Definition.from_published(publish(loaded, PublicHolidays(), first))
    except DefinitionInvalid as invalid:
        _refuse(tuple(invalid.problems), file.parent)


def _refuse(problems: tuple[Problem, ...], folder: Path) -> NoReturn:
    for problem in problems:
        typer.echo(shown(problem, folder), err=True)
    raise typer.Exit(FAILED)

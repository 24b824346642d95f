"""The `evertick` command. Every command imports what it needs when it runs: `evertick --help` is instant."""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli import definition

if TYPE_CHECKING:
    from pydantic import ValidationError

app = typer.Typer(
    name="evertick",
    help="IT service processes written in YAML; every ticket is one durable Temporal workflow.",
    epilog="Start with: evertick run",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
database = typer.Typer(help="The database.", no_args_is_help=True, rich_markup_mode=None)
app.add_typer(definition.app, name="definition")
app.add_typer(database, name="db")

SELDOM = 500_000
"""New objects between two collections of a command on definitions: what it makes stays to its end."""

FAILED = 1
UNUSABLE = 2


@contextmanager
def told() -> Iterator[None]:
    """What goes wrong on purpose is said in one line; anything else is a fault and shows its trace.

    Exit code 1, and 2 for a setting that cannot be used.
    """
    import logging

    from pydantic import ValidationError

    from domain.errors import EvertickError

    logging.basicConfig(
        level=logging.ERROR
    )  # processes that log say so themselves; here the message is enough
    try:
        yield
    except EvertickError as error:
        typer.echo(f"evertick: {error}", err=True)
        raise typer.Exit(FAILED) from error
    except ValidationError as error:
        if error.title != "Settings":
            raise
        for line in _settings_problems(error):
            typer.echo(f"evertick: {line}", err=True)
        raise typer.Exit(UNUSABLE) from error


def _settings_problems(error: ValidationError) -> Iterator[str]:
    """Each setting that cannot be used: its variable, what is wrong with it, what it is."""
    for problem in error.errors():
        name = str(problem["loc"][0])
        variable = name if name.isupper() else f"EVERTICK_{name.upper()}"
        message = problem["msg"].removeprefix("Value error, ").removeprefix("Input ")
        yield f"{variable}={problem['input']}: {message}"


@app.command(epilog="Example: EVERTICK_HOME=/srv/evertick evertick run")
def run() -> None:
    """Run everything on this machine.

    Temporal, a worker, the API and the pages, in one tree of processes. Ctrl-C stops it; the next start goes on.
    """
    from bootstrap.run import run as run_all
    from bootstrap.settings import Settings

    with told():
        raise typer.Exit(run_all(Settings()))


@app.command(epilog="Example: TEMPORAL_ADDRESS=temporal:7233 evertick worker")
def worker() -> None:
    """Run one worker process.

    For production: one for each core, beside `evertick api` and a Temporal cluster.
    """
    from bootstrap.worker_process import main as work

    with told():
        work()


@app.command(epilog="Example: EVERTICK_DATABASE_URL=postgresql+psycopg://… evertick api")
def api() -> None:
    """Serve the API and the pages.

    For production: any number of these behind a proxy.
    """
    from bootstrap.api_process import main as serve

    with told():
        serve()


@database.command("upgrade", epilog="Example: evertick db upgrade")
def upgrade() -> None:
    """Bring the database's schema up to date."""
    from bootstrap.prepare import upgrade_database
    from bootstrap.settings import Settings

    with told():
        changed = upgrade_database(Settings())
    typer.echo("The schema was brought up to date." if changed else "The schema is up to date.")


@app.command(epilog="Example: evertick publish definitions/")
def publish(
    folder: Annotated[
        Path | None, typer.Argument(help="Folder of definitions; left out: the one in use.")
    ] = None,
) -> None:
    """Publish the definitions that changed.

    And load the organisation beside them. What is broken keeps its published version. Exit code 1 when something is.
    """
    from bootstrap.prepare import prepared_database
    from bootstrap.settings import Settings
    from bootstrap.shipped import load_people, publish_folder

    if folder is not None and not folder.is_dir():
        raise typer.BadParameter(f"there is no folder {folder}", param_hint="folder")
    with told():
        settings = Settings()
        with prepared_database(settings) as opened:
            report = publish_folder(opened, folder or settings.definitions)
            load_people(opened, folder or settings.definitions)
    for problem in report.problems:
        typer.echo(str(problem), err=True)
    for process in report.kept:
        typer.echo(f"{process}: keeps its published version", err=True)
    for publication in report.publications:
        typer.echo(f"{publication.version.process}: version {publication.version.number} published")
    if not (report.problems or report.publications):
        typer.echo("Nothing has changed.")
    raise typer.Exit(0 if report.ok else FAILED)


@app.command(epilog="Example: evertick token deng --label laptop")
def token(
    person: Annotated[str, typer.Argument(help="Id of a person of organisation.yaml.")],
    label: Annotated[str, typer.Option(help="What the token is for.")] = "command line",
) -> None:
    """Make an API token for a person.

    It also signs in to the pages. It is shown once.
    """
    from datetime import UTC, datetime

    from bootstrap.accounts import new_token
    from bootstrap.prepare import prepared_database
    from bootstrap.settings import Settings

    with told(), prepared_database(Settings()) as opened:
        typer.echo(new_token(opened, person, label, datetime.now(UTC)))


@app.command(epilog="Example: evertick doctor INC-000042")
def doctor(
    ref: Annotated[str | None, typer.Argument(help="A ticket; left out: every open one.")] = None,
    repair: Annotated[
        bool, typer.Option(help="Write the row again from its journal where they differ.")
    ] = False,
) -> None:
    """Compare workflow, row and journal of tickets.

    While `evertick run` runs. Exit code 1 when something differs.
    """
    import asyncio

    from bootstrap.repair import examine

    with told():
        findings = asyncio.run(examine(ref, repair=repair, say=typer.echo))
    raise typer.Exit(FAILED if findings else 0)


@app.command(epilog="Example: evertick migrate incident --dry-run")
def migrate(
    process: Annotated[str, typer.Argument(help="Id of a published process.")],
    to: Annotated[int | None, typer.Option(help="Number of the version; left out: the newest.")] = None,
    ticket: Annotated[str | None, typer.Option(help="Only this ticket.")] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would happen, and do nothing.")
    ] = False,
    leave_behind: Annotated[
        bool,
        typer.Option("--leave-behind", help="Move tickets although values or tasks have no place there."),
    ] = False,
    format: Annotated[str, typer.Option("--format", help="text or json.")] = "text",
) -> None:
    """Move open tickets to a newer version.

    While `evertick run` runs. Each ticket by a command of its own; one that cannot move is named and stays where it is.
    Repeat it to go on after an interruption. Exit code 1 when a ticket stays behind.
    """
    import asyncio

    from bootstrap.migrating import Wanted
    from bootstrap.migrating import migrate as move

    if format not in ("text", "json"):
        raise typer.BadParameter("it is text or json", param_hint="--format")
    with told():
        wanted = Wanted(process, to, ticket, leave_behind, dry_run)
        report = asyncio.run(move(wanted, typer.echo if format == "text" else lambda said: None))
    typer.echo(report.summary if format == "text" else report.to_json())
    raise typer.Exit(0 if report.complete else FAILED)


@app.command(epilog="Example: evertick reseed")
def reseed() -> None:
    """Start every ticket again on a new Temporal file.

    Puts the embedded server's file aside; the next `evertick run` starts the tickets from their stored snapshots.
    """
    from bootstrap.repair import put_temporal_file_aside
    from bootstrap.settings import Settings

    with told():
        typer.echo(put_temporal_file_aside(Settings()))


@app.command(epilog="Example: evertick tour --lang zh-CN")
def tour(
    lang: Annotated[str, typer.Option(help="Language of the story: en or zh-CN.")] = "en",
) -> None:
    """Tell the story of one incident.

    On a temporary desk with real parts, whose time jumps. Exit code 1 when it does not happen as it is told.
    """
    import asyncio

    from bootstrap.tour import TourFailed, tell

    if lang not in ("en", "zh-CN"):
        raise typer.BadParameter("the story is told in en and zh-CN", param_hint="--lang")
    with told():
        try:
            asyncio.run(tell(lang, typer.echo))
        except TourFailed as failed:
            typer.echo(f"The story did not happen as told: {failed}", err=True)
            raise typer.Exit(FAILED) from failed


def main() -> None:
    """The console script."""
    if sys.argv[1:2] == ["definition"]:  # it is over in a moment: its start counts
        gc.set_threshold(SELDOM)
    try:
        app(prog_name="evertick")
    except SystemExit as ending:
        if "temporalio" not in sys.modules:
            raise
        from bootstrap.leaving import leave

        leave(ending.code if isinstance(ending.code, int) else int(ending.code is not None))


if __name__ == "__main__":
    main()

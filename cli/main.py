"""The `evertick` command. Every command imports what it needs when it runs: `evertick --help` is instant."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from cli import definition

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

FAILED = 1


@contextmanager
def told() -> Iterator[None]:
    """What goes wrong on purpose is said in one line; anything else is a fault and shows its trace."""
    from domain.errors import EvertickError

    try:
        yield
    except EvertickError as error:
        typer.echo(f"evertick: {error}", err=True)
        raise typer.Exit(FAILED) from error


@app.command(epilog="Example: EVERTICK_HOME=/srv/evertick evertick run")
def run() -> None:
    """Run everything on this machine: Temporal, worker, API and pages. Ctrl-C stops it; the next start goes on."""
    from bootstrap.run import run as run_all
    from bootstrap.settings import Settings

    with told():
        raise typer.Exit(run_all(Settings()))


@app.command(epilog="Example: TEMPORAL_ADDRESS=temporal:7233 evertick worker")
def worker() -> None:
    """Run one worker process (production: one for each core)."""
    from bootstrap.worker_process import main as work

    with told():
        work()


@app.command(epilog="Example: EVERTICK_DATABASE_URL=postgresql+psycopg://… evertick api")
def api() -> None:
    """Serve the API and the pages (production: behind a proxy)."""
    from bootstrap.api_process import main as serve

    with told():
        serve()


@database.command("upgrade", epilog="Example: evertick db upgrade")
def upgrade() -> None:
    """Bring the database's schema up to date."""
    from bootstrap.prepare import migrate
    from bootstrap.settings import Settings
    from store.session import Database

    settings = Settings()
    settings.home.mkdir(parents=True, exist_ok=True)
    opened = Database(settings.database)
    try:
        with told():
            changed = migrate(opened)
    finally:
        opened.close()
    typer.echo("The schema was brought up to date." if changed else "The schema is up to date.")


@app.command(epilog="Example: evertick publish definitions/")
def publish(
    folder: Annotated[
        Path | None, typer.Argument(help="Folder of definitions; left out: the one in use.")
    ] = None,
) -> None:
    """Check a folder of definitions and publish what changed. What is broken keeps its published version."""
    from bootstrap.settings import Settings
    from bootstrap.shipped import publish_folder
    from store.session import Database

    settings = Settings()
    opened = Database(settings.database)
    try:
        with told():
            report = publish_folder(opened, folder or settings.definitions)
    finally:
        opened.close()
    for problem in report.problems:
        typer.echo(str(problem), err=True)
    for process in report.kept:
        typer.echo(f"{process}: keeps its published version", err=True)
    for publication in report.publications:
        typer.echo(f"{publication.version.process}: version {publication.version.number} published")
    raise typer.Exit(0 if report.ok else FAILED)


@app.command(epilog="Example: evertick doctor INC-000042")
def doctor(
    ref: Annotated[str | None, typer.Argument(help="A ticket; left out: every open one.")] = None,
    repair: Annotated[
        bool, typer.Option(help="Write the row again from its journal where they differ.")
    ] = False,
) -> None:
    """Compare workflow, row and journal of tickets. Exit code 1 when something differs."""
    import asyncio

    from bootstrap.repair import examine

    with told():
        findings = asyncio.run(examine(ref, repair=repair, say=typer.echo))
    raise typer.Exit(FAILED if findings else 0)


@app.command(epilog="Example: evertick reseed")
def reseed() -> None:
    """Put the embedded Temporal's file aside and start every open ticket again from its stored snapshot."""
    from bootstrap.repair import put_temporal_file_aside
    from bootstrap.settings import Settings

    with told():
        typer.echo(put_temporal_file_aside(Settings()))


@app.command(epilog="Example: evertick tour --lang zh-CN")
def tour(
    lang: Annotated[str, typer.Option(help="Language of the story: en or zh-CN.")] = "en",
) -> None:
    """The story of one incident on a temporary desk with real parts; its time jumps. Exit code 1 if it goes wrong."""
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
    app(prog_name="evertick")


if __name__ == "__main__":
    main()

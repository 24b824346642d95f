"""`evertick definition schema`: what lets an editor complete and check definition files while somebody types."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from cli.definition_files import UNUSABLE, write

EXAMPLE = "Example: evertick definition schema --out definitions/schema"


class Kind(StrEnum):
    """The kinds of files that have a schema."""

    process = "process"
    process_extends = "process-extends"
    library = "library"
    tests = "tests"
    simulation = "simulation"


def schema(
    kind: Annotated[
        Kind | None,
        typer.Argument(help="Of which files; process-extends are those with `extends`. Left out: of all."),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(help="Write into this folder, which is made if need be; left out: say it."),
    ] = None,
) -> None:
    """Give the JSON Schemas of definition files.

    A file names its schema in its first line, as seen from where it stands, and VS Code's YAML extension uses it:
    `# yaml-language-server: $schema=./schema/process-1.json`. What a schema cannot see, `check` tells.
    """
    from domain.language.schema import schema_texts
    from domain.simulation.profile_schema import FILE, profile_schema_text

    texts = schema_texts() | {FILE: profile_schema_text()}
    chosen = {
        name: text for name, text in texts.items() if kind is None or name.startswith(f"{kind.value}-1.")
    }
    if out is None:
        if kind is None:
            typer.echo(
                "evertick: name one of process, process-extends, library, tests, simulation; or give --out",
                err=True,
            )
            raise typer.Exit(UNUSABLE)
        typer.echo("".join(chosen.values()), nl=False)
        return
    if out.exists() and not out.is_dir():
        typer.echo(f"evertick: {out} is a file; name a folder", err=True)
        raise typer.Exit(UNUSABLE)
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        typer.echo(f"evertick: {out} cannot be made: {error.strerror}", err=True)
        raise typer.Exit(UNUSABLE) from error
    for name, text in chosen.items():
        write(out / name, text)
        typer.echo(f"{out / name} written", err=True)

"""`evertick definition diff`: what changed between two definitions of a process."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.definition_files import OK, UNUSABLE
from cli.definition_loading import TextOrJson, load

if TYPE_CHECKING:
    from domain.comparing.report import Comparison
    from domain.language.models import Process

EXAMPLE = "Example: evertick definition diff before/incident.yaml definitions/incident.yaml"
DIFFERENT = 1


def diff(
    old: Annotated[
        Path, typer.Argument(help="The file of the process as it was.", metavar="old", show_default=False)
    ],
    new: Annotated[
        Path,
        typer.Argument(help="The file of the process as it is to be.", metavar="new", show_default=False),
    ],
    format_: Annotated[TextOrJson, typer.Option("--format", help="How it is written.")] = "text",
) -> None:
    """Say what changed between two definitions, and whether open tickets can be moved to the new one.

    In the process's own terms, libraries and parents included. Exit code 0 when nothing differs, 1 when something
    does, 2 when one of them has errors.
    """
    from domain.comparing.report import compare

    found = compare(_process(old), _process(new))
    if format_ == "json":
        answer = {"same": found.same, "safe": found.safe} | asdict(found)
        typer.echo(json.dumps(answer, ensure_ascii=False, indent=2))
    else:
        _tell(found)
    raise typer.Exit(OK if found.same else DIFFERENT)


def _process(file: Path) -> Process:
    try:
        loaded = load(file)
    except typer.Exit as refused:
        raise typer.Exit(UNUSABLE) from refused
    if loaded.process is None or not loaded.ok:
        raise typer.Exit(UNUSABLE)
    return loaded.process


def _tell(found: Comparison) -> None:
    if found.same:
        typer.echo("Nothing differs.")
        return
    for group in found.groups:
        typer.echo(_bold(group.title))
        for change in group.changes:
            typer.echo(f"  {change.text}")
    typer.echo("")
    if not found.notes:
        typer.echo(_bold("Safe for open tickets: nothing they have changes."))
        return
    typer.echo(
        _bold("Safe for open tickets. When one is moved to the new definition:")
        if found.safe
        else _bold("Not safe for open tickets as it is:")
    )
    for note in found.notes:
        typer.echo(f"  {'-' if note.safe else '!'} {note.text}")


def _bold(text: str) -> str:
    return typer.style(text, bold=True) if sys.stdout.isatty() else text

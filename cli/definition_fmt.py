"""`evertick definition fmt`: definition files in tidy order and style."""

from __future__ import annotations

import difflib
import json
from pathlib import Path
from typing import Annotated, Literal

import typer

from cli.definition_files import FAILED, OK, Files, count, shown, write, yaml_files
from cli.definition_terminal import Paint

EXAMPLE = "Example: evertick definition fmt --diff definitions/incident.yaml"


def fmt(
    files: Files,
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; exit code 1 when a file is not tidy.")
    ] = False,
    diff: Annotated[bool, typer.Option("--diff", help="Write nothing; show what would change.")] = False,
    format_: Annotated[Literal["text", "json"], typer.Option("--format", help="How it is told.")] = "text",
) -> None:
    """Put definition files in tidy order and style.

    Indentation, spaces and the order of keys; comments stay where they belong, names stay in their order, and the
    files mean what they meant. What cannot be read is left as it is, with exit code 1.
    """
    told: dict[str, list[str]] = {"tidy": [], "changed": [], "refused": []}
    for file in _files(files):
        text, tidy = _tidied(file)
        outcome = "refused" if tidy is None else "tidy" if tidy == text else "changed"
        told[outcome].append(str(file))
        if tidy is None or outcome != "changed":
            continue
        if diff and format_ == "text":
            _show_diff(file, text, tidy)
        if not (check or diff):
            write(file, tidy)
        elif not diff and format_ == "text":
            typer.echo(f"{file} is not tidy")
    if format_ == "json":
        typer.echo(json.dumps(told, ensure_ascii=False, indent=2))
    else:
        done = "would change" if check or diff else "changed"
        typer.echo(f"{count(len(told['changed']), 'file')} {done}, {len(told['tidy'])} tidy", err=True)
    raise typer.Exit(FAILED if told["refused"] or (check and told["changed"]) else OK)


def _files(given: list[Path]) -> list[Path]:
    found: dict[Path, None] = {}
    for path in given:
        found |= dict.fromkeys(yaml_files(path))
    return list(found)


def _tidied(file: Path) -> tuple[str, str | None]:
    """The file's text, and the tidy one; None (with a message) when it has none."""
    from domain.errors import DefinitionInvalid
    from domain.language.tidy import CannotTidy, tidied

    content = file.read_bytes()
    text = content.decode("utf-8", errors="replace")
    try:
        return text, tidied(file.name, content)
    except DefinitionInvalid as invalid:
        for problem in invalid.problems:
            typer.echo(shown(problem, file.parent), err=True)
    except CannotTidy as refused:
        typer.echo(f"evertick: {file.parent / str(refused)}", err=True)
    return text, None


def _show_diff(file: Path, text: str, tidy: str) -> None:
    paint = Paint.of_terminal()
    lines = difflib.unified_diff(
        text.splitlines(keepends=True), tidy.splitlines(keepends=True), str(file), f"{file} (tidy)"
    )
    for line in lines:
        shown_line = line.rstrip("\n")
        if line.startswith("+"):
            shown_line = paint.good(shown_line)
        elif line.startswith("-"):
            shown_line = paint.bad(shown_line)
        typer.echo(shown_line)

"""`evertick definition show`: a definition with all it extends and uses, as one file."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from cli.definition_files import FAILED, OK
from cli.definition_loading import load, refuse

if TYPE_CHECKING:
    from domain.language.loader import Loaded
    from domain.language.merge import Item
    from domain.language.written import Line

EXAMPLE = "Example: evertick definition show definitions/incident.yaml --part clocks.response"
COLUMN = 76  # where the places stand, when the line leaves room for them


def show(
    file: Annotated[
        Path, typer.Argument(help="The file of a process or library.", show_default=False, metavar="file")
    ],
    part: Annotated[
        str, typer.Option(help="Only this part, such as clocks.response.", show_default=False)
    ] = "",
    everything: Annotated[
        bool, typer.Option("--all", help="With what libraries offer and this process does not use.")
    ] = False,
    format_: Annotated[Literal["yaml", "json"], typer.Option("--format", help="How it is written.")] = "yaml",
) -> None:
    """Show a process or a library with all it extends and uses, as one file.

    Behind each line stands the file and line it comes from. What is shown loads to the same definition.
    Exit code 1 when the definition has errors.
    """
    from domain.language.loader import definition_marks
    from domain.language.unused import unused_items
    from domain.language.written import part_of, whole, written
    from domain.language.yaml_source import plain

    loaded = load(file, or_library=True)
    left_out = frozenset() if everything or part else unused_items(loaded)
    try:
        root = part_of(whole(loaded, left_out), part)
    except KeyError as missing:
        refuse(f"{file} has no {part}: nothing is called {missing.args[0]} there")
    if format_ == "json":
        answer = {"definition": plain(root), "places": definition_marks(root)}
        typer.echo(json.dumps(answer, ensure_ascii=False, indent=2))
    else:
        if not part:
            _head(file, loaded, left_out)
        for line in written(root):
            typer.echo(_with_place(line))
    raise typer.Exit(FAILED if any(one.severity == "error" for one in loaded.problems) else OK)


def _head(file: Path, loaded: Loaded, left_out: frozenset[Item]) -> None:
    others = [name for name in loaded.sources if name != file.name]
    typer.echo(f"# {file.name}" + (f", with {', '.join(others)}" if others else ""))
    if left_out:
        sections: dict[str, list[str]] = {}
        for section, name in sorted(left_out):
            sections.setdefault(section, []).append(name)
        typer.echo("# Offered by libraries and not used here (--all shows it):")
        for section, names in sections.items():
            typer.echo(f"#   {section}: {', '.join(names)}")
    typer.echo("")


def _with_place(line: Line) -> str:
    if line.place is None:
        return line.text
    wide = sum(2 if ord(char) > 0x2E80 else 1 for char in line.text)  # Chinese takes two columns
    comment = f"# {line.place}"
    if sys.stdout.isatty():
        comment = typer.style(comment, dim=True)
    return f"{line.text}{' ' * max(2, COLUMN - wide)}{comment}"

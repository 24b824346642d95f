"""`evertick definition diagram`: a process drawn."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from cli.definition_files import OK, write
from cli.definition_loading import File, Locale, must_speak, process_of

if TYPE_CHECKING:
    from domain.drawing.svg import Drawn

EXAMPLE = "Example: evertick definition diagram definitions/incident.yaml --output incident.svg"


def diagram(
    file: File,
    output: Annotated[
        Path | None, typer.Option(help="File to write; left out: the terminal.", show_default=False)
    ] = None,
    format_: Annotated[
        Literal["svg", "mermaid", "json"], typer.Option("--format", help="What is drawn.")
    ] = "svg",
    locale: Locale = "en",
) -> None:
    """Draw a process: states, the ways between them, clocks and approvals.

    The same definition gives the same bytes. Exit code 1 when the definition has errors.
    """
    from domain.drawing.chart import chart_of
    from domain.drawing.mermaid import mermaid
    from domain.drawing.svg import draw

    process = process_of(file)
    must_speak(process, locale)
    chart = chart_of(process, locale)
    text = (
        mermaid(chart)
        if format_ == "mermaid"
        else draw(chart).svg
        if format_ == "svg"
        else _json(draw(chart))
    )
    if output is None:
        typer.echo(text, nl=False)
    else:
        write(output, text)
        typer.echo(f"{output} written", err=True)
    raise typer.Exit(OK)


def _json(drawn: Drawn) -> str:
    """States and ways with their words and places, in pixels from the drawing's upper left corner."""
    chart, layout = drawn.chart, drawn.layout
    answer = {
        "title": chart.title,
        "description": chart.description,
        "width": round(layout.width, 1),
        "height": round(layout.height, 1),
        "nodes": [asdict(node) | {"place": _place(asdict(layout.boxes[node.id]))} for node in chart.nodes],
        "ways": [
            asdict(way)
            | {
                "line": [[round(x, 1), round(y, 1)] for x, y in line],
                "label": _place(asdict(label)) if label else None,
            }
            for way, line, label in zip(chart.ways, layout.lines, layout.labels, strict=True)
        ],
        "beside": {heading: [asdict(note) for note in notes] for heading, notes in chart.beside},
    }
    return json.dumps(answer, ensure_ascii=False, indent=2) + "\n"


def _place(rectangle: dict[str, float]) -> dict[str, float]:
    return {name: round(number, 1) for name, number in rectangle.items()}

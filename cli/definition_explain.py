"""`evertick definition explain`: one part of a process in words."""

from __future__ import annotations

import json
import re
import shutil
import sys
import textwrap
import unicodedata
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.definition_files import FAILED, OK
from cli.definition_loading import Locale, TextOrJson, load, must_speak, refuse

if TYPE_CHECKING:
    from domain.language.loader import Loaded
    from domain.wording.explaining import Explanation

EXAMPLE = "Example: evertick definition explain resolve definitions/incident.yaml"
WIDTH = 100
_PIECE = re.compile(r"[「（“]*(?:[!-~]+|[^!-~\s])[，。；：、」）”！？]*\s*|\s+")
"""What stays on one line: a Latin word or a Chinese character, with the marks that open before and close after it."""


Only = Annotated[str, typer.Option(help="Only what is called so there.", show_default=False, metavar="name")]


def explain(
    what: Annotated[
        list[str], typer.Argument(help="Perhaps a name; then the file of a process.", metavar="[name] file")
    ],
    transition: Only = "",
    clock: Only = "",
    field: Only = "",
    approval: Only = "",
    format_: Annotated[TextOrJson, typer.Option("--format", help="How it is written.")] = "text",
    locale: Locale = "en",
) -> None:
    """Say in words who may do something, when, and what happens.

    Of everything that has the name: transition, clock, field, approval, state, task and so on. Without a name it
    lists the names. Exit code 1 when the definition has errors, 2 when nothing has the name.
    """
    if len(what) > 2:
        refuse("give one name and one file")
    given = {"transitions": transition, "clocks": clock, "fields": field, "approvals": approval}
    chosen = [(section, name) for section, name in given.items() if name]
    name = what[0] if len(what) == 2 else ""
    loaded = load(Path(what[-1]))
    assert loaded.process is not None
    must_speak(loaded.process, locale)
    explained = _explained(loaded, chosen, name, locale)
    if format_ == "json":
        answer = [asdict(one) | {"place": _place(loaded, one)} for one in explained]
        typer.echo(json.dumps(answer, ensure_ascii=False, indent=2))
    else:
        for number, one in enumerate(explained):
            if number:
                typer.echo("")
            for line in _lines(one, _place(loaded, one), locale):
                typer.echo(line)
    raise typer.Exit(OK if loaded.ok else FAILED)


def _explained(loaded: Loaded, chosen: list[tuple[str, str]], name: str, locale: str) -> list[Explanation]:
    from domain.language.suggest import did_you_mean
    from domain.wording.explaining import explain as explain_one
    from domain.wording.explaining import explainable
    from domain.wording.mentions import SINGULAR

    assert loaded.process is not None
    known = list(explainable(loaded.process))
    if not name and not chosen:
        _list(known)
        raise typer.Exit(OK)
    wanted = [*chosen, *((section, one) for section, one in known if name and one == name)]
    for section, one in [*chosen, *([("", name)] if name else [])]:
        names = [other for where, other in known if section in ("", where)]
        if one not in names:
            kind = SINGULAR.get(section, "part")
            refuse(f'no {kind} is called "{one}"{did_you_mean(one, names)}')
    return [explain_one(loaded.process, section, one, locale) for section, one in dict.fromkeys(wanted)]


def _list(known: list[tuple[str, str]]) -> None:
    sections: dict[str, list[str]] = {}
    for section, name in known:
        sections.setdefault(section, []).append(name)
    for section, names in sections.items():
        text = f"{section}: {', '.join(names)}"
        typer.echo("\n".join(textwrap.wrap(text, _width(), subsequent_indent="  ")))


def _place(loaded: Loaded, one: Explanation) -> str:
    path = one.section if one.name == one.section else f"{one.section}.{one.name}"
    mark = loaded.marks.get(path)
    return str(mark) if mark is not None else ""


def _lines(one: Explanation, place: str, locale: str) -> list[str]:
    from domain.wording.phrases import phrase

    head = one.title
    if sys.stdout.isatty():
        head = typer.style(head, bold=True)
    kind = phrase(f"one.{one.section}", locale)
    lines = [f"{head}   {kind} {one.name}{f', {place}' if place else ''}"]
    column = min(26, max((_wide(said.label) for said in one.said), default=0)) + 2
    for said in one.said:
        label = said.label + " " * max(1, column - _wide(said.label))
        if _wide(said.label) >= column:  # too long to stand beside its text
            lines.append(f"  {said.label}")
            label = " " * column
        texts = [said.text] if said.text or not said.items else []
        texts += [f"• {item}" for item in said.items]
        for text in texts:
            for at, part in enumerate(_wrapped(text, _width() - column - 2)):
                lines.append(
                    f"  {label if not at else ' ' * column}{'  ' if at and text[:1] == '•' else ''}{part}"
                )
                label = " " * column
    return lines


def _width() -> int:
    return min(WIDTH, shutil.get_terminal_size((WIDTH, 24)).columns)


def _wide(text: str) -> int:
    """Columns of a terminal: Chinese takes two."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


def _wrapped(text: str, most: int) -> list[str]:
    if _wide(text) == len(text):
        return textwrap.wrap(text, most - 2) or [""]
    lines = [""]
    for piece in _PIECE.findall(text):
        if _wide(lines[-1] + piece.rstrip()) > most - 2 and lines[-1]:
            lines.append("")
        for char in piece if lines[-1] else piece.lstrip():
            if _wide(lines[-1] + char) > most - 2 and not char.isspace():  # a word wider than a line
                lines.append("")
            lines[-1] += char
    return [line.rstrip() for line in lines]

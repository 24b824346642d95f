"""One process for a command that shows it: loaded with what lies beside it, its problems said."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, NoReturn

import typer

from cli.definition_files import FAILED, UNUSABLE, must_exist, processes, reader, shown

if TYPE_CHECKING:
    from domain.language.loader import Loaded
    from domain.language.models import Process

File = Annotated[Path, typer.Argument(help="The file of a process.", show_default=False, metavar="file")]
TextOrJson = Literal["text", "json"]
Locale = Annotated[str, typer.Option(help="Language of labels: en or zh-CN.")]


def load(file: Path, *, or_library: bool = False) -> Loaded:
    """The process of a file (or the library), with what it uses and extends; its errors are said.

    Exit code 2 when the file is of another kind, 1 when nothing can be made of it.
    """
    from bootstrap.definition_files import kind_of
    from domain.language.loader import load_library, load_process

    wanted = "a process or library" if or_library else "a process"
    must_exist(file)
    if not file.is_file():
        refuse(f"{file} is a folder; name the file of {wanted}")
    kind = kind_of(file)
    if kind not in ("", "process") and not (or_library and kind == "library"):
        refuse(f"{file} is a {kind} file; name the file of {wanted}")
    if kind == "library":
        loaded = load_library(file.name, reader(file.parent))
    else:
        loaded = load_process(file.name, reader(file.parent), known_processes=processes(file.parent))
    for problem in loaded.problems:
        if problem.severity == "error":
            typer.echo(shown(problem, file.parent), err=True)
    if loaded.root is None or (kind != "library" and loaded.process is None):
        raise typer.Exit(FAILED)
    return loaded


def process_of(file: Path) -> Process:
    """The process of a file without errors; exit code 1 when it has some."""
    loaded = load(file)
    if loaded.process is None or not loaded.ok:
        raise typer.Exit(FAILED)
    return loaded.process


def must_speak(process: Process, locale: str) -> None:
    """Exit code 2 for a language that neither the process nor the command has texts in."""
    known = tuple(dict.fromkeys((*process.locales, "en", "zh-CN")))
    if locale not in known:
        refuse(f"there are no texts in {locale}; known: {', '.join(known)}")


def refuse(message: str) -> NoReturn:
    """Say why the arguments cannot be used, and end with exit code 2."""
    typer.echo(f"evertick: {message}", err=True)
    raise typer.Exit(UNUSABLE)

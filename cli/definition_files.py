"""What the commands on definition files share: finding files, reading what lies beside them, exit codes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from domain.errors import Problem
    from domain.language.loader import Reader

OK = 0
FAILED = 1
UNUSABLE = 2

Files = Annotated[
    list[Path], typer.Argument(help="YAML files, or folders of them.", show_default=False, metavar="files")
]


def must_exist(file: Path) -> None:
    """Exit code 2 when there is no such file or folder."""
    if not file.exists():
        typer.echo(f"evertick: there is no file {file}", err=True)
        raise typer.Exit(UNUSABLE)


def yaml_files(path: Path) -> list[Path]:
    """The file itself, or what a folder holds. Exit code 2 when it is not there, or the folder holds no YAML."""
    must_exist(path)
    found = sorted(path.glob("*.yaml")) if path.is_dir() else [path]
    if not found:
        typer.echo(f"evertick: there is no file *.yaml in {path}", err=True)
        raise typer.Exit(UNUSABLE)
    return found


def reader(folder: Path) -> Reader:
    """Reads what lies beside the file, and nothing else."""
    from bootstrap.definition_files import content_of

    return lambda name: content_of(folder / name)


def processes(folder: Path) -> frozenset[str]:
    """The processes that files beside this one define."""
    from bootstrap.definition_files import process_files

    return frozenset(process_files(folder).values())


def to_check(given: list[Path]) -> list[Path]:
    """Every file to check, once: folders opened, libraries replaced by the processes beside them."""
    from bootstrap.definition_files import kind_of, process_files

    found: dict[Path, None] = {}
    for path in given:
        for file in yaml_files(path):
            is_library = kind_of(file) == "library"
            beside = [file.parent / name for name in process_files(file.parent)] if is_library else []
            found |= dict.fromkeys(beside or [file])
    return list(found)


def case_files(given: list[Path]) -> list[Path]:
    """Every file of cases, once; of a folder: all that end in `.test.yaml`; of a process: the one beside it."""
    from bootstrap.definition_files import kind_of

    found: dict[Path, None] = {}
    for path in given:
        must_exist(path)
        if path.is_dir():
            found |= dict.fromkeys(sorted(path.glob("*.test.yaml")))
        elif kind_of(path) == "process":
            beside = path.with_name(f"{path.stem}.test.yaml")
            must_exist(beside)
            found[beside] = None
        else:
            found[path] = None
    return list(found)


def write(file: Path, text: str) -> None:
    """Write a file; exit code 2 where that cannot be done."""
    try:
        file.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        typer.echo(f"evertick: {file} cannot be written: {error.strerror}", err=True)
        raise typer.Exit(UNUSABLE) from error


def shown(problem: Problem, folder: Path) -> str:
    """A problem as one line, its file as seen from where the command was typed."""
    return f"{folder / problem.file}{str(problem).removeprefix(problem.file)}"


def count(number: int, what: str) -> str:
    """`1 file`, `2 files`."""
    return f"{number} {what}" if number == 1 else f"{number} {what}s"

"""`evertick definition new`: a commented process to begin with, and its cases."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated

import typer

from cli.definition_files import FAILED, UNUSABLE, must_exist, write

EXAMPLE = 'Example: evertick definition new leave_request --title "Leave request" --title-zh 请假申请'

TEMPLATES = Path(__file__).parents[1] / "definitions" / "templates"
SCHEMAS = "schema"
EDITORS_LINE = "# yaml-language-server: $schema="
_NAME = re.compile(r"[a-z][a-z0-9_]*")
_LONGEST = 60
_VALUES = ("null", "true", "false")  # these are no texts in YAML


def new(
    name: Annotated[str, typer.Argument(help="Its id: small letters, digits and _.")] = "new_process",
    title: Annotated[str, typer.Option(help="What people call it; left out: the name in words.")] = "",
    title_zh: Annotated[str, typer.Option("--title-zh", help="The same in Chinese.")] = "",
    template: Annotated[
        str,
        typer.Option(
            help="What to begin with: task (somebody does something within a time) or approval (people agree first)."
        ),
    ] = "task",
    into: Annotated[Path, typer.Option(help="The folder to write to.")] = Path(),
) -> None:
    """Write a commented process to begin with, and cases for it that pass.

    Where people have to agree first, take --template approval.
    Two files: NAME.yaml and NAME.test.yaml. Nothing is overwritten: exit code 1 when one of them is there already.
    Beside them a folder `schema`, unless it is there: with it VS Code's YAML extension completes and checks while you
    type.
    """
    must_exist(into)
    if len(name) > _LONGEST:
        typer.echo(f"evertick: a name has at most {_LONGEST} characters, this one has {len(name)}", err=True)
        raise typer.Exit(UNUSABLE)
    if not _NAME.fullmatch(name) or name in _VALUES:
        typer.echo(
            f"evertick: {name!r} cannot be a name: small letters, digits and _; write {_name_like(name)!r}",
            err=True,
        )
        raise typer.Exit(UNUSABLE)
    if "{{" in title + title_zh:
        typer.echo("evertick: a title is plain text, without {{", err=True)
        raise typer.Exit(UNUSABLE)
    known = templates()
    if template not in known:
        typer.echo(f"evertick: there is no template {template!r}; there is: {', '.join(known)}", err=True)
        raise typer.Exit(UNUSABLE)
    files = {into / f"{name}{end}": TEMPLATES / f"{template}{end}" for end in (".yaml", ".test.yaml")}
    for file in files:
        if file.exists():
            typer.echo(
                f"evertick: {file} is there already; choose another name or --into another folder", err=True
            )
            raise typer.Exit(FAILED)
    for file, source in files.items():
        text = filled(source.read_text(encoding="utf-8"), name, title, title_zh)
        kind = "tests" if file.name.endswith(".test.yaml") else "process"
        write(file, f"{EDITORS_LINE}./{SCHEMAS}/{kind}-1.json\n{text}")
        typer.echo(f"{file} is written.")
    if _add_schemas(into / SCHEMAS):
        typer.echo(f"{into / SCHEMAS} is written; with it VS Code's YAML extension helps while you type.")
    process = next(iter(files))
    typer.echo(f"Next: evertick definition test {process}")


def _add_schemas(folder: Path) -> bool:
    """Write the schemas that the first lines name; a folder that is there stays as it is."""
    from domain.language.schema import schema_texts

    if folder.exists():
        return False
    folder.mkdir()
    for file, text in schema_texts().items():
        (folder / file).write_text(text, encoding="utf-8")
    return True


def templates() -> list[str]:
    """The names of the templates there are, `task` first."""
    names = [path.name.removesuffix(".test.yaml") for path in TEMPLATES.glob("*.test.yaml")]
    return sorted(names, key=lambda name: (name != "task", name))


def filled(text: str, name: str, title: str, title_zh: str) -> str:
    """A template's text with the name, titles and numbers of a process."""
    words = title or name.replace("_", " ").capitalize()
    titles = f"{{en: {_quoted(words)}, zh-CN: {_quoted(title_zh or words)}}}"
    changes = {
        "new_process": name,
        "NEW-": f"{_prefix(name)}-",
        "{en: New process, zh-CN: 新流程}": titles,
        "# New process:": f"# {words}:",
    }
    return "\n".join(_line(line, changes) for line in text.split("\n"))


def _line(line: str, changes: dict[str, str]) -> str:
    """A line with its changes; a comment behind it stays in its column."""
    said, mark, comment = line.partition("  #")
    before = len(said) if mark else 0
    for old, new_text in changes.items():
        said, comment = said.replace(old, new_text), comment.replace(old, new_text)
    return f"{said.rstrip().ljust(before) if mark and said.strip() else said}{mark}{comment}"


def _quoted(text: str) -> str:
    """A text as it may stand inside { }."""
    if re.fullmatch(r"\w[\w .()/-]*", text):
        return text
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _prefix(name: str) -> str:
    """How its tickets are called: LR for leave_request, BAD for badge."""
    words = [word for word in name.split("_") if word]
    letters = "".join(word[0] for word in words) if len(words) > 1 else words[0][:3]
    return (letters if letters[0].isalpha() else name[0]).upper()[:10]


def _name_like(name: str) -> str:
    found = re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")
    sound = _NAME.fullmatch(found) and found not in _VALUES
    return found if sound else f"process_{found}".rstrip("_")

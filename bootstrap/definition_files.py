"""Reading definition files, and which of a folder define processes.

Imports no server: `evertick definition …` asks here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from domain.errors import Problem
    from domain.language.organisation_names import OrganisationNames

ORGANISATION = "organisation.yaml"
"""The file of a folder that says who works here."""

_KIND = re.compile(r"^kind:\s*(\S+)", re.MULTILINE)
_ID = re.compile(r"""^id:[ \t]*["']?([^\s"'#]+)""", re.MULTILINE)


def content_of(path: Path) -> bytes | None:
    """What a file holds, as far as a definition may go, so that a huge one costs nothing; None without such a file."""
    from domain.language.yaml_source import MAX_BYTES

    if not path.is_file():
        return None
    with path.open("rb") as file:
        return file.read(MAX_BYTES + 1)  # one more than is allowed, so that it is refused


def _text_of(path: Path) -> str:
    return (content_of(path) or b"").decode("utf-8", errors="replace")


def kind_of(path: Path) -> str:
    """What a file says it is: process, library, tests, organisation; "" when it does not say."""
    return _kind_in(_text_of(path))


def _kind_in(text: str) -> str:
    found = _KIND.search(text)
    return found[1] if found else ""


def process_files(folder: Path) -> dict[str, str]:
    """The process files of a folder: file name → the process id it says. Abstract ones too."""
    found = {}
    for path in sorted(folder.glob("*.yaml")):
        text = _text_of(path)
        if _kind_in(text) == "process":
            name = _ID.search(text)
            found[path.name] = name[1] if name else path.stem
    return found


def names_in(organisation: Path) -> OrganisationNames | None:
    """The teams, groups, rosters and people of an organisation file; None without one that can be read."""
    from domain.language.organisation_names import organisation_names

    content = content_of(organisation)
    return None if content is None else organisation_names(organisation.name, content)


def same_ids(files: Iterable[Path]) -> list[Problem]:
    """For each process file of one folder whose id another of them has too: where it says so, and where the others do.

    A folder is published as a whole, so two of them would take turns.
    """
    places: dict[str, list[tuple[str, int, int]]] = {}
    for path in files:
        text = _text_of(path)
        kind, name = _KIND.search(text), _ID.search(text)
        if kind is not None and kind[1] == "process" and name is not None:
            before = text[: name.start(1)]
            line, column = before.count("\n") + 1, name.start(1) - before.rfind("\n")
            places.setdefault(name[1], []).append((path.name, line, column))
    return [_same_id(id_, here, those) for id_, those in places.items() if len(those) > 1 for here in those]


def _same_id(id_: str, here: tuple[str, int, int], those: list[tuple[str, int, int]]) -> Problem:
    from domain.errors import Problem

    others = " and ".join(f"{file}:{line}" for file, line, _ in those if file != here[0])
    message = f'the process of {others} is called "{id_}" too; give each its own id, or remove one'
    return Problem(*here, message, code="file")

"""Reading definition files, and which of a folder define processes.

Imports no server: `evertick definition …` asks here.
"""

from __future__ import annotations

import re
from pathlib import Path

_KIND = re.compile(r"^kind:\s*(\S+)", re.MULTILINE)
_ID = re.compile(r"^id:\s*(\S+)", re.MULTILINE)


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
    found = _KIND.search(_text_of(path))
    return found[1] if found else ""


def process_files(folder: Path) -> dict[str, str]:
    """The process files of a folder: file name → the process id it says. Abstract ones too."""
    found = {}
    for path in sorted(folder.glob("*.yaml")):
        if kind_of(path) == "process":
            name = _ID.search(_text_of(path))
            found[path.name] = name[1] if name else path.stem
    return found

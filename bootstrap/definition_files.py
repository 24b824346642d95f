"""Which files of a folder define processes. Imports no server: `evertick definition …` asks here."""

from __future__ import annotations

import re
from pathlib import Path

_KIND = re.compile(r"^kind:\s*(\S+)", re.MULTILINE)
_ID = re.compile(r"^id:\s*(\S+)", re.MULTILINE)


def kind_of(path: Path) -> str:
    """What a file says it is: process, library, tests, organisation; "" when it does not say."""
    found = _KIND.search(path.read_text(encoding="utf-8", errors="replace"))
    return found[1] if found else ""


def process_files(folder: Path) -> dict[str, str]:
    """The process files of a folder: file name → the process id it says. Abstract ones too."""
    found = {}
    for path in sorted(folder.glob("*.yaml")):
        if kind_of(path) == "process":
            name = _ID.search(path.read_text(encoding="utf-8", errors="replace"))
            found[path.name] = name[1] if name else path.stem
    return found

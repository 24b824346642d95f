"""Which files of a folder define processes. Imports no server: `evertick definition …` asks here."""

from __future__ import annotations

import re
from pathlib import Path

_KIND = re.compile(r"^kind:\s*(\S+)", re.MULTILINE)
_ID = re.compile(r"^id:\s*(\S+)", re.MULTILINE)


def process_files(folder: Path) -> dict[str, str]:
    """The process files of a folder: file name → the process id it says. Abstract ones too."""
    found = {}
    for path in sorted(folder.glob("*.yaml")):
        text = path.read_text(encoding="utf-8")
        kind, name = _KIND.search(text), _ID.search(text)
        if kind and kind[1] == "process":
            found[path.name] = name[1] if name else path.stem
    return found

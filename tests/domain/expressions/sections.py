"""Tables in files: sections with a heading, and a line for each fact."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

_HEADING = "## "


def write(file: Path, sections: Mapping[str, list[str]]) -> None:
    """Write them all."""
    lines = [line for name, facts in sections.items() for line in (_HEADING + name, *facts)]
    file.write_text("\n".join(lines) + "\n", "utf-8")


def read(file: Path) -> dict[str, list[str]]:
    """What was written."""
    found: dict[str, list[str]] = {}
    facts: list[str] = []
    for line in file.read_text("utf-8").splitlines():
        if line.startswith(_HEADING):
            facts = found[line.removeprefix(_HEADING)] = []
        else:
            facts.append(line)
    return found

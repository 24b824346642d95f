"""Commands in the documentation: each `console` block is typed, and its answers are compared.

    ```console
    $ evertick definition check leave.yaml
    …
    ```

All blocks of a page run in one empty folder, from top to bottom. A line `…` stands for any lines. Measured seconds
may differ. `python -m tests.docs.console PAGE` writes what is answered today.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.architecture.checkout import ROOT

_BLOCK = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_SECONDS = re.compile(r"\b\d+\.\d\d s\b")
_ANY = "…"
PICTURES = ROOT / "docs" / "pictures"


@dataclass(frozen=True)
class Command:
    """One command, and what the page says it answers."""

    line: int
    typed: str
    answer: str


def commands(text: str) -> Iterator[Command]:
    """The commands of a page."""
    for block in _BLOCK.finditer(text):
        line = text[: block.start(1)].count("\n") + 1
        for part in re.split(r"^\$ ", block[1], flags=re.MULTILINE)[1:]:
            typed, _, answer = part.partition("\n")
            yield Command(line, typed, answer)
            line += part.count("\n")


def answer_to(typed: str, folder: Path) -> str:
    """What a command really says, errors too."""
    shell = f'evertick() {{ "{sys.executable}" -m cli.main "$@"; }}\n{typed}'
    done = subprocess.run(
        ["bash", "-c", shell],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "100"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        timeout=300,
    )
    return done.stdout


def fits(said: str, written: str) -> bool:
    """Whether an answer is the one on the page."""
    lines = [".*" if line == _ANY else re.escape(line) for line in _plain(written).split("\n")]
    pattern = "\n".join(lines).replace(".*\n", r"(?:.*\n)*")
    return re.fullmatch(pattern, _plain(said)) is not None


def _plain(text: str) -> str:
    return _SECONDS.sub("0.00 s", text)


def _write_answers(page: Path) -> None:
    text = page.read_text("utf-8")
    with tempfile.TemporaryDirectory() as folder:
        for command in list(commands(text)):
            said = answer_to(command.typed, Path(folder))
            if not fits(said, command.answer):
                text = text.replace(f"$ {command.typed}\n{command.answer}", f"$ {command.typed}\n{said}", 1)
        for name in pictures_in(Path(folder)):
            (PICTURES / name).write_bytes((Path(folder) / name).read_bytes())
    page.write_text(text, "utf-8")


def pictures_in(folder: Path) -> list[str]:
    """The pictures that were drawn, by name."""
    return sorted(path.name for path in folder.glob("*.svg"))


if __name__ == "__main__":
    _write_answers(Path(sys.argv[1]))

"""The page about the tools: every command on it is run, and what stands below it is what it says."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

from tests.architecture.checkout import ROOT

PAGE = ROOT / "docs" / "language" / "tools.md"
PICTURE = ROOT / "docs" / "pictures" / "leave_request.svg"
_BLOCK = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def played(folder: Path) -> str:
    """The page with what its commands say today."""
    text = PAGE.read_text("utf-8")
    command = folder / "evertick"
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m cli.main "$@"\n')
    command.chmod(0o755)
    env = {name: value for name, value in os.environ.items() if not name.startswith("EVERTICK_")}
    env |= {"PATH": f"{folder}:{env['PATH']}", "PYTHONPATH": str(ROOT), "COLUMNS": "100"}

    def answered(block: re.Match[str]) -> str:
        lines = []
        for line in block[1].splitlines():
            if line.startswith("$ "):
                said = subprocess.run(
                    ["/bin/sh", "-c", line[2:]],
                    cwd=folder,
                    env=env,
                    capture_output=True,
                    text=True,
                    check=False,
                )
                lines += [line, *said.stdout.splitlines()]
        return "```console\n" + "".join(f"{line}\n" for line in lines) + "```"

    return _BLOCK.sub(answered, text)


def test_the_page_says_what_the_tools_say(tmp_path: Path) -> None:
    """To write it anew: python -m tests.docs.test_tools."""
    assert played(tmp_path) == PAGE.read_text("utf-8")
    assert (tmp_path / "leave_request.svg").read_text("utf-8") == PICTURE.read_text("utf-8")


if __name__ == "__main__":
    import tempfile

    with tempfile.TemporaryDirectory() as name:
        PAGE.write_text(played(Path(name)), encoding="utf-8")
        PICTURE.write_text((Path(name) / "leave_request.svg").read_text("utf-8"), encoding="utf-8")

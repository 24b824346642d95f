"""Files that are too large or no text, as the command meets them: it reads no more than a definition may hold."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.command import ROOT, evertick
from tests.domain.language.hostile import HOSTILE

MEMORY = """
import re, sys
from pathlib import Path
from cli.main import main
try:
    main()
finally:
    print(re.search("VmHWM:[^0-9]*([0-9]+)", Path("/proc/self/status").read_text())[1])
"""


@pytest.mark.parametrize("name", ["UTF-16", "Latin-1", "NUL in text", "billion laughs"])
def test_the_command_refuses_it_at_once(name: str, tmp_path: Path) -> None:
    content, expected = HOSTILE[name]
    file = tmp_path / "p.yaml"
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    said = evertick("definition", "check", str(file))
    assert said.code == 1
    assert f"{file}:" in said.out
    assert expected in said.out
    assert "Traceback" not in said.all
    assert said.seconds < 10  # the goal is 1 s, on a quiet machine


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="only Linux tells the peak of one process")
def test_a_file_of_100_mb_is_not_read_into_memory(tmp_path: Path) -> None:
    with (tmp_path / "p.yaml").open("wb") as file:
        file.truncate(100_000_000)
    done = subprocess.run(
        [sys.executable, "-c", MEMORY, "definition", "check", str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    first, *_, peak = done.stdout.strip().split("\n")
    assert first == f"{tmp_path / 'p.yaml'}:1:1: the file is larger than 1 MiB; split it into libraries"
    assert int(peak) < 100_000, "kilobytes"


def test_an_organisation_that_is_no_text_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "organisation.yaml"
    file.write_bytes(b"kind: organisation\nlang: 1\npeople:\n  j\xf6rg: {name: J}\n")
    said = evertick("definition", "check", str(file))
    assert said.code == 1
    assert f"{file}:4:4: byte 0xf6 is not UTF-8; save it as UTF-8" in said.out

"""Does something again whenever a file changes, until Ctrl-C."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path

import typer

from cli.definition_files import OK

CLEAR = "\x1b[2J\x1b[H"
LOOK_EVERY = 0.3  # seconds


def watching(given: Iterable[Path], run: Callable[[], frozenset[Path]]) -> None:
    """Run, and run again when a file that was read or given changes, comes or goes. Ctrl-C ends with exit code 0."""
    try:
        while True:
            if sys.stdout.isatty():
                typer.echo(CLEAR, nl=False)
            before = _state(given)
            watched = run()
            times = _state([*given, *watched])
            if before.items() <= times.items():  # else one changed while it was read
                typer.echo("Watching; Ctrl-C ends.", err=True)
                while _state([*given, *watched]) == times:
                    time.sleep(LOOK_EVERY)
    except KeyboardInterrupt:
        raise typer.Exit(OK) from None


def _state(paths: Iterable[Path]) -> dict[Path, int]:
    """Every file, and when it was last written; 0 when it is not there."""
    files = [file for path in paths for file in (path.glob("*.yaml") if path.is_dir() else [path])]
    return {file: file.stat().st_mtime_ns if file.exists() else 0 for file in files}

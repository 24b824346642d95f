"""The files of the checkout, as the tests of this folder look at them."""

from __future__ import annotations

import ast
import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("activities", "api", "bootstrap", "cli", "desk", "domain", "store", "web", "workflows")
_LEFT_BY_TOOLS = {"__pycache__", "dist", "build", "mutants", "screenshots", "var"}


@cache
def files(*suffixes: str) -> tuple[Path, ...]:
    """Every file of the project with one of these suffixes (none: all), without what tools leave behind."""
    return tuple(sorted(path for path in _walk() if not suffixes or path.suffix in suffixes))


def _walk() -> Iterator[Path]:
    for folder, below, names in os.walk(ROOT):
        below[:] = [
            name
            for name in below
            if name not in _LEFT_BY_TOOLS and (not name.startswith(".") or name == ".ci")
        ]
        yield from (
            Path(folder, name) for name in names if not name.endswith((".log", ".pyc")) and name != ".git"
        )


def modules(*below: str) -> tuple[Path, ...]:
    """The Python modules below these folders (none: all)."""
    tops = [ROOT / name for name in below] or [ROOT]
    return tuple(path for path in files(".py") if any(top == path or top in path.parents for top in tops))


def short(path: Path) -> str:
    """A path as people write it: from the top of the checkout."""
    return path.relative_to(ROOT).as_posix()


@cache
def tree(path: Path) -> ast.Module:
    """A module, parsed."""
    return ast.parse(path.read_text(), str(path))


def imports(path: Path) -> Iterator[tuple[int, str]]:
    """The imports of a module with their lines, those inside functions too: `a.b` for `from a.b import c`."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, name.name) for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.lineno, node.module or ""

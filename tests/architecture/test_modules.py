"""Every module says what it is, stays readable, and gives a reason where it breaks a rule."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.checkout import ROOMS, ROOT, modules, short, tree

MOST_LINES = 400
# History as Alembic wants it: never split, and its entry is a script.
MIGRATIONS = ROOT / "store" / "migrations"
ARGUED = re.compile(r"^# Over 400 lines: \w", re.MULTILINE)
SUPPRESSION = re.compile(r"#\s*(?:type:\s*ignore|noqa|pragma)\b[^#]*")
DECLARED = ("sa.Index(", "Index(", "app.add_typer(", "app.command(")  # of a table, of the command
ENVIRONMENT = {"environ", "environb", "getenv", "putenv"}


def test_every_module_says_what_it_is() -> None:
    silent = [short(path) for path in modules() if path.stat().st_size and not ast.get_docstring(tree(path))]
    assert not silent, "a line at the top says what a module is for"


def test_long_modules_say_why() -> None:
    long = [
        f"{short(path)}: {lines} lines"
        for path in modules()
        if MIGRATIONS not in path.parents
        if (lines := path.read_text().count("\n")) > MOST_LINES and not ARGUED.search(path.read_text())
    ]
    assert not long, "split it, or argue with a comment: # Over 400 lines: …"


def comments(path: Path) -> dict[int, str]:
    """The comments of a module by line."""
    tokens = tokenize.generate_tokens(io.StringIO(path.read_text()).readline)
    return {token.start[0]: token.string for token in tokens if token.type == tokenize.COMMENT}


def unexplained(path: Path) -> Iterator[str]:
    """Suppressions of a checker without a reason behind them or on the line above."""
    said = comments(path)
    for line, comment in said.items():
        if SUPPRESSION.match(comment):
            reason = re.sub(
                r"#\s*(type:\s*ignore(\[[\w, -]+\])?|noqa(:\s*[A-Z]+\d+(,\s*[A-Z]+\d+)*)?)", "", comment
            )
            above = said.get(line - 1, "")
            if not re.search(r"\w{2}", reason) and (not above or SUPPRESSION.match(above)):
                yield f"{short(path)}:{line}: {comment}"


def test_whoever_silences_a_checker_says_why() -> None:
    found = [one for path in modules() for one in unexplained(path)]
    assert not found, "add the reason: # type: ignore[code]  # why"


@pytest.mark.parametrize(
    "text", ["x = 1  # type: ignore[misc]\n", "x = 1  # noqa: F401\n", "x = 1  # noqa\n"]
)
def test_a_bare_suppression_is_seen(text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.architecture.test_modules.short", str)
    path = tmp_path / "some.py"
    path.write_text(text)
    assert list(unexplained(path))
    path.write_text(text.replace("\n", "  # because of this\n"))
    assert not list(unexplained(path))


def reads_environment(path: Path) -> Iterator[str]:
    """Where a module looks at the environment."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Attribute) and node.attr in ENVIRONMENT and ast.unparse(node.value) == "os":
            yield f"{short(path)}:{node.lineno}"


def test_only_the_settings_read_the_environment() -> None:
    found = [one for path in modules(*ROOMS, "worker.py") for one in reads_environment(path)]
    assert {one.split(":")[0] for one in found} == {"bootstrap/settings.py"}, found


def test_importing_a_module_does_nothing() -> None:
    """A top-level statement is an import, a definition or a value, not a call for its own sake."""
    found = [
        f"{short(path)}:{node.lineno}: {called}"
        for path in modules(*ROOMS, "worker.py")
        if MIGRATIONS not in path.parents
        for node in tree(path).body
        if isinstance(node, ast.Expr) and not isinstance(node.value, ast.Constant)
        if not (called := ast.unparse(node)[:60]).startswith(DECLARED)
    ]
    assert not found

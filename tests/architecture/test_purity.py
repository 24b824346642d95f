"""What import-linter and ruff cannot say: which modules the core and the workflows may know at all."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator

import pytest

from tests.architecture.checkout import imports, modules, short, tree

# The parts of the standard library that only compute. Everything else would do something, or know the hour.
COMPUTES = {
    *(
        "__future__",
        "abc",
        "base64",
        "bisect",
        "calendar",
        "collections",
        "contextlib",
        "copy",
        "dataclasses",
    ),
    *(
        "datetime",
        "decimal",
        "difflib",
        "enum",
        "fractions",
        "functools",
        "hashlib",
        "heapq",
        "html",
        "itertools",
    ),
    *(
        "json",
        "math",
        "posixpath",
        "operator",
        "pickle",
        "re",
        "statistics",
        "string",
        "struct",
        "textwrap",
        "types",
        "typing",
    ),
    *("unicodedata", "weakref", "zlib", "zoneinfo"),
}
CORE = COMPUTES | {"domain", "pydantic", "pydantic_core", "annotated_types", "typing_extensions", "yaml"}
WORKFLOW = CORE | {"workflows", "temporalio", "asyncio", "logging"}
# The traceback of an unexpected exception would be lost: the entry only says that there was one (rule 5).
TOLD = {"domain/engine/handle.py": "logging"}
# These stand beside the workflow, not in it: the way to it, and the definitions that a worker keeps.
BESIDE = {"workflows/client.py", "workflows/definitions.py"}


def foreign(folder: str, allowed: set[str]) -> Iterator[str]:
    """Imports below a folder that are not allowed there."""
    for path in modules(folder):
        for line, name in imports(path):
            if name.split(".")[0] not in allowed:
                yield f"{short(path)}:{line}: {name}"


def test_the_core_imports_what_only_computes() -> None:
    assert not COMPUTES - sys.stdlib_module_names
    known = {f"{path}: {name}" for path, name in TOLD.items()}
    assert not [one for one in foreign("domain", CORE) if re.sub(r":\d+", "", one) not in known]


def test_workflows_import_the_core_and_temporal() -> None:
    assert not [one for one in foreign("workflows", WORKFLOW) if one.split(":")[0] not in BESIDE]


@pytest.mark.parametrize("forbidden", ["open", "print", "input", "eval", "exec", "__import__"])
def test_the_core_and_the_workflows_call_nothing_that_reaches_out(forbidden: str) -> None:
    found = [
        f"{short(path)}:{node.lineno}"
        for path in modules("domain", "workflows")
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == forbidden
    ]
    assert not found


def test_nothing_is_decided_by_the_order_of_a_set() -> None:
    """Strings hash differently in every process, so walking a set would make replay decide differently."""
    found = [
        f"{short(path)}:{walked.lineno}"
        for path in modules("domain", "workflows")
        for node in ast.walk(tree(path))
        for walked in _walked(node)
        if _is_set(walked)
    ]
    assert not found, "put `sorted(…)` around it"


def _walked(node: ast.AST) -> Iterator[ast.expr]:
    if isinstance(node, ast.For | ast.AsyncFor):
        yield node.iter
    elif isinstance(node, ast.ListComp | ast.GeneratorExp | ast.DictComp):
        yield from (part.iter for part in node.generators)
    elif (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in ("list", "tuple", "next")
    ):
        yield from node.args[:1]


def _is_set(node: ast.expr) -> bool:
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr | ast.BitAnd | ast.Sub):
        return _is_set(node.left) or _is_set(node.right)
    made = (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in ("set", "frozenset")
    )
    return made or isinstance(node, ast.Set | ast.SetComp)

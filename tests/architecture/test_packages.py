"""Flat top-level packages: their names are ours alone, and every tool looks at all of them (ADR 0001)."""

from __future__ import annotations

import tomllib
from importlib.metadata import packages_distributions
from typing import Any

from tests.architecture.checkout import ROOMS, ROOT, imports, modules, short

PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text())
OURS = {*ROOMS, "bench", "tests", "worker"}


def test_no_other_distribution_has_one_of_our_top_level_names() -> None:
    owners = {name: set(packages_distributions().get(name, ())) - {"evertick"} for name in OURS}
    taken = {name: sorted(others) for name, others in owners.items() if others}
    assert not taken, f"{taken}: one of the two would overwrite the other; leave that distribution out"


def test_every_package_of_the_checkout_is_a_room() -> None:
    found = {path.parent.name for path in ROOT.glob("*/__init__.py")} | {
        path.stem for path in ROOT.glob("*.py")
    }
    assert found <= OURS, (
        f"{sorted(found - OURS)}: a new room belongs in ARCHITECTURE.md, pyproject.toml and here"
    )


def test_the_wheel_has_every_room_and_the_definitions() -> None:
    shipped = set(PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["only-include"])
    assert shipped == {*ROOMS, "definitions", "worker.py"}


def test_types_and_imports_are_checked_everywhere() -> None:
    assert {name.removesuffix(".py") for name in PROJECT["tool"]["mypy"]["files"]} == OURS
    assert set(PROJECT["tool"]["importlinter"]["root_packages"]) == set(ROOMS)


def test_worker_py_stands_at_the_outside() -> None:
    # import-linter looks at packages only.
    assert {name.split(".")[0] for _, name in imports(ROOT / "worker.py")} <= {
        "__future__",
        "bootstrap",
        "cli",
    }
    assert not [short(path) for path in modules(*ROOMS) for _, name in imports(path) if name == "worker"]


def test_workflows_init_is_empty() -> None:
    # The sandbox executes it again for every workflow run.
    assert (ROOT / "workflows" / "__init__.py").read_text() == ""


def test_every_folder_of_tests_is_a_package() -> None:
    # Without it pytest would import tests/domain as `domain`.
    folders = {path.parent for path in (ROOT / "tests").rglob("*.py")}
    assert not [folder for folder in folders if not (folder / "__init__.py").exists()]

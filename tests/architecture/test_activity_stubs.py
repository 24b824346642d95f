"""Workflows call activities by stubs: each has its implementation, of the same name, argument and answer."""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Callable
from typing import Any, get_type_hints

from temporalio import activity

from tests.architecture.checkout import ROOT
from workflows.activity_stubs import ALL


def implementations() -> dict[str, Callable[..., Any]]:
    """Every method marked as an activity below activities/, by its Temporal name."""
    found: dict[str, Callable[..., Any]] = {}
    for path in sorted((ROOT / "activities").glob("*.py")):
        module = importlib.import_module(
            f"activities.{path.stem}" if path.stem != "__init__" else "activities"
        )
        for _, of in inspect.getmembers(module, inspect.isclass):
            for _, method in inspect.getmembers(of, inspect.isfunction):
                definition = activity._Definition.from_callable(method)
                if definition is not None and of.__module__ == module.__name__:
                    assert definition.name, f"{method.__qualname__} has no name"
                    assert definition.name not in found, f"two activities are called {definition.name}"
                    found[definition.name] = method
    return found


def test_every_stub_has_an_activity_and_every_activity_a_stub() -> None:
    assert set(implementations()) == {stub.name for stub in ALL}


def test_stub_and_activity_take_and_give_the_same() -> None:
    made = implementations()
    for stub in ALL:
        hints = get_type_hints(made[stub.name])
        given = hints.pop("return")
        assert list(hints.values()) == [stub.takes], stub.name
        assert given == stub.gives, stub.name


def test_activities_run_in_threads() -> None:
    # They use sync SQLAlchemy and sockets: an async one would hold up the event loop of the worker.
    assert not [name for name, method in implementations().items() if inspect.iscoroutinefunction(method)]

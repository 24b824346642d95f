"""The registry of definitions: never guesses, and wakes who can load."""

from __future__ import annotations

import threading

import pytest

from domain.language.definition import Definition
from domain.language.published import Hashes
from tests.desk.desks import published
from workflows.definitions import DefinitionRegistry


def test_a_definition_is_found_under_its_hashes() -> None:
    registry = DefinitionRegistry()
    definition = Definition.from_published(published("small.yaml"))
    registry.put(definition)
    assert registry.get(definition.hashes) is definition
    registry.put(Definition.from_published(published("small.yaml")))
    assert registry.get(definition.hashes) is definition, "an entry is never replaced"


def test_a_missing_one_raises_and_wakes_the_loaders_until_they_are_gone() -> None:
    registry = DefinitionRegistry()
    asked: list[Hashes] = []
    remove = registry.on_missing(asked.append)
    hashes = Hashes("a", "b", "c")
    with pytest.raises(LookupError, match="not loaded"):
        registry.get(hashes)
    remove()
    with pytest.raises(LookupError):
        registry.get(hashes)
    assert asked == [hashes]


def test_a_missing_one_that_a_loader_brings_at_once_is_given() -> None:
    registry = DefinitionRegistry()
    definition = Definition.from_published(published("small.yaml"))
    registry.on_missing(lambda _: threading.Timer(0.05, registry.put, (definition,)).start())
    assert registry.get(definition.hashes) is definition

"""Definitions come from the database into the workflows' registry: all at first, others when missed."""

from __future__ import annotations

import pytest

from bootstrap.loader import DefinitionLoader
from domain.language.published import Hashes
from store.definitions import Definitions, add_version
from store.session import Database
from tests.desk.desks import START, published
from workflows.definitions import DefinitionRegistry


def test_everything_published_is_loaded_at_the_start(database: Database) -> None:
    registry = DefinitionRegistry()
    with database.transaction() as session:
        version = add_version(session, published("small.yaml"), START)
    with DefinitionLoader(database, Definitions(), registry) as loader:
        assert loader.load_all() == 1
        assert registry.get(version.hashes).process.id == "small"


def test_what_a_workflow_misses_is_loaded_soon(sqlite_database: Database) -> None:
    registry = DefinitionRegistry()
    with DefinitionLoader(sqlite_database, Definitions(), registry):
        with sqlite_database.transaction() as session:
            version = add_version(session, published("small.yaml"), START)
        assert registry.get(version.hashes).process.id == "small"


def test_a_hash_nobody_published_is_told_and_does_not_stop_the_loader(
    sqlite_database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    registry = DefinitionRegistry()
    with DefinitionLoader(sqlite_database, Definitions(), registry):
        with pytest.raises(LookupError):
            registry.get(Hashes("a", "b", "c"))
        with sqlite_database.transaction() as session:
            version = add_version(session, published("small.yaml"), START)
        assert registry.get(version.hashes).process.id == "small"
    assert "a ticket pins a definition that is not stored" in caplog.messages

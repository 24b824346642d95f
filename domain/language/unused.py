"""What a process gets from libraries and does not use."""

from __future__ import annotations

from collections.abc import Iterator

from domain.language.checking import Checking
from domain.language.loader import Loaded
from domain.language.merge import SHARED, Item, Merged
from domain.language.models import Model, Word
from domain.language.places import Path

# Every ticket has the fields and is looked up in the agreements; a condition may name a role in quotes.
_KEPT = ("fields", "calendars", "agreements", "roles")


def checking_of(loaded: Loaded) -> Checking:
    """What checks ask, of a process that was loaded. Raises AssertionError when too little of it is there."""
    assert loaded.process is not None and loaded.root is not None, "only what loads can be asked about"
    merged = Merged(loaded.root, [], dict(loaded.sources), loaded.lineage, loaded.imported)
    return Checking(loaded.process, loaded.root, merged, frozenset(), whole=False)


def live_parts(loaded: Loaded) -> Iterator[tuple[Path, Model | Word]]:
    """Every part of a process, without what it imports and does not use."""
    if loaded.process is None or loaded.root is None:
        return
    yield from checking_of(loaded).live_parts()


def unused_items(loaded: Loaded) -> frozenset[Item]:
    """Section and name of imported items that nothing of the process leads to, such as ("tasks", "review")."""
    live = {(str(path[0]), str(path[1])) for path, _ in live_parts(loaded) if len(path) > 1}
    return frozenset(
        item for item in loaded.imported - live if item[0] in SHARED and item[0] not in _KEPT and item[1]
    )

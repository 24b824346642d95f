"""Goes through a model and yields every part of it with its path, as it is written."""

from __future__ import annotations

from collections.abc import Iterator

from domain.language.models_process import Threshold
from domain.language.places import Path
from domain.language.words import Model, Word


def parts(value: object, path: Path = ()) -> Iterator[tuple[Path, Model | Word]]:
    """Every model and every word inside a value, from the top down."""
    if isinstance(value, Word):
        yield path, value
    elif isinstance(value, Model):
        yield path, value
        for name, child in value.written():
            if child and not isinstance(child, bool | int | float):
                yield from parts(child, (*path, name.rstrip("_")))
    elif isinstance(value, dict):
        for name, child in value.items():
            yield from parts(child, (*path, name))
    elif isinstance(value, tuple):
        for index, child in enumerate(value):
            if type(child) is Threshold:  # written as a mapping from its label to actions
                yield (*path, child.label), child
                yield from parts(child.do, (*path, child.label))
            else:
                yield from parts(child, (*path, index))

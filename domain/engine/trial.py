"""Trying something on a draft: what becomes of it is seen, then everything is as it was."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import fields
from operator import attrgetter

from domain.engine.draft import Draft

_NAMES = tuple(one.name for one in fields(Draft))
_VALUES = attrgetter(*_NAMES)
_CONTAINERS = (dict, list, set, deque)
"""What of a draft is changed in place; the values in it are replaced, never changed."""


@contextmanager
def trial(draft: Draft) -> Iterator[None]:
    """Whatever is done to the draft inside leaves no trace: no value, no event, no effect, nothing in the journal."""
    kept = tuple(zip(_NAMES, _VALUES(draft), strict=True))
    for name, value in kept:
        if isinstance(value, _CONTAINERS):
            setattr(draft, name, value.copy())
    try:
        yield
    finally:
        for name, value in kept:
            setattr(draft, name, value)

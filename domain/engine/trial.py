"""Trying something on a draft: what becomes of it is seen, then everything is as it was."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from copy import copy
from dataclasses import fields

from domain.engine.draft import Draft

_CONTAINERS = (dict, list, set, deque)
"""What of a draft is changed in place; the values in it are replaced, never changed."""


@contextmanager
def trial(draft: Draft) -> Iterator[None]:
    """Whatever is done to the draft inside leaves no trace: no value, no event, no effect, nothing in the journal."""
    kept = {one.name: getattr(draft, one.name) for one in fields(draft)}
    for name, value in kept.items():
        if isinstance(value, _CONTAINERS):
            setattr(draft, name, copy(value))
    try:
        yield
    finally:
        for name, value in kept.items():
            setattr(draft, name, value)

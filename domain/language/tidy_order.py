"""In which order keys are written in lines: that of the models; what people named keeps its order."""

from __future__ import annotations

from collections.abc import Iterator
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel

from domain.language.models import (
    Adjust,
    Branch,
    Effect,
    FormEntry,
    Library,
    Process,
    RiskRow,
    Route,
    Skip,
    Threshold,
)
from domain.language.models_tests import Expect, Step, TestsFile, World

HEAD = (
    *("kind", "lang", "extends", "abstract", "id", "version", "title", "description", "owner", "number"),
    *("locales", "time_zone", "uses", "starts_in", "create", "process"),
)
"""What stands at the top of a file. The sections below tell the author's story, and stay in its order."""

IF_FIRST = (Adjust, Branch, Effect, FormEntry, RiskRow, Route, Skip)
"""Rows that begin with their condition."""

AS_WRITTEN = (Expect, World)
"""What is expected and given has no order of its own."""

KINDS: dict[str, type[BaseModel]] = {"process": Process, "library": Library, "tests": TestsFile}


def ordered(annotation: Any, names: list[str], *, top: bool) -> list[str]:
    """The keys of a mapping of this type, in order. Of what is not a model with these keys: as they are."""
    model = model_for(annotation, names)
    if model is None or model in AS_WRITTEN:
        return names
    if top:
        return [
            *_by(HEAD, [name for name in names if name in HEAD]),
            *(name for name in names if name not in HEAD),
        ]
    known = [field.alias or name for name, field in model.model_fields.items()]
    if model is Step:  # what is filled in stands behind what is done
        known = [*(name for name in known if name not in ("with", "expect")), "with", "expect"]
    return _by((["if"] if issubclass(model, IF_FIRST) else []) + known, names)


def _by(order: Any, names: list[str]) -> list[str]:
    """Sorted by an order; what it does not know stays behind the key it was written behind."""
    places = {name: place for place, name in reversed(list(enumerate(order)))}
    found: list[tuple[int, int, str]] = []
    place = -1
    for index, name in enumerate(names):
        place = places.get(name, place)
        found.append((place, index, name))
    return [name for _, _, name in sorted(found)]


def model_for(annotation: Any, names: list[str]) -> type[BaseModel] | None:
    """The model a mapping with these keys is written for; None when it is a mapping of names."""
    for model in _models(annotation):
        known = {field.alias or name for name, field in model.model_fields.items()}
        if model is not Threshold and set(names) <= known:
            return model
    return None


def inside(annotation: Any, names: list[str], name: str) -> Any:
    """The type of one value of a mapping with these keys."""
    model = model_for(annotation, names)
    if model is not None:
        return next(
            (field.annotation for key, field in model.model_fields.items() if (field.alias or key) == name),
            None,
        )
    for part in _alternatives(annotation):
        if get_origin(part) is dict:
            return get_args(part)[1]
        if get_origin(part) is tuple and Threshold in _models(get_args(part)[0]):
            return Threshold.model_fields["do"].annotation  # written as a mapping from label to actions
    return None


def item(annotation: Any) -> Any:
    """The type of the items of a list."""
    for part in _alternatives(annotation):
        if get_origin(part) is tuple:
            return get_args(part)[0]
    return None


def _alternatives(annotation: Any) -> Iterator[Any]:
    origin = get_origin(annotation)
    if origin is Annotated:
        yield from _alternatives(get_args(annotation)[0])
    elif origin in (Union, UnionType):
        for part in get_args(annotation):
            yield from _alternatives(part)
    else:
        yield annotation


def _models(annotation: Any) -> list[type[BaseModel]]:
    return [
        part for part in _alternatives(annotation) if isinstance(part, type) and issubclass(part, BaseModel)
    ]

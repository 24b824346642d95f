"""From located nodes to models: pydantic's findings in words, at their place.

A part that does not fit is left out and the rest is built, so that later checks can report theirs too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Generic, TypeVar, get_args

from pydantic import BaseModel, ValidationError

from domain.errors import MOST_PROBLEMS, Problem
from domain.language.foreign_words import as_key, as_list, as_mapping, as_text, as_value
from domain.language.places import Path, Places, spelled
from domain.language.suggest import one_of
from domain.language.words import show
from domain.language.yaml_source import Node, plain, walk

M = TypeVar("M", bound=BaseModel)
_ROUNDS = 10

_CODES = {"missing": "missing-key", "extra_forbidden": "unknown-key"}

_WEEKDAYS = re.compile(r"(mon|tue|wed|thu|fri|sat|sun)(-(mon|tue|wed|thu|fri|sat|sun))?")

_GONE = {"calendar_by": "write it into `calendar`: {by: region, asia: office, else: always}"}
"""Words of older definitions, and what says it now."""


@dataclass(frozen=True)
class Built(Generic[M]):
    """A model, the nodes it was built from, and what did not fit."""

    model: M | None
    root: Node
    problems: tuple[Problem, ...]


def build(kind: type[M], root: Node, sources: Mapping[str, str]) -> Built[M]:
    """Build a model; on mistakes, of what is left when the wrong parts are taken out."""
    try:
        return Built(kind.model_validate(plain(root)), root, ())
    except ValidationError as first:
        errors = first.errors(include_url=False)
    problems: list[Problem] = []
    if len(errors) > MOST_PROBLEMS:
        places = Places(root, sources)
        problems = [_told(kind, places, item) for item in errors[:MOST_PROBLEMS]]
        message = f"{len(errors) - MOST_PROBLEMS:,} more mistakes are not told; correct the others first"
        return Built(None, root, (*problems, Problem(*root.place, message, code="shape")))
    root = _copy(root)
    for turn in range(_ROUNDS):
        places = Places(root, sources)
        doomed: list[Path] = []
        for item in errors:
            path = item["loc"]
            # What is wrong in a later turn is so because something was taken out.
            if turn == 0 and not _follows(places, item):
                problems.append(_told(kind, places, item))
                _spoil(places, item)
            doomed.append(_exact(root, path[:-1] if item["type"] == "missing" else path))
            if item["type"] not in _CODES and len(path) > 1:  # what its parent lacks then has been told
                places.node(path[:-1])[0].broken = True
        if not all(doomed):
            return Built(None, root, tuple(problems))
        for path in sorted(set(doomed), key=_order, reverse=True):
            _remove(root, path)
        try:
            return Built(kind.model_validate(plain(root)), root, tuple(problems))
        except ValidationError as again:
            errors = again.errors(include_url=False)
    return Built(None, root, tuple(problems))


def _spoil(places: Places, item: Any) -> None:
    """Say nothing more of the calendars that a word of older definitions gave a meaning."""
    if item["type"] == "extra_forbidden" and item["loc"][-1] == "calendar_by":
        for _, part in walk(places.node((*item["loc"][:-1], "calendar"))[0]):
            part.broken = True


def _follows(places: Places, item: Any) -> bool:
    """Whether a finding only follows from a mistake that is told anyway."""
    node, _ = places.node(item["loc"])
    if item["type"] == "text":  # the text of one language cannot be read
        return any(part.broken for _, part in walk(node))
    if item["type"] == "missing" and item["loc"][-1] == "week":
        return any(_WEEKDAYS.fullmatch(name) for name in node.value)
    return node.broken


def _told(kind: type[BaseModel], places: Places, item: Any) -> Problem:
    return replace(_problem(kind, places, item), code=_CODES.get(item["type"], "shape"))


def _problem(kind: type[BaseModel], places: Places, item: Any) -> Problem:
    path, given, context = item["loc"], item["input"], item.get("ctx", {})
    match item["type"]:
        case "missing":
            node, _ = places.node(path[:-1])
            return Problem(*node.place, f'"{path[-1]}" is missing{_of(places, path[:-1])}')
        case "extra_forbidden":
            known = list(_keys(kind, path[:-1]))
            name = str(path[-1])
            if "week" in known and _WEEKDAYS.fullmatch(name):
                message = f'"{name}" stands under `week`: write week: {{{name}: 09:00-17:00}}'
                return places.problem(path, message, key=True)
            hint = as_key(name, known)
            hint = f"; {_GONE[name]}" if name in _GONE and "calendar" in known else hint
            message = (
                f'unknown key "{name}"{_of(places, path[:-1])}{hint or f"; known here: {one_of(known, 30)}"}'
            )
            return places.problem(path, message, key=True)
        case "literal_error" if path == ("lang",):
            return places.problem(path, f"this Evertick reads version 1 of the language, not {show(given)}")
        case "literal_error":
            options = [str(option) for option in _literals(context.get("expected", ""))]
            meant = as_value(given, options)
            return places.problem(path, f"{show(given)} is not one of: {one_of(options, 30)}{meant}")
        case "bool_type":
            word = {"yes": "true", "on": "true", "y": "true", "no": "false", "off": "false", "n": "false"}
            lower = given.lower() if isinstance(given, str) else ""
            if lower in (*word, "true", "false"):
                return places.problem(path, f"{show(given)} is text; write {word.get(lower, lower)}")
            return places.problem(path, f"{show(given)} should be true or false")
        case "int_type" | "int_from_float":
            return places.problem(path, f"{show(given)} should be a whole number")
        case "float_type":
            return places.problem(path, f"{show(given)} should be a number")
        case "string_type":
            return places.problem(path, f"{show(given)} should be text{as_text(given)}")
        case "tuple_type" | "list_type":
            return places.problem(path, f"{show(given)} should be a list{as_list(given)}")
        case "dict_type" | "model_type" | "model_attributes_type" as wanted:
            keys = () if wanted == "dict_type" else _keys(kind, path)
            return places.problem(path, f"{show(given)} should be a mapping{as_mapping(given, keys)}")
        case "word" if len(path) >= 2 and path[-1] == "[key]":
            return places.problem(path[:-1], str(item["msg"]), key=True)
        case "value_error":
            return places.problem(path, str(item["msg"]).removeprefix("Value error, "))
        case _:
            return places.problem(path, str(item["msg"]))


def _of(places: Places, path: Path) -> str:
    """Where something stands, by what is written: a kind of stage is no key, and items are counted from 1."""
    return f" in {spelled(_exact(places.root, path))}" if path else ""


def _literals(expected: str) -> list[str]:
    return [part.strip("'") for part in expected.replace(" or ", ", ").split(", ")]


def _keys(kind: type[BaseModel], path: Path) -> Iterator[str]:
    """The keys the model at a path knows."""
    kinds = [kind]
    for part in path:
        found: list[type[BaseModel]] = []
        for model in kinds:
            for name, field in model.model_fields.items():
                if (field.alias or name) == part:
                    found.extend(_models_in(field.annotation))
        kinds = found or kinds  # an item of a list or mapping: the models stay the same
    for model in dict.fromkeys(kinds):
        yield from (field.alias or name for name, field in model.model_fields.items())


def _models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from _models_in(part)


def _copy(node: Node) -> Node:
    value = node.value
    if isinstance(value, dict):
        value = {name: _copy(child) for name, child in value.items()}
    elif isinstance(value, list):
        value = [_copy(child) for child in value]
    copy = Node(value, node.mark, node.key)
    copy.broken = node.broken
    return copy


def _exact(root: Node, path: Path) -> Path:
    """The path as it is written, down to the deepest node there is."""
    node = root
    written: list[str | int] = []
    for part in path:
        value: Any = node.value
        if isinstance(value, dict) and part not in value and isinstance(part, int) and part < len(value):
            part = list(value)[part]
        here = part in value if isinstance(value, dict) else isinstance(part, int) and isinstance(value, list)
        if here and (isinstance(value, dict) or int(part) < len(value)):
            written.append(part)
            node = value[part]
    return tuple(written)


def _order(path: Path) -> tuple[tuple[int, int, str], ...]:
    return tuple((0, part, "") if isinstance(part, int) else (1, 0, part) for part in path)


def _remove(root: Node, path: Path) -> None:
    node = root
    for part in path[:-1]:
        if part not in node.value and isinstance(node.value, dict):
            return
        node = node.value[part]
    if isinstance(node.value, dict):
        node.value.pop(path[-1], None)
    elif isinstance(path[-1], int) and path[-1] < len(node.value):
        del node.value[path[-1]]

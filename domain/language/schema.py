"""JSON Schemas of the language, for editors: completion and first checks while somebody types."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel

from domain.language.descriptions import description_of, models_of
from domain.language.models import Library, Process
from domain.language.models_tests import TestsFile

Shape = dict[str, Any]
VERSION = 1
_MODELS: dict[str, type[BaseModel]] = {"process": Process, "library": Library, "tests": TestsFile}
_OF_ITS_OWN = ["kind", "lang", "extends", "id", "version"]


def json_schemas() -> dict[str, Shape]:
    """The schemas by file name: process, library, tests, and process-extends for files that inherit.

    Draft-07, which every editor's YAML support reads.
    """
    schemas = {f"{name}-{VERSION}.json": schema_of(name, model) for name, model in _MODELS.items()}
    schemas[f"process-extends-{VERSION}.json"] = _relaxed(schema_of("process-extends", Process))
    return schemas


def schema_texts() -> dict[str, str]:
    """The schemas as they stand in files: the same bytes for the same language."""
    return {name: as_text(shape) for name, shape in json_schemas().items()}


def as_text(schema: Shape) -> str:
    """A schema as it stands in its file."""
    return json.dumps(schema, ensure_ascii=False, indent=1) + "\n"


def schema_of(name: str, model: type[BaseModel]) -> Shape:
    """The schema of a kind of file."""
    schema = model.model_json_schema(by_alias=True, mode="validation")
    _tidy(schema)
    _describe(schema, model)
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "$id": f"https://evertick.invalid/schema/{name}-{VERSION}.json",
        **schema,
    }


def _tidy(schema: Shape) -> None:
    """Take out what only repeats names, and close mappings whose names have a pattern."""
    for shape in _shapes(schema):
        shape.pop("title", None)
        if shape.get("default") in (None, {}, []):
            shape.pop("default", None)
        if "patternProperties" in shape:
            shape["additionalProperties"] = False


def _describe(schema: Shape, model: type[BaseModel]) -> None:
    """Let each key say what it means, where its model does not."""
    for one in models_of(model):
        shape = schema if one is model else schema["$defs"].get(one.__name__, {})
        for name in one.model_fields:
            member = shape.get("properties", {}).get(name.rstrip("_"))
            if member is not None:
                member.setdefault("description", description_of(one, name))


def _relaxed(schema: Shape) -> Shape:
    """For a file that extends another: everything may be left out, and null removes."""
    for shape in list(_shapes(schema)):
        shape.pop("required", None)
        for named in ("properties", "patternProperties"):
            if named in shape:
                shape[named] = {name: _or_null(child) for name, child in shape[named].items()}
        if isinstance(shape.get("additionalProperties"), dict):
            shape["additionalProperties"] = _or_null(shape["additionalProperties"])
    return {**schema, "required": _OF_ITS_OWN}


def _or_null(shape: Shape) -> Shape:
    return {"anyOf": [shape, {"type": "null"}]}


def _shapes(schema: object) -> Iterator[Shape]:
    """The schema and every schema inside it. Names of properties are no keywords, so keywords are followed."""
    if not isinstance(schema, dict):
        return
    yield schema
    for keyword in ("anyOf", "oneOf"):
        for child in schema.get(keyword, ()):
            yield from _shapes(child)
    for keyword in ("items", "additionalProperties", "propertyNames"):
        yield from _shapes(schema.get(keyword))
    for keyword in ("properties", "patternProperties", "$defs"):
        for child in schema.get(keyword, {}).values():
            yield from _shapes(child)

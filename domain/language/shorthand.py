"""Shorthand: several ways to write a thing, one shape for whoever reads it, and a JSON Schema that knows them all."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import core_schema

TEXT: JsonSchemaValue = {"type": "string"}
TEXTS: JsonSchemaValue = {"type": "array", "items": {"type": "string"}}


class Shorthand:
    """Annotates a type: `before` turns what is written into its shape; `also` are the other ways to write it."""

    def __init__(
        self,
        before: Callable[[Any], Any],
        *also: JsonSchemaValue,
        shape: Callable[[JsonSchemaValue], JsonSchemaValue] | None = None,
    ) -> None:
        self._before = before
        self._also = also
        self._shape = shape

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> core_schema.CoreSchema:
        return core_schema.no_info_before_validator_function(self._before, handler(source))

    def __get_pydantic_json_schema__(
        self, schema: core_schema.CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        long = handler(schema)
        return self._shape(long) if self._shape else either(*self._also, long)


def either(*shapes: JsonSchemaValue) -> JsonSchemaValue:
    """One of these shapes; those that are themselves alternatives are joined."""
    flat: list[JsonSchemaValue] = []
    for shape in shapes:
        flat.extend(shape["anyOf"] if set(shape) == {"anyOf"} else [shape])
    return {"anyOf": flat}


def _many(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


def _one_or_many(long: JsonSchemaValue) -> JsonSchemaValue:
    arrays = [shape for shape in long.get("anyOf", [long]) if shape.get("type") == "array"]
    return either(arrays[0]["items"], long)


MANY = Shorthand(_many, shape=_one_or_many)
"""A single text stands for a list of one."""

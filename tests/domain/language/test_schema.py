"""The editor's schemas accept what the loader accepts, and refuse what is plainly wrong."""

from __future__ import annotations

import re
from typing import Any

import pytest

from domain.language.schema import json_schemas
from domain.language.yaml_source import plain, read_yaml
from tests.domain.language.files import SMALL, from_folders
from tests.domain.language.test_loader import FILES, LIBRARIES

SCHEMAS = json_schemas()

TYPES: dict[str, tuple[type, ...]] = {
    "object": (dict,),
    "array": (list,),
    "string": (str,),
    "number": (int, float),
    "integer": (int,),
    "boolean": (bool,),
    "null": (type(None),),
}
KEYWORDS = {
    "$schema", "$id", "$defs", "$ref", "type", "anyOf", "oneOf", "enum", "const", "properties", "required",
    "additionalProperties", "patternProperties", "propertyNames", "items", "pattern", "minimum", "minLength",
    "default", "description", "format",
}  # fmt: skip


def fits(schema: Any, value: Any, root: dict[str, Any]) -> bool:
    """Validate by the part of JSON Schema that our schemas use; an unknown keyword fails the test."""
    if isinstance(schema, bool):
        return schema
    assert set(schema) <= KEYWORDS, set(schema) - KEYWORDS
    if "$ref" in schema:
        return fits(root["$defs"][schema["$ref"].removeprefix("#/$defs/")], value, root)
    ways = schema.get("anyOf") or schema.get("oneOf")
    if ways is not None and not any(fits(way, value, root) for way in ways):
        return False
    if "enum" in schema and value not in schema["enum"]:
        return False
    if "const" in schema and (value != schema["const"] or type(value) is not type(schema["const"])):
        return False
    kind = schema.get("type")
    if kind and (not isinstance(value, TYPES[kind]) or (isinstance(value, bool) and kind != "boolean")):
        return False
    if isinstance(value, str) and "pattern" in schema and not re.search(schema["pattern"], value):
        return False
    if isinstance(value, list) and "items" in schema:
        return all(fits(schema["items"], item, root) for item in value)
    return not isinstance(value, dict) or object_fits(schema, value, root)


def object_fits(schema: dict[str, Any], value: dict[str, Any], root: dict[str, Any]) -> bool:
    """Validate names and members of an object."""
    if not set(schema.get("required", ())) <= set(value):
        return False
    named = schema.get("properties", {})
    patterns = schema.get("patternProperties", {})
    for name, member in value.items():
        if not fits(schema.get("propertyNames", True), name, root):
            return False
        shapes = [named[name]] if name in named else [s for p, s in patterns.items() if re.search(p, name)]
        shapes = shapes or [schema.get("additionalProperties", True)]
        if not all(fits(shape, member, root) for shape in shapes):
            return False
    return True


def data(text: str) -> dict[str, Any]:
    root = read_yaml("f.yaml", text).root
    assert root is not None
    value: dict[str, Any] = plain(root)
    return value


def schema_for(value: dict[str, Any]) -> dict[str, Any]:
    return SCHEMAS[f"{value['kind']}{'-extends' if 'extends' in value else ''}-1.json"]


@pytest.mark.parametrize("name", [*FILES, *sorted(LIBRARIES)])
def test_every_shipped_file_and_draft_fits_its_schema(name: str) -> None:
    value = data(from_folders(name) or "")
    schema = schema_for(value)
    assert fits(schema, value, schema)


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("kind: process", "kind: proces"),
        ("lang: 1", "lang: 2"),
        ("lang: 1\n", ""),
        ("category: new", "category: nw"),
        ("category: new", "categry: new"),
        ("who: everyone", "who: 5"),
        ("who: everyone", "do: [{notify: 5}]"),
        ("who: everyone", "after: 1 hour"),
        ("new: {", "New: {"),
    ],
)
def test_what_is_plainly_wrong_does_not_fit(right: str, wrong: str) -> None:
    schema = SCHEMAS["process-1.json"]
    assert fits(schema, data(SMALL), schema)
    assert right in SMALL
    assert not fits(schema, data(SMALL.replace(right, wrong)), schema)


@pytest.mark.parametrize(
    "do",
    [
        "notify: n",
        "notify: {template: n, to: [a, b]}",
        "page: a",
        "page: [a, b]",
        "page: {who: a, message: {en: x}}",
        "comment: x",
        "comment: {en: x, zh-CN: y}",
        "comment: {text: x, internal: true}",
        "assign: team:x",
        "run: x",
        "run: [x, y]",
        "set: {a: null}",
    ],
)
def test_every_shorthand_fits(do: str) -> None:
    schema = SCHEMAS["process-1.json"]
    assert fits(schema, data(SMALL.replace("who: everyone", f"who: everyone, do: [{{{do}}}]")), schema)


def test_the_schemas_are_small_enough_for_an_editor() -> None:
    assert all(len(str(schema)) < 90_000 for schema in SCHEMAS.values())
    assert set(SCHEMAS) == {"process-1.json", "library-1.json", "tests-1.json", "process-extends-1.json"}

"""The editor's schemas accept what the loader accepts, and refuse what is plainly wrong."""

from __future__ import annotations

import re
from typing import Any

import pytest

from domain.language.codes import CODES
from domain.language.loader import load_process
from domain.language.schema import json_schemas, schema_texts
from domain.language.yaml_source import plain, read_yaml
from domain.simulation.profile_schema import FILE, profile_schema, profile_schema_text
from tests.domain.language.files import KNOWN, SHIPPED, SMALL, from_folders, reader
from tests.domain.language.test_loader import FILES, LIBRARIES, PLANTED

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
    "default", "description", "format", "uniqueItems",
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
    if "minimum" in schema and value < schema["minimum"]:
        return False
    if isinstance(value, list) and schema.get("uniqueItems") and len(value) > len(set(map(str, value))):
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


@pytest.mark.parametrize(
    ("wrong", "right"),
    [("away: 200%", "away: 20%"), ("calender: x", "calendar: x"), ("people: many", "people: 2")],
)
def test_a_profile_fits_and_a_mistake_in_it_does_not(wrong: str, right: str) -> None:
    text = "kind: simulation\nlang: 1\nprocess: p\nteams: {desk: {people: 2, calendar: x, away: 20%}}\n"
    schema = profile_schema()
    assert fits(schema, data(text), schema)
    assert not fits(schema, data(text.replace(right, wrong)), schema)


def test_every_key_of_a_profile_says_what_it_means() -> None:
    schema = profile_schema()
    for shape in (schema, *schema["$defs"].values()):
        assert all(one.get("description") for one in shape.get("properties", {}).values()), shape


def test_the_schemas_are_small_enough_for_an_editor() -> None:
    assert all(len(str(schema)) < 130_000 for schema in SCHEMAS.values())
    assert set(SCHEMAS) == {"process-1.json", "library-1.json", "tests-1.json", "process-extends-1.json"}


def test_the_shipped_schemas_are_those_of_the_language() -> None:
    texts = schema_texts() | {FILE: profile_schema_text()}
    stored = {path.name: path.read_text("utf-8") for path in (SHIPPED / "schema").glob("*.json")}
    assert stored.keys() == texts.keys()
    for name, text in texts.items():
        assert stored[name] == text, f"{name}: run `evertick definition schema --out definitions/schema`"


@pytest.mark.parametrize("name", sorted(path.name for path in SHIPPED.glob("*.yaml")))
def test_the_first_line_of_a_shipped_file_names_its_schema(name: str) -> None:
    text = (SHIPPED / name).read_text("utf-8")
    value = data(text)
    if value["kind"] == "organisation":
        return  # its people and services are no part of the language
    first = text.split("\n", 1)[0]
    kind = f"{value['kind']}{'-extends' if 'extends' in value else ''}"
    assert first == f"# yaml-language-server: $schema=./schema/{kind}-1.json"
    assert (SHIPPED / "schema" / f"{kind}-1.json").is_file()


SEEN = {"shape", "missing-key", "unknown-key"}
BEYOND = {
    "yaml": "the file is no YAML yet; the editor's own parser says so",
    "file": "other files are not seen",
    "unknown-name": "a schema does not know what the file itself, its parent and its libraries declare",
    "expression": "to a schema an expression is text",
    "value": "whether a value fits depends on the field it is for",
    "field": "rules between keys: the editor could only say that nothing matches, not what to do",
    "transition": "as for fields",
    "clock": "as for fields",
    "work": "as for fields",
    "approval": "as for fields",
    "rule": "as for fields",
    "table": "as for fields",
    "calendar": "hours and days are text; whether they overlap has to be computed",
    "migrate": "a schema cannot compare versions",
    "text": "which languages a process has stands elsewhere",
    "missing-language": "which languages a process has stands elsewhere",
    "matrix-gap": "the options stand with the fields",
    "target-gap": "the options stand with the fields",
    "ambiguous-days": "the hours stand with the calendar",
    "no-default-branch": "it takes the order of a list",
}
"""What only `definition check` can see, and why."""


@pytest.mark.parametrize(("file", "right", "wrong", "expected"), PLANTED)
def test_a_planted_mistake_that_a_schema_can_see_does_not_fit(
    file: str, right: str, wrong: str, expected: str
) -> None:
    text = (from_folders(file) or "").replace(right, wrong.replace("¦", ""), 1)
    libraries = reader(**{file.removesuffix(".yaml"): text})
    (problem,) = load_process("incident.yaml", libraries, known_processes=KNOWN).problems
    assert problem.code in SEEN | BEYOND.keys()
    value = data(text)
    schema = schema_for(value)
    assert fits(schema, value, schema) == (problem.code in BEYOND), problem


def test_what_is_beyond_a_schema_is_a_kind_of_problem() -> None:
    assert BEYOND.keys() | SEEN <= CODES.keys()


@pytest.mark.parametrize(
    "wrong",
    [
        "clocks: {x: {target: 1h, calendar: always, stop: {in: closed}, at: {0%: []}}}",
        "clocks: {x: {target: 1h, calendar: always, stop: {in: closed}, at: {1001%: []}}}",
        "clocks: {x: {target: 1h, calendar: always, stop: {in: closed}, at: {30m: []}}}",
        "fields: {f: {type: choice, options: [a, a]}}",
        "fields: {f: {type: choice, options: [1]}}",
        "fields: {f: {type: choise, options: [a]}}",
        "approvals: {a: {stages: [{id: a, approvers: team:x, quorum: 0}]}}",
        "approvals: {a: {stages: [{id: a, approvers: team:x, quorum: 101%}]}}",
        "approvals: {a: {stages: [{id: a, approvers: team:x, quorum: most}]}}",
        "notifications: {n: {subject: {en-gb: a}, body: b}}",
    ],
)
def test_shapes_with_rules_of_their_own_do_not_fit(wrong: str) -> None:
    schema = SCHEMAS["process-1.json"]
    assert not fits(schema, data(f"{SMALL}{wrong}\n"), schema)


def test_a_common_validator_agrees_with_the_one_of_these_tests() -> None:
    """With the package jsonschema, where it is installed: every file, and every planted mistake."""
    jsonschema = pytest.importorskip("jsonschema")
    for schema in SCHEMAS.values():
        jsonschema.Draft7Validator.check_schema(schema)
    texts = [from_folders(name) or "" for name in [*FILES, *sorted(LIBRARIES)]]
    for file, right, wrong, _ in PLANTED:
        texts.append((from_folders(file) or "").replace(right, wrong.replace("¦", ""), 1))
    for text in texts:
        value = data(text)
        schema = schema_for(value)
        assert jsonschema.Draft7Validator(schema).is_valid(value) == fits(schema, value, schema)

"""The reference page at `/api/docs` and the OpenAPI document: from this host alone, without scripts."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup, escape
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from api.answers import Json
from api.problems import KINDS, REFERENCE

OPENAPI = "/api/v1/openapi.json"
_STYLE = f"{REFERENCE}/style.css"
_TEMPLATES = Path(__file__).parent / "templates"
_CACHED = {"Cache-Control": "public, max-age=300"}  # the same for everybody, until the next release
_POLICY = "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
_REF = "#/components/schemas/"


def install(app: FastAPI) -> None:
    """Add the page, its style and the document."""

    @lru_cache(maxsize=8)  # by the address it is shown under, which is the client's word
    def page(base: str) -> bytes:
        return render(app.openapi(), base).encode()

    async def show_page(request: Request) -> Response:
        base = str(request.base_url).rstrip("/")
        headers = {"Content-Security-Policy": _POLICY, "Cache-Control": "no-cache"}
        return Response(page(base), headers=headers, media_type="text/html")

    async def show_style(request: Request) -> Response:
        return Response((_TEMPLATES / "reference.css").read_bytes(), headers=_CACHED, media_type="text/css")

    async def show_document(request: Request) -> Response:
        return Json(app.openapi(), headers=_CACHED)

    app.router.routes.extend(
        [
            Route(REFERENCE, show_page, include_in_schema=False),
            Route(_STYLE, show_style, include_in_schema=False),
            Route(OPENAPI, show_document, include_in_schema=False),
        ]
    )


def render(document: dict[str, Any], base: str) -> str:
    """The page for an OpenAPI document; `base` is the address its examples call."""
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["prose"] = prose
    schemas = document["components"]["schemas"]
    groups = [
        {"tag": tag, "operations": [one for one in _operations(document, base) if one["tag"] == tag["name"]]}
        for tag in document["tags"]
    ]
    return environment.get_template("reference.html").render(
        document=document,
        groups=groups,
        schemas=schemas,
        members=lambda schema: _members(schema, schemas),
        type_of=_type_of,
        kinds=KINDS.values(),
        base=base,
        openapi=OPENAPI,
        style=_STYLE,
    )


def prose(text: str | None) -> Markup:
    """A text of the document as HTML: `code` in backticks, problem codes as links."""
    parts = str(text or "").split("`")
    return Markup("").join(
        escape(part) if index % 2 == 0 else _code(part) for index, part in enumerate(parts)
    )


def _code(text: str) -> Markup:
    code = Markup("<code>{}</code>").format(text)
    return Markup('<a href="#problem-{}">{}</a>').format(text, code) if text in KINDS else code


def _operations(document: dict[str, Any], base: str) -> list[dict[str, Any]]:
    schemas = document["components"]["schemas"]
    found = []
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            body = (
                operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
            )
            found.append(
                operation
                | {
                    "tag": operation["tags"][0],
                    "method": method.upper(),
                    "path": path,
                    "body": body,
                    "open": operation.get("security") == [],
                    "curl": _curl(base, method.upper(), path, operation, _example(body or {}, schemas)),
                }
            )
    return found


def _curl(base: str, method: str, path: str, operation: dict[str, Any], example: Any) -> str:
    """A command to paste into a shell."""
    for parameter in operation.get("parameters", ()):
        if parameter["in"] == "path":
            path = path.replace(f"{{{parameter['name']}}}", str(_parameter_example(parameter)))
    lines = [f"curl {base}{path}" if method == "GET" else f"curl -X {method} {base}{path}"]
    if operation.get("security") != []:
        lines.append("-H 'Authorization: Bearer '\"$TOKEN\"")
    for parameter in operation.get("parameters", ()):
        if parameter["in"] == "header":
            lines.append(f"-H '{parameter['name']}: {_parameter_example(parameter)}'")
    if "requestBody" in operation:
        lines.append("-H 'Content-Type: application/json'")
        lines.append("-d '" + json.dumps(example, ensure_ascii=False).replace("'", "'\\''") + "'")
    return " \\\n  ".join(lines)


def _parameter_example(parameter: dict[str, Any]) -> Any:
    examples = parameter["schema"].get("examples") or [parameter["name"]]
    return examples[0]


def _example(schema: dict[str, Any], schemas: dict[str, Any]) -> Any:
    """An example body: each member's first example, else its default; members with neither are left out."""
    if "$ref" in schema:
        schema = schemas[schema["$ref"].removeprefix(_REF)]
    members = schema.get("properties", {})
    return {
        name: member["examples"][0] if "examples" in member else member["default"]
        for name, member in members.items()
        if "examples" in member or "default" in member
    }


def _members(schema: dict[str, Any], schemas: dict[str, Any]) -> list[dict[str, Any]]:
    """The members of an object schema as rows: name, type, whether required, description."""
    if "$ref" in schema:
        schema = schemas[schema["$ref"].removeprefix(_REF)]
    required = schema.get("required", ())
    return [
        {
            "name": name,
            "type": member,
            "required": name in required,
            "description": member.get("description", ""),
        }
        for name, member in schema.get("properties", {}).items()
    ]


def _type_of(schema: dict[str, Any]) -> dict[str, str]:
    """A schema in a few words, with the named schema to look it up in, if any."""
    if "$ref" in schema:
        name = schema["$ref"].removeprefix(_REF)
        return {"words": name, "schema": name}
    if "anyOf" in schema:
        parts = [_type_of(one) for one in schema["anyOf"]]
        return {"words": " or ".join(p["words"] for p in parts), "schema": next(p["schema"] for p in parts)}
    if schema.get("type") == "array":
        inner = _type_of(schema.get("items", {}))
        return {"words": f"list of {inner['words']}", "schema": inner["schema"]}
    if schema.get("enum"):
        return {"words": " | ".join(str(one) for one in schema["enum"]), "schema": ""}
    if isinstance(schema.get("additionalProperties"), dict):
        inner = _type_of(schema["additionalProperties"])
        return {"words": f"map of {inner['words']}", "schema": inner["schema"]}
    words = {"date-time": "instant", "uri-reference": "address"}.get(
        schema.get("format", ""), schema.get("type", "any")
    )
    return {"words": str(words), "schema": ""}

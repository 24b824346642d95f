"""The OpenAPI document: what FastAPI derives from the routes, with our problems, headers and security."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from api.errors import MEDIA_TYPE
from api.problems import KINDS
from api.schemas_answers import Problem

Responses = dict[int | str, dict[str, Any]]


_ALWAYS = ("token_missing", "token_invalid", "text_invalid", "internal_error", "unavailable")
READS = ("ticket_unknown",)
WRITES = (
    "json_invalid",
    "header_invalid",
    "not_permitted",
    "body_too_large",
    "media_type_unsupported",
    "form_invalid",
    "key_reused",
    "facts_missing",
    "engine_fault",
)
ON_SIGHT = ("revision_missing", "revision_stale", "transition_refused", "refused", "conflict")
"""What can become of a write that is decided on sight of the ticket."""

_ETAG = {
    "description": "The ticket's revision, for `If-Match`.",
    "schema": {"type": "string"},
    "example": '"3"',
}
_REPLAYED = {
    "description": "`true`: the same key came before, and this is the first one's outcome.",
    "schema": {"type": "string", "enum": ["true"]},
}
_LOCATION = {"description": "Where it is.", "schema": {"type": "string", "format": "uri-reference"}}
_SECONDS = {"description": "Seconds to wait before trying again.", "schema": {"type": "integer"}}
_LINK = {"description": 'The next page, as `<address>; rel="next"`.', "schema": {"type": "string"}}

ETAG: dict[str, Any] = {"headers": {"ETag": _ETAG}}
SETTLED: dict[str, Any] = {"headers": {"ETag": _ETAG, "Idempotency-Replayed": _REPLAYED}}
OPENED: dict[str, Any] = {"headers": SETTLED["headers"] | {"Location": _LOCATION}}
PAGED: dict[str, Any] = {"headers": {"Link": _LINK}}
ACCEPTED: dict[str, Any] = {
    "description": "Accepted: it is committed and will be carried out. Poll the operation.",
    "headers": {"Location": _LOCATION, "Retry-After": _SECONDS},
    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Operation"}}},
}


def problems(
    *codes: str, also: Mapping[int, dict[str, Any]] | None = None, always: Iterable[str] = _ALWAYS
) -> Responses:
    """What a route answers with besides its body: these problems, those that every route has, and `also`."""
    by_status: dict[int, list[str]] = {}
    for code in dict.fromkeys((*always, *codes)):
        by_status.setdefault(KINDS[code].status, []).append(code)
    found: Responses = {}
    for status, answer in (also or {}).items():
        found[status] = answer
    for status in sorted(by_status):
        found[status] = _problem_response(status, by_status[status])
    return found


def _problem_response(status: int, codes: list[str]) -> dict[str, Any]:
    first = KINDS[codes[0]]
    example = {"type": first.type, "title": first.title["en"], "status": status, "detail": first.next}
    example |= {"instance": "urn:evertick:request:4f0c6c1b2a9d8e77", "code": first.code}
    answer: dict[str, Any] = {
        "description": f"{HTTPStatus(status).phrase}: " + ", ".join(f"`{code}`" for code in codes),
        "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}, "example": example}},
    }
    if status == HTTPStatus.UNAUTHORIZED:
        answer["headers"] = {"WWW-Authenticate": {"description": "`Bearer`.", "schema": {"type": "string"}}}
    elif status == HTTPStatus.SERVICE_UNAVAILABLE:
        answer["headers"] = {"Retry-After": _SECONDS}
    return answer


def document(app: FastAPI) -> dict[str, Any]:
    """The document, made once: the routes of a running app do not change."""
    if app.openapi_schema is None:
        made = get_openapi(
            title=app.title,
            version=app.version,
            openapi_version="3.1.0",
            summary=app.summary,
            description=app.description,
            routes=app.routes,
            tags=app.openapi_tags,
        )
        for operation in (one for methods in made["paths"].values() for one in methods.values()):
            _tidy(operation)
        components = made.setdefault("components", {})
        for unused in ("HTTPValidationError", "ValidationError"):
            components["schemas"].pop(unused, None)
        components["securitySchemes"] = {
            "bearer": {"type": "http", "scheme": "bearer", "description": "A personal or service token."}
        }
        schemas = components.setdefault("schemas", {})
        problem = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
        schemas |= problem.pop("$defs", {}) | {"Problem": problem}
        made["security"] = [{"bearer": []}]
        app.openapi_schema = made
    return app.openapi_schema


def _tidy(operation: dict[str, Any]) -> None:
    """Say what FastAPI cannot: no parameter is null, and `If-Match` is required."""
    operation["summary"] = operation["summary"].capitalize()  # "Open ticket", not "Open Ticket"
    for parameter in operation.get("parameters", ()):
        schema = parameter["schema"]
        if "anyOf" in schema:
            given = [one for one in schema.pop("anyOf") if one != {"type": "null"}]
            schema.update(given[0] if len(given) == 1 else {"anyOf": given})
        if (
            parameter["name"] == "If-Match"
        ):  # declared optional, so that its absence is answered by 428, not 422
            parameter["required"] = True
    if "HTTPValidationError" in str(operation["responses"].get("422")):  # a guess of FastAPI
        del operation["responses"]["422"]
    for answer in operation["responses"].values():
        if answer["description"] == "Successful Response":
            answer["description"] = "OK"

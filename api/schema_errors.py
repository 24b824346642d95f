"""Pydantic's complaints about a request in our own form: the field, a stable code, a sentence that helps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from domain.errors import FieldError

_CODES = {
    "missing": "missing",
    "extra_forbidden": "unknown",
    "string_too_long": "too_long",
    "too_long": "too_long",
    "string_too_short": "missing",
    "too_short": "missing",
    "literal_error": "option",
    "enum": "option",
    "greater_than_equal": "range",
    "less_than_equal": "range",
    "string_pattern_mismatch": "pattern",
}
"""Pydantic's error types that are not about the type of a value; every other one is (`type`)."""


def field_errors(complaints: Sequence[Mapping[str, Any]]) -> list[FieldError]:
    """Every complaint as a FieldError. A field is named by its path in the body: `fields.title`."""
    return [_field_error(complaint) for complaint in complaints]


def _field_error(complaint: Mapping[str, Any]) -> FieldError:
    place, *path = complaint["loc"]
    field = ".".join(str(step) for step in path) or str(place)
    code = _CODES.get(complaint["type"], "type")
    return FieldError(field, code, _message(complaint, place))


def _message(complaint: Mapping[str, Any], place: str) -> str:
    limits = complaint.get("ctx") or {}
    match complaint["type"]:
        case "missing":
            return "is required" if len(complaint["loc"]) > 1 else f"the {place} is missing"
        case "extra_forbidden":
            return f"is not known in the {place} of this request"
        case "string_too_short" | "too_short":
            return "must not be empty"
        case "string_too_long":
            return f"is too long: at most {limits.get('max_length')} characters"
        case "model_attributes_type" | "dict_type" | "model_type":
            return "must be a JSON object"
    return str(complaint["msg"]).removeprefix("Input ").removeprefix("Value error, ")

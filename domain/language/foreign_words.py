"""Words and shapes that people bring along from other tools, and what to write here instead."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Any

from domain.language.suggest import did_you_mean

_KEYS: dict[str, tuple[str, ...]] = {
    "on": ("when", "transitions"),
    "trigger": ("when",),
    "then": ("do",),
    "action": ("do",),
    "actions": ("do",),
    "then_do": ("do",),
    "next": ("to",),
    "target_state": ("to",),
    "condition": ("if",),
    "guard": ("if",),
    "else": ("otherwise",),
    "roles": ("who",),
    "by": ("who",),
    "assignee": ("who", "assign", "routing"),
    "assigned_to": ("who", "assign", "routing"),
    "approver": ("approvers",),
    "form": ("ask",),
    "initial": ("starts_in",),
    "name": ("label",),
    "values": ("options",),
    "delay": ("after",),
    "cron": ("every",),
    "sla": ("clocks",),
    "slas": ("clocks",),
    "timers": ("clocks",),
    "steps": ("tasks",),
    "jobs": ("tasks",),
    "workflow": ("transitions",),
    "status": ("category", "state"),
    "statuses": ("states",),
    "mandatory": ("required",),
    "deadline": ("due", "target"),
    "recipients": ("to",),
    "reminder": ("remind",),
}

_VALUES: dict[str, tuple[str, ...]] = {
    "string": ("text",),
    "str": ("text",),
    "textarea": ("note",),
    "dropdown": ("choice",),
    "select": ("choice",),
    "enum": ("choice",),
    "list": ("choices",),
    "multiselect": ("choices",),
    "user": ("person",),
    "users": ("people",),
    "group": ("team",),
    "integer": ("number",),
    "int": ("number",),
    "float": ("number",),
    "decimal": ("number",),
    "checkbox": ("boolean",),
    "bool": ("boolean",),
    "file": ("attachment",),
    "files": ("attachment",),
    "currency": ("money",),
    "table": ("rows",),
    "link": ("url",),
    "open": ("new",),
    "in_progress": ("active",),
    "doing": ("active",),
    "pending": ("waiting",),
    "on_hold": ("waiting",),
    "resolved": ("done",),
    "completed": ("done",),
    "read": ("view",),
    "write": ("comment",),
}


_HOURS = re.compile(r"\d{1,2}:\d\d-")


def as_key(name: str, known: Sequence[str]) -> str:
    """The key that is called so in other tools, or is nearly called so; the end of a sentence."""
    other = _first(_KEYS.get(name.lower(), ()), known)
    return f'; did you mean "{other}"?' if other else did_you_mean(name, known)


def as_value(given: object, known: Sequence[str]) -> str:
    """The value that is called so in other tools, or is nearly called so; the end of a sentence."""
    if not isinstance(given, str):
        return ""
    other = _first(_VALUES.get(re.sub("[ -]", "_", given.strip().lower()), ()), known)
    return f'; did you mean "{other}"?' if other else did_you_mean(given, known)


def _first(words: Sequence[str], known: Sequence[str]) -> str | None:
    return next((word for word in words if word in known), None)


def in_ordinary_characters(text: str) -> str | None:
    """A text with full-width letters, digits and signs as ordinary ones; None when it has none."""
    plain = unicodedata.normalize("NFKC", text).replace("【", "[").replace("】", "]").replace("、", ",")
    return plain if plain != text else None


def as_text(given: object) -> str:
    """What to write where a text is wanted and something else stands; the end of a sentence."""
    if isinstance(given, list) and given and all(_HOURS.match(str(one)) for one in given):
        return f'; write them as one text: "{", ".join(given)}"'
    return "; put it in quotes" if isinstance(given, bool | int | float) else ""


def as_list(given: object) -> str:
    """What to write where a list is wanted and something else stands; the end of a sentence."""
    if isinstance(given, dict):
        return '; begin each of its entries with "- "'
    if isinstance(given, str) and (plain := in_ordinary_characters(given)) and plain.startswith("["):
        return f"; write {plain}, with ordinary brackets and commas"
    if isinstance(given, str) and re.fullmatch(r"[\w.-]+(\s*,\s*[\w.-]+)*", given):
        return f"; write [{given}]"
    return '; write [a, b], or each on a line of its own that begins with "- "'


def as_mapping(given: object, keys: Iterable[str] = ()) -> str:
    """What to write where names with values are wanted; `keys` are those that may stand there, if they are known."""
    if given is None:
        return "; null removes something only in a file that extends another"
    first: Any = given[0] if isinstance(given, list) and given else None
    if isinstance(first, str):
        return f', names with values; write "{first}: …" in place of "- {first}"'
    if isinstance(given, list):
        return ', names with values; write "name: …" without a "- " before it'
    if isinstance(given, str) and "," in given:
        listed = ", ".join(part.strip() for part in re.split("[,，]", given))
        return f", names with values: {{name: …}}; a list is written in brackets: [{listed}]"
    listed = ", ".join(list(keys)[:8])
    return f", such as {{name: …}}; known here: {listed}" if listed else ", names with values: {name: …}"

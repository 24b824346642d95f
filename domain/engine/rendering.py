"""Effects as texts people read: in their language, with names looked up only now."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from domain.durations import format_duration
from domain.engine.entries import Effect
from domain.engine.risk import LEVEL, REASONS, level_in, reason_in
from domain.engine.ticket import Json
from domain.engine.values import instant, written
from domain.language.definition import Definition
from domain.language.models import text_in

NameOf = Callable[[str, str], str]
"""The name of a thing by kind (person, team, service, asset) and id; the id when there is no name."""


@dataclass(frozen=True, slots=True)
class Rendered:
    """A text for one reader."""

    subject: str
    body: str


@dataclass(frozen=True, slots=True)
class Reader:
    """For whom a text is rendered."""

    locale: str
    zone: str  # IANA name
    name_of: NameOf


def render_effect(definition: Definition, effect: Effect, reader: Reader) -> Rendered:
    """Subject and body of a notification; of a page or comment its text in both places."""
    if effect.template:
        notification = definition.process.notifications[effect.template]
        return Rendered(
            render_text(definition, notification.subject, effect.values, reader),
            render_text(definition, notification.body, effect.values, reader),
        )
    text = render_text(definition, effect.texts, effect.values, reader)
    return Rendered(text, text)


def render_text(
    definition: Definition, texts: Mapping[str, str], values: Mapping[str, Json], reader: Reader
) -> str:
    """A text for a reader, the values of its {{ }} by their sources."""
    template = definition.template(text_in(texts, reader.locale))
    shown = [
        say(definition, part.source, values.get(part.source), reader)
        for part in template.template.placeholders
    ]
    return template.render(shown, str)


def say(definition: Definition, source: str, value: Json, reader: Reader) -> str:
    """A tagged value in words. `source` is the expression it came from: a choice and a state have labels."""
    if isinstance(value, dict):
        return _tagged(definition, value, reader)
    if isinstance(value, list):
        between = "; " if any(isinstance(one, dict) and "$row" in one for one in value) else ", "
        return between.join(say(definition, source, one, reader) for one in value)
    if value is None:
        return ""
    if isinstance(value, bool):
        return ({"zh": ("否", "是")}.get(reader.locale[:2]) or ("no", "yes"))[value]
    return _label(definition, source, written(value), reader.locale)


def _label(definition: Definition, source: str, value: str, locale: str) -> str:
    root, _, name = source.strip().partition(".")
    if root != "ticket":
        return value
    if name == "state" and value in definition.process.states:
        return text_in(definition.process.states[value].label or {"*": value}, locale)
    if name == "priority":
        return value  # P1 is said the same in every language
    if name == LEVEL:
        return level_in(definition, value, locale)
    if name == REASONS:
        return reason_in(definition, value, locale)
    declared = definition.fields.get(name)
    if declared and value in declared.options:
        return text_in(declared.options[value] or {"*": value}, locale)
    return value


def _tagged(definition: Definition, value: dict[str, Json], reader: Reader) -> str:
    for kind in ("person", "team", "service", "asset"):
        if f"${kind}" in value:
            return reader.name_of(kind, str(value[f"${kind}"]))
    said = value.get("$said")
    if isinstance(said, dict):
        return text_in({name: str(text) for name, text in said.items()}, reader.locale)
    if "$at" in value:
        at = instant(str(value["$at"]))
        return moment(at, reader.zone) if at else ""
    option = value.get("$option")
    if isinstance(option, list):
        return _label(definition, f"ticket.{option[0]}", str(option[1]), reader.locale)
    if "$for" in value and isinstance(value["$for"], (int, float)):
        return format_duration(timedelta(seconds=value["$for"]))
    row = value.get("$row")
    if isinstance(row, dict):
        return ", ".join(
            f"{name}: {say(definition, '', one, reader)}" for name, one in row.items() if one is not None
        )
    return str(value.get("$date", ""))


def moment(at: datetime, zone: str) -> str:
    """An instant on a reader's wall clock: `2026-11-27 18:50 (UTC+08:00)`."""
    local = at.astimezone(ZoneInfo(zone))
    offset = local.strftime("%z")
    return f"{local:%Y-%m-%d %H:%M} (UTC{offset[:3]}:{offset[3:]})"

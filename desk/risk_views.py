"""The risk of a ticket as pages show it: its level, its points, and what makes it so."""

from __future__ import annotations

from desk.values import FieldView
from domain.engine.risk import LEVEL, REASONS, SCORE, level_in, reason_in
from domain.engine.ticket import Json, Ticket
from domain.language.definition import Definition

LABELS = {
    LEVEL: {"en": "Risk", "zh-CN": "风险"},
    SCORE: {"en": "Risk points", "zh-CN": "风险分值"},
    REASONS: {"en": "Risk because of", "zh-CN": "风险因素"},
}
_TYPES = {LEVEL: "text", SCORE: "number", REASONS: "text"}
_BETWEEN = {"en": "; ", "zh-CN": "；"}


def risk_views(definition: Definition, ticket: Ticket) -> tuple[FieldView, ...]:
    """Three fields nobody fills in; nothing where the process says nothing of risk."""
    if definition.process.risk is None:
        return ()
    return tuple(
        FieldView(name, label, {}, _TYPES[name], value, risk_in_words(definition, name, value))
        for name, label in LABELS.items()
        if (value := ticket.fields.get(name)) is not None
    )


def risk_in_words(definition: Definition, name: str, value: Json) -> dict[str, str]:
    """A level, points or reasons by locale."""
    if name == LEVEL:
        return {locale: level_in(definition, str(value), locale) for locale in _BETWEEN}
    if isinstance(value, list):
        return {
            locale: between.join(reason_in(definition, str(one), locale) for one in value)
            for locale, between in _BETWEEN.items()
        }
    return {"*": str(value)}

"""The risk of a ticket as pages show it: its level with the points, and what makes it so."""

from __future__ import annotations

from desk.values import FieldView
from domain.engine.risk import LEVEL, REASONS, SCORE, level_in, reason_in
from domain.engine.ticket import Ticket
from domain.language.definition import Definition

_LABELS = {LEVEL: {"en": "Risk", "zh-CN": "风险"}, REASONS: {"en": "Because", "zh-CN": "风险因素"}}
_POINTS = {"en": "{level} ({score} points)", "zh-CN": "{level}（{score} 分）"}
_BETWEEN = {"en": "; ", "zh-CN": "；"}


def risk_views(definition: Definition, ticket: Ticket) -> tuple[FieldView, ...]:
    """Two fields nobody fills in; nothing where the process says nothing of risk."""
    level, reasons = ticket.fields.get(LEVEL), ticket.fields.get(REASONS)
    if definition.process.risk is None or not isinstance(level, str):
        return ()
    score = ticket.fields.get(SCORE)
    shown = {
        locale: text.format(level=level_in(definition, level, locale), score=score)
        for locale, text in _POINTS.items()
    }
    found = [FieldView(LEVEL, _LABELS[LEVEL], {}, "text", level, shown)]
    if isinstance(reasons, list) and reasons:
        said = {
            locale: between.join(reason_in(definition, str(one), locale) for one in reasons)
            for locale, between in _BETWEEN.items()
        }
        found.append(FieldView(REASONS, _LABELS[REASONS], {}, "text", said["en"], said))
    return tuple(found)

"""The risk of a ticket: points add up, and the highest level whose bound is reached says how much that is."""

from __future__ import annotations

from dataclasses import dataclass

from domain.engine.draft import Draft
from domain.engine.ticket import Json
from domain.language.definition import Definition
from domain.language.models import text_in

LEVEL, SCORE, REASONS = "risk", "risk_score", "risk_reasons"


@dataclass(frozen=True, slots=True)
class Judged:
    """The points, their level, and the reason of each line that holds, in the process's first language."""

    score: int
    level: str
    reasons: tuple[str, ...]

    def fields(self) -> dict[str, Json]:
        """As fields of the ticket."""
        return {LEVEL: self.level, SCORE: self.score, REASONS: list(self.reasons)}


def risk_of(draft: Draft) -> Judged | None:
    """The risk as the fields stand; None where the process says nothing of risk.

    What is below the lowest level (points may be taken off) is the lowest.
    """
    rules = draft.definition.process.risk
    if rules is None:
        return None
    rows = [row for row in rules.score if draft.holds(row.if_)]
    score = sum(row.add for row in rows)
    bounds = sorted((level.from_, name) for name, level in rules.levels.items())
    level = next((name for bound, name in reversed(bounds) if bound <= score), bounds[0][1])
    return Judged(score, level, tuple(text_in(row.because, first_locale(draft.definition)) for row in rows))


def first_locale(definition: Definition) -> str:
    """The language in which reasons are kept: the first of the process."""
    return next(iter(definition.process.locales), "en")


def reason_in(definition: Definition, reason: str, locale: str) -> str:
    """A kept reason in another language; as it is when no line gives it any more."""
    rules, first = definition.process.risk, first_locale(definition)
    rows = rules.score if rules is not None else ()
    return next(
        (text_in(row.because, locale) for row in rows if text_in(row.because, first) == reason), reason
    )


def level_in(definition: Definition, level: str, locale: str) -> str:
    """A level as people of a language call it."""
    rules = definition.process.risk
    found = rules.levels.get(level) if rules is not None else None
    return text_in(found.label, locale) if found is not None and found.label else level

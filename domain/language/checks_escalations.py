"""Escalations as actions start them, and the channels by which people are called."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from domain.expressions import check
from domain.language.checking import Checking, parsed
from domain.language.models import Escalate, EscStep, Model, Page, Word
from domain.language.places import Path


def check_escalations(checking: Checking, parts: Iterable[tuple[Path, Model | Word]]) -> None:
    """Everything about starting an escalation and calling people."""
    for path, part in parts:
        if isinstance(part, Escalate):
            _check_start(checking, path, part)
        elif isinstance(part, EscStep | Page):
            called, place = (part.page, (*path, "page")) if isinstance(part, EscStep) else (part.who, path)
            if not called:
                checking.error(place, "this calls nobody; name at least one role, team or person")
            if part.channels:
                _check_channels(checking, (*path, "channels"), part.channels)


def _check_start(checking: Checking, path: Path, escalate: Escalate) -> None:
    if escalate.chain is None and escalate.by is None:
        checking.error(path, "name the escalation: `chain`, or an expression in `by`", key=True)
    chain = checking.process.escalations.get(str(escalate.chain))
    if escalate.from_ < 1 or (chain and chain.steps and escalate.from_ > len(chain.steps)):
        steps = f"1 to {len(chain.steps)}" if chain is not None else "1 or more"
        checking.error((*path, "from"), f"there is no step {escalate.from_}; it is {steps}")
    ast, _ = parsed(str(escalate.by)) if escalate.by else (None, None)
    if ast is None:
        return
    given, findings = check(ast, checking.scopes.at(path))
    if not findings and given.kind not in ("text", "choice", "any", "null"):
        checking.error((*path, "by"), f"this gives {given.words}; the name of an escalation is wanted here")
    for option in given.options if not findings else ():
        if option not in checking.names.escalations:
            checking.unknown((*path, "by"), "escalation", option, checking.names.escalations)


def _check_channels(checking: Checking, path: Path, channels: Mapping[str, tuple[str, ...]]) -> None:
    field = checking.names.field_defs.get("priority")
    levels = checking.names.levels or (tuple(field.options) if field is not None else ())
    for level in channels:
        if level != "else" and level not in levels:
            known = (*levels, "else")
            checking.unknown((*path, level), "priority level", level, known, key=True)

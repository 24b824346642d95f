"""Escalations and actions: complete, and with somebody who hears of them."""

from __future__ import annotations

from collections.abc import Iterable

from domain.language.checking import Checking
from domain.language.models import (
    Assign,
    Escalation,
    Model,
    Notify,
    Word,
)
from domain.language.places import Path

Parts = Iterable[tuple[Path, Model | Word]]


def check_work(checking: Checking, parts: Parts) -> None:
    """Everything people are asked to do besides their tasks."""
    for path, part in parts:
        match part:
            case Escalation():
                if not part.steps:
                    checking.error((*path, "steps"), "an escalation needs at least one step")
                if part.repeat < 0:
                    checking.error((*path, "repeat"), "repeat should be 0 or more")
            case Notify():
                _check_receivers(checking, path, part)
            case Assign():
                if part.team is None and part.person is None and part.pick is None:
                    checking.error(path, "give at least one of team, person, pick", key=True)
            case _:
                pass


def _check_receivers(checking: Checking, path: Path, notify: Notify) -> None:
    template = checking.process.notifications.get(notify.template)
    if notify.to is None and template is not None and not template.to:
        message = f'nobody receives this: "{notify.template}" has no `to`; write {{template: …, to: …}}'
        checking.error((*path, "template"), message)

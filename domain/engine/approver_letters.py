"""What approvers are told: that they are asked, that they are still asked, that they need not answer any more."""

from __future__ import annotations

from collections.abc import Iterable

from domain.engine.approval_state import Seat
from domain.engine.draft import Draft
from domain.engine.plan import Sitting
from domain.language.models import text_in

KIND = "approval"
CHANNELS = ("email", "chat")

_SAID = {
    "asked": {
        "en": "{{{{ ticket.ref }}}}: please decide on “{stage}” for {{{{ ticket.title }}}}",
        "zh-CN": "{{{{ ticket.ref }}}}：请审批“{stage}”：{{{{ ticket.title }}}}",
    },
    "reminded": {
        "en": "{{{{ ticket.ref }}}} still waits for your decision on “{stage}”: {{{{ ticket.title }}}}",
        "zh-CN": "{{{{ ticket.ref }}}} 仍在等待您审批“{stage}”：{{{{ ticket.title }}}}",
    },
    "released": {
        "en": "{{{{ ticket.ref }}}}: your decision on “{stage}” is no longer needed",
        "zh-CN": "{{{{ ticket.ref }}}}：“{stage}”已无需您审批",
    },
}


def ask_people(draft: Draft, name: str, sitting: Sitting, seats: Iterable[Seat]) -> None:
    """Tell people that they are asked."""
    _write(draft, name, sitting, seats, "asked")


def remind_people(draft: Draft, name: str, sitting: Sitting, seats: Iterable[Seat]) -> None:
    """Remind those who have not answered."""
    _write(draft, name, sitting, seats, "reminded")


def release_people(draft: Draft, name: str, sitting: Sitting, seats: Iterable[Seat]) -> None:
    """Tell people that they need not answer any more."""
    _write(draft, name, sitting, seats, "released")


def stage_label(draft: Draft, name: str, sitting: Sitting, locale: str) -> str:
    """What people call a stage: its label, else the approval's."""
    label = sitting.rule.label or draft.definition.process.approvals[name].label
    return text_in(label, locale) if label else name.replace("_", " ")


def _write(draft: Draft, name: str, sitting: Sitting, seats: Iterable[Seat], what: str) -> None:
    people = tuple(dict.fromkeys(f"person:{seat.turn_of(draft.at)}" for seat in seats))
    if not people:
        return
    texts = {
        locale: text.format(stage=stage_label(draft, name, sitting, locale))
        for locale, text in _SAID[what].items()
    }
    data = {"what": what, "approval": name, "stage": sitting.id}
    draft.ask_outside(KIND, sitting.path, to=people, channels=CHANNELS, texts=texts, data=dict(data))

"""The timeline: comments as cards, everything else as one-liners, field changes folded."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from desk.values import CommentView, DeliveryView, TimelineView
from web.texts import Texts

_ICONS = {
    "opened": "spark",
    "moved": "move",
    "commented": "reply",
    "clock": "clock",
    "reached": "hourglass",
    "breached": "breach",
    "overdue": "breach",
    "escalation": "stairs",
    "task": "task",
    "picked": "person",
    "timer": "hourglass",
    "parked": "flag",
    "unavailable": "flag",
    "refused": "cross",
}
_LOUDEST = (
    "refused",
    "breached",
    "parked",
    "opened",
    "moved",
    "overdue",
    "escalation",
    "reached",
    "task",
    "picked",
    "timer",
)
_FOLDED = ("set", "clock")
_FEW = 2
_PLAIN = ("opened", "moved", "commented", "picked", "task", "refused")
_CHANNEL_ICONS = {"page": "pager", "notify": "bell", "email": "mail"}


@dataclass(frozen=True, slots=True)
class Sent:
    """Deliveries of one sort as a one-liner: to several people, when they went the same way."""

    icon: str
    to: tuple[str, ...]
    view: DeliveryView  # the first of them


@dataclass(frozen=True, slots=True)
class Chapter:
    """One journal entry on the page."""

    seq: int
    at: datetime
    icon: str
    actor: str
    lines: tuple[str, ...]
    folded: tuple[str, ...]
    sent: tuple[Sent, ...]
    comment: CommentView | None
    late_by: float
    refused: bool
    line: str


def chapters(timeline: Sequence[TimelineView], texts: Texts, *, plain: bool = False) -> tuple[Chapter, ...]:
    """The timeline, oldest first, without entries that say nothing to people.

    `plain`: for people who do not work here, who want to know where it stands and not how the desk is run.
    """
    told = (_chapter(_in_plain_words(one) if plain else one, texts) for one in timeline)
    return tuple(one for one in told if one.lines or one.folded or one.sent or one.comment)


def _in_plain_words(one: TimelineView) -> TimelineView:
    kept = [(kind, words) for kind, words in zip(one.kinds, one.words, strict=True) if kind in _PLAIN]
    return replace(one, kinds=tuple(kind for kind, _ in kept), words=tuple(words for _, words in kept))


def since(timeline: Sequence[TimelineView], revision: int, texts: Texts) -> tuple[Chapter, ...]:
    """What happened after a revision: shown to somebody whose page had become stale."""
    return chapters([one for one in timeline if one.entry.revision > revision], texts)


def _chapter(one: TimelineView, texts: Texts) -> Chapter:
    words = [texts.of(sentence) for sentence in one.words]
    pairs = [(kind, word) for kind, word in zip(one.kinds, words, strict=True) if word and kind != "late"]
    loud = [word for kind, word in pairs if kind not in _FOLDED and not (one.comment and kind == "commented")]
    folded = [word for kind, word in pairs if kind in _FOLDED]
    if not loud and not one.comment and len(folded) <= _FEW:  # a change that is all there is needs no fold
        loud, folded = folded, []
    return Chapter(
        seq=one.entry.seq,
        at=one.entry.at,
        icon=_icon(one.kinds),
        actor=one.actor_name,
        lines=tuple(loud),
        folded=tuple(folded),
        sent=_sent(one.deliveries),
        comment=one.comment,
        late_by=one.entry.late_by,
        refused=one.entry.result != "done",
        line=one.entry.cause.line,
    )


def _sent(deliveries: Sequence[DeliveryView]) -> tuple[Sent, ...]:
    alike: dict[tuple[str, ...], list[DeliveryView]] = {}
    for one in deliveries:
        if one.kind != "comment":
            alike.setdefault((one.kind, one.channel, one.status), []).append(one)
    return tuple(
        Sent(
            _CHANNEL_ICONS.get(together[0].kind, "send"),
            tuple(name for one in together if (name := one.recipient_name or one.recipient)),
            together[0],
        )
        for together in alike.values()
    )


def _icon(whats: Iterable[str]) -> str:
    found = set(whats)
    for what in _LOUDEST:
        if what in found:
            return _ICONS[what]
    return "edit" if "set" in found else "dot"

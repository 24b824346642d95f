"""Clocks for the eye: a tone, an icon, words and a bar each; and the ledger behind them as a table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from desk.values import ClockView, QueueRow
from web.forms import as_instant
from web.texts import Texts
from web.times import moment, span

Tone = Literal["calm", "amber", "red", "late", "paused", "outside", "met", "missed", "idle"]

AMBER = timedelta(hours=1)
RED = timedelta(minutes=30)
_ICON: dict[Tone, str] = {
    "calm": "clock",
    "amber": "hourglass",
    "red": "alarm",
    "late": "breach",
    "paused": "pause",
    "outside": "moon",
    "met": "done",
    "missed": "breach",
    "idle": "circle",
}


@dataclass(frozen=True, slots=True)
class Face:
    """A queue row's clock. `due` is what the browser counts down to; None when it must not tick."""

    tone: Tone
    icon: str
    words: str
    title: str
    share: float | None  # of the target, 0 to 100
    due: datetime | None = None


@dataclass(frozen=True, slots=True)
class Mark:
    """A threshold on a bar, at `x` percent of its width."""

    x: float
    label: str
    does: str
    reached: bool
    at: datetime | None


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """One line of the ledger as a table row."""

    what: str
    kind: str
    from_at: datetime | None
    to_at: datetime | None
    worked: str
    why: str
    line: str
    target: str
    calendar: str


@dataclass(frozen=True, slots=True)
class Step:
    """One of the next things that will happen."""

    at: datetime | None
    what: str
    effects: tuple[str, ...]
    line: str


@dataclass(frozen=True, slots=True)
class Dial:
    """A clock of the ticket page."""

    view: ClockView
    face: Face
    target: str
    elapsed: str
    marks: tuple[Mark, ...]
    ledger: tuple[LedgerRow, ...]
    upcoming: tuple[Step, ...]

    @property
    def ticks(self) -> bool:
        """Whether it gets a card of its own, or a line below the cards."""
        return self.view.status not in ("idle", "stopped")


def tone_of(left: timedelta) -> Tone:
    """How loud a running clock is, by the time left."""
    if left < timedelta():
        return "late"
    return "red" if left < RED else "amber" if left < AMBER else "calm"


def row_face(row: QueueRow, now: datetime, texts: Texts, zone: ZoneInfo) -> Face | None:
    """The clock of a queue row; None when nothing is running against it."""
    share = None if row.elapsed_share is None else min(100.0, 100 * row.elapsed_share)
    label = texts.of(row.due_label)
    if row.clock_status == "paused":
        why = texts("clock.paused_while", clock=label, state=texts.of(row.state_label))
        return Face("paused", _ICON["paused"], texts("clock.paused"), why, share)
    if row.due_at is None:
        return None
    left = row.due_at - now
    if row.clock_status == "outside_hours" and left >= timedelta():
        why = texts("clock.outside_long", clock=label)
        return Face("outside", _ICON["outside"], moment(row.due_at, now, zone, texts), why, share)
    tone = tone_of(left)
    sign = "−" if tone == "late" else ""
    title = texts("clock.late_long" if tone == "late" else "clock.left_long", clock=label)
    full_share = 100.0 if tone == "late" else share
    return Face(tone, _ICON[tone], sign + span(left.total_seconds(), texts), title, full_share, row.due_at)


def dial(view: ClockView, now: datetime, texts: Texts) -> Dial:
    """A clock of a ticket, whole."""
    target = round((view.elapsed + view.left) / 60) * 60.0 if view.left is not None else 0.0
    return Dial(
        view=view,
        face=_face(view, target, now, texts),
        target=span(target, texts) if target else view.target,
        elapsed=span(view.elapsed, texts),
        marks=tuple(_marks(view.thresholds, texts)),
        ledger=tuple(_ledger(view.ledger, texts)),
        upcoming=tuple(_step(one, texts) for one in view.upcoming[:3]),
    )


def _face(view: ClockView, target: float, now: datetime, texts: Texts) -> Face:
    share = min(100.0, 100 * view.elapsed / target) if target > 0 else None
    label = texts.of(view.label)
    if view.status == "idle":
        return Face("idle", _ICON["idle"], texts("clock.idle"), label, None)
    if view.status == "stopped":
        tone: Tone = "missed" if view.breached_at else "met"
        return Face(tone, _ICON[tone], texts(f"clock.{tone}"), label, share)
    left = view.left if view.left is not None else 0.0
    over = view.breached_at is not None or left < 0
    words = texts("clock.over" if over else "clock.left", span=span(left, texts))
    if view.status == "paused":
        return Face(
            "paused", _ICON["paused"], texts("clock.paused_with", words=words), view.paused_why, share
        )
    if (view.status == "outside_hours" or view.outside_why) and not over:
        return Face("outside", _ICON["outside"], words, view.outside_why, share)
    until = (view.due_at - now) if view.due_at else timedelta(seconds=left)
    tone = "late" if over else tone_of(until)
    return Face(tone, _ICON[tone], words, label, 100.0 if over else share, view.due_at)


def _marks(thresholds: Sequence[Mapping[str, object]], texts: Texts) -> Iterator[Mark]:
    for one in thresholds:
        share = one.get("share")
        if isinstance(share, int | float):
            yield Mark(
                x=max(0.0, min(100.0, 100 * float(share))),
                label=words_of(one.get("label"), texts),
                does=_deeds(one.get("does"), texts),
                reached=bool(one.get("reached")),
                at=as_instant(one.get("at")),
            )


def _ledger(lines: Sequence[Mapping[str, object]], texts: Texts) -> Iterator[LedgerRow]:
    for line in _merged(lines):
        kind = str(line.get("what", ""))
        key = f"ledger.{kind}"
        worked = line.get("worked")
        yield LedgerRow(
            what=texts(key) if texts.has(key) else kind,
            kind=kind,
            from_at=as_instant(line.get("at")),
            to_at=as_instant(line.get("to")),
            worked=span(worked, texts) if isinstance(worked, int | float) and worked else "",
            why=words_of(line.get("why"), texts),
            line=str(line.get("line") or ""),
            target=str(line.get("target") or ""),
            calendar=str(line.get("calendar") or ""),
        )


def _merged(lines: Sequence[Mapping[str, object]]) -> Iterator[Mapping[str, object]]:
    """A clock gets its target in the moment it starts: two lines of the ledger, one fact for people."""
    waiting: Mapping[str, object] | None = None
    for line in lines:
        if waiting is not None:
            if line.get("what") == "retargeted" and line.get("at") == waiting.get("at"):
                yield {
                    **line,
                    "what": waiting["what"],
                    "why": waiting.get("why"),
                    "line": waiting.get("line"),
                }
                waiting = None
                continue
            yield waiting
        waiting = line
    if waiting is not None:
        yield waiting


def _step(one: Mapping[str, object], texts: Texts) -> Step:
    effects = one.get("effects")
    told = effects if isinstance(effects, list | tuple) else [effects] if effects else []
    return Step(
        at=as_instant(one.get("at")),
        what=_event(words_of(one.get("what"), texts), texts),
        effects=tuple(deed(words_of(effect, texts), texts) for effect in told),
        line=str(one.get("line") or ""),
    )


def _deeds(does: object, texts: Texts) -> str:
    each = does if isinstance(does, list | tuple) else [does] if does else []
    return "; ".join(deed(words_of(one, texts), texts) for one in each)


def deed(effect: str, texts: Texts) -> str:
    """An effect as the engine names it (`page duty_manager if ticket.major`) in the reader's words."""
    head, _, condition = effect.partition(" if ")
    verb, _, what = head.partition(" ")
    key = f"verb.{verb}"
    words = texts(key, what=what.replace("_", " ")).strip() if texts.has(key) else head
    return texts("verb.if", words=words, condition=condition) if condition else words


def _event(what: str, texts: Texts) -> str:
    """`overdue 1`, `on_call step 2` in the reader's words; a threshold such as `75%` speaks for itself."""
    name, _, number = what.rpartition(" ")
    if name == "overdue":
        return texts("next.overdue", n=number)
    if name.endswith(" step"):
        return texts("next.step", name=name.removesuffix(" step").replace("_", " "), n=number)
    return what


def words_of(value: object, texts: Texts) -> str:
    """A text by locale, several of them, or a plain word."""
    if isinstance(value, Mapping):
        return texts.of({str(locale): str(text) for locale, text in value.items()})
    if isinstance(value, list | tuple):
        return texts("join.and").join(words_of(one, texts) for one in value)
    return "" if value is None else str(value)

"""The words of the timeline: one sentence for each thing that happened, in English and Chinese."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta

from desk.approval_words import approval_words
from desk.field_views import display
from desk.names import Names
from desk.risk_views import LABELS, risk_in_words
from desk.task_views import task_label
from domain.durations import format_duration
from domain.engine.entries import Happening
from domain.engine.rendering import moment
from domain.engine.ticket import Json
from domain.engine.values import instant
from domain.language.definition import Definition
from domain.language.models import text_in

Sentence = dict[str, str]

_LOCALES = ("en", "zh-CN")
_UNTOLD = frozenset({"effect", "timer"})  # deliveries tell of effects; a timer shows in what it moved

BUILT_IN = {"agreement": {"en": "Agreement", "zh-CN": "服务协议"}}
_CLOCK = {
    "started": ("{clock} started", "{clock}开始计时"),
    "paused": ("{clock} paused", "{clock}暂停"),
    "resumed": ("{clock} resumed", "{clock}恢复计时"),
    "stopped": ("{clock} stopped", "{clock}停止"),
    "reset": ("{clock} starts again from zero", "{clock}重新计时"),
    "carried": (
        "{clock}: goes on from what the ticket before has counted",
        "{clock}：延续原工单已计时间",
    ),
    "moved": ("{clock}: what it counts from was moved", "{clock}：计时起点已调整"),
    "retargeted": (
        "{clock}: target {target}, calendar {calendar}",
        "{clock}：目标 {target}，日历 {calendar}",
    ),
}
_ESCALATION = {
    "started": ("Escalation “{name}” started", "升级流程“{name}”启动"),
    "stepped": (
        "Escalation “{name}”: step {step}, round {round}",
        "升级流程“{name}”：第 {round} 轮第 {step} 步",
    ),
    "ended": ("Escalation “{name}” ended", "升级流程“{name}”结束"),
    "stood_down": ("Escalation “{name}” was stood down", "升级流程“{name}”已解除"),
    "exhausted": ("Escalation “{name}”: nobody answered", "升级流程“{name}”：无人响应"),
}
_TASK = {
    "pending": ("Task “{name}” waits for others", "任务“{name}”等待前置任务"),
    "opened": ("Task “{name}” is open", "任务“{name}”待办"),
    "running": ("Task “{name}” is running", "任务“{name}”执行中"),
    "done": ("Task “{name}” is done", "任务“{name}”已完成"),
    "failed": ("Task “{name}” failed: {error}", "任务“{name}”失败：{error}"),
    "skipped": ("Task “{name}” was skipped", "任务“{name}”已跳过"),
    "cancelled": ("Task “{name}” was cancelled", "任务“{name}”已取消"),
    "handed_over": (
        "Task “{name}” failed and was handed to people: {error}",
        "任务“{name}”失败，转人工处理：{error}",
    ),
    "overdue": ("Task “{name}” is overdue", "任务“{name}”已逾期"),
    "reminded": ("The people of task “{name}” were reminded", "已提醒任务“{name}”的负责人"),
}


class Words:
    """Says what happened, for one reader."""

    def __init__(self, definition: Definition, names: Names, zone: str, hidden: frozenset[str]) -> None:
        self._definition = definition
        self._names = names
        self._zone = zone
        self._hidden = hidden
        self._say: dict[str, Callable[[Happening], Sentence | None]] = {
            "opened": lambda one: self._fixed("Opened", "已提交"),
            "moved": self._moved,
            "migrated": self._migrated,
            "set": self._set,
            "linked": lambda one: self._linked(one, "linked with", "关联"),
            "link_set": self._said_of,
            "unlinked": lambda one: self._linked(one, "no longer linked with", "不再关联"),
            "commented": self._commented,
            "clock": lambda one: self._by_kind(_CLOCK, one, clock=self._clock(one.name)),
            "reached": self._reached,
            "breached": lambda one: self._both(
                "{clock} missed: due {at}", "{clock}超时：截止 {at}", one, "due_at"
            ),
            "overdue": lambda one: self._both(
                "{clock} overdue, reminder {count}", "{clock}逾期，第 {count} 次提醒", one
            ),
            "escalation": lambda one: self._by_kind(
                _ESCALATION, one, name=self._label("escalations", one.name)
            ),
            "task": lambda one: self._by_kind(_TASK, one, name=self._task(one)),
            "picked": self._picked,
            "postponed": self._postponed,
            "approval": lambda one: approval_words(definition, names, one),
            "parked": lambda one: self._fixed(
                f"Parked for an operator: {one.detail.get('reason')}",
                f"已挂起待运维处理：{one.detail.get('reason')}",
            ),
            "dropped": lambda one: self._fixed(
                f"{one.detail.get('ref')} no longer waits for this ticket",
                f"{one.detail.get('ref')} 不再等待此工单",
            ),
            "unavailable": self._unavailable,
        }

    def say(self, one: Happening) -> Sentence | None:
        """One sentence by locale; None for what is not worth one, or not for this reader."""
        if one.what in _UNTOLD:
            return None
        say = self._say.get(one.what)
        if say is None:  # of a newer version: shown as it is rather than hidden
            return {"*": f"{one.what} {one.name}".strip()}
        return say(one)

    # ---- one kind each

    def _moved(self, one: Happening) -> Sentence:
        rule = self._definition.process.transitions.get(one.name)
        label = dict(rule.label) if rule and rule.label else None
        if "to" not in one.detail:
            return label or {"*": one.name.replace("_", " ")}
        states = self._definition.process.states
        to = str(one.detail["to"])
        target = (states[to].label if to in states else None) or {"*": to}
        found = {}
        for locale in _LOCALES:
            name = text_in(target, locale)
            arrow = f"→ {name}"
            found[locale] = f"{text_in(label, locale)} {arrow}" if label else arrow
        return found

    def _migrated(self, one: Happening) -> Sentence:
        note = one.detail.get("note")
        texts = {str(key): str(text) for key, text in note.items()} if isinstance(note, dict) else {}
        to = one.detail.get("to")
        return {
            "en": f"Moved to version {to} of the process" + (f": {text_in(texts, 'en')}" if texts else ""),
            "zh-CN": f"迁移至流程版本 {to}" + (f"：{text_in(texts, 'zh-CN')}" if texts else ""),
        }

    def _set(self, one: Happening) -> Sentence | None:
        if one.name in self._hidden:
            return None
        declared = self._definition.fields.get(one.name)
        label = (declared.label if declared else {**BUILT_IN, **LABELS}.get(one.name)) or {"*": one.name}
        found = {}
        for locale in _LOCALES:
            old, new = self._value(one, "old", locale), self._value(one, "new", locale)
            sentence = f"{text_in(label, locale)}: {new or '—'}"
            found[locale] = (
                f"{sentence} ({'before' if locale == 'en' else '原为'} {old})" if old else sentence
            )
        return found

    def _linked(self, one: Happening, en: str, zh: str) -> Sentence:
        rule = self._definition.process.links.get(one.name)
        label = (rule.label if rule else None) or {"*": one.name}
        ref = one.detail.get("ref", "")
        return {
            "en": f"{text_in(label, 'en')}: {en} {ref}",
            "zh-CN": f"{text_in(label, 'zh-CN')}：{zh} {ref}",
        }

    def _said_of(self, one: Happening) -> Sentence:
        """What is known of a linked ticket."""
        rule, name = self._definition.process.links.get(one.name), str(one.detail.get("field"))
        declared = rule.fields.get(name) if rule else None
        value = one.detail.get("new")
        shown = display(declared, value, self._names, self._zone) if declared else {"*": str(value or "")}
        label = (declared.label if declared else None) or {"*": name}
        ref = one.detail.get("ref")
        return {
            "en": f"{ref}: {text_in(label, 'en')} = {text_in(shown, 'en') if shown else '—'}",
            "zh-CN": f"{ref}：{text_in(label, 'zh-CN')} = {text_in(shown, 'zh-CN') if shown else '—'}",
        }

    def _value(self, one: Happening, part: str, locale: str) -> str:
        value = one.detail.get(part)
        declared = self._definition.fields.get(one.name)
        if declared is None and one.name in LABELS:
            return (
                text_in(risk_in_words(self._definition, one.name, value), locale) if value is not None else ""
            )
        if declared is None:
            agreement = self._definition.agreements.get(str(value))
            return text_in(agreement.label, locale) if agreement and agreement.label else str(value or "")
        shown = display(declared, value, self._names, self._zone)
        return text_in(shown, locale) if shown else ""

    def _commented(self, one: Happening) -> Sentence:
        if one.detail.get("public"):
            return self._fixed("Replied", "回复")
        return self._fixed("Wrote an internal note", "添加内部备注")

    def _reached(self, one: Happening) -> Sentence | None:
        if one.detail.get("threshold") == "100%":
            return None  # the breach says it
        if not one.detail.get("acted"):
            return self._both("{clock}: {threshold} passed", "{clock}：已过 {threshold}", one)
        return self._both("{clock}: {threshold} reached", "{clock}：到达 {threshold}", one)

    def _picked(self, one: Happening) -> Sentence:
        person = one.detail.get("person")
        if not isinstance(person, str):
            return self._fixed("Nobody of the team could be assigned", "团队中无人可分派")
        name = self._names.of("person", person)
        return self._fixed(f"Assigned to {name}", f"分派给 {name}")

    def _postponed(self, one: Happening) -> Sentence:
        until = instant(str(one.detail.get("until")))
        at = moment(until, self._zone) if until else ""
        rule = self._definition.process.notifications.get(one.name)
        about = (
            rule.subject
            if rule is not None and not any("{{" in text for text in rule.subject.values())
            else {}
        )
        return {
            "en": f"Notification “{text_in(about, 'en') if about else one.name}” waits until {at}",
            "zh-CN": f"通知“{text_in(about, 'zh-CN') if about else one.name}”将于 {at} 发送",
        }

    def _unavailable(self, one: Happening) -> Sentence:
        reason = str(one.detail.get("reason", ""))
        what = str(one.detail.get("process") or one.detail.get("field") or one.detail.get("approval") or "")
        return self._fixed(
            f"“{one.name} {what}” could not be done: {reason}", f"无法执行“{one.name} {what}”：{reason}"
        )

    # ---- small parts

    def _fixed(self, english: str, chinese: str) -> Sentence:
        return {"en": english, "zh-CN": chinese}

    def _both(self, english: str, chinese: str, one: Happening, at: str = "") -> Sentence:
        parts: dict[str, Json] = {**one.detail, "clock": self._clock(one.name)}
        moment_at = instant(str(one.detail.get(at))) if at else None
        parts["at"] = moment(moment_at, self._zone) if moment_at else ""
        return _filled((english, chinese), parts)

    def _by_kind(
        self, kinds: Mapping[str, tuple[str, str]], one: Happening, **parts: Mapping[str, str]
    ) -> Sentence:
        said = kinds.get(str(one.detail.get("what")))
        if said is None:
            return {"*": f"{one.name} {one.detail.get('what')}"}
        if not one.detail.get("error"):
            said = (said[0].replace(": {error}", ""), said[1].replace("：{error}", ""))
        return _filled(said, {"target": "", "calendar": "", **one.detail, **parts})

    def _task(self, one: Happening) -> Mapping[str, str]:
        shown = one.detail.get("shown")
        values = shown if isinstance(shown, dict) else {}
        return task_label(self._definition, one.name, values, self._names, self._zone)

    def _clock(self, name: str) -> Mapping[str, str]:
        return self._label("clocks", name)

    def _label(self, section: str, name: str) -> Mapping[str, str]:
        rule = getattr(self._definition.process, section).get(name)
        return (rule.label if rule is not None else None) or {"*": name}


def late(seconds: float) -> Sentence:
    """That an entry was handled late."""
    length = format_duration(timedelta(seconds=round(seconds)))
    return {"en": f"Handled {length} late", "zh-CN": f"延迟 {length} 处理"}


def _filled(said: tuple[str, str], parts: Mapping[str, Json]) -> Sentence:
    found = {}
    for locale, pattern in zip(_LOCALES, said, strict=True):
        found[locale] = pattern.format(
            **{
                name: text_in(part, locale) if isinstance(part, Mapping) else part
                for name, part in parts.items()
            }
        )
    return found

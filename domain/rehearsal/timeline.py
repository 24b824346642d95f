"""A failed case as a timeline: what happened, in words, and between it what was expected and what came."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from domain.engine.entries import Effect, Entry, Happening
from domain.rehearsal.runner import CaseResult, Failure, refusal_words

BEFORE, AFTER = 6, 2
"""How much of the journal is shown around a failed step."""

_LONG = 60
_BY_THEMSELVES = ("clock", "timer", "escalation", "approval")
_REQUESTS = {
    "open": "opens the ticket",
    "completetask": "complete a task",
    "addtask": "add a task",
    "canceltask": "cancel a task",
    "relink": "link",
    "handover": "hand over",
    "addapprover": "add an approver",
    "returnto": "return to a stage",
    "withdrawapproval": "withdraw",
}
"""What the journal calls a request, mostly a refused one, and what people say."""
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")


@dataclass(frozen=True, slots=True)
class Line:
    """One moment: when, what (each with its details below), where its rule stands; `wrong`: a failed expectation."""

    at: datetime | None
    text: str
    details: tuple[str, ...] = ()
    place: str = ""
    wrong: bool = False


Place = Callable[[int, str], str]
"""Step (from 0) and path below `expect` (or "") → where it stands, such as `incident.test.yaml:58`."""


def timeline(result: CaseResult, place: Place) -> list[Line]:
    """The failures of a case in their time, with the journal around them."""
    found: list[Line] = []
    shown = 0
    for index, failure in enumerate(result.failures):
        begin = max(shown, failure.seen - BEFORE)
        if begin > shown:
            found.append(Line(None, f"… {_entries(begin - shown)} earlier"))
        found += [entry_line(entry, result) for entry in result.journal[begin : failure.seen]]
        found.append(_failure(failure, place))
        shown = failure.seen
        if index == len(result.failures) - 1:
            found += [entry_line(entry, result) for entry in result.journal[shown : shown + AFTER]]
    return found


def _entries(number: int) -> str:
    return f"{number} entry" if number == 1 else f"{number} entries"


def _failure(failure: Failure, place: Place) -> Line:
    step = f"step {failure.step + 1}"
    if failure.reason:
        return Line(None, f"{step} cannot be played", (failure.reason,), place(failure.step, ""), wrong=True)
    width = max(len(one.what) for one in failure.differences)
    details: list[str] = []
    for one in failure.differences:
        details.append(f"{one.what:<{width}}  expected {one.expected}")
        details.append(f"{'':<{width}}  got      {one.got}")
    where = place(failure.step, failure.differences[0].what)
    return Line(failure.at, f"{step} is not as expected", tuple(details), where, wrong=True)


def entry_line(entry: Entry, result: CaseResult) -> Line:
    """One journal entry in words."""
    cause = entry.cause
    who = entry.actor or (cause.kind if cause.kind in _BY_THEMSELVES else "")
    name = _REQUESTS.get(cause.name, cause.name) if cause.kind == "command" else cause.name
    line = Line(entry.at, f"{who}: {name}" if who else name, (), cause.line)
    refused = refusal_words(entry)
    if refused is not None:
        return replace(line, text=f"{line.text}: refused", details=(refused,))
    details = [text for one in entry.happened for text in _words(one, result.zone)]
    details += [text for one in entry.effects for text in _effect(one, result.people)]
    return replace(line, details=tuple(details))


def _words(one: Happening, zone: ZoneInfo) -> Iterator[str]:
    name, detail = one.name, one.detail
    match one.what:
        case "moved" if "to" in detail:
            yield f"{detail['from']} → {detail['to']}"
        case "set":
            yield f"{name} = {_short(detail.get('new'), zone)}"
        case "commented":
            yield "reply" if detail.get("public") else "internal comment"
        case "clock" if detail.get("what") == "retargeted":
            calendar = f", calendar {detail['calendar']}" if detail.get("calendar") else ""
            yield f"clock {name}: target {detail.get('target') or 'none'}{calendar}"
        case "clock" | "escalation":
            step = f" {detail['step']}" if detail.get("what") == "stepped" else ""
            yield f"{one.what} {name} {detail.get('what')}{step}"
        case "approval":
            told = detail.get("people") or detail.get("person") or ""
            who = ", ".join(map(str, told)) if isinstance(told, list | tuple) else str(told)
            facts = [str(detail[key]) for key in ("stage", "answer", "state") if detail.get(key)]
            yield " ".join(
                [f"approval {name}", str(detail.get("what")).replace("_", " "), *facts, who]
            ).rstrip()
        case "task":
            error = f": {detail['error']}" if detail.get("error") else ""
            shown = detail.get("shown")
            values = shown.values() if isinstance(shown, dict) else ()
            what = ", ".join(_short(_untagged(value), zone) for value in values)
            called = f"{name} ({what})" if what else name
            yield f"{one.what} {called} {detail.get('what')}{error}"
        case "reached" if not detail.get("acted"):
            yield f"{name} {detail.get('threshold')} passed"
        case "breached":
            yield f"{name} missed its target"
        case "link_set":
            yield f"{name} {detail.get('ref')}: {detail.get('field')} = {_short(detail.get('new'), zone)}"
        case "picked":
            yield f"{detail.get('person') or 'nobody'} picked in {detail.get('team')}"
        case "timer" if not detail.get("fired"):
            yield "its condition does not hold"
        case "postponed":
            yield f"notification {name} waits until {_short(detail.get('until'), zone)}"
        case "parked" | "unavailable":
            yield f"{one.what} {name}: {detail.get('reason')}".replace(" :", ":")


def _effect(effect: Effect, people: Callable[[Iterable[str]], tuple[str, ...]]) -> Iterator[str]:
    reached = ", ".join(people(effect.to)) or "nobody"
    match effect.kind:
        case "page":
            yield f"pages {'one of ' if 'pick' in effect.data else ''}{reached}"
        case "notify":
            yield f"notifies {reached}: {effect.template}"
        case "tell":
            yield f"tells {effect.data.get('link')}: {effect.data.get('message')}"
        case "child_dropped":
            yield f"tells the ticket of {effect.data.get('task')} that nobody waits for it"
        case "create":
            yield f"creates a {effect.data.get('process')}"


def _untagged(value: object) -> object:
    """What a task is for, as its author knows it: an option, an id, the cells of a row."""
    if not isinstance(value, dict):
        return value
    row = value.get("$row")
    if isinstance(row, dict):
        return ", ".join(str(_untagged(cell)) for cell in row.values() if cell is not None)
    (inner,) = value.values()
    return inner[1] if isinstance(inner, list | tuple) else inner


def _short(value: object, zone: ZoneInfo) -> str:
    whole = isinstance(value, float) and value.is_integer()
    text = "nothing" if value is None else f"{value:.0f}" if whole else str(value)
    if _INSTANT.fullmatch(text):
        return f"{datetime.fromisoformat(text).astimezone(zone):%Y-%m-%d %H:%M:%S}".removesuffix(":00")
    return text if len(text) <= _LONG else text[: _LONG - 1] + "…"

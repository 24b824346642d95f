"""The parts of a ticket's page, put together from the desk's view: actions, fields, tasks, with their forms."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from desk.values import ActionView, FieldView, LinkedView, LinkView, TicketView
from domain.engine.ticket import Json
from domain.errors import Conflict, EngineFault, FieldError, FormInvalid, KeyReused, Refused, RevisionStale
from web.clocks import words_of
from web.forms import Asked, Pickers, Told, as_instant, ask
from web.texts import Texts
from web.visit import Visit

BUTTONS = 3
"""So many actions are buttons; the others stand under More."""

_IN_HEAD = ("title", "description", "priority")
_GROUPS = (
    ("people", ("person", "people", "team")),
    ("notes", ("note",)),
    ("times", ("datetime", "date")),
)
_NEXT = {"new": "active", "active": "done", "waiting": "active", "done": "closed"}


@dataclass(frozen=True, slots=True)
class Attempt:
    """A write that was refused: the panel it came from, what was typed, and why."""

    panel: str
    told: Told
    error: Refused | Conflict | EngineFault
    revision: int | None = None

    def said(self, texts: Texts) -> str:
        """The reason in words; mistakes of fields stand beside the fields."""
        match self.error:
            case FormInvalid():
                return ""
            case RevisionStale():
                return texts("error.stale")
            case KeyReused():
                return texts("error.key_reused")
            case Refused():
                return texts.of(self.error.text)
            case EngineFault():
                return texts("error.engine_fault")
        return texts("error.conflict")

    @property
    def errors(self) -> Sequence[FieldError]:
        return self.error.errors if isinstance(self.error, FormInvalid) else ()

    @property
    def stale(self) -> bool:
        return isinstance(self.error, RevisionStale)


@dataclass(frozen=True, slots=True)
class Panel:
    """An action with its form; `open` when it was just refused, `said` is why."""

    view: ActionView
    asked: Asked
    primary: bool = False
    open: bool = False
    said: str = ""


@dataclass(frozen=True, slots=True)
class FieldLine:
    """A field beside the timeline, with its form when this person may change it."""

    view: FieldView
    asked: Asked | None
    open: bool = False
    said: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Fields of one sort under a heading."""

    name: str
    lines: tuple[FieldLine, ...]


@dataclass(frozen=True, slots=True)
class TaskLine:
    """A task of the checklist."""

    name: str
    label: str
    state: str
    state_words: str
    due_at: datetime | None
    people: str
    error: str
    asked: Asked | None
    open: bool = False
    said: str = ""
    cancel: Asked | None = None  # for one that somebody added: the form that takes it back


@dataclass(frozen=True, slots=True)
class AddingTask:
    """The form that adds a task."""

    asked: Asked
    open: bool = False
    said: str = ""


@dataclass(frozen=True, slots=True)
class LinkedLine:
    """A linked ticket, with the form for what is known of it when this person may change that."""

    view: LinkedView
    asked: Asked | None
    open: bool = False
    said: str = ""


@dataclass(frozen=True, slots=True)
class LinkLine:
    """A link, with the tickets it leads to."""

    view: LinkView
    tickets: tuple[LinkedLine, ...]


class Sheet:
    """Builds the parts; one for each time the page is written."""

    def __init__(
        self, visit: Visit, view: TicketView, pickers: Pickers, attempt: Attempt | None = None
    ) -> None:
        self._visit = visit
        self._view = view
        self._pickers = pickers
        self._attempt = attempt
        self._known = {field.name: field.value for field in view.fields}
        self._beside = [self._line(one) for one in view.fields if one.name not in _IN_HEAD]

    def panels(self) -> tuple[list[Panel], list[Panel]]:
        """Buttons and the rest: what leads on comes first, then the definition's order."""
        likely = _NEXT.get(self._view.category, "")
        able = sorted(
            (one for one in self._view.actions if one.available),
            key=lambda one: (
                one.to_category != likely,
                bool(one.form) if one.to_category == likely else False,
            ),
        )
        unable = [one for one in self._view.actions if not one.available]
        drawn = [
            self._panel(one, primary=not place and one.to_category == likely)
            for place, one in enumerate(able)
        ]
        return drawn[:BUTTONS], drawn[BUTTONS:] + [self._panel(one) for one in unable]

    def field(self, name: str) -> FieldLine | None:
        """One field, such as the title in the head; None when it is hidden from this person."""
        view = next((one for one in self._view.fields if one.name == name), None)
        return self._line(view) if view else None

    def groups(self) -> list[Group]:
        """The fields that say something, by sort: what is no person, note or time is a detail."""
        filled = [one for one in self._beside if not _empty(one.view.value) or one.open]
        sorts = {kind: name for name, kinds in _GROUPS for kind in kinds}
        names = ("details", *(name for name, _ in _GROUPS))
        by_name = {
            name: [one for one in filled if sorts.get(one.view.type, "details") == name] for name in names
        }
        return [Group(name, tuple(lines)) for name, lines in by_name.items() if lines]

    def empties(self) -> list[FieldLine]:
        """The empty fields this person may fill in."""
        return [one for one in self._beside if one.asked and _empty(one.view.value) and not one.open]

    def form(self, fields: Sequence[FieldView], attempt: Attempt | None, scope: str) -> Asked:
        """A form for fields that belong to no action and no task."""
        return self._ask(fields, attempt, scope)

    def tasks(self) -> list[TaskLine]:
        """The checklist."""
        return [self._task(one) for one in self._view.tasks]

    def adding_task(self) -> AddingTask | None:
        """The form that adds a task; None when this person may not."""
        if not self._view.adding_task:
            return None
        attempt = self._of("add-task")
        asked = self._ask(self._view.adding_task, attempt, "add-task-")
        return AddingTask(asked, *_state(attempt, self._visit.texts))

    def links(self) -> list[LinkLine]:
        """The linked tickets."""
        return [
            LinkLine(link, tuple(self._linked(link, one) for one in link.tickets))
            for link in self._view.links
        ]

    def _linked(self, link: LinkView, linked: LinkedView) -> LinkedLine:
        fields = [one for one in linked.fields if one.editable]
        if not fields:
            return LinkedLine(linked, None)
        place = f"{link.name}-{linked.ref}"
        attempt = self._of(f"link-{place}")
        asked = self._ask(fields, attempt, f"link-{place}-")
        return LinkedLine(linked, asked, *_state(attempt, self._visit.texts))

    def _panel(self, action: ActionView, *, primary: bool = False) -> Panel:
        attempt = self._of(f"do-{action.name}")
        asked = self._ask(action.form, attempt, f"{action.name}-")
        return Panel(action, asked, primary, *_state(attempt, self._visit.texts))

    def _line(self, view: FieldView) -> FieldLine:
        if not view.editable:
            return FieldLine(view, None)
        attempt = self._of(f"edit-{view.name}")
        return FieldLine(view, self._ask((view,), attempt, "edit-"), *_state(attempt, self._visit.texts))

    def _task(self, task: dict[str, Json]) -> TaskLine:
        texts = self._visit.texts
        name, state = str(task["name"]), str(task["state"])
        attempt = self._of(f"task-{name}")
        form = task.get("form")
        fields = (
            tuple(one for one in form if isinstance(one, FieldView)) if isinstance(form, list | tuple) else ()
        )
        asked = self._ask(fields, attempt, f"task-{name}-") if task.get("may_complete") else None
        return TaskLine(
            name=name,
            label=words_of(task.get("label"), texts) or name,
            state=state,
            state_words=texts(f"task.{state}"),
            due_at=as_instant(task.get("due_at")),
            people=words_of(task.get("assignee_names") or task.get("assignees"), texts),
            error=str(task.get("error") or ""),
            asked=asked,
            open=attempt is not None,
            said=attempt.said(texts) if attempt else "",
            cancel=self._ask((), None, f"cancel-{name}-") if task.get("may_cancel") else None,
        )

    def _ask(self, fields: Sequence[FieldView], attempt: Attempt | None, scope: str) -> Asked:
        return ask(
            fields,
            self._visit.texts,
            self._visit.zone,
            pickers=self._pickers,
            told=attempt.told if attempt else None,
            errors=attempt.errors if attempt else (),
            known=self._known,
            revision=self._view.revision,
            scope=scope,
        )

    def _of(self, panel: str) -> Attempt | None:
        return self._attempt if self._attempt and self._attempt.panel == panel else None


def _state(attempt: Attempt | None, texts: Texts) -> tuple[bool, str]:
    return attempt is not None, attempt.said(texts) if attempt else ""


def _empty(value: Json) -> bool:
    return value is None or value == "" or value == []

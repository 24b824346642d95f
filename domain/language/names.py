"""The names a process knows: declared, built in, and the events it can wait for."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from domain.calendars import ALWAYS_NAME
from domain.language.builtin_fields import field_defs
from domain.language.models_actions import Effect
from domain.language.models_fields import FieldDef
from domain.language.models_process import CATEGORIES, Process
from domain.language.walker import parts
from domain.language.words import Selector
from domain.language.yaml_source import Node

BUILTIN_ROLES: dict[str, tuple[Selector, ...]] = {
    "requester": (Selector("field:requester"),),
    "assignee": (Selector("field:assignee"),),
    "everyone": (Selector("everyone"),),
    "paged": (Selector("paged"),),
    "task_people": (Selector("task_people"),),
}
"""`everyone` may sign in, `paged` was paged for the ticket, `task_people` are those a task is for, in its own actions.
These three cannot be declared."""

ADHOC = "adhoc"
"""What tasks are called that people add: `adhoc.1`, `adhoc.2` …"""

RESERVED_ROLES = ("everyone", "paged", "task_people")
STATE_WORDS = ("any", "open", *CATEGORIES)
EVENT_KINDS = (
    "created, updated, replied.requester, replied.agent, entered.…, left.…, done.…, changed.…, message.…, "
    "approval.…, task.…, tasks.done, tasks.failed, link.…, clock.…, escalation.…, raised.…"
)
APPROVAL_EVENTS = (
    "requested",
    "approved",
    "rejected",
    "timed_out",
    "voided",
    "withdrawn",
    "reopened",
    "returned",
)
CHECKS = ("conflicts", "freezes", "duplicates", "maintenance")


class Names:
    """All names of a process, those of parts that were not understood among them (from the nodes)."""

    def __init__(self, process: Process, root: Node) -> None:
        self._process = process
        self._root = root
        self.field_defs: dict[str, FieldDef] = field_defs(process)
        self.states = self._of("states")
        self.groups = self._of("groups")
        self.clocks = self._of("clocks")
        self.tasks = self._of("tasks")
        self.approvals = self._of("approvals")
        self.escalations = self._of("escalations")
        self.notifications = self._of("notifications")
        self.links = self._of("links")
        self.messages = self._of("messages")
        self.forms = self._of("forms")
        self.transitions = self._of("transitions")
        self.agreements = self._of("agreements")
        self.calendars = (*self._of("calendars"), ALWAYS_NAME)
        self.roles = tuple(dict.fromkeys((*self._of("roles"), *BUILTIN_ROLES)))
        self.fields = tuple(dict.fromkeys((*self.field_defs, *self._of("fields"))))
        self.levels = tuple(process.priority.levels) if process.priority else ()

    def _of(self, section: str) -> tuple[str, ...]:
        node = self._root.value.get(section)
        return tuple(node.value) if node is not None and isinstance(node.value, dict) else ()

    @cached_property
    def events(self) -> tuple[str, ...]:
        """Every event that a transition or a clock can name in `when`."""
        return tuple(self._events())

    def _events(self) -> Iterator[str]:
        yield from (
            "created",
            "replied",
            "replied.requester",
            "replied.agent",
            "updated",
            "tasks.done",
            "tasks.failed",
        )
        for name in dict.fromkeys((*self.states, *self.groups, *STATE_WORDS)):
            yield from (f"entered.{name}", f"left.{name}")
        several = {
            "done": (self.transitions, ("",)),
            "changed": ((*self.fields, *(("risk",) if self._process.risk else ())), ("",)),
            "message": (self.messages, ("",)),
            "raised": (self.raised, ("",)),
            "task": (
                (*self.tasks, *((ADHOC,) if self._process.adhoc_tasks is not None else ())),
                (".opened", ".done", ".failed", ".skipped", ".overdue"),
            ),
            "link": (
                self.links,
                (".added", ".removed", ".changed", ".reopened", *(f".entered.{one}" for one in CATEGORIES)),
            ),
            "clock": (self.clocks, (".breached",)),
            "escalation": (self.escalations, (".exhausted",)),
        }
        for kind, (names, endings) in several.items():
            yield from (f"{kind}.{name}{ending}" for name in names for ending in endings)
        lists = [name for name, task in self._process.tasks.items() if task.for_each is not None]
        yield from (f"task.{name}.one_done" for name in lists)
        for name in self.approvals:
            yield from (f"approval.{name}.{what}" for what in (*APPROVAL_EVENTS, *self.answers_of(name)))

    def answers_of(self, approval: str) -> tuple[str, ...]:
        """Answers that end an approval by a name of their own."""
        node = self._root.value["approvals"].value[approval]
        return tuple(dict.fromkeys(_answers_in(node)))

    @property
    def raised(self) -> tuple[str, ...]:
        """What actions `raise`."""
        effects = (part for _, part in parts(self._process) if isinstance(part, Effect))
        return tuple(dict.fromkeys(str(effect.raise_) for effect in effects if effect.raise_))


def _answers_in(node: Node) -> Iterator[str]:
    """The names under `answers` anywhere in an approval."""
    value = node.value
    if isinstance(value, dict):
        for key, child in value.items():
            if key == "answers" and isinstance(child.value, dict):
                yield from (name for name in child.value if name not in ("approve", "reject", "abstain"))
            else:
                yield from _answers_in(child)
    elif isinstance(value, list):
        for child in value:
            yield from _answers_in(child)


def zone_of(process: Process) -> str:
    """The time zone in which expressions read days: the process's own, else that of its first calendar."""
    if process.time_zone is not None:
        return process.time_zone
    return next((calendar.time_zone for calendar in process.calendars.values()), "UTC")

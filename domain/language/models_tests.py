"""Test files: the people and services of a little world, and cases that play in it."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field
from pydantic_core import PydanticCustomError

from domain.language.shorthand import TEXT, TEXTS, Shorthand
from domain.language.words import Bool, Dur, Json, Many, Model, show

JsonMap = dict[str, Json]
Names = Annotated[tuple[str, ...], Many]


class Delegation(Model):
    """Who decides in somebody's place, and from when to when."""

    to: str
    from_: str | None = None
    until: str | None = None


class Person(Model):
    """A person of the world."""

    name: str | None = None
    roles: Names = ()
    teams: Names = ()
    manager: str | None = None
    vip: Bool = False
    away: Bool = False
    delegates: tuple[Delegation, ...] = ()
    locale: str = "en"


class World(Model):
    """What is given: people, who is on call, services, and what calls to the outside answer."""

    time_zone: str = "UTC"
    people: dict[str, Person] = Field(default_factory=dict)
    on_call: dict[str, str] = Field(default_factory=dict)
    leads: dict[str, str] = Field(default_factory=dict)
    groups: dict[str, Names] = Field(default_factory=dict)
    services: dict[str, JsonMap] = Field(default_factory=dict)
    assets: dict[str, JsonMap] = Field(default_factory=dict)
    tickets: dict[str, JsonMap] = Field(
        default_factory=dict, description="Other tickets by number: their process, category and fields."
    )
    http: JsonMap = Field(default_factory=dict)
    scripts: JsonMap = Field(default_factory=dict)
    checks: JsonMap = Field(default_factory=dict)


class Answers(Model):
    """What the outside answers in one case, instead of what the file says for all."""

    http: JsonMap = Field(default_factory=dict)
    scripts: JsonMap = Field(default_factory=dict)
    checks: JsonMap = Field(default_factory=dict)

    def over(self, world: World) -> World:
        """The world with these answers in it."""
        changed = {name: {**getattr(world, name), **getattr(self, name)} for name in Answers.model_fields}
        return world.model_copy(update=changed)


def _notified(value: Any) -> Any:
    return {value: None} if isinstance(value, str) else value


Notified = Annotated[dict[str, Annotated[tuple[str, ...] | None, Many]], Shorthand(_notified, TEXT)]
"""A notification, with the people it reached where that matters: `received`, `{received: alice}`."""


class ExpectComment(Model):
    """A comment that a rule writes: a part of its text, and whether only those who work on the ticket read it."""

    text: str
    internal: Bool | None = None


class ExpectTask(Model):
    """A task: its state, and when it is due."""

    state: str | None = None
    due: str | None = None
    outcome: str | None = None


def _linked(value: Any) -> Any:
    found = [value] if isinstance(value, str) else value
    return {ref: {} for ref in found} if isinstance(found, list) else found


Linked = Annotated[dict[str, JsonMap], Shorthand(_linked, TEXT, TEXTS)]
"""Linked tickets by number, with what is known of each here; a list says only which they are."""


def _commented(value: Any) -> Any:
    return {"text": value} if isinstance(value, str) else value


def _task(value: Any) -> Any:
    return {"state": value} if isinstance(value, str) else value


TASK_STATES = (
    "waiting",
    "pending",
    "open",
    "running",
    "done",
    "failed",
    "skipped",
    "cancelled",
    "not started",
)
"""What a case calls the states of a task; `waiting` is another word for `pending`."""


class Expect(Model):
    """What must hold after a step; what is not named is not looked at."""

    state: str | None = None
    fields: JsonMap = Field(default_factory=dict)
    paged: tuple[JsonMap, ...] | None = None
    notified: tuple[Notified, ...] | None = None
    not_paged: Names | None = None
    reminded: Names | None = Field(
        None, description="Exactly who was reminded of an approval or a task since the last look."
    )
    postponed: dict[str, str | None] | None = Field(
        None, description="What waits for the end of quiet hours, and until when."
    )
    refused: str | None = None
    waiting_for: Names | None = None
    commented: Annotated[tuple[Annotated[ExpectComment, Shorthand(_commented, TEXT)], ...] | None, Many] = (
        None
    )
    tasks: dict[str, Annotated[ExpectTask, Shorthand(_task, TEXT)]] = Field(default_factory=dict)
    approval: dict[str, str] = Field(default_factory=dict)
    clocks: dict[str, JsonMap] = Field(default_factory=dict)
    may: dict[str, Names] | None = None
    links: dict[str, Linked] = Field(
        default_factory=dict,
        description="Links, with exactly the tickets they lead to; `{number: {field: value}}` also says what of them.",
    )
    created: tuple[JsonMap, ...] | None = None
    told: tuple[JsonMap, ...] | None = None
    if_: str | None = None


VOTES = ("approve", "reject", "abstain", "answer")
ON_APPROVALS = (*VOTES, "add_approver", "hand_over", "delegate", "return_to", "withdraw")
ON_TASKS = ("complete", "fail", "add_task", "cancel_task")
ON_LINKS = ("link", "unlink", "news")
ACTIONS = ("create", "do", "reply", "edit", *ON_APPROVALS, *ON_TASKS, "message", *ON_LINKS, "migrate")


class Moving(Model):
    """The ticket moves from the version it was opened with to the one under test."""

    leave_behind: Bool = Field(False, description="It moves although something of it has no place there.")


def _moving(value: Any) -> Any:
    if value is True or isinstance(value, dict):
        return {} if value is True else value
    message = "{shown} says nothing here; write `migrate: true`, or `migrate: {example}`"
    raise PydanticCustomError("migrate", message, {"shown": show(value), "example": "{leave_behind: true}"})


class Step(Model):
    """Time passes or somebody does something; then something is expected."""

    at: str | None = None
    wait: Dur | None = None
    as_: str | None = None
    create: JsonMap | None = None
    do: str | None = None
    with_: JsonMap = Field(default_factory=dict)
    reply: str | None = None
    edit: JsonMap | None = None
    approve: str | None = Field(None, description="The approval. `with`: comment, stage, fields of the form.")
    reject: str | None = None
    abstain: str | None = Field(None, description="The approval.")
    answer: str | None = Field(None, description="The approval. `with`: answer, comment, stage, fields.")
    add_approver: str | None = Field(None, description="The approval. `with`: person, stage, comment.")
    hand_over: str | None = Field(None, description="The approval. `with`: to, person, stage, comment.")
    delegate: str | None = Field(None, description="The approval. `with`: to, from, until, person, stage.")
    return_to: str | None = Field(None, description="The approval. `with`: stage, comment.")
    withdraw: str | None = Field(None, description="The approval. `with`: comment.")
    complete: str | None = None
    fail: str | None = None
    add_task: str | None = Field(
        None, description="Its title. `with`: assignee, team, due, fields of the form."
    )
    cancel_task: str | None = Field(None, description="A task that was added: `adhoc.1`.")
    message: str | None = None
    link: str | None = Field(
        None, description="The link. `with`: ticket, the number of the other; fields of the link."
    )
    unlink: str | None = Field(None, description="The link. `with`: ticket; the last one without it.")
    news: str | None = Field(
        None, description="The link over which a ticket tells of itself. `with`: category, fields it shows."
    )
    migrate: Annotated[Moving | None, Shorthand(_moving, {"const": True})] = Field(
        None,
        description="With `true` the ticket moves from the version it was opened with to the one under test.",
    )
    expect: Expect | None = None


class Case(Model):
    """One story on a virtual clock."""

    name: str
    starts: str | None = None
    opened_with: str | None = Field(
        None, description="The file of an older version: the ticket is one of that, until `migrate`."
    )
    given: Answers = Field(
        Answers(), description="What the outside answers in this case, instead of what the file says for all."
    )
    steps: tuple[Step, ...]


class TestsFile(Model):
    """A file of test cases for one process."""

    __test__: ClassVar[bool] = False  # pytest: this is not a test class

    kind: Literal["tests"]
    lang: Literal[1]
    process: str
    given: World = World()
    cases: tuple[Case, ...]

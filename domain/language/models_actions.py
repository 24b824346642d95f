"""Actions: one verb each, with what it acts on."""

from __future__ import annotations

from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import Field
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import PydanticCustomError

from domain.language.models_time import AnyCalendar
from domain.language.shorthand import TEXT, TEXTS, Shorthand
from domain.language.suggest import did_you_mean
from domain.language.words import (
    TEXT_SHAPE,
    ApprovalRef,
    Bool,
    Cond,
    EscalationRef,
    Expr,
    Ident,
    Int,
    Json,
    LinkRef,
    Many,
    MessageRef,
    Model,
    ProcessRef,
    Selector,
    Selectors,
    SourceRef,
    StateRef,
    TaskRef,
    TemplateRef,
    Text,
    Tmpl,
    show,
)

Pick = Literal["least_loaded", "round_robin", "on_call"]


def _only(name: str, *also: JsonSchemaValue) -> Shorthand:
    """A plain text or list stands for the model with only this key."""
    return Shorthand(lambda value: {name: value} if isinstance(value, str | list) else value, *also)


class Notify(Model):
    """Send a notification; `to` replaces the notification's own receivers."""

    template: TemplateRef
    to: Selectors | None = None
    calendar: AnyCalendar | None = Field(None, description="When it may be sent, instead of its own.")


def _channels(value: Any) -> Any:
    return {"else": value} if isinstance(value, str | list) else value


Channels = Annotated[dict[str, Annotated[tuple[str, ...], Many]], Shorthand(_channels, TEXT, TEXTS)]
"""Channels of a page by priority, `else` for the others."""


class Page(Model):
    """Call people who must act now."""

    who: Selectors
    message: Text | None = None
    channels: Channels | None = None


class Assign(Model):
    """Give the ticket to a team, a person, or whoever is picked in the team."""

    team: Tmpl | None = None
    person: Selector | None = None
    pick: Pick | None = None
    skills: Expr | None = None


class Comment(Model):
    """Write a comment."""

    text: Text
    internal: Bool = False


class CreateTicket(Model):
    """Open a ticket of another process and link it."""

    process: ProcessRef
    link: LinkRef
    fields: dict[str, Json] = Field(default_factory=dict)


class Convert(CreateTicket):
    """Go on as a ticket of another process: that is opened and linked, and this one ends."""

    to: StateRef
    keep: Annotated[tuple[Literal["comments"], ...], Many] = ()
    clocks: dict[str, Ident] = Field(default_factory=dict)


class Escalate(Model):
    """Start an escalation, or go on with one that runs."""

    chain: EscalationRef | None = None
    by: Expr | None = Field(
        None,
        description="An expression that names it, such as the service's own; `chain` where it gives none.",
    )
    from_: Int = Field(1, description="The step it starts at, 1 for the first.")
    next: Bool = Field(False, description="When it runs already: go to its next step now.")


class LinkTickets(Model):
    """Link the tickets that another link names, or whoever sent the message; say something of linked tickets."""

    link: LinkRef
    from_: SourceRef | None = None
    where: Cond | None = Field(None, description="Only those for which this holds; it reads `linked`.")
    fields: dict[str, Json] = Field(
        default_factory=dict, description="Values of the fields of the link; their {{ }} may read `linked`."
    )


class Unlink(Model):
    """Let go of linked tickets."""

    link: LinkRef
    where: Cond | None = Field(None, description="Only those for which this holds; it reads `linked`.")


class MoveLinks(Model):
    """Hand linked tickets to the ticket that another link names."""

    link: LinkRef
    to: LinkRef


class Tell(Model):
    """Send a message to linked tickets."""

    link: LinkRef
    where: Cond | None = Field(None, description="Only those for which this holds; it reads `linked`.")
    message: MessageRef
    with_: dict[str, Json] = Field(default_factory=dict)


def _comment(value: Any) -> Any:
    if isinstance(value, str) or (isinstance(value, dict) and not value.keys() & Comment.model_fields.keys()):
        return {"text": value}
    return value


def _assign(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    return {"team": value.removeprefix("team:")} if value.startswith("team:") else {"person": value}


OPENS = frozenset({"create", "convert"})
"""The verbs that open a ticket of another process."""

VERBS = (
    "set",
    "notify",
    "page",
    "escalate",
    "stand_down",
    "assign",
    "comment",
    "run",
    "request_approval",
    "create",
    "convert",
    "tell",
    "link",
    "unlink",
    "move_links",
    "raise",
)


def _one_verb(value: Any) -> Any:
    if not isinstance(value, dict):
        raise PydanticCustomError(
            "action", "{shown} is not an action; write for example `notify: received`", {"shown": show(value)}
        )
    verbs = [name for name in value if name in VERBS]
    if len(verbs) > 1:
        message = "one action has several verbs ({verbs}); start a new list item for each"
        raise PydanticCustomError("action", message, {"verbs": ", ".join(verbs)})
    if not verbs:
        others = [name for name in value if name != "if"]
        if not others:
            raise PydanticCustomError(
                "action", "the action has no verb; one of: {verbs}", {"verbs": ", ".join(VERBS)}
            )
        raise PydanticCustomError(
            "action",
            'unknown verb "{verb}"{hint}',
            {"verb": others[0], "hint": did_you_mean(others[0], VERBS) or "; one of: " + ", ".join(VERBS)},
        )
    if value[verbs[0]] is None:
        raise PydanticCustomError("action", "`{verb}` has no value", {"verb": verbs[0]})
    return value


class _Effect(Model):
    set: dict[str, Json] | None = None
    notify: Annotated[Notify | None, _only("template", TEXT)] = None
    page: Annotated[Page | None, _only("who", TEXT, TEXTS)] = None
    escalate: Annotated[Escalate | None, _only("chain", TEXT)] = None
    stand_down: EscalationRef | None = None
    assign: Annotated[Assign | None, Shorthand(_assign, TEXT)] = None
    comment: Annotated[Comment | None, Shorthand(_comment, TEXT_SHAPE)] = None
    run: Annotated[tuple[TaskRef, ...] | None, Many] = None
    request_approval: ApprovalRef | None = None
    create: CreateTicket | None = None
    convert: Convert | None = None
    tell: Tell | None = None
    link: LinkTickets | None = None
    unlink: Annotated[Unlink | None, _only("link", TEXT)] = None
    move_links: MoveLinks | None = None
    raise_: Ident | None = None
    if_: Cond | None = Field(None, description="Do it only when this holds.")


class Effect(_Effect):
    """One action: exactly one verb, with an optional `if`."""

    @cached_property
    def verb(self) -> str:
        """The verb, as written in YAML."""
        return next(
            name for name in VERBS if name in self.model_fields_set or f"{name}_" in self.model_fields_set
        )

    @cached_property
    def argument(self) -> Any:
        """What the verb acts on: a model, a mapping (set), a tuple (run) or a string."""
        return getattr(self, "raise_" if self.verb == "raise" else self.verb)


Effects = tuple[Annotated[Effect, Shorthand(_one_verb)], ...]

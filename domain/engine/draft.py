"""The draft of one step: a ticket being changed, what happened so far, what the outside is asked to do."""

# Over 400 lines: whatever a step reads or changes of a ticket goes through this one object.

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, Literal

from domain.engine.entries import Cause, Effect, Entry, Happening, Outcome, Refusal
from domain.engine.events import SYSTEM, Actor, Facts
from domain.engine.findings import checks_scope
from domain.engine.following import followed
from domain.engine.people import is_among, lower
from domain.engine.plan import Plan, plan_of
from domain.engine.scope import ActorScope, Before, build_scope, tasks_scope, typed_value
from domain.engine.serialise import patch_between
from domain.engine.tables import tables_scope
from domain.engine.ticket import (
    Approval,
    Chain,
    Clock,
    Hashes,
    Held,
    Json,
    Link,
    Parent,
    Postponed,
    StateTimer,
    Task,
    Ticket,
)
from domain.engine.values import in_locale, instant_json, plain_text, tagged, things_in, things_of
from domain.language.definition import Definition
from domain.local_time import midnight, zone_named

LATE = timedelta(seconds=60)
"""From here on something is late: it is marked so, and gives people time from when it was really handled."""

MOST_INTERNAL_EVENTS = 200
"""More within one step means rules that feed each other: the ticket is parked for an operator."""


@dataclass(frozen=True, slots=True)
class Internal:
    """An event raised inside a step."""

    name: str
    data: Mapping[str, object]


@dataclass(slots=True)
class _Wanted:
    """An effect whose values are taken when the step is complete."""

    effect: Effect
    sources: tuple[str, ...]  # {{ }} parts to evaluate
    event: Mapping[str, object] | None
    texts_in_data: dict[str, str]
    bound: Mapping[str, object]


@dataclass(slots=True)
class Draft:
    """Mutable while a step runs; `close` ends it. Values inside (clocks, tasks …) are replaced, never changed.

    A draft that is thrown away leaves the ticket as it was: that is how a refusal changes nothing.
    """

    definition: Definition
    ticket: Ticket
    at: datetime
    handled_at: datetime
    cause: Cause
    facts: Facts
    before: Definition | None = None  # what `old` is read by while a ticket moves to another version
    plan: Plan = field(init=False)
    hashes: Hashes = field(init=False)
    state: str = field(init=False)
    fields: dict[str, Json] = field(init=False)
    known: dict[str, dict[str, Json]] = field(init=False)
    clocks: dict[str, Clock] = field(init=False)
    timers: dict[str, StateTimer] = field(init=False)
    chains: dict[str, Chain] = field(init=False)
    tasks: dict[str, Task] = field(init=False)
    approvals: dict[str, Approval] = field(init=False)
    links: dict[str, tuple[Link, ...]] = field(init=False)
    overridden: set[str] = field(init=False)
    unheard: set[str] = field(
        init=False, default_factory=set
    )  # linked in this step: they know nothing of it yet
    agreement: str = field(init=False)
    priority_because: tuple[str, ...] = field(init=False)
    entered_at: datetime = field(init=False)
    tasks_settled: bool = field(init=False)
    held: Held | None = field(init=False)
    parent: Parent | None = field(init=False)
    postponed: tuple[Postponed, ...] = field(init=False)
    converting: str = field(init=False)
    parked: str = field(init=False)
    queue: deque[Internal] = field(init=False, default_factory=deque)
    seen_by_clocks: set[str] = field(init=False, default_factory=set)
    happened: list[Happening] = field(init=False, default_factory=list)
    event: Mapping[str, object] | None = field(init=False, default=None)
    bound: Mapping[str, object] = field(
        init=False, default_factory=dict
    )  # the element a task is for (each.py)
    task_people: tuple[str, ...] = field(init=False, default=())  # `task_people` in a task's own actions
    raised: int = field(init=False, default=0)
    passed_over: set[str] = field(init=False, default_factory=set)  # chains begun with no step to take
    stale: bool = field(init=False)  # something changed since what follows from the fields was derived
    derived: bool = field(init=False, default=False)  # what follows from the fields was derived in this step
    _wanted: list[_Wanted] = field(init=False, default_factory=list)
    _later: list[tuple[_Wanted, Postponed]] = field(init=False, default_factory=list)
    _roles: frozenset[str] | None = field(init=False, default=None)
    _scope: dict[str, Any] = field(init=False)

    def __post_init__(self) -> None:
        ticket = self.ticket
        self.at = self.at.astimezone(UTC)  # arithmetic in any other zone would add wall time
        self.handled_at = self.handled_at.astimezone(UTC)
        self.plan = plan_of(self.definition)
        self.stale = bool(self.plan.computed)  # these may read the time too
        self.hashes = ticket.hashes
        self.state = ticket.state
        self.fields = dict(ticket.fields)
        self.known = dict(ticket.known)
        self.clocks = dict(ticket.clocks)
        self.timers = dict(ticket.timers)
        self.chains = dict(ticket.chains)
        self.tasks = dict(ticket.tasks)
        self.approvals = dict(ticket.approvals)
        self.links = dict(ticket.links)
        self.overridden = set(ticket.overridden)
        self.agreement = ticket.agreement
        self.priority_because = ticket.priority_because
        self.entered_at = ticket.entered_at
        self.tasks_settled = ticket.tasks_settled
        self.held = ticket.held
        self.parent = ticket.parent
        self.postponed = ticket.postponed
        self.converting = ticket.converting
        self.parked = ticket.parked
        actor = ActorScope(self.actor, _there(self.facts), self.roles) if self.actor.id else None
        self._scope = build_scope(self, actor, checks_scope(self.facts.checks))
        self._scope["old"] = Before(self.before or self.definition, ticket)
        if self.plan.tables:
            self._scope["table"] = tables_scope(self, self.plan.tables)

    # ---- reading

    @property
    def actor(self) -> Actor:
        """Who acts; the system for timers and results."""
        return self.facts.actor

    @property
    def gives_from(self) -> datetime:
        """From when people are given time: the due time, or, when this step is late, when it is handled."""
        return self.handled_at if self.handled_at - self.at > LATE else self.at

    @property
    def category(self) -> str:
        """The category of the present state."""
        return str(self.definition.process.states[self.state].category)

    def built_in(self, name: str) -> object:
        """Members of `ticket` that are not fields."""
        match name:
            case "id":
                return self.ticket.id
            case "ref":
                return self.ticket.ref
            case "process":
                return self.ticket.process
            case "state":
                return self.state
            case "entered_at":
                return self.entered_at
            case "opened_at":
                return self.ticket.opened_at
            case "agreement":
                return self.agreement or None
            case _:
                return None

    def roles(self) -> frozenset[str]:
        """The roles of the definition that the actor fills for this ticket as it is now."""
        if self._roles is None:
            self._roles = frozenset(
                role
                for role, selectors in self.definition.roles.items()
                if is_among(self.actor, lower(self.definition, selectors, self.fields, self.known))
            )
        return self._roles

    def forget_roles(self) -> None:
        """Roles are looked at again after people or fields changed."""
        self._roles = None

    def scope(self, extra: Mapping[str, object] | None = None) -> dict[str, Any]:
        """What expressions see at this point of the step."""
        self._scope["event"] = self.event
        if self.plan.counts_tasks:
            self._scope["tasks"] = tasks_scope(self)
        if self.bound:
            return {**self._scope, **self.bound, **(extra or {})}
        return {**self._scope, **extra} if extra else self._scope

    def holds(self, condition: str | None, extra: Mapping[str, object] | None = None) -> bool:
        """Whether a condition holds; no condition always does."""
        return condition is None or self.definition.expression(condition)(self.scope(extra)) is True

    def value_of(self, expression: str, extra: Mapping[str, object] | None = None) -> object:
        """The typed value of an expression."""
        return self.definition.expression(expression)(self.scope(extra))

    def text_value(self, text: str) -> object:
        """The value of a text with {{ }} parts: typed when it is one part and nothing else."""
        return self.definition.template(text).value(self.scope(), plain_text)

    def sentence(self, written: Mapping[str, str] | None) -> dict[str, str]:
        """An owner's sentence by locale, its values filled in; empty when none is written."""
        texts = {}
        for locale, text in (written or {}).items():
            template = self.definition.template(text)
            shown = [in_locale(value, locale) for value in template.values(self.scope())]
            rendered = template.render(shown, plain_text)
            texts["en" if locale == "*" else locale] = rendered
        return texts

    def moment_of(self, expression: str) -> datetime | None:
        """The instant an expression names; a date means its beginning where the process reads days."""
        value = self.value_of(expression)
        if isinstance(value, datetime):
            return value.astimezone(UTC) if value.tzinfo else None
        return midnight(value, zone_named(self.definition.zone)) if isinstance(value, date) else None

    def typed(self, name: str, value: Json) -> object:
        """A value of a field as expressions see it."""
        declared = self.definition.fields.get(name)
        return value if declared is None or value is None else typed_value(declared, value, self.known)

    def listens(self, event: str) -> bool:
        """Whether any rule reacts to this event."""
        return event in self.plan.listened

    # ---- writing

    def learn(self, name: str, value: Json) -> None:
        """Keep the attributes of what a field is being set to, as far as they came with this step."""
        declared = self.plan.references.get(name)
        if declared is not None:
            self.learn_of(things_of(declared, value))

    def learn_of(self, things: Iterable[str]) -> None:
        """Keep the attributes of these, by "kind:id", as far as they came with this step, and of what they lead to."""
        if self.plan.follows:
            things = {**dict.fromkeys(things), **followed(things, self.plan.follows, self._attributes)}
        for thing in things:
            attributes = self.facts.things.get(thing)
            if attributes is not None and self.known.get(thing) != attributes:
                self.known[thing] = attributes
                self.stale = True
                self.forget_roles()

    def note(self, what: str, name: str = "", /, **detail: Json) -> None:
        """Say what happened."""
        self.happened.append(Happening(what, name, detail))

    def announce(self, name: str, /, **data: object) -> None:
        """Raise an internal event; it is handled after what raised it. What no rule listens to is dropped."""
        if name in self.plan.listened:
            self.queue.append(Internal(name, {"name": name, **data}))

    def ask_outside(
        self,
        kind: str,
        why: str,
        *,
        to: tuple[str, ...] = (),
        channels: tuple[str, ...] = (),
        template: str = "",
        texts: Mapping[str, str] | None = None,
        data: dict[str, Json] | None = None,
        texts_in_data: Mapping[str, str] | None = None,
    ) -> None:
        """Ask for an effect. `texts_in_data` are rendered into `data` as plain text when the step is complete."""
        effect = Effect(
            index=len(self._wanted),
            kind=kind,
            to=to,
            channels=channels,
            template=template,
            texts=dict(texts or {}),
            data=dict(data or {}),
            why=why,
            line=self.definition.line(why),
        )
        sources = self._sources(effect)
        self._wanted.append(_Wanted(effect, sources, self.event, dict(texts_in_data or {}), self.bound))
        self.note("effect", kind, index=effect.index)

    def send(self, effect: Effect) -> None:
        """Ask for an effect whose values were taken when it was decided."""
        effect = replace(effect, index=len(self._wanted), line=self.definition.line(effect.why))
        self._wanted.append(_Wanted(effect, (), None, {}, {}))
        self.note("effect", effect.kind, index=effect.index)

    def postpone(self, one: Postponed) -> None:
        """Keep a notification until its calendar opens; its values are taken when this step is complete."""
        effect = Effect(0, "notify", template=one.template)
        wanted = _Wanted(effect, self._sources(effect), self.event, {}, self.bound)
        self._later.append((wanted, one))
        self.note("postponed", one.template, until=instant_json(one.due_at))

    def _sources(self, effect: Effect) -> tuple[str, ...]:
        written = list(effect.texts.values())
        if effect.template:
            notification = self.definition.process.notifications[effect.template]
            written += [*notification.subject.values(), *notification.body.values()]
        return tuple(
            dict.fromkeys(source for text in written for source in self.definition.template(text).sources)
        )

    def _introducing(self, effect: Effect) -> Effect:
        """A link carries what the other end knows of this ticket: how it is when the step is complete."""
        data = dict(effect.data)
        shows = data.pop("shows")
        names = [str(name) for name in shows] if isinstance(shows, list) else []
        shown = {name: self.fields[name] for name in names if self.fields.get(name) is not None}
        by, linked = data.pop("by"), data["tickets"]
        for link in self.links.get(str(by), ()):
            if isinstance(linked, list) and link.ticket in linked:  # one at a time, see links.py
                shown |= link.fields
        return replace(effect, data={**data, "category": self.category, "values": shown})

    def _complete(self, wanted: _Wanted) -> Effect:
        """Take the values of an effect's texts from the finished step. The effect is this draft's own, so they are put
        into it as it is.
        """
        effect = wanted.effect
        if "shows" in effect.data:
            return self._introducing(effect)
        if not wanted.sources and not wanted.texts_in_data:
            return effect
        before, self.event, self.bound = self.event, wanted.event, wanted.bound
        scope = self.scope()
        for source in wanted.sources:
            effect.values[source] = tagged(self.definition.expression(source)(scope))
        for name, text in wanted.texts_in_data.items():
            effect.data[name] = tagged(self.text_value(text))
        self.event, self.bound = before, {}
        return effect

    # ---- closing

    def close(
        self,
        *,
        command: int | None = None,
        result: Literal["done", "refused", "faulted"] = "done",
        refusal: Refusal | None = None,
    ) -> Outcome:
        """The ticket after this step, and the one entry that leads to it."""
        old = self.ticket
        effects = tuple(self._complete(wanted) for wanted in self._wanted)
        kept = [replace(one, values=self._complete(wanted).values) for wanted, one in self._later]
        changed = (
            self.state != old.state or self.fields != old.fields or self.hashes != old.hashes or old.seq == 0
        )
        late = (self.handled_at - self.at).total_seconds()
        new = replace(
            old,
            hashes=self.hashes,
            state=self.state,
            entered_at=self.entered_at,
            fields=self.fields,
            overridden=tuple(sorted(self.overridden)),
            known=self._known_now(),
            agreement=self.agreement,
            priority_because=self.priority_because,
            clocks=self.clocks,
            timers=self.timers,
            chains=self.chains,
            tasks=self.tasks,
            approvals=self.approvals,
            links=self.links,
            tasks_settled=self.tasks_settled,
            held=self.held,
            parent=self.parent,
            postponed=(*self.postponed, *kept),
            converting=self.converting,
            parked=self.parked,
            revision=old.revision + changed,
            seq=old.seq + 1,
            handled=old.handled if command is None else command,
            last_at=max(old.last_at, self.at),
        )
        entry = Entry(
            seq=new.seq,
            at=new.last_at,
            handled_at=self.handled_at,
            cause=self.cause,
            revision=new.revision,
            result=result,
            actor=self.actor.id,
            command=command,
            happened=tuple(self.happened),
            effects=effects,
            patch=patch_between(old if old.seq else None, new),
            refusal=refusal,
            late_by=late if late > LATE.total_seconds() else 0.0,
        )
        return Outcome(new, (entry,))

    def _known_now(self) -> dict[str, dict[str, Json]]:
        """The attributes of what the fields refer to now; the rest is forgotten."""
        if not self.known:
            return {}
        referred = {
            thing
            for name, declared in self.plan.references.items()
            for thing in things_of(declared, self.fields.get(name))
        }
        referred |= {
            thing
            for link, name, kind in self.plan.link_references
            for one in self.links.get(link, ())
            for thing in things_in(kind, one.fields.get(name))
        }
        if self.plan.follows:
            referred |= followed(referred, self.plan.follows, self.known.get).keys()
        return {thing: known for thing, known in self.known.items() if thing in referred}

    def _attributes(self, thing: str) -> dict[str, Json] | None:
        return self.facts.things.get(thing) or self.known.get(thing)


def _there(facts: Facts) -> dict[str, dict[str, Json]]:
    return {thing: attributes for thing, attributes in facts.things.items() if attributes is not None}


SYSTEM_FACTS = Facts(actor=SYSTEM)

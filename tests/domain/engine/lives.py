"""Random lives of tickets: things that happen to one, and what must always hold."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from random import Random

from hypothesis import strategies as st

from domain.engine.advance import advance, next_deadline
from domain.engine.approvals import waiting_for
from domain.engine.clock_time import elapsed_of
from domain.engine.entries import Effect, Entry
from domain.engine.events import (
    Actor,
    Comment,
    Edit,
    Message,
    Move,
    Picked,
    Request,
    TaskFinished,
)
from domain.engine.serialise import ticket_from_json, ticket_to_json
from domain.engine.task_rules import find_rule
from domain.engine.ticket import Json
from domain.errors import Refused
from domain.language.definition import Definition
from domain.language.models import FieldDef
from tests.builders import Story
from tests.domain.engine import approval_lives, task_lives

PEOPLE = {
    "ann": Actor("ann"),
    "bob": Actor("bob", teams=("service-desk", "network-l2", "desk")),
    "liu": Actor("liu", teams=("network-l2",), leads=("network-l2",), paged=True),
    "mia": Actor(
        "mia", groups=("incident-managers", "service-desk-leads"), on_call=("duty-manager",), vip=True
    ),
}
THINGS: dict[str, dict[str, Json] | None] = {
    "service:vpn": {"id": "vpn", "tier": "gold", "critical": True, "team": "network-l2", "owner": "olga"},
    "service:shop": {"id": "shop", "tier": "platinum", "customer_facing": True, "team": "shop-l2"},
    "person:mia": {"id": "mia", "vip": True},
    **{f"team:{team}": {"id": team} for team in ("service-desk", "network-l2")},
}


@dataclass(frozen=True)
class Act:
    """One random thing: `what` happens, the numbers choose which."""

    what: str
    which: int
    who: int
    minutes: int
    value: int


WHATS = (
    *("wait", "wait", "outage", "move", "move", "move", "edit", "reply", "note", "task", "task", "add"),
    *("take_back", "child", "tell", "answer", "answer", "answer", "decide", "decide", "decide", "late"),
)
MINUTES = (0, 0, 1, 5, 20, 61, 240, 1500, 9000)
ACTS = st.lists(
    st.builds(
        Act,
        st.sampled_from(WHATS),
        st.integers(0, 50),
        st.integers(0, 3),
        st.sampled_from(MINUTES),
        st.integers(0, 7),
    ),
    min_size=1,
    max_size=25,
)


def random_acts(random: Random, number: int = 20) -> list[Act]:
    """So many random things."""
    return [
        Act(
            random.choice(WHATS),
            random.randint(0, 50),
            random.randint(0, 3),
            random.choice(MINUTES),
            random.randint(0, 7),
        )
        for _ in range(number)
    ]


@dataclass
class Life:
    """A story to which random things happen. With `reload` the ticket goes through JSON before each of them."""

    definition: Definition
    start: datetime
    reload: bool = False
    story: Story = field(init=False)
    asked: list[tuple[Entry, Effect]] = field(default_factory=list)
    elapsed: dict[tuple[str, int, str], timedelta] = field(default_factory=dict)
    cycles: Counter[str] = field(default_factory=Counter)
    decided: set[tuple[str, int, str]] = field(default_factory=set)
    rounds: dict[str, int] = field(default_factory=dict)
    agreed: set[tuple[str, int]] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.story = Story(self.definition, PEOPLE, dict(THINGS), now=self.start, published=("problem",))

    def open(self, value: int) -> bool:
        """Open the ticket, with values for its form; whether that was accepted."""
        fields = {name: self._value(name, value + at) for at, name in enumerate(self.definition.create_form)}
        given = {name: one for name, one in fields.items() if one is not None and name != "title"}
        try:
            self.story.open("ann", **given)
        except Refused:
            return False
        self._look(1)
        return True

    def live(self, act: Act) -> None:
        """Let one thing happen, and look whether all is well."""
        story = self.story
        if self.reload:
            story._ticket = ticket_from_json(
                json.loads(json.dumps(ticket_to_json(story.ticket), sort_keys=True))
            )
        before = len(story.journal)
        later = story.now + timedelta(minutes=act.minutes)
        person = list(PEOPLE)[act.who]
        match act.what:
            case "wait":
                story.until(later)
            case "outage":
                story.outage_until(later)
            case "answer":
                self._answer(act)
            case "child":
                story.send(task_lives.child_done(story.ticket, act.which), "")
            case "late":
                story.now = later
                story.send(self._move(act), person, received_at=later - timedelta(minutes=act.minutes / 2))
            case "decide" if self.definition.process.approvals:
                names = approval_lives.pending_first(story.ticket, self.definition)
                if any(effect.kind == "approvers" for _, effect in self.asked):
                    self._answer(replace(act, which=1))
                elif (
                    not waiting_for(story.ticket, story.now) and "go2" in self.definition.process.transitions
                ):
                    story.send(Move("go2"), person)  # into the state that asks for one
                asked = waiting_for(story.ticket, story.now)
                if asked and act.value != 3:  # mostly those who are asked
                    person = asked[act.who % len(asked)]
                other = list(PEOPLE)[act.minutes % len(PEOPLE)]
                story.send(
                    approval_lives.request_of(names, story.ticket, act.which, act.value, other, story.now),
                    person,
                )
            case _:
                story.send(self._request(act), "" if act.what == "tell" else person)
        story.outage_until(story.now)  # what is due by now is handled at once
        self._look(before)

    def _request(self, act: Act) -> Request:
        process = self.definition.process
        match act.what:
            case "edit":
                names = [name for name in self.definition.fields if name not in ("title", "requester")]
                name = names[act.which % len(names)]
                return Edit({name: self._value(name, act.value)})
            case "reply" | "note":
                return Comment("c", "0" * 64, public=act.what == "reply")
            case "task" if process.tasks:
                ticket = self.story.ticket
                rule = find_rule(self.definition, task_lives.task_named(self.definition, ticket, act.which))
                form = self.definition.form(rule.ask) if rule is not None else {}
                values = {one: self._value(one, act.value) for one in form}
                return task_lives.completion(self.definition, ticket, act.which, act.value, values)
            case "add":
                return task_lives.adding(act.which, act.value, self.story.now)
            case "take_back":
                return task_lives.taking_back(self.story.ticket, act.which)
            case "tell" if process.messages:
                name = list(process.messages)[act.which % len(process.messages)]
                return Message(name, dict.fromkeys(process.messages[name].fields, "told"))
            case _:
                return self._move(act)

    def _move(self, act: Act) -> Move:
        """A button for people that fits the state, if there is one."""
        process = self.definition.process
        here = [
            name
            for name, rule in process.transitions.items()
            if rule.who is not None and self.story.ticket.state in self.definition.states_in(rule.from_)
        ]
        name = (here or list(process.transitions))[act.which % len(here or process.transitions)]
        form = self.definition.form(process.transitions[name].ask)
        return Move(name, {one: self._value(one, act.value + at) for at, one in enumerate(form)})

    def _value(self, name: str, number: int) -> Json:
        declared: FieldDef = self.definition.fields[name]
        at = self.story.now + timedelta(minutes=number * 31 - 60)
        pools: dict[str, list[Json]] = {
            "choice": [*declared.options],
            "number": [1, 5, None],
            "boolean": [True, False],
            "datetime": [at.isoformat(), None],
            "person": ["bob", "mia"],
            "people": [["ann", "bob"], []],
            "choices": [["p"], ["q", "r"], None, ["p", "r"]],
            "team": ["service-desk", "network-l2"],
            "service": ["vpn", "shop", None],
            "duration": ["1h"],
            "url": ["https://x.example"],
        }
        pool = pools.get(declared.type, [f"text {number}"])
        return pool[number % len(pool)] if pool else None

    def _answer(self, act: Act) -> None:
        if not self.asked:
            return
        people = [at for at, (_, effect) in enumerate(self.asked) if effect.kind == "approvers"]
        oldest = people[0] if people and act.which % 3 else act.which % len(self.asked)
        entry, effect = self.asked.pop(oldest)
        story = self.story
        if effect.kind == "approvers":
            story.answer(approval_lives.found(entry, effect, act.value))
        elif effect.kind == "create":
            story.answer(task_lives.opened(entry, effect, act.value, len(story.journal)))
        elif effect.kind == "pick":
            person = ["wang", None][act.value % 2]
            story.answer(Picked(entry.seq, effect.index, str(effect.data["team"]), person, entry.at))
        else:
            run = int(str(effect.data["run"]))
            story.answer(
                TaskFinished(
                    str(effect.data["task"]), run, act.value % 3 > 0, story.now, {"url": "https://x"}, "no"
                )
            )

    # ---- what must always hold

    def _look(self, before: int) -> None:
        story = self.story
        ticket, definition = story.ticket, self.definition
        fresh = story.journal[before:]
        self.asked += [
            (e, effect)
            for e in fresh
            for effect in e.effects
            if effect.kind in ("pick", "script", "http", "approvers", "create")
        ]
        assert all(entry.result != "faulted" for entry in fresh)
        recent = story.journal[max(before - 1, 0) :]
        assert all(a.at <= b.at and a.revision <= b.revision for a, b in pairwise(recent)), (
            "nothing runs backwards"
        )
        closed = definition.process.states[ticket.state].category == "closed"
        if closed:
            assert next_deadline(ticket) is None
            assert advance(definition, ticket, story.now + timedelta(days=4000)).entries == ()
            assert all(clock.status in ("idle", "stopped") for clock in ticket.clocks.values())
        approval_lives.look(ticket, closed=closed)
        task_lives.look(definition, ticket, closed=closed)
        for name, clock in ticket.clocks.items():
            spent = elapsed_of(definition, clock, ticket.last_at)  # the rest may still be decided otherwise
            if definition.process.clocks[name].start.at is None:  # else it counts from a moment, which moves
                assert timedelta(0) <= spent <= ticket.last_at - ticket.opened_at, (
                    "no clock runs faster than time"
                )
                key = (name, clock.cycle, clock.calendar)
                assert spent >= self.elapsed.get(key, timedelta(0)), "no clock runs backwards"
                self.elapsed[key] = spent
            if clock.breached_at is not None:
                assert clock.due_at == clock.breached_at, "a reached deadline is history"
            open_ends = [one for one in clock.stretches if one.to_at is None]
            assert len(open_ends) == (clock.status == "running")
        self._count_decisions(fresh)

    def _count_decisions(self, fresh: list[Entry]) -> None:
        for entry in fresh:
            for one in entry.happened:
                if one.what == "clock" and one.detail["what"] == "reset":
                    self.cycles[one.name] += 1
                if one.what == "approval":
                    approval_lives.decisions(one.name, self.rounds, self.agreed, str(one.detail["what"]))
                if one.what == "reached":
                    key = (one.name, self.cycles[one.name], str(one.detail["threshold"]))
                    assert key not in self.decided, "a threshold is decided at most once in a cycle"
                    self.decided.add(key)


def lived(
    definition: Definition, start: datetime, value: int, acts: list[Act], *, reload: bool = False
) -> list[Entry]:
    """The journal of a random life."""
    life = Life(definition, start, reload)
    if life.open(value):
        for act in acts:
            life.live(act)
            if life.story.ticket.parked:  # a person has to look after its definition
                break
            if len(life.story.journal) > LONG_ENOUGH:
                break
    return life.story.journal


LONG_ENOUGH = 500
"""Entries after which a life ends: timers that go off every ten minutes make a thousand of them in a week."""

MONDAY = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
FRIDAY = datetime(2026, 11, 27, 9, 50, tzinfo=UTC)

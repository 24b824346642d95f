"""Every expression of the shipped processes and of the drafts against Google's CEL, on tickets of their own cases."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from random import Random
from typing import Any

import pytest
from cel_expr_python import cel

from domain.engine.draft import Draft
from domain.engine.entries import Cause
from domain.engine.events import Actor, Facts
from domain.engine.serialise import fold, ticket_from_json
from domain.engine.ticket import Json, Ticket
from domain.engine.values import Reference
from domain.expressions import Ast, Scope, check, compile_expression, names_read, parse, parse_template
from domain.expressions.cel import NotInCel, to_cel
from domain.language.definition import Definition
from domain.language.loader import load_process, load_tests
from domain.language.models import Effect, Expr, Process, Tmpl
from domain.language.names import Names
from domain.language.places import Path
from domain.language.published import publish
from domain.language.scope import Scopes
from domain.language.walker import parts
from domain.rehearsal.runner import run_case
from tests.domain.expressions.test_cel import answer_of, as_message, as_read, same
from tests.domain.language.files import DRAFTS, FIRST, KNOWN, SHIPPED, SomeHolidays, from_folders, reader

SEED = 20261121
NAMES = (
    *("ticket", "old", "actor", "now", "event", "response", "check"),
    *("clock", "task", "tasks", "approval", "link", "links", "linked", "table"),
)
ACTORS = (
    Actor(""),
    Actor("ann", teams=("service-desk",), vip=True),
    Actor("bob", teams=("network-l2", "it-operations"), groups=("cab", "incident-managers"), locale="zh-CN"),
)
FILES = sorted(
    path.name
    for folder in (SHIPPED, DRAFTS)
    for path in folder.glob("*.yaml")
    if "kind: process" in (text := path.read_text("utf-8")) and "abstract: true" not in text
)  # what is abstract is in those that extend it
ENVIRONMENT = cel.NewEnv(variables=dict.fromkeys(NAMES, cel.Type.DYN))


@dataclass(frozen=True)
class Compared:
    """An expression, where it stands, and what it may read."""

    path: Path
    text: str
    ast: Ast
    scope: Scope


@pytest.mark.parametrize("file", FILES)
def test_every_expression_of_a_definition_gives_what_googles_cel_gives(file: str) -> None:
    found = list(expressions_of(file))
    tickets = tickets_of(file)
    untold, answers = [], 0
    for one in found:
        try:
            rendered = to_cel(one.ast, one.scope)
        except NotInCel as refused:
            untold.append((one.text, refused.message))
            continue
        google = ENVIRONMENT.compile(rendered)
        ours = compile_expression(one.ast, one.scope.functions)
        read = frozenset(name for path in names_read(one.ast) for name in path)
        for names in tickets:
            expected = seen(ours(names), read)
            values = {name: seen(names.get(name), read) for name in NAMES}
            answer = answer_of(google, as_message(values))
            assert same(expected, answer), (one.path, one.text, rendered, values)
            answers += expected not in (None, False, [])
    print(f"{len(found)} expressions on {len(tickets)} tickets, {answers} answers; not in CEL: {untold}")
    assert len(untold) <= len(found) * 0.15, "most expressions can be said in CEL"
    assert answers or not found, "some of them hold"


def expressions_of(file: str) -> Iterator[Compared]:
    """Every condition, time and value of a process, and what stands in the {{ }} of its texts."""
    loaded = load_process(file, reader(), known_processes=KNOWN)
    assert loaded.ok and loaded.process is not None and loaded.root is not None, loaded.problems
    scopes = Scopes(loaded.process, Names(loaded.process, loaded.root))
    seen_before = set()
    for path, text, ast in asts_in(loaded.process):
        scope = scopes.at(path)
        if check(ast, scope)[1]:  # what stands in a library that is not used may read other fields
            continue
        if (key := (text, ast[1], id(scope))) not in seen_before:
            seen_before.add(key)
            yield Compared(path, text, ast, scope)


def asts_in(process: Process) -> Iterator[tuple[Path, str, Ast]]:
    for path, part in parts(process):
        texts = [str(part)] if isinstance(part, Tmpl) else []
        if isinstance(part, Expr):
            yield path, str(part), parse(str(part))
        elif isinstance(part, Effect):
            texts = [value for value in (part.set or {}).values() if isinstance(value, str)]
        for text in texts:
            for placeholder in parse_template(text).placeholders:
                yield path, text, placeholder.ast


def tickets_of(file: str) -> list[dict[str, Any]]:
    """What expressions see of some tickets: moments out of the cases of a process, somebody acting on each."""
    loaded = load_process(file, reader(), known_processes=KNOWN)
    definition = Definition.from_published(publish(loaded, SomeHolidays(), FIRST))
    random = Random(f"{SEED} {file}")
    lives = journals_of(file, definition)
    chosen = random.sample(lives, min(len(lives), 12)) if lives else []
    return [names_at(definition, ticket, random.choice(ACTORS)) for ticket in chosen]


def journals_of(file: str, definition: Definition) -> list[Ticket]:
    name = file.replace(".yaml", ".test.yaml")
    text = from_folders(name)
    if text is None:
        return []
    tests = load_tests(name, lambda _: text).tests
    assert tests is not None
    tickets = []
    for case in tests.cases:
        snapshot: dict[str, Json] = {}
        for entry in run_case(case, definition, tests.given).journal:
            snapshot = fold(snapshot, entry)
            tickets.append(ticket_from_json(snapshot))
    return tickets


def names_at(definition: Definition, ticket: Ticket, actor: Actor) -> dict[str, Any]:
    """The names an expression may read, as the engine gives them."""
    facts = Facts(actor, {f"person:{actor.id}": {"id": actor.id, "vip": actor.vip}})
    draft = Draft(definition, ticket, ticket.last_at, ticket.last_at, Cause("event", "look"), facts)
    return draft.scope()


def seen(value: Any, read: frozenset[str], depth: int = 0) -> Any:
    """A value as data: of an object what the expression reads, of a thing its id too, so that equal stays equal."""
    if depth > 8:
        return None
    if isinstance(value, dict):
        return {name: seen(one, read, depth + 1) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [seen(one, read, depth + 1) for one in value]
    if isinstance(value, str):
        return str(value)
    if get := getattr(value, "get", None):
        names = {*read, "id"} if isinstance(value, Reference) else read
        return {name: seen(get(name), read, depth + 1) for name in sorted(names)}
    if isinstance(value, Reference):
        return str(value)
    return as_read(value.astimezone(UTC) if isinstance(value, datetime) else value)

"""Conditions that decide nothing: always or never true, branches never reached, and automatic ways that overlap."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence

from domain.expressions import Ast, Scope
from domain.expressions.ast import names_read
from domain.expressions.messages import start_of
from domain.expressions.outcomes import ALWAYS, Limits, constant, constant_parts, in_words, outcomes
from domain.language.checking import Checking, parsed
from domain.language.flow import Flow
from domain.language.models import Aim, Branch, Cond, Model, Route, Transition, Word
from domain.language.places import Path
from domain.language.state_names import states_in, status_in
from domain.language.suggest import one_of

Parts = Iterable[tuple[Path, Model | Word]]

STATE = ("ticket", "state")
SURE = frozenset({STATE, ("event", "name")})
_MOST_PAIRS = 2000  # that answer to the same event; real processes have a few
_CLOCK_PARTS = ("start", "stop", "pause", "resume", "reset")


def check_conditions(checking: Checking, parts: Parts, flow: Flow) -> None:
    """What can be said of conditions by trying every declared option, true, false and null."""
    for path, part in parts:
        if isinstance(part, Cond) and checking.is_own(path):
            _check_constant(checking, path, part)
    for name, transition in checking.process.transitions.items():
        if checking.is_own(("transitions", name)):
            _check_order(checking, ("transitions", name, "to"), transition.to or ())
    for name, clock in checking.process.clocks.items():
        if clock.targets and checking.is_own(("clocks", name)):
            _check_order(checking, ("clocks", name, "targets"), clock.targets)
    if checking.process.routing and checking.is_own(("routing", 0)):
        _check_order(checking, ("routing",), checking.process.routing)
    _check_overlaps(checking, flow)


def limits(checking: Checking) -> dict[tuple[str, ...], Limits]:
    """The least and largest value of number fields."""
    return {
        ("ticket", name): (field.min, field.max)
        for name, field in checking.names.field_defs.items()
        if field.type in ("number", "money") and (field.min is not None or field.max is not None)
    }


def exclude_each_other(checking: Checking, path: Path, conditions: Sequence[str | None]) -> bool:
    """Whether it is sure that never two of the conditions at a path hold at once, so that their order means nothing."""
    trees = [tree(one) for one in conditions]
    found = outcomes(trees, checking.scopes.at(path), sure=SURE, limits=limits(checking))
    return all(sum(held is not False for held in all_held) <= 1 for _, all_held in found)


def tree(condition: str | None) -> Ast:
    """A condition as a tree; one that is not there always holds. Only for conditions that parse."""
    ast = parsed(str(condition))[0] if condition is not None else None
    return ast or ALWAYS


def asked(transition: Transition) -> str | None:
    """What a transition asks of the ticket: its condition, and the choice field tested beside the state."""
    status = status_in(transition.from_)
    if status is None:
        return transition.if_
    test = f"ticket.{status.field} in [{', '.join(json.dumps(one) for one in sorted(status.values))}]"
    return f"({transition.if_}) and {test}" if transition.if_ is not None else test


def _within(checking: Checking, path: Path) -> dict[tuple[str, ...], frozenset[str]]:
    """The states in which the condition is asked: those of its transition, state or clock."""
    process = checking.process
    states: frozenset[str] = frozenset()
    if path[0] == "transitions":
        states = states_in(process, process.transitions[str(path[1])].from_)
    elif path[0] == "states" and "leave" not in path:
        states = frozenset({str(path[1])})
    elif path[0] == "clocks" and path[2] in _CLOCK_PARTS:
        condition = getattr(process.clocks[str(path[1])], str(path[2]))
        states = states_in(process, condition.in_) if condition.in_ is not None else states
    return {STATE: states} if states else {}


def _check_constant(checking: Checking, path: Path, text: Cond) -> None:
    ast = tree(text)
    scope = checking.scopes.at(path)
    within = _within(checking, path)
    found = constant_parts(ast, scope, sure=SURE, limits=limits(checking), within=within)
    for part, value in found:
        if part is ast and not value and _is_told_elsewhere(path):
            return
        names = names_read(part)
        read = sorted(".".join(name) for name in names if name != STATE or not within)
        whatever = f", whatever {' and '.join(read)} {'is' if len(read) == 1 else 'are'}" if read else ""
        if STATE in names and within:
            whatever = f" in {one_of(sorted(within[STATE]))}{whatever}"
        what = "always" if value else "never"
        todo = "leave it out, or correct it" if value else "correct it, or remove what depends on it"
        message = f"this is {what} true{whatever}; {todo}"
        checking.doubt(path, str(text), start_of(part), message, code="constant-condition")


def _is_told_elsewhere(path: Path) -> bool:
    """Of clocks and freezes it is said what follows from a condition that never holds."""
    return (path[0] == "clocks" and path[2] in ("start", "stop", "pause")) or path[-1] == "allow_if"


def _check_order(checking: Checking, path: Path, rows: Sequence[Branch | Route | Aim]) -> None:
    """A list in which the first row that fits counts: a row for which the ones above leave nothing."""
    scope = checking.scopes.at(path)
    trees = [tree(row.if_) for row in rows]
    for index in range(1, len(rows)):
        if trees[index - 1] is ALWAYS:
            if path[0] == "routing":
                message = (
                    "the row above has no `if`, so this is never reached; put it above that, or remove it"
                )
                checking.warn((*path, index), message, code="constant-condition")
                return
            continue  # reported with the other mistakes of branches
        above = ("or", 0, tuple(trees[:index])) if index > 1 else trees[0]
        found = outcomes([above, trees[index]], scope, sure=SURE, limits=limits(checking))
        if all(taken is True or fits is False for _, (taken, fits) in found):
            if any(
                _is_constant(checking, scope, one) for one in trees[: index + (trees[index] is not ALWAYS)]
            ):
                continue  # said of the condition itself
            what = "branch" if path[0] == "transitions" else "line"
            message = (
                f"this {what} is never reached: those above it take every case; remove it, or put it above"
            )
            checking.warn((*path, index), message, code="constant-condition")


def _is_constant(checking: Checking, scope: Scope, ast: Ast) -> bool:
    return constant(ast, scope, sure=SURE, limits=limits(checking)) is not None


def _check_overlaps(checking: Checking, flow: Flow) -> None:
    """Two automatic transitions of which the first in the file always wins where both could be taken."""
    automatic = [
        (name, transition, states_in(checking.process, transition.from_) & flow.reached)
        for name, transition in checking.process.transitions.items()
        if transition.who is None
    ]
    compared = 0
    for index, (name, later, later_states) in enumerate(automatic):
        if not checking.is_own(("transitions", name)):
            continue
        for other, earlier, earlier_states in automatic[:index]:
            shared = later_states & earlier_states
            moments = _moments(earlier, later)
            if not shared or not moments:
                continue
            compared += 1
            if compared > _MOST_PAIRS:
                return
            if _report(checking, name, other, shared, moments):
                break


def _moments(earlier: Transition, later: Transition) -> str:
    """In words when both are asked at once; "" when they never are."""
    if earlier.when is not None and later.when is not None:
        return next((f"`{event}`" for event in later.when if event in earlier.when), "")
    if earlier.to is None:  # it stays, so the other timer goes on
        return ""
    if earlier.after is not None and (earlier.after, earlier.calendar) == (later.after, later.calendar):
        return f"`after: {later.after}`"
    if earlier.at is not None and earlier.at == later.at:
        return f"`at: {later.at}`"
    return ""


def _report(checking: Checking, name: str, other: str, shared: frozenset[str], moment: str) -> bool:
    process = checking.process
    earlier, later = process.transitions[other], process.transitions[name]
    earlier_states, later_states = (states_in(process, one.from_) for one in (earlier, later))
    path: Path = ("transitions", name)
    scope = checking.scopes.at(path) if earlier.when == later.when else checking.scopes.base
    conditions = [tree(asked(earlier)), tree(asked(later))]
    found = [
        (values, first, second)
        for values, (first, second) in outcomes(
            conditions, scope, sure=SURE, limits=limits(checking), within={STATE: shared}
        )
    ]
    every = later.when is None or set(later.when) <= set(earlier.when or ())
    hidden = all(first is True or second is False for _, first, second in found)
    if every and hidden and later_states <= earlier_states:
        message = (
            f'"{name}" is never taken: "{other}" above it takes {moment} in the same states; '
            "change its `from`, its trigger or its `if`, or put it above"
        )
        checking.warn(path, message, key=True, code="overlap")
        return True
    if earlier_states < later_states or asked(later) is None:
        return False  # the special case stands before the general one
    both = next((values for values, first, second in found if first is True and second is True), None)
    if both is None:
        return False
    words = in_words({place: value for place, value in both.items() if value is not None and place != STATE})
    when = f", for example when {words}" if words else ""
    message = (
        f'both "{other}" and "{name}" fit {moment}{when}, and "{other}" is taken because it stands first; '
        "let their `if` exclude each other"
    )
    checking.warn(path, message, key=True, code="overlap")
    return True

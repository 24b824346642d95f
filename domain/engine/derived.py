"""What the engine derives (see derive.py), and from which fields."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator

from domain.expressions import names_read, parse, parse_template
from domain.language.definition import Definition
from domain.language.tables import row_condition

Paths = frozenset[tuple[str, ...]]

_MOVING = ("state", "entered_at")
"""Built-in members of a ticket that change without being derived."""


def derived_from(definition: Definition) -> dict[str, frozenset[str]]:
    """Every derived field with the fields it follows from, derived ones followed to what they follow from."""
    direct = {name: frozenset(_fields(definition, paths)) for name, paths in _derived(definition).items()}
    found: dict[str, frozenset[str]] = {}
    for name, reads in direct.items():
        closed: set[str] = set()
        pending = list(reads)
        while pending:
            one = pending.pop()
            if one not in closed:
                closed.add(one)
                pending += direct.get(one, ())
        found[name] = frozenset(closed)
    return found


def derives_in_order(definition: Definition, computed: Iterable[str]) -> bool:
    """Whether all that is derived is right after one round, and stays so while no field changes: each reads none but
    the time, who acts, and fields that are given or derived before it. `computed` are the computed ones in their order.
    """
    derived = _derived(definition)
    order = dict.fromkeys((*computed, *derived))
    return all(
        reads_none_of(derived[name], {*_MOVING, *list(order)[place:]}) for place, name in enumerate(order)
    )


def reads_none_of(paths: Iterable[tuple[str, ...]], names: Container[str]) -> bool:
    """Whether these read the ticket, the time and who acts only, and of the ticket none of these members."""
    return all(
        path[0] == "now"
        or (path[0] == "ticket" and len(path) > 1 and path[1] not in names)
        or (path[0] == "actor" and len(path) > 1 and path[1] != "roles")  # which roles: fields say so
        for path in paths
    )


def _derived(definition: Definition) -> dict[str, Paths]:
    process = definition.process
    found = {
        name: _reads([str(declared.compute)])
        for name, declared in definition.fields.items()
        if declared.compute
    }
    if (rules := process.priority) is not None:
        adjusts = _reads([str(one.if_) for one in rules.adjust if one.if_])
        found["priority"] = adjusts | {("ticket", str(rules.rows)), ("ticket", str(rules.columns))}
    if definition.agreements:
        found["agreement"] = _reads([str(one.if_) for one in definition.agreements.values() if one.if_])
    if process.risk is not None:
        risk = _reads([str(row.if_) for row in process.risk.score if row.if_])
        found |= dict.fromkeys(("risk", "risk_score", "risk_reasons"), risk)
    if process.routing:
        conditions = _reads([str(row.if_) for row in process.routing if row.if_])
        teams = frozenset[tuple[str, ...]]().union(
            *(parse_template(str(row.team)).names_read() for row in process.routing)
        )
        found |= dict.fromkeys(("team", "assignee"), conditions | teams)
    return found


def _reads(expressions: list[str]) -> Paths:
    return frozenset[tuple[str, ...]]().union(*(names_read(parse(one)) for one in expressions))


def _fields(definition: Definition, paths: Paths) -> Iterator[str]:
    """The fields these read, through tables too."""
    for path in paths:
        if path[0] == "ticket" and len(path) > 1:
            yield path[1]
        elif path[0] == "table":
            yield from _of_tables(definition)


def _of_tables(definition: Definition) -> Iterator[str]:
    """What the rows of all tables read: which table it is matters little, nothing that follows may be missed."""
    for table in definition.process.tables.values():
        for row in table.rows:
            condition = row_condition(table, row)
            cells = [cell for cell in row.values() if isinstance(cell, str) and "{{" in cell]
            read = _reads([condition] if condition else [])
            read = read.union(*(parse_template(cell).names_read() for cell in cells))
            yield from (path[1] for path in read if path[0] == "ticket" and len(path) > 1)

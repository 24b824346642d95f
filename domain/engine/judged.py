"""The rules of a definition about values that people give, ready to be judged."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from domain.expressions import names_read, parse
from domain.language.definition import Definition


@dataclass(frozen=True, slots=True)
class Judged:
    """A rule ready to be judged: what it reads, computed fields followed to what they are computed from."""

    field: str  # "" when it is about several fields together
    condition: str
    otherwise: Mapping[str, str]
    reads: frozenset[str]


def rules_of(definition: Definition) -> tuple[Judged, ...]:
    """The rules of fields, then those of several fields, in file order."""
    found = [
        Judged(name, str(must.if_), must.otherwise, frozenset({name}))
        for name, declared in definition.fields.items()
        for must in declared.must
    ]
    found += [
        Judged("", str(rule.if_), rule.otherwise, _reads(definition, str(rule.if_), frozenset()))
        for rule in definition.process.rules.values()
    ]
    return tuple(found)


def _reads(definition: Definition, expression: str, seen: frozenset[str]) -> frozenset[str]:
    found: set[str] = set()
    for path in names_read(parse(expression)):
        if path[0] != "ticket" or len(path) < 2 or path[1] in seen:
            continue
        found.add(path[1])
        declared = definition.fields.get(path[1])
        if declared is not None and declared.compute:
            found |= _reads(definition, str(declared.compute), seen | found)
    return frozenset(found)

"""The table of outcomes: what is known of a condition before anybody fills in a form.

`python -m tests.domain.expressions.outcome_table` writes outcomes.txt anew.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from domain.expressions import (
    BOOLEAN,
    DATETIME,
    NUMBER,
    TEXT,
    Scope,
    choice_of,
    list_of,
    object_of,
    parse,
)
from domain.expressions.outcomes import Route, constant, constant_parts, in_words, outcomes
from tests.domain.expressions.sections import write

FILE = Path(__file__).with_name("outcomes.txt")
PERSON = object_of("person", {"vip": BOOLEAN, "name": TEXT})
TICKET = object_of(
    "ticket",
    {
        "k": choice_of("a", "b"),
        "m": BOOLEAN,
        "n": NUMBER,
        "t": TEXT,
        "p": PERSON,
        "at": DATETIME,
        "l": list_of(TEXT),
    },
)
SCOPE = Scope({"ticket": TICKET, "now": DATETIME})
SURE = frozenset({("ticket", "k"), ("ticket", "m")})
PARTS = (
    'ticket.k == "a"',
    'ticket.k != "a"',
    'ticket.k in ["a", "b"]',
    '(ticket.k ?? "b") == "b"',
    "ticket.k == null",
    "ticket.m",
    "not ticket.m",
    "ticket.m == false",
    "ticket.n > 5",
    "ticket.n <= -3",
    "-ticket.n < 2",
    "ticket.n + 1 > 6",
    "ticket.n in [1, 6]",
    'ticket.t == "x"',
    'ticket.t in ["x", "y"]',
    "ticket.t < ticket.k",
    "ticket.p == null",
    "ticket.p.vip",
    "ticket.at > now",
    '"x" in ticket.l',
    "if ticket.m then ticket.n > 5 else ticket.k == null",
    "true",
    "1 > 2",
    "null",
)


def sections() -> list[str]:
    """What the table is divided into."""
    return list(PARTS)


def section(name: str) -> list[str]:
    """The lines of one section: a condition alone, and with each of the others."""
    return [*_alone(name), *(line for other in PARTS for line in _with(name, other))]


def _alone(text: str) -> Iterator[str]:
    for sure in (frozenset[Route](), SURE):
        yield f"{'k and m are there' if sure else 'alone'}:"
        for values, (outcome,) in outcomes([parse(text)], SCOPE, sure=sure):
            yield f"    {in_words(values) or 'always'}: {outcome}"
    limited = constant(parse(text), SCOPE, limits={("ticket", "n"): (0, 5)})
    yield f"n is 0 to 5: {limited}"


def _with(left: str, right: str) -> Iterator[str]:
    for text in (f"({left}) and ({right})", f"not ({left}) or ({right})", f"({left}) == ({right})"):
        ast = parse(text)
        seen = Counter(outcome for _, (outcome,) in outcomes([ast], SCOPE))
        parts = ", ".join(f"{part[0]} at {part[1]} {always}" for part, always in constant_parts(ast, SCOPE))
        often = f"{seen[True]} yes, {seen[False]} no, {seen[None]} open"
        yield f"{text}: {often}; {constant(ast, SCOPE)}; {parts or 'no part'}"


if __name__ == "__main__":
    write(FILE, {name: section(name) for name in sections()})

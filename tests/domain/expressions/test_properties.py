"""Random expressions and random garbage."""

from __future__ import annotations

import os
import pickle
from random import Random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.expressions import (
    ANY,
    ExpressionError,
    Scope,
    check,
    compile_expression,
    names_read,
    parse,
    parse_template,
    standard_functions,
)
from tests.domain.expressions.reference import evaluate
from tests.domain.expressions.strategies import NAMES, expressions, scopes, values
from tests.domain.expressions.typed import Expressions, a_scope

GARBAGE = int(os.environ.get("EVERTICK_GARBAGE", "5000"))
SEED = int(os.environ.get("EVERTICK_SEED", "20261121"))
SLIPS = [
    "ticket",
    ".",
    "==",
    "and",
    "not",
    "if",
    "then",
    "else",
    "(",
    ")",
    "[",
    "]",
    ",",
    '"',
    "'",
    "4h",
    "1",
    " ",
    "\\",
    "??",
    "{{",
    "}}",
    "in",
    "“",
    "（",
    "\n",
    "\x00",
    "é",
    "中",
    "1.",
    "..",
    "x",
    "null",
    "exists(x,",
    "-",
    "!",
]
garbage = st.one_of(st.text(max_size=60), st.lists(st.sampled_from(SLIPS), max_size=25).map("".join))


@settings(max_examples=400, deadline=None)
@given(text=garbage)
def test_garbage_raises_nothing_but_expression_errors_that_point_into_the_text(text: str) -> None:
    for read in (parse, parse_template):
        try:
            read(text)
            at, message = 0, "read"
        except ExpressionError as error:
            at, message = error.offset, error.message
        assert 0 <= at <= len(text)
        assert message


def test_slips_of_the_keyboard_raise_nothing_but_expression_errors() -> None:
    print(f"EVERTICK_SEED={SEED}")
    random = Random(SEED)
    expressions = Expressions(random)
    texts = [expressions.any_text(3) for _ in range(GARBAGE // 20)]
    for _ in range(GARBAGE):
        text = slipped(random, random.choice(texts))
        ast, offset = tried(text)
        assert 0 <= offset <= len(text), (SEED, text)
        if ast is None:
            continue
        _, findings = check(ast, a_scope())
        assert all(0 <= finding.offset < len(text) for finding in findings), (SEED, text)
        if not findings:
            compile_expression(ast)({})


def tried(text: str) -> tuple[Any, int]:
    """The tree, or None and where it is said to be wrong."""
    try:
        return parse(text), 0
    except ExpressionError as error:
        return None, error.offset


def slipped(random: Random, text: str) -> str:
    """A text in which something was left out, put in, swapped or repeated, up to four times."""
    for _ in range(random.randint(1, 4)):
        at, end = sorted(random.randint(0, len(text)) for _ in range(2))
        piece = random.choice([*SLIPS, chr(random.randrange(1, 0x11000)), text[at:end][:20]])
        more, less = text[:at] + piece + text[at:], text[:at] + text[at + random.randint(1, 4) :]
        text = random.choice([more, less, text[:at] + piece + text[end:]])
    return text[:5000]


@settings(max_examples=600, deadline=None)
@given(text=expressions, scope=scopes)
def test_a_compiled_expression_gives_what_the_reference_gives(text: str, scope: dict[str, Any]) -> None:
    ast = parse(text)
    expected = evaluate(ast, scope, standard_functions())
    assert _same(compile_expression(ast)(scope), expected), text


@settings(max_examples=300, deadline=None)
@given(
    text=expressions, scope=scopes, replaced=values, zone=st.sampled_from(["Asia/Shanghai", "Europe/Berlin"])
)
def test_no_expression_raises_in_any_zone_and_only_the_names_it_reads_matter(
    text: str, scope: dict[str, Any], replaced: Any, zone: str
) -> None:
    ast = parse(text)
    compiled = compile_expression(ast, standard_functions(zone))
    read = {path[0] for path in names_read(ast)}
    unread = {name: replaced for name in NAMES if name not in read}
    assert _same(compiled(scope), compiled({**scope, **unread}))


@settings(max_examples=300, deadline=None)
@given(text=expressions)
def test_checking_an_expression_never_raises_and_points_into_the_text(text: str) -> None:
    _, findings = check(parse(text), Scope(dict.fromkeys(NAMES, ANY)))
    assert all(0 <= finding.offset < len(text) for finding in findings)
    assert findings == sorted(findings, key=lambda finding: finding.offset)


@settings(max_examples=100, deadline=None)
@given(text=expressions)
def test_a_tree_survives_pickling_and_spaces_change_only_offsets(text: str) -> None:
    ast = parse(text)
    assert pickle.loads(pickle.dumps(ast)) == ast
    assert _without_offsets(parse(f" \n{text}\t ")) == _without_offsets(ast)


def _same(left: Any, right: Any) -> bool:
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(_same, left, right))
    return left == right and (type(left) is type(right) or not isinstance(left, (bool, int)))


def _without_offsets(node: Any) -> Any:
    if isinstance(node, tuple) and node and isinstance(node[0], str):
        return (node[0], *(_without_offsets(part) for part in node[2:]))
    return tuple(map(_without_offsets, node)) if isinstance(node, tuple) else node

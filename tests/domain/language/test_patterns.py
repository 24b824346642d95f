"""Patterns of fields: they fit what Python's own fit, and none of them hangs."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.language.patterns import LONGEST_TEXT, PatternError, fits, pattern
from tests.domain.language.files import problems_of, small

ATOMS = [
    "a",
    "b",
    "c",
    "é",
    "中",
    r"\d",
    r"\D",
    r"\w",
    r"\W",
    r"\s",
    ".",
    "[ab]",
    "[^a]",
    "[a-c1]",
    r"\.",
    r"[\d-]",
]
TIMES = ["", "*", "+", "?", "{2}", "{1,2}", "{,2}", "{2,}", "*?", "{0}"]
PATTERNS = st.recursive(
    st.builds(str.__add__, st.sampled_from(ATOMS), st.sampled_from(TIMES)),
    lambda inner: st.one_of(
        st.builds(lambda one, times: f"({one}){times}", inner, st.sampled_from(TIMES)),
        st.builds(str.__add__, inner, inner),
        st.builds(lambda one, other: f"(?:{one}|{other})", inner, inner),
        st.builds(lambda one, other: f"{one}|{other}", inner, inner),
    ),
    max_leaves=6,
)
TEXTS = st.text("aabbc1. -é中\n٣", max_size=8)


@given(PATTERNS, st.lists(TEXTS, min_size=1, max_size=8))
def test_a_pattern_fits_what_it_fits_elsewhere(written: str, texts: list[str]) -> None:
    for text in texts:
        assert fits(written, text) == (re.fullmatch(written, text) is not None), (written, text)


@pytest.mark.parametrize(
    ("written", "fitting", "not_fitting"),
    [
        (r"^[A-Z]{2}-\d{4}$", "AB-1234", "AB-12345"),
        (r"[a-z0-9]+([._-][a-z0-9]+)*", "first.last-name", "first..last"),
        (r"\+?[0-9 ()/-]{5,20}", "+49 (30) 123-45", "+49 30 x"),
        (r"(de|cn)\d*|none", "cn17", "us1"),
        (r"[]a]+[^]]", "]a]b", "a]"),
        (r"", "", "a"),
    ],
)
def test_patterns_people_write(written: str, fitting: str, not_fitting: str) -> None:
    assert fits(written, fitting) and not fits(written, not_fitting)


@pytest.mark.parametrize(
    "written",
    [
        "(a+)+b",
        "(a|a)*b",
        "(a|aa)+b",
        "(.*a){20}b",
        "(a*)*(a*)*(a*)*b",
        "((a{0,9}){0,9}){0,5}b",
        "(x+x+)+y|a*a*a*a*a*a*a*b",
        "[a-cd-fg-ij-lm-op-rs-u]{499}b",
    ],
)
def test_a_pattern_that_hangs_elsewhere_answers_at_once(written: str) -> None:
    text = "a" * (LONGEST_TEXT - 1)
    started = time.process_time()
    assert not fits(written, text + "c")
    assert time.process_time() - started < 1


@pytest.mark.parametrize(
    "written", ["((()){999}){999}", "(a{99}){99}", "((a{9}){9}){9}", "(" * 50, "a" * 501]
)
def test_a_pattern_that_stands_for_too_much_is_refused_at_once(written: str) -> None:
    started = time.process_time()
    with pytest.raises(PatternError):
        pattern(written)
    assert time.process_time() - started < 0.5


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("[", r'a "[" without its "]"; write "\[" for the character'),
        ("(a", r'a "(" without its ")"; write "\(" for the character'),
        ("a)", r'a ")" without its "("; write "\)" for the character'),
        ("*a", r'"*" has nothing before it to repeat; write "\*" for the character'),
        ("a**", '"*" repeats what is repeated already; put it into ( )'),
        ("a{x}", r'after "{" comes how often, such as {4} or {2,8}; write "\{" for the character'),
        ("a{5,2}", "{5,2} is from more to less; write {2,5}"),
        (
            "a^b",
            r'"^" belongs to an end of the whole pattern, and may be left out; write "\^" for the character',
        ),
        (
            "(a$|b)c",
            r'"$" belongs to an end of the whole pattern, and may be left out; write "\$" for the character',
        ),
        ("(?=a)b", '"(?" looks around or names; use plain ( ), and a rule (`must`) for what it cannot say'),
        (r"(a)\1", r'"\1" cannot be used here; known: \d, \w, \s and their opposites'),
        ("a\\", r'a "\" at the end; write "\\" for the character'),
        ("[b-a]", '"b-…" in [ ] does not go from less to more'),
    ],
)
def test_what_cannot_be_matched_is_told_with_a_way_out(written: str, told: str) -> None:
    with pytest.raises(PatternError) as refused:
        pattern(written)
    assert str(refused.value) == told


def test_a_longer_text_than_people_type_fits_no_pattern() -> None:
    assert fits("a*", "a" * LONGEST_TEXT) and not fits("a*", "a" * (LONGEST_TEXT + 1))


def test_a_definition_is_told_of_a_pattern_that_cannot_be_used_and_its_default_does_not_hang() -> None:
    (found,) = problems_of(small(fields=r"{x: {type: text, pattern: '(a)\1'}}"))
    assert "this pattern cannot be used" in found
    text = "a" * 1500
    (found,) = problems_of(small(fields=f"{{x: {{type: text, pattern: (a+)+b, default: {text}}}}}"))
    assert "does not fit the pattern" in found

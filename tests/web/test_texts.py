"""The catalogues."""

from __future__ import annotations

import re
import string
from importlib.resources import files

import pytest

from web.texts import LOCALES, Texts, choose_locale, load_texts, read_catalogue

ENGLISH = read_catalogue("en")


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("locale", LOCALES)
def test_every_catalogue_has_the_same_keys(locale: str) -> None:
    assert read_catalogue(locale).keys() == ENGLISH.keys()


@pytest.mark.parametrize("locale", LOCALES)
def test_every_text_has_the_same_placeholders_in_every_language(locale: str) -> None:
    told = {key: placeholders(text) for key, text in read_catalogue(locale).items()}
    assert told == {key: placeholders(text) for key, text in ENGLISH.items()}


def test_counted_phrases_come_in_pairs() -> None:
    ones = {key.removesuffix(".one") for key in ENGLISH if key.endswith(".one")}
    assert ones == {key.removesuffix(".other") for key in ENGLISH if key.endswith(".other")}


def test_every_key_that_a_template_names_is_in_the_catalogue() -> None:
    templates = [one.read_text() for one in (files("web") / "templates").iterdir()]
    named = {key for text in templates for key in re.findall(r"page\.t\('([^']+)'(?=[,)])", text)}
    counted = {key for text in templates for key in re.findall(r"page\.count\('([^']+)'", text)}
    assert named, "the pattern no longer fits the templates"
    assert sorted(key for key in named if key not in ENGLISH) == []
    assert sorted(key for key in counted if f"{key}.one" not in ENGLISH) == []


def test_a_capped_count_says_that_there_are_more() -> None:
    assert load_texts()["en"].count("queue.open", 1001) == "1000+ open"


def test_an_unknown_key_is_an_error() -> None:
    with pytest.raises(KeyError):
        Texts("en", {})("no.such.key")


@pytest.mark.parametrize(
    ("wishes", "locale"),
    [
        (("", "zh-CN", "en"), "zh-CN"),
        (("", "", "de-DE,zh;q=0.8,en;q=0.5"), "zh-CN"),
        (("", "de", "fr"), "en"),
        (("en", "zh-CN", ""), "en"),
    ],
)
def test_the_first_wish_that_can_be_met_decides_the_language(wishes: tuple[str, ...], locale: str) -> None:
    assert choose_locale(*wishes) == locale

"""The words of the interface, one catalogue per language, and the choice between them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files

import yaml

from domain.language.words import text_in

LOCALES = ("en", "zh-CN")
DEFAULT = "en"


class Texts:
    """The interface in one language. An unknown key is an error: the catalogues are code."""

    def __init__(self, locale: str, entries: Mapping[str, str]) -> None:
        self.locale = locale
        self._entries = entries

    def __call__(self, key: str, **values: object) -> str:
        return self._entries[key].format(**values) if values else self._entries[key]

    def has(self, key: str) -> bool:
        return key in self._entries

    def count(self, key: str, n: int) -> str:
        """A counted phrase: `key.one` or `key.other`; 1001 is how a capped count arrives and reads 1000+."""
        shown = "1000+" if n > 1000 else str(n)
        return self(f"{key}.one" if n == 1 else f"{key}.other", n=shown)

    def of(self, text: Mapping[str, str]) -> str:
        """A text of a definition in this language."""
        return text_in(text, self.locale)


def load_texts() -> dict[str, Texts]:
    """Every catalogue by locale."""
    return {locale: Texts(locale, read_catalogue(locale)) for locale in LOCALES}


@cache
def read_catalogue(locale: str) -> Mapping[str, str]:
    """The flat catalogue of one language."""
    source = (files("web.texts") / f"{locale}.yaml").read_text(encoding="utf-8")
    catalogue = yaml.load(source, Loader=yaml.CSafeLoader)
    return {str(key): str(value) for key, value in catalogue.items()}


def choose_locale(*wishes: str) -> str:
    """The first wish that there is a catalogue for; a wish may be a whole Accept-Language header."""
    for wish in wishes:
        for part in wish.split(","):
            tag = part.split(";")[0].strip().lower()
            for locale in LOCALES:
                if tag and tag.split("-")[0] == locale.lower().split("-")[0]:
                    return locale
    return DEFAULT

"""Texts must be there in every locale of the process."""

from __future__ import annotations

import re
from collections.abc import Iterable

from domain.language.checking import Checking
from domain.language.models import Model, Tmpl, Word
from domain.language.places import Path
from domain.language.suggest import did_you_mean
from domain.language.words import LOCALE

Parts = Iterable[tuple[Path, Model | Word]]
TEXTS = (
    "label",
    "help",
    "subject",
    "body",
    "message",
    "otherwise",
    "because",
    "text",
    "title",
    "description",
    "note",
)


_NO_WORDS = re.compile(r"\{\{.*?\}\}|https?://\S+|\S+@\S+|\b\d\w*", re.DOTALL)
_WORD = re.compile(r"[^\W\d_]+")
_FREQUENT = ("en", "en-GB", "en-US", "zh-CN", "zh-TW", "de", "fr", "es", "it", "ja", "ko", "pt-BR")


def check_texts(checking: Checking, parts: Parts) -> None:
    """A locale nobody wrote is a warning: people see another language."""
    locales = checking.process.locales
    for index, locale in enumerate(locales):
        if not re.fullmatch(LOCALE, locale):
            hint = did_you_mean(locale, _FREQUENT) or " such as en or zh-CN"
            checking.error(("locales", index), f'"{locale}" is not a locale{hint}')
    if not locales:
        checking.error(("locales",), "name at least one locale")
    _check_part(checking, ("title",), "title", {**checking.process.title})
    for path, part in parts:
        if isinstance(part, Model):
            for name, value in part.written():
                if isinstance(value, dict) and value:
                    _check_part(checking, (*path, name), name, value)


def _check_part(checking: Checking, path: Path, name: str, value: dict[str, object]) -> None:
    if name in TEXTS:
        if all(type(text) is Tmpl for text in value.values()):
            _check(checking, path, value)
    elif name in ("options", "levels"):
        for option, text in value.items():
            if isinstance(text, dict):
                _check(checking, (*path, option), text)


def _check(checking: Checking, path: Path, text: dict[str, object]) -> None:
    known = [locale for locale in checking.process.locales if re.fullmatch(LOCALE, locale)]
    if "*" in text:
        node, exact = checking.places.node(path)
        if len(known) > 1 and exact and isinstance(node.value, str) and has_words(node.value):
            each = ", ".join(f"{locale}: …" for locale in known)
            message = f"this text is the same in every language; write one for each: {{{each}}}"
            checking.warn(path, message, code="missing-language")
        return
    missing = [locale for locale in known if locale not in text]
    if missing:
        message = f"this text is missing in {', '.join(missing)}"
        checking.warn(path, message, key=True, code="missing-language")


def has_words(text: str) -> bool:
    """Whether a text needs a translation: not so values, numbers, addresses, and abbreviations such as VPN."""
    rest = _NO_WORDS.sub(" ", text)
    return any(not word.isascii() or word != word.upper() for word in _WORD.findall(rest))

"""Which language an answer is in: `Accept-Language` (RFC 9110), else the caller's own, else English."""

from __future__ import annotations

from functools import lru_cache

Words = dict[str, str]
"""A text by language: `{"en": …, "zh-CN": …}`."""

LANGUAGES = ("en", "zh-CN")
DEFAULT = "en"


def say(words: Words, language: str) -> str:
    """The text in this language; in English, or in whatever there is, where it was not translated."""
    return words.get(language) or words.get(DEFAULT) or next(iter(words.values()), "")


def known_language(tag: str) -> str | None:
    """The language of ours that a tag such as `zh`, `zh-Hans-CN` or `en-GB` means; None: none of ours."""
    primary = tag.strip().lower().split("-", 1)[0]
    return {"en": "en", "zh": "zh-CN"}.get(primary)


@lru_cache(maxsize=256)
def negotiate(accept: str, own: str = DEFAULT) -> str:
    """The best of our languages for an `Accept-Language`; `own` where it names none of ours or is empty."""
    best, best_weight = known_language(own) or DEFAULT, 0.0
    for part in accept[:500].split(","):
        tag, _, parameter = part.partition(";")
        language, weight = known_language(tag), _weight(parameter)
        if language is not None and weight > best_weight:
            best, best_weight = language, weight
    return best


def _weight(parameter: str) -> float:
    """The number of `q=0.8`; 1 without one; 0 for nonsense, which is how a malformed choice is ignored."""
    name, _, value = parameter.strip().partition("=")
    if not name:
        return 1.0
    try:
        weight = float(value)
    except ValueError:
        return 0.0
    return weight if 0.0 <= weight <= 1.0 else 0.0

"""Did you mean …? The nearest known name."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """`; did you mean "approved"?` or nothing."""
    near = nearest(name, known)
    return f'; did you mean "{near}"?' if near else ""


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The known name that is most like this one, if any is."""
    names = list(known)
    folded = {other.lower().replace("-", "_"): other for other in reversed(names)}
    found = get_close_matches(name.lower().replace("-", "_"), folded, n=1, cutoff=0.6)
    return folded[found[0]] if found else None


def one_of(names: Iterable[str], limit: int = 12) -> str:
    """The known names, for the end of a sentence."""
    listed = list(names)
    more = ", …" if len(listed) > limit else ""
    return ", ".join(listed[:limit]) + more

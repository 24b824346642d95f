"""Colour, only where it is a terminal that shows it."""

from __future__ import annotations

import sys
from dataclasses import dataclass


@dataclass(frozen=True)
class Paint:
    """Paints text, or leaves it as it is."""

    on: bool

    @classmethod
    def of_terminal(cls) -> Paint:
        """Colour when standard output is a terminal."""
        return cls(sys.stdout.isatty())

    def good(self, text: str) -> str:
        """What went well."""
        return self._in("32", text)

    def bad(self, text: str) -> str:
        """What went wrong."""
        return self._in("31", text)

    def faint(self, text: str) -> str:
        """What matters less."""
        return self._in("2", text)

    def _in(self, code: str, text: str) -> str:
        return f"\x1b[{code}m{text}\x1b[0m" if self.on and text else text

"""Names of people, teams, services, assets and groups, for one reader."""

from __future__ import annotations

from store.directory import Directory


class Names:
    """Says what things are called in the reader's language."""

    def __init__(self, directory: Directory, locale: str) -> None:
        self._directory = directory
        self._locale = locale

    def of(self, kind: str, id: str) -> str:
        """A name in the reader's language; "" for nobody, the id for what has no name."""
        return self._directory.name_of(kind, id, self._locale)

    def by_locale(self, kind: str, id: str) -> dict[str, str]:
        """A name in every language it is known in."""
        return dict(self._directory.names(kind, id))

"""Teams, groups, rosters and people that a process names, against those an organisation has."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from domain.errors import Problem
from domain.language.loader import Loaded
from domain.language.models import Route, Selector
from domain.language.places import Path, Places
from domain.language.suggest import did_you_mean, one_of
from domain.language.unused import live_parts
from domain.language.yaml_source import plain, read_yaml

CODE = "not-in-organisation"


@dataclass(frozen=True)
class OrganisationNames:
    """What an organisation file has, by what a process calls it."""

    file: str
    team: frozenset[str]
    group: frozenset[str]
    roster: frozenset[str]
    person: frozenset[str]


def organisation_names(file: str, text: str | bytes) -> OrganisationNames | None:
    """The names in an organisation file; None when it is none, or cannot be read (which is said of it elsewhere)."""
    root = read_yaml(file, text).root
    data = plain(root) if root is not None else None
    if not isinstance(data, dict) or data.get("kind") != "organisation":
        return None

    def names(section: str) -> frozenset[str]:
        found = data.get(section)
        return frozenset(map(str, found)) if isinstance(found, dict) else frozenset()

    return OrganisationNames(file, names("teams"), names("groups"), names("on_call"), names("people"))


def not_in_organisation(loaded: Loaded, known: OrganisationNames) -> list[Problem]:
    """A warning for each name in a process, and in what it uses of libraries, that the organisation does not have.

    Warnings: the organisation changes from day to day, and whoever is missing today may be there tomorrow.
    """
    if loaded.root is None:
        return []
    places = Places(loaded.root, loaded.sources)
    sections = {"lead": "team", "on-call": "roster"}
    found = []
    for path, kind, name in _named(loaded):
        what = sections.get(kind, kind)
        names: frozenset[str] = getattr(known, what)
        if name not in names:
            hint = did_you_mean(name, sorted(names)) or (f"; known: {one_of(sorted(names))}" if names else "")
            message = f'{known.file} has no {what} "{name}"{hint}'
            found.append(places.problem(path, message, severity="warning", code=CODE))
    return sorted(found, key=lambda one: (one.file, one.line, one.column))


def _named(loaded: Loaded) -> Iterator[tuple[Path, str, str]]:
    """Where a name stands, its kind, and the name."""
    for path, part in live_parts(loaded):
        if isinstance(part, Selector):
            kind, _, name = part.partition(":")
            if kind in ("team", "lead", "group", "on-call", "person"):
                yield path, kind, name
        elif isinstance(part, Route) and "{{" not in part.team:
            yield (*path, "team"), "team", str(part.team)

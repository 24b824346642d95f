"""From file names to checked definitions: every problem at once, sorted by file and line."""

from __future__ import annotations

import hashlib
import json
import posixpath
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from domain.errors import Problem
from domain.expressions import Scope
from domain.language.building import build
from domain.language.checks import check_process
from domain.language.merge import SHARED, Item, Merged, Reader, merge, read_once
from domain.language.models import Json, Library, Process
from domain.language.names import Names
from domain.language.places import Places
from domain.language.scope import Scopes
from domain.language.yaml_source import Mark, Node, plain, walk

if TYPE_CHECKING:
    from domain.language.models_tests import TestsFile

_UNMARKED = ("calendars", "freezes", "maintenance", "meta")  # no rule of a ticket points at these

__all__ = [
    "Loaded",
    "LoadedTests",
    "Reader",
    "definition_marks",
    "load_library",
    "load_process",
    "load_tests",
    "read_once",
    "reload",
    "understood",
]


@dataclass(frozen=True)
class Loaded:
    """A process definition with all it extends and uses, as far as it could be understood.

    `process` is None when too little of it is there to build a model; with problems it may be incomplete.
    `sources` is the text of every file that was read, by name.
    """

    process: Process | None
    problems: tuple[Problem, ...]
    sources: Mapping[str, str]
    lineage: tuple[str, ...] = ()  # ids of the processes it extends, nearest first
    imported: frozenset[Item] = frozenset()  # items that come from libraries, untouched
    root: Node | None = field(default=None, repr=False)

    @property
    def ok(self) -> bool:
        """A process without errors; there may be warnings."""
        return self.process is not None and all(problem.severity != "error" for problem in self.problems)

    @cached_property
    def marks(self) -> dict[str, Mark]:
        """Where everything stands, by dotted path such as `clocks.response.at.50%.0`."""
        return _marks(self.root)

    @cached_property
    def source_hash(self) -> str:
        """sha256 of the sources: the same files, whatever the day and the holiday data."""
        text = json.dumps(sorted(self.sources.items()), ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()

    @property
    def data(self) -> dict[str, Json]:
        """The merged definition as plain data, in the order it is written."""
        return plain(self.root) if self.root is not None else {}


@dataclass(frozen=True)
class LoadedTests:
    """A file of test cases."""

    tests: TestsFile | None
    problems: tuple[Problem, ...]
    sources: Mapping[str, str]
    root: Node | None = field(default=None, repr=False)
    earlier: Mapping[str, Loaded] = field(default_factory=dict, repr=False)  # versions that cases open with

    @property
    def ok(self) -> bool:
        """No errors."""
        return self.tests is not None and all(problem.severity != "error" for problem in self.problems)

    @cached_property
    def marks(self) -> dict[str, Mark]:
        """Where everything stands, by dotted path such as `cases.0.steps.2.expect`."""
        return _marks(self.root)


def load_process(entry: str, read: Reader, *, known_processes: frozenset[str] = frozenset()) -> Loaded:
    """Load and check a process. `known_processes`: ids that links and new tickets may name."""
    return _checked(merge(entry, read, "process"), known_processes)


def understood(entry: str, read: Reader) -> Process | None:
    """A process as far as it can be understood, unchecked: what another one that is checked wants to know of it."""
    merged = merge(entry, read, "process")
    return build(Process, merged.root, merged.sources).model if merged.root is not None else None


def load_library(entry: str, read: Reader) -> Loaded:
    """A library with what it uses. The names in it are only known where a process uses it, so its shape is checked."""
    merged = merge(entry, read, "library")
    problems = list(merged.problems)
    if merged.root is not None:
        problems += build(Library, merged.root, merged.sources).problems
    return Loaded(None, _sorted(problems), merged.sources, root=merged.root)


def reload(loaded: Loaded, root: Node, *, known_processes: frozenset[str] = frozenset()) -> Loaded:
    """The same process with other nodes, checked anew; its files are not read again."""
    merged = Merged(root, [], dict(loaded.sources), loaded.lineage, loaded.imported)
    return _checked(merged, known_processes)


def _checked(merged: Merged, known_processes: frozenset[str]) -> Loaded:
    problems = list(merged.problems)
    if merged.root is None:
        return Loaded(None, _sorted(problems), merged.sources)
    for library in merged.libraries.values():
        problems += build(Library, _head(library), merged.sources).problems
    built = build(Process, merged.root, merged.sources)
    problems += built.problems
    if built.model is not None and merged.complete and not _lacks_a_section(problems):
        whole = not any(problem.severity == "error" for problem in problems)
        problems += check_process(built.model, built.root, merged, known_processes, whole=whole)
    return Loaded(
        built.model, _sorted(problems), merged.sources, merged.lineage, merged.imported, merged.root
    )


def load_tests(entry: str, read: Reader) -> LoadedTests:
    """Load a file of test cases.

    Names in it are checked against its process when that loads; the process's own problems are its own.
    """
    from domain.language.checks_tests import Version, check_tests
    from domain.language.models_tests import TestsFile

    merged = merge(entry, read, "tests")
    if merged.root is None:
        return LoadedTests(None, _sorted(merged.problems), merged.sources)
    built = build(TestsFile, merged.root, merged.sources)
    problems = [*merged.problems, *built.problems]
    earlier: dict[str, Loaded] = {}
    if built.model is not None:
        file = posixpath.normpath(posixpath.join(posixpath.dirname(entry), built.model.process))
        if read(file) is None:
            places = Places(built.root, merged.sources)
            problems.append(
                places.problem(("process",), f'there is no file "{built.model.process}"', code="file")
            )
        loaded = load_process(file, read)
        earlier = _earlier(entry, built.model, read)
        problems += check_tests(
            built.model,
            built.root,
            merged.sources,
            Version(loaded.process, _readable(loaded)),
            {name: Version(one.process if one.ok else None, _readable(one)) for name, one in earlier.items()},
            whole=not built.problems,
        )
    return LoadedTests(built.model, _sorted(problems), merged.sources, merged.root, earlier)


def _earlier(entry: str, tests: TestsFile, read: Reader) -> dict[str, Loaded]:
    """The older versions that cases open tickets with, by the name that is written."""
    names = dict.fromkeys(case.opened_with for case in tests.cases if case.opened_with)
    files = {name: posixpath.normpath(posixpath.join(posixpath.dirname(entry), name)) for name in names}
    return {name: load_process(file, read) for name, file in files.items()}


def _readable(loaded: Loaded) -> Scope | None:
    """What conditions about its tickets can read; None while the process has errors."""
    if loaded.process is None or loaded.root is None or not loaded.ok:
        return None
    return Scopes(loaded.process, Names(loaded.process, loaded.root)).base


def _lacks_a_section(problems: list[Problem]) -> bool:
    """Whether a section is misspelt, so that every name in it would be reported as unknown."""
    return any(problem.column == 1 and problem.message.startswith("unknown key") for problem in problems)


def _head(library: Node) -> Node:
    """What a library says besides the items that were merged into the process."""
    merged = (*SHARED, "priority")
    rest = {
        name: node
        for name, node in library.value.items()
        if name not in merged or (name != "priority" and not isinstance(node.value, dict))
    }
    return Node(rest, library.mark, library.key)


def _sorted(problems: list[Problem]) -> tuple[Problem, ...]:
    """By place, each once."""
    return tuple(sorted(set(problems), key=lambda one: (one.file, one.line, one.column, one.message)))


def _marks(root: Node | None) -> dict[str, Mark]:
    if root is None:
        return {}
    return {".".join(map(str, path)): node.place for path, node in walk(root) if path}


def definition_marks(root: Node) -> dict[str, str]:
    """`file:line` by path, only where it differs from the nearest path above; of what is in the definition."""
    found: dict[str, str] = {}
    for name, node in root.value.items():
        if name not in _UNMARKED and isinstance(node.value, dict | list):
            _collect(node, name, "", found)
    return found


def _collect(node: Node, path: str, above: str, found: dict[str, str]) -> None:
    here = str(node.place)
    if here != above:
        found[path] = here
    if isinstance(node.value, dict):
        for name, child in node.value.items():
            _collect(child, f"{path}.{name}", here, found)
    elif isinstance(node.value, list):
        for index, child in enumerate(node.value):
            _collect(child, f"{path}.{index}", here, found)

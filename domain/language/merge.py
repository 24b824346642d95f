"""Files into one definition: `uses` brings the named items of libraries, `extends` inherits one parent.

Everything happens on located nodes, so every value keeps the file and line it really stands in.
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable
from dataclasses import dataclass, field

from domain.errors import MOST_PROBLEMS, Problem
from domain.language.suggest import did_you_mean
from domain.language.yaml_source import Mark, Node, Source, read_yaml

Reader = Callable[[str], "str | bytes | Source | None"]
"""File name, relative and with forward slashes → its text, or what was read of it; None when there is no such file."""


def read_once(read: Reader) -> Reader:
    """The same files, each read once, however many definitions use it. They share its nodes, which nobody changes."""
    found: dict[str, Source | None] = {}

    def source(name: str) -> Source | None:
        if name not in found:
            content = read(name)
            found[name] = read_yaml(name, content) if isinstance(content, str | bytes) else content
        return found[name]

    return source


SHARED = (
    "fields",
    "forms",
    "rules",
    "tables",
    "roles",
    "escalations",
    "approvals",
    "tasks",
    "notifications",
    "calendars",
    "agreements",
    "freezes",
    "maintenance",
)
"""Sections whose items a library can give, by name. `priority` can come from a library too, as a whole."""

_NOT_INHERITED = ("kind", "lang", "id", "version", "description", "abstract", "uses", "extends", "migrate")
_KINDS = ("process", "library", "tests")

Item = tuple[str, str]
"""Section and name; `("priority", "")` is the priority."""


@dataclass
class Merged:
    """The result: one tree of nodes, and what it was made from."""

    root: Node | None
    problems: list[Problem] = field(default_factory=list)
    sources: dict[str, str] = field(default_factory=dict)
    lineage: tuple[str, ...] = ()  # ids of the parents, nearest first
    imported: frozenset[Item] = frozenset()  # items that come from libraries, untouched
    libraries: dict[str, Node] = field(default_factory=dict)  # by file
    complete: bool = True  # False: a file it uses or extends could not be had


def merge(entry: str, read: Reader, kind: str) -> Merged:
    """Read a file of this kind and everything it uses or extends."""
    merger = _Merger(read)
    view = merger.view(posixpath.normpath(entry), kind)
    if view is None:
        return Merged(None, merger.problems, merger.sources)
    imported = frozenset(item for item, node in view.items.items() if _at(view.root, item) is node)
    libraries = {name: root for name, root in merger.libraries.items() if root is not view.root}
    return Merged(
        view.root, merger.problems, merger.sources, tuple(view.lineage), imported, libraries, merger.complete
    )


@dataclass
class _View:
    """A file with all it inherits and imports."""

    root: Node
    items: dict[Item, Node]  # of libraries
    lineage: list[str]


class _Merger:
    def __init__(self, read: Reader) -> None:
        self.read = read
        self.problems: list[Problem] = []
        self.sources: dict[str, str] = {}
        self.roots: dict[str, Node | None] = {}
        self.libraries: dict[str, Node] = {}
        self.complete = True
        self.stack: list[str] = []

    def refuse(self, mark: Mark, message: str) -> None:
        if len(self.problems) < MOST_PROBLEMS:
            self.problems.append(Problem(*mark, message, code="file"))

    def file(self, name: str, kinds: tuple[str, ...], asked: Mark | None) -> Node | None:
        """The nodes of one file, read once; None when it is absent, broken or of another kind."""
        if name not in self.roots:
            content = self.read(name)
            if content is None:
                self.refuse(asked or Mark(name, 1, 1), f'there is no file "{name}"')
                return None
            source = content if isinstance(content, Source) else read_yaml(name, content)
            self.sources[name] = source.text
            self.problems.extend(source.problems)
            self.roots[name] = source.root
        root = self.roots[name]
        if root is None:
            return None
        kind = root.value.get("kind")
        if kind is None:
            self.refuse(root.mark, f'"kind" is missing; write `kind: {kinds[0]}` at the top')
        elif kind.value not in _KINDS:
            hint = did_you_mean(str(kind.value), _KINDS)
            self.refuse(kind.mark, f'"{kind.value}" is not one of: {", ".join(_KINDS)}{hint}')
        elif kind.value not in kinds:
            self.refuse(
                asked or kind.mark, f'"{name}" is a {kind.value} file; a {kinds[0]} file is wanted here'
            )
        else:
            return root
        return None

    def view(self, name: str, kind: str, asked: Mark | None = None) -> _View | None:
        root = self.file(name, (kind,), asked)
        if root is None:
            return None
        if kind == "tests":
            return _View(root, {}, [])
        self.stack.append(name)
        base = self.parent(name, root)
        if base is None and isinstance(_value(root, "extends"), str):
            self.stack.pop()
            return None  # without its parent nearly everything would be reported as missing
        items = dict(base.items) if base else {}
        top = dict(base.root.value) if base else {}
        for item, node in self.used(name, root).items():
            self.add(top, item, node, items)
        own = root.value
        for item in items.keys() - (base.items.keys() if base else ()):
            clash = _at(root, item)
            if clash is not None:
                self.clash(clash.place, item, items[item].place)
        view = _View(Node(top, root.mark), items, [])
        if base:
            view.lineage = [*_id_of(base.root), *base.lineage]
            for key in _NOT_INHERITED:
                top.pop(key, None)
            view.root = self.over(view.root, root)
        else:
            for key, node in own.items():
                shared = key in SHARED and isinstance(node.value, dict)
                top[key] = Node(_section(top.get(key)) | node.value, node.mark, node.key) if shared else node
        self.stack.pop()
        return view

    def parent(self, name: str, root: Node) -> _View | None:
        extends = root.value.get("extends")
        if extends is None or not isinstance(extends.value, str):
            return None  # of the wrong type: reported when the model is built
        target = self.resolve(name, extends)
        if target is None:
            return None
        return self.view(target, "process", extends.mark)

    def used(self, name: str, root: Node) -> dict[Item, Node]:
        """Items of the libraries a file uses, and of those they use."""
        found: dict[Item, Node] = {}
        uses = root.value.get("uses")
        for use in uses.value if uses and isinstance(uses.value, list) else []:
            target = self.resolve(name, use) if isinstance(use.value, str) else None
            library = self.file(target, ("library",), use.mark) if target else None
            if target is None or library is None:
                self.complete = False
                continue
            self.libraries[target] = library
            self.stack.append(target)
            inner = self.used(target, library)
            self.stack.pop()
            for item, node in (inner | _items(library)).items():
                other = found.get(item) or (inner.get(item) if item in _items(library) else None)
                if other is not None and other is not node:
                    self.clash(node.place, item, other.place)
                else:
                    found[item] = node
        return found

    def resolve(self, name: str, use: Node) -> str | None:
        target = posixpath.normpath(posixpath.join(posixpath.dirname(name), use.value))
        if target.startswith(("/", "../")) or target == ".." or "\\" in target or "\0" in target:
            self.refuse(use.mark, f'"{use.value}" leads out of the folder of definitions')
        elif target in self.stack:
            chain = " → ".join([*self.stack[self.stack.index(target) :], target])
            self.refuse(use.mark, f"the files go round in a circle: {chain}")
        else:
            return target
        return None

    def add(self, top: dict[str, Node], item: Item, node: Node, items: dict[Item, Node]) -> None:
        section, name = item
        if items.get(item) is node:  # the parent uses the same library
            return
        present = top.get(section) if not name else _section(top.get(section)).get(name)
        if present is not None:
            self.clash(node.place, item, present.place)
            return
        items[item] = node
        if not name:
            top[section] = node
        else:
            place = top.get(section, node)
            top[section] = Node(_section(top.get(section)) | {name: node}, place.mark, place.key)

    def clash(self, mark: Mark, item: Item, other: Mark) -> None:
        what = f'"{item[1]}" of {item[0]}' if item[1] else f'"{item[0]}"'
        self.refuse(
            mark, f"{what} is already defined in {other.file}:{other.line}; rename or remove one of them"
        )

    def over(self, base: Node, over: Node) -> Node:
        """The parent's node with the child's on top: mappings by key, the rest replaces, null removes."""
        if not isinstance(base.value, dict) or not isinstance(over.value, dict):
            return over
        merged = dict(base.value)
        for name, child in over.value.items():
            if child.broken:
                continue  # an empty value; the parent's stays
            if child.value is None:
                if merged.pop(name, None) is None:
                    message = f'there is no "{name}" to remove here{did_you_mean(name, base.value)}'
                    self.refuse(child.place, message)
            elif name in merged:
                merged[name] = self.over(merged[name], child)
            else:
                merged[name] = child
        return Node(merged, base.mark, base.key)


def _value(root: Node, key: str) -> object:
    node = root.value.get(key)
    return node.value if node is not None else None


def _items(library: Node) -> dict[Item, Node]:
    found: dict[Item, Node] = {}
    for section in SHARED:
        for name, node in _section(library.value.get(section)).items():
            found[(section, name)] = node
    if "priority" in library.value:
        found[("priority", "")] = library.value["priority"]
    return found


def _section(node: Node | None) -> dict[str, Node]:
    return node.value if node is not None and isinstance(node.value, dict) else {}


def _at(root: Node, item: Item) -> Node | None:
    node: Node | None = root.value.get(item[0])
    return node if not item[1] else _section(node).get(item[1])


def _id_of(root: Node) -> list[str]:
    node = root.value.get("id")
    return [node.value] if node is not None and isinstance(node.value, str) else []

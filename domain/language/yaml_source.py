"""YAML text to nodes that know where they stand: PyYAML's C parser events, read by our own rules.

Only `true`, `false`, `null` and decimal numbers mean something else than text. Anchors, aliases, tags, merge
keys, duplicate keys, several documents and oversized files are refused with their position.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, NamedTuple

import yaml

from domain.errors import MOST_PROBLEMS, Problem
from domain.language.yaml_hints import empty_value_hint, odd_indent, syntax_problem, tag_hint

MAX_BYTES = 1024 * 1024
MAX_DEPTH = 32
MAX_NODES = 50_000
MAX_DIGITS = 15  # a longer number is an identifier; read as a float it would lose digits

_NUMBER = re.compile(r"-?(?:0|[1-9]\d*)(\.\d+)?\Z", re.ASCII)
_WORDS = {"true": True, "false": False, "null": None}
# Control characters, and those that libyaml takes for line ends or that nobody can see.
_UNWANTED = re.compile(
    "[^\\t\\n\\x20-\\x7e\\xa0-\\u2027\\u202a-\\ud7ff\\ue000-\\ufefe\\uff00-\\ufffd\\U00010000-\\U0010ffff]"
)


class Mark(NamedTuple):
    """Where something stands: file, 1-based line and column."""

    file: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


class Node:
    """One YAML value: a scalar, a list of nodes or a mapping of nodes, with the marks of value and key."""

    __slots__ = ("broken", "key", "mark", "value")

    def __init__(self, value: Any, mark: Mark, key: Mark | None = None) -> None:
        self.value = value  # None, bool, int, float, str, list[Node] or dict[str, Node]
        self.mark = mark
        self.key = key  # where the key stands; None outside mappings
        self.broken = False  # what is wrong with it has been said already

    @property
    def place(self) -> Mark:
        """Where a reader looks for it: its key if it has one."""
        return self.key or self.mark


@dataclass(frozen=True, slots=True)
class Source:
    """One file, read. `root` is None when there is nothing usable; `text` is without byte order mark."""

    file: str
    text: str
    root: Node | None
    problems: tuple[Problem, ...]


def read_yaml(file: str, content: str | bytes) -> Source:
    """Read one YAML file. Never raises for bad content: every finding is a problem with its position."""
    if not yaml.__with_libyaml__:
        raise RuntimeError("this PyYAML was built without libyaml; install the wheel of PyYAML, which has it")
    text, problems = _decode(file, content)
    if problems:
        return Source(file, text, None, _coded(problems))
    builder = _Builder(file, text)
    try:
        root = builder.document()
    except _Stop:
        root = None
    except yaml.MarkedYAMLError as error:
        problem = syntax_problem(file, text, error)
        if all(other.line != problem.line for other in builder.problems):  # else it only follows from that
            builder.problems.append(problem)
        root = None
    except yaml.YAMLError as error:
        builder.problems.append(Problem(file, 1, 1, f"this is not YAML: {error}"))
        root = None
    return Source(file, text, root, _coded(builder.problems))


def _coded(problems: list[Problem]) -> tuple[Problem, ...]:
    return tuple(replace(problem, code="yaml") for problem in problems)


def plain(node: Node) -> Any:
    """The node's value without marks."""
    value = node.value
    if isinstance(value, dict):
        return {name: plain(child) for name, child in value.items()}
    if isinstance(value, list):
        return [plain(child) for child in value]
    return value


def walk(node: Node, path: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], Node]]:
    """The node and everything below it, each with its path."""
    yield path, node
    if isinstance(node.value, dict):
        for name, child in node.value.items():
            yield from walk(child, (*path, name))
    elif isinstance(node.value, list):
        for index, child in enumerate(node.value):
            yield from walk(child, (*path, index))


def _decode(file: str, content: str | bytes) -> tuple[str, list[Problem]]:
    if len(content) > MAX_BYTES or (
        isinstance(content, str) and len(content) * 4 > MAX_BYTES and _bytes(content) > MAX_BYTES
    ):
        return "", [Problem(file, 1, 1, "the file is larger than 1 MiB; split it into libraries")]
    if isinstance(content, bytes):
        if content.startswith((b"\xff\xfe", b"\xfe\xff")):
            return "", [Problem(file, 1, 1, "the file is UTF-16; save it as UTF-8")]
        try:
            text = content.decode("utf-8")
        except UnicodeDecodeError as error:
            before = content[: error.start].decode("utf-8")
            line, column = position(before, len(before))
            return "", [
                Problem(
                    file, line, column, f"byte 0x{content[error.start]:02x} is not UTF-8; save it as UTF-8"
                )
            ]
    else:
        text = content
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    problems = []
    for found in _UNWANTED.finditer(text):
        line, column = position(text, found.start())
        code = f"U+{ord(found.group()):04X}"
        problems.append(
            Problem(file, line, column, f"the character {code} may not stand in a definition; remove it")
        )
        if len(problems) == 20:
            break
    return text, problems


def _bytes(text: str) -> int:
    return len(text.encode("utf-8", "surrogatepass"))


def position(text: str, index: int) -> tuple[int, int]:
    """1-based line and column of an index in a text."""
    start = text.rfind("\n", 0, index) + 1
    return text.count("\n", 0, index) + 1, index - start + 1


class _Stop(Exception):
    """Reading on makes no sense; the problem is noted."""


class _Builder:
    """Builds nodes from parser events."""

    def __init__(self, file: str, text: str) -> None:
        self.file = file
        self.text = text
        self.problems: list[Problem] = []
        self.count = 0
        self.odd: set[int] = set()  # lines of which it is said how they are indented
        self.next: Callable[[], Any] = yaml.CBaseLoader(text).get_event

    def document(self) -> Node | None:
        self.next()  # the stream starts
        event = self.next()
        if isinstance(event, yaml.StreamEndEvent):
            self.refuse(Mark(self.file, 1, 1), "the file is empty")
            return None
        if event.version or event.tags:
            self.refuse(self.mark(event), "a % directive may not stand in a definition; remove the line")
        root = self.node(self.next(), 1)
        self.next()  # the document ends
        event = self.next()
        if not isinstance(event, yaml.StreamEndEvent):
            self.refuse(self.mark(event), "a second document starts here; write one definition per file")
            raise _Stop
        if not isinstance(root.value, dict):
            self.refuse(root.mark, "a definition is a mapping: it starts with lines such as `kind: process`")
            return None
        return root

    def refuse(self, mark: Mark, message: str) -> None:
        if len(self.problems) >= MOST_PROBLEMS:
            self.problems.append(Problem(*mark, f"more than {MOST_PROBLEMS} mistakes; the rest is not read"))
            raise _Stop
        self.problems.append(Problem(*mark, message))

    def mark(self, event: Any) -> Mark:
        mark = event.start_mark
        return Mark(self.file, mark.line + 1, mark.column + 1)

    def node(self, event: Any, depth: int) -> Node:
        kind = type(event)
        start = event.start_mark
        mark = Mark(self.file, start.line + 1, start.column + 1)
        self.count += 1
        if self.count > MAX_NODES:
            self.refuse(mark, f"more than {MAX_NODES:,} values in one file; split it into libraries")
            raise _Stop
        if kind is yaml.ScalarEvent:
            value = event.value
            node = Node(_scalar(value) if event.implicit[0] else value, mark)
            if event.anchor or event.tag:
                self.no_extras(event, mark)
                node.broken = event.tag is not None
            return node
        if kind is yaml.AliasEvent:
            self.refuse(
                mark,
                f'the alias "*{event.anchor}" is not allowed; quote text that starts with *',
            )
            return _broken(mark)
        if event.anchor or event.tag:
            self.no_extras(event, mark)
        if depth > MAX_DEPTH:
            self.refuse(mark, f"nested more than {MAX_DEPTH} levels deep")
            raise _Stop
        if kind is yaml.MappingStartEvent:
            return self.mapping(mark, depth, flow=bool(event.flow_style))
        items: list[Node] = []
        event = self.next()
        while type(event) is not yaml.SequenceEndEvent:
            items.append(self.node(event, depth + 1))
            if items[-1].value is None and self.is_empty(event):
                self.refuse(items[-1].mark, "this list item is empty; write a value or remove the dash")
                items[-1].broken = True
            event = self.next()
        return Node(items, mark)

    def mapping(self, mark: Mark, depth: int, *, flow: bool) -> Node:
        entries: dict[str, Node] = {}
        unusable = False
        event = self.next()
        while type(event) is not yaml.MappingEndEvent:
            key = self.mark(event)
            name = self.key_name(event, key, depth)
            unusable = unusable or name is None
            value_event = self.next()
            child = self.node(value_event, depth + 1)
            child.key = key
            if name is not None:
                if name in entries:
                    first = entries[name].place
                    self.refuse(
                        key, f'"{name}" is written twice here, first in line {first.line}; remove one'
                    )
                elif child.value is None and self.is_empty(value_event):
                    if flow or not self.is_odd(self.next_written(key.line)):
                        self.refuse(key, empty_value_hint(name, flow=flow))
                    child.broken = True
                    unusable = unusable or flow  # a comma has torn a text apart
                    entries[name] = child
                else:
                    entries[name] = child
            event = self.next()
        node = Node(entries, mark)
        node.broken = unusable
        return node

    def key_name(self, event: Any, mark: Mark, depth: int) -> str | None:
        """The key as text; None (with a problem) when it cannot be one."""
        if type(event) is yaml.ScalarEvent:
            if event.anchor or event.tag:
                self.no_extras(event, mark)
            if not event.style and odd_indent(event.value) and self.is_odd(mark.line):
                return None
            if event.value == "<<" and not event.style:
                self.refuse(mark, "the merge key << is not allowed; use `extends` or a library")
                return None
            return str(event.value)
        before = len(self.problems)
        self.node(event, depth + 1)
        del self.problems[before:]  # what is wrong inside follows from what is said here
        if mark.column > 1 and self.rest_of_line(Mark(mark.file, mark.line, mark.column - 1)).startswith(
            "{{"
        ):
            self.refuse(
                Mark(mark.file, mark.line, mark.column - 1),
                'text that starts with {{ needs quotes: "{{ … }}"',
            )
        else:
            self.refuse(mark, "a key must be text; quote text that starts with [ or { or *")
        return None

    def is_odd(self, line: int) -> bool:
        """Whether a line is indented with a character that only looks like a space; said once."""
        found = odd_indent(self.lines[line - 1]) if line <= len(self.lines) else None
        if found is not None and line not in self.odd:
            self.odd.add(line)
            self.refuse(Mark(self.file, line, found[0]), found[1])
        return found is not None

    def next_written(self, line: int) -> int:
        """The next line with anything on it; one more than there are when there is none."""
        return next(
            (at + 1 for at in range(line, len(self.lines)) if self.lines[at].strip()), len(self.lines) + 1
        )

    def no_extras(self, event: Any, mark: Mark) -> None:
        if event.anchor:
            self.refuse(mark, f'the anchor "&{event.anchor}" is not allowed; quote text that starts with &')
        if event.tag:
            self.refuse(mark, tag_hint(event.tag, self.rest_of_line(mark)))

    def rest_of_line(self, mark: Mark) -> str:
        """What is written from here on, as much of it as a hint needs."""
        return self.lines[mark.line - 1][mark.column - 1 : mark.column + 99]

    @cached_property
    def lines(self) -> list[str]:
        return self.text.split("\n")

    @staticmethod
    def is_empty(event: Any) -> bool:
        return type(event) is yaml.ScalarEvent and not event.value and not event.style


def _broken(mark: Mark) -> Node:
    node = Node(None, mark)
    node.broken = True
    return node


def _scalar(value: str) -> object:
    if value in _WORDS:
        return _WORDS[value]
    if not value:
        return None
    if (value[0].isdigit() or value[0] == "-") and (found := _NUMBER.match(value)):
        if sum(map(str.isdigit, value)) > MAX_DIGITS:
            return value
        return float(value) if found.group(1) else int(value)
    return value

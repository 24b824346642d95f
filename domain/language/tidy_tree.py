"""A YAML text as blocks and lines with its comments, so that it can be written again in another order.

Made from the parser's events for texts that `read_yaml` accepts: no anchors, tags, empty values or directives.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml


@dataclass(slots=True)
class Inline:
    """A scalar or a { } or [ ], as it is written; lines after the first are kept whole."""

    lines: list[str]
    block: bool = False  # a text after | or >
    flow: Flow | None = None  # of a { } or [ ] on one line


@dataclass(slots=True)
class Flow:
    """A { } or [ ] on one line; its parts are texts or flows."""

    is_mapping: bool
    parts: list[tuple[str, str | Flow]]  # the key as written ("" in a list), the value
    gaps: list[str]  # white space before each part but the first, where it is more than one blank


@dataclass(slots=True)
class Entry:
    """A key or list item with its value. Lines are comments and blank lines, without indentation."""

    line: int
    column: int
    key: str  # as written; "" for a list item
    name: str  # the key's value
    value: Inline | Block
    leading: list[str] = field(default_factory=list)
    comment: str = ""  # behind the key or the value on its line
    comment_column: int = 0
    value_line: int = 0
    value_column: int = 0


@dataclass(slots=True)
class Block:
    """A mapping or list written in lines."""

    is_list: bool
    line: int
    column: int
    entries: list[Entry]
    tail: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Tree:
    """A whole file."""

    root: Block
    tail: list[str]

    def comments(self) -> list[str]:
        """Every comment, sorted: none may get lost."""
        found = [line for line in self.tail if line]
        for block in blocks(self.root):
            found += [line for line in block.tail if line]
            for entry in block.entries:
                found += [line for line in entry.leading if line]
                found += [entry.comment] if entry.comment else []
                if isinstance(entry.value, Inline) and not entry.value.block and len(entry.value.lines) > 1:
                    found += entry.value.lines  # comments inside are kept with the lines
        return sorted(line.strip() for line in found)


def blocks(block: Block) -> Iterator[Block]:
    """A block and all inside it, in the order of the file."""
    yield block
    for entry in block.entries:
        if isinstance(entry.value, Block):
            yield from blocks(entry.value)


def tree_of(text: str) -> Tree:
    """Read a text that `read_yaml` accepts."""
    reader = _Reader(text)
    root = reader.document()
    tree = Tree(root, [])
    _place_comments(tree, reader)
    return tree


class _Reader:
    def __init__(self, text: str) -> None:
        self.lines = text.split("\n")
        self.next = yaml.CBaseLoader(text).get_event
        self.taken: set[int] = set()  # lines with something else than comments
        self.ends: dict[int, int] = {}  # line → column behind the last thing on it

    def document(self) -> Block:
        self.next()
        self.next()
        value, _, _ = self.value(self.next(), root=True)
        assert isinstance(value, Block), "a definition is a mapping in lines"
        return value

    def take(self, start: Any, end_line: int, end_column: int) -> None:
        self.taken.update(range(start.line, end_line + 1))
        self.ends[end_line] = max(self.ends.get(end_line, 0), end_column)

    def value(self, event: Any, *, root: bool = False) -> tuple[Inline | Block, int, int]:
        """A value with its line and column."""
        start = event.start_mark
        if isinstance(event, yaml.ScalarEvent):
            return self.scalar(event), start.line, start.column
        if event.flow_style and not root:
            return self.flow(event), start.line, start.column
        if isinstance(event, yaml.MappingStartEvent):
            return self.mapping(event), start.line, start.column
        return self.sequence(event), start.line, start.column

    # ---- inline

    def scalar(self, event: Any) -> Inline:
        start, end = event.start_mark, event.end_mark
        if event.style in ("|", ">"):
            last = (
                end.line - 1
                if end.column == 0 or not self.lines[end.line][: end.column].strip()
                else end.line
            )
            if end.line >= len(self.lines):
                last = len(self.lines) - 1
            while last > start.line and not self.lines[last].strip():
                last -= 1
            header = self.lines[start.line][start.column :]
            self.take(start, last, len(self.lines[last]))
            self.ends[start.line] = len(self.lines[start.line])
            return Inline([header.rstrip(), *self.lines[start.line + 1 : last + 1]], block=True)
        self.take(start, end.line, end.column)
        return Inline(self.between(start, end))

    def between(self, start: Any, end: Any) -> list[str]:
        if start.line == end.line:
            return [self.lines[start.line][start.column : end.column]]
        middle = [line.rstrip() for line in self.lines[start.line + 1 : end.line]]
        return [self.lines[start.line][start.column :].rstrip(), *middle, self.lines[end.line][: end.column]]

    def flow(self, event: Any) -> Inline:
        flow, end = self.flow_parts(event)
        self.take(event.start_mark, end.line, end.column)
        lines = self.between(event.start_mark, end)
        return Inline(lines, flow=flow if len(lines) == 1 else None)

    def flow_parts(self, event: Any) -> tuple[Flow, Any]:
        found = Flow(isinstance(event, yaml.MappingStartEvent), [], [])
        before = None
        event = self.next()
        while not isinstance(event, yaml.SequenceEndEvent | yaml.MappingEndEvent):
            if before is not None:
                found.gaps.append(self.gap(before, event.start_mark))
            key = ""
            if found.is_mapping:
                key = "".join(self.between(event.start_mark, event.end_mark))
                event = self.next()
            part: str | Flow
            if isinstance(event, yaml.ScalarEvent):
                part, before = "".join(self.between(event.start_mark, event.end_mark)), event.end_mark
            else:
                part, before = self.flow_parts(event)
            found.parts.append((key, part))
            event = self.next()
        return found, event.end_mark

    def gap(self, end: Any, start: Any) -> str:
        if end.line != start.line:
            return " "
        blank = self.lines[start.line][end.column : start.column].partition(",")[2]
        return blank if len(blank) > 1 else " "

    # ---- blocks

    def mapping(self, event: Any) -> Block:
        found = Block(False, event.start_mark.line, event.start_mark.column, [])
        event = self.next()
        while not isinstance(event, yaml.MappingEndEvent):
            start, end = event.start_mark, event.end_mark
            key = self.lines[start.line][start.column : end.column]
            self.take(start, end.line, end.column + 1)
            value, line, column = self.value(self.next())
            entry = Entry(start.line, start.column, key, str(event.value), value)
            entry.value_line, entry.value_column = line, column
            found.entries.append(entry)
            event = self.next()
        return found

    def sequence(self, event: Any) -> Block:
        column = event.start_mark.column
        found = Block(True, event.start_mark.line, column, [])
        event = self.next()
        while not isinstance(event, yaml.SequenceEndEvent):
            dash = event.start_mark.line
            while self.lines[dash][column : column + 1] != "-" or self.lines[dash][:column].strip(" -"):
                dash -= 1
            self.taken.add(dash)
            self.ends[dash] = max(self.ends.get(dash, 0), column + 1)
            value, line, place = self.value(event)
            found.entries.append(Entry(dash, column, "", "", value, value_line=line, value_column=place))
            event = self.next()
        return found


def _place_comments(tree: Tree, reader: _Reader) -> None:
    """Give every comment to the key or item it stands behind, above or (indented deeper than what follows) below."""
    owners: list[tuple[Entry, tuple[Block, ...]]] = list(_entries(tree.root, ()))
    for entry, _ in owners:
        line = entry.line
        if isinstance(entry.value, Inline) and not entry.value.block:
            line = entry.value_line + len(entry.value.lines) - 1
            if entry.value_line > entry.line and (above_it := _behind(reader, entry.line)):
                entry.leading.append(above_it[0])
        entry.comment, entry.comment_column = _behind(reader, line) or ("", 0)
    _each_comment_once([entry for entry, _ in owners])
    first_on_line: dict[int, Entry] = {}
    last_chain: dict[int, tuple[Block, ...]] = {}
    for entry, chain in owners:
        first_on_line.setdefault(entry.line, entry)
        last_chain[entry.line] = chain
    above: tuple[Block, ...] = ()
    run: list[str] = []
    for number, text in enumerate(reader.lines):
        if number not in reader.taken:
            run.append(text.rstrip())
            continue
        entry_here = first_on_line.get(number)
        if entry_here is not None:
            entry_here.leading = _below(above, run, entry_here.column) + entry_here.leading
            run = []
        above = last_chain.get(number, above)
    tree.tail = _below(above, run, -1)


def _behind(reader: _Reader, line: int) -> tuple[str, int] | None:
    """The comment behind the last thing on a line, and its column."""
    end = reader.ends.get(line, 0)
    rest = reader.lines[line][end:]
    if not rest.lstrip().startswith("#"):
        return None
    return rest.strip(), end + len(rest) - len(rest.lstrip())


def _each_comment_once(entries: list[Entry]) -> None:
    """Of several entries on one line (an item and its first key) the innermost has the comment."""
    seen: dict[int, Entry] = {}
    for entry in entries:
        if not entry.comment:
            continue
        line = entry.line if isinstance(entry.value, Block) else entry.value_line
        outer = seen.get(line)
        if outer is not None and outer.comment_column == entry.comment_column:
            outer.comment = ""
        seen[line] = entry


def _entries(block: Block, chain: tuple[Block, ...]) -> Iterator[tuple[Entry, tuple[Block, ...]]]:
    for entry in block.entries:
        yield entry, (*chain, block)
        if isinstance(entry.value, Block):
            yield from _entries(entry.value, (*chain, block))


def _below(above: tuple[Block, ...], run: list[str], column: int) -> list[str]:
    """Of comment lines: those indented deeper than `column` go to the end of the block above they line up with.

    The others, stripped, are the answer.
    """
    rest = list(run)
    while True:
        index = next((i for i, line in enumerate(rest) if line), None)
        if index is None:
            break
        indent = len(rest[index]) - len(rest[index].lstrip())
        block = next((one for one in reversed(above) if max(column, -1) < one.column <= indent), None)
        if block is None or (column < 0 and block.column == 0):
            break
        block.tail += [line.strip() for line in rest[: index + 1]]
        rest = rest[index + 1 :]
    return [line.strip() for line in rest]

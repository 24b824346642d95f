"""A definition's text in tidy order and style: comments stay, and it means what it meant."""

from __future__ import annotations

from typing import Any

from domain.errors import DefinitionInvalid, EvertickError
from domain.language.tidy_order import KINDS, inside, item, ordered
from domain.language.tidy_tree import Block, Entry, Flow, Inline, tree_of
from domain.language.yaml_source import plain, read_yaml

STEP = 2


class CannotTidy(EvertickError):
    """Written again, a text would not say the same; it is left as it is."""

    code = "cannot_tidy"


def tidied(file: str, content: str | bytes) -> str:
    """The text in tidy order and style; tidying it again changes nothing.

    Raises DefinitionInvalid when it is not YAML as we read it, CannotTidy when a comment or value would change.
    """
    source = read_yaml(file, content)
    if source.root is None or source.problems:
        raise DefinitionInvalid(source.problems)
    kind = source.root.value.get("kind")
    model = KINDS.get(str(kind.value)) if kind else None
    tree = tree_of(source.text)
    written = _written(source.text, model)
    again = read_yaml(file, written)
    if (
        again.root is None
        or again.problems
        or plain(again.root) != plain(source.root)
        or tree_of(written).comments() != tree.comments()
        or _written(written, model) != written
    ):
        raise CannotTidy(f"{file} is written in a way that cannot be tidied safely; it is left as it is")
    return written


def _written(text: str, model: Any) -> str:
    tree = tree_of(text)
    root = tree.root
    header: list[str] = []
    first = root.entries[0]
    if ordered(model, [entry.name for entry in root.entries], top=True)[0] != first.name:
        cut = next(
            (i + 1 for i in range(len(first.leading) - 1, -1, -1) if not first.leading[i]), len(first.leading)
        )
        header, first.leading = first.leading[:cut], first.leading[cut:]
    lines = [*header, *_block(root, 0, model, top=True), *tree.tail]
    return "\n".join(_single_blanks(lines)).strip("\n") + "\n"


def _single_blanks(lines: list[str]) -> list[str]:
    # Blank lines inside texts are part of them, and marked by their writer.
    found: list[str] = []
    for line in lines:
        if line or (found and found[-1]):
            found.append(line)
    return [line.replace(_KEPT_BLANK, "") for line in found]


_KEPT_BLANK = "\x00"
"""Stands for a blank line inside a text until all is written: no definition may hold this character."""


def _block(block: Block, indent: int, kind: Any, *, top: bool = False) -> list[str]:
    entries, kinds = _in_order(block, kind, top=top)
    width = 0 if block.is_list else _aligned(entries)
    lines: list[str] = []
    for index, entry in enumerate(entries):
        leading = entry.leading
        own = _entry(entry, indent, kinds[index], width, leading)
        while not top and index == 0 and leading and not leading[0]:
            leading = leading[1:]
        lines += [" " * indent + line if line else "" for line in leading]
        lines += own
    return lines + [" " * indent + line if line else "" for line in block.tail]


def _in_order(block: Block, kind: Any, *, top: bool) -> tuple[list[Entry], list[Any]]:
    if block.is_list:
        return block.entries, [item(kind)] * len(block.entries)
    names = [entry.name for entry in block.entries]
    by_name = {entry.name: entry for entry in block.entries}
    order = ordered(kind, names, top=top)
    return [by_name[name] for name in order], [inside(kind, names, name) for name in order]


def _aligned(entries: list[Entry]) -> int:
    """How wide the keys are when the author lined the values up as a table; 0 when not."""
    columns = {entry.value_column for entry in entries}
    in_lines = all(
        isinstance(entry.value, Inline) and len(entry.value.lines) == 1 and entry.value_line == entry.line
        for entry in entries
    )
    if (
        len(entries) < 2
        or not in_lines
        or len(columns) != 1
        or len({len(entry.key) for entry in entries}) == 1
    ):
        return 0
    return max(len(entry.key) for entry in entries) + 1


def _entry(entry: Entry, indent: int, kind: Any, width: int, leading: list[str]) -> list[str]:
    """The lines of an entry; what must stand above it is added to `leading`."""
    value = entry.value
    start = " " * indent + (f"{entry.key}:".ljust(width) if entry.key else "-")
    if isinstance(value, Inline):
        lines = _inline(value, entry, indent)
        lines[0] = f"{start} {lines[0]}"
        at = 0 if value.block else len(lines) - 1
        lines[at] = _with_comment(lines[at], entry, indent)
        return lines
    if entry.key:
        deeper = _block(value, indent + STEP, kind)
        return [_with_comment(start, entry, indent), *deeper]
    if entry.comment:
        leading.append(entry.comment)
    first = _in_order(value, kind, top=False)[0][0]
    leading += [line for line in first.leading if line]
    first.leading = []
    deeper = _block(value, indent + STEP, kind)
    return [f"{start} {deeper[0].lstrip()}", *deeper[1:]]


def _with_comment(line: str, entry: Entry, indent: int) -> str:
    if not entry.comment:
        return line
    column = entry.comment_column + indent - entry.column
    return line.ljust(max(column, len(line) + 2)) + entry.comment


def _inline(value: Inline, entry: Entry, indent: int) -> list[str]:
    first, rest = value.lines[0], value.lines[1:]
    if value.block:
        depth = min((len(line) - len(line.lstrip()) for line in rest if line.strip()), default=0)
        shift = 0 if any(char.isdigit() for char in first.split("#")[0]) else indent + STEP - depth
        return [first, *(_shifted(line, shift) for line in rest)]
    if value.flow is not None:
        return [_flow(value.flow)]
    if first[:1] in "{[":
        return [first, *(_shifted(line, indent - entry.column) for line in rest)]
    return [first, *(" " * (indent + STEP) + line.strip() if line.strip() else _KEPT_BLANK for line in rest)]


def _shifted(line: str, by: int) -> str:
    if not line.strip():
        return _KEPT_BLANK
    return " " * by + line if by >= 0 else line[min(-by, len(line) - len(line.lstrip())) :]


def _flow(flow: Flow) -> str:
    """A { } or [ ] on one line: its spaces tidy, its order the author's, since it is read at a glance."""
    parts = [f"{key}: {_part(part)}" if key else _part(part) for key, part in flow.parts]
    opener, closer = "{}" if flow.is_mapping else "[]"
    return f"{opener}{_joined(parts, flow.gaps)}{closer}"


def _part(part: str | Flow) -> str:
    return part if isinstance(part, str) else _flow(part)


def _joined(parts: list[str], gaps: list[str]) -> str:
    text = parts[0] if parts else ""
    for gap, part in zip(gaps, parts[1:], strict=True):
        text += f",{gap}{part}"
    return text

"""From a path in a definition to the place in a file."""

from __future__ import annotations

from collections.abc import Mapping

from domain.errors import Problem
from domain.language.yaml_source import Mark, Node, position

Path = tuple[str | int, ...]


_SEARCHED = 20_000  # characters of one text; nobody counts further


def spelled(path: Path) -> str:
    """A path as people read it, counted from 1: `approvals.leave.stages[1]`."""
    text = "".join(f"[{part + 1}]" if isinstance(part, int) else f".{part}" for part in path)
    return text.removeprefix(".")


class Places:
    """Finds the nearest written place of a path, and of a character inside a text."""

    def __init__(self, root: Node, sources: Mapping[str, str]) -> None:
        self.root = root
        self.sources = sources

    def node(self, path: Path) -> tuple[Node, bool]:
        """The deepest node on the path, and whether it is exactly the one asked for."""
        node, exact = self.root, True
        for part in path:
            value = node.value
            if isinstance(value, dict):
                if part in value:
                    node = value[str(part)]
                    continue
                if isinstance(part, int) and part < len(value):  # written as a mapping, checked as a list
                    node = list(value.values())[part]
                    continue
            elif isinstance(value, list) and isinstance(part, int) and part < len(value):
                node = value[part]
                continue
            exact = False
        return node, exact

    def problem(
        self, path: Path, message: str, *, key: bool = False, severity: str = "error", code: str = "other"
    ) -> Problem:
        """A problem with the value (or, with `key`, the name) at a path; if missing, with its owner."""
        node, exact = self.node(path)
        owner = key or not (exact or not isinstance(node.value, dict | list))
        return Problem(*(node.place if owner else node.mark), message, severity, code)

    def inside(
        self,
        path: Path,
        text: str,
        offset: int,
        message: str,
        severity: str = "error",
        code: str = "expression",
    ) -> Problem:
        """A problem with one character of the text at a path, however it is quoted or folded."""
        node, _ = self.node(path)
        source = self.sources.get(node.mark.file)
        if source is None or node.value != text or offset > _SEARCHED:
            return Problem(*node.mark, message, severity, code)
        place = _place_inside(source, node.mark, text, offset)
        return Problem(node.mark.file, *place, message, severity, code)


def _place_inside(text: str, mark: Mark, value: str, offset: int) -> tuple[int, int]:
    """Line and column of a character of a scalar.

    Folding only changes white space, so the place is found by counting the other characters.
    """
    index = _line_start(text, mark.line) + mark.column - 1
    opener = text[index : index + 1]
    if opener in "|>":
        index = text.find("\n", index) + 1
    elif opener in "\"'":
        index += 1
    before = sum(1 for char in value[:offset] if not char.isspace())
    while before and index < len(text):
        char = text[index]
        if opener == "'" and text.startswith("''", index):
            index += 1
        elif opener == '"' and char == "\\" and index + 1 < len(text):
            index += 1  # an escape stands for one character in all that people write (\", \\, \n)
        if not char.isspace():
            before -= 1
        index += 1
    while (
        index < len(text)
        and text[index].isspace()
        and not value[offset : offset + 1].isspace()
        and offset < len(value)
    ):
        index += 1
    return position(text, index)


def _line_start(text: str, line: int) -> int:
    index = 0
    for _ in range(line - 1):
        index = text.index("\n", index) + 1
    return index

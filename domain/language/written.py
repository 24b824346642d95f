"""A merged definition written as one YAML file again, each line with the place it came from."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import NamedTuple

from domain.language.loader import Loaded
from domain.language.merge import Item
from domain.language.yaml_source import Mark, Node

WIDTH = 100
_FIRST = (
    "kind", "lang", "id", "version", "title", "description", "owner", "number", "locales", "time_zone",
    "abstract", "starts_in", "create", "schedule", "fields", "forms", "rules", "tables", "priority", "routing", "risk",
    "roles", "permissions", "groups", "states", "transitions", "clocks", "escalations", "approvals", "tasks", "links",
    "messages", "notifications", "calendars", "agreements", "freezes", "maintenance",
)  # fmt: skip
_LAST = ("migrate", "meta")
_RESOLVED = ("uses", "extends")  # what they bring is written out

_NUMBER = re.compile(r"[-+]?\.?\d[\d_.,]*(e[-+]?\d+)?\Z|\d+(:\d+)+\Z|0[xo]", re.ASCII | re.IGNORECASE)
# What other readers of YAML 1.1 take for a boolean or for nothing.
_OTHERS = re.compile(r"(y|n|yes|no|on|off|true|false|null|~)\Z", re.IGNORECASE)
_PLAIN_START = re.compile(r"[^\W_]|[(/._+<=]")
_FLOW = re.compile(r"[\w ./()%+<>=-]|[^\x00-\xff]|:(?=[\w/])")


class Line(NamedTuple):
    """One line of YAML and where it was written; None where nobody wrote it."""

    text: str
    place: Mark | None


def whole(loaded: Loaded, left_out: frozenset[Item] = frozenset()) -> Node:
    """The merged definition without `uses` and `extends`, and without the items to leave out.

    Raises ValueError when nothing could be merged.
    """
    if loaded.root is None:
        raise ValueError("there is no definition")
    root = _own_agreements(_without(loaded.root, _RESOLVED), loaded.lineage)
    for section, name in left_out:
        rest = _without(root.value[section], (name,))
        root = Node(root.value | {section: rest}, root.mark) if rest.value else _without(root, (section,))
    return root


def part_of(root: Node, part: str) -> Node:
    """Only what stands at a dotted path such as `clocks.response`, under its keys. Raises KeyError."""
    if not part:
        return root
    children = root.value if isinstance(root.value, dict | list) else {}
    for name, child in children.items() if isinstance(children, dict) else enumerate(children):
        if part == str(name) or part.startswith(f"{name}."):  # a key may have dots itself
            inner = part_of(child, part[len(str(name)) + 1 :])
            return Node({name: inner} if isinstance(root.value, dict) else [inner], root.mark, root.key)
    raise KeyError(part)


def written(root: Node) -> list[Line]:
    """The lines of a merged definition, or of a part of one; read again they give the same."""
    lines: list[Line] = []
    for name in sorted(root.value, key=_order):
        node = root.value[name]
        section = list(_block(Node({name: node}, root.mark), 0))
        if isinstance(node.value, dict) and any(child.place == node.place for child in node.value.values()):
            section[0] = Line(section[0].text, None)  # put together from libraries: nobody wrote this line
        if lines and (len(section) > 1 or name == "fields"):
            lines.append(Line("", None))
        lines += section
    return lines


def _order(name: str) -> tuple[int, int]:
    if name in _FIRST:
        return 0, _FIRST.index(name)
    return (2, _LAST.index(name)) if name in _LAST else (1, 0)


def _without(node: Node, names: tuple[str, ...]) -> Node:
    return Node({name: child for name, child in node.value.items() if name not in names}, node.mark, node.key)


def _own_agreements(root: Node, lineage: tuple[str, ...]) -> Node:
    """What agreements say about the clocks of a parent is said about this process: it has no parent any more."""
    agreements, own = root.value.get("agreements"), root.value.get("id")
    if not lineage or agreements is None or own is None:
        return root
    found = {name: _own_targets(node, str(own.value), lineage) for name, node in agreements.value.items()}
    return Node(
        root.value | {"agreements": Node(found, agreements.mark, agreements.key)}, root.mark, root.key
    )


def _own_targets(agreement: Node, own: str, lineage: tuple[str, ...]) -> Node:
    targets = agreement.value.get("targets")
    if targets is None:
        return agreement
    said: dict[str, Node] = {}
    for process in (own, *lineage):  # the nearest one counts
        for name, node in targets.value.items():
            of, _, clock = name.partition(".")
            if of == process:
                said.setdefault(f"{own}.{clock}", node)
    others = {
        name: node for name, node in targets.value.items() if name.partition(".")[0] not in (own, *lineage)
    }
    merged = Node(said | others, targets.mark, targets.key)
    return Node(agreement.value | {"targets": merged}, agreement.mark, agreement.key)


def _block(node: Node, indent: int) -> Iterator[Line]:
    space = " " * indent
    if isinstance(node.value, dict):
        for name, child in node.value.items():
            yield from _entry(f"{space}{_scalar(name, flow=False)}:", child, indent + 2, child.place)
        return
    for child in node.value:
        if not isinstance(child.value, dict | list) or _on_one_line(child, indent + 2):
            start = f"{space}-"
            if isinstance(child.value, dict) and len(child.value) == 1:  # `- notify: received`
                ((name, inner),) = child.value.items()
                if not isinstance(inner.value, dict | list) or _on_one_line(inner, indent + 4 + len(name)):
                    yield from _entry(
                        f"{space}- {_scalar(name, flow=False)}:", inner, indent + 4, inner.place
                    )
                    continue
            yield from _entry(start, child, indent + 2, child.mark)
            continue
        first, *rest = _block(child, indent + 2)
        yield Line(f"{space}- {first.text[indent + 2 :]}", first.place)
        yield from rest


def _entry(start: str, child: Node, indent: int, place: Mark) -> Iterator[Line]:
    if isinstance(child.value, dict | list):
        if _on_one_line(child, len(start) + 1):
            yield Line(f"{start} {_flow(child)}", place)
        else:
            yield Line(start, place)
            yield from _block(child, indent)
        return
    text = child.value
    if isinstance(text, str) and _fits_a_block(text):
        yield Line(f"{start} |{'' if text.endswith(chr(10)) else '-'}", place)
        for line in text.removesuffix("\n").split("\n"):
            yield Line(" " * indent + line if line else "", None)
    elif isinstance(text, str) and len(text) + len(start) > WIDTH and (folded := _folded(text, indent)):
        yield Line(f"{start} >-", place)
        for line in folded:
            yield Line(" " * indent + line, None)
    else:
        yield Line(f"{start} {_scalar(text, flow=False)}", place)


def _fits_a_block(text: str) -> bool:
    """Several lines that a literal block gives back as they are."""
    body = text.removesuffix("\n")
    return "\n" in text and bool(body) and body[0] not in " \n\t" and not body.endswith("\n")


def _folded(text: str, indent: int) -> list[str]:
    """Lines that folding joins to this text again; none when it cannot be cut like that."""
    if re.search(r"^\s|\s$|\s\s|[^\S ]", text):
        return []
    lines = [""]
    for word in text.split(" "):
        if lines[-1] and indent + len(lines[-1]) + 1 + len(word) > WIDTH:
            lines.append(word)
        else:
            lines[-1] += f" {word}" if lines[-1] else word
    return lines if len(lines) > 1 else []


def _on_one_line(node: Node, before: int) -> bool:
    """Whether its author wrote it on one line, and it still fits there."""
    if not node.value:
        return True
    return _same_line(node, node.place) and before + len(_flow(node)) <= WIDTH + 20


def _same_line(node: Node, place: Mark) -> bool:
    if (node.mark.file, node.mark.line) != (place.file, place.line):
        return False
    if isinstance(node.value, dict):
        return all(_same_line(child, place) for child in node.value.values())
    if isinstance(node.value, list):
        return all(_same_line(child, place) for child in node.value)
    return not (isinstance(node.value, str) and "\n" in node.value)


def _flow(node: Node) -> str:
    if isinstance(node.value, dict):
        return (
            "{"
            + ", ".join(f"{_scalar(name, flow=True)}: {_flow(child)}" for name, child in node.value.items())
            + "}"
        )
    if isinstance(node.value, list):
        return "[" + ", ".join(map(_flow, node.value)) + "]"
    return _scalar(node.value, flow=True)


def _scalar(value: object, *, flow: bool) -> str:
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if not isinstance(value, str):
        return str(value)
    if _is_plain(value, flow=flow):
        return value
    if '"' in value and not re.search(r"[\n\t\\]", value):
        return "'" + value.replace("'", "''") + "'"
    return json.dumps(value, ensure_ascii=False)


def _is_plain(value: str, *, flow: bool) -> bool:
    if not value or value == "<<" or value != value.strip() or re.search(r"[\n\t]", value):
        return False
    if _NUMBER.match(value) or _OTHERS.match(value):
        return False
    if not _PLAIN_START.match(value) or ": " in value or " #" in value or value.endswith(":"):
        return False
    return not flow or all(_FLOW.match(value, at) for at in range(len(value)))

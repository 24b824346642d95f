"""Rows of items: boxes, labels between them, and bends where an edge passes a row. Then their order."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field

from domain.drawing.graph import Box, Edge
from domain.drawing.layering import ranks


@dataclass(slots=True, eq=False)
class Item:
    """A box, the label of an edge, or a bend: the place where an edge passes a row."""

    kind: str  # "box" | "label" | "bend"
    width: float
    height: float
    row: int
    box: str = ""
    x: float = 0.0  # of its middle
    up: list[Item] = field(default_factory=list)
    down: list[Item] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class Chain:
    """An edge as the items it goes through from top to bottom. `upward`: it is drawn from its last to its first."""

    items: list[Item]
    upward: bool


def rows_of(boxes: Sequence[Box], edges: Sequence[Edge], room: float) -> tuple[list[list[Item]], list[Chain]]:
    """The rows from top to bottom, with a chain for each edge; labels wider than the room get several rows.

    No edge leads from a box to itself.
    """
    rank, upward = ranks([box.id for box in boxes], [(edge.source, edge.target) for edge in edges])
    gaps = _gaps(edges, rank)
    between = _rows_between(edges, gaps, max(rank.values(), default=0), room)
    first_row = [0]
    for count in between:
        first_row.append(first_row[-1] + count + 1)
    rows: list[list[Item]] = [[] for _ in range(first_row[-1] + 1)]
    items: dict[str, Item] = {}
    for box in boxes:
        items[box.id] = Item("box", box.width, box.height, first_row[rank[box.id]], box.id)
        rows[items[box.id].row].append(items[box.id])
    filled = [0.0] * len(rows)
    chains = []
    for at, edge in enumerate(edges):
        top, bottom = (edge.target, edge.source) if upward[at] else (edge.source, edge.target)
        inside = range(items[top].row + 1, items[bottom].row)
        gap = range(first_row[gaps[at]] + 1, first_row[gaps[at] + 1])
        label_row = min(gap, key=lambda row: (filled[row], row)) if edge.label[0] else -1
        chain = [items[top]]
        for row in inside:
            if row == label_row:
                item = Item("label", edge.label[0], edge.label[1], row)
                filled[row] += edge.label[0] + 24
            else:
                item = Item("bend", 0, 0, row)
            rows[row].append(item)
            chain.append(item)
        chain.append(items[bottom])
        for upper, lower in itertools.pairwise(chain):
            upper.down.append(lower)
            lower.up.append(upper)
        chains.append(Chain(chain, upward[at]))
    return rows, chains


def _gaps(edges: Sequence[Edge], rank: dict[str, int]) -> list[int]:
    """For each edge the gap below which row of boxes its label stands: where there is most room."""
    used: dict[int, float] = {}
    found = [0] * len(edges)
    span = {at: sorted((rank[edge.source], rank[edge.target])) for at, edge in enumerate(edges)}
    for at in sorted(range(len(edges)), key=lambda at: (span[at][1] - span[at][0], at)):
        low, high = span[at]
        middle = (low + high - 1) / 2
        found[at] = min(range(low, high), key=lambda gap: (used.get(gap, 0) // 300, abs(gap - middle), gap))
        used[found[at]] = used.get(found[at], 0) + edges[at].label[0] + 24
    return found


def _rows_between(edges: Sequence[Edge], gaps: list[int], count: int, room: float) -> list[int]:
    widths = [0.0] * count
    for edge, gap in zip(edges, gaps, strict=True):
        widths[gap] += edge.label[0] + 24 if edge.label[0] else 0
    return [-int(-width // room) for width in widths]

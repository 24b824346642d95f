"""A layered drawing: rows of boxes, lines of horizontal and vertical pieces between them, labels on the lines.

Rows, their order, places and tracks are found one after the other. Labels have rows of their own and lines get
room where they pass a row, so nothing lies on a box or a label. The same graph gives the same drawing.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from domain.drawing.graph import Box, Edge, Layout, Point, Rectangle
from domain.drawing.ordering import order
from domain.drawing.placing import CORNER, place, span, spread
from domain.drawing.rows import Chain, Item, rows_of
from domain.drawing.tracks import Crossing, tracks

TRACK = 11.0
PAD = 15.0  # room for an arrow's head
_ROOMS = (1100.0, 900.0, 700.0, 500.0, 350.0)  # for the labels of one row
_PORTS = 18.0  # between lines at one side of a box


def lay_out(boxes: Sequence[Box], edges: Sequence[Edge], most: float = 1230) -> Layout:
    """The drawing of a graph, not wider than `most` where that can be had by more rows of labels.

    Edges from a box to itself are not drawn (an empty line).
    """
    found = None
    for room in _ROOMS:
        one = _laid_out(boxes, edges, room)
        if one.width <= most:
            return one
        if found is None or one.width < found.width:
            found = one
    assert found is not None
    return found


def _laid_out(boxes: Sequence[Box], edges: Sequence[Edge], room: float) -> Layout:
    drawn = [edge for edge in edges if edge.source != edge.target]
    rows, chains = rows_of(boxes, drawn, room)
    rows = order(rows)
    place(rows, chains)
    ports = _Ports(rows, chains)
    crossings = [
        [(link, Crossing(*ports.ends(*link))) for link in _links(chains) if link[0].row == at]
        for at in range(len(rows) - 1)
    ]
    tops, levels = _heights(rows, crossings)
    rectangles = {
        item: Rectangle(
            item.x - item.width / 2,
            tops[item.row] + (max(one.height for one in rows[item.row]) - item.height) / 2,
            item.width,
            item.height,
        )
        for row in rows
        for item in row
    }
    found = [_line(number, chain, ports, levels, rectangles) for number, chain in enumerate(chains)]
    boxes_at = {item.box: rectangle for item, rectangle in rectangles.items() if item.kind == "box"}
    labels_at = [
        next((rectangles[item] for item in chain.items if item.kind == "label"), None) for chain in chains
    ]
    lines_of = iter(zip(found, labels_at, strict=True))
    both = [next(lines_of) if edge.source != edge.target else ((), None) for edge in edges]
    right = max((rectangle.right for rectangle in rectangles.values()), default=0)
    return Layout(
        boxes_at,
        tuple(line for line, _ in both),
        tuple(label for _, label in both),
        max([right, *(x for line in found for x, _ in line)]),
        max((rectangle.bottom for rectangle in rectangles.values()), default=0),
    )


Link = tuple[Item, Item, int]
"""Two neighbours on a chain, and the chain's number."""


def _links(chains: list[Chain]) -> list[Link]:
    return [
        (upper, lower, number)
        for number, chain in enumerate(chains)
        for upper, lower in pairwise(chain.items)
    ]


class _Ports:
    """Where lines leave and enter boxes, so that they are straight where they can be."""

    def __init__(self, rows: list[list[Item]], chains: list[Chain]) -> None:
        self._places: dict[tuple[Item, int, bool], float] = {}
        links = _links(chains)
        at = {item: index for row in rows for index, item in enumerate(row)}
        for row in rows:
            for item in row:
                if item.kind == "box":
                    below = [(lower, number) for upper, lower, number in links if upper is item]
                    above = [(upper, number) for upper, lower, number in links if lower is item]
                    self._side(item, sorted(below, key=lambda one: (at[one[0]], one[1])), below=True)
                    self._side(item, sorted(above, key=lambda one: (at[one[0]], one[1])), below=False)

    def _side(self, box: Item, others: list[tuple[Item, int]], *, below: bool) -> None:
        if not others:
            return
        low, high = span(box)
        distance = min(_PORTS, (high - low) / max(1, len(others) - 1))
        # Lines to another box aim at the middle between both, so that they are straight if the boxes overlap.
        aims = [_aim(box, other) for other, _ in others]
        wanted = [min(max(aim, low), high) for aim in aims]
        found = spread(wanted, [1.0] * len(others), [distance] * (len(others) - 1))
        for index, ((_, number), x) in enumerate(zip(others, found, strict=True)):
            x = min(max(x, low + index * distance), high - (len(others) - 1 - index) * distance)
            self._places[box, number, below] = x

    def ends(self, upper: Item, lower: Item, number: int) -> tuple[float, float]:
        """The x at which a link leaves the upper item and enters the lower one."""
        return self._places.get((upper, number, True), upper.x), self._places.get(
            (lower, number, False), lower.x
        )


def _aim(box: Item, other: Item) -> float:
    if other.kind != "box":
        return other.x
    low = max(box.x - box.width / 2, other.x - other.width / 2)
    high = min(box.x + box.width / 2, other.x + other.width / 2)
    return (low + high) / 2 if high - low > 2 * CORNER else other.x


def _heights(
    rows: list[list[Item]], crossings: list[list[tuple[Link, Crossing]]]
) -> tuple[list[float], dict[tuple[Item, int], float]]:
    """The top of each row, and the height at which each link goes sideways."""
    tops = [0.0]
    levels: dict[tuple[Item, int], float] = {}
    for at, row in enumerate(rows[:-1]):
        bottom = tops[at] + max((item.height for item in row), default=0)
        found, count = tracks([crossing for _, crossing in crossings[at]])
        for ((upper, _, number), _), track in zip(crossings[at], found, strict=True):
            levels[upper, number] = bottom + PAD + track * TRACK
        tops.append(bottom + 2 * PAD + max(0, count - 1) * TRACK)
    return tops, levels


def _line(
    number: int,
    chain: Chain,
    ports: _Ports,
    levels: dict[tuple[Item, int], float],
    rectangles: dict[Item, Rectangle],
) -> tuple[Point, ...]:
    points: list[Point] = []
    for upper, lower in pairwise(chain.items):
        top, bottom = ports.ends(upper, lower, number)
        points += [
            (top, rectangles[upper].bottom),
            (top, levels[upper, number]),
            (bottom, levels[upper, number]),
            (bottom, rectangles[lower].y),
        ]
    simple = _simplified(points)
    return tuple(reversed(simple)) if chain.upward else tuple(simple)


def _simplified(points: list[Point]) -> list[Point]:
    """Without points that stand on a straight line between their neighbours."""
    found: list[Point] = []
    for point in points:
        if found and abs(found[-1][0] - point[0]) < 0.01 and abs(found[-1][1] - point[1]) < 0.01:
            continue
        while len(found) > 1 and (
            abs(found[-2][0] - found[-1][0]) < 0.01 > abs(found[-1][0] - point[0])
            or abs(found[-2][1] - found[-1][1]) < 0.01 > abs(found[-1][1] - point[1])
        ):
            found.pop()
        found.append(point)
    return found

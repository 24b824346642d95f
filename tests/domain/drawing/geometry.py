"""What must be true of every drawing, said as sentences about what is not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations, pairwise

from domain.drawing.graph import Edge, Layout, Point, Rectangle

NEAR = 0.01


def faults(layout: Layout, edges: Sequence[Edge]) -> list[str]:
    """Everything that is wrong with a drawing's geometry."""
    return [*_overlaps(layout), *_ends(layout, edges), *_passages(layout, edges)]


def covered(layout: Layout) -> int:
    """How many pairs of lines run on each other for a stretch."""
    pieces = [(number, piece) for number, line in enumerate(layout.lines) for piece in pairwise(line)]
    return sum(
        _run_together(piece, other)
        for (number, piece), (another, other) in combinations(pieces, 2)
        if number != another
    )


def _overlaps(layout: Layout) -> Iterator[str]:
    things = {f"box {name}": rectangle for name, rectangle in layout.boxes.items()}
    things |= {f"label {at}": label for at, label in enumerate(layout.labels) if label is not None}
    for (name, one), (other_name, other) in combinations(things.items(), 2):
        if one.overlaps(other, margin=6):
            yield f"{name} touches {other_name}"
    for name, one in things.items():
        if (
            one.x < -NEAR
            or one.y < -NEAR
            or one.right > layout.width + NEAR
            or one.bottom > layout.height + NEAR
        ):
            yield f"{name} stands outside"


def _ends(layout: Layout, edges: Sequence[Edge]) -> Iterator[str]:
    for number, (edge, line) in enumerate(zip(edges, layout.lines, strict=True)):
        if edge.source == edge.target:
            continue
        for what, point, box in (("start", line[0], edge.source), ("end", line[-1], edge.target)):
            if not _on_border(point, layout.boxes[box]):
                yield f"line {number} does not {what} at {box}"
        for one, other in pairwise(line):
            if abs(one[0] - other[0]) > NEAR and abs(one[1] - other[1]) > NEAR:
                yield f"line {number} is slanted"
        head = line[-2:]
        if abs(head[0][1] - head[1][1]) < 9:
            yield f"line {number} has no room for its arrow"


def _passages(layout: Layout, edges: Sequence[Edge]) -> Iterator[str]:
    for number, line in enumerate(layout.lines):
        for piece in pairwise(line):
            for name, box in layout.boxes.items():
                if _inside(piece, box):
                    yield f"line {number} runs through box {name}"
            for at, label in enumerate(layout.labels):
                if label is not None and at != number and _inside(piece, label):
                    yield f"line {number} runs through label {at}"
        label = layout.labels[number]
        if label is not None and not any(_inside(piece, label) for piece in pairwise(line)):
            yield f"label {number} is not on its line"


def _on_border(point: Point, box: Rectangle) -> bool:
    x, y = point
    return box.x - NEAR <= x <= box.right + NEAR and min(abs(y - box.y), abs(y - box.bottom)) < NEAR


def _inside(piece: tuple[Point, Point], box: Rectangle) -> bool:
    (ax, ay), (bx, by) = piece
    return (
        max(ax, bx) > box.x + NEAR
        and min(ax, bx) < box.right - NEAR
        and max(ay, by) > box.y + NEAR
        and min(ay, by) < box.bottom - NEAR
    )


def _run_together(one: tuple[Point, Point], other: tuple[Point, Point]) -> bool:
    for axis in (0, 1):  # both vertical, both horizontal
        across = 1 - axis
        level, stretch = [], []
        for start, end in (one, other):
            if abs(start[axis] - end[axis]) > NEAR:
                break
            level.append(start[axis])
            stretch.append(sorted((start[across], end[across])))
        if len(level) == 2 and abs(level[0] - level[1]) < 3:
            return min(stretch[0][1], stretch[1][1]) - max(stretch[0][0], stretch[1][0]) > 2
    return False

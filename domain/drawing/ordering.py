"""The order inside the rows: as few crossings as sweeping up and down finds."""

from __future__ import annotations

import itertools
from collections.abc import Callable

from domain.drawing.rows import Item

_SWEEPS = 12
_TRIES = 10

Rows = list[list[Item]]


def order(rows: Rows) -> Rows:
    """The rows with their items in an order that crosses few edges; always the same for the same rows."""
    best: Rows = [list(row) for row in rows]
    fewest = _cost(best)
    shuffled = [_shuffled(rows, seed) for seed in range(1, _TRIES)]
    for start in (_by_descent(rows), rows, [row[::-1] for row in rows], *shuffled):
        found = [list(row) for row in start]
        for sweep in range(_SWEEPS):
            _sweep(found, downwards=sweep % 2 == 0)
            _swap(found)
            if (cost := _cost(found)) < fewest:
                best, fewest = [list(row) for row in found], cost
    return best


def _shuffled(rows: Rows, seed: int) -> Rows:
    """Another order to start from, the same one for the same seed."""
    found = []
    number = seed
    for row in rows:
        keys = []
        for _ in row:
            number = (number * 1_103_515_245 + 12_345) % 2**31
            keys.append(number)
        found.append([item for _, item in sorted(zip(keys, row, strict=True), key=lambda one: one[0])])
    return found


def _by_descent(rows: Rows) -> Rows:
    """Each row in the order in which its items are met, walking down from the top."""
    met: dict[Item, None] = {}

    def visit(item: Item) -> None:
        todo = [item]
        while todo:
            one = todo.pop()
            if one not in met:
                met[one] = None
                todo.extend(reversed(one.down))

    for row in rows:
        for item in row:
            visit(item)
    place = {item: at for at, item in enumerate(met)}
    return [sorted(row, key=lambda item: place[item]) for row in rows]


def _sweep(rows: Rows, *, downwards: bool) -> None:
    neighbours: Callable[[Item], list[Item]] = (
        (lambda item: item.up) if downwards else (lambda item: item.down)
    )
    for at in range(1, len(rows)) if downwards else range(len(rows) - 2, -1, -1):
        before = rows[at - 1] if downwards else rows[at + 1]
        place = {item: index for index, item in enumerate(before)}
        current = {item: float(index) for index, item in enumerate(rows[at])}

        def middle(item: Item, place: dict[Item, int] = place, current: dict[Item, float] = current) -> float:
            found = [place[other] for other in neighbours(item)]
            return sum(found) / len(found) if found else current[item] * len(place) / max(1, len(current))

        rows[at].sort(key=middle)


def _swap(rows: Rows) -> None:
    """Exchange neighbours as long as that crosses fewer edges."""
    for at, row in enumerate(rows):
        above = {item: index for index, item in enumerate(rows[at - 1])} if at else {}
        below = {item: index for index, item in enumerate(rows[at + 1])} if at + 1 < len(rows) else {}
        better = True
        rounds = 0
        while better and rounds < len(row):
            better = False
            rounds += 1
            for index in range(len(row) - 1):
                left, right = row[index], row[index + 1]
                if _between(left, right, above, below) > _between(right, left, above, below):
                    row[index], row[index + 1] = right, left
                    better = True


def _between(left: Item, right: Item, above: dict[Item, int], below: dict[Item, int]) -> int:
    crossed = 0
    for place, ours, theirs in ((above, left.up, right.up), (below, left.down, right.down)):
        crossed += sum(place[one] > place[other] for one in ours for other in theirs)
    return crossed


def _cost(rows: Rows) -> tuple[int, float]:
    """How many lines cross; then how far they go sideways."""
    crossings = 0
    aside = 0.0
    for upper, lower in itertools.pairwise(rows):
        place = {item: index for index, item in enumerate(lower)}
        ends: list[int] = []
        for index, item in enumerate(upper):
            for end in sorted(place[other] for other in item.down):
                crossings += sum(other > end for other in ends)
                ends.append(end)
                aside += abs(index / max(1, len(upper)) - end / max(1, len(lower)))
    return crossings, round(aside, 6)

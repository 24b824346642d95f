"""Where the items of a row stand: near what they are joined to, never on each other."""

from __future__ import annotations

import itertools
from collections.abc import Callable

from domain.drawing.rows import Chain, Item

BETWEEN_BOXES = 28.0
BETWEEN_LINES = 16.0
BESIDE_A_LINE = 18.0
CORNER = 12.0  # no line meets a box nearer to its corner
_ROUNDS = 40


def place(rows: list[list[Item]], chains: list[Chain]) -> None:
    """Give every item its x. The order of the rows stays."""
    for row in rows:
        x = 0.0
        for at, item in enumerate(row):
            if at:
                x += apart(row[at - 1], item)
            item.x = x
        middle = (row[0].x + row[-1].x) / 2 if row else 0
        for item in row:
            item.x -= middle
    for turn in range(_ROUNDS):
        for row in rows if turn % 2 == 0 else reversed(rows):
            _settle(row)
    _straighten(rows, chains)
    left = min((item.x - item.width / 2 for row in rows for item in row), default=0)
    for row in rows:
        for item in row:
            item.x -= left


def apart(left: Item, right: Item) -> float:
    """How far the middles of neighbours must be from each other."""
    lines = (left.kind == "bend") + (right.kind == "bend")
    gap = (BETWEEN_BOXES, BESIDE_A_LINE, BETWEEN_LINES)[lines]
    return (left.width + right.width) / 2 + gap


def span(box: Item) -> tuple[float, float]:
    """Between which x lines may meet a box."""
    half = max(0.0, box.width / 2 - CORNER)
    return box.x - half, box.x + half


def _settle(row: list[Item]) -> None:
    wanted, weights = [], []
    for item in row:
        pulls = [(other.x, _weight(item, other)) for other in item.up + item.down]
        weight = sum(pull for _, pull in pulls)
        wanted.append(sum(x * pull for x, pull in pulls) / weight if weight else item.x)
        weights.append(weight or 0.01)
    for item, x in zip(
        row, spread(wanted, weights, [apart(a, b) for a, b in itertools.pairwise(row)]), strict=True
    ):
        item.x = x


def _weight(item: Item, other: Item) -> float:
    """Lines want to be straight most where they are nothing but lines."""
    return (1.0, 3.0, 8.0)[(item.kind != "box") + (other.kind != "box")]


def spread(wanted: list[float], weights: list[float], distances: list[float]) -> list[float]:
    """The places nearest to those wanted (least squares) that keep their order and distances."""
    offsets = [0.0]
    for distance in distances:
        offsets.append(offsets[-1] + distance)
    blocks: list[tuple[float, float, int]] = []  # mean of wanted minus offset, weight, how many
    for want, weight, offset in zip(wanted, weights, offsets, strict=True):
        mean, total, count = want - offset, weight, 1
        while blocks and blocks[-1][0] > mean:
            before, its, many = blocks.pop()
            mean = (mean * total + before * its) / (total + its)
            total, count = total + its, count + many
        blocks.append((mean, total, count))
    found: list[float] = []
    for mean, _, count in blocks:
        found += [mean + offsets[at] for at in range(len(found), len(found) + count)]
    return found


def _straighten(rows: list[list[Item]], chains: list[Chain]) -> None:
    """Put the bends and the label of an edge under each other where there is room for it."""
    place = {item: (row, at) for row in rows for at, item in enumerate(row)}

    def fits(item: Item, x: float) -> bool:
        row, at = place[item]
        left = at == 0 or x - row[at - 1].x >= apart(row[at - 1], item) - 1e-6
        return left and (at + 1 == len(row) or row[at + 1].x - x >= apart(item, row[at + 1]) - 1e-6)

    for _ in range(2):
        for chain in sorted(chains, key=lambda one: -len(one.items)):
            inner = chain.items[1:-1]
            start = 0
            while start < len(inner):
                end = start + 1
                for stop in range(len(inner), start + 1, -1):
                    part = inner[start:stop]
                    xs = sorted(item.x for item in part)
                    middle = xs[len(xs) // 2]
                    x = next(
                        (
                            x
                            for x in sorted(xs, key=lambda one: abs(one - middle))
                            if all(fits(item, x) for item in part)
                        ),
                        None,
                    )
                    if x is not None:
                        for item in part:
                            item.x = x
                        end = stop
                        break
                start = end
            _meet_boxes(chain, fits)


def _meet_boxes(chain: Chain, fits: Callable[[Item, float], bool]) -> None:
    """Move what stands beside a box under or over it, if it has room there: the line gets no bend."""
    for items in (chain.items, chain.items[::-1]):
        box, inner = items[0], items[1:-1]
        if not inner:
            continue
        low, high = span(box)
        x = min(max(inner[0].x, low), high)
        run = [
            item
            for at, item in enumerate(inner)
            if all(abs(one.x - inner[0].x) < 0.01 for one in inner[: at + 1])
        ]
        if x != inner[0].x and all(fits(item, x) for item in run):
            for item in run:
                item.x = x

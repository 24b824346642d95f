"""The space between two rows: each sideways piece of a line gets a track of its own."""

from __future__ import annotations

from dataclasses import dataclass

_NEAR = 9.0  # closer lines look like one


@dataclass(frozen=True, slots=True)
class Crossing:
    """A line that comes from above at one x and leaves below at another."""

    top: float
    bottom: float

    @property
    def left(self) -> float:
        return min(self.top, self.bottom)

    @property
    def right(self) -> float:
        return max(self.top, self.bottom)

    @property
    def is_straight(self) -> bool:
        return abs(self.top - self.bottom) < 0.01


def tracks(lines: list[Crossing]) -> tuple[list[int], int]:
    """A track from the top for each line (straight ones: 0), and how many tracks there are."""
    bent = [at for at, line in enumerate(lines) if not line.is_straight]
    order = _improved(sorted(bent, key=lambda at: (lines[at].left, lines[at].right, at)), lines)
    found = [0] * len(lines)
    placed: list[int] = []
    count = 0
    for at in order:
        found[at] = max((found[other] + 1 for other in placed if _meet(lines[at], lines[other])), default=0)
        count = max(count, found[at] + 1)
        placed.append(at)
    return found, count


def _meet(one: Crossing, other: Crossing) -> bool:
    """Whether they may not share a track, or their order on the tracks can be seen."""
    return one.left < other.right + _NEAR and other.left < one.right + _NEAR


def _improved(order: list[int], lines: list[Crossing]) -> list[int]:
    """Put each line where it crosses and covers the others least, until nothing gets better."""
    for _ in range(len(order)):
        changed = False
        for at in order:
            rest = [other for other in order if other != at]
            costs = [0]
            for other in rest:  # moving it below one more line
                costs.append(costs[-1] + _cost(lines[other], lines[at]) - _cost(lines[at], lines[other]))
            best = min(range(len(costs)), key=lambda place: (costs[place], place))
            if costs[best] < costs[order.index(at)]:
                order = [*rest[:best], at, *rest[best:]]
                changed = True
        if not changed:
            break
    return order


def _cost(upper: Crossing, lower: Crossing) -> int:
    """How bad it is when one has the track above the other."""
    if upper.is_straight or lower.is_straight:
        return 0
    # The upper one's piece down to the next row, and the lower one's piece down from the row above.
    crossings = (lower.left < upper.bottom < lower.right) + (upper.left < lower.top < upper.right)
    covers = abs(upper.bottom - lower.top) < _NEAR
    return crossings + 20 * covers

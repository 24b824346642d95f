"""What is laid out, and what comes out: boxes with sizes, edges with labels; rectangles and lines."""

from __future__ import annotations

from dataclasses import dataclass

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Box:
    """Something with a size."""

    id: str
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Edge:
    """A way from box to box; its label has a size, (0, 0) when there is none."""

    source: str
    target: str
    label: tuple[float, float] = (0, 0)


@dataclass(frozen=True, slots=True)
class Rectangle:
    """Where something stands; y grows downwards."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        return self.x + self.width

    @property
    def bottom(self) -> float:
        return self.y + self.height

    @property
    def centre(self) -> float:
        return self.x + self.width / 2

    def overlaps(self, other: Rectangle, margin: float = 0) -> bool:
        """Whether they share more than an edge, each grown by half the margin."""
        return (
            self.x < other.right + margin
            and other.x < self.right + margin
            and self.y < other.bottom + margin
            and other.y < self.bottom + margin
        )


@dataclass(frozen=True, slots=True)
class Layout:
    """The drawing: a rectangle for each box, a line and a label's rectangle for each edge, in their order.

    A line goes from the border of its source to the border of its target in horizontal and vertical pieces.
    """

    boxes: dict[str, Rectangle]
    lines: tuple[tuple[Point, ...], ...]
    labels: tuple[Rectangle | None, ...]
    width: float
    height: float

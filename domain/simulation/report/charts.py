"""Charts as inline SVG that scale with the page: marks are drawn, words stay text of the page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

WIDTH, HEIGHT = 720, 180
DASHES = ("", "7 3", "2 3", "9 3 2 3", "1 4", "12 4")
MOST_LINES = len(DASHES)
_POINTS = 400  # more than there are pixels


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a chart: a value for every step of its time."""

    name: str
    values: Sequence[float]


def bar(share: float | None, kind: str = "good") -> str:
    """A bar in a table cell, from 0 to 1."""
    if share is None:
        return '<svg class="bar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true"></svg>'
    width = round(min(max(share, 0.0), 1.0) * 100, 2)
    return (
        '<svg class="bar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">'
        f'<rect class="track" width="100" height="8"/><rect class="{kind}" width="{width:g}" height="8"/></svg>'
    )


def lines_chart(lines: Sequence[Line], ticks: Sequence[str], label: str, *, stacked: bool = False) -> str:
    """Lines, or areas on top of each other, over time; `ticks` are the words below, evenly spread."""
    shown = [Line(line.name, _thinned(line.values)) for line in lines]
    layers = _stack(shown) if stacked else shown
    top = _rounded_up(max((max(line.values, default=0.0) for line in layers), default=0.0))
    grid = "".join(
        f'<line class="grid" x1="0" x2="{WIDTH}" y1="{y:g}" y2="{y:g}"/>'
        for y in (HEIGHT * part / 4 for part in range(5))
    )
    marks = []
    for place in reversed(range(len(layers))):
        points = _points(layers[place].values, top)
        if stacked:
            below = _points(layers[place - 1].values, top) if place else [(0.0, HEIGHT), (WIDTH, HEIGHT)]
            outline = " ".join(f"{x:g},{y:g}" for x, y in (*points, *reversed(below)))
            marks.append(f'<polygon class="area s{place}" points="{outline}"/>')
        else:
            path = " ".join(f"{x:g},{y:g}" for x, y in points)
            dash = f' stroke-dasharray="{DASHES[place]}"' if DASHES[place] else ""
            marks.append(f'<polyline class="line s{place}" points="{path}"{dash}/>')
    drawing = (
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" preserveAspectRatio="none" role="img" '
        f'aria-label="{escape(label, quote=True)}">{grid}{"".join(marks)}</svg>'
    )
    scale = "".join(f"<span>{top * part / 4:g}</span>" for part in (4, 3, 2, 1, 0))
    below_it = "".join(f"<span>{escape(tick)}</span>" for tick in ticks)
    return (
        f'<div class="chart"><div class="scale" aria-hidden="true">{scale}</div>{drawing}'
        f'<div class="ticks" aria-hidden="true">{below_it}</div></div>{_legend(shown, stacked=stacked)}'
    )


def _legend(lines: Sequence[Line], *, stacked: bool) -> str:
    """What the lines are; drawn, so that it can be told apart without colour."""
    keys = []
    for place, line in enumerate(lines):
        if stacked:
            mark = f'<rect class="area s{place}" width="14" height="10"/>'
        else:
            dash = f' stroke-dasharray="{DASHES[place]}"' if DASHES[place] else ""
            mark = f'<line class="line s{place}" x1="0" x2="24" y1="5" y2="5"{dash}/>'
        width = 14 if stacked else 24
        keys.append(
            f'<li><svg viewBox="0 0 {width} 10" width="{width}" height="10" aria-hidden="true">{mark}</svg>'
            f"{escape(line.name)}</li>"
        )
    return f'<ul class="legend">{"".join(keys)}</ul>'


def _stack(lines: Sequence[Line]) -> list[Line]:
    below = [0.0] * len(lines[0].values) if lines else []
    layers = []
    for line in lines:
        below = [one + other for one, other in zip(below, line.values, strict=True)]
        layers.append(Line(line.name, below))
    return layers


def _thinned(values: Sequence[float]) -> list[float]:
    """At most so many points: the highest of each stretch, so that no peak is lost."""
    size = -(-len(values) // _POINTS) or 1
    return [max(values[start : start + size]) for start in range(0, len(values), size)]


def _points(values: Sequence[float], top: float) -> list[tuple[float, float]]:
    last = max(len(values) - 1, 1)
    return [
        (round(WIDTH * place / last, 1), round(HEIGHT * (1 - value / top), 1))
        for place, value in enumerate(values)
    ]


def _rounded_up(value: float) -> float:
    """The end of a scale: 1, 2, 4, 8 or a multiple of ten of them, above the value."""
    size = 1.0
    while size * 8 < value:
        size *= 10
    return next(size * step for step in (1, 2, 4, 8) if size * step >= value) if value > 1 else 1.0

"""The chart as SVG: one file that needs no font, no script and no style of others; light and dark by itself."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape

from domain.drawing.chart import SIGNS, Chart, Node, Note, Sign, Way
from domain.drawing.graph import Box, Edge, Layout, Point, Rectangle
from domain.drawing.layout import lay_out
from domain.drawing.text_width import width, wrapped

MARGIN = 24.0
_TITLE, _TEXT, _SMALL, _HEAD = 13.5, 12.0, 11.0, 18.0
_LINE, _SMALL_LINE, _TITLE_LINE = 16.0, 14.0, 18.0
_WIDEST, _NARROWEST, _WIDEST_LABEL = 196.0, 110.0, 176.0
_ICON = 15.0
_CATEGORIES = ("new", "active", "waiting", "done", "closed")

_STYLE = """\
.evt{--page:#fff;--ink:#172125;--dim:#546369;--line:#7b8a90;--soft:#dbe2e3;--button:#0a6a72;
--new:#e8eefc;--new-l:#4a6bc4;--active:#e0f1f1;--active-l:#0a7f88;--waiting:#fff3da;--waiting-l:#c07f0a;
--done:#e5f4e6;--done-l:#3c8a43;--closed:#eef1f2;--closed-l:#7b8a90;
font-family:"Helvetica Neue",Arial,"Liberation Sans","PingFang SC","Hiragino Sans GB","Microsoft YaHei",\
"Noto Sans CJK SC","Noto Sans SC",sans-serif}
@media(prefers-color-scheme:dark){.evt{--page:#0f1416;--ink:#e3eaec;--dim:#9cabb1;--line:#71828a;--soft:#2a3439;
--button:#62cacf;--new:#1a2340;--new-l:#7f9bea;--active:#12343a;--active-l:#4fb9bf;--waiting:#35290f;
--waiting-l:#e9a93c;--done:#17301a;--done-l:#6cbb73;--closed:#1e262a;--closed-l:#71828a}}
.evt text{fill:var(--ink);font-size:12px}.evt .t{font-weight:600;font-size:13.5px}
.evt .h{font-weight:600;font-size:18px}
.evt .s{font-size:11px;fill:var(--dim)}.evt .b{font-weight:600;font-size:12px}
.evt .w{fill:none;stroke:var(--line);stroke-width:1.4}
.evt .a{fill:var(--line)}.evt .p{fill:var(--page)}.evt .c{fill:var(--page);stroke:var(--soft)}
.evt .l{stroke:var(--soft)}
.evt .g{fill:var(--page);stroke:var(--line);stroke-dasharray:4 3}.evt .i{fill:none;stroke:var(--dim);stroke-width:1.4;\
stroke-linecap:round;stroke-linejoin:round}.evt .f{fill:var(--dim)}.evt .n{fill:var(--ink)}
""" + "".join(
    f".evt .{name}{{fill:var(--{name});stroke:var(--{name}-l);stroke-width:1.2}}"
    f".evt .{name}-k{{fill:none;stroke:var(--{name}-l);stroke-width:1.2}}"
    for name in _CATEGORIES
)

_ARROW = (
    '<defs><marker id="evt-a" viewBox="0 0 10 10" refX="9.5" refY="5" markerWidth="8" markerHeight="8" orient="auto" '
    'markerUnits="userSpaceOnUse"><path class="a" d="M0 .8 9.5 5 0 9.2z"/></marker></defs>'
)
_SIGNS: dict[Sign, str] = {
    "button": '<circle class="i" cx="5" cy="3" r="2"/><path class="i" d="M1 10a4 4 0 0 1 8 0"/>',
    "event": '<path class="i" d="M5.6 1 2 6h3l-.6 4L8 5H5z"/>',
    "timer": '<circle class="i" cx="5" cy="5.5" r="4"/><path class="i" d="M5 3v2.7l1.8 1"/>',
    "starts": '<path class="f" d="M2 1.2v8.6L9 5.5z"/>',
    "pauses": '<path class="f" d="M1.8 1.5h2.4v8H1.8zM5.8 1.5h2.4v8H5.8z"/>',
    "stops": '<path class="f" d="M1.5 1.8h7.4v7.4H1.5z"/>',
    "approval": '<path class="i" d="M1.2 5.8 4 8.6 9 2.2"/>',
    "task": '<rect class="i" x="1.2" y="1.6" width="8" height="8" rx="1.5"/><path class="i" d="M3.2 5.6 4.7 7l2.6-3"/>',
    "hold": '<path class="i" d="M3 1.5v8M7 1.5v8"/>',
}


@dataclass(frozen=True, slots=True)
class _Row:
    """One line of text in a box, from its top: an icon or none, a class, the text."""

    css: str
    text: str
    height: float
    sign: Sign | None = None
    indent: float = 0.0
    middle: bool = False


@dataclass(frozen=True, slots=True)
class Drawn:
    """A chart with its places: what tests of its geometry look at."""

    chart: Chart
    layout: Layout
    svg: str


def draw(chart: Chart) -> Drawn:
    """The chart as SVG text, and where everything stands in it."""
    inside = {node.id: _rows(node) for node in chart.nodes}
    labels = [_label_rows(way) for way in chart.ways]
    boxes = [Box(node.id, *_size(node, inside[node.id])) for node in chart.nodes]
    edges = [
        Edge(way.source, way.target, _label_size(rows)) for way, rows in zip(chart.ways, labels, strict=True)
    ]
    layout = lay_out(boxes, edges)
    legend, legend_width, legend_height = _legend(chart, max(layout.width, 720))
    across = max(layout.width, legend_width, width(chart.title, _HEAD, bold=True)) + 2 * MARGIN
    shift = (across - 2 * MARGIN - layout.width) / 2
    top = MARGIN + 34
    down = top + layout.height + 40 + legend_height + MARGIN
    size = f'viewBox="0 0 {_n(across)} {_n(down)}" width="{_n(across)}" height="{_n(down)}"'
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" class="evt" {size} role="img" aria-labelledby="evt-t evt-d">',
        f'<title id="evt-t">{escape(chart.title)}</title><desc id="evt-d">{escape(_told(chart))}</desc>',
        f"<style>{_STYLE}</style>",
        _ARROW,
        '<rect class="p" width="100%" height="100%"/>',
        _text("h", MARGIN, MARGIN + 14, chart.title),
        f'<g transform="translate({_n(MARGIN + shift)} {_n(top)})">',
        *(f'<path class="w" d="{_path(line)}" marker-end="url(#evt-a)"/>' for line in layout.lines if line),
        *(_box(node, layout.boxes[node.id], inside[node.id]) for node in chart.nodes),
        *(
            _label(rectangle, rows)
            for rectangle, rows in zip(layout.labels, labels, strict=True)
            if rectangle is not None
        ),
        "</g>",
        f'<g transform="translate({_n(MARGIN)} {_n(top + layout.height + 40)})">',
        *legend,
        "</g></svg>",
    ]
    return Drawn(chart, layout, "\n".join(parts) + "\n")


def _told(chart: Chart) -> str:
    """The drawing for those who cannot see it."""
    titles = {node.id: node.title for node in chart.nodes}
    ways = (
        f"{titles[way.source]} → {titles[way.target]}: {', '.join(note.text for note in way.notes)}."
        for way in chart.ways
        if way.notes
    )
    return " ".join([chart.description, *ways])


# ---- boxes


def _rows(node: Node) -> list[_Row]:
    if node.kind == "start":
        return []
    if node.kind == "several":
        return [
            _Row("s", line, _SMALL_LINE, middle=True) for line in wrapped(node.title, _SMALL, 150, lines=5)
        ]
    rows = [
        _Row("t", line, _TITLE_LINE, middle=True)
        for line in wrapped(node.title, _TITLE, _WIDEST - 24, lines=3, bold=True)
    ]
    for note in node.notes:
        rows += _note_rows(note, _WIDEST - 24, css="s")
    return rows


def _note_rows(note: Note, most: float, css: str, lines: int = 4) -> list[_Row]:
    size = {"s": _SMALL, "b": _TEXT}[css]
    height = {"s": _SMALL_LINE, "b": _LINE}[css]
    first = wrapped(note.text, size, most - _ICON, lines=lines, bold=css == "b")
    rows = [
        _Row(css, line, height, sign=None if at else note.sign, indent=_ICON) for at, line in enumerate(first)
    ]
    if note.more:
        rows += [
            _Row("s", line, _SMALL_LINE, indent=_ICON)
            for line in wrapped(note.more, _SMALL, most - _ICON, lines=5)
        ]
    return rows


def _row_width(row: _Row) -> float:
    size = {"s": _SMALL, "b": _TEXT, "t": _TITLE}[row.css]
    return row.indent + width(row.text, size, bold=row.css != "s")


def _size(node: Node, rows: list[_Row]) -> tuple[float, float]:
    if node.kind == "start":
        return 16, 16
    widest = max(_row_width(row) for row in rows)
    height = sum(row.height for row in rows) + (12 if node.kind == "several" else 16)
    if len(rows) > sum(row.middle for row in rows):
        height += 5  # between the title and the notes
    return (widest + 26 if node.kind == "several" else max(_NARROWEST, widest + 24)), height


def _box(node: Node, at: Rectangle, rows: list[_Row]) -> str:
    if node.kind == "start":
        return f'<circle class="n" cx="{_n(at.centre)}" cy="{_n(at.y + 8)}" r="7"/>'
    if node.kind == "several":
        frame = _rect("g", at, at.height / 2)
    else:
        frame = _rect(node.category, at, 8)
        if node.category == "closed":  # drawn as an end: a double line
            inner = Rectangle(at.x + 3, at.y + 3, at.width - 6, at.height - 6)
            frame += _rect("closed-k", inner, 6)
    return f'<g id="evt-{escape(node.id)}">{frame}{_texts(rows, at, at.y + (6 if node.kind == "several" else 8))}</g>'


def _texts(rows: Iterable[_Row], at: Rectangle, y: float) -> str:
    parts = []
    previous = None
    for row in rows:
        if previous is not None and previous.middle and not row.middle:
            y += 5
        baseline = y + row.height - 4.5
        if row.sign:
            parts.append(
                f'<g transform="translate({_n(at.x + 12)} {_n(baseline - 9.5)})">{_SIGNS[row.sign]}</g>'
            )
        if row.text:
            x = at.centre if row.middle else at.x + 12 + row.indent
            parts.append(_text(row.css, x, baseline, row.text, middle=row.middle))
        y += row.height
        previous = row
    return "".join(parts)


def _text(css: str, x: float, y: float, text: str, *, middle: bool = False) -> str:
    anchor = ' text-anchor="middle"' if middle else ""
    return f'<text class="{css}" x="{_n(x)}" y="{_n(y)}"{anchor}>{escape(text)}</text>'


# ---- labels on lines


def _label_rows(way: Way) -> list[_Row]:
    rows: list[_Row] = []
    for note in way.notes:
        if rows:
            rows.append(_Row("s", "", 6))
        rows += _note_rows(note, _WIDEST_LABEL, css="b")
    return rows


def _label_size(rows: list[_Row]) -> tuple[float, float]:
    if not rows:
        return 0, 0
    return max(_row_width(row) for row in rows) + 24, sum(row.height for row in rows) + 10


def _label(at: Rectangle, rows: list[_Row]) -> str:
    return f"<g>{_rect('c', at, 6)}{_texts(rows, at, at.y + 5)}</g>"


def _rect(css: str, at: Rectangle, radius: float) -> str:
    return (
        f'<rect class="{css}" x="{_n(at.x)}" y="{_n(at.y)}" width="{_n(at.width)}" height="{_n(at.height)}" '
        f'rx="{_n(radius)}"/>'
    )


# ---- lines


def _path(points: tuple[Point, ...], radius: float = 7) -> str:
    """The line with round corners."""
    parts = [f"M{_n(points[0][0])} {_n(points[0][1])}"]
    for at in range(1, len(points) - 1):
        before, here, after = points[at - 1], points[at], points[at + 1]
        reach = min(radius, _length(before, here) / 2, _length(here, after) / 2)
        enter, leave = _towards(here, before, reach), _towards(here, after, reach)
        parts.append(
            f"L{_n(enter[0])} {_n(enter[1])}Q{_n(here[0])} {_n(here[1])} {_n(leave[0])} {_n(leave[1])}"
        )
    parts.append(f"L{_n(points[-1][0])} {_n(points[-1][1])}")
    return "".join(parts)


def _length(one: Point, other: Point) -> float:
    return abs(one[0] - other[0]) + abs(one[1] - other[1])


def _towards(start: Point, end: Point, distance: float) -> Point:
    length = _length(start, end)
    if not length:
        return start
    share = distance / length
    return start[0] + (end[0] - start[0]) * share, start[1] + (end[1] - start[1]) * share


def _n(number: float) -> str:
    """A number as short as it can be, the same on every machine."""
    return f"{number:.1f}".removesuffix(".0")


# ---- under the drawing


def _legend(chart: Chart, across: float) -> tuple[list[str], float, float]:
    """What stands under the drawing, in columns: its parts, width and height."""
    words = chart.words
    columns = max(1, min(len(chart.beside) + 1, int(across // 300)))
    across_block = across / columns - 20
    used = {note.sign for node in chart.nodes for note in node.notes}
    used |= {note.sign for way in chart.ways for note in way.notes}
    signs = tuple(Note(sign, words.say(f"sign.{sign}")) for sign in SIGNS if sign in used)
    blocks: list[tuple[str, list[_Row], bool]] = [
        (
            heading,
            [row for note in notes for row in [*_note_rows(note, across_block, css="s"), _Row("s", "", 3)]],
            False,
        )
        for heading, notes in chart.beside
    ]
    key = [row for note in signs for row in [*_note_rows(note, across_block, css="s"), _Row("s", "", 2)]]
    blocks.append((words.say("chart.key"), key, True))
    heights = [0.0] * columns
    parts = ['<path class="l" d="M0 -16H' + _n(across) + '"/>']
    for heading, rows, with_colours in blocks:
        column = min(range(columns), key=lambda at: (heights[at], at))
        x, y = column * (across / columns), heights[column]
        parts.append(_text("b", x, y + 14, heading))
        y += 24
        if with_colours:
            for category in _CATEGORIES:
                if any(node.category == category for node in chart.nodes):
                    parts.append(_rect(category, Rectangle(x, y, 18, 11), 3))
                    parts.append(_text("s", x + 26, y + 9.5, words.say(f"category.{category}")))
                    y += 16
            y += 4
        parts.append(_texts(rows, Rectangle(x - 12, y, 0, 0), y))
        heights[column] = y + sum(row.height for row in rows) + 18
    return parts, across, max(heights)

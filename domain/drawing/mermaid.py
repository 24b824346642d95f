"""The chart as a Mermaid state diagram, for pages that draw Mermaid themselves."""

from __future__ import annotations

import re

from domain.drawing.chart import Chart, Node, Note

_COLOURS = {
    "new": "fill:#e8eefc,stroke:#4a6bc4,color:#172125",
    "active": "fill:#e0f1f1,stroke:#0a7f88,color:#172125",
    "waiting": "fill:#fff3da,stroke:#c07f0a,color:#172125",
    "done": "fill:#e5f4e6,stroke:#3c8a43,color:#172125",
    "closed": "fill:#eef1f2,stroke:#7b8a90,color:#172125",
}
_RESERVED = frozenset({
    "as", "choice", "class", "classdef", "click", "default", "direction", "end", "fork", "href", "join", "note", "of",
    "state", "style",
})  # fmt: skip


def mermaid(chart: Chart) -> str:
    """A `stateDiagram-v2`: the same states, ways and words as the SVG."""
    ids = {node.id: _id(node) for node in chart.nodes}
    lines = ["---", f"title: {_quoted(chart.title)}", "---", "stateDiagram-v2"]
    for node in chart.nodes:
        if node.kind != "start":
            notes = "".join(f"<br>{_escaped(_noted(note))}" for note in node.notes)
            lines.append(f'    state "{_escaped(node.title)}{notes}" as {ids[node.id]}')
    for way in chart.ways:
        label = "<br>".join(_escaped(_said(note)) for note in way.notes)
        lines.append(f"    {ids[way.source]} --> {ids[way.target]}" + (f": {label}" if label else ""))
    for node in chart.nodes:
        if node.category == "closed":
            lines.append(f"    {ids[node.id]} --> [*]")
    for category, style in _COLOURS.items():
        members = [ids[node.id] for node in chart.nodes if node.category == category]
        if members:
            lines += [f"    classDef {category}_ {style}", f"    class {','.join(members)} {category}_"]
    return "\n".join(lines) + "\n"


def _id(node: Node) -> str:
    if node.kind == "start":
        return "[*]"
    name = node.id.replace("-", "_")
    return f"{name}_" if name in _RESERVED else name


_SIGNS = {"starts": "▶ ", "pauses": "⏸ ", "stops": "■ ", "approval": "✓ ", "task": "☐ "}


def _noted(note: Note) -> str:
    return _SIGNS.get(note.sign, "") + _said(note)


def _said(note: Note) -> str:
    return f"{note.text} ({note.more})" if note.more else note.text


def _escaped(text: str) -> str:
    """Mermaid reads `#59;` as the character of that number; what means something to it is written so."""
    return re.sub(r'[#;:"<>{}\[\]|%&`\\]', lambda found: f"#{ord(found[0])};", text)


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'

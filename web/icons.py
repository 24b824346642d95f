"""The icons, drawn here: strokes on a 24 × 24 grid in the colour of the text around them."""

from __future__ import annotations

from markupsafe import Markup

_ICONS = {
    "clock": '<circle cx="12" cy="12" r="9"/><path d="M12 7v5l3.5 2"/>',
    "hourglass": '<path d="M6 3h12M6 21h12M7 3v4c0 2.5 5 3.5 5 5s-5 2.5-5 5v4M17 3v4c0 2.5-5 3.5-5 5s5 2.5 5 5v4"/>',
    "alarm": '<circle cx="12" cy="13" r="8"/><path d="M12 9v4l2.5 1.5M4.5 3.5 2 6M19.5 3.5 22 6"/>',
    "breach": '<path d="M12 3 22 20.5H2z"/><path d="M12 10v4.5M12 17.5v.1"/>',
    "pause": '<circle cx="12" cy="12" r="9"/><path d="M9.8 8.8v6.4M14.2 8.8v6.4"/>',
    "moon": '<path d="M20 14.5A8.5 8.5 0 1 1 9.5 4a7 7 0 0 0 10.5 10.5z"/>',
    "check": '<path d="m4.5 12.5 5 5 10-11"/>',
    "done": '<circle cx="12" cy="12" r="9"/><path d="m8 12.3 2.8 2.8L16 9.5"/>',
    "cross": '<path d="M6 6l12 12M18 6 6 18"/>',
    "circle": '<circle cx="12" cy="12" r="8"/>',
    "dot": '<circle cx="12" cy="12" r="8"/><circle cx="12" cy="12" r="3.5" fill="currentColor" stroke="none"/>',
    "closed": '<circle cx="12" cy="12" r="9"/><path d="M8 12h8"/>',
    "search": '<circle cx="10.5" cy="10.5" r="6.5"/><path d="m15.5 15.5 5 5"/>',
    "plus": '<path d="M12 5v14M5 12h14"/>',
    "menu": '<path d="M4 6.5h16M4 12h16M4 17.5h16"/>',
    "person": '<circle cx="12" cy="8" r="4"/><path d="M4.5 20.5c.8-4 3.8-6 7.5-6s6.7 2 7.5 6"/>',
    "team": '<circle cx="9" cy="8.5" r="3.5"/><path d="M2.5 19.5c.6-3.4 3.1-5 6.5-5s5.9 1.6 6.5 5M16 5.3a3.5 3.5 0 0 1 0 6.4M18.3 15.2c1.8.7 2.9 2.1 3.2 4.3"/>',
    "globe": '<circle cx="12" cy="12" r="9"/><path d="M3 12h18M12 3c3 3 3.8 6 3.8 9s-.8 6-3.8 9c-3-3-3.8-6-3.8-9s.8-6 3.8-9z"/>',
    "inbox": '<path d="M3.5 13 6 5h12l2.5 8v6h-17z"/><path d="M3.5 13H9c0 1.8 1.2 3 3 3s3-1.2 3-3h5.5"/>',
    "list": '<path d="M9 6h11M9 12h11M9 18h11M4.5 6h.1M4.5 12h.1M4.5 18h.1"/>',
    "send": '<path d="M21 3 10 14M21 3l-7 18-4-7-7-4z"/>',
    "reply": '<path d="M20.5 12c0 4-3.8 7-8.5 7-1.2 0-2.3-.2-3.3-.5L3.5 20l1.6-3.7C4.1 15.1 3.5 13.6 3.5 12c0-4 3.8-7 8.5-7s8.5 3 8.5 7z"/>',
    "lock": '<rect x="5" y="10.5" width="14" height="9.5" rx="2"/><path d="M8.5 10.5V7.5a3.5 3.5 0 0 1 7 0v3"/>',
    "eye": '<path d="M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12z"/><circle cx="12" cy="12" r="2.8"/>',
    "bell": '<path d="M6 16.5V11a6 6 0 0 1 12 0v5.5l1.5 1.5h-15zM10 20.5h4"/>',
    "pager": '<path d="M5 4h14v11H5z"/><path d="M8.5 8h7M8.5 11h4M12 15v3M8 20.5h8"/>',
    "mail": '<rect x="3.5" y="5.5" width="17" height="13" rx="2"/><path d="m4 7 8 6 8-6"/>',
    "move": '<path d="M4 12h15M13.5 6.5 19 12l-5.5 5.5"/>',
    "edit": '<path d="m4 20 1-4.5L16 4.5l3.5 3.5L8.5 19z"/>',
    "task": '<rect x="4" y="4" width="16" height="16" rx="3"/><path d="m8.2 12.2 2.6 2.6 5-5.5"/>',
    "stairs": '<path d="M3.5 19.5h4.3v-5h4.3v-5h4.3v-5h4.1"/>',
    "flag": '<path d="M5.5 21V4M5.5 4.5h12l-2.5 4 2.5 4h-12"/>',
    "chevron": '<path d="m7 10 5 5 5-5"/>',
    "left": '<path d="m14.5 6-6 6 6 6"/>',
    "info": '<circle cx="12" cy="12" r="9"/><path d="M12 11v5.5M12 7.5v.1"/>',
    "keyboard": '<rect x="2.5" y="6" width="19" height="12" rx="2"/><path d="M6.5 10h.1M10.2 10h.1M13.8 10h.1M17.5 10h.1M8 14h8"/>',
    "exit": '<path d="M14 4.5H5v15h9M10 12h11M17 8l4 4-4 4"/>',
    "key": '<circle cx="8" cy="15.5" r="4.5"/><path d="m11.3 12.3 9-9M16.5 7l3 3"/>',
    "spark": '<path d="M12 4v4M12 16v4M4 12h4M16 12h4M6.5 6.5l2.5 2.5M15 15l2.5 2.5M17.5 6.5 15 9M9 15l-2.5 2.5"/>',
    "sun": '<circle cx="12" cy="12" r="4"/><path d="M12 3v2M12 19v2M3 12h2M19 12h2M5.6 5.6 7 7M17 17l1.4 1.4M18.4 5.6 17 7M7 17l-1.4 1.4"/>',
}


_DRAWN = {name: Markup(drawing) for name, drawing in _ICONS.items()}  # noqa: S704 - our own constants, see above


def icon(name: str, label: str = "") -> Markup:
    """The icon as inline SVG: spoken as `label`, or left to the text beside it."""
    spoken = Markup(' role="img" aria-label="{}"').format(label) if label else Markup(' aria-hidden="true"')
    return Markup('<svg class="icon" viewBox="0 0 24 24" width="16" height="16"{}>{}</svg>').format(
        spoken, _DRAWN[name]
    )


def mark() -> Markup:
    """The product mark: a clock whose hands are a tick."""
    return Markup(
        '<svg class="mark" viewBox="0 0 24 24" width="22" height="22" aria-hidden="true">'
        '<path class="mark-ring" d="M20.2 8.3A9.2 9.2 0 1 1 15.6 3.5"/>'
        '<path class="mark-tick" d="m7.8 11.6 3.9 4 8.8-10.1"/></svg>'
    )

"""The figures as tables of text, for a terminal."""

from __future__ import annotations

from collections.abc import Sequence

from domain.local_time import wall_time, zone_named
from domain.simulation.results import Count, Results, Spread

Row = tuple[str, ...]


def text_report(results: Results, seed: int) -> str:
    """Every table that has something in it, one below the other."""
    parts = [_head(results, seed)]
    parts += [
        table(
            ("clock", "level", "in time", "too late", "running", "share met"),
            [
                (
                    one.clock if not one.level else "",
                    one.level or "all",
                    str(one.met),
                    str(one.missed),
                    str(one.running),
                    percent(one.share),
                )
                for one in results.clocks
            ],
        ),
        table(
            ("team", "people", "jobs", "load", "overtime", "waited", "9 of 10", "longest queue"),
            [
                (
                    one.team,
                    str(one.people),
                    str(one.jobs),
                    percent(one.load),
                    f"{one.overtime_hours:.0f}h" if one.overtime_hours else "–",
                    length(one.waited.mean) if one.waited else "–",
                    length(one.waited.p90) if one.waited else "–",
                    str(one.longest_queue),
                )
                for one in results.teams
            ],
        ),
        table(
            ("state", "stays", "mean stay", "waited for somebody"),
            [
                (
                    one.state,
                    str(one.stays),
                    length(one.mean_hours * 3600),
                    length(one.waited.mean) if one.waited else "–",
                )
                for one in results.states
            ],
        ),
        _counted("threshold reached", results.thresholds),
        _counted("escalation", results.escalations),
        table(
            ("approval", "what became of it", "times", "took"),
            [
                (
                    one.approval,
                    end.name,
                    str(end.count),
                    length(one.decided_after.mean) if one.decided_after and end.name == "requested" else "",
                )
                for one in results.approvals
                for end in one.ends
            ],
        ),
        _counted("called by", results.pages),
        _transitions(results),
        _counted("could not be opened", results.refused),
        _counted("the process said no to", results.refusals, "tickets"),
        _counted("stuck in", results.stuck),
        _counted("parked", results.parked),
    ]
    if results.never:
        parts.append("never happened: " + ", ".join(results.never))
    if results.faults:
        parts.append(f"engine faults: {results.faults}")
    return "\n\n".join(part for part in parts if part) + "\n"


def _head(results: Results, seed: int) -> str:
    days = f"{results.days} day{'' if results.days == 1 else 's'}"
    lines = [
        (
            f"{results.process} version {results.version}: {results.arrived} tickets in {days} "
            f"from {begun(results)}, seed {seed}"
        ),
        (
            f"at the end: {results.closed} closed, {results.done} done, {results.open} open; "
            f"{results.reopened} were reopened"
        ),
    ]
    if results.warm_up:
        lines.insert(1, warmed_up(results))
    if results.time_to_done is not None:
        lines.append(f"from opening to done: {_spread(results.time_to_done)}")
    return "\n".join(lines)


def warmed_up(results: Results) -> str:
    """What the days before left."""
    days = f"{results.warm_up} day{'' if results.warm_up == 1 else 's'}"
    return f"{days} of warm-up before that are not counted; they left {results.carried} open"


def begun(results: Results) -> str:
    """The first day, and where days are read."""
    return f"{wall_time(results.start, zone_named(results.zone)):%Y-%m-%d} ({results.zone})"


def _spread(one: Spread) -> str:
    return (
        f"{length(one.mean)} on average, half within {length(one.median)}, nine of ten within {length(one.p90)}, "
        f"longest {length(one.longest)}"
    )


def _counted(title: str, counts: Sequence[Count], what: str = "times") -> str:
    return table((title, what), [(one.name, str(one.count)) for one in counts])


def _transitions(results: Results) -> str:
    automatic = {one.name: one.count for one in results.automatic}
    return table(
        ("transition", "times", "without a person"),
        [(one.name, str(one.count), str(automatic.get(one.name, 0))) for one in results.transitions],
    )


def table(head: Row, rows: Sequence[Row]) -> str:
    """Columns side by side: the first to the left, numbers to the right. Nothing without rows."""
    if not rows:
        return ""
    widths = [max(len(row[column]) for row in (head, *rows)) for column in range(len(head))]
    texts = {0, 1} if head[1] in ("level", "what became of it") else {0}

    def line(row: Row) -> str:
        cells = (
            cell.ljust(width) if column in texts else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        return "  ".join(cells).rstrip()

    return "\n".join([line(head), line(tuple("-" * width for width in widths)), *map(line, rows)])


def percent(share: float | None) -> str:
    """`93.5%`; a dash when there is nothing to share."""
    return "–" if share is None else f"{share * 100:.1f}%"


def length(seconds: float) -> str:
    """`45s`, `12m`, `3h 5m`, `2d 4h`: the two largest units."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole}s"
    minutes = round(whole / 60)
    if minutes < 60:
        return f"{minutes}m"
    hours, minutes = divmod(minutes, 60)
    if hours < 24:
        return f"{hours}h {minutes}m" if minutes else f"{hours}h"
    hours = round(whole / 3600)
    days, hours = divmod(hours, 24)
    return f"{days}d {hours}h" if hours else f"{days}d"

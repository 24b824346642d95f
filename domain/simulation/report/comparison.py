"""Two versions under the same arrivals, side by side."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from domain.simulation.report.text import begun, length, percent, table, warmed_up
from domain.simulation.results import Count, Results, Spread

Row = tuple[str, ...]


def comparison_text(before: Results, after: Results, seed: int) -> str:
    """Every table in which the two can be told apart."""
    days = f"{before.days} day{'' if before.days == 1 else 's'}"
    parts = [
        (
            f"{before.arrived} tickets in {days} from {begun(before)}, seed {seed}: {before.process} version "
            f"{before.version}, and {after.process} version {after.version} under the same arrivals"
        ),
        warmed_up(before) if before.warm_up else "",
        table(("", "before", "after", "change"), _ends(before, after)),
        table(("clock", "before", "after", "change"), clock_rows(before, after)),
        table(("load of", "before", "after", "change"), team_rows(before, after)),
        table(("mean stay in", "before", "after", "change"), state_rows(before, after)),
        _counted("threshold reached", before.thresholds, after.thresholds),
        _counted("escalation", before.escalations, after.escalations),
        _counted("approval", _ends_of(before), _ends_of(after)),
        _counted("transition", before.transitions, after.transitions),
        _counted("the process said no to", before.refusals, after.refusals),
        _counted("stuck in", before.stuck, after.stuck),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _ends(before: Results, after: Results) -> list[Row]:
    rows = [
        (name, str(one), str(two), signed(two - one))
        for name, one, two in (
            ("closed", before.closed, after.closed),
            ("done", before.done, after.done),
            ("open", before.open, after.open),
            ("reopened", before.reopened, after.reopened),
        )
    ]
    return [*rows, *_spreads(before.time_to_done, after.time_to_done)]


def _spreads(before: Spread | None, after: Spread | None) -> list[Row]:
    if before is None or after is None:
        return []
    figures: tuple[tuple[str, Callable[[Spread], float]], ...] = (
        ("to done, mean", lambda one: one.mean),
        ("to done, 9 of 10", lambda one: one.p90),
    )
    return [
        (name, length(of(before)), length(of(after)), difference(of(after) - of(before)))
        for name, of in figures
    ]


def clock_rows(before: Results, after: Results) -> list[Row]:
    """Share met of each clock and level, and by how many points it changed."""
    ones = {(one.clock, one.level): one.share for one in before.clocks}
    twos = {(one.clock, one.level): one.share for one in after.clocks}
    return [
        (
            f"{clock} {level}".strip(),
            percent(ones.get(key)),
            percent(twos.get(key)),
            points(ones.get(key), twos.get(key)),
        )
        for key in dict.fromkeys((*ones, *twos))
        for clock, level in (key,)
    ]


def team_rows(before: Results, after: Results) -> list[Row]:
    """Load of each team."""
    ones = {one.team: one.load for one in before.teams}
    twos = {one.team: one.load for one in after.teams}
    return [
        (team, percent(ones.get(team)), percent(twos.get(team)), points(ones.get(team), twos.get(team)))
        for team in dict.fromkeys((*ones, *twos))
    ]


def state_rows(before: Results, after: Results) -> list[Row]:
    """How long a stay in each state takes."""
    ones = {one.state: one.mean_hours * 3600 for one in before.states}
    twos = {one.state: one.mean_hours * 3600 for one in after.states}
    return [
        (
            state,
            length(ones[state]) if state in ones else "–",
            length(twos[state]) if state in twos else "–",
            difference(twos[state] - ones[state]) if state in ones and state in twos else "–",
        )
        for state in dict.fromkeys((*ones, *twos))
    ]


def _ends_of(results: Results) -> list[Count]:
    return [Count(f"{one.approval} {end.name}", end.count) for one in results.approvals for end in one.ends]


def _counted(title: str, before: Sequence[Count], after: Sequence[Count]) -> str:
    ones = {one.name: one.count for one in before}
    twos = {one.name: one.count for one in after}
    rows = [
        (name, str(ones.get(name, 0)), str(twos.get(name, 0)), signed(twos.get(name, 0) - ones.get(name, 0)))
        for name in dict.fromkeys((*ones, *twos))
    ]
    return table((title, "before", "after", "change"), rows)


def signed(number: int) -> str:
    """`+3`, `-2`; nothing for no change."""
    return f"{number:+d}" if number else ""


def points(before: float | None, after: float | None) -> str:
    """A change of a share in points of a percent."""
    if before is None or after is None:
        return "–"
    change = round((after - before) * 100, 1)
    return f"{change:+.1f}" if change else ""


def difference(seconds: float) -> str:
    """A change of a length; nothing for less than a second."""
    if abs(seconds) < 1:
        return ""
    return f"{'+' if seconds > 0 else '-'}{length(abs(seconds))}"

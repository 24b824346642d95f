"""The report with charts: one HTML file that needs nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta
from html import escape

from domain.language.definition import Definition
from domain.local_time import wall_time, zone_named
from domain.simulation.report.charts import MOST_LINES, Line, bar, lines_chart
from domain.simulation.report.labels import Labels
from domain.simulation.report.style import CSS
from domain.simulation.report.wording import Words
from domain.simulation.results import CATEGORIES, ClockResult, Count, Results, TeamResult

Row = Sequence[str]
"""Cells as HTML; one that starts with `<th` or `<td` is taken as it is."""


def page(definition: Definition, results: Sequence[Results], seed: int, locale: str) -> str:
    """The report of a run, or of two versions under the same arrivals (`results` has one or two)."""
    return _Page(definition, results, seed, Words(locale)).whole()


class _Page:
    def __init__(self, definition: Definition, results: Sequence[Results], seed: int, words: Words) -> None:
        self.results = results
        self.one = results[-1]  # what the details are about: of two the version to come
        self.was = results[0] if len(results) > 1 else None
        self.seed = seed
        self.words = words
        self.labels = Labels(definition, words)

    def whole(self) -> str:
        """The document."""
        words = self.words
        process = self.labels.title
        title = words("title_two" if self.was else "title", process=process)
        sections = (
            self._clocks(),
            self._over_time(),
            self._queues(),
            self._people(),
            self._states(),
            self._thresholds(),
            self._transitions(),
            self._trouble(),
        )
        return (
            f'<!doctype html>\n<html lang="{words.locale}">\n<head>\n<meta charset="utf-8">\n'
            '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
            f"<title>{escape(title)}</title>\n<style>{CSS}</style>\n</head>\n<body>\n<main>\n"
            f"<header>\n<h1>{escape(title)}</h1>\n<p>{escape(self._subtitle())}</p>\n"
            f'<p class="muted">{escape(words("caveat"))}</p>\n{self._tiles()}\n</header>\n'
            + "\n".join(sections)
            + f"\n<footer>{escape(words('made_by'))}</footer>\n</main>\n</body>\n</html>\n"
        )

    # ---- parts

    def _subtitle(self) -> str:
        one, first = self.one, self.was or self.one
        warm_up = self.words("warm_up", days=one.warm_up, tickets=one.carried) if one.warm_up else ""
        return warm_up + self.words(
            "subtitle_two" if self.was else "subtitle",
            tickets=one.arrived,
            days=one.days,
            start=f"{wall_time(one.start, zone_named(one.zone)):%Y-%m-%d}",
            zone=one.zone,
            seed=self.seed,
            version=first.version,
            other=one.version,
        )

    def _tiles(self) -> str:
        words = self.words
        tiles = [
            (words("arrived"), [str(one.arrived) for one in self.results]),
            (words("closed"), [str(one.closed) for one in self.results]),
            (words("open"), [str(one.open) for one in self.results]),
            (words("reopened"), [str(one.reopened) for one in self.results]),
            (
                words("to_done"),
                [words.length(one.time_to_done.median if one.time_to_done else None) for one in self.results],
            ),
        ]
        for clock in (one for one in self.one.clocks if not one.level):
            shares = [_share(result.clocks, clock.clock, "") for result in self.results]
            name = words("share_of", clock=self.labels.clock(clock.clock))
            tiles.append((name, [words.percent(share) for share in shares]))
        cells = []
        for name, values in tiles:
            was = (
                f'<span class="was">{escape(words("before"))}: {escape(values[0])}</span>' if self.was else ""
            )
            cells.append(f'<div class="tile"><dt>{escape(name)}</dt><dd>{escape(values[-1])}{was}</dd></div>')
        return f'<dl class="tiles">{"".join(cells)}</dl>'

    def _section(self, title: str, *parts: str, note: str = "") -> str:
        said = f'\n<p class="note">{escape(self.words(note))}</p>' if note else ""
        return (
            f'<section id="{title}">\n<h2>{escape(self.words(title))}</h2>{said}\n'
            + "\n".join(part for part in parts if part)
            + "\n</section>"
        )

    def _table(self, head: Sequence[str], rows: Iterable[Row], *, numbers_from: int = 1) -> str:
        body = []
        for row in rows:
            cells = []
            for place, cell in enumerate(row):
                if cell.startswith(("<th", "<td")):
                    cells.append(cell)
                else:
                    kind = ' class="n"' if place >= numbers_from else ""
                    cells.append(f"<td{kind}>{cell}</td>" if place else f'<th scope="row">{cell}</th>')
            body.append(f"<tr>{''.join(cells)}</tr>")
        if not body:
            return f'<p class="muted">{escape(self.words("nothing"))}</p>'
        heads = "".join(
            f'<th scope="col"{_numeric(yes=place >= numbers_from and name != "")}>{escape(name)}</th>'
            for place, name in enumerate(head)
        )
        return (
            f'<div class="scroll"><table><thead><tr>{heads}</tr></thead>'
            f"<tbody>{''.join(body)}</tbody></table></div>"
        )

    def _figures(self, table: str) -> str:
        return f"<details><summary>{escape(self.words('figures'))}</summary>{table}</details>"

    # ---- clocks

    def _clocks(self) -> str:
        words = self.words
        head = [words("clock"), "", words("share"), words("met"), words("missed"), words("running")]
        if self.was:
            head[3:3] = [words("before"), words("change")]
        rows = []
        for one in self.one.clocks:
            name = escape(
                self.labels.level(one.clock, one.level) if one.level else self.labels.clock(one.clock)
            )
            first = (
                f'<th scope="row">{name}</th>'
                if not one.level
                else f'<th scope="row" class="sub">{name}</th>'
            )
            before = _share(self.was.clocks, one.clock, one.level) if self.was else None
            drawn = (bar(before, "was-bar") if self.was else "") + bar(one.share, _kind(one.share))
            cells = [first, f'<td class="wide">{drawn}</td>', words.percent(one.share)]
            if self.was:
                cells += [words.percent(before), self._points(before, one.share)]
            cells += [str(one.met), str(one.missed), str(one.running)]
            rows.append(cells)
        return self._section("clocks", self._table(head, rows), note="clocks_note")

    def _points(self, before: float | None, after: float | None) -> str:
        if before is None or after is None:
            return "–"
        change = round((after - before) * 100, 1)
        return f"{change:+.1f}" if change else "0"

    # ---- over time

    def _ticks(self) -> list[str]:
        """A handful of days, evenly spread."""
        zone = zone_named(self.one.zone)
        steps = min(self.one.days, 8)
        days = [round(self.one.days * step / steps) for step in range(steps + 1)]
        return [f"{wall_time(self.one.start + timedelta(days=day), zone):%m-%d}" for day in days]

    def _dates(self) -> list[str]:
        zone = zone_named(self.one.zone)
        return [
            f"{wall_time(self.one.start + timedelta(days=day), zone):%Y-%m-%d}"
            for day in range(self.one.days)
        ]

    def _over_time(self) -> str:
        words = self.words
        parts = []
        for result in self.results:
            lines = [Line(words(name), result.open_by_hour[name]) for name in CATEGORIES]
            if self.was:
                parts.append(f"<h3>{escape(words('before' if result is self.was else 'after'))}</h3>")
            parts.append(lines_chart(lines, self._ticks(), words("over_time"), stacked=True))
        rows = [
            [date, *(str(self.one.open_by_hour[name][day * 24 + 23]) for name in CATEGORIES)]
            for day, date in enumerate(self._dates())
        ]
        table = self._table([words("day"), *(words(name) for name in CATEGORIES)], rows)
        return self._section("over_time", *parts, self._figures(table), note="over_time_note")

    def _queues(self) -> str:
        words = self.words
        parts = []
        teams = sorted(self.one.teams, key=lambda one: -one.longest_queue)[:MOST_LINES]
        names = [one.team for one in teams if one.longest_queue and one.team in self.one.queue_by_hour]
        for result in self.results:
            lines = [Line(name, result.queue_by_hour.get(name, (0.0,))) for name in names]
            if not lines:
                continue
            if self.was:
                parts.append(f"<h3>{escape(words('before' if result is self.was else 'after'))}</h3>")
            parts.append(lines_chart(lines, self._ticks(), words("queues")))
        rows = []
        for day, date in enumerate(self._dates()):
            of_day = [self.one.queue_by_hour[name][day * 24 : day * 24 + 24] for name in names]
            rows.append([date, *(f"{max(hours, default=0.0):.1f}" for hours in of_day)])
        table = self._table([words("day"), *names], rows) if names else ""
        shown = self._figures(table) if names else f'<p class="muted">{escape(words("nothing"))}</p>'
        return self._section("queues", *parts, shown, note="queues_note")

    # ---- people

    def _people(self) -> str:
        words = self.words
        head = [
            words("team"),
            "",
            words("load"),
            words("heads"),
            words("jobs"),
            words("overtime"),
            words("mean_wait"),
            words("p90_wait"),
            words("longest_queue"),
        ]
        before = {one.team: one for one in self.was.teams} if self.was else {}
        if self.was:
            head.insert(3, words("before"))
        rows = []
        for one in self.one.teams:
            past = before.get(one.team)
            drawn = bar(past.load if past else None, "was-bar") if self.was else ""
            drawn += bar(one.load, "bad" if (one.load or 0) > 0.85 else "plain")
            waited = one.waited
            cells = [escape(one.team), f'<td class="wide">{drawn}</td>', words.percent(one.load)]
            if self.was:
                cells.append(words.percent(past.load if past else None))
            cells += [
                str(one.people),
                str(one.jobs),
                words.length(one.overtime_hours * 3600) if one.overtime_hours else "–",
                words.length(waited.mean if waited else None),
                words.length(waited.p90 if waited else None),
                str(one.longest_queue),
            ]
            rows.append(cells)
        heats = "".join(self._heat(one) for one in self.one.teams if one.load)
        return self._section(
            "people",
            self._table(head, rows),
            f'<h3>{escape(words("load_by_hour"))}</h3><div class="pair">{heats}</div>' if heats else "",
            note="people_note",
        )

    def _heat(self, team: TeamResult) -> str:
        words = self.words
        days = words("weekdays").split()
        head = "".join(f'<th scope="col"><span>{hour}</span></th>' for hour in range(24))
        rows = []
        for day, hours in enumerate(team.by_hour):
            if all(load is None for load in hours):
                continue
            cells = "".join(self._hour(load, f"{days[day]} {hour}:00") for hour, load in enumerate(hours))
            rows.append(f'<tr><th scope="row">{escape(days[day])}</th>{cells}</tr>')
        return (
            f'<table class="heat"><caption class="sr">{escape(words("load_by_hour"))}: {escape(team.team)}</caption>'
            f'<thead><tr><th class="first" scope="col"><span class="sr">{escape(words("day"))}</span></th>{head}</tr>'
            f'<tr><th class="team" colspan="25" scope="colgroup">{escape(team.team)}</th></tr>'
            f"</thead><tbody>{''.join(rows)}</tbody></table>"
        )

    def _hour(self, load: float | None, when: str) -> str:
        if load is None:
            return f'<td class="off"><span class="sr">{escape(self.words("nobody_there"))}</span></td>'
        percent = f"{min(load, 1.0) * 100:.0f}%"
        return f'<td style="--l:{percent}" title="{escape(when)}: {percent}"><span class="sr">{percent}</span></td>'

    # ---- states

    def _states(self) -> str:
        words = self.words
        total = sum(one.hours for one in self.one.states) or 1.0
        before = {one.state: one for one in self.was.states} if self.was else {}
        head = [words("state"), "", words("total"), words("stays"), words("mean_stay"), words("mean_wait")]
        if self.was:
            head.insert(5, words("before"))
        rows = []
        for one in self.one.states:
            waited = one.waited
            cells = [
                escape(self.labels.state(one.state)),
                f'<td class="wide">{bar(one.hours / total, "plain")}</td>',
                words.percent(one.hours / total),
                str(one.stays),
                words.length(one.mean_hours * 3600),
            ]
            if self.was:
                past = before.get(one.state)
                cells.append(words.length(past.mean_hours * 3600 if past else None))
            cells.append(words.length(waited.mean if waited else None))
            rows.append(cells)
        return self._section("states", self._table(head, rows), note="states_note")

    # ---- counts

    def _counted(self, title: str, which: str, name: str) -> str:
        """A table of counts with bars; of two runs beside those of the first."""
        words = self.words
        counts: Sequence[Count] = getattr(self.one, which)
        past = {one.name: one.count for one in getattr(self.was, which)} if self.was else {}
        names = dict.fromkeys((*(one.name for one in counts), *past))
        now = {one.name: one.count for one in counts}
        most = max((*now.values(), *past.values()), default=1) or 1
        head = [words(title), "", words("times")] + ([words("before")] if self.was else [])
        rows = []
        for one in names:
            drawn = bar(past.get(one, 0) / most, "was-bar") if self.was else ""
            drawn += bar(now.get(one, 0) / most, "plain")
            cells = [
                escape(self.labels.of(name, one)),
                f'<td class="wide">{drawn}</td>',
                str(now.get(one, 0)),
            ]
            rows.append([*cells, str(past.get(one, 0))] if self.was else cells)
        return self._table(head, rows)

    def _thresholds(self) -> str:
        return self._section(
            "thresholds",
            self._counted("threshold", "thresholds", "threshold"),
            self._counted("escalation", "escalations", "escalation") if self.one.escalations else "",
            self._approvals(),
            self._counted("page", "pages", "page") if self.one.pages else "",
        )

    def _approvals(self) -> str:
        """What became of each approval; of two versions beside what became of it before."""
        words = self.words
        past = {
            (one.approval, end.name): end.count
            for one in (self.was.approvals if self.was else ())
            for end in one.ends
        }
        rows = []
        for one in self.one.approvals:
            most = max(end.count for end in one.ends)
            for place, end in enumerate(one.ends):
                decided = one.decided_after
                cells = [
                    escape(self.labels.approval(one.approval)) if not place else "",
                    f"<td>{escape(words.or_as_it_is(end.name))}</td>",
                    f'<td class="wide">{bar(end.count / most, "plain")}</td>',
                    str(end.count),
                ]
                if self.was:
                    cells.append(str(past.get((one.approval, end.name), 0)))
                cells.append(words.length(decided.mean) if decided and not place else "")
                rows.append(cells)
        head = [words("approval"), words("became"), "", words("times"), words("took")]
        if self.was:
            head.insert(4, words("before"))
        return self._table(head, rows, numbers_from=3) if rows else ""

    def _transitions(self) -> str:
        words = self.words
        parts = [self._counted("transition", "transitions", "transition")]
        if self.one.never:
            parts.append(f"<h3>{escape(words('never'))}</h3>")
            parts.append(f'<p class="note">{escape(words("never_note"))}</p>')
            names = "".join(f"<li>{escape(self.labels.transition(name))}</li>" for name in self.one.never)
            parts.append(f'<ul class="names">{names}</ul>')
        return self._section("transitions", *parts)

    def _trouble(self) -> str:
        parts = [
            self._counted(title, title, title)
            for title in ("stuck", "parked", "refused", "refusals")
            if getattr(self.one, title)
        ]
        nothing = f'<p class="muted">{escape(self.words("no_trouble"))}</p>'
        return self._section("trouble", *(parts or [nothing]))


def _share(clocks: Sequence[ClockResult], clock: str, level: str) -> float | None:
    return next((one.share for one in clocks if (one.clock, one.level) == (clock, level)), None)


def _kind(share: float | None) -> str:
    return "bad" if share is not None and share < 0.8 else "good"


def _numeric(*, yes: bool) -> str:
    return ' class="n"' if yes else ""

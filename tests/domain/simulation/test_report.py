"""The reports: one file that needs nothing else, in both languages, whatever the owner wrote into labels."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest

from domain.language.definition import Definition
from domain.simulation.report.charts import Line, bar, lines_chart
from domain.simulation.report.comparison import comparison_text
from domain.simulation.report.labels import Labels
from domain.simulation.report.page import page
from domain.simulation.report.text import length, table, text_report
from domain.simulation.report.wording import _WORDS, Words
from domain.simulation.results import Results, results_of
from domain.simulation.study import profile_for_other, whole_profile
from tests.domain.simulation.desks import ONE_QUEUE, ONE_STATE, incident, plain, profile, run

VOID = {"meta", "rect", "line", "polygon", "polyline", "br"}


class Reader(HTMLParser):
    """Follows the tags: what is open, every attribute, what is read aloud."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.attributes: list[tuple[str, str, str]] = []
        self.seen: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self.open and self.open[-1] == tag, f"</{tag}> closes {self.open[-1:]}"
            self.open.pop()


def a_week(definition: Definition, seed: int = 7) -> Results:
    return results_of(run(definition, whole_profile(None, definition), days=7, tickets=60, seed=seed))


@pytest.mark.parametrize("locale", ["en", "zh-CN"])
@pytest.mark.parametrize("two", [False, True], ids=["one", "two"])
def test_the_page_is_one_whole_file(locale: str, *, two: bool) -> None:
    results = [a_week(incident())] + ([a_week(incident(), seed=8)] if two else [])
    html = page(incident(), results, 7, locale)
    reader = Reader(html)
    assert not reader.open
    assert ("html", "lang", locale) in reader.attributes
    outside = {"script", "link", "img", "iframe", "object", "embed"}
    assert not outside & set(reader.seen)
    assert not [one for one in reader.attributes if one[1] in ("src", "href") or one[1].startswith("on")]
    assert "url(" not in html and "@import" not in html and "//" not in html.replace("<!doctype html>", "")
    assert html == page(incident(), results, 7, locale)


def test_every_chart_over_time_has_its_figures_in_a_table() -> None:
    html = page(incident(), [a_week(incident())], 7, "en")
    charts = re.findall(r'role="img" aria-label="([^"]+)"', html)
    assert charts == ["Tickets over time", "Queues"]
    assert html.count("<details>") == len(charts)


def test_the_page_speaks_the_language_of_its_reader() -> None:
    results = [a_week(incident())]
    english, chinese = (page(incident(), results, 7, locale) for locale in ("en", "zh-CN"))
    assert "Waiting for requester" in english and "等待用户" not in english
    assert "等待用户" in chinese and "Waiting for requester" not in chinese
    assert not [english for english, chinese in _WORDS.values() if not english or not chinese]


def test_rules_refusals_and_what_is_stuck_are_called_as_people_know_them() -> None:
    labels = Labels(incident(), Words("zh-CN"))
    told = {
        ("page", "escalations.on_call.steps[2]"): "团队值班: 第 2 步",
        ("page", "clocks.resolve.at.75%[2]"): "解决时间 75%",
        ("page", "clocks.response.overdue.do[1]"): "响应时间，超时后",
        ("page", "states.new.enter[2]"): "进入新建",
        ("page", "transitions.declare_major.do[3]"): "升级为重大事件",
        ("refusals", "acknowledge: Somebody has acknowledged it already."): "确认收到: 已有人确认收到。",
        ("stuck", "resolved: nobody may do anything"): "已解决: nobody may do anything",
    }
    assert {one: labels.of(*one) for one in told} == told


def test_what_an_owner_writes_stays_text() -> None:
    evil = '"</style><script>alert(1)</script><b onclick=x>"'
    text = ONE_STATE.replace("title: Plain", f"title: '{evil}'").replace(
        "new: {category: new}", f"new: {{category: new, label: '{evil}'}}"
    )
    definition = plain(text)
    results = results_of(run(definition, profile(ONE_QUEUE % ("1", 1, "5m"), definition), days=2))
    reader = Reader(page(definition, [results], 7, "en"))
    assert "script" not in reader.seen and "b" not in reader.seen and not reader.open


def test_a_month_without_any_ticket_has_a_report_too() -> None:
    definition = plain()
    results = results_of(run(definition, profile(ONE_QUEUE % ("1", 1, "5m"), definition), tickets=0))
    assert not Reader(page(definition, [results], 7, "en")).open
    assert "0 tickets in 5 days" in text_report(results, 7)
    assert comparison_text(results, results, 7)


def test_two_versions_are_told_apart_clock_by_clock() -> None:
    definition = plain()
    strict = plain(ONE_STATE.replace("target: 30m", "target: 5m"))
    whole = profile(ONE_QUEUE % ("5", 1, "{exponential: 6m}"), definition)
    before, after = (
        results_of(run(one, profile_for_other(whole, one), days=3)) for one in (definition, strict)
    )
    assert before.arrived == after.arrived
    assert before.teams == after.teams  # the same people did the same work
    line = next(line for line in comparison_text(before, after, 7).splitlines() if line.startswith("answer"))
    assert line.split()[-1].startswith("-")


def test_a_version_with_other_states_is_simulated_with_what_fits() -> None:
    definition = plain()
    other = plain(
        ONE_STATE.replace("  closed:", "  checked: {category: active}\n  closed:").replace(
            'close: {from: new, to: closed, who: "team:desk"}',
            'check: {from: new, to: checked, who: "team:desk"}\n'
            '  close: {from: checked, to: closed, who: "team:desk"}',
        )
    )
    whole = profile(ONE_QUEUE % ("1", 2, "6m"), definition)
    results = results_of(run(other, profile_for_other(whole, other), days=3))
    assert {one.name for one in results.transitions} == {"check", "close"}
    assert results.closed > 0 and not results.stuck


@pytest.mark.parametrize(
    ("seconds", "said", "chinese"),
    [
        (0.0, "0s", "0 秒"),
        (59.4, "59s", "59 秒"),
        (3_600.0, "1h", "1 时"),
        (3_599.0, "1h", "1 时"),
        (5_400.0, "1h 30m", "1 时 30 分"),
        (86_399.0, "24h", "24 时"),
        (90_000.0, "1d 1h", "1 天 1 时"),
    ],
)
def test_a_length_is_said_in_its_two_largest_units(seconds: float, said: str, chinese: str) -> None:
    assert length(seconds) in (said, "1d" if said == "24h" else said)
    assert Words("zh-CN").length(seconds) == chinese


def test_a_table_lines_up_its_columns() -> None:
    assert table(("name", "n"), [("long one", "1"), ("b", "200")]).splitlines() == [
        "name        n",
        "--------  ---",
        "long one    1",
        "b         200",
    ]
    assert table(("name",), []) == ""


def test_a_chart_keeps_its_peaks_and_a_bar_its_bounds() -> None:
    values = [0.0] * 5000
    values[4321] = 8.0
    chart = lines_chart([Line("a", values)], ["x"], "label")
    assert ",0 " in chart or ",0&" in chart or ',0"' in chart  # the peak reaches the top of the scale
    assert 'width="100"' in bar(7.0).replace('class="track" width="100"', "")
    assert "rect" not in bar(None)

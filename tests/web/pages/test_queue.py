"""The queue and the portal."""

from __future__ import annotations

import re

import pytest

from tests.web.fake_desk import FakeDesk
from tests.web.visitors import text_of, visitor

HOSTILE = "<script>alert(1)</script> \"' onload=x & {{ 7*7 }}"


def refs(page: str) -> list[str]:
    return re.findall(r'data-ref="(INC-\d+)"', page)


def test_the_nearest_deadline_comes_first_and_paused_ones_last() -> None:
    page = visitor("wang").get("/").text
    found = refs(page)
    assert found[:3] == ["INC-000040", "INC-000042", "INC-000039"]
    assert set(found[-2:]) == {"INC-000030", "INC-000037"}


def test_a_clock_says_with_words_and_icon_what_its_colour_says() -> None:
    page = visitor("wang").get("/").text
    assert "−12 min" in page
    assert 'aria-label="overdue"' in page
    assert 'aria-label="less than half an hour"' in page
    assert "stopped while “Waiting for requester”" in page


@pytest.mark.parametrize(
    ("language", "words"), [("en", ("1 overdue", "In progress")), ("zh-CN", ("1 个超时", "处理中"))]
)
def test_the_queue_speaks_both_languages(language: str, words: tuple[str, str]) -> None:
    page = visitor("wang", language=language).get("/").text
    assert all(word in page for word in words)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("?priority=P1", {"INC-000040", "INC-000042"}),
        ("?team=network-l2&priority=P2", {"INC-000037"}),
        ("?assignee=me", {"INC-000040", "INC-000038", "INC-000037"}),
        ("?overdue=1", {"INC-000040"}),
        ("?q=phishing", {"INC-000035"}),
        ("?state=waiting&q=vpn", {"INC-000037"}),
    ],
)
def test_filters_live_in_the_address(query: str, expected: set[str]) -> None:
    assert set(refs(visitor("wang").get(f"/{query}").text)) == expected


def test_a_filter_that_finds_nothing_says_so_and_offers_a_way_out() -> None:
    page = visitor("wang").get("/?q=zzz").text
    assert "No ticket fits these filters" in page
    assert "Clear filters" in page


def test_an_empty_desk_says_what_would_be_here() -> None:
    desk = FakeDesk()
    desk.items = []
    assert "Nothing is waiting here" in visitor("wang", desk).get("/").text


def test_the_next_page_goes_on_after_the_last_row() -> None:
    client = visitor("wang")
    first = client.get("/?state=all").text
    following = re.search(r'href="([^"]+)" rel="next"', first)
    assert following
    second = client.get(following[1].replace("&amp;", "&")).text
    assert len(refs(first)) == 50
    assert refs(second)
    assert not set(refs(first)) & set(refs(second))
    assert "First page" in second


def test_a_hostile_title_is_only_a_text() -> None:
    desk = FakeDesk()
    desk.items[0].title = HOSTILE
    for person, path in (("wang", "/"), ("wang", "/tickets/INC-000042"), ("alice", "/")):
        page = visitor(person, desk).get(path).text
        assert "<script>alert" not in page
        assert "49" not in re.findall(r"onload=x &amp; (\S+)", page)
        assert HOSTILE in text_of(page).replace("&#34;", '"').replace("&#39;", "'")


def test_a_hostile_filter_is_only_a_text() -> None:
    page = visitor("wang").get("/", params={"q": HOSTILE, "team": HOSTILE, "state": HOSTILE}).text
    assert "<script>alert" not in page


@pytest.mark.parametrize("typed", ["INC-42", "inc42", "INC-000042", " inc-042 "])
def test_a_number_in_the_search_box_jumps_to_its_ticket(typed: str) -> None:
    assert visitor("wang").get("/search", params={"q": typed}).headers["location"] == "/tickets/INC-000042"


def test_other_words_are_looked_for_in_every_state() -> None:
    client = visitor("wang")
    assert client.get("/search?q=vpn+token").headers["location"] == "/?q=vpn+token&state=all"
    assert client.get("/search?q=INC-999").headers["location"] == "/?q=INC-999&state=all"


def test_a_requester_sees_their_own_tickets_in_plain_words_and_no_rail() -> None:
    page = visitor("alice").get("/").text
    assert "Hello Alice Chen, how can we help?" in page
    assert "We are working on these" in page
    assert "Solved, please confirm" in page
    assert 'id="rail"' not in page
    assert "INC-000041" not in page, "that one is somebody else's"


def test_somebody_without_tickets_is_told_what_to_do() -> None:
    desk = FakeDesk()
    desk.items = []
    assert "您还没有工单" in visitor("victor", desk, language="zh-CN").get("/").text


def test_the_rail_counts_what_is_open_and_overdue() -> None:
    words = text_of(visitor("wang").get("/").text)
    assert re.search(r"Web shop L2 1 10", words)

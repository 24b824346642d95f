"""The pages in a real browser: keyboard, narrow screens, no scripts, nothing in the console."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.web.condition_cases import ASKED, CASES
from tests.web.fake_desk import FakeDesk
from tests.web.sample import NOW
from tests.web.serve import served
from web.conditions import lower
from web.screenshots import BrowserMissing, browser

P1 = "/tickets/INC-000042"
PAGES = (
    "/",
    P1,
    "/tickets/INC-000040",
    "/tickets/INC-000037",
    "/new/incident",
    "/outbox",
    "/nowhere",
    "/?q=zzz",
)
CONTRAST = (Path(__file__).parent / "contrast.js").read_text()


@pytest.fixture(scope="module")
def running() -> Iterator[Browser]:
    with ExitStack() as stack:
        try:
            found = stack.enter_context(browser())
        except BrowserMissing as missing:
            pytest.fail(f"these tests need a browser: {missing}", pytrace=False)
        yield found


@contextmanager
def opened(
    running: Browser, desk: FakeDesk | None = None, *, person: str = "wang", language: str = "en", **how: Any
) -> Iterator[tuple[Page, list[str]]]:
    """A page somebody has signed in on, and what the browser has complained about so far."""
    with served(desk or FakeDesk()) as address:
        how = {"timezone_id": "Asia/Shanghai", "viewport": {"width": 1280, "height": 800}} | how
        context = running.new_context(base_url=address, **how)
        context.add_cookies([{"name": "evertick_language", "value": language, "url": address}])
        page = context.new_page()
        page.set_default_timeout(10_000)
        complaints: list[str] = []
        page.on(
            "console",
            lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None,
        )
        page.on("pageerror", lambda error: complaints.append(str(error)))
        try:
            page.goto("/sign-in")
            page.click(f'button[name="account"][value="{person}"]')
            page.wait_for_url("**/")
            yield page, complaints
        finally:
            context.close()


@pytest.mark.parametrize("language", ["en", "zh-CN"])
@pytest.mark.parametrize("person", ["wang", "alice"])
def test_at_360_pixels_nothing_sticks_out(running: Browser, person: str, language: str) -> None:
    with opened(running, person=person, language=language, viewport={"width": 360, "height": 740}) as (
        page,
        complaints,
    ):
        for path in PAGES:
            page.goto(path)
            page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
            widths = page.evaluate(
                "[document.documentElement.scrollWidth, document.documentElement.clientWidth]"
            )
            assert widths[0] <= widths[1], f"{path} is {widths[0]} px wide"
        assert [one for one in complaints if "404" not in one] == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_can_be_read_and_the_console_stays_empty(running: Browser, scheme: str) -> None:
    with opened(running, color_scheme=scheme) as (page, complaints):
        for path in PAGES:
            page.goto(path)
            page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
            assert page.evaluate(CONTRAST) == [], path
        assert [one for one in complaints if "404" not in one] == []


def test_the_contrast_check_finds_poor_contrast(running: Browser) -> None:
    page = running.new_page()
    page.set_content('<p style="background:#fff"><span style="color:#999">faint</span></p>')
    assert page.evaluate(CONTRAST) == ['2.85 "faint" ']
    page.close()


def test_the_keyboard_moves_opens_and_comes_back(running: Browser) -> None:
    with opened(running) as (page, complaints):
        for key in "jjk":
            page.keyboard.press(key)
        expect(page.locator(".row.current")).to_have_attribute("data-ref", "INC-000040")
        page.keyboard.press("j")
        page.keyboard.press("Enter")
        page.wait_for_url(f"**{P1}")
        page.keyboard.press("g")
        page.keyboard.press("q")
        page.wait_for_url(lambda url: url.endswith("/"))
        page.keyboard.press("/")
        expect(page.locator("#search")).to_be_focused()
        page.keyboard.type("inc-42")
        page.keyboard.press("Enter")
        page.wait_for_url(f"**{P1}")
        page.keyboard.press("?")
        expect(page.locator("#keys")).to_be_visible()
        page.keyboard.press("Escape")
        expect(page.locator("#keys")).to_be_hidden()
        page.keyboard.press("c")
        page.wait_for_url("**/new/incident")
        assert complaints == []


def test_letters_typed_into_a_field_are_only_letters(running: Browser) -> None:
    with opened(running) as (page, _):
        page.goto(P1)
        page.fill("#comment-text", "")
        page.locator("#comment-text").press_sequentially("jack / c?")
        expect(page.locator("#comment-text")).to_have_value("jack / c?")
        assert page.url.endswith(P1)


def test_a_assigns_the_current_row_to_me_in_place(running: Browser) -> None:
    desk = FakeDesk()
    with opened(running, desk) as (page, complaints):
        page.evaluate("window.untouched = true")
        page.keyboard.press("j")
        page.keyboard.press("j")
        page.keyboard.press("a")
        expect(page.locator("#row-INC-000042 .q-assignee")).to_contain_text("Wang Lei")
        assert desk.items[0].assignee == "wang"
        assert page.evaluate("window.untouched"), "the page was loaded anew"
        assert complaints == []


def test_a_form_opens_in_place_keeps_what_was_typed_and_closes_when_it_is_done(running: Browser) -> None:
    desk = FakeDesk()
    with opened(running, desk) as (page, complaints):
        page.goto(P1)
        page.evaluate("window.untouched = true")
        page.click('[data-open="do-resolve"]')
        expect(page.locator("#resolve-resolution_code")).to_be_focused()
        expect(page.locator("#resolve-workaround")).to_be_hidden()
        page.select_option("#resolve-resolution_code", "workaround")
        expect(page.locator("#resolve-workaround")).to_be_visible()
        page.fill("#resolve-resolution", "Use the second gateway")
        page.click("#do-resolve .primary")
        expect(page.locator("#do-resolve .field-error")).to_have_text("Please fill this in.")
        expect(page.locator("#resolve-workaround")).to_be_focused()
        expect(page.locator("#resolve-resolution")).to_have_value("Use the second gateway")
        page.fill("#resolve-workaround", "gw2.example.com")
        page.click("#do-resolve .primary")
        expect(page.locator(".head .chip")).to_have_text("Resolved")
        expect(page.locator(".notice")).to_be_visible()
        assert page.evaluate("window.untouched"), "the page was loaded anew"
        assert [one for one in complaints if "422" not in one] == []


def test_escape_closes_a_form_and_the_address_opens_it(running: Browser) -> None:
    with opened(running) as (page, _):
        page.goto(f"{P1}#do-resolve")
        expect(page.locator("#do-resolve")).to_be_visible()
        page.keyboard.press("Escape")
        page.keyboard.press("Escape")
        expect(page.locator("#do-resolve")).to_be_hidden()


def test_while_the_desk_is_away_the_form_stays_as_it_is(running: Browser) -> None:
    desk = FakeDesk()
    with opened(running, desk) as (page, _):
        page.goto(P1)
        page.fill("#comment-text", "a long answer")
        desk.away = True
        page.click(".composer .primary")
        expect(page.locator("#toast")).to_contain_text("It could not be sent")
        expect(page.locator("#comment-text")).to_have_value("a long answer")
        desk.away = False
        page.click(".composer .primary")
        expect(page.locator(".timeline .said-public").last).to_contain_text("a long answer")
        expect(page.locator("#comment-text")).to_have_value("")


def test_a_draft_survives_a_reload_and_is_forgotten_when_it_was_sent(running: Browser) -> None:
    with opened(running) as (page, _):
        page.goto(P1)
        page.fill("#comment-text", "half an ans")
        page.reload()
        expect(page.locator("#comment-text")).to_have_value("half an ans")
        page.keyboard.press("Tab")
        page.locator("#comment-text").press("Control+Enter")
        expect(page.locator(".timeline .said-public").last).to_contain_text("half an ans")
        page.reload()
        expect(page.locator("#comment-text")).to_have_value("")


def test_a_note_looks_different_before_it_is_sent(running: Browser) -> None:
    with opened(running) as (page, _):
        page.goto(P1)
        expect(page.locator(".audience-public")).to_be_visible()
        page.check('input[name="visibility"][value="internal"]')
        expect(page.locator(".audience-public")).to_be_hidden()
        expect(page.locator(".audience-internal")).to_be_visible()


def test_clocks_tick_and_change_their_tone(running: Browser) -> None:
    with opened(running) as (page, _):
        page.clock.install(time=NOW)
        page.goto("/")
        face = page.locator("#row-INC-000042 .face")
        expect(face).to_have_class("face tone-red")
        page.clock.fast_forward(20 * 60 * 1000)
        expect(face.locator(".face-words")).to_have_text("−7 min")
        expect(face).to_have_class("face tone-late")
        expect(page.locator("#row-INC-000041")).to_have_class("row edge-amber")
        page.clock.fast_forward(10 * 60 * 1000)
        expect(page.locator("#row-INC-000041")).to_have_class("row edge-red")


def test_the_zone_is_shown_where_the_browser_lives_in_another(running: Browser) -> None:
    with opened(running) as (page, _):
        page.goto(P1)
        expect(page.locator(".clock-sub .zone").first).to_be_hidden()
    with opened(running, timezone_id="Europe/Berlin") as (page, _):
        page.goto(P1)
        expect(page.locator(".clock-sub .zone").first).to_be_visible()


def test_the_browser_decides_conditions_as_the_server_does(running: Browser) -> None:
    asked = []
    for condition, values, _ in CASES:
        shown = {
            name: str(value).lower() if isinstance(value, bool) else str(value)
            for name, value in values.items()
        }
        asked.append([lower(condition, ASKED, {}), shown])
    with opened(running) as (page, _):
        page.goto("/new/incident")
        answers = page.evaluate(
            """async (asked) => {
                const { holds } = await import(document.querySelector("script[type=module]").src);
                return asked.map(([when, values]) => holds(when, values));
            }""",
            asked,
        )
    assert answers == [answer for _, _, answer in CASES]


def test_without_javascript_one_can_sign_in_open_a_ticket_decide_and_write(running: Browser) -> None:
    desk = FakeDesk()
    with opened(running, desk, java_script_enabled=False) as (page, complaints):
        page.click("a.top-new")
        expect(page.locator(".hint-when")).to_be_visible()
        page.fill("#title", "Printer is on fire")
        page.fill("#description", "Smoke, too")
        page.select_option("#category", "workplace")
        page.select_option("#impact", "minor")
        page.select_option("#urgency", "high")
        page.fill("#affected_users", "3")
        page.click("form.form .primary")
        page.wait_for_url("**/tickets/INC-000147")
        page.click('button:has-text("Take it")')
        expect(page.locator(".head .chip")).to_have_text("In progress")
        expect(page.locator("#do-resolve")).to_be_hidden()
        page.click('[data-open="do-resolve"]')
        expect(page.locator("#do-resolve")).to_be_visible()
        page.select_option("#resolve-resolution_code", "fixed")
        page.fill("#resolve-resolution", "Water")
        page.click("#do-resolve .primary")
        expect(page.locator(".head .chip")).to_have_text("Resolved")
        page.check('input[name="visibility"][value="internal"]')
        page.fill("#comment-text", "Buy an extinguisher")
        page.click(".composer .primary")
        expect(page.locator(".said-internal").last).to_contain_text("Buy an extinguisher")
        page.click(".why summary >> nth=0")
        expect(page.locator(".why-body").first).to_be_visible()
        page.click(".top-person")
        page.click('#person button[value="zh-CN"]')
        expect(page.locator(".head .chip")).to_have_text("已解决")
        assert complaints == []

"""Pictures of the pages from a running desk.

`python -m web.screenshots --base-url http://127.0.0.1:8000 --out screenshots`. Development only: it needs the
playwright package and a Chromium.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Playwright

WIDTHS = ((1280, 800), (360, 740))
LOCALES = ("en", "zh-CN")
THEMES = ("light", "dark")
_FLAGS = (
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
_INSTALLED = ("chromium", "chromium-browser", "google-chrome")


class BrowserMissing(Exception):
    """There is no browser to look with; the message says what to install."""


@dataclass(frozen=True, slots=True)
class Shot:
    """One picture: where to go, and what to press first."""

    name: str
    path: str
    press: str = ""  # a CSS selector to click
    signed_in: bool = True


@contextmanager
def browser() -> Iterator[Browser]:
    """An installed Chromium, else Playwright's own. Raises BrowserMissing."""
    try:
        from playwright.sync_api import sync_playwright
    except ImportError as error:
        raise BrowserMissing(
            "the playwright package is missing: install the development requirements"
        ) from error
    with sync_playwright() as playwright:
        found = _launch(playwright)
        try:
            yield found
        finally:
            found.close()


def _launch(playwright: Playwright) -> Browser:
    from playwright.sync_api import Error

    flags = [*_FLAGS, *(["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else [])]
    installed = next((path for name in _INSTALLED if (path := shutil.which(name))), None)
    try:
        return playwright.chromium.launch(executable_path=installed, args=flags)
    except Error as error:
        raise BrowserMissing(
            "no Chromium could be started: install the package `chromium` (and `fonts-noto-cjk`, or Chinese is boxes), "
            f"or run `playwright install chromium`. It said: {error.message.splitlines()[0]}"
        ) from error


def shots(ticket: str, paused: str) -> tuple[Shot, ...]:
    """What is worth a picture."""
    return (
        Shot("sign-in", "/sign-in", signed_in=False),
        Shot("queue", "/"),
        Shot("ticket", ticket),
        Shot("ledger", ticket, press=".clock-card .why summary"),
        Shot("action", f"{ticket}#do-resolve"),
        Shot("paused", paused or ticket),
        Shot("new", "/new/incident"),
        Shot("outbox", "/outbox"),
    )


def take(base_url: str, out: Path, account: str, only: Sequence[str] = ()) -> list[Path]:
    """Every picture at both widths, in both languages and themes; the paths of the files."""
    out.mkdir(parents=True, exist_ok=True)
    made: list[Path] = []
    with browser() as running:
        for width, height in WIDTHS:
            for locale in LOCALES:
                for theme in THEMES:
                    page = running.new_page(
                        viewport={"width": width, "height": height},
                        color_scheme="dark" if theme == "dark" else "light",
                        locale=locale,
                        timezone_id="Asia/Shanghai",
                        base_url=base_url,
                    )
                    made += _series(page, out, f"{width}-{locale}-{theme}", account, only)
                    page.close()
    return made


def _series(page: Page, out: Path, variant: str, account: str, only: Sequence[str]) -> list[Path]:
    made: list[Path] = []
    page.goto("/sign-in")
    first = shots("", "")[0]
    if not only or first.name in only:
        made.append(_shoot(page, out / f"{first.name}-{variant}.png"))
    page.click(
        f'button[name="account"][value="{account}"]' if account else '[data-role="agent"] button >> nth=0'
    )
    language = variant.split("-", 1)[1].rpartition("-")[0]
    page.context.add_cookies([{"name": "evertick_language", "value": language, "url": page.url}])
    page.goto("/")
    ticket = _first(page, ".row.edge-red", ".row.edge-late", ".row.edge-amber", ".row")
    paused = _first(page, ".row:has(.tone-paused)")
    for shot in shots(ticket or "/", paused)[1:]:
        if only and shot.name not in only:
            continue
        page.goto(shot.path)
        if shot.press and page.locator(shot.press).count():
            page.locator(shot.press).first.click()
        made.append(_shoot(page, out / f"{shot.name}-{variant}.png"))
    return made


def _first(page: Page, *rows: str) -> str:
    for row in rows:
        link = page.locator(f"{row} .row-link")
        if link.count():
            return link.first.get_attribute("href") or ""
    return ""


def _shoot(page: Page, path: Path) -> Path:
    page.wait_for_load_state("load")
    page.evaluate("scrollTo(0, 0)")
    page.screenshot(path=path, full_page=True)
    return path


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m web.screenshots", description="Take pictures of a running desk."
    )
    parser.add_argument("--base-url", required=True, help="where the desk is, such as http://127.0.0.1:8000")
    parser.add_argument("--out", type=Path, required=True, help="folder for the pictures")
    parser.add_argument(
        "--account", default="", help="demo account to sign in as; the first agent by default"
    )
    parser.add_argument(
        "--only", action="append", default=[], help="only this picture, such as queue; may be repeated"
    )
    given = parser.parse_args(arguments)
    try:
        made = take(given.base_url, given.out, given.account, given.only)
    except BrowserMissing as missing:
        print(f"screenshots: {missing}", file=sys.stderr)
        return 1
    print(f"{len(made)} pictures in {given.out}")
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Pictures of the pages."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.web.pictures import pictures
from web.screenshots import LOCALES, THEMES, WIDTHS, BrowserMissing, browser, main


def test_pictures_are_taken_at_both_widths_in_both_languages_and_themes(tmp_path: Path) -> None:
    assert pictures(["--out", str(tmp_path), "--only", "sign-in", "--only", "ledger"]) == 0
    names = {
        f"{shot}-{width}-{locale}-{theme}.png"
        for shot in ("sign-in", "ledger")
        for width, _ in WIDTHS
        for locale in LOCALES
        for theme in THEMES
    }
    assert {path.name for path in tmp_path.iterdir()} == names
    assert all(path.read_bytes().startswith(b"\x89PNG") for path in tmp_path.iterdir())


@pytest.fixture
def no_browser(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: "/nowhere/chromium")


@pytest.mark.usefixtures("no_browser")
def test_without_a_browser_it_says_what_to_install(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--base-url", "http://127.0.0.1:1", "--out", str(tmp_path)]) == 1
    assert "install the package `chromium`" in capsys.readouterr().err


@pytest.mark.usefixtures("no_browser")
def test_a_missing_browser_is_an_error_of_its_own() -> None:
    with pytest.raises(BrowserMissing, match="playwright install chromium"), browser():
        pass

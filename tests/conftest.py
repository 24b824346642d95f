"""What holds for all tests: where they stand says what they need, and servers are shared."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.databases import (  # noqa: F401 - fixtures for everybody
    database,
    database_url,
    postgres_template,
    postgres_url,
    sqlite_database,
    sqlite_template,
)

LIVE = Path(__file__).parent / "live"
IN_BROWSER = {"test_in_browser.py", "test_screenshots.py"}


def pytest_itemcollected(item: pytest.Item) -> None:
    """Mark what needs servers or a browser, and keep all that share them in one process.

    Here and not when the collection is modified: xdist reads the groups before a conftest has its turn.
    """
    if LIVE in item.path.parents:
        item.add_marker(pytest.mark.live)
    if item.path.name in IN_BROWSER:
        item.add_marker(pytest.mark.browser)
    if item.get_closest_marker("xdist_group"):
        return
    for shared in ("chaos", "browser", "live"):
        if item.get_closest_marker(shared):
            item.add_marker(pytest.mark.xdist_group(shared))
            break

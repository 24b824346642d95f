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


@pytest.hookimpl(tryfirst=True)  # before `-m` chooses and before xdist deals them out
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests below tests/live, and keep all that share servers or a browser in one process."""
    for item in items:
        if LIVE in item.path.parents:
            item.add_marker(pytest.mark.live)
        if item.path.name in IN_BROWSER:
            item.add_marker(pytest.mark.browser)
        if item.get_closest_marker("xdist_group"):
            continue
        for shared in ("browser", "live"):
            if item.get_closest_marker(shared):
                item.add_marker(pytest.mark.xdist_group(shared))
                break

"""What holds for all tests: where they stand says what they need, and servers are shared."""

from __future__ import annotations

import pytest
from hypothesis import settings
from xdist.remote import Producer

from tests.databases import (  # noqa: F401 - fixtures for everybody
    database,
    database_url,
    postgres_template,
    postgres_url,
    sqlite_database,
    sqlite_template,
)
from tests.scheduling import ByNeeds, longest_first, needs_of

# The same examples on every run: a change is judged by what it changed. `make fuzz` explores with new ones.
# No limit of time for one example: how busy the machine is says nothing of the code.
settings.register_profile("steady", derandomize=True, deadline=None)
settings.register_profile("exploring", max_examples=2_000, deadline=None, print_blob=True)
settings.load_profile("steady")


def pytest_itemcollected(item: pytest.Item) -> None:
    """Where a test stands says what it needs."""
    if needs := needs_of(item.nodeid):
        item.add_marker(needs)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=longest_first)


@pytest.hookimpl(optionalhook=True)  # without xdist there is nothing to deal out
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> ByNeeds:
    return ByNeeds(config, log)

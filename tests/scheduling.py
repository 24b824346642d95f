"""How tests are dealt out to the processes of a run (`pytest -n 2`): what shares servers or a browser stays together.

Groups by marker (`--dist loadgroup`) would say the same, but xdist 3.8 does not see them under pytest 9.2.
"""

from __future__ import annotations

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

LIVE = ("tests/live/", "tests/api/test_on_real_temporal.py", "tests/cli/test_live.py")
CHAOS = "tests/live/test_chaos.py"
IN_BROWSER = ("tests/web/test_in_browser.py", "tests/web/test_screenshots.py")


def needs_of(nodeid: str) -> str:
    """What a test needs besides Python: `live`, `browser` or nothing."""
    path = nodeid.partition("::")[0]
    return "live" if path.startswith(LIVE) else "browser" if path in IN_BROWSER else ""


def longest_first(item: pytest.Item) -> int:
    """For sorting: who takes longest begins, so that no process is left alone with it at the end."""
    if item.get_closest_marker("chaos"):
        return 0
    return {"live": 1, "browser": 2, "": 3}[needs_of(item.nodeid)]


class ByNeeds(LoadScopeScheduling):
    """Real servers in one process, the browser in one, the kill tests in one, any other test wherever there is room."""

    def __init__(self, config: pytest.Config, log: Producer | None = None) -> None:
        config.option.loadscopereorder = False  # longest first, as sorted
        super().__init__(config, log)

    def _split_scope(self, nodeid: str) -> str:
        return "chaos" if nodeid.startswith(CHAOS) else needs_of(nodeid) or nodeid

"""Pictures of the pages over the sample desk: `make screenshots`. Of a running desk: `--base-url http://…`."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from tests.web.fake_desk import FakeDesk
from tests.web.serve import served
from web.screenshots import main


def pictures(arguments: Sequence[str]) -> int:
    """Take them, by default of the sample desk and into screenshots/."""
    given = list(arguments)
    if not any(one.startswith("--out") for one in given):
        given += ["--out", "screenshots"]
    if any(one.startswith("--base-url") for one in given):
        return main(given)
    with served(FakeDesk()) as address:
        return main([*given, "--base-url", address, "--account", "wang"])


if __name__ == "__main__":
    sys.exit(pictures(sys.argv[1:]))

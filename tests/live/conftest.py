"""One Temporal server per test session; everything else is each test's own. Databases: tests/databases.py."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bootstrap.temporal_server import TemporalServer
from tests.live.servers import a_temporal_server


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="session")
def temporal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TemporalServer]:
    with a_temporal_server(tmp_path_factory.mktemp("temporal")) as server:
        yield server

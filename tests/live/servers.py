"""A real Temporal server for tests, with time skipping. Databases: tests/databases.py."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bootstrap.ports import a_free_port
from bootstrap.temporal_server import TemporalServer, TemporalServerSettings


@contextmanager
def a_temporal_server(home: Path, *, time_skipping: bool = True) -> Iterator[TemporalServer]:
    """A server of our own on a free port. Nothing it stores survives a power cut, which makes it faster."""
    settings = TemporalServerSettings(
        home / "temporal.db",
        a_free_port(),
        time_skipping=time_skipping,
        log=home / "temporal.log",
        sync="OFF",
    )
    server = TemporalServer(settings)
    server.start()
    try:
        yield server
    finally:
        server.stop()

"""All tables in one place: importing this module fills `metadata`."""

from __future__ import annotations

import store.directory_tables  # noqa: F401 - registers its tables with the metadata
from store.tables import metadata

__all__ = ["metadata"]

"""Leaving a process in which Temporal's SDK ran.

Its own threads may let go of Python objects while the interpreter is being taken down, which aborts the process
("PyGILState_Release", exit code 134) after everything was done and said. So whoever used it leaves without that.
"""

from __future__ import annotations

import logging
import os
import sys
from typing import NoReturn


def leave(code: int) -> NoReturn:
    """End this process now. Everything else that was to be tidied up has been."""
    logging.shutdown()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)

"""Every time limit and every retry of a ticket's workflow, named."""

from __future__ import annotations

from datetime import timedelta

from temporalio.common import RetryPolicy

CONTINUE_AT_EVENTS = 400
"""A run continues as new at about this many history events (replay costs 0.3 to 0.5 ms an event)."""

CONTINUE_ANYWAY_AT_EVENTS = 2_000
"""Past this a run no longer waits for running activities: the next one issues them again, with the same keys."""

STUCK_DEADLINE = timedelta(minutes=1)
"""A deadline `advance` left in the past (an engine fault) is looked at again after this, not in a busy loop."""

SEND_TIMEOUT = timedelta(seconds=8)
"""How long a sender waits for the workflow's answer; afterwards the outcome is unknown and the sweeper goes on."""

START_TIMEOUT = timedelta(seconds=8)
SIGNAL_TIMEOUT = timedelta(seconds=5)
QUERY_TIMEOUT = timedelta(seconds=8)

STICKY_TIMEOUT = timedelta(seconds=3)
"""What a command to a ticket cached in a worker that died waits before another worker gets it."""

RECORD_TIMEOUT = timedelta(seconds=10)
RECORD = RetryPolicy(
    initial_interval=timedelta(milliseconds=200),
    backoff_coefficient=2.0,
    maximum_interval=timedelta(seconds=10),
)
"""The database comes back some day; the entries wait in the workflow until then."""

DELIVER_TIMEOUT = timedelta(seconds=15)
CHANNEL_TIMEOUTS = {"email": timedelta(seconds=60), "page": timedelta(seconds=30)}
"""One attempt of a delivery, by channel; a worker that died is noticed after it. Channels without an entry write to
the outbox only. A page is worth a second attempt sooner than a mail."""
DELIVER = RetryPolicy(
    initial_interval=timedelta(seconds=1), backoff_coefficient=2.0, maximum_interval=timedelta(minutes=10)
)
"""Attempts are counted in the ledger, which parks the delivery for an operator at its limit."""

PICK_TIMEOUT = timedelta(seconds=10)
PICK = RetryPolicy(
    initial_interval=timedelta(milliseconds=200),
    backoff_coefficient=2.0,
    maximum_interval=timedelta(seconds=30),
)

TASK_TIMEOUT = timedelta(minutes=5)
TASK_MARGIN = timedelta(seconds=15)
"""An attempt of a script or an HTTP call gets the definition's own timeout and this; the activity minds the first."""
TASK = RetryPolicy(
    initial_interval=timedelta(seconds=10), backoff_coefficient=2.0, maximum_interval=timedelta(minutes=10)
)
"""Where the definition says nothing. Attempts are counted by the activity, so that a dead worker is no failure."""

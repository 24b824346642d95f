"""A ticket's revision as a strong entity tag, there and back (RFC 9110, 8.8.3 and 13.1.1)."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from dataclasses import replace

from api.errors import HttpRefused
from api.ports import Desk
from desk.values import Caller, Guard, Pending, Settled
from domain.errors import RevisionStale

ANY = -1
"""The revision of a Guard that came as `If-Match: *`; replaced by the current one before the desk sees it."""

_TRIES = 4  # a ticket that changes under every one of these is in other hands: 412 is the truth then

_TAG = re.compile(r'(?:W/)?"[\x21\x23-\x7e\x80-\xff]*"')
_REVISION = re.compile(r'"(0|[1-9][0-9]{0,17})"')


def etag(revision: int) -> str:
    """The entity tag of a revision: `"3"`."""
    return f'"{revision}"'


def parse_if_match(header: str) -> int:
    """The revision that `If-Match` names, or ANY.

    Raises HttpRefused for what is no entity tag, RevisionStale for one that is none of ours.
    """
    header = header.strip()
    if header == "*":
        return ANY
    if found := _REVISION.fullmatch(header):
        return int(found[1])
    if _TAG.fullmatch(header) is None:
        raise HttpRefused("header_invalid", 'If-Match: send one entity tag in quotes, such as "3", or *.')
    # A weak tag, or one that we never gave: well formed, and no revision of this ticket matches it.
    raise RevisionStale(
        f"If-Match {header} is not the ETag of a revision of this ticket; read the ticket again"
    )


async def write_at_any(
    desk: Desk, caller: Caller, ref: str, guard: Guard, write: Callable[[Guard], Awaitable[Settled | Pending]]
) -> Settled | Pending:
    """Does a guarded write; for `If-Match: *` on the ticket's own revision, again when it moved meanwhile."""
    if guard.revision != ANY:
        return await write(guard)
    for _ in range(_TRIES - 1):
        try:
            return await write(replace(guard, revision=(await desk.ticket(caller, ref)).revision))
        except RevisionStale:
            continue
    return await write(replace(guard, revision=(await desk.ticket(caller, ref)).revision))

"""Scripts that definitions may name: registered functions, known by name, safe to repeat with the same key."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from domain.engine.ticket import Json


@dataclass(frozen=True, slots=True)
class ScriptCall:
    """What a script gets: its parameters, and the key that stays the same when the call is repeated."""

    name: str
    key: str
    parameters: Mapping[str, Json]


class ScriptFailed(Exception):
    """The script could not do it; the message goes into the ticket's journal."""


Script = Callable[[ScriptCall], Json]
"""Raises ScriptFailed. Any other exception counts as a failure too, and is logged with its trace."""


def create_conference(call: ScriptCall) -> Json:
    """Demonstration: the address of a conference room, the same one for the same call."""
    room = hashlib.sha256(call.key.encode()).hexdigest()[:10]
    return {"url": f"https://meet.example.com/{room}", "title": call.parameters.get("title")}


def mdm_enrol(call: ScriptCall) -> Json:
    """Demonstration: the number under which a device management knows a device, the same one for the same call."""
    return {"id": f"DEV-{_number(call)}"}


def idm_grant(call: ScriptCall) -> Json:
    """Demonstration: the number of a grant in an identity system, the same one for the same call."""
    return {"id": f"GRANT-{_number(call)}"}


def idm_revoke(call: ScriptCall) -> Json:
    """Demonstration: the grant that was ended. Raises ScriptFailed when none is named."""
    grant = call.parameters.get("grant")
    if not grant:
        raise ScriptFailed("no grant is named; revoke the access by hand")
    return {"id": grant}


def _number(call: ScriptCall) -> str:
    return hashlib.sha256(call.key.encode()).hexdigest()[:8].upper()


SHIPPED: Mapping[str, Script] = {
    script.__name__: script for script in (create_conference, mdm_enrol, idm_grant, idm_revoke)
}

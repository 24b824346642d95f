"""Tickets and entries as JSON, the patch between two tickets (RFC 6902), and the fold of entries into a snapshot."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import MISSING, fields
from datetime import datetime
from functools import cache
from typing import Any, cast

from pydantic import TypeAdapter

from domain.engine.approval_state import Approval, Lookup, Seat, Stage, StandIn
from domain.engine.entries import Entry
from domain.engine.events import Request
from domain.engine.ticket import (
    Chain,
    Clock,
    Hashes,
    Held,
    Json,
    LedgerLine,
    Link,
    Parent,
    Postponed,
    Reached,
    StateTimer,
    Stretch,
    Task,
    Ticket,
    Unheard,
)
from domain.engine.values import instant_json

CARRIED = frozenset({"seq", "handled", "revision", "last_at"})
"""Members of a ticket that every entry carries itself, so that patches need not."""

Snapshot = dict[str, Json]
Operation = dict[str, Json]


@cache
def _adapter(kind: Any) -> TypeAdapter[Any]:
    return TypeAdapter(kind)


def _dump(kind: Any, value: object) -> Any:
    return _adapter(kind).dump_python(value, mode="json", exclude_defaults=True)


def ticket_to_json(ticket: Ticket) -> Snapshot:
    """The snapshot of a ticket; defaults are left out."""
    return cast(Snapshot, _dump(Ticket, ticket))


def ticket_from_json(snapshot: Snapshot) -> Ticket:
    """The ticket of a snapshot. Raises pydantic.ValidationError for what never was one."""
    return cast(Ticket, _adapter(Ticket).validate_python(snapshot))


def entry_to_json(entry: Entry) -> dict[str, Json]:
    """An entry as JSON; defaults are left out."""
    return cast(dict[str, Json], _dump(Entry, entry))


def entry_from_json(data: dict[str, Json]) -> Entry:
    """The entry of its JSON. Unknown members (of a newer engine) are left out."""
    return cast(Entry, _adapter(Entry).validate_python(data))


def request_to_json(request: Request) -> dict[str, Json]:
    """A request with its kind."""
    return {"kind": type(request).__name__, **_dump(type(request), request)}


def request_from_json(data: dict[str, Json]) -> Request:
    """The request of its JSON. Raises KeyError for a kind this version does not know."""
    kinds = {kind.__name__: kind for kind in Request.__args__}
    body = {name: value for name, value in data.items() if name != "kind"}
    return cast(Request, _adapter(kinds[str(data["kind"])]).validate_python(body))


def _escape(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1")


def _unescape(name: str) -> str:
    return name.replace("~1", "/").replace("~0", "~")


def diff(old: object, new: object, path: str = "") -> Iterator[Operation]:
    """The RFC 6902 operations (add, replace, remove) that make `new` of `old`: JSON, or parts of a ticket as they are.

    Objects are compared member by member in the order of names, lists element by element; what was left alone is not
    looked at: a ticket's past must not make its next step slower.
    """
    found: list[Operation] = []
    _compare(old, new, path, found)
    return iter(found)


ABSENT: Any = object()


def _compare(old: object, new: object, path: str, found: list[Operation]) -> None:
    """A list is passed on, and identity is looked at before a path is built: every step of every ticket is here."""
    if old is new:
        return
    members = _MEMBERS.get(type(new))
    if members is not None and type(old) is type(new):
        for name, default in members:
            before, after = getattr(old, name), getattr(new, name)
            if before is not after:
                _compare_member(before, after, default, f"{path}/{name}", found)
    elif isinstance(old, dict) and isinstance(new, dict):
        changed = [name for name, value in new.items() if old.get(name, ABSENT) is not value]
        changed += [name for name in old if name not in new]
        for name in sorted(changed):
            before, after = old.get(name, ABSENT), new.get(name, ABSENT)
            _compare_member(before, after, ABSENT, f"{path}/{_escape(name)}", found)
    elif isinstance(old, list | tuple) and isinstance(new, list | tuple) and 0 < len(old) <= len(new):
        for index, (before, after) in enumerate(zip(old, new, strict=False)):
            if before is not after:
                _compare(before, after, f"{path}/{index}", found)
        for value in new[len(old) :]:
            found.append({"op": "add", "path": f"{path}/-", "value": plain(value)})
    elif old != new or isinstance(old, bool) != isinstance(new, bool):  # in Python true equals 1, in JSON not
        found.append({"op": "replace", "path": path, "value": plain(new)})


def _compare_member(old: object, new: object, default: object, path: str, found: list[Operation]) -> None:
    """A member that has its default is absent."""
    if new is default or new == default:
        if old is not default and old != default:
            found.append({"op": "remove", "path": path})
    elif old is default or old == default:
        found.append({"op": "add", "path": path, "value": plain(new)})
    else:
        _compare(old, new, path, found)


def _members_of(kind: Any) -> tuple[tuple[str, object], ...]:
    return tuple(
        (one.name, one.default if one.default_factory is MISSING else one.default_factory())
        for one in fields(kind)
        if kind is not Ticket or one.name not in CARRIED
    )


_MEMBERS: dict[type, tuple[tuple[str, object], ...]] = {
    kind: _members_of(kind)
    for kind in (
        Ticket,
        Hashes,
        Clock,
        Stretch,
        LedgerLine,
        Reached,
        StateTimer,
        Held,
        Parent,
        Postponed,
        Unheard,
        Chain,
        Task,
        Link,
        *(Approval, Stage, Seat, StandIn, Lookup),
    )
}


def plain(value: object) -> Json:
    """A part of a ticket as JSON, the same as in the snapshot."""
    members = _MEMBERS.get(type(value))
    if members is not None:
        found = ((name, getattr(value, name), default) for name, default in members)
        return {name: plain(one) for name, one, default in found if one is not default and one != default}
    if isinstance(value, datetime):
        return instant_json(value)
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    if isinstance(value, dict):
        return {name: plain(one) for name, one in value.items()}
    return value


def patch_between(old: Ticket | None, new: Ticket) -> tuple[Operation, ...]:
    """The patch an entry carries: what changed in the snapshot, without the members the entry has itself."""
    if old is None:
        snapshot = ticket_to_json(new)
        names = sorted(name for name in snapshot if name not in CARRIED)
        return tuple({"op": "add", "path": f"/{name}", "value": snapshot[name]} for name in names)
    return tuple(diff(old, new))


def fold(snapshot: Snapshot, entry: Entry) -> Snapshot:
    """The snapshot after an entry. The given one is not changed. Raises KeyError when the patch does not fit."""
    result: Snapshot = dict(snapshot)
    owned: set[int] = {id(result)}
    for operation in entry.patch:
        _apply(result, operation, owned)
    result["seq"] = entry.seq
    result["last_at"] = instant_json(entry.at)
    if entry.revision:
        result["revision"] = entry.revision
    if entry.command is not None:
        result["handled"] = entry.command
    return result


def _apply(target: Snapshot, operation: Operation, owned: set[int]) -> None:
    """Apply one operation, copying each container on the way once (`owned` are the copies made)."""
    *parents, last = [_unescape(part) for part in str(operation["path"]).split("/")[1:]]
    container: Any = target
    for name in parents:
        key: Any = int(name) if isinstance(container, list) else name
        child = container[key]
        if id(child) not in owned:
            child = list(child) if isinstance(child, list) else dict(child)
            container[key] = child
            owned.add(id(child))
        container = child
    if isinstance(container, list):
        if last == "-":
            container.append(operation["value"])
        elif operation["op"] == "remove":
            del container[int(last)]
        else:
            container[int(last)] = operation["value"]
    elif operation["op"] == "remove":
        del container[last]
    elif operation["op"] == "replace" and last not in container:
        raise KeyError(str(operation["path"]))
    else:
        container[last] = operation["value"]

"""What a ticket refers to only through something else, as far as rules read it: the owner of its asset's service."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping

from domain.engine.ticket import Json
from domain.engine.values import REFERENCES
from domain.language.models import Effect, FieldDef, Model, Process
from domain.language.walker import parts

RELATIONS = {"manager": "person", "owner": "person", "lead": "person", "team": "team", "service": "service"}
"""What attributes of people, teams, services and assets name another of them, and of which kind that is."""

Chain = tuple[str, ...]
Attributes = Mapping[str, Json]

_ITSELF = ("id", "name", "email")  # what can be said of anything that is only named
_READ = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*){2,}")
_FIRST = {
    **dict.fromkeys(("ticket", "old", "event", "linked"), 2),
    **dict.fromkeys(("link", "links", "approval", "task", "clock", "check", "table"), 3),
}
"""Where attributes of things begin: behind `ticket.asset`, `approval.manager.decided_by`; else behind one name."""


def chains_in(process: Process) -> tuple[Chain, ...]:
    """The ways rules go from one thing to another to read an attribute there: `("service",)` for
    `ticket.asset.service.owner`. Nothing when they only read names, which are looked up when a text is written.
    """
    found: dict[Chain, None] = {}
    for text in _texts(process):
        for read in _READ.findall(text):
            names = tuple(read.split("."))
            found.update(dict.fromkeys(_chains(names[_FIRST.get(names[0], 1) :])))
    return tuple(found)


def named_in(process: Process, fields: Mapping[str, FieldDef]) -> tuple[str, ...]:
    """The things that rules themselves put into fields, where rules read what is known of them: the teams of `routing`
    for `ticket.team.lead`. As "kind:id"; nobody names them in a request, so they are looked up with every one.
    """
    read = {
        names[1]
        for text in _texts(process)
        for names in (one.split(".") for one in _READ.findall(text))
        if names[0] == "ticket" and names[2] not in _ITSELF
    }
    written: list[tuple[str, object]] = [("team", row.team) for row in process.routing]
    written += [(name, declared.default) for name, declared in fields.items()]
    for _, part in parts(process):
        if isinstance(part, Effect) and part.verb == "set":
            written += part.argument.items()
    return tuple(
        dict.fromkeys(
            f"{REFERENCES[fields[name].type]}:{value}"
            for name, value in written
            if name in read and name in fields and fields[name].type in REFERENCES
            if isinstance(value, str) and value and "{{" not in value
        )
    )


def _chains(names: Chain) -> Iterator[Chain]:
    way: Chain = ()
    for name in names:
        if way and name not in _ITSELF:
            yield way
        way = (*way, name) if name in RELATIONS else ()


def _texts(part: object) -> Iterator[str]:
    if isinstance(part, str):
        if "." in part:
            yield part
    elif isinstance(part, Model):
        for _, child in part.written():
            yield from _texts(child)
    elif isinstance(part, Mapping):
        for child in part.values():
            yield from _texts(child)
    elif isinstance(part, tuple | list):
        for child in part:
            yield from _texts(child)


def followed(
    things: Iterable[str], chains: Iterable[Chain], of: Callable[[str], Attributes | None]
) -> dict[str, None]:
    """What these things lead to by the chains, as "kind:id"; `of` gives the attributes of one."""
    found: dict[str, None] = {}
    chains = tuple(chains)
    for thing in things:
        for chain in chains:
            here = thing
            for name in chain:
                value = (of(here) or {}).get(name)
                if not isinstance(value, str) or not value:
                    break
                here = f"{RELATIONS[name]}:{value}"
                found[here] = None
    return found


def with_followed(
    things: Mapping[str, dict[str, Json] | None],
    chains: Iterable[Chain],
    look_up: Callable[[str], dict[str, Json] | None],
) -> dict[str, dict[str, Json] | None]:
    """The things with what they lead to, looked up."""
    found = dict(things)

    def of(name: str) -> Attributes | None:
        if name not in found:
            found[name] = look_up(name)
        return found[name]

    for name in followed(things, chains, of):
        of(name)
    return found


def known_of(
    person: str | None, chains: Iterable[Chain], look_up: Callable[[str], dict[str, Json] | None]
) -> dict[str, dict[str, Json]]:
    """What is known of somebody who was picked, with what they lead to; nothing when it was nobody."""
    if person is None:
        return {}
    thing = f"person:{person}"
    found = with_followed({thing: look_up(thing)}, chains, look_up)
    return {name: known for name, known in found.items() if known}


def chains_of(written: Json) -> tuple[Chain, ...]:
    """The chains that an effect carries."""
    if not isinstance(written, list | tuple):
        return ()
    return tuple(tuple(map(str, one)) for one in written if isinstance(one, list | tuple))

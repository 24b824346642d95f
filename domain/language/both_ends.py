"""What two processes say of each other: links with both their ends, messages somebody hears, fields that are there."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping

from domain.language.builtin_fields import field_defs
from domain.language.models import Convert, CreateTicket, Link, Process, Tell, TicketTask
from domain.language.places import Path
from domain.language.suggest import did_you_mean, one_of
from domain.language.walker import parts


def partners(process: Process) -> tuple[str, ...]:
    """The other processes that this one links to or opens tickets of, in order."""
    found = [str(other) for link in process.links.values() for other in link.process]
    found += [str(part.process) for _, part in parts(process) if isinstance(part, CreateTicket)]
    return tuple(other for other in dict.fromkeys(found) if other != process.id)


def end_problems(process: Process, others: Mapping[str, Process]) -> list[tuple[Path, str]]:
    """What does not fit the other ends, as far as these are known: the place in this process, and what is wrong."""
    everybody = {**others, str(process.id): process}
    found = list(_links(process, everybody))
    for path, part in parts(process):
        if isinstance(part, Tell):
            found += _tell(process, everybody, path, part)
        elif isinstance(part, CreateTicket | TicketTask) and part.process in everybody:
            found += _opens(path, part, everybody[part.process])
            if isinstance(part, TicketTask) and part.if_cancelled is not None:
                found += _hears((*path, "if_cancelled"), part.if_cancelled, everybody[part.process])
    return found


def _links(process: Process, everybody: Mapping[str, Process]) -> Iterator[tuple[Path, str]]:
    for name, link in process.links.items():
        for id_ in link.process:
            if id_ in everybody:
                yield from _link(process, name, link, everybody[id_], everybody.keys())


def _link(
    process: Process, name: str, link: Link, other: Process, known: Container[str]
) -> Iterator[tuple[Path, str]]:
    path: Path = ("links", name)
    inverse = other.links.get(link.inverse)
    if inverse is None:
        hint = did_you_mean(link.inverse, other.links)
        yield (*path, "inverse"), f'"{other.id}" has no link "{link.inverse}"{hint}; every link has two ends'
        return
    # An id that is not known may be that of a parent this process extends.
    meant = any(str(one) == str(process.id) or str(one) not in known for one in inverse.process)
    if not meant or inverse.inverse != name:
        ends = one_of(f"{one}.{inverse.inverse}" for one in inverse.process)
        wrong = f'"{link.inverse}" of {other.id} is the other end of {ends}, not of {process.id}.{name}'
        yield (*path, "inverse"), wrong
    fields = field_defs(other)
    for field, kind in link.reads.items():
        if field in inverse.fields:  # what is known of this ticket there
            if inverse.fields[field].type != kind:
                yield (
                    (*path, "reads", field),
                    f'"{field}" of the link {link.inverse} of {other.id} is {inverse.fields[field].type}, not {kind}',
                )
        elif field not in inverse.shows:
            hint = did_you_mean(field, (*inverse.shows, *inverse.fields))
            yield (
                (*path, "reads", field),
                f'"{other.id}" does not show "{field}"{hint}; add it to `shows` of its link "{link.inverse}"',
            )
        elif field in fields and fields[field].type != kind:
            yield (*path, "reads", field), f'"{field}" of {other.id} is {fields[field].type}, not {kind}'


def _tell(
    process: Process, everybody: Mapping[str, Process], path: Path, tell: Tell
) -> Iterator[tuple[Path, str]]:
    link = process.links.get(tell.link)
    for id_ in link.process if link is not None else ():
        other = everybody.get(id_)
        if other is None or other is process:  # itself: checked with its other names
            continue
        message = other.messages.get(tell.message)
        if message is None:
            hint = did_you_mean(tell.message, other.messages)
            yield (*path, "message"), f'"{id_}" hears no message "{tell.message}"{hint}'
            continue
        yield from _fields((*path, "with"), tell.with_, message.fields, f"the message {tell.message}")


def _hears(path: Path, message: str, other: Process) -> Iterator[tuple[Path, str]]:
    """The message for a ticket whose task was cancelled; nothing is sent with it."""
    declared = other.messages.get(message)
    if declared is None:
        hint = did_you_mean(message, other.messages)
        yield path, f'"{other.id}" hears no message "{message}"{hint}'
    elif declared.from_ != "linked":
        yield path, f'"{other.id}" hears "{message}" from: {declared.from_}; it comes from a linked ticket'


def _opens(path: Path, part: CreateTicket | TicketTask, other: Process) -> Iterator[tuple[Path, str]]:
    """A ticket that is opened: with fields that are there, and all it asks for."""
    fields = field_defs(other)
    yield from _fields((*path, "fields"), part.fields, fields, str(other.id))
    for name, entry in other.opening_form.items():
        known = name in part.fields or name not in fields or fields[name].default is not None
        if entry.required and entry.if_ is None and entry.default is None and not known:
            yield (*path, "fields"), f'"{other.id}" asks for "{name}" when it is opened; give it here'
    for clock in part.clocks if isinstance(part, Convert) else ():
        if clock not in other.clocks:
            hint = did_you_mean(clock, other.clocks)
            yield (*path, "clocks", clock), f'"{other.id}" has no clock "{clock}"{hint}'


def _fields(
    path: Path, given: Mapping[str, object], known: Mapping[str, object], of: str
) -> Iterator[tuple[Path, str]]:
    for name in given:
        if name not in known:
            yield (*path, name), f'unknown field "{name}" of {of}{did_you_mean(name, known)}'

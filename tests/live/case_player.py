"""Plays a case of a test file on a real desk, and gives the journal it wrote in a form that can be compared."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from bootstrap.temporary_desk import TemporaryDesk
from desk.values import Caller, Guard, Pending
from domain.engine.entries import Entry
from domain.engine.events import AddTask, CancelTask, CompleteTask, Edit, Message, Move
from domain.engine.serialise import entry_to_json
from domain.errors import Refused, TicketUnknown
from domain.language.definition import Definition
from domain.language.models_tests import Case
from domain.rehearsal.link_steps import LinkStep, request_of
from domain.rehearsal.script import Act, Moving, Opening, Play, Reply, plays
from domain.rehearsal.virtual_desk import comparable
from store import journal

JsonEntry = dict[str, Any]

_OWN = {
    "time_shift",
    "comment",
    "sha256",
}  # what one desk has other than another: ids of rows, the clock's shift


class CasePlayer:
    """One case on one temporary desk."""

    def __init__(self, desk: TemporaryDesk) -> None:
        self._desk = desk
        self._ticket = ""
        self._ref = ""
        self.refused: list[str] = []

    async def play(self, case: Case, definition: Definition, zone: ZoneInfo) -> tuple[Entry, ...]:
        """Every step at its time; the whole journal."""
        for play in plays(case, definition, zone):
            await self._advance_to(play.at)
            if play.act is not None:
                await self._act(definition, play, play.act)
        with self._desk.database.reading() as session:
            return tuple(journal.read(session, self._ticket))

    async def _advance_to(self, at: datetime) -> None:
        if self._ticket:
            await self._desk.jump_to(self._ticket, at)
        self._desk.clock.set(at)

    async def _act(self, definition: Definition, play: Play, act: Act) -> None:
        caller = Caller(play.person or "", play.person or "", "en", "UTC")
        try:
            settled: object = await self._do(caller, definition, act)
        except Refused as refused:
            self.refused.append(str(refused))
            return
        except TicketUnknown as unknown:
            if play.person is not None:  # whoever may not see the ticket may do nothing with it
                self.refused.append(str(unknown))
                return
            settled = None  # a message of the system: carried out, but nobody is there to read the outcome
        assert not isinstance(settled, Pending), f"step {play.index}: still pending"
        await self._desk.at_rest(self._ticket)

    async def _do(self, caller: Caller, definition: Definition, act: Act) -> object:
        desk, guard = self._desk.desk, Guard()
        if isinstance(act, Opening):
            settled = await desk.open(
                caller, definition.process.id, act.fields, channel=act.channel, guard=guard
            )
            self._ticket, self._ref = settled.ticket.ticket.id, settled.ticket.ticket.ref
            return settled
        guard = Guard(revision=await self._revision())
        match act:
            case Reply():
                return await desk.comment(caller, self._ref, act.text, public=True, guard=Guard())
            case Move():
                return await desk.move(caller, self._ref, act.transition, act.fields, guard=guard)
            case Edit():
                return await desk.edit(caller, self._ref, act.fields, guard=guard)
            case CompleteTask():
                return await desk.complete_task(
                    caller, self._ref, act.task, act.fields, failed=act.failed, guard=guard
                )
            case AddTask():
                return await desk.add_task(caller, self._ref, act, guard=guard)
            case CancelTask():
                return await desk.cancel_task(caller, self._ref, act.task, guard=guard)
            case Message():
                return await desk.message(caller, self._ref, act.message, act.fields, guard=Guard())
            case Moving():
                raise NotImplementedError("this desk has one version of the process")
            case LinkStep():
                ticket = (await self._desk.tickets.snapshot(self._ticket)).ticket
                request = request_of(act, ticket, person=bool(caller.id))
                return await desk._command(
                    caller, self._ref, request, Guard()
                )  # the other end's ticket is not there
            case _:
                return await desk.approval(caller, self._ref, act, guard=guard)

    async def _revision(self) -> int:
        return (await self._desk.tickets.snapshot(self._ticket)).ticket.revision


def comparable_journal(entries: Iterable[Entry]) -> list[JsonEntry]:
    """A journal without what may differ between a virtual and a real desk.

    Left out: when things were really handled, ids, the state other tickets open in, refused commands (a real desk
    refuses them in its dry run, before they are logged), and news that were none (tickets that were opened tell how
    they are), with everything numbered anew.
    """
    entries = list(entries)
    found: list[JsonEntry] = []
    anew: dict[int, int] = {}
    commands = 0
    own_id = ""
    for entry in entries:
        if entry.result == "refused" or (entry.cause.name == "news" and not entry.patch):
            continue
        data: JsonEntry = entry_to_json(comparable(entry))
        anew[entry.seq] = data["seq"] = len(found) + 1
        name = str(data["cause"]["name"])
        if name.startswith("create "):  # the result of what an entry asked for, which has another number now
            seq, _, index = name.removeprefix("create ").partition(".")
            data["cause"]["name"] = f"create {anew[int(seq)]}.{index}"
        if entry.command is not None:
            commands += 1
            data["command"] = commands
        ticket_id = next((o["value"] for o in entry.patch if o["path"] == "/id"), None)
        if ticket_id is not None:
            own_id = str(ticket_id)
        found.append(json.loads(json.dumps(_without_own(data)).replace(own_id, "<ticket>")))
    text = json.dumps(found)
    for number, (id_, ref) in enumerate(_linked(entries), start=1):
        text = text.replace(id_, f"<ticket {number}>").replace(ref, f"<number {number}>")
    named: list[JsonEntry] = json.loads(text)
    return named


def _linked(entries: Iterable[Entry]) -> list[tuple[str, str]]:
    """Id and number of every ticket that was linked, in order."""
    happened = [one for entry in entries for one in entry.happened if one.what == "linked"]
    return list(dict.fromkeys((str(one.detail["ticket"]), str(one.detail["ref"])) for one in happened))


def _without_own(value: Any) -> Any:
    if isinstance(value, list):
        return [
            _without_own(one)
            for one in value
            if not (isinstance(one, dict) and str(one.get("path", "")).lstrip("/") in _OWN)
        ]
    if isinstance(value, dict) and {"ticket", "ref", "category"} <= value.keys():  # a link
        value = {name: one for name, one in value.items() if name != "category"}
    if isinstance(value, dict):
        return {name: _without_own(one) for name, one in value.items() if name not in _OWN}
    return value


def where_they_differ(wanted: Any, got: Any, path: str = "") -> list[str]:
    """Every place where two JSON values differ, one line each."""
    if isinstance(wanted, dict) and isinstance(got, dict):
        names = [*wanted, *(name for name in got if name not in wanted)]
        return [
            line
            for name in names
            for line in where_they_differ(wanted.get(name, "—"), got.get(name, "—"), f"{path}/{name}")
        ]
    if isinstance(wanted, list) and isinstance(got, list) and len(wanted) == len(got):
        return [
            line
            for index, pair in enumerate(zip(wanted, got, strict=True))
            for line in where_they_differ(*pair, f"{path}/{index}")
        ]
    return [] if wanted == got else [f"{path}: virtual {wanted!r}, real {got!r}"]

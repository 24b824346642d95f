"""The engine on a virtual clock."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from domain.engine.events import Comment
from domain.engine.serialise import fold, ticket_to_json
from domain.rehearsal.script import Opening, Reply
from domain.rehearsal.virtual_desk import VirtualDesk, comparable
from domain.rehearsal.world import WorldDirectory
from tests.builders import START, a_definition
from tests.domain.rehearsal.cases import PROCESS, given


def a_desk() -> VirtualDesk:
    desk = VirtualDesk(a_definition(PROCESS), WorldDirectory(given()))
    desk.act("ann", Opening({"title": "It"}, "portal"), START)
    return desk


def test_picks_are_answered_at_once() -> None:
    desk = a_desk()
    assert desk.ticket is not None and desk.ticket.fields["assignee"] == "bob"
    assert [entry.cause.name for entry in desk.journal] == ["open", "pick"]


def test_time_passes_deadline_by_deadline() -> None:
    desk = a_desk()
    desk.advance_to(START + timedelta(hours=2))
    assert [entry.handled_at == entry.at for entry in desk.journal] == [True] * 4
    assert [entry.cause.name for entry in desk.journal[2:]] == ["c 50%", "c 100%"]


def test_whoever_was_paged_is_remembered() -> None:
    desk = a_desk()
    desk.advance_to(START + timedelta(minutes=30))
    assert desk.paged == {"bob", "ann"} and desk.facts("ann").actor.paged


def test_a_reply_is_a_public_comment_and_the_journal_folds_to_the_ticket() -> None:
    desk = a_desk()
    entry = desk.act("bob", Reply("Hello"), START)
    assert entry.happened[0].what == "commented" and isinstance(Comment("c", ""), Comment)
    snapshot: dict[str, object] = {}
    for one in desk.journal:
        snapshot = fold(snapshot, one)
    assert desk.ticket is not None and snapshot == ticket_to_json(desk.ticket)


def test_journals_are_compared_without_when_they_were_really_handled() -> None:
    entry = a_desk().journal[0]
    late = replace(entry, handled_at=START + timedelta(seconds=3), late_by=0.0)
    assert comparable(late) == comparable(entry) and late != entry

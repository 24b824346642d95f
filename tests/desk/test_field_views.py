"""What a form asks for: whose conditions a browser decides, and which are left to the engine."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from desk.field_views import form_views
from desk.names import Names
from desk.values import FieldView
from domain.engine.ticket import Json
from store import directory
from store.session import Database
from tests.builders import a_definition
from tests.domain.engine.test_rules import LEAVE
from tests.web.test_forms import sent
from web.forms import ask, tell
from web.texts import load_texts

UTC = ZoneInfo("UTC")
HAS: dict[str, Json] = {"days": 3, "long": False, "priority": "P2", "title": "Away"}


def asked(database: Database, button: str) -> tuple[FieldView, ...]:
    definition = a_definition(LEAVE)
    with database.reading() as session:
        names = Names(directory.current(session), "en")
    form = (
        definition.create_form
        if button == "create"
        else definition.form(definition.process.transitions[button].ask)
    )
    return form_views(definition, form, HAS, names, "UTC")


def test_what_follows_from_the_answers_is_no_reason_to_hide_a_field(sqlite_database: Database) -> None:
    fields = asked(sqlite_database, "move")
    cover = fields[-1]
    assert (cover.name, cover.follows) == ("cover", ("first", "last"))
    drawn = ask(fields, load_texts()["en"], UTC, known=HAS).inputs[-1]
    assert (drawn.when, drawn.hint) == ("", "Needed depending on first, last.")
    told = tell(sent("f.last=2026-07-17&f.cover=bob"), fields, UTC, known=HAS)
    assert told.values == {"last": "2026-07-17", "cover": "bob"}, (
        "the ticket was short so far; the engine decides"
    )


def test_priority_and_team_are_followed_to_what_they_come_from(sqlite_database: Database) -> None:
    why = next(one for one in asked(sqlite_database, "create") if one.name == "why")
    assert why.follows == ("first", "last", "impact", "urgency")


def test_what_the_form_cannot_change_is_decided_from_the_ticket(sqlite_database: Database) -> None:
    fields = asked(sqlite_database, "note")
    assert fields[0].follows == ()
    drawn = ask(fields, load_texts()["en"], UTC, known=HAS).inputs[0]
    assert drawn.when == '["always", false]'
    assert tell(sent("f.why=x"), fields, UTC, known=HAS).values == {}

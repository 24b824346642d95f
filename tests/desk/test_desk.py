"""The desk as a whole: what doors expect of it, health, identity, publishing, and a database that is away."""

from __future__ import annotations

import sqlite3
from datetime import date

import pytest

import api.ports
import web.port
from bootstrap.public_holidays import PublicHolidays
from desk.desk import Desk
from desk.values import Pending, Settled
from domain.errors import FormInvalid, NotPermitted, Unavailable
from domain.language.loader import load_process
from domain.language.published import Published, publish
from store import commands, definitions, tickets
from store.session import Database
from tests.desk.desks import (
    FILES,
    TestDesk,
    a_desk,
    another_desk,
    caller,
    guard,
    organisation,
    published,
    run,
)


def test_the_desk_is_what_its_doors_ask_for() -> None:
    def for_the_api(desk: Desk) -> api.ports.Desk:  # checked by mypy
        return desk

    def for_the_pages(desk: Desk) -> web.port.Desk:
        return desk

    for port in (api.ports.Desk, web.port.Desk):
        wanted = {name for name in vars(port) if not name.startswith("_")}
        assert wanted <= {name for name in dir(Desk) if not name.startswith("_")}
    assert for_the_api.__annotations__
    assert for_the_pages.__annotations__


def test_ready_says_what_is_missing_and_temporal_missing_is_only_degraded(database: Database) -> None:
    async def story() -> None:
        empty = another_desk(database)
        assert (await empty.desk.ready()).checks["definitions"] == "no process is published"
        await empty.close()
        here = await a_desk(database)
        assert (await here.desk.ready()).degraded == ()
        here.temporal.without_workers = True
        state = await here.desk.ready()
        assert (state.ready, state.degraded) == (True, ("workers",))
        here.temporal.down = True
        state = await here.desk.ready()
        assert (state.ready, state.degraded) == (True, ("temporal",))
        with database.transaction() as session:
            session.exec_driver_sql("UPDATE alembic_version SET version_num = 'older'")
        assert not (await here.desk.ready()).ready
        await here.close()

    run(story())


def test_who_signs_in_is_known_until_they_sign_out(database: Database) -> None:
    async def story() -> None:
        here = await a_desk(database)
        token = await here.desk.issue_token("ann", "laptop")
        by_token = await here.desk.caller_by_token(token)
        assert by_token == caller("ann")
        assert await here.desk.caller_by_token("itsm_pat_wrong") is None
        session = await here.desk.sign_in("cora")
        signed_in = await here.desk.caller_by_session(session)
        assert signed_in is not None
        assert (signed_in.name, signed_in.locale, signed_in.time_zone) == ("陈可", "zh-CN", "Asia/Shanghai")
        await here.desk.sign_out(session)
        assert await here.desk.caller_by_session(session) is None
        with pytest.raises(NotPermitted):
            await here.desk.sign_in("nobody")
        people = {id: person for id, person in organisation().people.items() if id != "ann"}
        await here.desk.seed(organisation().model_copy(update={"people": people}))
        assert await here.desk.caller_by_token(token) is None
        await here.close()

    run(story())


def test_a_version_is_published_once_and_open_tickets_keep_theirs(database: Database) -> None:
    async def story() -> None:
        here = await a_desk(database)
        await here.open()
        first = published("small.yaml")
        assert not (await here.desk.publish(first)).new
        changed = _changed(first)
        again = await here.desk.publish(changed)
        assert (again.new, again.version.number) == (True, 2)
        opened = await here.open()
        assert opened.ticket.process_title == {"en": "Smaller"}
        assert (await here.desk.ticket(caller("ann"), "SM-0001")).process_title["en"] == "Small"
        with database.reading() as session:
            assert [version.active for version in definitions.versions_of(session, "small")] == [True, False]
            assert definitions.sources_of(session, "small", 1) == dict(first.sources)
            assert len(definitions.all_hashes(session)) == 2
        await here.close()

    run(story())


def test_a_locked_database_refuses_at_once_and_nothing_is_half_written(sqlite_database: Database) -> None:
    async def story() -> None:
        here = await a_desk(sqlite_database)
        await here.open()
        await here.desk.settle()
        other = sqlite3.connect(str(sqlite_database.engine.url.database), isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(Unavailable):
            await here.open()
        with pytest.raises(Unavailable):
            await here.desk.comment(caller("ann"), "SM-0001", "hello", public=True, guard=guard("c"))
        assert (await here.desk.ticket(caller("ann"), "SM-0001")).pending_commands == 0
        other.execute("ROLLBACK")
        other.close()
        assert isinstance(
            await here.desk.comment(caller("ann"), "SM-0001", "hello", public=True, guard=guard("c")), Settled
        )
        assert (await here.open()).ticket.ticket.ref == "SM-0002"
        await here.close()

    run(story())


def test_a_database_that_goes_away_after_the_commit_leaves_a_pending_command(
    sqlite_database: Database,
) -> None:
    async def story() -> None:
        here = await a_desk(sqlite_database)
        await here.open()
        await here.desk.settle()
        answer = await _comment_while_the_database_goes(here, sqlite_database)
        assert isinstance(answer, Pending)
        again = await here.desk.comment(caller("ann"), "SM-0001", "hello", public=True, guard=guard("c"))
        assert isinstance(again, Settled)
        assert again.replayed
        assert len(await here.desk.comments(caller("ann"), "SM-0001")) == 1
        await here.close()

    run(story())


async def _comment_while_the_database_goes(here: TestDesk, database: Database) -> Settled | Pending:
    """The lock is taken between the command's commit and the answer's append."""
    send = here.temporal.send
    other = sqlite3.connect(str(database.engine.url.database), isolation_level=None)

    async def slow(*given: object) -> object:
        answer = await send(*given)  # type: ignore[arg-type]  # whatever it was given
        other.execute("BEGIN IMMEDIATE")
        return answer

    here.temporal.send = slow  # type: ignore[method-assign,assignment]  # for this test
    try:
        return await here.desk.comment(caller("ann"), "SM-0001", "hello", public=True, guard=guard("c"))
    finally:
        here.temporal.send = send  # type: ignore[method-assign]  # and back
        other.execute("ROLLBACK")
        other.close()


@pytest.mark.parametrize("text", ["", "  \n", "x" * 32_001, "bell \x07", "half \udc00"])
def test_a_comment_that_cannot_be_kept_is_a_field_error(sqlite_database: Database, text: str) -> None:
    async def story() -> None:
        here = await a_desk(sqlite_database)
        await here.open()
        with pytest.raises(FormInvalid) as refused:
            await here.desk.comment(caller("ann"), "SM-0001", text, public=True, guard=guard())
        assert refused.value.errors[0].field == "text"
        await here.close()

    run(story())


@pytest.mark.parametrize("key", ["", "x" * 256, "null\x00", "schlüssel"])
def test_a_key_that_cannot_be_kept_is_a_field_error(sqlite_database: Database, key: str) -> None:
    async def story() -> None:
        here = await a_desk(sqlite_database)
        with pytest.raises(FormInvalid):
            await here.desk.open(caller("cora"), "small", {"title": "T"}, channel="api", guard=guard(key))
        with sqlite_database.reading() as session:
            assert tickets.head(session, "SM-0001") is None
            assert commands.by_key(session, "cora", key) is None
        await here.close()

    run(story())


def test_a_refusal_by_the_run_is_kept_for_the_key(database: Database) -> None:
    async def story() -> None:
        here = await a_desk(database)
        await here.open()
        await here.desk.settle()
        here.temporal.down = True
        ann = caller("ann")
        await here.desk.move(ann, "SM-0001", "close", {}, guard=guard("close", revision=1))
        late = await here.desk.move(ann, "SM-0001", "start", {}, guard=guard("start", revision=1))
        assert isinstance(late, Pending)
        here.temporal.down = False
        with pytest.raises(Exception, match="not possible"):
            await here.desk.move(ann, "SM-0001", "start", {}, guard=guard("start", revision=1))
        with pytest.raises(Exception, match="not possible"):
            await here.desk.operation(ann, late.operation)
        await here.close()

    run(story())


def _changed(published: Published) -> Published:
    """The small process under another title."""
    text = (
        (FILES / "small.yaml")
        .read_text(encoding="utf-8")
        .replace("{en: Small, zh-CN: 小单}", "{en: Smaller}")
    )
    loaded = load_process("small.yaml", lambda _: text.encode())
    assert loaded.ok, loaded.problems
    assert loaded.source_hash != published.source_hash
    return publish(loaded, PublicHolidays(), date(2026, 1, 1))

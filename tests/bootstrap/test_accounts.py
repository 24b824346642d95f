"""People get tokens: demo accounts, and anybody of the organisation one by one."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from bootstrap.accounts import new_token
from bootstrap.accounts_file import DemoPerson, read_accounts, write_accounts
from bootstrap.http_app import DemoAccounts
from bootstrap.prepare import prepare
from bootstrap.settings import Settings
from domain.errors import NotPermitted
from store.identity import person_of_token
from store.session import Database

NOW = datetime(2026, 11, 27, tzinfo=UTC)


def test_without_the_demo_there_are_people_and_no_open_door(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, demo=False)
    prepare(settings)
    assert read_accounts(tmp_path) == ()

    database = Database(settings.database)
    token = new_token(database, "deng", "laptop", NOW)
    with database.reading() as session:
        person, _ = person_of_token(session, token, NOW)
        assert person is not None
        assert person.id == "deng"
        assert person_of_token(session, token + "x", NOW)[0] is None
    with pytest.raises(NotPermitted, match="nobody 'dneg'"):
        new_token(database, "dneg", "laptop", NOW)
    database.close()


def test_pages_that_began_before_the_accounts_were_made_offer_them(tmp_path: Path) -> None:
    offered = DemoAccounts(tmp_path)
    assert list(offered) == []
    write_accounts(tmp_path, [DemoPerson("deng", "邓强", "agent", "itsm_pat_x", {})])
    assert [one.id for one in offered] == ["deng"]
    assert len(offered) == 1

"""The directory: what conditions read of people and things, and who a selector means."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from desk.organisation import Shift, load_organisation
from desk.seeding import seed_in
from store import directory
from store.session import Database
from tests.desk.desks import FILES, START, organisation


def test_an_actor_is_known_by_teams_groups_people_services_and_duty(database: Database) -> None:
    with database.transaction() as session:
        seed_in(session, organisation())
        ben = directory.current(session).actor("ben", START)
        ada = directory.current(session).actor("ada", START)
        assert directory.current(session).actor("nobody", START) is None
    assert ben is not None
    assert (ben.teams, ben.leads, ben.on_call, ben.manages) == (("desk",), ("desk",), ("desk",), ("cora",))
    assert ada is not None
    assert (ada.groups, ada.owns) == (("bosses",), ("vpn",))


def test_a_shift_begins_and_ends(database: Database) -> None:
    evening = START + timedelta(hours=8)
    made = organisation().model_copy(
        update={"on_call": {"desk": (_shift("ann", None, evening), _shift("ben", evening, None))}}
    )
    with database.transaction() as session:
        seed_in(session, made)
        here = directory.current(session)
    assert here.on_call_now("desk", START) == ["ann"]
    assert here.on_call_now("desk", evening) == ["ben"]
    assert here.on_call_now("nobody", START) == []


def test_a_change_is_seen_by_the_next_transaction_and_not_by_an_earlier_one(database: Database) -> None:
    with database.transaction() as session:
        seed_in(session, organisation())
    with database.reading() as earlier:
        assert directory.current(earlier).person("ann") is not None
        with database.transaction() as session:
            people = {id: person for id, person in organisation().people.items() if id != "ann"}
            seed_in(session, organisation().model_copy(update={"people": people}))
        assert directory.current(earlier).person("ann") is not None
    with database.reading() as later:
        assert directory.current(later).person("ann") is None


def _shift(person: str, from_at: datetime | None, to_at: datetime | None) -> Shift:
    return Shift.model_validate({"person": person, "from": from_at, "to": to_at})


def test_things_have_no_names_of_people_and_no_addresses(database: Database) -> None:
    with database.transaction() as session:
        seed_in(session, organisation())
        person = directory.current(session).thing("person", "cora")
        service = directory.current(session).thing("service", "vpn")
        assert directory.current(session).thing("service", "vpm") is None
        assert directory.current(session).thing("team", "desk") == {"id": "desk", "lead": "ben"}
        assert directory.current(session).thing("planet", "mars") is None
    assert person == {
        "id": "cora", "vip": False, "away": False, "locale": "zh-CN", "manager": "ben", "teams": [],
    }  # fmt: skip
    assert service is not None
    assert (service["tier"], service["owner"], service["team"]) == ("gold", "ada", "desk")


def test_an_asset_is_read_with_whose_it_is_and_its_service(database: Database) -> None:
    with database.transaction() as session:
        seed_in(session, organisation())
        here = directory.current(session)
    assert here.thing("asset", "NB-0001") == {
        "id": "NB-0001", "name": "ThinkPad X1", "kind": "laptop", "owner": "ann", "service": "vpn", "bought": 2025,
    }  # fmt: skip
    assert here.thing("asset", "PR-0001") == {"id": "PR-0001", "name": "PR-0001"}
    assert here.thing("asset", "NB-9999") is None
    # Several laptops have one name: people read the number.
    assert here.name_of("asset", "NB-0001", "en") == "ThinkPad X1 (NB-0001)"
    assert here.name_of("asset", "NB-0002", "zh-CN") == "笔记本 (NB-0002)"
    assert here.name_of("asset", "PR-0001", "en") == "PR-0001"


def test_names_come_in_the_readers_language(database: Database) -> None:
    with database.transaction() as session:
        seed_in(session, organisation())
        assert directory.current(session).name_of("service", "vpn", "zh-CN") == "远程接入"
        assert directory.current(session).name_of("team", "desk", "de") == "Desk"
        assert directory.current(session).name_of("person", "cora", "en") == "陈可"
        assert directory.current(session).name_of("person", "gone", "en") == "gone"


def test_who_is_named_decides_in_somebodys_place_for_their_time(database: Database) -> None:
    text = (FILES / "people.yaml").read_text("utf-8") + (
        "delegations:\n"
        "  ben: [{to: ann, from: 2026-11-27 18:00, until: 2026-11-28}, {to: cora, until: 2026-11-26}, {to: ada}]\n"
    )
    with database.transaction() as session:
        seed_in(session, load_organisation("people.yaml", text))
        here = directory.current(session)
    ann, ada = here.stand_ins("ben", START)
    assert (ann.person, ada.person) == ("ann", "ada"), "what is over is left out"
    evening = START.replace(hour=10, minute=0)  # 18:00 in Shanghai
    assert [ann.covers(at) for at in (START, evening)] == [False, True]
    midnight = datetime(2026, 11, 28, 16, tzinfo=UTC)
    assert [ann.covers(midnight - timedelta(seconds=1)), ann.covers(midnight)] == [True, False], (
        "the day counts"
    )
    assert ada.covers(START) and here.stand_ins("ann", START) == ()


def test_whoever_is_away_is_not_decided_through(database: Database) -> None:
    text = (
        (FILES / "people.yaml").read_text("utf-8").replace("name: Ann Agent", "away: true, name: Ann Agent")
    )
    with database.transaction() as session:
        seed_in(session, load_organisation("people.yaml", text + "delegations: {ben: {to: ann}}\n"))
        assert directory.current(session).stand_ins("ben", START) == ()

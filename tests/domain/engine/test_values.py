"""Values: JSON in a ticket, typed in expressions, tagged in effects, written in texts."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, timezone

import pytest

from domain.engine.scope import NameOf, Thing
from domain.engine.ticket import Json
from domain.engine.values import (
    Reference,
    in_locale,
    instant,
    instant_json,
    plain_text,
    refers,
    tagged,
    things_in,
    things_of,
    typed,
    untyped,
    written,
)
from domain.language.models import Column, FieldDef

AT = datetime(2026, 3, 2, 9, 5, tzinfo=UTC)
ANN = Thing("person", "ann", {})


class Called(Reference):
    """A reference that has a name of its own."""

    @property
    def said(self) -> dict[str, str]:
        return {"en": "High", "zh-CN": "高"}


@pytest.mark.parametrize(
    ("value", "kept", "in_effects", "text"),
    [
        (AT, "2026-03-02T09:05:00Z", {"$at": "2026-03-02T09:05:00Z"}, "2026-03-02T09:05:00Z"),
        (date(2026, 3, 2), "2026-03-02", {"$date": "2026-03-02"}, "2026-03-02"),
        (time(9, 5), "09:05", "09:05", "09:05"),
        (timedelta(hours=1), 3600, {"$for": 3600.0}, "3600"),
        (timedelta(seconds=1.5), 1.5, {"$for": 1.5}, "1.5"),
        ([ANN, None], ["ann", None], [{"$person": "ann"}, None], "ann, "),
        ((1, 2.0), [1, 2.0], [1, 2.0], "1, 2"),
        (
            [{"a": ANN, "b": None, "c": 2.0}, 1],
            [{"a": "ann", "b": None, "c": 2.0}, 1],
            [{"$row": {"a": {"$person": "ann"}, "b": None, "c": 2.0}}, 1],
            "a: ann, c: 2; 1",
        ),
        (NameOf("team", "desk"), "desk", {"$team": "desk"}, "desk"),
        (Called("choice", "high"), "high", {"$said": {"en": "High", "zh-CN": "高"}}, "high"),
        (True, True, True, "true"),
        (False, False, False, "false"),
        (None, None, None, ""),
        ("x", "x", "x", "x"),
        (3.5, 3.5, 3.5, "3.5"),
        (frozenset({1}), "frozenset({1})", "frozenset({1})", "frozenset({1})"),
    ],
)
def test_what_an_expression_gives_is_kept_carried_and_written(
    value: object, kept: Json, in_effects: Json, text: str
) -> None:
    found = untyped(value)
    assert (found, type(found)) == (kept, type(kept))
    assert tagged(value) == in_effects
    assert plain_text(value) == text


@pytest.mark.parametrize(
    ("kind", "kept", "value"),
    [
        ("datetime", "2026-03-02T10:05:00+01:00", AT),
        ("datetime", "2026-03-02T09:05:00", None),
        ("datetime", "soon", None),
        ("datetime", 5, None),
        ("date", "2026-03-02", date(2026, 3, 2)),
        ("date", "soon", None),
        ("date", 5, None),
        ("time", "09:05", time(9, 5)),
        ("time", "soon", None),
        ("time", 5, None),
        ("duration", 90, timedelta(seconds=90)),
        ("duration", 1.5, timedelta(seconds=1.5)),
        ("duration", "90", None),
        ("number", 5, 5),
        ("datetime", None, None),
        ("text", None, None),
        ("text", "x", "x"),
    ],
)
def test_what_a_field_keeps_has_its_type_in_expressions(kind: str, kept: Json, value: object) -> None:
    assert typed(kind, kept) == value


def test_an_instant_is_written_in_utc_whatever_its_zone() -> None:
    assert instant_json(AT.astimezone(timezone(timedelta(hours=8)))) == "2026-03-02T09:05:00Z"
    found = instant("2026-03-02T17:05:00+08:00")
    assert found is not None
    assert (found, found.tzinfo) == (AT, UTC)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (3.0, "3"),
        (3, "3"),
        (-0.0, "0"),
        (3.25, "3.25"),
        (1e15, "1000000000000000.0"),
        (999e12, "999000000000000"),
    ],
)
def test_a_whole_number_has_no_point_until_it_is_too_large_to_be_exact(value: float, text: str) -> None:
    assert written(value) == text


@pytest.mark.parametrize(
    ("kind", "value", "things"),
    [
        ("person", "ann", ["person:ann"]),
        ("person", "", []),
        ("person", ["ann"], []),
        ("people", ["ann", "", 3, "bob"], ["person:ann", "person:bob"]),
        ("people", "ann", []),
        ("teams", ["desk"], ["team:desk"]),
        ("services", ["vpn"], ["service:vpn"]),
        ("assets", ["pc"], ["asset:pc"]),
        ("asset", "pc", ["asset:pc"]),
        ("text", "ann", []),
        ("choices", ["ann"], []),
    ],
)
def test_what_a_value_refers_to(kind: str, value: Json, things: list[str]) -> None:
    assert things_in(kind, value) == things


ROWS = FieldDef(type="rows", columns={"who": Column(type="person"), "what": Column(type="text")})


def test_the_cells_of_rows_refer_to_things_too() -> None:
    rows: Json = [{"who": "ann", "what": "x"}, "no row", {"what": "y"}, {"who": "bob"}]
    assert things_of(ROWS, rows) == ["person:ann", "person:bob"]
    assert things_of(ROWS, None) == things_of(ROWS, {"who": "ann"}) == []
    assert things_of(FieldDef(type="person"), "ann") == ["person:ann"]
    assert refers(ROWS) and refers(FieldDef(type="teams")) and refers(FieldDef(type="team"))
    assert not refers(FieldDef(type="text"))
    assert not refers(FieldDef(type="rows", columns={"what": Column(type="text")}))


def test_what_has_a_name_of_its_own_is_called_so_also_within_lists() -> None:
    high = Called("choice", "high")
    assert in_locale([high, (high, ANN), "high"], "zh-CN") == ["高", ["高", ANN], "high"]
    assert in_locale(high, "en") == "High"
    assert Reference("person", "ann").said == {}


def test_a_thing_equals_its_id_and_what_is_the_same_thing_whoever_read_it() -> None:
    other = Thing("person", "ann", {"person:ann": {"vip": True}})
    assert other == ANN and ANN == "ann" and {ANN, other} == {"ann"}
    assert Thing("team", "ann", {}) != ANN and ANN != "bob" and ANN != 5
    assert NameOf("person", "ann") != ANN

"""Publishing: frozen, canonical, lossless, the same in every process."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from domain.errors import DefinitionInvalid
from domain.language.definition import Definition
from domain.language.loader import load_process
from domain.language.published import Published, canonical_json, hash_of, publish
from tests.domain.language.files import (
    FIRST,
    KNOWN,
    SMALL,
    SomeHolidays,
    from_folders,
    load_small,
    reader,
    small,
)

PUBLISHABLE = ("incident", "change", "problem", "laptop", "access", "asset_repair")


def published(name: str = "incident", first: date = FIRST, **changed: str) -> Published:
    loaded = load_process(f"{name}.yaml", reader(**changed), known_processes=KNOWN)
    return publish(loaded, SomeHolidays(), first)


def through_json(form: Published) -> Definition:
    process, calendars, agreements = (
        json.loads(canonical_json(part)) for part in (form.process, form.calendars, form.agreements)
    )
    return Definition.from_json(process, calendars, agreements)


@pytest.mark.parametrize("name", PUBLISHABLE)
def test_a_definition_comes_back_from_its_canonical_form_as_it_was(name: str) -> None:
    loaded = load_process(f"{name}.yaml", from_folders, known_processes=KNOWN)
    form = publish(loaded, SomeHolidays(), FIRST)
    definition = through_json(form)
    assert definition.hashes == form.hashes
    assert loaded.process is not None
    elsewhere: dict[str, dict[str, object]] = {
        "calendars": {},
        "agreements": {},
        "freezes": {},
        "maintenance": {},
    }
    assert definition.process == loaded.process.model_copy(update=elsewhere)
    assert dict(definition.agreements) == loaded.process.agreements
    assert set(definition.calendars) == {"always", *loaded.process.calendars}
    again = publish(loaded, SomeHolidays(), FIRST)
    assert again == form


def test_order_survives_the_canonical_form() -> None:
    definition = through_json(published())
    assert list(definition.process.transitions)[:4] == ["assign", "acknowledge", "start", "ask_requester"]
    assert list(definition.agreements) == ["customer_desk", "platinum"]


def test_the_three_hashes_change_with_what_they_pin() -> None:
    plain = published().hashes
    later = published(first=date(2026, 1, 2)).hashes
    assert (later.process, later.agreements) == (plain.process, plain.agreements)
    assert later.calendars != plain.calendars
    text = (from_folders("agreements.yaml") or "").replace("target: 30m", "target: 31m")
    other = published(agreements=text).hashes
    assert (other.process, other.calendars) == (plain.process, plain.calendars)
    assert other.agreements != plain.agreements
    text = (from_folders("incident.yaml") or "").replace("P1: 1h", "P1: 2h")
    assert published(incident=text).hashes.process != plain.process


def test_freezes_and_maintenance_windows_are_never_pinned() -> None:
    text = (from_folders("calendars.yaml") or "").replace("2026-11-08 00:00", "2026-11-09 00:00")
    assert published("change", calendars=text).hashes == published("change").hashes


@pytest.mark.parametrize("seed", ["0", "1", "4242"])
def test_hashes_do_not_depend_on_the_hash_seed(seed: str) -> None:
    code = (
        "from tests.domain.language.test_published import published\n"
        "for name in ('incident', 'change', 'access'):\n"
        "    print(published(name).hashes, published(name).source_hash)\n"
    )
    environment = {**os.environ, "PYTHONHASHSEED": seed}
    root = Path(__file__).parents[3]
    out = subprocess.run(  # our own code in our own interpreter
        [sys.executable, "-c", code], cwd=root, env=environment, capture_output=True, text=True, check=True
    ).stdout
    here = "".join(
        f"{published(name).hashes} {published(name).source_hash}\n"
        for name in ("incident", "change", "access")
    )
    assert out == here


def test_what_has_errors_is_not_published() -> None:
    with pytest.raises(DefinitionInvalid) as caught:
        publish(load_small(SMALL.replace("to: closed", "to: closd")), SomeHolidays(), FIRST)
    assert [str(problem) for problem in caught.value.problems] == [
        'p.yaml:13:26: unknown state "closd"; did you mean "closed"?'
    ]


def test_warnings_do_not_keep_a_definition_from_being_published() -> None:
    loaded = load_process("incident.yaml", from_folders)
    assert {problem.severity for problem in loaded.problems} == {"warning"}
    assert publish(loaded, SomeHolidays(), FIRST).id == "incident"


def test_an_abstract_process_is_not_published() -> None:
    with pytest.raises(
        DefinitionInvalid, match=r'p.yaml:14:1: "small" is abstract; publish the processes that'
    ):
        publish(load_small(small(abstract="true")), SomeHolidays(), FIRST)


def test_holidays_of_a_country_nobody_knows_are_a_problem_where_it_is_written() -> None:
    text = small(calendars="\n  c: {time_zone: UTC, week: {mon: 24h}, holidays: XX}")
    with pytest.raises(DefinitionInvalid, match=r'p.yaml:15:41: no holidays are known for "XX"'):
        publish(load_small(text), SomeHolidays(), FIRST)


def test_the_canonical_form_is_compact_utf_8_in_written_order() -> None:
    assert canonical_json({"b": "中", "a": [1, None, True]}) == '{"b":"中","a":[1,null,true]}'.encode()
    assert hash_of({}) == "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"

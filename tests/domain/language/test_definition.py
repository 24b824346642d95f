"""What a definition answers."""

from __future__ import annotations

import time

import pytest

from domain.language.definition import Definition
from domain.language.loader import load_process
from domain.language.models import FormRef
from domain.language.published import publish
from tests.domain.language.files import FIRST, KNOWN, SMALL, SomeHolidays, from_folders, load_small, small


def definition(name: str) -> Definition:
    loaded = load_process(f"{name}.yaml", from_folders, known_processes=KNOWN)
    return Definition.from_published(publish(loaded, SomeHolidays(), FIRST))


def little(text: str = SMALL) -> Definition:
    loaded = load_small(text)
    assert loaded.ok, loaded.problems
    return Definition.from_published(publish(loaded, SomeHolidays(), FIRST))


@pytest.fixture(scope="module")
def incident() -> Definition:
    return definition("incident")


def line_of(file: str, text: str) -> str:
    lines = (from_folders(file) or "").split("\n")
    return f"{file}:{next(at for at, line in enumerate(lines, 1) if line.strip().startswith(text))}"


def test_a_rule_knows_its_line_or_that_of_what_it_is_part_of(incident: Definition) -> None:
    assert incident.line("transitions.declare_major") == line_of("incident.yaml", "declare_major:")
    assert incident.line("transitions.declare_major.do.1") == line_of("incident.yaml", "- run: [open_bridge")
    assert incident.line("clocks.response.at.50%") == line_of("incident.yaml", "50%:")
    assert incident.line("clocks.response.at.50%.1") == line_of(
        "incident.yaml", '- if: ticket.priority in ["P3"'
    )
    assert incident.line("escalations.on_call.steps.2") == line_of(
        "common.yaml", "- {page: duty_manager, wait"
    )
    assert incident.line("escalations.on_call.steps.2.page") == incident.line("escalations.on_call.steps.2")
    assert incident.line("agreements.platinum") == line_of("agreements.yaml", "platinum:")
    assert incident.line("agreements.platinum.targets.incident.resolve.target.P1") != ""
    assert incident.line("priority.adjust.0") == line_of("common.yaml", "- if: ticket.requester.vip")
    assert incident.line("nothing.of.the.kind") == ""


def test_names_of_states_stand_for_states(incident: Definition) -> None:
    everything = frozenset(incident.process.states)
    assert incident.states_in(("any",)) == everything
    assert incident.states_in(("closed",)) == {"closed", "cancelled", "moved"}
    assert incident.states_in(("open",)) == everything - {"resolved", "closed", "cancelled", "moved"}
    assert incident.states_in(("waiting", "new")) == {"waiting_requester", "waiting_vendor", "new"}
    assert incident.states_in(()) == frozenset()


def test_groups_stand_for_their_states() -> None:
    assert little(small(groups="{g: [new, closed]}")).states_in(("g",)) == {"new", "closed"}


def test_forms_are_found_by_name_or_taken_as_they_are(incident: Definition) -> None:
    assert incident.form(None) == {}
    assert list(incident.form(FormRef("resolve"))) == ["resolution_code", "resolution", "workaround"]
    assert list(incident.create_form)[:2] == ["title", "description"]
    assert little().create_form["title"].required


def test_fields_are_built_in_or_declared(incident: Definition) -> None:
    assert incident.fields["title"].max == 200
    assert incident.fields["category"].type == "choice"
    assert list(incident.fields["priority"].options) == ["P1", "P2", "P3", "P4"]
    assert "priority" not in little().fields
    assert "state" not in incident.fields


def test_a_builtin_field_can_be_declared_again_with_another_label() -> None:
    again = little(small(fields="{title: {type: text, label: Headline, max: 80}}"))
    assert again.fields["title"].label == {"*": "Headline"}
    assert again.fields["title"].max == 80


def test_roles_that_need_no_declaration_are_there(incident: Definition) -> None:
    assert incident.roles["paged"] == ("paged",)
    assert little().roles["requester"] == ("field:requester",)
    assert incident.roles["resolvers"] == ("members-of:team",)


def test_expressions_and_templates_are_compiled_once(incident: Definition) -> None:
    assert incident.expression("1 + 2") is incident.expression("1 + 2")
    assert incident.expression("1 + 2")({}) == 3
    assert incident.template("a {{ 1 + 2 }}").value({}) == "a 3"
    assert incident.template("{{ 1 + 2 }}").value({}) == 3
    assert incident.template("x") is incident.template("x")


def test_expressions_know_the_calendars(incident: Definition) -> None:
    scope = {"t": incident.expression('datetime("2026-11-27 17:50")')({})}
    due = incident.expression('add_working(t, 1h, "office")')(scope)
    assert due.isoformat() == "2026-11-30T01:50:00+00:00"  # Friday 17:50 in Shanghai, one hour of office time


def test_the_zone_is_written_or_that_of_the_first_calendar(incident: Definition) -> None:
    assert incident.zone == "Asia/Shanghai"
    assert little().zone == "UTC"
    assert little(small(time_zone="Europe/Berlin")).zone == "Europe/Berlin"


def test_an_agreement_counts_for_a_process_and_those_that_extend_it(incident: Definition) -> None:
    agreed = incident.agreed("platinum", "response")
    assert agreed is not None
    assert agreed.target["P1"] == "15m"
    assert incident.agreed("platinum", "pickup") is None
    assert incident.agreed("nope", "response") is None
    inherited = definition("laptop").agreed("customer_desk", "response")
    assert inherited is not None
    assert inherited.target == {"all": "30m"}


def test_a_definition_is_ready_quickly(incident: Definition) -> None:
    loaded = load_process("incident.yaml", from_folders)
    form = publish(loaded, SomeHolidays(), FIRST)
    before = time.process_time()
    Definition.from_published(form)
    assert time.process_time() - before < 0.15  # about 0.004 s are normal

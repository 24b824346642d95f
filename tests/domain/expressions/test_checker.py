"""What the checker says about expressions that parse."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from domain.expressions import (
    BOOLEAN,
    DATE,
    DATETIME,
    DURATION,
    NUMBER,
    TEXT,
    Ast,
    Finding,
    Scope,
    Type,
    calendar_functions,
    check,
    check_condition,
    choice_of,
    compile_expression,
    did_you_mean,
    list_of,
    object_of,
    parse,
    standard_functions,
)

CATEGORY = choice_of("network", "vpn", "mail", "security")
PERSON: Type = object_of("person", lambda: {"id": TEXT, "name": TEXT, "vip": BOOLEAN, "manager": PERSON})
SERVICE = object_of("service", {"id": TEXT, "team": TEXT, "critical": BOOLEAN})
ROW = object_of("row", {"amount": NUMBER, "kind": choice_of("hardware", "software")})
TICKET = object_of(
    "ticket",
    {
        "category": CATEGORY,
        "other": choice_of("red", "blue"),
        "title": TEXT,
        "cost": NUMBER,
        "major": BOOLEAN,
        "service": SERVICE,
        "requester": PERSON,
        "watchers": list_of(PERSON),
        "tags": list_of(TEXT),
        "rows": list_of(ROW),
        "planned_start": DATETIME,
        "day": DATE,
        "length": DURATION,
    },
)


def a_scope() -> Scope:
    """Names and functions of a process; made anew, so that nothing is remembered from before a change of the code."""
    calendars = calendar_functions(["office", "workdays"])
    return Scope(
        {
            "ticket": TICKET,
            "actor": object_of("actor", {"id": TEXT, "roles": list_of(TEXT)}),
            "event": object_of("event"),
            "now": DATETIME,
        },
        standard_functions("Asia/Shanghai").with_functions(*calendars),
    )


def findings(text: str) -> list[tuple[int, str]]:
    return [(finding.offset, finding.message) for finding in check_condition(parse(text), a_scope())]


@pytest.mark.parametrize(
    "text",
    [
        'ticket.category in ["network", "vpn"]',
        'not ticket.major or "incident_manager" in actor.roles',
        "ticket.planned_start - now >= 72h and size(event.freezes) == 0",
        "ticket.requester.manager.manager.vip",
        "ticket.requester.manager == null",
        "ticket.requester == ticket.requester.manager",
        'event.outcome in ["backed_out", "missed"]',
        "sum(ticket.rows.map(r, r.amount)) > 100",
        'ticket.rows.exists(r, r.kind == "hardware")',
        'weekday(now) in ["sat", "sun"]',
        'add_working(now, 4h, "office") < next_open(ticket.planned_start, "workdays")',
        'now < next("thu 14:00", "office")',
        '(ticket.category ?? "network") == "mail"',
        "date(now) > ticket.day + 1d",
        "ticket.length / 1h > 4",
        'ticket.category != null and ticket["category"] == "vpn"',
        'ticket.title.lower().contains("vpn")',
        "max(ticket.cost, 5) > min([1, 2])",
        "null",
    ],
)
def test_sound_expressions_have_no_findings(text: str) -> None:
    assert findings(text) == []


def test_every_mistake_is_found_at_once_in_the_order_of_the_text() -> None:
    text = 'tiket.a or ticket.categry == "x" or ticket.category == "vnp" or ticket.cost'
    assert [offset for offset, _ in findings(text)] == [0, 18, 55, 64]


def test_a_mixed_list_is_one_mistake_and_its_options_are_still_looked_at() -> None:
    assert [offset for offset, _ in findings('ticket.category in ["vnp", 3]')] == [20, 27]


def test_a_check_gives_the_type_with_the_options_it_can_have() -> None:
    def type_of(text: str) -> Type:
        found, problems = check(parse(text), a_scope())
        assert problems == []
        return found

    assert type_of("ticket.planned_start - now") == DURATION
    assert type_of("ticket.category") == CATEGORY
    assert type_of('if ticket.major then "a" else "b"') == Type("text", options=("a", "b"))
    assert type_of('ticket.category ?? "none"').options == (*CATEGORY.options, "none")
    assert type_of("ticket.rows.map(r, r.amount)") == list_of(NUMBER)
    assert type_of("ticket.rows.filter(r, r.amount > 1)[0]").name == "row"
    assert type_of("event.anything.at.all").kind == "any"
    assert type_of("max(ticket.planned_start, now)") == DATETIME


def test_a_scope_with_no_functions_has_the_standard_ones() -> None:
    assert check(parse("size([1])"), Scope({})) == (NUMBER, [])
    assert check(parse("next_open(1)"), Scope({}))[1] == [Finding(0, 'unknown function "next_open"')]


def test_calendar_functions_have_types_and_further_checks() -> None:
    def suspicious(arguments: tuple[Ast, ...]) -> list[Finding]:
        return [Finding(arguments[-1][1], "looked at")]

    asked = {"add_working": 'add_working(now, 4h, "office")', "next_open": 'next_open(now, "office")',
             "next": 'next("thu 14:00", "office")'}  # fmt: skip
    for name, text in asked.items():
        functions = standard_functions().with_functions(
            *calendar_functions(["office"], verify={name: suspicious})
        )
        for other, expression in asked.items():
            found, findings = check(parse(expression), Scope({"now": DATETIME}, functions))
            assert found == DATETIME
            assert [one.message for one in findings] == (["looked at"] if other == name else [])
        assert compile_expression(parse(text), functions)({"now": datetime(2026, 1, 1, tzinfo=UTC)}) is None


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("ticket.tags", "a list of text"),
        ("ticket.rows", "a list of rows"),
        ("ticket.watchers", "a list of people"),
        ("[now]", "a list of dates and times"),
        ("[[1]]", "a list of lists of numbers"),
        ("[]", "a list"),
        ("event", "an event"),
        ("ticket.service", "a service"),
        ("null", "null"),
        ("event.x", "anything"),
    ],
)
def test_types_have_words(text: str, words: str) -> None:
    assert check(parse(text), a_scope())[0].words == words


def test_advice_names_the_nearest_word_whatever_its_case() -> None:
    assert did_you_mean("tickt", ["ticket", "actor"]) == '; did you mean "ticket"?'
    assert did_you_mean("ZZZ", ["zzz", "a"]) == '; did you mean "zzz"?'
    assert did_you_mean("zzz", ["ticket"]) == ""
    options = [f"option_{number:02}" for number in range(14)]
    scope = Scope(
        {"x": choice_of(*options), "y": object_of("thing", {f"m{n:02}": NUMBER for n in range(13)})}
    )
    (many,) = check(parse('x == "q"'), scope)[1]
    assert many.message == f'"q" is not one of: {", ".join(options[:12])}, …'
    assert [one.message for one in check(parse("y.q"), scope)[1]] == ['y has no "q"']

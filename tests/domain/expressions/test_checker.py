"""What the checker says about expressions that parse."""

from __future__ import annotations

import pytest

from domain.expressions import (
    BOOLEAN,
    DATE,
    DATETIME,
    DURATION,
    NUMBER,
    TEXT,
    Finding,
    Scope,
    Type,
    calendar_functions,
    check,
    check_condition,
    choice_of,
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


@pytest.mark.parametrize(
    ("text", "offset", "message"),
    [
        ("tiket.cost > 1", 0, 'unknown name "tiket"; did you mean "ticket"?'),
        ("ticket.categry == null", 7, 'ticket has no "categry"; did you mean "category"?'),
        ("ticket.service.criticl", 15, 'ticket.service has no "criticl"; did you mean "critical"?'),
        ("ticket.requester.manager.manager.vop", 33, 'did you mean "vip"?'),
        (
            'ticket.category == "securty"',
            19,
            '"securty" is not one of: network, vpn, mail, security; did you mean "security"?',
        ),
        ('"securty" == ticket.category', 0, "is not one of"),
        ('ticket.category in ["network", "vnp"]', 31, 'did you mean "vpn"?'),
        ('ticket.category not in ["vnp"]', 24, "is not one of"),
        ("ticket.category == network", 19, 'write it in quotes, "network"'),
        ('ticket.category > "mail"', 0, "choices have no order"),
        ("ticket.category == ticket.other", 19, "have no value in common"),
        ("ticket.cost", 0, "compare it, such as ticket.cost > 0"),
        ("ticket.major and ticket.tags", 17, "size(ticket.tags) > 0"),
        ('ticket.cost == "5"', 15, "write 5 without quotes"),
        ("ticket.length > 4", 16, "write 4h or 4m"),
        ('ticket.requester == "alice"', 20, "compare ticket.requester.id"),
        ('"alice" in ticket.watchers', 0, "exists(x, x.id == …)"),
        ('"vpn" in ticket.title', 6, 'write ticket.title.contains("vpn")'),
        ('ticket.tags.contains("a")', 12, 'write "a" in ticket.tags'),
        ('ticket.day > "2026-01-01"', 13, 'write date("2026-01-01")'),
        ("ticket.day == now", 14, "compare date(now)"),
        ("ticket.major < true", 0, "has no <"),
        ("ticket.cost < null", 14, "nothing is smaller or larger than null"),
        ("ticket.tags.x == null", 12, "ticket.tags.map(x, x.x)"),
        ("ticket.title.lower == null", 13, "write .lower(…)"),
        ('ticket.cost + "x" == null', 12, "put texts together in a template"),
        ("now + 1 == null", 4, "+ does not fit"),
        ("-ticket.title == null", 0, "only numbers and durations have a minus"),
        ("siez(ticket.tags) > 1", 0, 'unknown function "siez"; did you mean "size"?'),
        ("contains(ticket.title, null)", 0, "it is written after a value, x.contains(…)"),
        ("ticket.tags.sum() > 1", 12, "write sum(ticket.tags)"),
        ("size(1, 2) > 1", 0, "size() takes (a list) or (text), not (a number, a number)"),
        ('ticket.cost.startsWith("x")', 12, "ticket.cost is a number and has no .startsWith()"),
        (
            'next_open(now, "offce") > now',
            15,
            '"offce" is not one of: office, workdays; did you mean "office"?',
        ),
        ("next_open(now, office) > now", 15, 'write it in quotes: "office"'),
        ('weekday(now) == "monday"', 16, "is not one of: mon"),
        ('ticket.day == date("2026-13-01")', 19, 'write it like "2026-11-27"'),
        ('ticket.length > duration("soon")', 25, 'write it like "1h30m"'),
        ("ticket.rows.exists(ticket, true)", 12, '"ticket" already means something here'),
        ("ticket.rows.exists(r, r.amont > 1)", 24, 'did you mean "amount"?'),
        ("ticket.title.exists(r, true)", 13, "needs a list"),
        ("None == null", 0, "write null"),
        ("ticket.major == True", 16, "write true"),
        ("(if ticket.major then 1 else ticket.title) == null", 29, "give different things"),
        ("(ticket.cost ?? ticket.title) == null", 16, "of one kind"),
        ("ticket.category in [1, ticket.title]", 23, "a list holds one kind of thing"),
        ("ticket.title[0] == null", 12, "only lists and objects have [ ]"),
        ('ticket.rows["a"] == null', 12, "asked by position"),
        ("size == 1", 0, "size is a function: write size(…)"),
    ],
)
def test_a_mistake_is_found_at_its_place_with_advice(text: str, offset: int, message: str) -> None:
    assert any(at == offset and message in said for at, said in findings(text)), findings(text)


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

"""What is known of linked tickets: mistakes in its declaration, where it is read, set, played and expected."""

from __future__ import annotations

import pytest

from tests.domain.language.files import marked, problems_of, small

LINKS = """
  agenda:
    process: small
    inverse: boards
    reads: {size: number}
    shows: team
    fields: {decision: {type: choice, options: [go, no]}, minute: {type: note}}
  boards: {process: small, inverse: agenda, shows: title, reads: {decision: choice}}"""

ACTION = """
  x:
    from: new
    who: everyone
    do:
      - """


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        ("¦decision: {type: choice}", '"decision" is a choice without options'),
        ("¦ref: {type: text}", '"ref" is taken: every linked ticket has it; take another name'),
        ("¦size: {type: number}", '"size" is taken: it is read of the linked ticket; take another name'),
        ("¦team: {type: team}", '"team" is taken: this ticket shows its own; take another name'),
        (
            "a: {type: ¦people}",
            '"people" is not one of: text, note, number, boolean, choice, date, time,',
        ),
        ("a: {¦required: true, type: text}", 'unknown key "required"'),
    ],
)
def test_a_field_of_a_link_that_cannot_work_is_refused(field: str, expected: str) -> None:
    links = LINKS.replace("decision: {type: choice, options: [go, no]}", field)
    text, place = marked(small(links=links.replace("reads: {decision: choice}", "many: true")))
    (problem,) = problems_of(text)
    assert problem.startswith(f"{place}: {expected}")


@pytest.mark.parametrize(
    ("action", "expected"),
    [
        (
            "link: ¦{link: agenda}",
            "say what is linked: `from: …`; or, with `fields`, what is set for the tickets that are linked already",
        ),
        ("link: {link: agenda, fields: {decision: ¦yes}}", '"yes" is not one of: go, no'),
        (
            "link: {link: agenda, fields: {¦minuts: x}}",
            'unknown field of the link agenda "minuts"; did you mean "minute"?',
        ),
        (
            "link: {link: boards, fields: {¦decision: go}}",
            'unknown field of the link boards "decision"; there is none',
        ),
        (
            'link: {link: agenda, fields: {minute: "{{ ¦linked.siz }}"}}',
            'linked has no "siz"; did you mean "size"?',
        ),
        (
            "link: {link: agenda, from: boards, where: ¦linked.size == 1, fields: {minute: x}}",
            'linked has no "size": known are category, decision, id, ref',
        ),
        (
            'tell: {link: agenda, where: linked.decision == ¦"goo", message: hello}',
            '"goo" is not one of: go, no; did you mean "go"?',
        ),
        (
            'set: {title: "{{ ¦link.agenda.map(one, one.minut) }}"}',
            'one has no "minut"; did you mean "minute"?',
        ),
    ],
)
def test_what_is_read_or_set_of_a_linked_ticket_is_checked(action: str, expected: str) -> None:
    transitions = f"\n  close: {{from: new, to: closed, who: everyone}}{ACTION}{action}"
    text, place = marked(small(links=LINKS, messages="\n  hello: {from: linked}", transitions=transitions))
    (problem,) = [one for one in problems_of(text) if "warning" not in one]
    assert problem.partition(": ")[2].startswith(expected)
    assert problem.startswith(place.rpartition(":")[0])

"""Converting into a ticket of another process: where it may stand, and where this ticket ends."""

from __future__ import annotations

import pytest

from domain.language.both_ends import end_problems
from tests.domain.language.files import load_small, marked, problems_of, small

LINKS = "\n  became: {process: other, inverse: was}"
CLOCKS = "\n  slow: {target: 1h, calendar: always, stop: {in: closed}}"
CLOSE = "\n  close: {from: new, to: closed, who: everyone}\n"


def converting(convert: str, *, to: str = "", states: str = "") -> str:
    return small(
        links=LINKS,
        clocks=CLOCKS,
        states=states or "\n  new: {category: new}\n  closed: {category: closed}",
        transitions=f"{CLOSE}  x: {{from: new, {to}who: everyone, do: [{{convert: {convert}}}]}}",
    )


WELL = "{process: other, link: became, to: closed, keep: comments, clocks: {fast: slow}}"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            converting(WELL.replace("to: closed", "to: ¦new")),
            '"new" is not closed; name a state of the category closed, such as `moved`',
        ),
        (
            converting(WELL.replace("to: closed", "to: ¦clsed")),
            'unknown state "clsed"; did you mean "closed"?',
        ),
        (converting(WELL.replace("fast: slow", "fast: ¦slw")), 'unknown clock "slw"; did you mean "slow"?'),
        (converting(WELL.replace("keep: comments", "keep: ¦files")), None),
        (
            converting(WELL, to="¦to: closed, "),
            "`convert` says where the ticket goes, once the other one is open; leave out this `to`",
        ),
        (
            converting(
                WELL,
                states="\n  new: {category: new, enter: [{¦convert: {process: other, link: became, to: closed}}]}\n"
                "  closed: {category: closed}",
            ),
            "`convert` ends this ticket; write it in the `do` of a transition",
        ),
    ],
)
def test_a_conversion_that_cannot_work_is_refused(text: str, message: str | None) -> None:
    whole, place = marked(text)
    found = problems_of(whole)
    assert len(found) == 1 and found[0].startswith(f"{place}: ")
    assert message is None or found[0] == f"{place}: {message}"


def test_the_state_it_ends_in_is_reached_by_it() -> None:
    states = "\n  new: {category: new}\n  closed: {category: closed}\n  moved: {category: closed}"
    assert problems_of(converting(WELL.replace("to: closed", "to: moved"), states=states)) == []


def test_the_clocks_it_hands_on_are_there_at_the_other_end() -> None:
    one = load_small(converting(WELL)).process
    other = load_small(small(id="other", clocks=CLOCKS)).process
    assert one is not None and other is not None
    assert [(path[-1], message) for path, message in end_problems(one, {"other": other})][-1] == (
        "fast",
        '"other" has no clock "fast"',
    )

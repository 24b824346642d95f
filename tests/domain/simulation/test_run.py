"""What holds in every simulation, whatever the dice say."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from itertools import pairwise

import pytest

from domain.calendars import worked
from domain.simulation.profile import Profile
from domain.simulation.results import results_of
from domain.simulation.run import Simulation
from domain.simulation.study import whole_profile
from tests.domain.simulation.desks import ONE_QUEUE, ONE_STATE, incident, plain, profile, run

SEEDS = (1, 2, 3)


def a_week(seed: int = 7, **changed: object) -> Simulation:
    whole = whole_profile(None, incident())
    return run(incident(), whole.model_copy(update=changed), days=7, tickets=120, seed=seed)


@pytest.mark.parametrize("seed", SEEDS)
def test_what_came_is_closed_or_still_there(seed: int) -> None:
    simulation = a_week(seed)
    results = results_of(simulation)
    assert results.arrived == 120
    assert results.arrived == results.closed + results.done + results.open + sum(
        one.count for one in results.refused
    )
    at_the_end = {category: hours[-1] for category, hours in results.open_by_hour.items()}
    assert at_the_end["done"] == results.done
    assert sum(at_the_end.values()) == results.open + results.done
    assert results.faults == 0 and not results.parked and not results.stuck


@pytest.mark.parametrize("seed", SEEDS)
def test_every_ticket_has_one_cycle_of_a_clock_that_is_never_reset(seed: int) -> None:
    results = results_of(a_week(seed))
    whole = next(one for one in results.clocks if one.clock == "resolve" and not one.level)
    assert whole.met + whole.missed + whole.running == results.arrived
    by_level = [one for one in results.clocks if one.clock == "resolve" and one.level]
    assert sum(one.missed for one in by_level) == whole.missed


@pytest.mark.parametrize("seed", SEEDS)
def test_nobody_works_on_two_things_at_once_nor_outside_their_hours(seed: int) -> None:
    simulation = a_week(seed)
    by_worker: dict[str, list[tuple[datetime, datetime]]] = defaultdict(list)
    for worker, start, end, overtime in simulation.measures.busy:
        by_worker[worker.id].append((start, end))
        if not overtime:
            calendar = simulation.calendars[worker.calendar]
            assert worked(calendar, start, end) > 0 * (end - start) or start == end
    for stretches in by_worker.values():
        ordered = sorted(stretches)
        assert all(before[1] <= after[0] for before, after in pairwise(ordered))
    assert all(0 <= (team.load or 0) <= 1 for team in results_of(simulation).teams)


def test_the_same_seed_gives_the_same_and_another_another() -> None:
    first, again, other = (results_of(a_week(seed)).to_json() for seed in (5, 5, 6))
    assert first == again
    assert first != other


def test_the_most_urgent_ticket_is_taken_first() -> None:
    definition = plain(
        ONE_STATE.replace("target: 30m", "target: {high: 1h, low: 8h}\n    by: urgency")
        + "fields:\n  urgency: {type: choice, options: {high: High, low: Low}}\n"
        "forms:\n  create: {title: required, urgency: required}\n"
    )
    text = ONE_QUEUE % ("5.5", 1, "10m") + "fields:\n  urgency: {high: 1, low: 9}\n"
    results = results_of(run(definition, profile(text, definition), days=10))
    shares = {one.level: one.share for one in results.clocks}
    assert shares["high"] == 1.0
    # In the order in which they came, the urgent ones would wait as long as all the others.
    assert results.teams[0].waited is not None and results.teams[0].waited.p90 > 3000


def test_nobody_at_work_means_that_tickets_wait_for_the_morning() -> None:
    definition = plain()
    text = ONE_QUEUE % ('{mon-sun: {"18:00-19:00": 8}}', 3, "5m")
    results = results_of(run(definition, profile(text.replace("always", "office"), definition), days=5))
    waited = results.teams[0].waited
    assert waited is not None
    assert 14 * 3600 <= waited.median <= 16 * 3600
    assert results.teams[0].by_hour[0][8] is None  # nobody is there at eight
    assert results.open_by_hour["new"][23] > 0


def test_who_is_called_outside_their_hours_answers_and_works() -> None:
    text = ONE_STATE + ("    at:\n      50%:\n        - page: on-call:desk\n")
    definition = plain(text)
    profile_text = ONE_QUEUE % ('{mon-sun: {"20:00-21:00": 2}}', 2, "5m") + (
        "pages: {answered: 100%, after: 1m, work: true}\n"
    )
    profile_text = profile_text.replace("calendar: always", "calendar: office")
    works = results_of(run(definition, profile(profile_text, definition), days=10))
    sleeps = results_of(
        run(definition, profile(profile_text.replace("work: true", "work: false"), definition), days=10)
    )
    assert works.clocks[0].share == 1.0 and works.teams[0].overtime_hours > 0
    assert sleeps.clocks[0].share == 0.0 and sleeps.teams[0].overtime_hours == 0.0
    assert [(one.name, one.count) for one in works.pages] == [("clocks.answer.at.50%[1]", works.arrived)]


def test_a_ticket_that_nobody_may_move_is_named_with_the_reason() -> None:
    definition = plain(ONE_STATE.replace('"team:desk"', '"group:nobody"'))
    text = ONE_QUEUE % ("1", 1, "5m") + "groups: {nobody: {people: 0, calendar: always}}\n"
    results = results_of(run(definition, profile(text, definition), days=1))
    assert [one.name for one in results.stuck] == ["new: nobody in the profile may do what comes next"]
    assert results.stuck[0].count == results.open > 0


def test_a_button_that_the_process_refuses_is_followed_by_another() -> None:
    text = ONE_STATE.replace(
        'who: "team:desk"}',
        'who: "team:desk", if: "false", otherwise: Not today.}\n'
        '  drop: {from: new, to: closed, who: "team:desk"}',
    )
    definition = plain(text)
    both = ONE_QUEUE % ("1", 1, "5m")
    results = results_of(
        run(definition, profile(both.replace("{close: 1}", "{close: 9, drop: 1}"), definition), days=1)
    )
    assert {one.name: one.count for one in results.transitions} == {"drop": results.closed}
    alone = results_of(run(definition, profile(both, definition), days=1))
    assert alone.stuck[0].name == "new: Not today."


def test_a_circle_without_end_ends() -> None:
    text = ONE_STATE.replace(
        "transitions:\n",
        'transitions:\n  poke: {from: new, who: "team:desk", ask: {description: optional}}\n',
    )
    definition = plain(text)
    circling = (ONE_QUEUE % ("1", 1, "0s")).replace("{close: 1}", "{poke: 1}")
    results = results_of(run(definition, profile(circling, definition), days=1))
    assert "goes round in circles" in results.stuck[0].name


def test_tasks_are_done_by_those_they_are_for_and_fail_as_often_as_the_profile_says() -> None:
    text = ONE_STATE.replace(
        "  new: {category: new}", "  new: {category: new, tasks: [look, ask_machine]}"
    ).replace(
        'who: "team:desk"}', "when: tasks.done}\n  give_up: {from: new, to: closed, when: tasks.failed}"
    ) + ('tasks:\n  look: {assign: "team:desk"}\n  ask_machine: {script: {name: ask}, needs: look}\n')
    definition = plain(text)
    text = ONE_QUEUE % ("2", 1, "5m")
    text = text[: text.index("states:")] + (
        "tasks: {look: {work: 10m}, ask_machine: {after: 2m, fails: 50%}}\n"
    )
    results = results_of(run(definition, profile(text, definition), days=10))
    moved = {one.name: one.count for one in results.transitions}
    assert moved["close"] + moved["give_up"] == results.closed > 400
    assert 0.4 < moved["give_up"] / results.closed < 0.6
    assert results.teams[0].busy_hours == pytest.approx(results.closed / 6, rel=0.02)


def test_conditions_of_forms_are_kept() -> None:
    """The incident's forms ask for the number of people affected only where many are."""
    simulation = a_week()
    for case in simulation.cases.values():
        fields = case.ticket.fields
        assert ("affected_users" in fields) == (fields["impact"] in ("extensive", "significant"))
    assert not results_of(simulation).refused


def test_work_of_a_button_goes_before_that_of_its_state() -> None:
    definition = plain()
    text = ONE_QUEUE % ("1", 1, "5m")
    slow: Profile = profile(text + "transitions: {close: {work: 30m}}\n", definition)
    results = results_of(run(definition, slow, days=3))
    assert results.teams[0].busy_hours == pytest.approx(results.closed / 2, rel=0.05)


def test_what_the_process_says_no_to_is_counted_with_its_words() -> None:
    text = ONE_STATE.replace('who: "team:desk"}', 'who: "team:desk", if: "false", otherwise: Not today.}')
    results = results_of(run(plain(text), profile(ONE_QUEUE % ("1", 1, "5m"), plain(text)), days=1))
    assert [one.name for one in results.refusals] == ["close: Not today."]
    assert results.refusals[0].count == results.open


def test_options_that_depend_on_another_field_fit_it() -> None:
    text = ONE_STATE + (
        "fields:\n"
        "  kind: {type: choice, options: [car, bike]}\n"
        "  model: {type: choice, options: [van, mountain, city], by: kind, offer: {car: van, bike: [mountain, city]}}\n"
        "  parts: {type: rows, columns: {name: {type: text}, price: {type: money, required: true}}}\n"
        "  at: {type: time}\n"
        "forms:\n  create: {title: required, kind: required, model: required, parts: required, at: required}\n"
    )
    definition = plain(text)
    simulation = run(definition, profile(ONE_QUEUE % ("2", 1, "5m"), definition), days=3)
    assert not results_of(simulation).refused
    models = {(case.ticket.fields["kind"], case.ticket.fields["model"]) for case in simulation.cases.values()}
    assert models == {("car", "van"), ("bike", "mountain"), ("bike", "city")}


def test_what_was_refused_is_tried_again_when_it_may_be_possible() -> None:
    text = ONE_STATE.replace(
        'who: "team:desk"}', 'who: "team:desk", if: "now - ticket.opened_at >= 10h", otherwise: Too early.}'
    )
    results = results_of(run(plain(text), profile(ONE_QUEUE % ("1", 1, "5m"), plain(text)), days=4))
    assert results.closed > 60 and results.time_to_done is not None
    assert 10 * 3600 <= results.time_to_done.median <= 13 * 3600
    assert results.refusals[0].count >= results.closed
    assert results.teams[0].busy_hours < results.arrived * 0.25  # nobody works on what is not possible yet


def test_a_task_that_is_a_ticket_is_done_after_a_while() -> None:
    text = ONE_STATE.replace("  new: {category: new}", "  new: {category: new, tasks: buy}").replace(
        'who: "team:desk"}', "when: tasks.done}"
    ) + (
        "links:\n  orders: {process: plain, inverse: ordered_by}\n  ordered_by: {process: plain, inverse: orders}\n"
        "tasks:\n  buy: {ticket: {process: plain, link: orders, fields: {title: Buy it}}}\n"
    )
    definition = plain(text)
    written = ONE_QUEUE % ("1", 1, "5m")
    written = written[: written.index("states:")] + "tasks: {buy: {after: 5h}}\n"
    results = results_of(run(definition, profile(written, definition), days=4))
    assert not results.stuck and not results.refused and results.faults == 0
    assert results.time_to_done is not None
    assert results.time_to_done.median == results.time_to_done.longest == 5 * 3600

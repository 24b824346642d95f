"""The profile that a definition suggests by itself: what an owner starts from and then makes true."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator

from domain.engine.plan import Button, plan_of
from domain.language.definition import Definition
from domain.language.models import BACK, FieldDef
from domain.language.walker import parts
from domain.language.words import Dur, Json, Selector
from domain.simulation.profile import (
    Arrivals,
    Crew,
    InState,
    Lognormal,
    OfApproval,
    OfTask,
    Pages,
    Profile,
    Requesters,
    Share,
    Time,
)
from domain.simulation.words import NOTHING, REPLY

WEEKLY_TICKETS = 230.0
"""About a thousand a month."""

BUSY = 0.6
"""The share of their time for which people have work, when nobody says how many they are."""

DAY_RATES = {"09:00-12:00": 1.5, "12:00-14:00": 0.8, "14:00-18:00": 1.2, "else": 0.08}
_SHAPE = 3 * 1.5 + 2 * 0.8 + 4 * 1.2 + 15 * 0.08  # a working day of these
_WEEKEND = 0.08

_HANDLING = {"new": ("4m", "15m"), "active": ("25m", "2h")}
_REPLY = Time(exponential=Dur("8h"))

# How likely a button is, by where it leads from and to; what is not named leads back or in a circle.
_LEADS = {
    ("new", "active"): 10.0,
    ("new", "waiting"): 1.0,
    ("new", "done"): 0.5,
    ("new", "closed"): 0.2,
    ("active", "done"): 10.0,
    ("active", "waiting"): 1.5,
    ("active", "closed"): 1.0,
    ("waiting", "active"): 10.0,
    ("waiting", "done"): 2.0,
    ("done", "closed"): 3.0,
    ("done", "active"): 0.5,
    ("done", "waiting"): 0.2,
}
_SIDEWAYS = 0.5


def derived(definition: Definition) -> Profile:
    """A whole profile: every state, field and team of the definition."""
    process = definition.process
    states = {name: in_state for name in process.states if (in_state := _in_state(definition, name))}
    hours = office_of(definition)
    teams = {**_named(definition, "team"), **_named(definition, "lead")}
    for row in process.routing:
        if "{{" not in row.team:
            teams[str(row.team)] = None
    groups, rosters = _named(definition, "group"), _named(definition, "on-call")
    heads = _heads(states, len(teams) or 1)
    return Profile(
        kind="simulation",
        lang=1,
        process=process.id,
        arrivals=Arrivals(per_hour=_rates()),
        requesters=Requesters(people=100, vip=Share("2%")),
        services=_services(definition, list(teams)),
        fields=dict(_fields(definition)),
        teams={name: Crew(people=heads, calendar=hours) for name in teams},
        groups={name: Crew(people=2, calendar=hours) for name in groups},
        on_call={name: Crew(people=2, calendar=hours) for name in rosters if name not in teams},
        states=states,
        tasks=_tasks(definition),
        approvals={
            name: OfApproval(after=_REPLY, calendar=hours, answers={"approve": 9.0, "reject": 1.0})
            for name in process.approvals
        },
        pages=Pages(),
        first_reply=Share("100%" if _measures_replies(definition) else "0%"),
    )


def office_of(definition: Definition) -> str:
    """The calendar people work by: the first with opening hours, else any, else `always`."""
    calendars = definition.calendars
    with_hours = [name for name, one in calendars.items() if not one.whole_days and not one.always]
    return next(iter(with_hours or list(calendars)))


def _rates() -> dict[str, dict[str, float]]:
    unit = WEEKLY_TICKETS / (5 * _SHAPE + 2 * 24 * _WEEKEND)
    return {
        "mon-fri": {hours: round(rate * unit, 2) for hours, rate in DAY_RATES.items()},
        "sat-sun": {"else": round(_WEEKEND * unit, 2)},
    }


def _heads(states: dict[str, InState], teams: int) -> int:
    """People in each team so that they have work for `BUSY` of a 40-hour week."""
    hours = sum(state.work.mean for state in states.values() if state.work is not None) / 3600
    return max(2, math.ceil(WEEKLY_TICKETS * hours / 40 / BUSY / teams))


def _named(definition: Definition, kind: str) -> dict[str, None]:
    """The teams, groups or rosters that selectors of the definition name, in the order of the file."""
    found: dict[str, None] = {}
    for _, part in parts(definition.process):
        if isinstance(part, Selector) and part.startswith(f"{kind}:"):
            found[part.partition(":")[2]] = None
    return found


def _services(definition: Definition, teams: list[str]) -> dict[str, dict[str, Json]]:
    """One service for each team, when tickets name a service at all."""
    if not any("service" in form for form in definition.process.forms.values()):
        return {}
    return {f"{team}-service": {"team": team, "critical": False} for team in teams or ["everybody"]}


def _fields(definition: Definition) -> Iterator[tuple[str, Json]]:
    """What the forms ask for and chance can answer."""
    asked: dict[str, None] = dict.fromkeys(definition.create_form)
    for rule in definition.process.transitions.values():
        asked |= dict.fromkeys(definition.form(rule.ask))
    for name in asked:
        declared = definition.fields.get(name)
        if declared is not None and not declared.compute:
            chances = _priority_chances(definition, name) or _chances(declared)
            if chances is not None:
                yield name, chances


def _priority_chances(definition: Definition, name: str) -> Json:
    """What makes a priority: the graver, the rarer. The matrix is written from grave to light."""
    rules = definition.process.priority
    if rules is None or name not in (rules.rows, rules.columns):
        return None
    options = rules.matrix if name == rules.rows else next(iter(rules.matrix.values()), {})
    return {option: 2**place for place, option in enumerate(options)}


def _chances(declared: FieldDef) -> Json:
    if declared.type == "choice":
        return dict.fromkeys(declared.options or {}, 1)
    if declared.type == "boolean":
        return {"true": 1, "false": 9}
    if declared.type in ("number", "money"):
        low = declared.min or 0
        return {"uniform": [low, low + 100 if declared.max is None else declared.max]}
    return None


# ---------------------------------------------------------------- states


def _in_state(definition: Definition, state: str) -> InState | None:
    """What happens in a state; None where only rules and clocks move a ticket on."""
    category = definition.process.states[state].category
    if category == "closed":
        return None
    plan = plan_of(definition)
    here = [button for button in plan.buttons if state in button.states]
    then: dict[str, float] = {}
    for button in here:
        if button.rule.who is not None and (weight := _weight(definition, state, button)):
            then[button.name] = weight
    if any("replied.requester" in (button.rule.when or ()) for button in here) and category == "waiting":
        then = {REPLY: 20.0} | {name: weight / 10 for name, weight in then.items()}
    elif _has_own_work(definition, state) and any(_moves_on(button) for button in here):
        return None  # its tasks or its approval decide
    goes_on = any(button.rule.after or button.rule.at for button in here)
    if not then:
        return None
    if category in ("new", "active") and _for_agents(definition, here, then):
        median, p90 = _HANDLING["new" if _is_short(definition, state, here) else category]
        return InState(work=Time(lognormal=Lognormal(median=Dur(median), p90=Dur(p90))), then=then)
    if goes_on:
        then[NOTHING] = round((1 if category == "waiting" else 3) * sum(then.values()) / 2, 2)
    return InState(after=_REPLY, calendar=office_of(definition), then=then)


def _has_own_work(definition: Definition, state: str) -> bool:
    rule = definition.process.states[state]
    return bool(rule.tasks or rule.approval)


def _moves_on(button: Button) -> bool:
    return any(event == "tasks.done" or event.startswith("approval.") for event in button.rule.when or ())


def _weight(definition: Definition, state: str, button: Button) -> float:
    """How likely a button is; what stays in the state is pressed only when the profile says so."""
    target = _target(definition, button)
    if target == BACK:
        return 10.0
    if target in ("", state):
        return 0.0
    states = definition.process.states
    here, there = states[state].category, states[target].category
    if here == "active" and _leads_further(definition, state, button):
        return 10.0
    if (here, there) == ("active", "done") and _is_short(definition, state, plan_of(definition).buttons):
        return _SIDEWAYS
    return _LEADS.get((here, there), _SIDEWAYS)


def _target(definition: Definition, button: Button) -> str:
    """The state a button usually leads to, or `back`: its last branch. Empty when it stays."""
    targets = [str(branch.state) for branch in button.rule.to or ()]
    return targets[-1] if targets and targets[-1] in (*definition.process.states, BACK) else ""


def _leads_further(definition: Definition, state: str, button: Button) -> bool:
    """Whether a button leads to an active state that stands below this one in the file."""
    target, order = _target(definition, button), list(definition.process.states)
    return (
        state in button.states
        and button.rule.who is not None
        and target not in ("", BACK)
        and definition.process.states[target].category == "active"
        and order.index(target) > order.index(state)
    )


def _is_short(definition: Definition, state: str, buttons: Iterable[Button]) -> bool:
    """Whether the work is done later: somebody only looks at the ticket here, and takes it or hands it on."""
    category = definition.process.states[state].category
    return category == "active" and any(_leads_further(definition, state, button) for button in buttons)


def _for_agents(definition: Definition, here: list[Button], then: dict[str, float]) -> bool:
    """Whether somebody besides the requester may press what leads on."""
    likely = max(then, key=lambda name: then[name])
    who = next(button.rule.who or () for button in here if button.name == likely)
    return any(
        part != "field:requester" and not part.startswith("manager-of:")
        for selector in who
        for part in definition.roles.get(str(selector), (selector,))
    )


# ---------------------------------------------------------------- tasks


def _tasks(definition: Definition) -> dict[str, OfTask]:
    found: dict[str, OfTask] = {}
    for name, task in definition.process.tasks.items():
        if task.kind == "assign":
            found[name] = OfTask(work=Time(lognormal=Lognormal(median=Dur("20m"), p90=Dur("90m"))))
        elif task.kind == "ticket":
            found[name] = OfTask(after=_REPLY)
        elif task.kind in ("http", "script"):
            found[name] = OfTask(after=Time(fixed=Dur("5s")))
    return found


def _measures_replies(definition: Definition) -> bool:
    """Whether a clock waits for the first public reply."""
    for clock in definition.process.clocks.values():
        for condition in (clock.start, clock.pause, clock.stop, clock.resume, clock.reset):
            if condition is None:
                continue
            if "first_reply_at" in (condition.if_ or "") or "replied.agent" in (condition.when or ()):
                return True
    return False

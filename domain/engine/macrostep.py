"""One step from an event to rest (language.md section 6): transitions, internal events, tasks, clocks, timers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from domain.engine import approvals, chains, clocks, holding, links, tasks, timers
from domain.engine.derive import derive, hand_to_team, set_field
from domain.engine.draft import MOST_INTERNAL_EVENTS, Draft
from domain.engine.plan import Button
from domain.engine.scope import typed_event
from domain.engine.ticket import Held, Json
from domain.engine.values import instant_json
from domain.engine.verbs import carry_out
from domain.language.models import BACK


def target_of(draft: Draft, button: Button) -> tuple[str, int]:
    """The state a transition leads to, by the first branch that fits, and that branch's place; the present one when it
    has none.
    """
    for index, branch in enumerate(button.rule.to or ()):
        if draft.holds(branch.if_):
            if branch.state != BACK:
                return str(branch.state), index
            return (draft.held.state if draft.held is not None else draft.state), index
    return draft.state, 0


def _which(button: Button, index: int) -> dict[str, Json]:
    """The place of the branch that was taken, where the state alone does not tell."""
    states = [branch.state for branch in button.rule.to or ()]
    return {"branch": index} if len(set(states)) < len(states) else {}


def take(draft: Draft, button: Button) -> None:
    """Take a transition: leave, do, enter, in this order; then the events that tell of it."""
    source = draft.state
    target, index = target_of(draft, button)
    which = _which(button, index)
    moved: dict[str, Json] = {"from": source, "to": target, "transition": button.name}
    if target == source:
        carry_out(draft, button.rule.do, f"transitions.{button.name}.do")
        draft.note("moved", button.name, **which)
        if button.rule.reenter:
            reenter(draft, moved)
        draft.announce(f"done.{button.name}", **moved)
        return
    go(draft, button, target, which)
    draft.announce(f"done.{button.name}", **moved)


def go(
    draft: Draft,
    button: Button,
    target: str,
    which: Mapping[str, Json] | None = None,
    *,
    silent: bool = False,
) -> None:
    """Go to another state; `which` names the branch, `silent`: the transition's effects were carried out before."""
    source, held = draft.state, draft.held
    moved: dict[str, Json] = {"from": source, "to": target, "transition": button.name}
    interrupts = holding.is_hold(draft, target)
    comes_back = held is not None and target == held.state
    if held is None and interrupts:
        holding.keep(draft)
        approvals.hold(draft, source)
    else:
        leave(draft, source, target)
    if held is not None and not interrupts and not comes_back:  # the state that was held is left after all
        draft.held = None
        leave(draft, held.state, target)
        tasks.cancel_other_states(draft, target)
    if not silent:
        carry_out(draft, button.rule.do, f"transitions.{button.name}.do")
    draft.note("moved", button.name, **{"from": source, "to": target}, **(which or {}))
    if held is not None and comes_back:
        come_back(draft, held)
    else:
        enter(draft, target)
    here, there = draft.plan.places[source], draft.plan.places[target]
    if held is not None or not interrupts:
        for place in (source, *(one for one in here if one not in there), "any"):
            draft.announce(f"left.{place}", **moved)
    if held is not None and not interrupts and not comes_back:
        draft.announce(f"left.{held.state}", **moved)
    if not comes_back:
        for place in (target, *(one for one in there if one not in here), "any"):
            draft.announce(f"entered.{place}", **moved)


def leave(draft: Draft, state: str, target: str) -> None:
    """Leave a state: its effects, its timers, its approval, and its tasks unless the ticket only goes to wait."""
    process = draft.definition.process
    carry_out(draft, process.states[state].leave, f"states.{state}.leave")
    draft.timers = {}
    approvals.leave(draft, state)
    if process.states[target].category != "waiting":
        tasks.cancel_other_states(draft, target)


def come_back(draft: Draft, held: Held) -> None:
    """Go on in the state that was held: nothing of it starts anew, and what its work reported is heard now."""
    before = draft.category
    tasks.cancel_of_holds(draft, held.state)
    holding.resume(draft, held)
    approvals.resume(draft, held.state)
    _stamp(draft, before, draft.category)
    derive(draft)
    for one in held.unheard:
        draft.announce(one.name, **one.data)


def enter(draft: Draft, state: str) -> None:
    """Enter a state: the stamps of being done, its effects, its timers, its tasks, its approval."""
    before = draft.category
    draft.state = state
    draft.entered_at = draft.at
    draft.tasks_settled = False
    if not (draft.derived and draft.plan.derives_in_order):  # else nothing that is derived reads the state
        draft.stale = True
    rule = draft.definition.process.states[state]
    _stamp(draft, before, rule.category)
    derive(draft)
    carry_out(draft, rule.enter, f"states.{state}.enter")
    timers.start_all(draft)
    tasks.start(draft, rule.tasks, of_state=state)
    if rule.approval is not None:
        approvals.request(draft, rule.approval, of_state=state)
    _tell_parent(draft, rule.category)


def _tell_parent(draft: Draft, category: str) -> None:
    """Tell the ticket whose task had this one opened that it is done, once."""
    parent = draft.parent
    if parent is None or not parent.task or parent.told or category not in ("done", "closed"):
        return
    draft.parent = replace(parent, told=True)
    draft.ask_outside(
        "child_done",
        f"states.{draft.state}",
        data={"tickets": [parent.ticket], "task": parent.task, "run": parent.run, "state": draft.state},
    )


def reenter(draft: Draft, moved: Mapping[str, Json]) -> None:
    """Enter the present state again: its timers and `enter` run anew, its tasks and approval stay as they are."""
    draft.entered_at = draft.at
    draft.timers = {}
    carry_out(draft, draft.definition.process.states[draft.state].enter, f"states.{draft.state}.enter")
    timers.start_all(draft)
    for place in (draft.state, *draft.plan.places[draft.state], "any"):
        draft.announce(f"entered.{place}", **moved)


def open_in(draft: Draft, state: str) -> None:
    """Enter the first state of a ticket's life."""
    enter(draft, state)
    moved: dict[str, Json] = {"from": None, "to": state, "transition": None}
    for place in (state, *draft.plan.places[state], "any"):
        draft.announce(f"entered.{place}", **moved)


def _stamp(draft: Draft, before: str, after: str) -> None:
    """`resolved_at` and `closed_at` are kept by the engine where no rule sets them, and go when work goes on."""
    now = instant_json(draft.at)
    if after in ("done", "closed"):
        if draft.fields.get("resolved_at") is None:
            set_field(draft, "resolved_at", now, by="engine")
        if after == "closed":
            set_field(draft, "closed_at", now, by="engine")
    elif before in ("done", "closed"):
        set_field(draft, "resolved_at", None, by="engine")
        set_field(draft, "closed_at", None, by="engine")


def run_to_rest(draft: Draft, was: str = "") -> None:
    """Carry a step to rest, and tell linked tickets what became of this one; `was` is the category it had."""
    _rest(draft)
    links.tell_news(draft, was or str(draft.definition.process.states[draft.ticket.state].category))


def _rest(draft: Draft) -> None:
    """Handle internal events until nothing follows any more, then end what is answered and set the timers."""
    while True:
        while draft.queue:
            if draft.raised >= MOST_INTERNAL_EVENTS:
                park(
                    draft,
                    f"more than {MOST_INTERNAL_EVENTS} events followed from one step: rules feed each other",
                )
                return
            _hear(draft)
        tasks.start_ready(draft)
        derive(draft)
        approvals.void_changed(draft)
        if not draft.queue:
            break
    clocks.tick_all(draft)  # raises no events: what a clock reaches is decided when it is due
    chains.end_answered(draft)
    if draft.category == "closed":  # a closed ticket does nothing on its own
        draft.timers = {}
        tasks.cancel_all(draft)
        approvals.end_all(draft)
    else:
        timers.aim(draft)
        tasks.aim(draft)


def _hear(draft: Draft) -> None:
    """Handle one internal event: the first transition in file order that fits is taken."""
    internal = draft.queue.popleft()
    draft.raised += 1
    draft.seen_by_clocks.add(internal.name)
    draft.event = typed_event(internal.name, internal.data, draft.known)
    timers.restart(draft, internal.name)
    for button in draft.plan.by_event.get(internal.name, ()):
        if button.fits(draft.state, draft.fields) and draft.holds(button.rule.if_):
            take(draft, button)
            break
    else:
        holding.keep_report(draft, internal)
    draft.event = None


def park(draft: Draft, why: str) -> None:
    """Stop working on the ticket until a person acts on it; timers and clocks keep what they had."""
    draft.queue.clear()
    draft.parked = why
    draft.note("parked", reason=why)


def apply_values(draft: Draft, values: Mapping[str, Json], *, by: str) -> None:
    """Set the values of a form or an edit."""
    for name, value in values.items():
        if name == "team" and "assignee" not in values:
            hand_to_team(draft, value, by=by)
        else:
            set_field(draft, name, value, by=by)
    derive(draft)

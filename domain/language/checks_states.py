"""States and transitions: one trigger each, a way for every case, nobody stuck, nothing unreachable."""

from __future__ import annotations

from domain.language.checking import Checking
from domain.language.checks_lengths import check_length
from domain.language.flow import Flow
from domain.language.models import BACK, CATEGORIES, Create, State, Transition
from domain.language.names import STATE_WORDS
from domain.language.places import Path
from domain.language.state_names import held_from, states_in
from domain.language.suggest import one_of

_TRIGGERS = ("who", "when", "after", "at", "every")


def check_states(checking: Checking) -> None:
    """What can be said of each state, group and transition alone."""
    process = checking.process
    for name, state in process.states.items():
        if name in ("any", "open"):
            checking.error(
                ("states", name), f'"{name}" already stands for several states; take another name', key=True
            )
        elif name == BACK:
            message = '"back" as a target means the state that was held; take another name'
            checking.error(("states", name), message, key=True)
        elif name in CATEGORIES and state.category != name:
            message = f'"{name}" is also a category, and this state has {state.category}; rename the state'
            checking.error(("states", name), message, key=True)
        if state.hold:
            _check_hold(checking, name, state)
    for name in process.groups:
        if name in STATE_WORDS or name in process.states:
            checking.error(
                ("groups", name), f'"{name}" already means something else; take another name', key=True
            )
    _check_create(checking, process.create)
    for name, transition in process.transitions.items():
        _check_transition(checking, ("transitions", name), transition)


def _check_create(checking: Checking, create: Create) -> None:
    if create.who is not None and not create.who:
        message = "nobody may open a ticket; name at least one role, or leave `who` out for everybody"
        checking.error(("create", "who"), message)
    if create.otherwise is not None and create.if_ is None:
        message = "`otherwise` is the sentence for when an `if` does not hold"
        checking.error(("create", "otherwise"), message, key=True)


def _check_transition(checking: Checking, path: Path, transition: Transition) -> None:
    triggers = [name for name in _TRIGGERS if getattr(transition, name) is not None]
    if transition.after is not None and transition.every is not None:
        triggers.remove("every")  # first after this long, then again and again
    if checking.lacks(path, *_TRIGGERS):
        message = "nothing triggers this transition; give it one of who, when, after, at, every"
        checking.error(path, message, key=True)
    elif len(triggers) > 1:
        listed = " and ".join(triggers)
        message = f"a transition has one trigger, and this one has {listed}; make it two transitions"
        checking.error(path, message, key=True)
    _check_timer(checking, path, transition)
    if transition.ask is not None and transition.who is None and not checking.is_broken(path):
        checking.error((*path, "ask"), "only people can be asked; this transition has no `who`", key=True)
    if transition.otherwise is not None and transition.if_ is None:
        checking.error(
            (*path, "otherwise"), "`otherwise` is the sentence for when an `if` does not hold", key=True
        )
    if transition.check and transition.who is None:
        message = "outside facts are looked up when somebody presses a button; this transition has no `who`"
        checking.error((*path, "check"), message, key=True)
    if not transition.from_:
        checking.error((*path, "from"), "name at least one state")
    if transition.who is not None and not transition.who:
        checking.error((*path, "who"), "nobody may do this; name at least one role, or remove the transition")
    if transition.to is None:
        if checking.lacks(path, "to", "do", "ask", "reenter"):
            message = "this transition does nothing: it has neither `to` nor `do` nor `ask`"
            checking.error(path, message, key=True)
        return
    if not transition.to:
        checking.error((*path, "to"), "name a state, or leave `to` out to stay")
        return
    last = len(transition.to) - 1
    if transition.to[last].if_ is not None:
        message = "no branch is left when no condition holds; end with one that has no `if`"
        checking.error((*path, "to"), message, key=True, code="no-default-branch")
    for index, branch in enumerate(transition.to):
        if branch.if_ is None and index < last:
            message = "this branch has no `if`, so those below it are never reached; put it last"
            checking.error((*path, "to", index), message, code="no-default-branch")
    _check_leads(checking, path, transition)


def _check_timer(checking: Checking, path: Path, transition: Transition) -> None:
    """`after` and `every`, and what only goes with them."""
    timed = not checking.lacks(path, "after", "every")
    if transition.calendar is not None and not timed:
        checking.error((*path, "calendar"), "a calendar is only used with `after`", key=True)
    if transition.restart and not timed:
        message = "only an `after` or `every` can begin anew; add one, or remove `restart`"
        checking.error((*path, "restart"), message, key=True)
    if transition.times < 1:
        checking.error((*path, "times"), "times should be at least 1")
    elif transition.every is None and not checking.lacks(path, "times"):
        checking.error((*path, "times"), "`times` says how often an `every` goes off; add `every`", key=True)
    for name in ("after", "every"):
        check_length(checking, (*path, name), getattr(transition, name), transition.calendar)
    if transition.reenter:
        elsewhere = [str(branch.state) for branch in transition.to or ()]
        if elsewhere and not states_in(checking.process, transition.from_) & set(elsewhere):
            message = "`reenter` is for transitions that stay in their state, and this one leads elsewhere"
            checking.error((*path, "reenter"), message, key=True)


def _check_leads(checking: Checking, path: Path, transition: Transition) -> None:
    """Nothing leads out of a closed state, and `back` only out of those that hold."""
    process = checking.process
    for index, name in enumerate(transition.from_):
        if name == "closed" or (name in process.states and process.states[name].category == "closed"):
            message = (
                f'nothing leads out of "{name}": closed is for good. What can be reopened has the category '
                "done, with a transition `after: …` that closes it"
            )
            checking.error((*path, "from", index), message)
    if not checking.whole or all(branch.state != BACK for branch in transition.to or ()):
        return
    others = [one for one in states_in(process, transition.from_) if not process.states[one].hold]
    if others:
        listed = one_of(sorted(others))
        message = (
            f"back leads out of states with `hold: true`, and {listed} has none; "
            "give it `hold: true`, or name the state to go to"
        )
        checking.error((*path, "to"), message)


def _check_hold(checking: Checking, name: str, state: State) -> None:
    process = checking.process
    if state.category != "waiting":
        message = f"a state that holds another is waiting, and this one is {state.category}; make it waiting"
        checking.error(("states", name, "hold"), message, key=True)
    if name == process.starts_in:
        checking.error(("starts_in",), f'"{name}" has `hold: true`, and a new ticket has nothing to hold')
    sources = held_from(process, frozenset((name,)))
    comes_back = any(
        name in states_in(process, transition.from_)
        and any(branch.state == BACK or branch.state in sources for branch in transition.to or ())
        for transition in process.transitions.values()
    )
    if checking.whole and not comes_back:
        message = f'nothing leads back from "{name}"; add a transition with `to: back`, or leave out `hold`'
        checking.warn(("states", name, "hold"), message, key=True)


def check_flow(checking: Checking, flow: Flow) -> None:
    """States nobody can leave, and states nobody can reach."""
    process = checking.process
    for name, defined in process.states.items():
        if not flow.ways[name] and defined.category != "closed":
            message = f'nobody can leave the state "{name}"; add a transition, or give it the category closed'
            checking.error(("states", name), message, key=True, code="stuck-state")
    for unreached in process.states.keys() - flow.reached:
        message = f'nothing leads to the state "{unreached}"; add a transition to it, or remove it'
        checking.warn(("states", unreached), message, key=True, code="unreachable-state")
    for name, transition in process.transitions.items():
        if not states_in(process, transition.from_) & flow.reached:
            message = f'"{name}" starts in no state that can be reached; change its `from`, or remove it'
            checking.warn(("transitions", name), message, key=True, code="unreachable-state")

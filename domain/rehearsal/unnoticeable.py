"""Changes that no case could notice, whatever it expects: they mean the same, or only what no case plays."""

from __future__ import annotations

from domain.language.models import Effect, Process, Transition
from domain.language.places import Path
from domain.language.state_names import states_in
from domain.language.walker import parts


def is_unnoticeable(process: Process, path: Path, old: str, new: str) -> bool:
    """Whether to leave a change out: asking an owner for a case that cannot be written helps nobody."""
    match path:
        case ("clocks", _, "stop", "in", *_):  # a closed ticket measures nothing, whatever `stop` says
            return bool(named := states_in(process, (old,))) and named <= states_in(process, ("closed",))
        case ("transitions", str(name), "from", *_) if new == "any":
            return _only_there(process, process.transitions[name])
        case ("permissions", int(row), "hide", *_):
            return not _edits_what_is_hidden(process, row)
        case ("tasks", str(name), "timeout"):  # in a case machines answer at once
            task = process.tasks[name]
            return task.assign is None and task.wait is None and task.ticket is None
    if path[-1] == "calendar" and not new:  # without one all hours count, which is another change
        return True
    return "parallel" in path and new.startswith("after row")  # they are asked at the same time


def _only_there(process: Process, transition: Transition) -> bool:
    """Whether what it waits for can only happen in the states it starts from."""
    here = states_in(process, transition.from_)
    return bool(transition.when) and all(
        _states_of(process, str(one)) <= here for one in transition.when or ()
    )


def _states_of(process: Process, event: str) -> frozenset[str]:
    """The states in which an event can happen: every one of them where nothing tells."""
    kind, _, name = event.partition(".")
    if kind == "created":
        return frozenset({str(process.starts_in)})
    if kind == "entered":
        return states_in(process, (name,))
    if kind in ("task", "tasks") and process.adhoc_tasks is None:
        started = {
            str(task) for _, part in parts(process) if isinstance(part, Effect) for task in part.run or ()
        }
        called = name.partition(".")[0]
        if (kind == "task" and called not in started) or (kind == "tasks" and not started):
            kept = states_in(process, ("waiting",))  # open tasks stay open in these
            return kept | {
                state
                for state, one in process.states.items()
                if one.tasks and (kind == "tasks" or called in map(str, one.tasks))
            }
    return frozenset(process.states)


def _edits_what_is_hidden(process: Process, row: int) -> bool:
    """Whether those from whom something is hidden could otherwise edit it: all that a case sees of hiding."""
    hiding = process.permissions[row]
    return any(
        set(line.edit) & {"all", *hiding.hide} and (set(line.who) & {*hiding.who, "everyone"})
        for line in process.permissions
    )

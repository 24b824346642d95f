"""Converting: a ticket that goes on as one of another process has to end here."""

from __future__ import annotations

from collections.abc import Iterable

from domain.language.checking import Checking
from domain.language.models import Convert, Model, Word
from domain.language.places import Path


def check_convert(checking: Checking, parts: Iterable[tuple[Path, Model | Word]]) -> None:
    """Where `convert` may stand, the state in which this ticket ends, and the clocks it hands on."""
    for path, part in parts:
        if isinstance(part, Convert):
            _check(checking, path, part)


def _check(checking: Checking, path: Path, convert: Convert) -> None:
    process = checking.process
    if path[0] != "transitions":
        checking.error(path, "`convert` ends this ticket; write it in the `do` of a transition", key=True)
    elif (transition := process.transitions.get(str(path[1]))) is not None and transition.to is not None:
        checking.error(
            ("transitions", path[1], "to"),
            "`convert` says where the ticket goes, once the other one is open; leave out this `to`",
            key=True,
        )
    state = process.states.get(convert.to)
    if state is not None and state.category != "closed":
        checking.error(
            (*path, "to"),
            f'"{convert.to}" is not closed; name a state of the category closed, such as `moved`',
        )
    for new, old in convert.clocks.items():
        if old not in process.clocks:
            checking.unknown((*path, "clocks", new), "clock", old, process.clocks)

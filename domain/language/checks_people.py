"""People: roles somebody fills, fields those who are asked may see, chains of paging that somebody can end."""

from __future__ import annotations

from collections.abc import Mapping

from domain.expressions import names_read
from domain.language.checking import Checking, parsed
from domain.language.models import Escalation, FormEntry, Selector
from domain.language.places import Path
from domain.language.state_names import states_in, targets
from domain.language.usage import Parts, Usage

_MOST_ROUNDS = 100
_CREATORS = (Selector("requester"),)


def check_people(checking: Checking, parts: Parts, usage: Usage) -> None:
    """What would leave a button, a form or a page without anybody."""
    for name, selectors in checking.process.roles.items():
        if not selectors:
            message = f'nobody fills the role "{name}"; name a team, group, person or field'
            checking.error(("roles", name), message, key=True, code="nobody-fills")
    for path, part in parts:
        if isinstance(part, Selector) and checking.is_own(path):
            _check_filled(checking, usage, path, part)
    _check_forms(checking)
    for place, escalation in usage.escalations:
        _check_end(checking, usage, place, escalation)


def _check_filled(checking: Checking, usage: Usage, path: Path, selector: Selector) -> None:
    if selector == "paged" and not usage.pages:
        message = "nobody is ever paged here, so nobody may do this; page somebody, or name a role"
        checking.warn(path, message, code="nobody-fills")
    relation, _, name = selector.partition(":")
    by_field = bool(name) and (relation == "field" or relation.endswith("-of"))
    fillable = name in usage.filled or usage.all_may_be_edited or name not in checking.names.field_defs
    if by_field and not fillable:
        message = f'this is nobody: nothing fills the field "{name}"; ask for it in a form, or set it'
        checking.warn(path, message, code="nobody-fills")


def _check_forms(checking: Checking) -> None:
    process = checking.process
    path: Path = process.opening_form_path
    if checking.is_own(path):
        creators = process.create.who or _CREATORS
        _check_seen(checking, path, process.opening_form, creators, frozenset({str(process.starts_in)}))
    for name, transition in process.transitions.items():
        if transition.ask is None or not transition.who or not checking.is_own(("transitions", name)):
            continue
        states = states_in(process, transition.from_)
        later = states | targets(process, transition)
        if isinstance(transition.ask, dict):
            place: Path = ("transitions", name, "ask")
            _check_seen(checking, place, transition.ask, transition.who, states, later)
        else:
            form = process.forms.get(transition.ask, {})
            _check_seen(checking, ("forms", str(transition.ask)), form, transition.who, states, later)


def _check_seen(
    checking: Checking,
    path: Path,
    form: Mapping[str, FormEntry],
    who: tuple[Selector, ...],
    states: frozenset[str],
    later: frozenset[str] = frozenset(),
) -> None:
    """A field that none of those who are asked for it in these states may see, now or in those of `later`."""
    for name in form:
        field = checking.names.field_defs.get(name)
        if field is None:
            continue
        if later and all(_hides(checking, state, name) for state in later):
            message = (
                f'nobody sees "{name}" there: `fields` of the state hides it; leave it out, or do not hide it'
            )
            checking.warn((*path, name), message, key=True, code="hidden-field-asked")
            continue
        if not checking.process.permissions:
            continue
        hidden = all(_is_hidden(checking, one, name, states) for one in who)
        internal = field.internal and not any(_sees_internal(checking, one) for one in who)
        if hidden or internal:
            why = "`permissions` hides it" if hidden else "it is internal"
            people = " and ".join(who)
            message = f'{people} may not see "{name}": {why}; leave it out, or ask somebody who may'
            checking.warn((*path, name), message, key=True, code="hidden-field-asked")


def _hides(checking: Checking, state: str, field: str) -> bool:
    rules = checking.process.states[state].fields
    return rules is not None and field in rules.hide


def _is_hidden(checking: Checking, who: Selector, field: str, states: frozenset[str]) -> bool:
    for line in checking.process.permissions:
        everywhere = line.in_ is None or states <= states_in(checking.process, line.in_)
        if field in line.hide and everywhere and (who in line.who or "everyone" in line.who):
            return True
    return False


def _sees_internal(checking: Checking, who: Selector) -> bool:
    """Whether a line says so for them; of teams and the like, which other roles may name too, it is not known."""
    if who not in checking.names.roles:
        return True
    return any(
        "comment_internal" in line.can and (who in line.who or "everyone" in line.who)
        for line in checking.process.permissions
    )


def _check_end(checking: Checking, usage: Usage, path: Path, escalation: Escalation) -> None:
    if escalation.repeat > _MOST_ROUNDS:
        message = f"after {escalation.repeat} rounds nobody listens; repeat a few times, and use `otherwise`"
        checking.warn((*path, "repeat"), message, code="endless-escalation")
    ast = parsed(str(escalation.until))[0]
    read = names_read(ast) if ast is not None else frozenset()
    fields = {name[1] for name in read if name[0] == "ticket" and len(name) > 1}
    still = {name for name in fields if name in checking.names.field_defs and name not in usage.filled}
    if read and still == fields and len(fields) == len({name[:2] for name in read}):
        named = " and ".join(f"ticket.{name}" for name in sorted(still))
        message = f"nobody can end this escalation: nothing sets {named}; add a button that does"
        checking.warn((*path, "until"), message, code="endless-escalation")

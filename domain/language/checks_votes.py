"""Approvals: votes that count what they were given on, and stages that can be decided."""

from __future__ import annotations

from collections.abc import Iterator

from domain.language.checking import Checking
from domain.language.models import Approval, Parallel, Selector, Stage
from domain.language.names import BUILTIN_ROLES
from domain.language.places import Path
from domain.language.usage import Parts, Usage

_REQUESTER = frozenset(map(str, BUILTIN_ROLES["requester"]))
_ONE = ("person", "field", "lead", "manager-of", "lead-of", "owner-of", "on-call", "on-call-of")


def check_votes(checking: Checking, parts: Parts, usage: Usage) -> None:
    """What would let a vote stand that nobody gave, or a stage wait for people there are not."""
    for path, part in parts:
        if isinstance(part, Approval):
            _check_void(checking, usage, path, part)
            for place, stage in stages_of(path, part):
                _check_quorum(checking, place, stage)
                _check_somebody(checking, usage, place, stage)


def stages_of(path: Path, approval: Approval) -> Iterator[tuple[Path, Stage]]:
    """Every stage, those that run side by side among them, with its place."""
    for index, entry in enumerate(approval.stages):
        place: Path = (*path, "stages", index)
        if isinstance(entry, Parallel):
            yield from (((*place, "parallel", inner), one) for inner, one in enumerate(entry.parallel))
        else:
            yield place, entry


def _check_void(checking: Checking, usage: Usage, path: Path, approval: Approval) -> None:
    """What decides whether people are asked must be what they were asked on."""
    known = frozenset(map(str, approval.void_if_changed))
    skips = (usage.fields_read(skip.if_, known) for skip in approval.skip)
    stages = (usage.fields_read(stage.if_, known) for _, stage in stages_of(path, approval))
    reasons = {
        "`skip`": frozenset[str]().union(*skips),
        "the `if` of a stage": frozenset[str]().union(*stages),
        "the risk": usage.fields_of_risk(known),
    }
    for reason, fields in reasons.items():
        missing = sorted(fields - known)
        if missing:
            message = (
                f"{reason} reads {', '.join(missing)}, and the approval stands when that changes; "
                "add it to `void_if_changed`"
            )
            checking.warn((*path, "void_if_changed"), message, key=True, code="void-gap")
            return  # the rest follows from the same list


def _people(checking: Checking, selectors: tuple[Selector, ...]) -> frozenset[str]:
    """Selectors with the roles among them replaced by what they stand for."""
    roles = {**BUILTIN_ROLES, **checking.process.roles}
    found: set[str] = set()
    for selector in selectors:
        found.update(map(str, roles.get(str(selector), (selector,))))
    return frozenset(found)


def _is_one(checking: Checking, selector: str) -> bool:
    """Whether it means one person at most. How many a team or group has is not known here."""
    relation, _, name = selector.partition(":")
    field = checking.names.field_defs.get(name.rpartition(":")[2])
    several = field is not None and field.type not in ("person", "team", "service", "asset")
    return relation in _ONE and not several


def _check_quorum(checking: Checking, path: Path, stage: Stage) -> None:
    """A number of votes that those who are asked first cannot give: such a stage is rejected as it opens."""
    people = _people(checking, stage.approvers)
    others = _people(checking, stage.if_nobody.ask or ()) if stage.if_nobody is not None else frozenset[str]()
    wanted = stage.quorum.approve
    if not wanted.isdigit() or stage.weights or not all(_is_one(checking, one) for one in people | others):
        return
    most = max(len(people), len(others))
    if int(wanted) > most:
        asked = "1 person" if most == 1 else f"{most} people"
        late = stage.may_add or any(lapse.add is not None for lapse in stage.lapses)
        reason = (
            f"never more than {asked} {'is' if most == 1 else 'are'} asked first, so it is rejected before "
            "others are brought in"
            if late
            else f"never more than {asked} can give one"
        )
        message = f"{wanted} votes are wanted, and {reason}; name more, or lower it"
        checking.error((*path, "quorum"), message, code="quorum-too-large")


def _check_somebody(checking: Checking, usage: Usage, path: Path, stage: Stage) -> None:
    """A stage in which, always or for some tickets, there is nobody to ask, and nothing says what then."""
    if not stage.approvers:
        return
    excluded = _people(checking, stage.exclude)
    left = sorted(_people(checking, stage.approvers) - excluded)
    if stage.if_nobody is not None:
        if not left:
            message = "everybody named here is taken out by `exclude`, so it is always `if_nobody` that holds"
            checking.warn((*path, "approvers"), message, code="no-approvers")
        return
    if not left:
        names = " and ".join(sorted(set(map(str, stage.exclude))))
        message = f"nobody is left to ask: `exclude` takes out {names}; write `exclude: []`, or name others"
        checking.error((*path, "approvers"), message, code="no-approvers")
        return
    if excluded == _REQUESTER and sum(one.startswith("person:") for one in left) > 1:
        return  # one of them at most is the requester
    doubts = [_doubt(usage, one, excluded) for one in left]
    if all(doubts):
        message = (
            f"there may be nobody to ask: {' and '.join(dict.fromkeys(doubts))}; "
            "say what then: `if_nobody: approve`, `reject`, or {ask: who}"
        )
        checking.warn((*path, "approvers"), message, code="may-be-empty")


def _doubt(usage: Usage, selector: str, excluded: frozenset[str]) -> str:
    """Why a selector may mean nobody; "" where it is taken for granted that there is somebody."""
    relation, _, name = selector.partition(":")
    if relation in ("team", "group", "everyone") or (
        selector == "members-of:team" and usage.always_in_a_team
    ):
        return ""
    if relation == "person" or (relation == "field" and name in usage.always_given):
        if not excluded:
            return ""
        when = "they are the requester" if excluded == _REQUESTER else "`exclude` names them"
        return f"{selector} is not asked when {when}"
    what = {
        "manager-of": "has no manager",
        "lead-of": "has no lead",
        "owner-of": "has no owner",
        "members-of": "has no members",
        "on-call-of": "has nobody on call",
        "field": "is empty",
    }.get(relation)
    if relation == "lead":
        return f"the team {name} has no lead"
    if what is None:  # on-call:x
        return f"nobody is on call for {name}"
    return f"{name} {what}" if relation != "field" else f"the field {name} {what}"

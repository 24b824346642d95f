"""Approvals: votes that count what they were given on, and stages that can be decided."""

from __future__ import annotations

from collections.abc import Iterator

from domain.language.checking import Checking
from domain.language.models import Approval, Parallel, Selector, Stage
from domain.language.names import BUILTIN_ROLES
from domain.language.places import Path
from domain.language.usage import Parts, Usage

_ONE = ("person", "field", "manager-of", "lead-of", "owner-of", "on-call", "on-call-of")


def check_votes(checking: Checking, parts: Parts, usage: Usage) -> None:
    """What would let a vote stand that nobody gave, or a stage wait for people there are not."""
    for path, part in parts:
        if isinstance(part, Approval):
            _check_void(checking, usage, path, part)
            for place, stage in stages_of(path, part):
                _check_quorum(checking, place, stage)
                _check_excluded(checking, place, stage)


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
    reasons = {"`skip`": frozenset[str]().union(*skips), "the risk": usage.fields_of_risk(known)}
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


def _check_quorum(checking: Checking, path: Path, stage: Stage) -> None:
    """A number of votes that so few people cannot give. How many a team or group has is not known here."""
    people = _people(checking, stage.approvers)
    wanted = stage.quorum.approve
    if not wanted.isdigit() or stage.weights or not all(one.partition(":")[0] in _ONE for one in people):
        return
    if int(wanted) > len(people):
        most = "1 person" if len(people) == 1 else f"{len(people)} people"
        message = (
            f"{wanted} votes are wanted, and never more than {most} can give one; name more, or lower it"
        )
        checking.error((*path, "quorum"), message, code="quorum-too-large")


def _check_excluded(checking: Checking, path: Path, stage: Stage) -> None:
    excluded = _people(checking, stage.exclude)
    left = _people(checking, stage.approvers) - excluded
    if stage.approvers and not left:
        names = " and ".join(sorted(set(map(str, stage.exclude))))
        message = f"nobody is left to ask: `exclude` takes out {names}; write `exclude: []`, or name others"
        checking.error((*path, "approvers"), message, code="no-approvers")

"""Approvals: stages with names of their own, people, answers that mean something, timeouts that do something."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from domain.language.checking import Checking
from domain.language.checks_lengths import check_length
from domain.language.models import Answer, Approval, Model, Parallel, Selector, Stage, Timeout, Word
from domain.language.names import RESERVED_ROLES
from domain.language.places import Path
from domain.language.suggest import did_you_mean, one_of

Parts = Iterable[tuple[Path, Model | Word]]

OF_STAGE = "stage:"
_COUNTED = ("approve", "reject", "abstain")


def check_approvals(checking: Checking, parts: Parts) -> None:
    """Everything about approvals that can be said by looking at one of them."""
    for name, approval in checking.process.approvals.items():
        _check_approval(checking, ("approvals", name), approval)
    _check_selectors(checking, parts)


def _check_approval(checking: Checking, path: Path, approval: Approval) -> None:
    if not approval.stages:
        checking.error((*path, "stages"), "an approval needs at least one stage")
    seen: dict[str, int] = {}
    for where, stage, turn in _stages(path, approval):
        if stage.id in seen:
            checking.error((*where, "id"), f'two stages are called "{stage.id}"; rename one')
        _check_stage(checking, where, stage)
        _check_exclude(checking, where, stage, [id for id, one in seen.items() if one < turn])
        seen.setdefault(stage.id, turn)


def _stages(path: Path, approval: Approval) -> Iterator[tuple[Path, Stage, int]]:
    for turn, entry in enumerate(approval.stages):
        place: Path = (*path, "stages", turn)
        if isinstance(entry, Parallel):
            if not entry.parallel:
                continue
            for index, stage in enumerate(entry.parallel):
                yield (*place, "parallel", index), stage, turn
        else:
            yield place, entry, turn


def _check_stage(checking: Checking, path: Path, stage: Stage) -> None:
    if not stage.approvers:
        checking.error((*path, "approvers"), "name at least one approver")
    for index, selector in enumerate(stage.approvers):
        if selector in RESERVED_ROLES:
            message = f'"{selector}" names nobody who could be asked; name a role, a team or a group'
            checking.error((*path, "approvers", index), message)
    for name, answer in stage.answers.items():
        _check_answer(checking, (*path, "answers", name), name, answer)
    for index, line in enumerate(stage.weights):
        if line.weight < 1:
            checking.error((*path, "weights", index, "weight"), "a weight should be at least 1")
    if stage.weights and stage.quorum.approve in ("any", "all", "first"):
        message = (
            f"with `quorum: {stage.quorum.approve}` every vote counts once; give a number or a percentage"
        )
        checking.error((*path, "weights"), message, key=True)
    if (
        stage.quorum.of == "votes"
        and not stage.quorum.approve.endswith("%")
        and stage.quorum.approve != "all"
    ):
        checking.error((*path, "quorum"), "`of: votes` goes with a percentage or with all", key=True)
    if stage.if_nobody is not None and (stage.if_nobody.decide is None) == (stage.if_nobody.ask is None):
        checking.error((*path, "if_nobody"), "write approve, reject, or {ask: who}", key=True)
    if stage.remind is not None:
        check_length(checking, (*path, "remind", "every"), stage.remind.every, stage.remind.calendar)
    if stage.timeout is not None and stage.timeouts:
        checking.error((*path, "timeout"), "put it into `timeouts` as its first or last line", key=True)
    if stage.timeout is not None:
        _check_timeout(checking, (*path, "timeout"), stage.timeout)
    for index, timeout in enumerate(stage.timeouts):
        _check_timeout(checking, (*path, "timeouts", index), timeout)


def _check_answer(checking: Checking, path: Path, name: str, answer: Answer) -> None:
    if name in _COUNTED:
        if answer.counts not in (None, name):
            checking.error((*path, "counts"), f'"{name}" counts as {name}; give this answer another name')
    elif answer.counts is None and answer.ends is None:
        checking.error(
            path, "say what it does: `counts: approve`, reject or abstain, or `ends: stage`", key=True
        )
    if answer.otherwise is not None and answer.if_ is None:
        checking.error((*path, "otherwise"), "`otherwise` is only used with `if`", key=True)


def _check_timeout(checking: Checking, path: Path, timeout: Timeout) -> None:
    if timeout.decide is not None and timeout.add is not None:
        checking.error(path, "give either `decide` or `add`; with both nobody has time to answer", key=True)
    elif timeout.decide is None and timeout.add is None and not timeout.do:
        checking.error(path, "say what happens then: `decide`, `add` or `do`", key=True)
    check_length(checking, (*path, "after"), timeout.after, timeout.calendar)


def _check_exclude(checking: Checking, path: Path, stage: Stage, earlier: list[str]) -> None:
    for index, selector in enumerate(stage.exclude):
        name = str(selector).removeprefix(OF_STAGE)
        if str(selector).startswith(OF_STAGE) and name not in earlier:
            hint = did_you_mean(name, earlier) or (
                f"; there is: {one_of(earlier)}" if earlier else "; this is the first one"
            )
            checking.error((*path, "exclude", index), f'no earlier stage is called "{name}"{hint}')


def _check_selectors(checking: Checking, parts: Parts) -> None:
    """Words that only approvals understand, in other places."""
    for path, part in parts:
        if not isinstance(part, Selector):
            continue
        text = str(part)
        if text.startswith(OF_STAGE) and path[-2:-1] != ("exclude",):
            checking.error(path, "`stage:` can only be used in `exclude` of a stage")
        elif text.startswith("manager-of:") and text.count(":") > 1 and _judges(path):
            checking.error(
                path,
                "who may do something is decided from what is known of the person who acts, and this is farther "
                "away than their own people; it can be asked and told (`approvers`, `to`, `page`)",
            )


def _judges(path: Path) -> bool:
    """Whether a selector says who may do something, not who is asked or told."""
    return path[0] in ("permissions", "priority") or (path[0] == "transitions" and path[2] == "who")

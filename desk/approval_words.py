"""What happened to an approval, in words: English and Chinese."""

from __future__ import annotations

from collections.abc import Mapping

from desk.names import Names
from domain.engine.ballot_papers import LABELS
from domain.engine.entries import Happening
from domain.engine.plan import plan_of
from domain.language.definition import Definition
from domain.language.models import text_in

Sentence = dict[str, str]

_SAID: dict[str, tuple[str, str]] = {
    "requested": ("{approval}: requested", "{approval}：已发起"),
    "asked": ("{stage}: {people} asked", "{stage}：待 {people} 审批"),
    "voted": ("{stage}: {person}: {answer}{comment}", "{stage}：{person}：{answer}{comment}"),
    "reminded": ("{stage}: {people} reminded", "{stage}：已提醒 {people}"),
    "lapsed": ("{stage}: nobody answered in time", "{stage}：逾期未答复"),
    "nobody": ("{stage}: there is nobody to ask", "{stage}：无人可审批"),
    "added": ("{stage}: {person} added as approver{comment}", "{stage}：加签 {person}{comment}"),
    "handed_over": (
        "{stage}: {person} handed over to {to}{comment}",
        "{stage}：{person} 转审给 {to}{comment}",
    ),
    "delegated": ("{stage}: {to} decides for {person}", "{stage}：{to} 代 {person} 审批"),
    "returned": ("{approval}: returned to {stage}{comment}", "{approval}：退回至 {stage}{comment}"),
    "reopened": (
        "{approval}: what is decided on has changed, asked again",
        "{approval}：审批内容已变更，重新审批",
    ),
    "voided": ("{approval}: void, what was decided on has changed", "{approval}：内容已变更，审批失效"),
    "withdrawn": ("{approval}: withdrawn{comment}", "{approval}：已撤回{comment}"),
    "ended": ("{approval}: {state}", "{approval}：{state}"),
}
_STATES: dict[str, tuple[str, str]] = {
    "approved": ("approved", "已同意"),
    "rejected": ("rejected", "已拒绝"),
    "timed_out": ("timed out", "已超时"),
}
_LOCALES = ("en", "zh-CN")


def approval_words(definition: Definition, names: Names, one: Happening) -> Sentence | None:
    """One sentence by locale; None for steps that another sentence tells of."""
    said = _SAID.get(str(one.detail.get("what")))
    if said is None:
        return None
    found = {}
    for place, locale in enumerate(_LOCALES):
        found[locale] = said[place].format(**_parts(definition, names, one, locale, place))
    return found


def _parts(definition: Definition, names: Names, one: Happening, locale: str, place: int) -> dict[str, str]:
    detail = one.detail
    approval = definition.process.approvals.get(one.name)
    label = text_in(approval.label, locale) if approval is not None and approval.label else _plain(one.name)
    people = detail.get("people")
    comment = str(detail.get("comment") or "")
    state = str(detail.get("state") or "")
    return {
        "approval": label,
        "stage": _stage(definition, one.name, str(detail.get("stage") or ""), locale) or label,
        "people": (", " if locale == "en" else "、").join(
            names.of("person", str(person)) for person in (people if isinstance(people, list) else ())
        ),
        "person": _who(names, detail, place),
        "to": names.of("person", str(detail.get("to") or "")),
        "answer": _answer(definition, one, locale),
        "comment": f" – {comment}" if comment else "",
        "state": _STATES[state][place] if state in _STATES else _plain(state),
    }


def _who(names: Names, detail: Mapping[str, object], place: int) -> str:
    person, by = str(detail.get("person") or ""), str(detail.get("by") or "")
    name = names.of("person", person)
    if not by or by == person:
        return name
    return (f"{names.of('person', by)} for {name}", f"{names.of('person', by)}（代 {name}）")[place]


def _stage(definition: Definition, approval: str, stage: str, locale: str) -> str:
    sitting = plan_of(definition).sittings.get(approval, {}).get(stage)
    return (
        text_in(sitting.rule.label, locale) if sitting is not None and sitting.rule.label else _plain(stage)
    )


def _answer(definition: Definition, one: Happening, locale: str) -> str:
    given = str(one.detail.get("answer") or "")
    sitting = plan_of(definition).sittings.get(one.name, {}).get(str(one.detail.get("stage")))
    offered = sitting.rule.offered.get(given) if sitting is not None else None
    if offered is not None and offered.label:
        return text_in(offered.label, locale)
    return text_in(LABELS[given], locale).lower() if given in LABELS else _plain(given)


def _plain(name: str) -> str:
    return name.replace("_", " ")

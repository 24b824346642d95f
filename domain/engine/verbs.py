"""The actions of the language, one verb each: carried out inside the step, or asked of the outside."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

from domain.engine import approvals, chains, links, quiet_hours, tasks
from domain.engine.derive import ask_pick, derive, hand_to_team, release, set_field
from domain.engine.draft import Draft
from domain.engine.forms import fit, fit_to
from domain.engine.lengths import calendar_of
from domain.engine.people import TASK_PEOPLE, lower, lower_or_nobody
from domain.engine.ticket import Json, Postponed
from domain.engine.values import instant_json, untyped
from domain.language.models import Effect, Notify

PAGE_CHANNEL = "page"


def carry_out(draft: Draft, effects: Iterable[Effect], rule: str) -> None:
    """Carry out effects in written order; `rule` is the path of the list, such as `transitions.start.do`."""
    for index, effect in enumerate(effects):
        if draft.holds(effect.if_):
            _VERBS[effect.verb](draft, effect.argument, f"{rule}.{index}")


def _set(draft: Draft, values: dict[str, Json], why: str) -> None:
    for name, written in values.items():
        value = fit(draft, name, untyped(draft.text_value(written)) if isinstance(written, str) else written)
        if name == "team" and "assignee" not in values:
            hand_to_team(draft, value, by=why)
        else:
            set_field(draft, name, value, by=why)
    derive(draft)


def notify(draft: Draft, wanted: Any, why: str) -> None:
    """Send a notification, or keep it until its calendar opens; `wanted.to` replaces its own receivers."""
    notification = draft.definition.process.notifications[wanted.template]
    to = wanted.to if wanted.to is not None else notification.to
    own = wanted.calendar if isinstance(wanted, Notify) else None
    calendar = calendar_of(draft, own, notification.calendar)
    if calendar is not None and (until := quiet_hours.opens_at(draft, calendar)) is not None:
        channels = tuple(notification.channels)
        draft.postpone(
            Postponed(wanted.template, until, draft.at, calendar, _people(draft, to), channels, why=why)
        )
        return
    draft.ask_outside(
        "notify",
        why,
        to=_people(draft, to),
        channels=tuple(notification.channels),
        template=wanted.template,
    )


def _people(draft: Draft, selectors: Iterable[str]) -> tuple[str, ...]:
    found = lower_or_nobody(draft.definition, selectors, draft.fields, draft.known)
    own = {query: draft.task_people if query == TASK_PEOPLE else (query,) for query in found}
    return tuple(dict.fromkeys(one for query in found for one in own[query]))


def _page(draft: Draft, page: Any, why: str) -> None:
    page_people(draft, page.who, page.message, why, page.channels)


def page_people(
    draft: Draft,
    who: Iterable[str],
    message: dict[str, str] | None,
    why: str,
    channels: Mapping[str, tuple[str, ...]] | None = None,
    *,
    pick: str | None = None,
) -> None:
    """Page people, or whichever of them is picked; without a message of its own the ticket's number, priority and
    title are sent. `channels` are by priority; without any the pager's own is used.
    """
    chosen = channels or {}
    by_priority = chosen.get(str(draft.fields.get("priority")), chosen.get("else", ()))
    draft.ask_outside(
        "page",
        why,
        to=_people(draft, who),
        channels=tuple(by_priority) or (PAGE_CHANNEL,),
        texts=message or {"*": "{{ ticket.ref }} {{ ticket.priority }} {{ ticket.title }}"},
        data={"pick": pick} if pick else None,
    )


def _escalate(draft: Draft, escalate: Any, why: str) -> None:
    named = draft.value_of(escalate.by) if escalate.by else None
    name = str(named or escalate.chain or "")
    if name not in draft.definition.process.escalations:
        draft.note("unavailable", "escalate", chain=name or None, reason="there is no such escalation")
    elif escalate.next and name in draft.chains:
        chains.go_on(draft, name)
    else:
        chains.start(draft, name, why, first=escalate.from_ - 1)


def _stand_down(draft: Draft, name: str, why: str) -> None:
    chains.end(draft, name, "stood_down")


def _assign(draft: Draft, assign: Any, why: str) -> None:
    if assign.team is not None:
        hand_to_team(draft, fit(draft, "team", untyped(draft.text_value(assign.team))), by=why)
    if assign.person is not None:
        people = lower(draft.definition, (assign.person,), draft.fields, draft.known)
        person = next((query.partition(":")[2] for query in people if query.startswith("person:")), None)
        if person is None:
            draft.note(
                "unavailable", "assign", person=str(assign.person), reason="this names no single person"
            )
        else:
            set_field(draft, "assignee", person, by=why)
    team = draft.fields.get("team")
    if assign.pick and isinstance(team, str):
        release(draft, by=why)  # whoever is picked takes it over
        wanted = draft.value_of(assign.skills) if assign.skills else []
        skills = tuple(str(one) for one in wanted) if isinstance(wanted, list) else ()
        ask_pick(draft, team, assign.pick, skills, why=why)
    derive(draft)


def _comment(draft: Draft, comment: Any, why: str) -> None:
    draft.ask_outside("comment", why, texts=comment.text, data={"public": not comment.internal})


def _run(draft: Draft, names: Iterable[str], why: str) -> None:
    tasks.start(draft, names, of_state="")


def _create(draft: Draft, create: Any, why: str) -> None:
    if draft.actor.kind == "person" and create.process not in draft.facts.published:
        draft.note("unavailable", "create", process=create.process, reason="not published")
        return
    ask_for_ticket(draft, create, why)


def _convert(draft: Draft, convert: Any, why: str) -> None:
    """Ask for the ticket this one goes on as; what its clocks have counted goes along."""
    if draft.actor.kind == "person" and convert.process not in draft.facts.published:
        draft.note("unavailable", "convert", process=convert.process, reason="not published")
        return
    if draft.converting:  # by a rule; a button is refused before
        draft.note("unavailable", "convert", process=convert.process, reason="it is being converted already")
        return
    draft.converting = str(convert.process)
    carried: dict[str, Json] = {
        new: [[instant_json(one.from_at), instant_json(one.to_at) if one.to_at else None] for one in ran]
        for new, old in convert.clocks.items()
        if (clock := draft.clocks.get(old)) is not None and (ran := clock.stretches)
    }
    moves: dict[str, Json] = {"to": convert.to, "by": why.split(".")[1]}
    ask_for_ticket(draft, convert, why, more={**moves, "keep": list(convert.keep), "carried": carried})


def ask_for_ticket(
    draft: Draft,
    create: Any,
    why: str,
    *,
    task: str = "",
    run: int = 0,
    more: Mapping[str, Json] | None = None,
) -> None:
    """Ask for a ticket of another process; it has this one's requester unless another is given."""
    texts = {name: value for name, value in create.fields.items() if isinstance(value, str)}
    constants = {name: value for name, value in create.fields.items() if not isinstance(value, str)}
    if "requester" not in create.fields and draft.fields.get("requester") is not None:
        constants["requester"] = draft.fields["requester"]
    rule = draft.definition.process.links.get(create.link)
    waits: dict[str, Json] = {"task": task, "run": run} if task else {}
    draft.ask_outside(
        "create",
        why,
        data={
            "process": create.process,
            "link": create.link,
            "inverse": str(rule.inverse) if rule else "",
            **waits,
            **(more or {}),
            **{f"field.{n}": v for n, v in constants.items()},
        },
        texts_in_data={f"field.{name}": text for name, text in texts.items()},
    )


def _tell(draft: Draft, tell: Any, why: str) -> None:
    linked: list[Json] = [one.ticket for one in links.selected(draft, tell.link, tell.where)]
    if tell.where is not None and not linked:
        return  # it is for some, and there is none of them
    texts = {f"with.{name}": value for name, value in tell.with_.items() if isinstance(value, str)}
    constants = {f"with.{name}": value for name, value in tell.with_.items() if not isinstance(value, str)}
    draft.ask_outside(
        "tell",
        why,
        data={"link": tell.link, "message": tell.message, "tickets": linked, **constants},
        texts_in_data=texts,
    )


def _link(draft: Draft, link: Any, why: str) -> None:
    if link.from_ == links.SENDER:
        found = links.sender(draft)
        if found is None:
            draft.note("unavailable", "link", link=link.link, reason="no ticket sent this")
            return
        source, picked = link.link, [found]
    else:
        source = str(link.from_ or link.link)
        picked = list(links.selected(draft, source, link.where))
    for one in picked:
        said = _said_of(draft, link, links.seen(draft, source, one))
        links.add(draft, link.link, (replace(one, fields=said),), why=why)


def _said_of(draft: Draft, link: Any, linked: Mapping[str, object]) -> dict[str, Json]:
    """The values an action gives to the fields of a link, for one linked ticket."""
    declared = draft.definition.process.links[link.link].fields
    found = {}
    before, draft.bound = draft.bound, {**draft.bound, "linked": linked}
    try:
        for name, written in link.fields.items():
            value = untyped(draft.text_value(written)) if isinstance(written, str) else written
            found[name] = fit_to(draft, declared[name], value, field=name, link=link.link)
    finally:
        draft.bound = before
    return found


def _unlink(draft: Draft, unlink: Any, why: str) -> None:
    links.remove(draft, unlink.link, links.selected(draft, unlink.link, unlink.where), why=why)


def _move_links(draft: Draft, move: Any, why: str) -> None:
    links.move(draft, move.link, move.to, why=why)


def _raise(draft: Draft, name: str, why: str) -> None:
    draft.announce(f"raised.{name}")


def _request_approval(draft: Draft, name: str, why: str) -> None:
    approvals.request(draft, name, of_state="")


_VERBS: dict[str, Callable[[Draft, Any, str], None]] = {
    "set": _set,
    "notify": notify,
    "page": _page,
    "escalate": _escalate,
    "stand_down": _stand_down,
    "assign": _assign,
    "comment": _comment,
    "run": _run,
    "create": _create,
    "convert": _convert,
    "tell": _tell,
    "link": _link,
    "unlink": _unlink,
    "move_links": _move_links,
    "raise": _raise,
    "request_approval": _request_approval,
}

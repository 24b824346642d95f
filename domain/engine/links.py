"""Links between tickets: made by forms and rules, mirrored at the other end, and news of what is linked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from domain.engine.draft import Draft
from domain.engine.events import News, Relink
from domain.engine.permissions import may
from domain.engine.scope import linked_scope
from domain.engine.ticket import Json, Link
from domain.errors import FactsMissing, FieldError, NotPermitted, TransitionRefused
from domain.language.models import FormEntry

MOST_LINKED = 50
"""So many tickets can be named in one form."""


SENDER = "sender"


def sender(draft: Draft) -> Link | None:
    """The ticket that sent the message being handled, or whose link the event is about."""
    event = draft.event or {}
    found = event.get("sender") or event.get("ticket")
    if not isinstance(found, dict) or not found.get("id"):
        return None
    return Link(str(found["id"]), str(found.get("ref") or ""))


def refs_in(value: Json) -> list[str]:
    """The ticket numbers a form gives for a link: one, or several."""
    found = value if isinstance(value, list) else [value]
    return [one for one in found if isinstance(one, str) and one]


def chosen(
    draft: Draft, form: Mapping[str, FormEntry], given: Mapping[str, Json]
) -> tuple[dict[str, tuple[Link, ...]], list[FieldError]]:
    """The tickets that a form's answers link to, by link, and a mistake for each that cannot. Raises FactsMissing."""
    found: dict[str, tuple[Link, ...]] = {}
    errors: list[FieldError] = []
    for name in form:
        rule = draft.definition.process.links.get(name)
        if rule is None or name in draft.definition.fields:
            continue
        refs = refs_in(given.get(name))
        if not refs:  # whether one is required is judged with the values of the form, see forms.py
            continue
        if len(refs) > (MOST_LINKED if rule.many else 1):
            errors.append(FieldError(name, "too_long", f"at most {MOST_LINKED if rule.many else 1} fit"))
            continue
        links = []
        for ref in refs:
            thing = f"ticket:{ref}"
            if thing in draft.facts.missing:
                raise FactsMissing(f"{thing} could not be looked up; try again")
            there = draft.facts.things.get(thing)
            if there is None:
                errors.append(FieldError(name, "unknown", f"there is no ticket {ref[:100]!r}"))
            elif there.get("process") not in rule.process:
                wanted = " or ".join(rule.process)
                errors.append(FieldError(name, "option", f"{ref} is no {wanted}"))
            elif there.get("id") == draft.ticket.id:
                errors.append(FieldError(name, "option", "a ticket cannot be linked to itself"))
            else:
                links.append(_known(there))
        found[name] = tuple(links)
    return found, errors


def _seen(draft: Draft, name: str, link: Link) -> dict[str, object]:
    return linked_scope(draft.definition, name, link, draft.known)


def _known(there: Mapping[str, Json]) -> Link:
    values = there.get("fields")
    return Link(
        ticket=str(there["id"]),
        ref=str(there["ref"]),
        category=str(there.get("category") or ""),
        values=dict(values) if isinstance(values, dict) else {},
    )


def add(draft: Draft, name: str, links: Iterable[Link], *, why: str, mirror: bool = True) -> None:
    """Link tickets; what is linked already stays. A link to one ticket lets go of the other first."""
    rule = draft.definition.process.links.get(name)
    if rule is None:
        return
    for link in links:
        present = draft.links.get(name, ())
        if link.ticket == draft.ticket.id or any(one.ticket == link.ticket for one in present):
            continue
        if not rule.many:
            remove(draft, name, present, why=why)
        draft.links[name] = (*draft.links.get(name, ()), link)
        draft.note("linked", name, ticket=link.ticket, ref=link.ref)
        draft.announce(f"link.{name}.added", ticket=_seen(draft, name, link))
        if mirror:
            _mirror(draft, name, (link,), add=True, why=why)


def remove(draft: Draft, name: str, links: Iterable[Link], *, why: str, mirror: bool = True) -> None:
    """Let go of linked tickets."""
    gone = {link.ticket for link in links}
    present = draft.links.get(name, ())
    leaving = tuple(link for link in present if link.ticket in gone)
    if not leaving:
        return
    draft.links[name] = tuple(link for link in present if link.ticket not in gone)
    if not draft.links[name]:
        del draft.links[name]
    for link in leaving:
        draft.note("unlinked", name, ticket=link.ticket, ref=link.ref)
        draft.announce(f"link.{name}.removed", ticket=_seen(draft, name, link))
    if mirror:
        _mirror(draft, name, leaving, add=False, why=why)


def move(draft: Draft, name: str, to: str, *, why: str) -> None:
    """Hand the tickets of one link to the ticket that another link names; each is told, and tells the other end."""
    target = next(iter(draft.links.get(to, ())), None)
    moving = tuple(one for one in draft.links.get(name, ()) if target and one.ticket != target.ticket)
    if target is None or not moving:
        draft.note(
            "unavailable", "move_links", link=name, reason="there is nothing to move, or nobody to take it"
        )
        return
    remove(draft, name, moving, why=why)
    inverse = str(draft.definition.process.links[name].inverse)
    data: dict[str, Json] = {
        "link": inverse,
        "add": True,
        "tickets": [one.ticket for one in moving],
        "ticket": target.ticket,
        "ref": target.ref,
        "mirror": True,
    }
    draft.ask_outside("link", why, data=data)


def _mirror(draft: Draft, name: str, links: tuple[Link, ...], *, add: bool, why: str) -> None:
    data: dict[str, Json] = {
        "link": str(draft.definition.process.links[name].inverse),
        "add": add,
        "tickets": [one.ticket for one in links],
        "ticket": draft.ticket.id,
        "ref": draft.ticket.ref,
        "mirror": False,
    }
    if add:  # the other end knows this ticket at once: news could come there before the link
        data["shows"] = [str(one) for one in draft.definition.process.links[name].shows]
    draft.ask_outside("link", why, data=data)


def relink(draft: Draft, event: Relink) -> None:
    """A person, or the other end, links or lets go. Raises NotPermitted, TransitionRefused."""
    rule = draft.definition.process.links.get(event.link)
    if rule is None:
        raise TransitionRefused(f"this process has no link {event.link[:100]!r}")
    person = draft.actor.kind == "person"
    if person and not may(draft.definition, draft.ticket, draft.actor, "link"):
        raise NotPermitted(
            f"{draft.actor.id} may not link",
            text={"en": "You may not link tickets here.", "zh-CN": "您无权在此关联工单。"},
        )
    link = Link(event.ticket, event.ref, event.category, dict(event.values))
    why, mirror = f"links.{event.link}", event.mirror or person
    if event.add:
        add(draft, event.link, (link,), why=why, mirror=mirror)
        if event.category:  # it may have been linked before
            hear(draft, News(event.ticket, event.category, event.values))
        draft.unheard.add(event.ticket)
    else:
        remove(draft, event.link, (link,), why=why, mirror=mirror)


def hear(draft: Draft, news: News) -> None:
    """What a linked ticket tells of itself: its category, and the fields it shows. Raises NotPermitted for a person."""
    if draft.actor.kind == "person":
        raise NotPermitted(f"{draft.actor.id} is no ticket")
    for name, links in tuple(draft.links.items()):
        for index, link in enumerate(links):
            if link.ticket != news.ticket:
                continue
            told = replace(link, category=news.category, values=dict(news.values))
            draft.links[name] = (*links[:index], told, *links[index + 1 :])
            draft.stale = True
            if link.category and link.category != news.category:
                over = ("done", "closed")
                draft.announce(f"link.{name}.entered.{news.category}", ticket=_seen(draft, name, told))
                if link.category in over and news.category not in over:
                    draft.announce(f"link.{name}.reopened", ticket=_seen(draft, name, told))


def tell_news(draft: Draft, before: str) -> None:
    """Tell linked tickets what became of this one, when there is something new; `before` was its category."""
    if not draft.links:
        return
    old = draft.ticket.fields
    moved = draft.category != before
    for name, links in draft.links.items():
        rule = draft.definition.process.links.get(name)
        if rule is None:
            continue
        changed = moved or any(old.get(one) != draft.fields.get(one) for one in rule.shows)
        hearers = [one.ticket for one in links if changed or one.ticket in draft.unheard]
        if hearers:
            shown = {str(one): draft.fields[one] for one in rule.shows if draft.fields.get(one) is not None}
            data: dict[str, Json] = {"tickets": list(hearers), "category": draft.category, "values": shown}
            draft.ask_outside("news", f"links.{name}", data=data)


def selected(draft: Draft, name: str, condition: str | None) -> tuple[Link, ...]:
    """The linked tickets for which a condition over `linked` holds."""
    present = draft.links.get(name, ())
    if condition is None:
        return present
    return tuple(link for link in present if draft.holds(condition, {"linked": _seen(draft, name, link)}))

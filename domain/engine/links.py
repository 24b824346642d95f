"""Links between tickets: made by forms and rules, mirrored at the other end, and news of what is linked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from domain.engine.draft import Draft
from domain.engine.events import News, Relink
from domain.engine.forms import Invalid, parse_value
from domain.engine.permissions import may
from domain.engine.scope import linked_scope
from domain.engine.ticket import Json, Link
from domain.engine.values import refs_in, things_in
from domain.errors import FactsMissing, FieldError, FormInvalid, NotPermitted, TransitionRefused
from domain.language.models import FormEntry
from domain.language.models import Link as Rule

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


def seen(draft: Draft, name: str, link: Link) -> dict[str, object]:
    """A linked ticket as conditions see it."""
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
    """Link tickets; what is linked already stays, with what is said of it anew. A link to one ticket lets go of the
    other first.
    """
    rule = draft.definition.process.links.get(name)
    if rule is None:
        return
    for link in links:
        present = draft.links.get(name, ())
        if any(one.ticket == link.ticket for one in present):
            say(draft, name, link.ticket, link.fields)
            continue
        if link.ticket == draft.ticket.id:
            continue
        if not rule.many:
            remove(draft, name, present, why=why)
        link = replace(link, fields={field: said for field, said in link.fields.items() if said is not None})
        draft.links[name] = (*draft.links.get(name, ()), link)
        draft.note("linked", name, ticket=link.ticket, ref=link.ref)
        for field, value in link.fields.items():
            _say(draft, name, link, field, None, value)
        draft.announce(f"link.{name}.added", ticket=seen(draft, name, link))
        if mirror:
            _mirror(draft, name, (link,), add=True, why=why)


def say(draft: Draft, name: str, ticket: str, said: Mapping[str, Json]) -> None:
    """Set what is known here of a linked ticket."""
    present = draft.links.get(name, ())
    for index, link in enumerate(present):
        changed = {field: value for field, value in said.items() if link.fields.get(field) != value}
        if link.ticket != ticket or not changed:
            continue
        fields = {field: value for field, value in {**link.fields, **changed}.items() if value is not None}
        told = replace(link, fields=fields)
        draft.links[name] = (*present[:index], told, *present[index + 1 :])
        draft.stale = True
        for field, value in changed.items():
            _say(draft, name, link, field, link.fields.get(field), value)
        draft.announce(f"link.{name}.changed", ticket=seen(draft, name, told))


def _say(draft: Draft, name: str, link: Link, field: str, old: Json, new: Json) -> None:
    draft.learn_of(things_in(draft.definition.process.links[name].fields[field].type, new))
    draft.note("link_set", name, ticket=link.ticket, ref=link.ref, field=field, old=old, new=new)


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
        draft.announce(f"link.{name}.removed", ticket=seen(draft, name, link))
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
        data["by"] = name
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
    link = Link(
        event.ticket, event.ref, event.category, dict(event.values), _given(draft, rule, event.fields)
    )
    why, mirror = f"links.{event.link}", event.mirror or person
    if event.present and all(one.ticket != event.ticket for one in draft.links.get(event.link, ())):
        raise TransitionRefused(
            f"{event.ref} is not linked here any more",
            text={"en": f"{event.ref} is not linked here.", "zh-CN": f"{event.ref} 未与此工单关联。"},
        )
    if event.add:
        add(draft, event.link, (link,), why=why, mirror=mirror)
        if event.category:  # it may have been linked before
            hear(draft, News(event.ticket, event.category, event.values))
        draft.unheard.add(event.ticket)
    else:
        remove(draft, event.link, (link,), why=why, mirror=mirror)


def _given(draft: Draft, rule: Rule, given: Mapping[str, Json]) -> dict[str, Json]:
    """Values of a link's fields as the ticket keeps them. Raises FormInvalid with every mistake."""
    found: dict[str, Json] = {}
    errors: list[FieldError] = []
    for name, value in given.items():
        if name not in rule.fields:
            errors.append(FieldError(name[:100], "unknown", f"this link has no field {name[:100]!r}"))
            continue
        try:
            found[name] = parse_value(rule.fields[name], value, draft.facts)
        except Invalid as invalid:
            errors.append(FieldError(name, invalid.code, str(invalid)))
    if errors:
        raise FormInvalid(errors)
    return found


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
                draft.announce(f"link.{name}.entered.{news.category}", ticket=seen(draft, name, told))
                if link.category in over and news.category not in over:
                    draft.announce(f"link.{name}.reopened", ticket=seen(draft, name, told))


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
        said = {one.ticket: one.fields for one in draft.ticket.links.get(name, ())}
        shown = {str(one): draft.fields[one] for one in rule.shows if draft.fields.get(one) is not None}
        told: list[tuple[dict[str, Json], list[Json]]] = []  # what is told, and who is told it
        for one in links:
            if changed or one.ticket in draft.unheard or said.get(one.ticket, one.fields) != one.fields:
                values = {**shown, **one.fields}
                hearers = next((hearers for same, hearers in told if same == values), None)
                if hearers is None:
                    told.append((values, hearers := []))
                hearers.append(one.ticket)
        for values, hearers in told:
            data: dict[str, Json] = {"tickets": hearers, "category": draft.category, "values": values}
            draft.ask_outside("news", f"links.{name}", data=data)


def selected(draft: Draft, name: str, condition: str | None) -> tuple[Link, ...]:
    """The linked tickets for which a condition over `linked` holds."""
    present = draft.links.get(name, ())
    if condition is None:
        return present
    return tuple(link for link in present if draft.holds(condition, {"linked": seen(draft, name, link)}))

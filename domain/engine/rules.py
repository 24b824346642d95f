"""What must be true of values that people give, and the forms that ask for them as the states want it."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from domain.engine.draft import Draft
from domain.engine.judged import Judged
from domain.engine.plan import Button
from domain.engine.ticket import Json
from domain.engine.values import in_locale, plain_text
from domain.errors import FieldError, FormInvalid
from domain.language.definition import Definition
from domain.language.models import FormEntry


def judge(draft: Draft, given: Collection[str]) -> None:
    """Raises FormInvalid with the sentence of every rule that does not hold. The values are in place, with what follows
    from them; a refusal throws the draft away.

    A field's own rule is judged when a value was given for it, one about several fields when any of them was asked for.
    """
    errors = [
        _broken(draft, rule)
        for rule in draft.plan.rules
        if not rule.reads.isdisjoint(given)
        and (not rule.field or draft.fields.get(rule.field) is not None)
        and not draft.holds(rule.condition)
    ]
    if errors:
        raise FormInvalid(errors)


def _broken(draft: Draft, rule: Judged) -> FieldError:
    texts = {}
    for locale, text in rule.otherwise.items():
        template = draft.definition.template(text)
        shown = [in_locale(value, locale) for value in template.values(draft.scope())]
        texts["en" if locale == "*" else locale] = template.render(shown, plain_text)
    english = texts.get("en") or next(iter(texts.values()))
    return FieldError(rule.field, "rule", english, tuple(texts.items()))


def offered(definition: Definition, name: str, fields: Mapping[str, Json]) -> Collection[str]:
    """The options of a choice that are offered with these values of the ticket."""
    declared = definition.fields[name]
    if declared.by is None:
        return declared.options
    return declared.offer.get(str(fields.get(declared.by)), declared.offer.get("else", ()))


def not_offered(draft: Draft, given: Collection[str]) -> list[FieldError]:
    """A mistake for each choice that another field does not allow, when either of the two was given."""
    errors = []
    for name, by in draft.plan.offered:
        value = draft.fields.get(name)
        if value is None or (name not in given and by not in given):
            continue
        options = offered(draft.definition, name, draft.fields)
        values = value if isinstance(value, list) else [value]
        if wrong := [str(one) for one in values if one not in options]:
            known = ", ".join(options) or "nothing"
            message = f"{', '.join(wrong)} is not offered with {by} {draft.fields.get(by)}; offered: {known}"
            errors.append(FieldError(name, "option", message))
    return errors


def demanded(draft: Draft, state: str) -> list[FieldError]:
    """A mistake for each field that a state requires and the ticket does not have."""
    wanted = draft.definition.process.states[state].fields
    return [
        FieldError(name, "missing", "this is required here")
        for name in (wanted.require if wanted else ())
        if draft.fields.get(name) in (None, [])
    ]


def asked_form(definition: Definition, button: Button, fields: Mapping[str, Json]) -> dict[str, FormEntry]:
    """The form of a transition: what it asks for, and what the state it leads to requires and the ticket lacks.

    Where it may lead to several states the form cannot know; the engine says afterwards what is missing.
    """
    form = dict(definition.form(button.rule.ask))
    if not button.rule.to or len(button.rule.to) > 1:
        return form
    target = definition.process.states.get(str(button.rule.to[0].state))  # None: back to where it was held
    wanted = target.fields if target is not None else None
    set_here = {name for effect in button.rule.do for name in effect.set or ()}
    for name in wanted.require if wanted else ():
        if fields.get(name) in (None, []) and name not in set_here:
            entry = form.get(name) or FormEntry()
            form[name] = entry if entry.if_ else entry.model_copy(update={"required": True})
    return form

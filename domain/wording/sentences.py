"""Sentences of single models: actions, conditions of clocks, stages, lengths that depend on the ticket."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pydantic import BaseModel

from domain.language.models import Effect, Threshold
from domain.wording.conditions import condition, is_single_placeholder, value
from domain.wording.plainly import Keys, length_of, plainly
from domain.wording.vocabulary import Vocabulary, readable


def _effect(keys: Keys) -> str:
    words, effect = keys.words, keys.model
    assert isinstance(effect, Effect)
    if_ = keys.get("if_")
    verb, argument = effect.verb, effect.argument
    keys.said(verb)
    writer = _VERBS.get(verb)
    said = writer(argument, words) if writer is not None else f"{readable(verb)} {plainly(argument, words)}"
    said = keys.finish(said)
    return words.say("do.if", condition(if_, words), said) if if_ is not None else said


def _set(values: dict[str, Any], words: Vocabulary) -> str:
    said = [
        words.say("do.clear", words.quoted(words.field(name)))
        if found is None
        else words.say("do.set", words.quoted(words.field(name)), plainly(found, words, name))
        for name, found in values.items()
    ]
    return words.sentences(said)


def _notify(argument: BaseModel, words: Vocabulary) -> str:
    keys = Keys(argument, words)
    name, to = keys.get("template"), keys.get("to")
    notification = words.process.notifications.get(str(name))
    whom = to if to is not None else notification.to if notification else ()
    said = words.say("do.notify", words.quoted(readable(str(name))), words.people(whom, "and"))
    if notification is not None:
        said = words.say(
            "do.by", said, words.listed((words.term("channels", one) for one in notification.channels), "and")
        )
    return keys.finish(said)


def _page(argument: BaseModel, words: Vocabulary) -> str:
    keys = Keys(argument, words)
    who, message = keys.get("who"), keys.get("message")
    said = words.say("do.page", words.people(who, "and"))
    return keys.finish(words.keyed(said, plainly(message, words)) if message else said)


def _comment(argument: BaseModel, words: Vocabulary) -> str:
    keys = Keys(argument, words)
    text, internal = keys.get("text"), keys.get("internal")
    return keys.finish(words.say("do.comment.internal" if internal else "do.comment", plainly(text, words)))


def _assign(argument: BaseModel, words: Vocabulary) -> str:
    keys = Keys(argument, words)
    whom = [
        *([words.say("do.team", plainly(team, words))] if (team := keys.get("team")) else []),
        *([words.person(person)] if (person := keys.get("person")) else []),
        *([words.term("pick", pick)] if (pick := keys.get("pick")) else []),
    ]
    return keys.finish(words.say("do.assign", words.listed(whom, "and")))


def _create(argument: BaseModel, words: Vocabulary) -> str:
    keys = Keys(argument, words)
    said = words.say("do.create", readable(str(keys.get("process"))), plainly(keys.get("link"), words))
    return keys.finish(said)


def _convert(argument: BaseModel, words: Vocabulary) -> str:
    keys = Keys(argument, words)
    process, ends = readable(str(keys.get("process"))), plainly(keys.get("to"), words)
    return keys.finish(words.say("do.convert", process, plainly(keys.get("link"), words), ends))


def _with_links(phrase: str, *names: str) -> Callable[[BaseModel, Vocabulary], str]:
    def said(argument: BaseModel, words: Vocabulary) -> str:
        keys = Keys(argument, words)
        return keys.finish(words.say(phrase, *(plainly(keys.get(name), words) for name in names)))

    return said


def _link(argument: BaseModel, words: Vocabulary) -> str:
    keys = Keys(argument, words)
    link, source = plainly(keys.get("link"), words), keys.get("from_")
    if source is None:
        return keys.finish(words.say("do.link_says", link))
    if source == "sender":
        return keys.finish(words.say("do.link_sender", link))
    return keys.finish(words.say("do.link", link, plainly(source, words)))


def _escalate(argument: BaseModel, words: Vocabulary) -> str:
    keys = Keys(argument, words)
    chain = keys.get("chain")
    return keys.finish(words.say("do.escalate", plainly(chain or keys.get("by"), words)))


_VERBS: dict[str, Callable[[Any, Vocabulary], str]] = {
    "set": _set,
    "notify": _notify,
    "page": _page,
    "comment": _comment,
    "assign": _assign,
    "create": _create,
    "convert": _convert,
    "tell": _with_links("do.tell", "link", "message"),
    "link": _link,
    "unlink": _with_links("do.unlink", "link"),
    "move_links": _with_links("do.move_links", "link", "to"),
    "escalate": _escalate,
    "stand_down": lambda name, words: words.say("do.stand_down", plainly(name, words)),
    "run": lambda names, words: words.say(
        "do.run.several" if len(names) > 1 else "do.run", plainly(names, words)
    ),
    "request_approval": lambda name, words: words.say("do.request_approval", plainly(name, words)),
    "raise": lambda name, words: words.say("do.raise", words.quoted(readable(str(name)))),
}


def _when(keys: Keys) -> str:
    """When a clock starts, pauses, stops: in states, if something holds, when something happens."""
    words = keys.words
    states, if_, when, at = keys.get("in_"), keys.get("if_"), keys.get("when"), keys.get("at")
    said = [
        *([words.say("while.in", words.states(states))] if states else []),
        *([words.say("while.if", condition(if_, words))] if if_ is not None else []),
        *([words.say("while.when", words.events(when))] if when else []),
        *([words.say("while.at", value(at, words))] if at is not None else []),
    ]
    return keys.finish(words.say("comma").join(said))


def _branch(keys: Keys) -> str:
    words = keys.words
    if_, state = keys.get("if_"), keys.get("state")
    where = words.state(str(state))
    return keys.finish(words.say("do.if", condition(if_, words), where) if if_ is not None else where)


def _timed(key: str, phrase: str) -> Callable[[Keys], str]:
    def said(keys: Keys) -> str:
        length, calendar = keys.get(key), keys.get("calendar")
        return keys.finish(keys.words.say(phrase, length_of(length, calendar, keys.words)))

    return said


def _chosen(keys: Keys) -> str:
    """One thing for all, or one for each value of a choice field, or an expression that gives it."""
    words, of = keys.words, keys.get("of")
    if (expression := keys.get("expression")) is not None:
        return keys.finish(value(expression, words))
    if set(of) == {"else"}:
        return keys.finish(plainly(of["else"], words))
    field = str(keys.get("by") or "priority")
    said = words.listed(
        (
            f"{words.say('value.else') if name == 'else' else words.option(field, name)} {plainly(one, words)}"
            for name, one in of.items()
        ),
        "and",
    )
    return keys.finish(words.say("by.choice", words.quoted(words.field(field)), said))


def _moment(keys: Keys) -> str:
    words = keys.words
    after, at, calendar = keys.get("after"), keys.get("at"), keys.get("calendar")
    said = [
        *([words.say("after.length", length_of(after, calendar, words))] if after is not None else []),
        *([words.say("chart.at", value(at, words))] if at is not None else []),
        *([words.calendar(calendar)] if isinstance(calendar, str) and after is None else []),
        *([plainly(calendar, words)] if isinstance(calendar, BaseModel) and after is None else []),
    ]
    return keys.finish(*said)


def _stage(keys: Keys) -> str:
    words = keys.words
    label, name = keys.get("label"), str(keys.get("id"))
    called = words.quoted(words.text(label, readable(name)))
    if label and words.text(label) != readable(name):
        called = words.say("named", called, name)
    said = words.say("stage.asks", called, words.people(keys.get("approvers"), "and"))
    exclude = keys.get("exclude")
    return keys.finish(
        said if (if_ := keys.get("if_")) is None else words.say("do.if", condition(if_, words), said),
        _needed(keys.get("quorum"), words),
        words.say("stage.without", words.people(exclude, "and")) if exclude else words.say("stage.everybody"),
    )


def _route(keys: Keys) -> str:
    words = keys.words
    if_, team, pick = keys.get("if_"), keys.get("team"), keys.get("pick")
    said = plainly(team, words)  # one that is computed says by itself that it is a team
    said = said if is_single_placeholder(str(team)) else words.say("do.team", said)
    if pick is not None:
        said = words.say("route.pick", said, words.term("pick", pick))
    if if_ is not None:
        said = words.say("do.if", condition(if_, words), said)
    return keys.finish(said)


def _needed(quorum: object, words: Vocabulary) -> str:
    """How many have to say yes."""
    if not isinstance(quorum, BaseModel):
        if quorum in ("any", "all", "first"):
            return words.say(f"quorum.{quorum}")
        return words.say("quorum.n" if str(quorum).endswith("%") else "quorum.number", quorum)
    keys = Keys(quorum, words)
    said = _needed(str(keys.get("approve")), words)
    if getattr(quorum, "of", None) == "votes":
        keys.said("of")
        said = words.say("quorum.of_votes", said)
    return keys.finish(said)


def _form_entry(keys: Keys) -> str:
    words = keys.words
    said = words.say("required" if keys.get("required") else "optional")
    if (if_ := keys.get("if_")) is not None:
        said = words.say("do.if", condition(if_, words), said)
    return keys.finish(said)


def _threshold(keys: Keys) -> str:
    threshold = keys.model
    assert isinstance(threshold, Threshold)
    keys.said("label", "percent", "left", "after")
    return keys.finish(f"{threshold.label}: {plainly(keys.get('do'), keys.words)}")


SENTENCES: dict[str, Callable[[Keys], str]] = {
    "Effect": _effect,
    "Condition": _when,
    "Start": _when,
    "Branch": _branch,
    "CalendarChoice": _chosen,
    "Length": _chosen,
    "When": _moment,
    "Route": _route,
    "Stage": _stage,
    "Remind": _timed("every", "every"),
    "Timeout": _timed("after", "after.length"),
    "FormEntry": _form_entry,
    "Threshold": _threshold,
}

"""One event from outside: admitted or refused, then carried through to rest."""

# Over 400 lines: every request is admitted here, one short function each, and nothing else is.

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from domain.engine import adhoc, approval_requests, children, links, tasks
from domain.engine.derive import OVERRIDABLE, derive, set_field
from domain.engine.draft import Draft
from domain.engine.entries import Cause, Outcome
from domain.engine.events import (
    AddTask,
    CancelTask,
    ChildDone,
    ChildDropped,
    Comment,
    CompleteTask,
    Edit,
    Facts,
    Message,
    Migrate,
    Move,
    News,
    Open,
    Relink,
    Request,
    Step,
)
from domain.engine.forms import check_form, default_of, fit, parse_values
from domain.engine.macrostep import apply_values, open_in, run_to_rest, take
from domain.engine.needs import COMMENT
from domain.engine.opening import admit, admit_with_values
from domain.engine.people import is_among, lower
from domain.engine.permissions import editable_fields, may, may_send
from domain.engine.plan import Button, plan_of
from domain.engine.rules import asked_form, demanded, judge, not_offered
from domain.engine.scope import typed_field
from domain.engine.task_rules import path_of, rule_of
from domain.engine.ticket import Json, Link, Ticket
from domain.engine.values import instant_json
from domain.errors import (
    FactsMissing,
    FieldError,
    FormInvalid,
    NotPermitted,
    TransitionRefused,
)
from domain.language.checks_tasks import OUTCOME
from domain.language.definition import Definition
from domain.language.models import OPENS, FieldDef

OPENING = frozenset({"requester"})
"""Fields that may be given when a ticket is opened, besides those of its form."""

NEVER_EMPTY = frozenset({"title", "requester"})


def step(
    definition: Definition,
    ticket: Ticket | None,
    event: Request,
    now: datetime,
    facts: Facts,
    *,
    handled_at: datetime | None = None,
    command: int | None = None,
) -> Outcome:
    """Handle one request at `now`. Everything due before must have been handled (`advance`).

    Returns the new ticket and one entry. Raises Refused (NotPermitted, FormInvalid, TransitionRefused,
    FactsMissing) with nothing changed.
    """
    handled = handled_at or now
    if isinstance(event, Open):
        return _open(definition, event, now, handled, facts, command)
    if isinstance(event, Migrate):
        raise TypeError("a ticket is moved from one definition to another: handle() does it")
    if ticket is None:
        raise TypeError("only Open comes without a ticket")
    draft = Draft(definition, ticket, now, handled, _cause(definition, event), facts)
    match event:
        case Move():
            _move(draft, event)
        case Edit():
            _edit(draft, event)
        case Comment():
            _comment(draft, event)
        case CompleteTask():
            _complete_task(draft, event)
        case AddTask():
            adhoc.add(draft, event)
        case CancelTask():
            adhoc.cancel(draft, event)
        case Message():
            _message(draft, event)
        case Relink():
            links.relink(draft, event)
        case News():
            links.hear(draft, event)
        case ChildDone():
            children.child_done(draft, event)
        case ChildDropped():
            children.dropped(draft, event)
        case _:
            approval_requests.carry_out_request(draft, event)
    if draft.listens("updated") and (draft.fields != ticket.fields or isinstance(event, Comment)):
        names = {*draft.fields, *ticket.fields}
        changed = sorted(name for name in names if draft.fields.get(name) != ticket.fields.get(name))
        draft.announce("updated", changed=changed, commented=isinstance(event, Comment))
    draft.parked = ""  # a person looked after it: it goes on
    run_to_rest(draft)
    return draft.close(command=command)


def _cause(definition: Definition, event: Step) -> Cause:
    match event:
        case Move():
            return Cause("command", event.transition, definition.line(f"transitions.{event.transition}"))
        case Edit():
            return Cause("command", "edit")
        case Comment():
            return Cause("command", "comment")
        case CompleteTask():
            line = definition.line(path_of(definition, event.task))
            return Cause("command", f"complete {event.task}", line)
        case AddTask():
            return Cause("command", "add task", definition.line("adhoc_tasks"))
        case CancelTask():
            return Cause("command", f"cancel {event.task}", definition.line("adhoc_tasks"))
        case Message():
            return Cause("message", event.message, definition.line(f"messages.{event.message}"))
        case Relink():
            return Cause("message", "link", definition.line(f"links.{event.link}"))
        case News():
            return Cause("message", "news")
        case ChildDone():
            line = definition.line(path_of(definition, event.task))
            return Cause("message", f"done {event.ref}", line)
        case ChildDropped():
            return Cause("message", f"dropped by {event.ref}")
        case Open():
            return Cause("command", "open", definition.line(".".join(definition.process.opening_form_path)))
        case _:
            line = definition.line(f"approvals.{event.approval}")
            return Cause("command", f"{approval_requests.name_of(event)} {event.approval}", line)


# ---------------------------------------------------------------- opening


def begin(definition: Definition, event: Open, now: datetime, handled: datetime, facts: Facts) -> Draft:
    """A ticket that nothing was said of yet: its defaults, its channel, who opens it."""
    blank = Ticket(
        id=event.id,
        ref=event.ref,
        process=str(definition.process.id),
        hashes=event.hashes,
        state=str(definition.process.starts_in),
        opened_at=now,
        entered_at=now,
        last_at=now,
        time_shift=event.time_shift,
    )
    draft = Draft(definition, blank, now, handled, _cause(definition, event), facts)
    _defaults(draft)
    draft.fields["channel"] = event.channel
    if facts.actor.id:
        _put(draft, "requester", facts.actor.id)
    return draft


def fill(draft: Draft, values: Mapping[str, Json]) -> None:
    """Fill a new ticket in, with all that follows from it."""
    for name, value in values.items():
        _put(draft, name, value)
    draft.overridden |= {name for name in OVERRIDABLE if values.get(name) is not None}
    draft.stale = True
    derive(draft)
    _expected_defaults(draft)


def _open(
    definition: Definition, event: Open, now: datetime, handled: datetime, facts: Facts, command: int | None
) -> Outcome:
    start = str(definition.process.starts_in)
    draft = begin(definition, event, now, handled, facts)
    admit(draft)
    linked, mistakes = links.chosen(draft, definition.create_form, event.fields)
    # A rule or a schedule may give any field; a person those of the form.
    also = OPENING if facts.actor.kind == "person" else frozenset(definition.fields)
    values = check_form(draft, definition.create_form, event.fields, also=also, besides=mistakes)
    _requester_for_another(draft, values)
    draft.note("opened", process=str(definition.process.id))
    fill(draft, values)
    judge(draft, {*definition.create_form, *values})
    if missing := demanded(draft, start):
        raise FormInvalid(missing)
    admit_with_values(draft)
    _link(draft, linked, "forms.create")
    if event.parent is not None:
        children.opened_for(draft, event.parent)
    children.carry(draft, event.carried)
    draft.queue.clear()  # what a ticket is opened with has not changed
    draft.announce("created")
    open_in(draft, start)
    run_to_rest(draft)
    return draft.close(command=command)


def _link(draft: Draft, linked: Mapping[str, tuple[Link, ...]], why: str) -> None:
    for name, tickets in linked.items():
        links.add(draft, name, tickets, why=why)


def _put(draft: Draft, name: str, value: Json) -> None:
    """Set a field that was never anything else."""
    if value is not None:
        draft.learn(name, value)
        draft.fields[name] = value
        draft.forget_roles()


def _defaults(draft: Draft) -> None:
    for name, default in draft.plan.preset:
        _put(draft, name, fit(draft, name, default))


def _expected_defaults(draft: Draft) -> None:
    """Defaults that are expressions: they see what was given and what follows from it, and each those before it."""
    for name in draft.plan.expected:
        if draft.fields.get(name) is None:
            _put(draft, name, default_of(draft, name, draft.definition.fields[name].default))
            draft.stale = True
            derive(draft)


def _requester_for_another(draft: Draft, values: Mapping[str, Json]) -> None:
    """Only who works in a team, or the system, opens for somebody else."""
    requester, actor = values.get("requester"), draft.actor
    if requester not in (None, actor.id) and not actor.teams and actor.kind == "person":
        raise FormInvalid([FieldError("requester", "forbidden", "only an agent may open for somebody else")])


# ---------------------------------------------------------------- transitions


def _move(draft: Draft, event: Move) -> None:
    button = plan_of(draft.definition).by_name.get(event.transition)
    if button is None or button.rule.who is None:
        raise TransitionRefused(f"there is no transition {event.transition[:100]!r} for people to take")
    if not button.fits(draft.state, draft.fields):
        raise TransitionRefused(
            f"{event.transition} is not possible from {draft.state}",
            text=_not_from_here(draft, button),
        )
    permit(draft, button)
    if (hindrance := cannot_open(draft, button)) is not None:
        raise hindrance
    for check in button.rule.check:
        if check not in draft.facts.checks:
            raise FactsMissing(f"the check {check} could not be made; try again")
    form = asked_form(draft.definition, button, draft.fields)
    linked, mistakes = links.chosen(draft, form, event.fields)
    values = check_form(draft, form, event.fields, besides=mistakes)
    # The condition sees the new values in place, and what follows from them; a refusal throws the draft away.
    apply_values(draft, values, by=f"transitions.{button.name}.ask")
    _link(draft, linked, f"transitions.{button.name}.ask")
    judge(draft, {*form, *values})
    if not draft.holds(button.rule.if_):
        text = otherwise_text(draft, button)
        raise TransitionRefused(text.get("en") or next(iter(text.values())), text=text)
    before = draft.state
    take(draft, button)
    if draft.state != before and (missing := demanded(draft, draft.state)):
        raise FormInvalid(missing)


def cannot_open(draft: Draft, button: Button) -> TransitionRefused | None:
    """Why a button cannot open the ticket it is to open, if so."""
    for effect in button.rule.do:
        if effect.verb in OPENS and effect.argument.process not in draft.facts.published:
            return unpublished(str(effect.argument.process))
        if effect.verb == "convert" and draft.converting:
            return TransitionRefused(
                f"the ticket is being converted already, to {draft.converting}",
                text={
                    "en": "This ticket is going on as another one already; it takes a moment.",
                    "zh-CN": "此工单正在转为另一张工单，请稍候。",
                },
            )
    return None


def unpublished(process: str) -> TransitionRefused:
    """The refusal of an action that needs a process which is not published."""
    return TransitionRefused(
        f"the process {process!r} is not published yet",
        text={
            "en": f"The process “{process}” is not published yet.",
            "zh-CN": f"流程“{process}”尚未发布。",
        },
    )


def permit(draft: Draft, button: Button) -> None:
    """Raises NotPermitted unless the actor is one of the transition's `who`."""
    who = lower(draft.definition, button.rule.who or (), draft.fields, draft.known)
    if not is_among(draft.actor, who):
        raise not_permitted(draft, button)


def not_permitted(draft: Draft, button: Button) -> NotPermitted:
    """The refusal of who may not press a button."""
    label = button.rule.label or {"*": button.name}
    english = label.get("en") or next(iter(label.values()))
    chinese = label.get("zh-CN") or english
    roles = ", ".join(button.rule.who or ())
    return NotPermitted(
        f"{draft.actor.id} may not {button.name}",
        text={
            "en": f"{draft.actor.id} may not use “{english}”; it is for: {roles}.",
            "zh-CN": f"{draft.actor.id} 无权执行“{chinese}”；仅限：{roles}。",
        },
    )


def _not_from_here(draft: Draft, button: Button) -> dict[str, str]:
    states = draft.definition.process.states
    here = states[draft.state].label or {"*": draft.state}
    label = button.rule.label or {"*": button.name}

    def say(texts: Mapping[str, str], locale: str) -> str:
        return texts.get(locale) or texts.get("*") or next(iter(texts.values()))

    return {
        "en": f"“{say(label, 'en')}” is not possible while the ticket is “{say(here, 'en')}”.",
        "zh-CN": f"工单处于“{say(here, 'zh-CN')}”状态时不能执行“{say(label, 'zh-CN')}”。",
    }


def otherwise_text(draft: Draft, button: Button) -> dict[str, str]:
    """The owner's sentence for a condition that does not hold, its values filled in."""
    return draft.sentence(button.rule.otherwise) or {
        "en": f"The condition of {button.name} does not hold.",
        "zh-CN": f"不满足“{button.name}”的条件。",
    }


# ---------------------------------------------------------------- the other requests


def _edit(draft: Draft, event: Edit) -> None:
    if not event.fields:
        raise FormInvalid([FieldError("fields", "missing", "name at least one field to change")])
    values, errors = parse_values(draft.definition.fields, event.fields, draft.facts)
    editable = editable_fields(draft.definition, draft.ticket, draft.actor)
    denied = [name for name in values if name not in editable]
    if denied and len(denied) == len(values) and not errors:
        raise NotPermitted(
            f"{draft.actor.id} may not edit {', '.join(denied)}",
            text={
                "en": f"You may not change {', '.join(denied)} here.",
                "zh-CN": f"您无权在此修改：{', '.join(denied)}。",
            },
        )
    errors += [FieldError(name, "forbidden", "you may not change this field here") for name in denied]
    errors += [
        FieldError(name, "missing", "this cannot be empty")
        for name, value in values.items()
        if value is None and name in NEVER_EMPTY
    ]
    if errors:
        raise FormInvalid(sorted(errors, key=lambda error: (error.field, error.code)))
    apply_values(draft, values, by="edit")
    errors = [*not_offered(draft, values), *demanded(draft, draft.state)]
    if errors:
        raise FormInvalid(sorted(errors, key=lambda error: (error.field, error.code)))
    judge(draft, values)


def _comment(draft: Draft, event: Comment) -> None:
    right = "comment" if event.public else "comment_internal"
    if not (may(draft.definition, draft.ticket, draft.actor, right) or draft.actor.paged):
        raise NotPermitted(
            f"{draft.actor.id} may not {right}",
            text={"en": "You may not write this here.", "zh-CN": "您无权在此发表。"},
        )
    draft.note("commented", comment=event.comment, public=event.public)
    if not event.public:
        return
    told = draft.facts.things.get(f"{COMMENT}{event.comment}") or {}
    said: dict[str, Json] = {"author": draft.actor.id, "text": told.get("text")}
    if draft.actor.id == draft.fields.get("requester"):
        draft.announce("replied.requester", **said)
    else:
        if draft.fields.get("first_reply_at") is None:
            set_field(draft, "first_reply_at", instant_json(draft.at), by="engine")
            derive(draft)
        draft.announce("replied.agent", **said)
    draft.announce("replied", **said)


def _complete_task(draft: Draft, event: CompleteTask) -> None:
    task = draft.tasks.get(event.task)
    if task is None or task.state != "open":
        raise TransitionRefused(
            f"the task {event.task[:100]!r} is not open",
            text={"en": "This task is not open.", "zh-CN": "该任务未处于待办状态。"},
        )
    if not is_among(draft.actor, task.assignees):
        raise NotPermitted(
            f"{draft.actor.id} may not complete {event.task}",
            text={"en": "This task is for somebody else.", "zh-CN": "该任务不由您负责。"},
        )
    rule = rule_of(draft.definition, event.task)
    if event.failed:
        tasks.fail(draft, event.task, "failed by " + draft.actor.id)
        return
    form = draft.definition.form(rule.ask)
    given = dict(event.fields)
    outcome = given.pop(OUTCOME, None) if rule.outcomes else ""
    linked, mistakes = links.chosen(draft, form, given)
    mistakes += tasks.outcome_mistakes(rule, outcome)
    values = check_form(draft, form, given, kept_counts=True, besides=mistakes)
    why = f"{path_of(draft.definition, event.task)}.ask"
    apply_values(draft, values, by=why)
    _link(draft, linked, why)
    judge(draft, {*form, *values})
    tasks.complete(draft, event.task, str(outcome))


def _message(draft: Draft, event: Message) -> None:
    declared = draft.definition.process.messages.get(event.message)
    if declared is None:
        raise TransitionRefused(f"this process hears no message {event.message[:100]!r}")
    if not may_send(draft.definition, draft.ticket, draft.actor, event.message):
        raise NotPermitted(
            f"{draft.actor.id} may not send {event.message}",
            text={"en": "You may not send this message.", "zh-CN": "您无权发送此消息。"},
        )
    kinds = {name: FieldDef(type=kind) for name, kind in declared.fields.items()}
    values, errors = parse_values(kinds, event.fields, draft.facts, reserved=())
    if errors:
        raise FormInvalid(sorted(errors, key=lambda error: (error.field, error.code)))
    known = {thing: attributes for thing, attributes in draft.facts.things.items() if attributes is not None}
    data = {name: typed_field(kind.type, values.get(name), known) for name, kind in kinds.items()}
    sender = {"id": event.ticket, "ref": event.ref, "category": None} if event.ticket else None
    draft.announce(f"message.{event.message}", **data, sender=sender)

"""What follows from the fields: computed values, priority, agreement, risk, routing."""

from __future__ import annotations

from domain.engine.draft import Draft
from domain.engine.risk import risk_of
from domain.engine.ticket import Json
from domain.engine.values import untyped

NOBODY = "nobody"
OVERRIDABLE = frozenset({"priority", "team", "assignee"})
"""Derived fields that people and rules may set by hand."""

MOST_ROUNDS = 8
"""What is derived may feed what is derived; a circle that the loader cannot see ends here."""


def set_field(draft: Draft, name: str, value: Json, *, by: str, derived: bool = False) -> bool:
    """Set a field; tells the journal and raises `changed.<field>` when it really changes.

    A person or rule that sets a derived field (priority, team, assignee) overrides its derivation; setting it to
    null gives it back.
    """
    if name in OVERRIDABLE and not derived:
        (draft.overridden.discard if value is None else draft.overridden.add)(name)
        draft.stale = True
    draft.learn(name, value)
    old = draft.fields.get(name)
    if old == value and isinstance(old, bool) == isinstance(value, bool):
        return False
    if value is None:
        draft.fields.pop(name, None)
    else:
        draft.fields[name] = value
    draft.stale = True
    draft.forget_roles()
    draft.note("set", name, old=old, new=value, by=by)
    event = f"changed.{name}"
    if draft.listens(event):
        before, after = draft.typed(name, old), draft.typed(name, value)
        draft.announce(event, old=before, new=after, **_difference(before, after))
    return True


def _difference(before: object, after: object) -> dict[str, object]:
    """What a list got and lost."""
    old, new = before if isinstance(before, list) else [], after if isinstance(after, list) else []
    return {
        "added": [one for one in new if one not in old],
        "removed": [one for one in old if one not in new],
    }


def hand_to_team(draft: Draft, team: Json, *, by: str, derived: bool = False) -> None:
    """Give the ticket to a team. The assignee of another team does not come along."""
    if set_field(draft, "team", team, by=by, derived=derived):
        release(draft, by=by)


def release(draft: Draft, *, by: str) -> None:
    """Take the ticket from its assignee; whoever is picked next gets it."""
    set_field(draft, "assignee", None, by=by)


def derive(draft: Draft) -> None:
    """Recompute all that follows from the fields, in a fixed order, until nothing changes any more."""
    for _ in range(MOST_ROUNDS):
        if not draft.stale:
            return
        draft.stale = False
        known = dict(draft.known)
        _computed(draft)
        _priority(draft)
        _agreement(draft)
        _risk(draft)
        _route(draft)
        draft.derived = True
        if draft.plan.derives_in_order and draft.known == known:
            draft.stale = False  # a second round would find what the first has found


def _computed(draft: Draft) -> None:
    for name, expression in draft.plan.computed:
        value = untyped(draft.value_of(expression))
        set_field(draft, name, value, by=f"fields.{name}.compute", derived=True)


def _priority(draft: Draft) -> None:
    rules = draft.definition.process.priority
    if rules is None:
        return
    if "priority" in draft.overridden:
        draft.priority_because = ()
        return
    row = draft.fields.get(rules.rows)
    column = draft.fields.get(rules.columns)
    level: str | None = rules.matrix.get(str(row), {}).get(str(column))
    because: list[str] = []
    if level is not None:
        levels = list(rules.levels)
        for index, rule in enumerate(rules.adjust):
            place = levels.index(level)
            if rule.raise_by is not None:
                better = max(place - rule.raise_by, 0)
            elif rule.at_least is not None:
                better = min(place, levels.index(rule.at_least))
            else:
                continue
            if better != place and draft.holds(rule.if_):
                level = levels[better]
                because.append(f"priority.adjust.{index}")
    draft.priority_because = tuple(because)
    set_field(draft, "priority", level, by="priority", derived=True)


def _agreement(draft: Draft) -> None:
    found = next((name for name, one in draft.definition.agreements.items() if draft.holds(one.if_)), "")
    if found != draft.agreement:
        draft.note("set", "agreement", old=draft.agreement or None, new=found or None, by="agreements")
        draft.agreement = found
        draft.stale = True


def _risk(draft: Draft) -> None:
    judged = risk_of(draft)
    for name, value in judged.fields().items() if judged is not None else ():
        set_field(draft, name, value, by="risk", derived=True)


def _route(draft: Draft) -> None:
    """The first routing row that fits gives the team, and asks for a pick when the team is new.

    Routing goes on until a person takes over: a team or an assignee set by hand stays.
    """
    if "team" in draft.overridden or "assignee" in draft.overridden:
        return
    for index, row in enumerate(draft.definition.process.routing):
        if not draft.holds(row.if_):
            continue
        team = untyped(draft.text_value(row.team))
        if not team or team == draft.fields.get("team"):
            return
        rule = f"routing.{index}"
        hand_to_team(draft, str(team), by=rule, derived=True)
        if row.pick and row.pick != NOBODY:
            ask_pick(draft, str(team), row.pick, tuple(row.skills), why=rule)
        return


def ask_pick(draft: Draft, team: str, how: str, skills: tuple[str, ...], *, why: str) -> None:
    """Ask for a person of the team; the answer comes back as an event."""
    data: dict[str, Json] = {"team": team, "how": how, "skills": list(skills)}
    if draft.plan.follows:
        data["follow"] = [list(chain) for chain in draft.plan.follows]
    draft.ask_outside("pick", why, data=data)

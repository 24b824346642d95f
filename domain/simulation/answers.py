"""What simulated people write into forms: as the profile says, else something that fits the field."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from domain.engine.scope import typed_field
from domain.engine.ticket import Json, Ticket
from domain.engine.values import REFERENCES, instant_json
from domain.language.definition import Definition
from domain.language.models import FieldDef, FormEntry
from domain.language.models_fields import Column
from domain.simulation.dice import Dice, Streams, exponential, lognormal, uniform, weighted
from domain.simulation.organisation import Organisation

WORD = "simulated"
AHEAD = timedelta(days=7)
APART = timedelta(hours=6)
"""Dates lie ahead: what people plan is not today."""

AMOUNTS = ("uniform", "exponential", "lognormal")
_KEPT = ("team", "assignee")  # a form that asks for them is answered with whoever has the ticket


class Answers:
    """Fills forms. Each answer has a stream of its own, so that a new field moves no other."""

    def __init__(
        self,
        definition: Definition,
        organisation: Organisation,
        chances: Mapping[str, Json],
        teams: list[str],
        streams: Streams,
    ) -> None:
        self._definition = definition
        self._organisation = organisation
        self._chances = chances
        self._teams = teams
        self._streams = streams

    def fill(
        self, form: Mapping[str, FormEntry], ticket: Ticket | None, key: str, now: datetime, person: str
    ) -> dict[str, Json]:
        """Values for a form: what it requires, and what the profile names, as far as its conditions hold."""
        values: dict[str, Json] = {}
        for name, entry in form.items():
            declared = self._definition.fields.get(name)
            if declared is None or declared.compute or not (entry.required or name in self._chances):
                continue
            if entry.if_ is not None and not self._applies(entry.if_, ticket, values, person):
                continue
            value = self.value(name, declared, ticket, self._streams(f"{key}/{name}"), now, values)
            if value is not None:
                values[name] = value
        return values

    def _applies(self, condition: str, ticket: Ticket | None, values: dict[str, Json], person: str) -> bool:
        scope = {"ticket": _Form(self._definition, self._organisation, ticket, values, person)}
        blank: dict[str, object] = dict.fromkeys(
            ("event", "clock", "task", "link", "links", "approval", "check")
        )
        return self._definition.expression(condition)({**blank, "actor": None, "now": None, **scope}) is True

    def value(
        self,
        name: str,
        declared: FieldDef,
        ticket: Ticket | None,
        dice: Dice,
        now: datetime,
        given: Mapping[str, Json],
    ) -> Json:
        """One value, beside those `given`; None when nothing fits."""
        chances = self._chances.get(name)
        if ticket is not None and name in _KEPT and ticket.fields.get(name):
            return ticket.fields[name]
        if declared.type in ("choice", "choices"):
            choice = _chosen(declared, chances, {**(ticket.fields if ticket else {}), **given}, dice)
            return choice if declared.type == "choice" or choice is None else [choice]
        if chances is not None:
            return drawn(chances, dice)
        # What is asked for later in a form lies later: an end comes after its start.
        return self._anything(declared, dice, now + AHEAD + len(given) * APART)

    def _anything(self, declared: FieldDef, dice: Dice, soon: datetime) -> Json:
        match declared.type:
            case "text" | "note":
                return _fitting(declared)
            case "boolean":
                return dice() < 0.5
            case "number" | "money":
                low = declared.min or 0
                return int(uniform(dice, low, low + 100 if declared.max is None else declared.max))
            case "date":
                return soon.date().isoformat()
            case "datetime":
                return instant_json(soon)
            case "time":
                return "09:00"
            case "duration":
                return "1h"
            case "rows":
                columns = declared.columns.items()
                return [{name: self._cell(column, dice, soon) for name, column in columns}]
            case "email":
                return "somebody@example.com"
            case "url":
                return "https://example.com/"
            case _:
                return self._somebody(declared.type, dice)

    def _cell(self, column: Column, dice: Dice, soon: datetime) -> Json:
        """One cell: like a field of its kind."""
        if column.type == "choice":
            return weighted(dice, [(option, 1.0) for option in column.options])
        bounds = {"min": column.min, "max": column.max, "pattern": column.pattern}
        return self._anything(FieldDef.model_validate({"type": column.type, **bounds}), dice, soon)

    def _somebody(self, kind: str, dice: Dice) -> Json:
        """A person, team, service or asset; of a plural a list of one. Nothing where there is none."""
        there: dict[str, Sequence[str]] = {
            "person": self._organisation.requesters,
            "people": self._organisation.requesters,
            "team": self._teams,
            "service": list(self._organisation.services),
            "asset": ["asset-1"],
            "attachment": ["attachment-1"],
        }
        found = there.get(kind.removesuffix("s"), ())
        if not found:
            return None
        one = found[int(dice() * len(found))]
        return [one] if kind.endswith("s") or kind in ("people", "attachment") else one


def _chosen(declared: FieldDef, chances: Json, values: Mapping[str, Json], dice: Dice) -> str | None:
    """An option by the chances of the profile, of those that are offered here."""
    offered = list(declared.options)
    if declared.by is not None:
        listed = declared.offer.get(str(values.get(declared.by)), declared.offer.get("else"))
        offered = offered if listed is None else list(listed)
    if isinstance(chances, str):
        return chances if chances in offered else None
    if not offered:
        return None
    weights = chances if isinstance(chances, dict) else {}
    likely = [(one, float(str(weights.get(one, 0)))) for one in offered]
    even = [(one, 1.0) for one in offered]
    return weighted(dice, likely if any(weight for _, weight in likely) else even)


def _fitting(declared: FieldDef) -> str | None:
    """A word that a text field takes; nothing for one with a pattern, which only its owner can meet."""
    if declared.pattern:
        return None
    return WORD if declared.max is None else WORD[: int(declared.max)]


def drawn(chances: Json, dice: Dice) -> Json:
    """A value by the chances of a profile: weights of values, an amount by chance, or always the same."""
    if not isinstance(chances, dict):
        return chances
    how = next((name for name in AMOUNTS if name in chances), None)
    if how is not None:
        return _amount(how, chances[how], dice)
    choice = weighted(dice, [(name, float(str(weight))) for name, weight in chances.items()])
    return {"true": True, "false": False}.get(choice, choice)


def _amount(how: str, numbers: Json, dice: Dice) -> int:
    if how == "uniform" and isinstance(numbers, list):
        return int(uniform(dice, float(str(numbers[0])), float(str(numbers[1])) + 1))
    if how == "lognormal" and isinstance(numbers, dict):
        return int(lognormal(dice, float(str(numbers["median"])), float(str(numbers["p90"]))))
    return int(exponential(dice, float(str(numbers))))


class _Form:
    """`ticket` as the conditions of a form see it: what is being written over what is there."""

    __slots__ = ("_definition", "_organisation", "_person", "_ticket", "_values")

    def __init__(
        self,
        definition: Definition,
        organisation: Organisation,
        ticket: Ticket | None,
        values: dict[str, Json],
        person: str,
    ) -> None:
        self._definition = definition
        self._organisation = organisation
        self._ticket = ticket
        self._values = values
        self._person = person

    def get(self, name: str) -> object:
        """A member's typed value; None when it is not set."""
        value = self._values.get(name)
        if value is None and self._ticket is not None:
            value = self._ticket.fields.get(name)
            if value is None and name in ("state", "entered_at", "opened_at", "id", "ref", "process"):
                return getattr(self._ticket, name)
        if value is None and name == "requester":
            value = self._person
        declared = self._definition.fields.get(name)
        if value is None or declared is None:
            return value
        kind = REFERENCES.get(declared.type)
        known = {f"{kind}:{value}": self._organisation.thing(f"{kind}:{value}") or {}} if kind else {}
        return typed_field(declared.type, value, known)


def corrected(values: dict[str, Json], errors: Mapping[str, str]) -> dict[str, Json]:
    """The values without what the form does not want."""
    unwanted = ("not_applicable", "unknown", "forbidden")
    return {name: value for name, value in values.items() if errors.get(name) not in unwanted}

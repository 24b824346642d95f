"""What simulated people write into forms: as the profile says, else something that fits the field."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from domain.engine.scope import typed_field
from domain.engine.ticket import Json, Ticket
from domain.engine.values import REFERENCES, instant_json
from domain.language.definition import Definition
from domain.language.models import FieldDef, FormEntry
from domain.simulation.dice import Dice, Streams, exponential, lognormal, uniform, weighted
from domain.simulation.organisation import Organisation

WORD = "simulated"
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
            value = self.value(name, declared, ticket, self._streams(f"{key}/{name}"), now)
            if value is not None:
                values[name] = value
        return values

    def _applies(self, condition: str, ticket: Ticket | None, values: dict[str, Json], person: str) -> bool:
        scope = {"ticket": _Form(self._definition, self._organisation, ticket, values, person)}
        blank: dict[str, object] = dict.fromkeys(
            ("event", "clock", "task", "link", "links", "approval", "check")
        )
        return self._definition.expression(condition)({**blank, "actor": None, "now": None, **scope}) is True

    def value(self, name: str, declared: FieldDef, ticket: Ticket | None, dice: Dice, now: datetime) -> Json:
        """One value; None when nothing fits."""
        chances = self._chances.get(name)
        if ticket is not None and name in _KEPT and ticket.fields.get(name):
            return ticket.fields[name]
        if chances is not None:
            return drawn(chances, dice)
        return self._anything(declared, dice, now)

    def _anything(self, declared: FieldDef, dice: Dice, now: datetime) -> Json:
        match declared.type:
            case "text" | "note":
                return _fitting(declared)
            case "choice":
                return weighted(dice, [(option, 1.0) for option in declared.options or {}])
            case "choices":
                return [weighted(dice, [(option, 1.0) for option in declared.options or {}])]
            case "boolean":
                return dice() < 0.5
            case "number" | "money":
                low = declared.min or 0
                return int(uniform(dice, low, low + 100 if declared.max is None else declared.max))
            case "date":
                return (now + timedelta(days=7)).date().isoformat()
            case "datetime":
                return instant_json(now + timedelta(days=7))
            case "duration":
                return "1h"
            case "email":
                return "somebody@example.com"
            case "url":
                return "https://example.com/"
            case _:
                return self._somebody(declared.type, dice)

    def _somebody(self, kind: str, dice: Dice) -> Json:
        """A person, team, service or asset, or a list of one."""
        people = self._organisation.requesters
        match kind:
            case "person":
                return people[int(dice() * len(people))]
            case "people":
                return [people[int(dice() * len(people))]]
            case "team":
                return weighted(dice, [(team, 1.0) for team in self._teams]) if self._teams else None
            case "service":
                services = list(self._organisation.services)
                return weighted(dice, [(one, 1.0) for one in services]) if services else None
            case "asset":
                return "asset-1"
            case "assets" | "attachment":
                return [f"{kind.removesuffix('s')}-1"]
            case _:
                return None


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

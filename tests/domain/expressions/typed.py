"""Random expressions that the checker accepts, and random values for what they read."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from domain.expressions import (
    BOOLEAN,
    DATE,
    DATETIME,
    DURATION,
    NUMBER,
    TEXT,
    TIME,
    Functions,
    Scope,
    Type,
    choice_of,
    list_of,
    object_of,
    standard_functions,
)

IMPACTS, KINDS = ("low", "medium", "high"), ("network", "vpn", "mail", "中文")
IMPACT, KIND = choice_of(*IMPACTS), choice_of(*KINDS)
TEAM = object_of("team", {"id": TEXT, "size": NUMBER, "on_duty": BOOLEAN})
PERSON = object_of("person", {"id": TEXT, "vip": BOOLEAN, "team": TEAM, "in": TEXT})
ROW = object_of("row", {"kind": KIND, "amount": NUMBER, "wanted_on": DATE, "tags": list_of(TEXT)})
TICKET = object_of(
    "ticket",
    {
        "impact": IMPACT,
        "category": KIND,
        "title": TEXT,
        "cost": NUMBER,
        "count": NUMBER,
        "major": BOOLEAN,
        "opened_at": DATETIME,
        "due": DATETIME,
        "first_day": DATE,
        "last_day": DATE,
        "starts": TIME,
        "waited": DURATION,
        "caller": PERSON,
        "tags": list_of(TEXT),
        "kinds": list_of(KIND),
        "scores": list_of(NUMBER),
        "days": list_of(DATE),
        "rows": list_of(ROW),
    },
)
NAMES: dict[str, Type] = {
    "ticket": TICKET,
    "now": DATETIME,
    "limit": NUMBER,
    "caller": PERSON,
    "words": list_of(TEXT),
}
ORDERED = (NUMBER, TEXT, DATETIME, DATE, TIME, DURATION)
PLAIN = (*ORDERED, BOOLEAN, IMPACT, KIND)
LISTS = (list_of(TEXT), list_of(NUMBER), list_of(KIND), list_of(DATE), list_of(ROW))
MISSING = object()


def a_scope(functions: Functions | None = None) -> Scope:
    """What the expressions of this page may read."""
    return Scope(NAMES, functions or standard_functions())


class Expressions:
    """Writes random expressions of a wanted type; the same random numbers give the same texts."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self._names = dict(NAMES)
        self._known: dict[Type, list[str]] = {}

    def any_text(self, depth: int = 4) -> str:
        """An expression of any type, most often a condition."""
        wanted = self._random.choice([BOOLEAN, BOOLEAN, BOOLEAN, *PLAIN, *LISTS])
        return self.text(wanted, self._random.randint(1, depth))

    def text(self, wanted: Type, depth: int) -> str:
        """An expression of a type, with at most so many levels."""
        if depth <= 0 or self._random.random() < 0.12:
            return self._leaf(wanted)
        if self._random.random() < 0.12:
            return self._general(wanted, depth - 1)
        make = {
            "boolean": self._boolean,
            "number": self._number,
            "text": self._text,
            "choice": self._choice,
            "datetime": self._datetime,
            "date": self._date,
            "time": self._leaf_of_time,
            "duration": self._duration,
            "list": self._list,
            "object": self._object,
        }[wanted.kind]
        return make(wanted, depth - 1)

    # ---- leaves

    def _leaf(self, wanted: Type) -> str:
        places = list(self._places(wanted))
        if places and (wanted.kind == "object" or self._random.random() < 0.65):
            return self._random.choice(places)
        return "ticket.rows[0]" if wanted == ROW else self._literal(wanted)

    def _places(self, wanted: Type) -> list[str]:
        """Every place that holds a value of this type."""
        local = {name: given for name, given in self._names.items() if name not in NAMES}
        return [*self._open_places(wanted), *places(local, wanted)]

    def _open_places(self, wanted: Type) -> list[str]:
        """Places that may hold any text: the elements of a list of literals hold only those."""
        if wanted not in self._known:
            self._known[wanted] = places(NAMES, wanted)
        return self._known[wanted]

    def _literal(self, wanted: Type) -> str:
        pick = self._random.choice
        if wanted.kind == "list":
            assert wanted.item is not None
            if wanted.item.kind == "object":
                return self._leaf(wanted)
            return f"[{', '.join(self._literal(wanted.item) for _ in range(self._random.randint(1, 3)))}]"
        if wanted.kind in ("text", "choice"):
            options = wanted.options or (
                "",
                "a",
                "vpn",
                "VPN is down",
                'a "quote"',
                "\\",
                "中文",
                "ü\n",
                "🙂",
            )
            return _quoted(pick(options))
        return {
            "boolean": lambda: pick(["true", "false"]),
            "number": lambda: pick(["0", "1", "2", "3", "10", "-1", "0.5", "2.25", "1000", "7"]),
            "datetime": lambda: f'datetime("{self._day()} {self._wall_time()}")',
            "date": lambda: f'date("{self._day()}")',
            "time": lambda: f'time("{self._wall_time()}")',
            "duration": lambda: pick(["4h", "30m", "1h30m", "2d", "1w", "0s", "45s"]),
        }[wanted.kind]()

    def _day(self) -> str:
        return f"{self._random.randint(1990, 2040)}-{self._random.randint(1, 12):02}-{self._random.randint(1, 28):02}"

    def _wall_time(self) -> str:
        return f"{self._random.randint(0, 23):02}:{self._random.randint(0, 59):02}"

    # ---- every type

    def _general(self, wanted: Type, depth: int) -> str:
        one, other = self.text(wanted, depth), self.text(wanted, depth)
        if self._random.random() < 0.5:
            return f"(if {self.text(BOOLEAN, depth)} then {one} else {other})"
        return f"({one} ?? {other})"

    # ---- by type

    def _boolean(self, wanted: Type, depth: int) -> str:
        pick = self._random.choice
        kind = self._random.randint(0, 10)
        if kind <= 1:
            word = pick([" and ", " or ", " && ", " || "])
            return f"({word.join(self.text(BOOLEAN, depth) for _ in range(self._random.randint(2, 3)))})"
        if kind == 2:
            return f"{pick(['not ', '!'])}({self.text(BOOLEAN, depth)})".join("()")
        if kind <= 4:
            return self._equality(pick([*PLAIN, *LISTS]), depth)
        if kind == 5:
            ordered = pick(ORDERED)
            return f"({self.text(ordered, depth)} {pick(['<', '<=', '>', '>='])} {self.text(ordered, depth)})"
        if kind == 6:
            item = pick([TEXT, NUMBER, DATE])
            one = pick(self._open_places(TEXT)) if item == TEXT else self.text(item, depth)
            among = "[]" if self._random.random() < 0.05 else self.text(list_of(item), depth)
            return f"({one} {pick(['in', 'not in'])} {among})"
        if kind == 7:
            method = pick(["contains", "startsWith", "endsWith"])
            return f"({self.text(TEXT, depth)}).{method}({self.text(TEXT, depth)})"
        if kind == 8:
            return f"({self.text(pick([*PLAIN, TEAM, ROW]), depth)} {pick(['==', '!='])} null)"
        return self._over_a_list(pick(["exists", "all"]), pick(LISTS), BOOLEAN, depth)

    def _equality(self, wanted: Type, depth: int) -> str:
        left, right = self.text(wanted, depth), self.text(wanted, depth)
        if wanted.kind in (
            "text",
            "choice",
        ):  # both being literals may have no value in common, which the checker reports
            left = self._random.choice(self._open_places(wanted))
        return f"({left} {self._random.choice(['==', '!='])} {right})"

    def _over_a_list(self, macro: str, over: Type, result: Type, depth: int) -> str:
        source = self.text(over, depth)
        variable = self._random.choice(
            [name for name in ("x", "y", "row", "_1", "e") if name not in self._names]
        )
        before = self._names
        self._names = {**before, variable: over.item or TEXT}
        body = self.text(result, depth)
        self._names = before
        return f"({source}).{macro}({variable}, {body})"

    def _number(self, wanted: Type, depth: int) -> str:
        pick = self._random.choice
        kind = self._random.randint(0, 8)
        one, other = self.text(NUMBER, depth), self.text(NUMBER, depth)
        if kind <= 2:
            return f"({one} {pick('+-*/')} {other})"
        if kind == 3:
            return pick([f"min({one}, {other})", f"max({one}, {other}, 2)", f"(-({one}))", f"abs({one})"])
        if kind == 4:
            return pick([f"round({one})", f"round({one}, 1)", f"round({one}, 2)"])
        if kind == 5:
            return pick(
                [f"size({self.text(pick([TEXT, *LISTS]), depth)})", f"({self.text(TEXT, depth)}).size()"]
            )
        if kind == 6:  # of decimals the last digits differ
            return f"({self._whole(depth)} % {self._whole(depth)})"
        if kind == 7:
            when = pick([DATE, DATETIME])
            part = pick(["year", "month", "day"]) if when is DATE else pick(["year", "month", "day", "hour"])
            return f"{part}({self.text(when, depth)})"
        scores = self.text(list_of(NUMBER), depth)
        return pick([f"min({scores})", f"max({scores})", f"({scores})[{one}]", f"({scores})[0]"])

    def _whole(self, depth: int) -> str:
        pick = self._random.choice
        return pick([pick(["0", "1", "2", "7", "-3", "-10"]), f"round({self.text(NUMBER, depth)})"])

    def _text(self, wanted: Type, depth: int) -> str:
        kind = self._random.randint(0, 3)
        if kind == 0:
            return f"({self.text(TEXT, depth)} + {self.text(TEXT, depth)})"
        if kind == 1:
            return f"({self.text(list_of(TEXT), depth)})[{self.text(NUMBER, depth)}]"
        if kind == 2:
            return f'({self.text(PERSON, depth)})["{self._random.choice(["id", "in"])}"]'
        return f"({self.text(TEAM, depth)}).id"

    def _choice(self, wanted: Type, depth: int) -> str:
        if wanted == KIND and self._random.random() < 0.5:
            return f"({self.text(ROW, depth)}).kind"
        return self._leaf(wanted)

    def _datetime(self, wanted: Type, depth: int) -> str:
        duration, moment = self.text(DURATION, depth), self.text(DATETIME, depth)
        return self._random.choice(
            [f"({moment} + {duration})", f"({duration} + {moment})", f"({moment} - {duration})",
             f"min({moment}, {self.text(DATETIME, depth)})", f"datetime({moment})"]
        )  # fmt: skip

    def _date(self, wanted: Type, depth: int) -> str:
        day = self.text(DATE, depth)
        return self._random.choice(
            [f"({day} {self._random.choice('+-')} {self.text(DURATION, depth)})", f"max({day}, {day})",
             f"date({self.text(DATETIME, depth)})", f"({self.text(list_of(DATE), depth)})[0]", f"date({day})"]
        )  # fmt: skip

    def _leaf_of_time(self, wanted: Type, depth: int) -> str:
        return self._leaf(TIME)

    def _duration(self, wanted: Type, depth: int) -> str:
        one, other = self.text(DURATION, depth), self.text(DURATION, depth)
        moments = self._random.choice([DATE, DATETIME])
        return self._random.choice(
            [f"({one} + {other})", f"({one} - {other})", f"abs({one})", f"(-({one}))", f"max({one}, {other})",
             f"({self.text(moments, depth)} - {self.text(moments, depth)})"]
        )  # fmt: skip

    def _list(self, wanted: Type, depth: int) -> str:
        assert wanted.item is not None
        pick = self._random.choice
        kind = self._random.randint(0, 3)
        if kind == 0 and wanted.item.kind != "object":
            return f"[{', '.join(self.text(wanted.item, depth) for _ in range(self._random.randint(1, 3)))}]"
        if kind == 1:
            return f"({self.text(wanted, depth)} + {self.text(wanted, depth)})"
        if kind == 2 and wanted.item.kind not in ("object", "choice"):
            return self._over_a_list("map", pick(LISTS), wanted.item, depth)
        return self._over_a_list("filter", wanted, BOOLEAN, depth)

    def _object(self, wanted: Type, depth: int) -> str:
        if wanted.name == "row":
            return f"({self.text(list_of(ROW), depth)})[{self._random.choice(['0', '1', self.text(NUMBER, depth)])}]"
        return f"({self.text(PERSON, depth)}).team" if wanted.name == "team" else self._leaf(wanted)


def places(names: dict[str, Type], wanted: Type) -> list[str]:
    """Where values of a type can be read, such as `ticket.caller.id`."""
    found = []
    todo = list(names.items())
    for path, given in todo:
        if _same(given, wanted):
            found.append(path)
        if given.kind == "object" and path.count(".") < 3:
            members = given.all_members() or {}
            todo += [(_member(path, name), member) for name, member in members.items()]
    return found


def a_value(random: Random, wanted: Type, depth: int = 0) -> Any:
    """A value of a type: often null, a member sometimes missing altogether."""
    if depth and random.random() < 0.22:
        return None
    if wanted.kind == "object":
        members = (wanted.all_members() or {}).items()
        values = {name: a_value(random, member, depth + 1) for name, member in members}
        return {name: value for name, value in values.items() if random.random() > 0.1}
    if wanted.kind == "list":
        return [a_value(random, wanted.item or TEXT, depth + 1) for _ in range(random.randint(0, 3))]
    if wanted.options:
        return random.choice(wanted.options)
    moment = datetime(random.randint(1990, 2040), 1, 1, tzinfo=UTC) + timedelta(
        minutes=random.randint(0, 527_040)
    )
    make: dict[str, Callable[[], Any]] = {
        "boolean": lambda: random.random() < 0.5,
        "number": lambda: random.choice(
            [random.randint(-5, 5), random.randint(0, 2000), random.randint(-40, 40) / 4]
        ),
        "text": lambda: random.choice(["", "a", "vpn", "the VPN", "中文", "🙂ü", 'a "quote"']),
        "datetime": lambda: moment,
        "date": moment.date,
        "time": moment.time,
        "duration": lambda: timedelta(minutes=random.choice([0, 30, 240, 1440, random.randint(-9999, 9999)])),
    }
    return make[wanted.kind]()


def values(random: Random) -> dict[str, Any]:
    """Values for every name of the scope."""
    return {name: a_value(random, wanted, depth=1) for name, wanted in NAMES.items()}


def _same(given: Type, wanted: Type) -> bool:
    if given.kind != wanted.kind or given.options != wanted.options or given.name != wanted.name:
        return False
    if given.item is None or wanted.item is None:
        return given.item is wanted.item
    return _same(given.item, wanted.item)


def _member(path: str, name: str) -> str:
    return f'{path}["{name}"]' if name == "in" else f"{path}.{name}"


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'

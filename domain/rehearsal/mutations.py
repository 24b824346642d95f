"""One change at a time: every small mistake that could be made in a definition, made on its nodes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Literal, get_args, get_origin

from domain.calendars import ALWAYS_NAME
from domain.language.checks_conditions import exclude_each_other
from domain.language.loader import Loaded
from domain.language.models import (
    Adjust,
    Branch,
    CalendarDef,
    CalendarRef,
    Clock,
    Dur,
    Effect,
    EscStep,
    Expr,
    FieldDef,
    Http,
    LevelRef,
    Link,
    Message,
    Migrate,
    Model,
    Notification,
    Parallel,
    Quorum,
    Retry,
    Route,
    Script,
    Selector,
    Skip,
    Stage,
    StateRef,
    StatesRef,
    Threshold,
    Transition,
    Window,
    Word,
)
from domain.language.places import Path, spelled
from domain.language.unused import checking_of, unused_items
from domain.language.yaml_source import Mark, Node
from domain.rehearsal.mutated_text import (
    changed_expressions,
    changed_lengths,
    changed_quorum,
    changed_threshold,
)
from domain.rehearsal.unnoticeable import is_unnoticeable

Edit = Callable[[Node], Node]

UNSEEN = (CalendarDef, Http, Link, Message, Migrate, Notification, Retry, Script, Window)
"""What no case can see: texts, addresses, attempts; and calendars, which have tests of their own."""

WORDS_ONLY = frozenset(
    {"label", "help", "description", "title", "otherwise", "because", "message", "note", "comment", "text"}
    | {"kind", "lang", "id", "version", "owner", "number", "locales", "uses", "extends", "abstract", "meta"}
    | {"channels", "type", "options", "skills", "time_zone", "levels", "internal", "inverse"}
    | {"template", "retry"}
)
"""Keys that only name or describe, or (`retry`) speak of what no case plays."""

ORDERED = (Adjust, Branch, EscStep, Parallel, Route, Skip, Stage)
"""Rows of which an earlier one goes before a later one."""

NOBODY = Selector("person:nobody")
EVERYBODY = Selector("everyone")


@dataclass(frozen=True, slots=True)
class Mutation:
    """One change: where it stands, what it was, what it is now ("" when it was removed)."""

    path: Path
    mark: Mark
    old: str
    new: str
    inside: Path  # the node that `edit` makes anew
    edit: Edit

    @property
    def what(self) -> str:
        """Where and what in one line, such as `clocks.response.target.P1: 1h → 2h`."""
        return (
            f"{spelled(self.path)}: {_short(self.old)} {'→ ' + _short(self.new) if self.new else 'removed'}"
        )

    def applied(self, root: Node) -> Node:
        """The nodes with this change; `root` stays as it is."""
        return _edited(root, self.inside, self.edit)


def mutations(loaded: Loaded, files: frozenset[str]) -> list[Mutation]:
    """Every change of what stands in these files, in the order of their lines.

    What nothing uses and what no case could notice is left out.
    """
    assert loaded.process is not None and loaded.root is not None, "only what loads can be changed"
    order = {name: index for index, name in enumerate(loaded.sources)}
    found = [
        one
        for one in _Finder(loaded).model(loaded.process, ())
        if one.mark.file in files and not is_unnoticeable(loaded.process, one.path, one.old, one.new)
    ]
    return sorted(found, key=lambda one: (order[one.mark.file], one.mark.line, one.mark.column))


def _edited(node: Node, path: Path, edit: Edit) -> Node:
    if not path:
        return edit(node)
    part, rest = path[0], path[1:]
    value: Any = node.value
    if isinstance(value, dict):
        copy: Any = {**value, part: _edited(value[part], rest, edit)}
    else:
        copy = [*value]
        copy[int(part)] = _edited(value[part], rest, edit)
    return Node(copy, node.mark, node.key)


def _short(text: str) -> str:
    return text if len(text) <= 70 else text[:69] + "…"


class _Finder:
    def __init__(self, loaded: Loaded) -> None:
        assert loaded.process is not None and loaded.root is not None
        self.process = loaded.process
        self.root = loaded.root
        self.unused = unused_items(loaded)
        self.checking = checking_of(loaded)
        self.states = list(self.process.states)

    # ---- nodes

    def written(self, path: Path) -> tuple[Path, Node]:
        """The deepest node on a path, with its path: shorthand leaves parts of a model's path out."""
        node = self.root
        found: list[str | int] = []
        for part in path:
            value = node.value
            if isinstance(value, dict) and part in value:
                node = value[str(part)]
            elif isinstance(value, list) and isinstance(part, int) and part < len(value):
                node = value[part]
            else:
                continue
            found.append(part)
        return tuple(found), node

    def changed(self, path: Path, old: str, values: Iterator[Any]) -> Iterator[Mutation]:
        """The scalar at a path with other values."""
        written, node = self.written(path)
        if isinstance(node.value, dict | list):
            return
        for value in values:
            yield Mutation(written, node.mark, old, _show(value), written, _replacing(value))

    def removed(self, path: Path, old: str) -> Iterator[Mutation]:
        """A mapping without a key, a list without an item; nothing when the path is not written so."""
        written, node = self.written(path)
        if written and written[-1] == path[-1]:
            yield Mutation(written, node.place, old, "", written[:-1], _without(path[-1]))

    # ---- models

    def model(self, model: Model, path: Path) -> Iterator[Mutation]:
        if isinstance(model, UNSEEN) or (len(path) == 2 and (str(path[0]), str(path[1])) in self.unused):
            return
        for name, field in type(model).model_fields.items():
            key = field.alias or name
            if name not in model.model_fields_set or key in WORDS_ONLY:
                continue
            value, here = getattr(model, name), (*path, key)
            if isinstance(model, Effect) and name == "set" and value:
                yield from self.settings(value, here)
                continue
            if not field.is_required() and _is_part(model, name, value):
                yield from self.removed(here, _show(value) if isinstance(value, str) else key)
            if isinstance(value, Quorum):
                yield from self.changed(here, value.approve, changed_quorum(value.approve))
            elif isinstance(model, Quorum) and key == "approve":
                yield from self.changed(here, value, changed_quorum(value))
            elif isinstance(value, str) and not isinstance(value, Word):
                options = _options_of(field.annotation)
                if value in options and key != "pick":  # in a case nobody has other work: all ways pick alike
                    yield from self.changed(here, value, iter([_next(value, options)]))
                elif isinstance(model, Route) and name == "team":
                    yield from self.team(value, here)
            elif isinstance(model, Route) and name == "team":
                yield from self.team(str(value), here)
            else:
                yield from self.value(model, value, here)

    def value(self, owner: Model, value: Any, path: Path) -> Iterator[Mutation]:
        if isinstance(value, Word):
            yield from self.word(value, path)
        elif isinstance(value, bool):
            yield from self.flag(value, path)
        elif isinstance(value, int | float):
            yield from self.changed(path, _show(value), iter([value + 1, value - 1]))
        elif isinstance(value, Model):
            yield from self.model(value, path)
        elif isinstance(value, dict):
            for name, child in value.items():
                yield from self.value(owner, child, (*path, name))
        elif isinstance(value, tuple):
            yield from self.several(owner, value, path)

    def flag(self, value: bool, path: Path) -> Iterator[Mutation]:  # noqa: FBT001  # it is the value itself
        _, node = self.written(path)
        if node.value in ("required", "optional"):  # a form's shorthand
            other = "optional" if node.value == "required" else "required"
            yield from self.changed(path, str(node.value), iter([other]))
        elif node.value is value:
            yield from self.changed(path, _show(value), iter([not value]))

    def word(self, word: Word, path: Path) -> Iterator[Mutation]:
        if isinstance(word, Dur):
            yield from self.changed(path, word, changed_lengths(word))
        elif isinstance(word, Expr):
            yield from self.changed(path, word, changed_expressions(word))
        elif isinstance(word, CalendarRef):
            others = [name for name in (ALWAYS_NAME, *self.process.calendars) if name != word]
            yield from self.changed(path, word, iter(others[:1]))
        elif isinstance(word, LevelRef) and self.process.priority:
            yield from self.changed(path, word, iter([_next(word, list(self.process.priority.levels))]))
        elif isinstance(word, StateRef) and word in self.states and len(self.states) > 1:
            yield from self.changed(path, word, iter([_next(word, self.states)]))
        elif isinstance(word, Selector):
            yield from self.changed(path, word, iter([NOBODY]))

    def team(self, team: str, path: Path) -> Iterator[Mutation]:
        teams = list(dict.fromkeys(str(row.team) for row in self.process.routing))
        if team in teams and len(teams) > 1:
            yield from self.changed(path, team, iter([_next(team, teams)]))

    # ---- lists

    def several(self, owner: Model, items: tuple[Any, ...], path: Path) -> Iterator[Mutation]:
        _, node = self.written(path)
        if all(isinstance(item, Word) for item in items):
            yield from self.words(owner, items, path)
            return
        for index, item in enumerate(items):
            if isinstance(item, Threshold):
                yield from self.threshold(item, path)
                continue
            here = (*path, index)
            if isinstance(node.value, list) and isinstance(item, Model):
                if len(items) > 1 or isinstance(item, Effect):
                    yield from self.removed(here, _row(item))
                if (
                    isinstance(item, ORDERED)
                    and index + 1 < len(items)
                    and self.order_means(items, index, path)
                ):
                    mark = node.value[index].mark
                    old, new = f"row {index + 1}", f"after row {index + 2}"
                    yield Mutation(here, mark, old, new, self.written(path)[0], _swapping(index))
            yield from self.value(owner, item, here)

    def order_means(self, items: tuple[Any, ...], index: int, path: Path) -> bool:
        """Whether a row and the next may both fit: of rows that exclude each other either is taken in any order."""
        both = [getattr(one, "if_", None) for one in items[index : index + 2]]
        return not exclude_each_other(self.checking, (*path, index), both)

    def words(self, owner: Model, items: tuple[Word, ...], path: Path) -> Iterator[Mutation]:
        written, node = self.written(path)
        if isinstance(node.value, list) and len(items) > 1:
            for index, item in enumerate(items):
                yield from self.removed((*path, index), item)
        elif items and isinstance(items[0], StatesRef) and items[0] in self.states:
            yield from self.changed((*path, 0), items[0], iter([_next(items[0], self.states)]))
        elif items and isinstance(items[0], Selector):
            yield from self.changed((*path, 0), items[0], iter([NOBODY]))
        if isinstance(owner, Transition) and path[-1] == "who" and EVERYBODY not in items:
            shown = ", ".join(items)
            yield Mutation(written, node.mark, shown, EVERYBODY, written, _replacing(str(EVERYBODY)))
        if (
            isinstance(owner, Transition)
            and path[-1] == "from"
            and "any" not in items
            and not _by_approval(owner)
        ):
            yield Mutation(written, node.mark, ", ".join(items), "any", written, _replacing("any"))

    def threshold(self, one: Threshold, path: Path) -> Iterator[Mutation]:
        here = (*path, one.label)
        written, node = self.written(here)
        if written != here:
            return
        taken = self.written(path)[1].value
        for label in changed_threshold(one.label):
            if label not in taken:
                yield Mutation(here, node.place, one.label, label, path, _renaming(one.label, label))
        yield from self.several(one, one.do, here)

    def settings(self, values: dict[str, Any], path: Path) -> Iterator[Mutation]:
        """What `set` sets: each left out, and flags, numbers and options changed."""
        for name, value in values.items():
            here = (*path, name)
            if len(values) > 1:
                yield from self.removed(here, name)
            declared = self.process.fields.get(name)
            if isinstance(value, bool):
                yield from self.flag(value, here)
            elif isinstance(value, int | float):
                yield from self.changed(here, _show(value), iter([value + 1]))
            elif declared is not None and value in declared.options and len(declared.options) > 1:
                yield from self.changed(here, str(value), iter([_next(str(value), list(declared.options))]))


def _by_approval(transition: Transition) -> bool:
    """Whether it only hears of an approval, which is told nowhere else than where it is asked for."""
    return bool(transition.when) and all(event.startswith("approval.") for event in transition.when or ())


def _is_part(model: Model, name: str, value: Any) -> bool:
    """Whether leaving a key out is a change of its own: lengths, numbers and lists are changed in smaller steps."""
    if value in (None, (), {}) or isinstance(value, bool | int | float | Dur):
        return False
    if isinstance(value, tuple):
        return len(value) == 1 and isinstance(value[0], Word)
    if isinstance(model, Effect):
        return name == "if_"
    if isinstance(model, FieldDef | Clock) and isinstance(value, dict):
        return False
    return isinstance(value, str | Model)


def _row(item: Model) -> str:
    """A row or action in a few words."""
    if isinstance(item, Effect):
        return f"the action `{item.verb}`"
    return "the row"


def _options_of(annotation: Any) -> list[str]:
    """The words a field may have; none when it is free."""
    if get_origin(annotation) is Literal:
        return [str(one) for one in get_args(annotation)]
    return [word for part in get_args(annotation) for word in _options_of(part)]


def _next(value: str, options: list[str]) -> str:
    return options[(options.index(value) + 1) % len(options)]


def _show(value: Any) -> str:
    return {True: "true", False: "false"}[value] if isinstance(value, bool) else str(value)


def _replacing(value: Any) -> Edit:
    plain = str(value) if isinstance(value, str) else value
    return lambda node: Node(plain, node.mark, node.key)


def _without(part: str | int) -> Edit:
    def edit(node: Node) -> Node:
        if isinstance(node.value, dict):
            return Node(
                {name: child for name, child in node.value.items() if name != part}, node.mark, node.key
            )
        return Node([child for i, child in enumerate(node.value) if i != part], node.mark, node.key)

    return edit


def _swapping(index: int) -> Edit:
    def edit(node: Node) -> Node:
        rows = [*node.value]
        rows[index], rows[index + 1] = rows[index + 1], rows[index]
        return Node(rows, node.mark, node.key)

    return edit


def _renaming(old: str, new: str) -> Edit:
    return lambda node: Node(
        {new if name == old else name: child for name, child in node.value.items()}, node.mark, node.key
    )

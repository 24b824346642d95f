"""Which rule holds for a task: those of the file, one for each element of a list, those that people add.

The task `grant` with `for_each` has one task for each element, `grant.1`, `grant.2`…; what people add is called
`adhoc.1`, `adhoc.2`… Numbers are never given twice, so that a late result is told apart.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from domain.engine.ticket import Task
from domain.language.definition import Definition
from domain.language.models import Task as Rule
from domain.language.names import ADHOC

TITLE = "title"
"""What the title people gave is called in the label of a task they added: it is shown, never read as a template."""


def base_of(name: str) -> str:
    """What the file calls a task."""
    return name.partition(".")[0]


def is_one_of_several(name: str) -> bool:
    """Whether it is for one element of a list, or was added by people."""
    return "." in name


def find_rule(definition: Definition, name: str) -> Rule | None:
    """The rule of a task; None when the definition knows none."""
    base = base_of(name)
    rule = definition.process.tasks.get(base)
    added = definition.process.adhoc_tasks
    if rule is None and base == ADHOC and added is not None:
        return added.task
    return rule


def rule_of(definition: Definition, name: str) -> Rule:
    """The rule of a task that the ticket has. Raises KeyError when there is none."""
    rule = find_rule(definition, name)
    if rule is None:
        raise KeyError(name)
    return rule


def path_of(definition: Definition, name: str) -> str:
    """Where that rule stands."""
    base = base_of(name)
    return f"tasks.{base}" if base in definition.process.tasks else "adhoc_tasks"


def is_group(definition: Definition, name: str) -> bool:
    """Whether it stands for one task per element of a list."""
    rule = definition.process.tasks.get(name)
    return rule is not None and rule.for_each is not None


def of_group(tasks: Mapping[str, Task], base: str) -> list[str]:
    """The tasks of a list, or those people added, in the order of their numbers."""
    start = f"{base}."
    return sorted((name for name in tasks if name.startswith(start)), key=number_of)


def number_of(name: str) -> int:
    """The number of a task among those of its list."""
    number = name.partition(".")[2]
    return int(number) if number.isdecimal() else 0


def next_name(tasks: Iterable[str], base: str) -> str:
    """What the next task of a list is called."""
    used = [number_of(name) for name in tasks if base_of(name) == base]
    return f"{base}.{max(used, default=0) + 1}"


def label_of(rule: Rule, name: str) -> dict[str, str]:
    """What a task is called, by locale; {{ }} in it are filled with what `task.shown` has.

    For an element of a list the label reads it, or has it at its end.
    """
    label = dict(rule.label or {"*": base_of(name)})
    if not is_one_of_several(name):
        return label
    if rule.for_each is None:  # people added it
        return {"*": f"{{{{ {TITLE} }}}}"}
    if any("{{" in text for text in label.values()):
        return label
    return {locale: f"{text}: {{{{ {rule.as_} }}}}" for locale, text in label.items()}

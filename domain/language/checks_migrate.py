"""Where tickets of older versions land: each version once, and fields that can be given a value."""

from __future__ import annotations

from collections.abc import Iterator

from domain.language.checking import Checking
from domain.language.models import Process
from domain.language.places import Path
from domain.language.suggest import did_you_mean


def check_migrate(checking: Checking) -> None:
    """What can be said of `migrate` without the older versions themselves."""
    seen: set[int] = set()
    for index, line in enumerate(checking.process.migrate):
        path = ("migrate", index)
        if line.from_ in seen:
            checking.error(
                (*path, "from"), f"version {line.from_} has a line above already; put both into one"
            )
        elif line.from_ >= checking.process.version:
            message = f"version {line.from_} is not older than this one, {checking.process.version}"
            checking.error((*path, "from"), f"{message}; raise `version`, or correct the number")
        seen.add(line.from_)
        for name in line.fields:
            if name not in checking.names.fields:
                checking.unknown((*path, "fields", name), "field", name, checking.names.fields, key=True)
            elif (declared := checking.names.field_defs.get(name)) is not None and declared.compute:
                message = f'"{name}" is computed; leave it out: it is computed anew'
                checking.error((*path, "fields", name), message, key=True)


def version_problems(old: Process, new: Process) -> Iterator[tuple[Path, str]]:
    """What a line of `migrate` leaves open or names wrongly, compared with the version it speaks of."""
    for index, line in enumerate(new.migrate):
        if line.from_ != old.version:
            continue
        path = ("migrate", index)
        for section, names in (("states", line.states), ("clocks", line.clocks), ("tasks", line.tasks)):
            there = getattr(old, section)
            for name in names:
                if name not in there:
                    hint = did_you_mean(name, there)
                    yield (
                        (*path, section, name),
                        f'version {old.version} has no {section[:-1]} "{name}"{hint}',
                    )
        for name, state in old.states.items():
            if name not in new.states and name not in line.states and state.category != "closed":
                yield (
                    (*path, "states"),
                    f'version {old.version} has a state "{name}"; say under `states` where its tickets go',
                )

"""Fields, forms, priority, permissions: declared once, complete, and of fitting types."""

from __future__ import annotations

from domain.expressions import names_read
from domain.language.builtin_fields import DERIVED, STORED
from domain.language.checking import Checking, parsed
from domain.language.checks_values import check_value, literal_problem
from domain.language.models import FieldDef, FormEntry, Priority, Stage, Task
from domain.language.patterns import PatternError, pattern
from domain.language.places import Path
from domain.language.suggest import did_you_mean, one_of


def check_fields(checking: Checking) -> None:
    """Everything about what a ticket knows."""
    for name, field in checking.process.fields.items():
        _check_field(checking, name, field)
    _check_circles(checking)
    _check_forms(checking)
    if checking.process.priority is not None:
        _check_priority(checking, checking.process.priority)
    if checking.process.risk is not None and not any(
        level.from_ == 0 for level in checking.process.risk.levels.values()
    ):
        checking.error(("risk", "levels"), "no level starts at 0; give the lowest one the bound 0", key=True)


def _check_field(checking: Checking, name: str, field: FieldDef) -> None:
    path = ("fields", name)
    if name in DERIVED:
        checking.error(
            path, f'every ticket has "{name}", and it cannot be declared; take another name', key=True
        )
    builtin = STORED.get(name)
    if builtin is not None and builtin.type != field.type:
        checking.error(
            (*path, "type"), f'every ticket has "{name}" and it is {builtin.type}; take another name'
        )
    if name == "priority" and checking.process.priority is not None:
        checking.error(path, '"priority" comes from the section `priority`; take another name', key=True)
    if field.type in ("choice", "choices") and checking.lacks(path, "options"):
        checking.error(path, f'"{name}" is a {field.type} without options', key=True)
    if field.options and field.type not in ("choice", "choices"):
        checking.error(
            (*path, "options"), f"only choice and choices have options, and this is {field.type}", key=True
        )
    if field.min is not None and field.max is not None and field.min > field.max:
        checking.error((*path, "min"), f"min {field.min} is more than max {field.max}")
    if field.pattern is not None:
        try:
            pattern(field.pattern)
        except PatternError as error:
            checking.error((*path, "pattern"), f"this pattern cannot be used: {error}")
            return
    if isinstance(field.default, str) and "{{" in field.default:
        check_value(checking, (*path, "default"), name, field.default)
    elif problem := literal_problem(field, field.default):
        checking.error((*path, "default"), problem)


def _check_circles(checking: Checking) -> None:
    """Computed fields that need each other."""
    needs: dict[str, set[str]] = {}
    for name, field in checking.process.fields.items():
        ast, _ = parsed(str(field.compute)) if field.compute else (None, None)
        if ast is not None:
            needs[name] = {path[1] for path in names_read(ast) if path[0] == "ticket" and len(path) > 1}
    done: set[str] = set()

    def visit(name: str, way: tuple[str, ...]) -> None:
        if name in way:
            circle = " → ".join([*way[way.index(name) :], name])
            if not done & set(way[way.index(name) :]):
                checking.error(("fields", name, "compute"), f"computed fields go round in a circle: {circle}")
            done.update(way)
        elif name in needs and name not in done:
            for other in sorted(needs[name]):
                visit(other, (*way, name))
            done.add(name)

    for name in needs:
        visit(name, ())


def _check_forms(checking: Checking) -> None:
    process = checking.process
    for name, form in process.forms.items():
        if ("forms", name) not in checking.imported:
            _check_form(checking, ("forms", name), form)
    if isinstance(process.create.form, dict):
        _check_form(checking, ("create", "form"), process.create.form)
    for name, transition in process.transitions.items():
        if isinstance(transition.ask, dict):
            _check_form(checking, ("transitions", name, "ask"), transition.ask)
    for name, task in process.tasks.items():
        _check_asked(checking, ("tasks", name), task)
    added = process.adhoc_tasks
    if added is not None:
        for key, asked in (("form", added.form), ("ask", added.ask)):
            if isinstance(asked, dict):
                _check_form(checking, ("adhoc_tasks", key), asked)
    for name, approval in process.approvals.items():
        for index, stage in enumerate(approval.stages):
            path = ("approvals", name, "stages", index)
            if isinstance(stage, Stage):
                _check_asked(checking, path, stage)
            else:
                for inner, part in enumerate(stage.parallel):
                    _check_asked(checking, (*path, "parallel", inner), part)


def _check_asked(checking: Checking, path: Path, part: Task | Stage) -> None:
    if isinstance(part.ask, dict):
        _check_form(checking, (*path, "ask"), part.ask)
    for name, answer in part.answers.items() if isinstance(part, Stage) else ():
        if isinstance(answer.ask, dict):
            _check_form(checking, (*path, "answers", name, "ask"), answer.ask)


def _check_form(checking: Checking, path: Path, form: dict[str, FormEntry]) -> None:
    for name, entry in form.items():
        field = checking.names.field_defs.get(name)
        if name in DERIVED or (field is not None and field.compute is not None):
            checking.error((*path, name), f'"{name}" is derived and cannot be asked for', key=True)
        elif name in checking.names.links and name not in checking.names.fields:
            if entry.default is not None:
                checking.error((*path, name, "default"), "a link has no default")
        elif name not in checking.names.fields:
            known = (*checking.names.fields, *checking.names.links)
            checking.unknown((*path, name), "field", name, known, key=True)
        elif entry.default is not None:
            check_value(checking, (*path, name, "default"), name, entry.default)


def _check_priority(checking: Checking, priority: Priority) -> None:
    rows = _options(checking, ("priority", "rows"), priority.rows)
    columns = _options(checking, ("priority", "columns"), priority.columns)
    path: Path = ("priority", "matrix")
    for name, row in priority.matrix.items():
        if rows and name not in rows:
            checking.unknown((*path, name), f"option of {priority.rows}", name, rows, key=True)
        for column in row:
            if columns and column not in columns:
                checking.unknown(
                    (*path, name, column), f"option of {priority.columns}", column, columns, key=True
                )
        missing = [column for column in columns if column not in row]
        if missing:
            message = f"no priority for {priority.columns} {one_of(missing)}; add it to this row"
            checking.error((*path, name), message, key=True, code="matrix-gap")
    for name in rows:
        if name not in priority.matrix:
            message = f'no row for {priority.rows} "{name}"; add one'
            checking.error(path, message, key=True, code="matrix-gap")
    for index, adjust in enumerate(priority.adjust):
        if (adjust.raise_by is None) == (adjust.at_least is None):
            checking.error(("priority", "adjust", index), "give either raise_by or at_least")


def _options(checking: Checking, path: Path, name: str) -> list[str]:
    field = checking.names.field_defs.get(name)
    if field is None:
        return []  # unknown, or not understood: reported elsewhere
    if field.type != "choice":
        checking.error(path, f'"{name}" should be a choice field{did_you_mean(name, checking.names.fields)}')
        return []
    return list(field.options)

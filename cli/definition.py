"""`evertick definition …`: each command has a module of its own. None needs a server or imports anything that does."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import typer
from typer.core import TyperGroup

_COMMANDS = {
    "check": "check",
    "diagram": "diagram",
    "diff": "diff",
    "explain": "explain",
    "fmt": "fmt",
    "mutate": "mutate",
    "new": "new",
    "schema": "schema",
    "show": "show",
    "simulate": "simulate",
    "test": "play",
}
"""Every command, and what its module calls it."""


class _Commands(TyperGroup):
    """The commands, each imported and built when it is asked for: all of them take as long as a check."""

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        built: dict[str, Any] = dict.fromkeys(_COMMANDS)
        self.commands = built  # None: not yet

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """The command; None when there is none of this name."""
        if cmd_name in _COMMANDS and self.commands[cmd_name] is None:
            self.commands[cmd_name] = _built(cmd_name)
        return self.commands.get(cmd_name)


def _built(name: str) -> Any:
    module = import_module(f"cli.definition_{name}")
    alone = typer.Typer(add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None)
    alone.command(name, epilog=module.EXAMPLE)(getattr(module, _COMMANDS[name]))
    return typer.main.get_command(alone)


app = typer.Typer(
    cls=_Commands,
    help="Definitions: begin, check, test, try and understand them.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)

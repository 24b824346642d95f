"""`evertick definition …`: one line for each command. None needs a server or imports anything that does."""

from __future__ import annotations

import typer

from cli import (
    definition_check,
    definition_diagram,
    definition_diff,
    definition_explain,
    definition_fmt,
    definition_mutate,
    definition_new,
    definition_schema,
    definition_show,
    definition_simulate,
    definition_test,
)

app = typer.Typer(
    help="Definitions: begin, check, test, try and understand them.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)

app.command("check", epilog=definition_check.EXAMPLE)(definition_check.check)
app.command("diagram", epilog=definition_diagram.EXAMPLE)(definition_diagram.diagram)
app.command("diff", epilog=definition_diff.EXAMPLE)(definition_diff.diff)
app.command("explain", epilog=definition_explain.EXAMPLE)(definition_explain.explain)
app.command("fmt", epilog=definition_fmt.EXAMPLE)(definition_fmt.fmt)
app.command("mutate", epilog=definition_mutate.EXAMPLE)(definition_mutate.mutate)
app.command("new", epilog=definition_new.EXAMPLE)(definition_new.new)
app.command("schema", epilog=definition_schema.EXAMPLE)(definition_schema.schema)
app.command("show", epilog=definition_show.EXAMPLE)(definition_show.show)
app.command("simulate", epilog=definition_simulate.EXAMPLE)(definition_simulate.simulate)
app.command("test", epilog=definition_test.EXAMPLE)(definition_test.play)

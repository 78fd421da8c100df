"""All commands of `corridor` in one."""

from __future__ import annotations

import typer
from django.core.management import execute_from_command_line

from corridor.cli import LAB, exchange, export, journal, node, people, site
from corridor.cli.shell import opened, refusals
from corridor.lab import app as lab_app

app = typer.Typer(no_args_is_help=True, pretty_exceptions_enable=False)
for group in (site, people, export, journal, exchange):
    app.add_typer(group.app)
app.add_typer(node.app, name="node")
app.add_typer(lab_app, name=LAB)


@app.callback()
def corridor() -> None:
    """Runs a humanitarian evacuation and the reception that follows it."""


@app.command(
    hidden=True, context_settings={"allow_extra_args": True, "ignore_unknown_options": True}
)
def manage(context: typer.Context) -> None:
    """Django's own commands on the opened site."""
    with refusals():
        opened()
    execute_from_command_line(["corridor manage", *context.args])

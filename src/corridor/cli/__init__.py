"""The one command `corridor`. Machine output to the file or standard output named, words for
people to standard error. Exit codes: 0 done, 1 the data was refused, 2 wrong usage.

Each file here holds one group of commands; `shell` holds what all of them need.
"""

from __future__ import annotations

import os

import django
import typer

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "corridor.config.settings")
django.setup()

from django.core.management import execute_from_command_line  # noqa: E402

from corridor.cli import exchange, export, journal, node, people, site  # noqa: E402
from corridor.cli.shell import opened, refusals  # noqa: E402
from corridor.lab import app as lab_app  # noqa: E402

app = typer.Typer(no_args_is_help=True, pretty_exceptions_enable=False)
for group in (site, people, export, journal, exchange):
    app.add_typer(group.app)
app.add_typer(node.app, name="node")
app.add_typer(lab_app, name="lab")


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


def main() -> None:
    """Entry point of the console script."""
    app()

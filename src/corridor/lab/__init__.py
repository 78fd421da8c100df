"""`corridor lab`: the engines on files, never on the register.

Optional extra `lab`: an engine that compares lists of names has no place on a site's laptop.
"""

from __future__ import annotations

import typer

from corridor.lab import matching, plan

app = typer.Typer(
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="The engines on files, never on the register.",
)
plan.register(app)
matching.register(app)

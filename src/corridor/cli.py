"""The one command `corridor`."""

from __future__ import annotations

import typer

from corridor.lab import app as lab_app

app = typer.Typer(no_args_is_help=True, pretty_exceptions_enable=False)
app.add_typer(lab_app, name="lab")


@app.callback()
def corridor() -> None:
    """Runs a humanitarian evacuation and the reception that follows it."""


def main() -> None:
    """Entry point of the console script."""
    app()

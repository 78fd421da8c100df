"""Commands of `corridor lab` around the engine of this name."""

from __future__ import annotations

import typer


def register(app: typer.Typer) -> None:
    """Adds this module's commands to `corridor lab`."""

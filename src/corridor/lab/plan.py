"""`corridor lab plan`: the convoy planner on a file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from corridor.engines import planning


def register(app: typer.Typer) -> None:
    """Adds this module's command to `corridor lab`."""
    app.command("plan")(plan_file)


def plan_file(
    instance: Annotated[Path, typer.Argument(help="An instance, corridor-convoy-1.")],
    out: Annotated[Path, typer.Option(help="Where the plan goes.")],
    previous: Annotated[Path | None, typer.Option(help="The plan already announced.")] = None,
    time_limit: Annotated[float, typer.Option(help="Seconds at most; the walk needs few.")] = 60,
    seed: Annotated[int, typer.Option(help="Has no effect on the walk.")] = 0,
) -> None:
    """Plans who leaves when, by need; always legal, families whole."""
    try:
        read = planning.read_instance(_json(instance))
        before = planning.read_plan(_json(previous)) if previous else None
    except (planning.InstanceError, ValueError, OSError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from error
    made = planning.plan(read, before)
    if breaches := planning.check(read, made):
        for breach in breaches[:20]:
            typer.echo(f"{breach.rule}: {breach.where}", err=True)
        raise typer.Exit(1)
    out.write_text(json.dumps(planning.write_plan(made)), encoding="utf-8")
    aboard = sum(len(trip.units) for trip in made.trips)
    typer.echo(
        f"{len(made.trips)} trips, {aboard} units seated, {len(made.left)} families left", err=True
    )


def _json(path: Path) -> dict[str, Any]:
    found = json.loads(path.read_text(encoding="utf-8"))
    if not isinstance(found, dict):
        raise ValueError(f"{path.name} holds no object.")
    return found

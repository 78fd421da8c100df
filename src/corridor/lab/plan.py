"""`corridor lab plan`: the convoy planner on a file."""

from __future__ import annotations

import json
import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
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
    time_limit: Annotated[
        float | None, typer.Option(help="Seconds at most; by size if not given.")
    ] = None,
    spare: Annotated[
        float, typer.Option(min=0, max=0.5, help="Part of the seats told to nobody, for the gate.")
    ] = 0.0,
    seed: Annotated[int, typer.Option(help="Draws the order of the exchanges.")] = 0,
) -> None:
    """Plans who leaves when, by need; always legal, families whole.

    The first legal plan is written at once, the best one at the end. Interrupted, it writes the
    best plan so far.
    """
    began = time.monotonic()
    effort = planning.Effort(
        seconds=time_limit,
        elapsed=lambda: time.monotonic() - began,
        say=_say,
        first=lambda made: _write(out, planning.write_plan(made)) if _is_file(out) else None,
        seed=seed,
        spare=spare,
        cores=os.cpu_count() or 1,
    )
    with _interruptible(effort):
        _plan_file(instance, out, previous, effort)


def _plan_file(instance: Path, out: Path, previous: Path | None, effort: planning.Effort) -> None:
    try:
        read = planning.read_instance(_json(instance))
        before = planning.read_plan(_json(previous)) if previous else None
    except (planning.InstanceError, ValueError, OSError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from error
    if before is not None:
        _say_told(planning.told_first(read, before))
    made = planning.plan(read, before, effort)
    if breaches := planning.check(read, made):
        for breach in breaches[:20]:
            typer.echo(f"{breach.rule}: {breach.where}", err=True)
        raise typer.Exit(1)
    written = planning.write_plan(made)
    written["why"] = planning.explain(read, made, made.prices, made.bound)
    _write(out, written)
    aboard = sum(len(trip.units) for trip in made.trips)
    typer.echo(
        f"{len(made.trips)} trips, {aboard} units seated, {len(made.left)} families left", err=True
    )


def _is_file(out: Path) -> bool:
    """Whether it can be replaced; a pipe or a device takes one plan only, the last."""
    return out.is_file() or not out.exists()


def _write(out: Path, plan: dict[str, Any]) -> None:
    """All of it in place of what stood there, or nothing."""
    try:
        if not _is_file(out):
            out.write_text(json.dumps(plan), encoding="utf-8")
            return
        beside = out.with_name(out.name + ".part")
        beside.write_text(json.dumps(plan), encoding="utf-8")
        beside.replace(out)
    except OSError as error:
        typer.echo(f"The plan cannot be written to {out}: {error.strerror}.", err=True)
        raise typer.Exit(1) from error


def _say_told(kept: planning.Kept) -> None:
    """The answer for those who were told, before everybody else is planned."""
    typer.echo(
        f"Of those who were told, {len(kept.same)} families keep slot and vehicle, "
        f"{len(kept.other_vehicle)} get another vehicle on their slot, "
        f"{len(kept.later)} leave later, {len(kept.lost)} lose it.",
        err=True,
    )


@contextmanager
def _interruptible(effort: planning.Effort) -> Iterator[None]:
    """SIGINT and SIGTERM end the effort instead of the command."""
    heard: list[int] = []
    effort.stop = lambda: bool(heard)
    old = {
        one: signal.signal(one, lambda number, _: heard.append(number))
        for one in (signal.SIGINT, signal.SIGTERM)
    }
    try:
        yield
    finally:
        for one, handler in old.items():
            signal.signal(one, handler)


def _say(stage: str, value: float, bound: float | None) -> None:
    distance = f", {100 * (value / bound - 1):.1f} % above the bound" if bound else ""
    typer.echo(f"{stage}: {value:.1f}{distance}", err=True)


def _json(path: Path) -> dict[str, Any]:
    found = json.loads(path.read_text(encoding="utf-8"))
    if not isinstance(found, dict):
        raise ValueError(f"{path.name} holds no object.")
    return found

"""Lists of people come in, and the accounts of everyone are told."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import (
    BarColumn,
    Progress,
    TaskID,
    TaskProgressColumn,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from corridor.cli.shell import As, opened, refusals, words
from corridor.config import sites
from corridor.journal.node import Node
from corridor.oversight.queries import summary
from corridor.people.acts import Refusal
from corridor.people.importing.alike import look_for_doubles
from corridor.people.importing.reporting import ReportFile
from corridor.people.importing.running import Progress as Step
from corridor.people.importing.running import import_list, import_sentence
from corridor.people.intake import Problem, Refused
from corridor.people.intake.mapping import Mapping
from corridor.people.lists.queries import content_of, named
from corridor.stops.waiting.acts import join, place_named

app = typer.Typer()


@app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(help="XLSX, XLS, CSV, TSV, Kobo JSON or PFIF.")],
    source: Annotated[
        str | None,
        typer.Option(metavar="KIND", help="hope, kobo, 121, pfif, eden, corridor, list."),
    ] = None,
    mapping: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="JSON: which column means what; or a saved name."),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Report only; write nothing.")] = False,
    report: Annotated[
        Path | None, typer.Option(metavar="OUT.json", help="Where the report goes.")
    ] = None,
    wait_at: Annotated[
        str | None, typer.Option(metavar="PLACE", help="Also put them on this waiting list.")
    ] = None,
    user: As = sites.ADMINISTRATOR,
) -> None:
    """Registers people from a list; rows with errors are set aside, the others are registered."""
    with refusals(), _report_to(report) as told:
        node = opened()
        actor = sites.actor_of(node, user)
        sites.require_role(node, actor, "registrar", "coordinator")
        place = place_named(node, actor, wait_at) if wait_at and not dry_run else ""
        with _shown() as (progress, told_progress):
            done = import_list(
                node, actor, file, kind=source, mapping=_mapping(node, mapping),
                dry_run=dry_run, tell=told.tell,
                progress=told_progress,
                registered=lambda ids: _wait(node, actor, ids, place),
            )  # fmt: skip
            progress.stop()
        if not dry_run and done.people:
            done.report["look_alikes"] = look_for_doubles(node, done.identity)
        told.conclude(done.report)
    words.print(import_sentence(done))
    if alike := done.report.get("look_alikes"):
        words.print(f"{alike} pairs of records look alike: see the list's page, “Bring in a list”.")
    raise typer.Exit(1 if done.set_aside else 0)


def _mapping(node: Node, said: Path | None) -> Path | Mapping | None:
    """The mapping of a file, or the saved one of that name. Raises `Refusal`."""
    if said is None or said.is_file():
        return said
    found = named(node, str(said))
    if found is None:
        raise Refusal(f"There is no file and no saved mapping called {said}.")
    try:
        return content_of(found)
    except Refused as refused:
        raise Refusal(str(refused)) from refused


def _wait(node: Node, actor: str, persons: list[str], place: str) -> None:
    if place and persons:
        join(node, actor, persons, place)


class _Spoken:
    """Problems as lines for people, where no file was asked for."""

    def tell(self, one: Problem) -> None:
        where = f"{one.sheet} row {one.row} {one.column}".strip()
        words.print(f"{one.severity}: {where}: {one.say}", markup=False)

    def conclude(self, counts: dict[str, object]) -> None:
        columns = counts["columns"]
        assert isinstance(columns, dict)
        if columns["dropped"]:
            words.print(f"left out: {', '.join(columns['dropped'])}", markup=False)


@contextmanager
def _report_to(path: Path | None) -> Iterator[ReportFile | _Spoken]:
    """Where problems go: into the report, or onto the screen. Ctrl-C stops in peace."""
    try:
        if path is None:
            yield _Spoken()
        else:
            with ReportFile(path) as report:
                yield report
    except KeyboardInterrupt:
        words.print(
            "Stopped. Whoever was registered so far stays registered; run the same command again"
            " to go on: nobody comes in twice.",
            style="yellow",
        )
        raise typer.Exit(1) from None
    except OSError as error:
        words.print(f"The report cannot be written: {error.strerror}.", style="red")
        raise typer.Exit(1) from error


@contextmanager
def _shown() -> Iterator[tuple[Progress, Callable[[Step], None]]]:
    """A bar for each stage, with people and the time left."""
    columns = (
        TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(),
        TextColumn("{task.fields[people]} people"), TimeElapsedColumn(), TimeRemainingColumn(),
    )  # fmt: skip
    said = {"read": "Reading the list", "register": "Registering"}
    with Progress(*columns, console=words, transient=True) as progress:
        tasks: dict[str, TaskID] = {}

        def show(step: Step) -> None:
            if step.stage not in tasks:
                tasks[step.stage] = progress.add_task(said[step.stage], total=1.0, people=0)
            progress.update(tasks[step.stage], completed=step.share, people=f"{step.people:,}")

        yield progress, show


@app.command()
def whereabouts(
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """The accounts of everyone: per state a count, and the open loops."""
    with refusals():
        found = summary(opened())
    if as_json:
        typer.echo(json.dumps(found, ensure_ascii=False))
        return
    states, loops = found["states"], found["open"]
    assert isinstance(states, dict)
    assert isinstance(loops, list)
    for state, count in states.items():
        typer.echo(f"{count:>8}  {state.replace('_', ' ')}")
    due = sum(one["level"] != "open" for one in loops)
    typer.echo(f"{found['people']:>8}  people")
    typer.echo(f"{len(loops):>8}  open loops, {due} of them due")

"""Lists of people come in, and the accounts of everyone are told."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import Progress

from corridor.cli.shell import As, opened, refusals, words
from corridor.config import sites
from corridor.oversight.queries import summary
from corridor.people.importing import Imported, import_list, import_sentence
from corridor.stops.waiting.acts import join, place_named

app = typer.Typer()


@app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(help="The list: XLSX, CSV, TSV, JSON or XML.")],
    source: Annotated[
        str | None, typer.Option(metavar="KIND", help="hope, kobo, 121, pfif, eden or table.")
    ] = None,
    mapping: Annotated[Path | None, typer.Option(help="JSON: which column means what.")] = None,
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
    with refusals():
        node = opened()
        actor = sites.actor_of(node, user)
        sites.require_role(node, actor, "registrar", "coordinator")
        with Progress(console=words, transient=True) as progress:
            task = progress.add_task("Reading the list", total=None)
            done = import_list(
                node, actor, file, kind=source, mapping=mapping, dry_run=dry_run,
                progress=lambda rows: progress.update(task, completed=rows),
            )  # fmt: skip
        if wait_at and done.persons:
            place = place_named(node, actor, wait_at)
            for start in range(0, len(done.persons), 500):
                join(node, actor, done.persons[start : start + 500], place)
    _tell_import(done, report)
    raise typer.Exit(1 if done.set_aside else 0)


def _tell_import(done: Imported, report: Path | None) -> None:
    if report is not None:
        text = json.dumps(done.report, ensure_ascii=False, indent=1)
        report.write_text(text + "\n", encoding="utf-8")
    else:
        problems = done.report["problems"]
        assert isinstance(problems, list)
        for one in problems:
            where = f"{one['sheet']} row {one['row']} {one['column']}".strip()
            words.print(f"{one['severity']}: {where}: {one['say']}", markup=False)
    words.print(import_sentence(done))


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
    typer.echo(f"{len(loops):>8}  open loops")

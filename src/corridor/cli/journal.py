"""Examining the journal and folding it again."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from corridor.cli.shell import opened, refusals, words
from corridor.journal import schema
from corridor.journal.verify import verify as verify_node

app = typer.Typer()


@app.command()
def verify(
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Checks every chain, signature and hash, and that the tables equal their refold."""
    with refusals():
        found = verify_node(opened())
    if as_json:
        told = {
            "entries": found.entries,
            "bodies": found.bodies,
            "chains": found.chains,
            "faults": found.faults,
            "readable": found.readable,
        }
        typer.echo(json.dumps(told, ensure_ascii=False))
    else:
        typer.echo(f"entries {found.entries}  bodies {found.bodies}  chains {found.chains}")
        for fault in found.faults:
            typer.echo(f"fault: {fault}")
        for line in found.readable:
            typer.echo(f"readable: {line}")
    if not found.faults:
        words.print("No fault was found.")
        return
    words.print(_RESTORE, style="red")
    raise typer.Exit(1)


_RESTORE = (
    "Stop using this file. If only tables differ, `corridor rebuild` folds them again. Otherwise"
    " copy the whole folder aside, make a new site and take in this operation's entries from"
    " another site or from a backup; what no other place holds is listed above as readable."
)


@app.command()
def rebuild() -> None:
    """Throws the tables away and folds them again from the journal."""
    with refusals(), words.status("Folding the tables again"):
        schema.rebuild(opened())
    words.print("The tables are folded again.")


@app.command("state-hash")
def state_hash() -> None:
    """One line: the hash of the folded state and the fingerprint of the fold."""
    with refusals():
        typer.echo(f"{schema.state_hash(opened())} {schema.fingerprint()}")

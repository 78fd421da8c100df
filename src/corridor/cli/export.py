"""Lists go out: sealed to a recipient, for a purpose, within the user's rights, recorded."""

from __future__ import annotations

import getpass
import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from corridor.cli.shell import As, opened, refusals, words
from corridor.config import sites
from corridor.desk.models import User
from corridor.journal.node import Node
from corridor.oversight.exporting.acts import Wish, recipient_named, take_counts, take_out_alone
from corridor.oversight.exporting.lists import NAMED, Asked
from corridor.oversight.exporting.writing import FORMS
from corridor.people.acts import Refusal

app = typer.Typer()


@app.command()
def export(
    what: Annotated[str, typer.Argument(help="people, waiting, manifest, whereabouts, counts.")],
    out: Annotated[Path, typer.Option(help="FILE.(csv|xlsx|json).age; counts: FILE.(csv|xlsx).")],
    to: Annotated[
        str, typer.Option(metavar="RECIPIENT", help="age1…, a file with it, or a site's name.")
    ] = "",
    purpose: Annotated[str, typer.Option(metavar="TEXT", help="What the list is for.")] = "",
    to_name: Annotated[str, typer.Option(metavar="NAME", help="Who reads it there.")] = "",
    convoy: Annotated[str, typer.Option(metavar="NAME", help="manifest: this one only.")] = "",
    place: Annotated[str, typer.Option(metavar="NAME", help="waiting: this place only.")] = "",
    second: Annotated[
        str, typer.Option(metavar="USER", help="Who agrees as second person, with password.")
    ] = "",
    user: As = sites.ADMINISTRATOR,
) -> None:
    """Takes a list out. Names only sealed, with a purpose; counts that tell of nobody, openly."""
    form = _form(what, out)
    if what in NAMED and not (to.strip() and purpose.strip()):
        raise typer.BadParameter("A list with names needs --to and --purpose.")
    with refusals():
        node = opened()
        actor = sites.actor_of(node, user)
        if what == "counts":
            taken = take_counts(node, actor, form)
        else:
            key, name = recipient_named(node, _said(to))
            wish = Wish(Asked(what, convoy or place), form, purpose, key, to_name or name)
            taken, _identity = take_out_alone(node, actor, wish, _second(node, second))
        _write(out, taken.raw)
    words.print(f"{len(taken.found.rows)} rows are in {out}.", markup=False)
    if taken.found.left_out:
        words.print(f"{taken.found.left_out} people said no to sharing and were left out.")
    if what in NAMED and not second:
        words.print("A second person has to look at this on the page “Take a list out”.")


def _form(what: str, out: Path) -> str:
    """The form of the file by its name; wrong usage if the name does not fit."""
    if what not in (*NAMED, "counts"):
        raise typer.BadParameter(f"There is no list {what}: {', '.join((*NAMED, 'counts'))}.")
    name = out.name.lower()
    if what == "counts":
        form = name.rpartition(".")[2]
        if form not in ("csv", "xlsx"):
            raise typer.BadParameter("Counts go into FILE.csv or FILE.xlsx.")
        return form
    form = name.removesuffix(".age").rpartition(".")[2]
    if not name.endswith(".age") or form not in FORMS:
        raise typer.BadParameter("A list with names goes into FILE.(csv|xlsx|json).age.")
    return form


def _said(to: str) -> str:
    """The recipient: the first key in a file of that name, else what was said."""
    path = Path(to)
    if not path.is_file():
        return to
    try:
        lines = path.read_text().splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise Refusal(f"{path} cannot be read as a file with a key.") from error
    return next((line.strip() for line in lines if line.strip().startswith("age1")), "")


def _second(node: Node, username: str) -> str:
    """The actor of the second person, after their password. Raises `Refusal`."""
    if not username:
        return ""
    found = User.objects.using(node.alias).filter(username=username, is_active=True).first()
    password = os.environ.get("CORRIDOR_SECOND_PASSWORD") or ""
    if not password and sys.stdin.isatty():
        password = getpass.getpass(f"Password of {username}: ")
    if found is None or not found.check_password(password):
        raise Refusal("The second person's name or password is wrong. Nothing went out.")
    return found.actor_id


def _write(out: Path, raw: bytes) -> None:
    """Writes the file whole or not at all, for its owner alone. Raises `Refusal`."""
    part = out.with_name(out.name + ".part")
    try:
        part.unlink(missing_ok=True)
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(raw)
            file.flush()
            os.fsync(file.fileno())
        part.replace(out)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise Refusal(f"{out} could not be written: {error.strerror}. Ask again.") from error

"""The one command `corridor`. Machine output to the file or standard output named, words for
people to standard error. Exit codes: 0 done, 1 the data was refused, 2 wrong usage."""

from __future__ import annotations

import getpass
import json
import os
import secrets
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import django
import typer
from rich.console import Console
from rich.progress import Progress

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "corridor.config.settings")
django.setup()

from django.core.management import execute_from_command_line  # noqa: E402
from django.db import DatabaseError  # noqa: E402

from corridor.config import serving, sites  # noqa: E402
from corridor.desk.team import add_user  # noqa: E402
from corridor.exercise.operation import fill  # noqa: E402
from corridor.journal import schema  # noqa: E402
from corridor.journal.home import Home, HomeRefused  # noqa: E402
from corridor.journal.node import Node  # noqa: E402
from corridor.journal.verify import verify as verify_node  # noqa: E402
from corridor.lab import app as lab_app  # noqa: E402
from corridor.oversight.queries import summary  # noqa: E402
from corridor.people.acts import Refusal  # noqa: E402
from corridor.people.importing import Imported, import_list, import_sentence  # noqa: E402
from corridor.stops.waiting.acts import join, place_named  # noqa: E402

app = typer.Typer(no_args_is_help=True, pretty_exceptions_enable=False)
app.add_typer(lab_app, name="lab")
words = Console(stderr=True, highlight=False, soft_wrap=True)

As = Annotated[str, typer.Option("--as", metavar="USER", help="Who acts, with their rights.")]


@app.callback()
def corridor() -> None:
    """Runs a humanitarian evacuation and the reception that follows it."""


@contextmanager
def refusals() -> Iterator[None]:
    """Turns a refusal into its sentence on standard error and exit code 1."""
    try:
        yield
    except (HomeRefused, Refusal) as refusal:
        words.print(str(refusal), style="red")
        raise typer.Exit(1) from refusal
    except DatabaseError as error:
        words.print(
            "The database refused: the disk may be full, or the file damaged or in use."
            " What was acknowledged before is safe; `corridor verify` says more.",
            style="red",
        )
        raise typer.Exit(1) from error


def opened() -> Node:
    """The site in `$CORRIDOR_HOME`, unlocked."""
    home = Home(sites.home_path())
    passphrase = sites.passphrase_given()
    if home.is_made and not home.is_plain and passphrase is None and sys.stdin.isatty():
        passphrase = getpass.getpass("Passphrase: ")
    return sites.open_site(home, sites.unlock(home, passphrase))


def _new_passphrase() -> str:
    given = sites.passphrase_given()
    if given is not None:
        return given
    if not sys.stdin.isatty():
        raise HomeRefused(
            "A new site needs a passphrase: set CORRIDOR_PASSPHRASE, or choose --no-encryption."
        )
    first = getpass.getpass("Passphrase for this site (write it down, it cannot be found again): ")
    if len(first) < 12 or first != getpass.getpass("Once more: "):
        raise HomeRefused(
            "The passphrases differ or are shorter than 12 characters; nothing was made."
        )
    return first


@app.command()
def init(
    operation: Annotated[str, typer.Option(help="What the operation is called.")],
    site: Annotated[str, typer.Option(help="What this site is called.")] = "site",
    encryption: Annotated[
        bool, typer.Option(help="Encrypt the database. Without it only for tests.")
    ] = True,
) -> None:
    """Makes a new operation and its first node in $CORRIDOR_HOME, with an administrator."""
    with refusals():
        password = os.environ.get("CORRIDOR_ADMIN_PASSWORD") or secrets.token_urlsafe(9)
        home = Home(sites.home_path())
        sites.make_site(home, operation, site, _new_passphrase() if encryption else None, password)
    words.print(f"The site {site} of {operation} is made in {home.path}.")
    words.print(f"Sign in as {sites.ADMINISTRATOR} with the password {password}, then change it.")


@app.command()
def serve(
    host: Annotated[str, typer.Option(help="A loopback address.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="The port to listen on.")] = 8765,
) -> None:
    """Serves the site in $CORRIDOR_HOME to browsers on this machine."""
    with refusals():
        home = Home(sites.home_path())
        if not home.is_made:
            raise HomeRefused(f"There is no site in {home.path}. Run `corridor init` first.")
        code = serving.serve(home, host, port, words.print)
    raise typer.Exit(code)


@app.command()
def demo(
    people: Annotated[int, typer.Option(help="How many people.", min=20)] = 500,
    port: Annotated[int, typer.Option(help="The port to listen on.")] = 8765,
    folder: Annotated[
        Path | None, typer.Option("--dir", help="Where it lies; $CORRIDOR_HOME/demo by default.")
    ] = None,
) -> None:
    """Makes a believable exercise and serves it; prints address, users and passwords."""
    with refusals():
        path = (folder or sites.home_path() / "demo").absolute()
        home = Home(path)
        os.environ["CORRIDOR_HOME"] = str(path)
        os.environ.setdefault("CORRIDOR_PASSPHRASE", "exercise only")
        serving.check_port("127.0.0.1", port)
        if not home.is_made:
            _make_demo(home, people)
        words.print(f"Address   http://127.0.0.1:{port}/")
        for line in (path / "users.txt").read_text().splitlines():
            words.print(line)
        code = serving.serve(home, "127.0.0.1", port, words.print)
    raise typer.Exit(code)


def _make_demo(home: Home, people: int) -> None:
    """An exercise with a user for each role at work; invented people only."""
    password = secrets.token_urlsafe(9)
    node = sites.make_site(
        home, "Exercise Orchard", "old-market", sites.passphrase_given(), password
    )
    admin = sites.actor_of(node, sites.ADMINISTRATOR)
    users = [f"Sign in   {sites.ADMINISTRATOR} / {password}"]
    for name, roles in (
        ("amira", ["coordinator", "registrar"]),
        ("marwan", ["marshal"]),
        ("nurse", ["nurse"]),
        ("auditor", ["auditor"]),
    ):
        word = secrets.token_urlsafe(9)
        add_user(node, admin, name, word, roles)
        users.append(f"Sign in   {name} / {word}   ({', '.join(roles)})")
    _fill(node, admin, people, 1)
    listed = home.path / "users.txt"
    listed.touch(mode=0o600)
    listed.write_text("\n".join(users) + "\n")


def _fill(node: Node, actor: str, people: int, seed: int) -> None:
    with Progress(console=words, transient=True) as progress:
        task = progress.add_task("Registering people", total=people)
        fill(node, actor, people, seed, lambda done: progress.update(task, completed=done))


@app.command()
def exercise(
    people: Annotated[int, typer.Option(help="How many people.", min=20)],
    seed: Annotated[int, typer.Option(help="The same seed makes the same people.")] = 1,
    user: As = sites.ADMINISTRATOR,
) -> None:
    """Fills an empty operation with an exercise."""
    with refusals():
        node = opened()
        sites.require_role(node, sites.actor_of(node, user), "administrator", "coordinator")
        if summary(node)["states"]:
            raise HomeRefused("There are people registered here; an exercise needs an empty site.")
        _fill(node, sites.actor_of(node, user), people, seed)
    words.print(f"{people} invented people are registered.")


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

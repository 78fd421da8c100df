"""Making a site, serving it, and filling it with an exercise."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import Progress

from corridor.cli.shell import As, new_passphrase, opened, refusals, words
from corridor.config import serving, sites
from corridor.desk.team import add_user
from corridor.exercise.operation import fill
from corridor.journal.home import Home, HomeRefused
from corridor.journal.node import Node
from corridor.oversight.queries import summary

app = typer.Typer()


@app.command()
def init(
    operation: Annotated[str, typer.Option(help="What the operation is called.")],
    site: Annotated[str, typer.Option(help="What this site is called.")] = "site",
    encryption: Annotated[
        bool, typer.Option(help="Encrypt the database. Without it only for tests.")
    ] = True,
    database: Annotated[
        str, typer.Option(metavar="URL", help="postgresql://... instead of a file.")
    ] = "",
) -> None:
    """Makes a new operation and its first node in $CORRIDOR_HOME, with an administrator."""
    with refusals():
        password = os.environ.get("CORRIDOR_ADMIN_PASSWORD") or secrets.token_urlsafe(9)
        home = Home(sites.home_path())
        passphrase = new_passphrase() if encryption else None
        sites.make_site(home, operation, site, passphrase, password, server=database)
    words.print(f"The site {site} of {operation} is made in {home.path}.")
    words.print(f"Sign in as {sites.ADMINISTRATOR} with the password {password}, then change it.")
    if database:
        words.print(
            "What is recorded lies in clear on the disk of the server: let that disk be encrypted."
        )
    words.print("Then take the root key off this laptop: `corridor node root --help`.")


@app.command()
def serve(
    host: Annotated[str, typer.Option(help="A loopback address.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="The port to listen on.")] = 8765,
    meet: Annotated[
        str,
        typer.Option(metavar="HOST:PORT", help="Where other sites may meet this one; no pages."),
    ] = "",
) -> None:
    """Serves the site in $CORRIDOR_HOME to browsers on this machine."""
    with refusals():
        home = Home(sites.home_path())
        if not home.is_made:
            raise HomeRefused(f"There is no site in {home.path}. Run `corridor init` first.")
        code = serving.serve(home, host, port, words.print, meet)
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

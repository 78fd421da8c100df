"""What every command needs: words for people, refusals as sentences, the opened site."""

from __future__ import annotations

import getpass
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer
from django.db import DatabaseError
from rich.console import Console

import corridor.cli.ready  # noqa: F401 (before the tables)
from corridor.config import sites
from corridor.journal.home import Home, HomeRefused
from corridor.journal.node import Node
from corridor.people.acts import Refusal

words = Console(stderr=True, highlight=False, soft_wrap=True)

As = Annotated[str, typer.Option("--as", metavar="USER", help="Who acts, with their rights.")]


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
    return sites.open_site(home, sites.unlock(home, passphrase_for(home)))


def passphrase_for(home: Home) -> str | None:
    """What opens the site: from the environment, or asked for at a terminal."""
    passphrase = sites.passphrase_given()
    if home.is_made and not home.is_plain and passphrase is None and sys.stdin.isatty():
        passphrase = getpass.getpass("Passphrase: ")
    return passphrase


def new_passphrase() -> str:
    """A passphrase for something that is made now."""
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

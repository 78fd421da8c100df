"""Exchange between sites: bundles for the stick."""

from __future__ import annotations

import datetime
import getpass
import sys
from contextlib import suppress
from pathlib import Path
from typing import Annotated, BinaryIO

import typer
from rich.progress import Progress

from corridor.cli.shell import As, opened, refusals, words
from corridor.config import sites
from corridor.config.backup import back_up
from corridor.config.backup import restore as restore_site
from corridor.config.backup import write as write_backup
from corridor.journal import trust
from corridor.journal.arrive import Taken
from corridor.journal.home import Home, HomeRefused
from corridor.journal.keys.certificates import Certificate
from corridor.journal.keys.words import LANGUAGES
from corridor.journal.looks import seal
from corridor.journal.node import Node
from corridor.sync import bundle
from corridor.sync.meeting import Met, NotMet, meet
from corridor.sync.words import faults, why, why_not_met

app = typer.Typer()
bundles = typer.Typer(no_args_is_help=True, help="Files that carry entries between sites.")
app.add_typer(bundles, name="bundle")

ROLES = ("coordinator", "administrator")


@bundles.command()
def make(
    out: Annotated[Path, typer.Option(metavar="FILE", help="Where the bundle goes.")],
    receivers: Annotated[
        list[str] | None,
        typer.Option("--for", metavar="SITE", help="For which site; all by default; repeatable."),
    ] = None,
    answer_to: Annotated[
        Path | None,
        typer.Option(metavar="BUNDLE", help="Only what the sender of this bundle lacked."),
    ] = None,
    user: As = sites.ADMINISTRATOR,
) -> None:
    """Makes a bundle of what is held here, sealed to the sites it is for."""
    with refusals():
        node = opened()
        sites.require_role(node, sites.actor_of(node, user), *ROLES)
        seal(node)
        summary = None
        if answer_to is not None:
            asked = _open(node, answer_to)
            summary = asked.manifest.holds
            receivers = receivers or [asked.sender.node]
        chosen = _receivers(node, receivers or [])
        with Progress(console=words, transient=True) as progress:
            task = progress.add_task("Packing entries", total=None)
            raw = bundle.make(
                node, chosen, summary, for_stick=True,
                progress=lambda done: progress.update(task, completed=done),
            )  # fmt: skip
        _write(out, raw)
    words.print(
        f"{out}: {len(raw):,} bytes for {', '.join(one.name for one in chosen)}."
        " Only they can open it."
    )


def _write(out: Path, raw: bytes) -> None:
    part = out.with_name(out.name + ".part")
    try:
        part.write_bytes(raw)
        part.replace(out)
    except OSError as error:
        with suppress(OSError):
            part.unlink()
        raise HomeRefused(
            f"{out} could not be written ({error.strerror}): the disk may be full or the stick"
            " gone. Nothing is lost; make it again."
        ) from error


def _receivers(node: Node, names: list[str]) -> list[Certificate]:
    if not names:
        names = [one.key for one in trust.nodes(node) if not one.is_self and not one.revoked]
        if not names:
            raise HomeRefused("No other site is known here yet. Name it by its certificate first.")
    today = datetime.datetime.fromtimestamp(node.clock() / 1000, datetime.UTC).date().isoformat()
    found = []
    for name in names:
        one = trust.named(node, name)
        if one is None:
            raise HomeRefused(f"There is no one site called {name}; see `corridor node list`.")
        if one.revoked:
            raise HomeRefused(f"The site {one.name} was revoked; nothing is given to it.")
        if trust.is_over(one.certificate, today):
            raise HomeRefused(f"The certificate of {one.name} has ended; renew it first.")
        if not one.certificate.recipient:
            raise HomeRefused(f"The certificate of {one.name} has no reading key; renew it first.")
        found.append(one.certificate)
    return found


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise HomeRefused(
            f"{path} cannot be read ({error.strerror}). Nothing was changed."
        ) from error


def _reading(path: Path) -> BinaryIO:
    try:
        return path.open("rb")
    except OSError as error:
        raise HomeRefused(
            f"{path} cannot be read ({error.strerror}). Nothing was changed."
        ) from error


def _open(node: Node, path: Path) -> bundle.Opened:
    try:
        with _reading(path) as file:
            return bundle.open_bundle(node, file)
    except bundle.BadBundle as bad:
        raise HomeRefused(why(bad.why)) from bad


@bundles.command("read")
def read_(
    file: Annotated[Path, typer.Argument(help="A bundle made for this site.")],
    user: As = sites.ADMINISTRATOR,
) -> None:
    """Takes in what a bundle carries; a bad bundle changes nothing and exits 1."""
    with refusals():
        node = opened()
        sites.require_role(node, sites.actor_of(node, user), *ROLES)
        with _reading(file) as raw, Progress(console=words, transient=True) as progress:
            task = progress.add_task("Taking in entries", total=None)
            taken = bundle.take(
                node, raw, lambda done: progress.update(task, completed=done)
            )  # fmt: skip
    tell(taken)


@app.command()
def backup(
    out: Annotated[Path, typer.Option(metavar="FILE", help="Where the backup goes.")],
    user: As = sites.ADMINISTRATOR,
) -> None:
    """The whole site in one file; the site's passphrase opens it."""
    with refusals(), words.status("Packing the site"):
        node = opened()
        sites.require_role(node, sites.actor_of(node, user), *ROLES)
        home = Home(sites.home_path())
        raw = back_up(home, node)
        write_backup(out, raw)
    words.print(f"{out}: {len(raw):,} bytes. Keep it apart from this laptop.")
    if home.is_plain:
        words.print("This site has no encryption, so whoever has the backup can read it.")


@app.command()
def restore(
    file: Annotated[Path, typer.Argument(help="A file that `corridor backup` made.")],
) -> None:
    """Makes the site of a backup again in an empty $CORRIDOR_HOME."""
    with refusals(), words.status("Restoring the site"):
        home = Home(sites.home_path())
        node = restore_site(home, _read(file), sites.passphrase_given() or _asked(file))
    words.print(f"The site {node.certificate.name} is back in {home.path}.")
    words.print(
        "Meet another site before anybody records here: what this site wrote after the backup may"
        " be known there. The old laptop must never be used again."
    )


def _asked(file: Path) -> str | None:
    return getpass.getpass(f"Passphrase of {file.name}: ") if sys.stdin.isatty() else None


@app.command()
def sync(
    url: Annotated[str, typer.Argument(help="Where the other site serves: http://HOST:PORT")],
    user: As = sites.ADMINISTRATOR,
) -> None:
    """Meets another site over the network: takes what it has, gives what it lacks."""
    with refusals():
        node = opened()
        sites.require_role(node, sites.actor_of(node, user), *ROLES)
        with Progress(console=words, transient=True) as progress:
            task = progress.add_task("Comparing", total=None)

            def shown(met: Met) -> None:
                total, done = {
                    "taking": (met.to_come, met.kept),
                    "giving": (met.to_go, met.went),
                }.get(met.stage, (met.kept, met.came.new))
                progress.update(
                    task, description=met.stage.capitalize(), total=total or None, completed=done
                )

            try:
                met = meet(node, url, shown)
            except NotMet as failed:
                raise HomeRefused(why_not_met(failed.why)) from failed
    _tell_met(met)


def _tell_met(met: Met) -> None:
    words.print(
        f"Met {met.peer}. Came: {met.came.new:,} entries, {met.came.bodies:,} missing parts."
        f" Went: {met.went:,}."
    )
    for sentence in faults(met.came):
        words.print(sentence, style="red", markup=False)
    more = met.conflicts - met.conflicts_before
    words.print(f"Conflicts to be settled: {met.conflicts:,} ({max(more, 0):,} of them new).")
    if not met.compared:
        state = "All of it was exchanged before the line was cut, but not compared"
    elif met.equal:
        state = "Both sites hold the same"
    else:
        state = "Both sites do not hold the same yet; meet again"
    words.print(f"{state}. Read to each other: {met.digits}")
    for language in LANGUAGES:
        words.print("   " + " · ".join(met.words(language)))
    typer.echo(met.tips)


def tell(taken: Taken) -> None:
    """Says what came; exits 1 if something was refused."""
    words.print(
        f"New entries: {taken.new:,}. Known before: {taken.duplicate:,}."
        f" Parts that were missing: {taken.bodies:,}."
    )
    if taken.waiting:
        words.print(f"{taken.waiting:,} entries wait for others that come before them.")
    for sentence in faults(taken):
        words.print(sentence, style="red", markup=False)
    if any(what == "tamper" for what, _ in taken.alarms):
        raise typer.Exit(1)


@bundles.command()
def inspect(
    file: Annotated[Path, typer.Argument(help="A bundle made for this site.")],
) -> None:
    """Says from whom a bundle comes and what it carries, and takes nothing in."""
    with refusals():
        node = opened()
        found = _open(node, file)
    made = datetime.datetime.fromtimestamp(found.manifest.made_ms / 1000, datetime.UTC)
    known = {one.key: one.name for one in trust.nodes(node)}
    typer.echo(f"from      {found.sender.name} ({found.sender.node[:16]})")
    typer.echo(f"made      {made:%Y-%m-%d %H:%M} UTC by its clock")
    receivers = (known.get(key, key[:16]) for key in found.manifest.receivers)
    typer.echo(f"for       {', '.join(receivers)}")
    typer.echo(f"entries   {found.manifest.entries:,} in {len(found.chunks)} chunks")
    typer.echo(f"its tips  {found.manifest.tips}")

"""The sites of an operation: requests, certificates, revocation, the root."""

from __future__ import annotations

import datetime
import getpass
import os
import secrets
import sys
from pathlib import Path
from typing import Annotated

import segno
import typer

from corridor.cli.shell import As, new_passphrase, opened, passphrase_for, refusals, words
from corridor.config import sites
from corridor.journal import enrol, membership, trust
from corridor.journal.home import Home, HomeRefused
from corridor.journal.keys.signing import Signer
from corridor.journal.keys.words import LANGUAGES, written
from corridor.journal.node import Node

app = typer.Typer(no_args_is_help=True, help="The sites of the operation, and who is trusted.")
root_app = typer.Typer(no_args_is_help=True, help="The operation's root key.")
app.add_typer(root_app, name="root")

ROLES = ("administrator", "coordinator")

RootFile = Annotated[
    Path | None,
    typer.Option("--root", metavar="FILE", help="The root key on a stick, if it is not here."),
]
RootWords = Annotated[
    bool, typer.Option("--root-words", help="Ask for the words of the root key on paper.")
]
Until = Annotated[
    datetime.datetime | None,
    typer.Option(formats=["%Y-%m-%d"], help="Last day of the certificate; two years by default."),
]
Out = Annotated[Path | None, typer.Option(metavar="FILE", help="Where the text goes.")]


@app.command()
def request(
    site: Annotated[str, typer.Option(help="What this site is called.")],
    out: Out = None,
    database: Annotated[
        str, typer.Option(metavar="URL", help="postgresql://... instead of a file.")
    ] = "",
    encryption: Annotated[
        bool, typer.Option(help="Encrypt the database. Without it only for tests.")
    ] = True,
) -> None:
    """Makes a site that wants to join an operation, and its request for a certificate."""
    with refusals():
        home = Home(sites.home_path())
        passphrase = new_passphrase() if encryption else None
        try:
            token = home.ask(sites.ALIAS, site, passphrase, server=database)
        except enrol.BadToken as error:
            raise HomeRefused(str(error)) from error
    _hand_over(token, out)
    _say_words("request", enrol.read_request(token).words)


def _hand_over(token: str, out: Path | None) -> None:
    if out is not None:
        try:
            out.write_text(token + "\n")
        except OSError as error:
            with refusals():
                raise HomeRefused(f"{out} could not be written ({error.strerror}).") from error
    else:
        typer.echo(token)
        if sys.stdout.isatty():
            segno.make_qr(token).terminal(compact=True)


def _say_words(what: str, of: object) -> None:
    assert callable(of)
    words.print(f"Read these six words of the {what} to the other site; both must have the same:")
    for language in LANGUAGES:
        words.print("   " + " · ".join(of(language)))


def _text(file: Path) -> str:
    try:
        return file.read_text()
    except (OSError, UnicodeDecodeError) as error:
        raise HomeRefused(f"{file} cannot be read as a text.") from error


@app.command("enrol")
def enrol_(
    file: Annotated[Path, typer.Argument(help="A request (where the root is) or a certificate.")],
    out: Out = None,
    powers: Annotated[
        list[str] | None,
        typer.Option("--power", help="site, coordinator, protection or authority; repeatable."),
    ] = None,
    scopes: Annotated[
        list[str] | None, typer.Option("--scope", help="What it may read; all by default.")
    ] = None,
    until: Until = None,
    root: RootFile = None,
    root_words: RootWords = False,
    user: As = sites.ADMINISTRATOR,
) -> None:
    """Answers a request with a certificate, or takes in the certificate that came back."""
    with refusals():
        token = _text(file)
        if not enrol.is_request(token):
            _join(token)
            return
        node, actor = _acting(user)
        asked = _asked(token)
        signer = _root(node, root, root_words)
        last = _last_day(node, until)
        chosen = powers or ["site"]
        given = membership.give(
            node, actor, signer, asked, chosen, scopes or list(membership.CHOICES), last
        )
        _say_words("request", asked.words)
    words.print(f"{asked.name} is enrolled ({', '.join(chosen)}) until {last}.")
    _hand_over(given, out)
    _say_words("certificate", lambda language: enrol.certificate_words(given, language))


def _asked(token: str) -> enrol.Request:
    try:
        return enrol.read_request(token)
    except enrol.BadToken as error:
        raise HomeRefused(str(error)) from error


def _join(token: str) -> None:
    home = Home(sites.home_path())
    if not home.is_waiting:
        node = opened()
        sites.take_renewal(node, token)
        words.print(f"The certificate of {node.certificate.name} now ends on"
                    f" {node.certificate.until}.")  # fmt: skip
        return
    password = os.environ.get("CORRIDOR_ADMIN_PASSWORD") or secrets.token_urlsafe(9)
    node = sites.join_site(home, sites.unlock(home, passphrase_for(home)), token, password)
    words.print(f"The site {node.certificate.name} belongs to the operation now.")
    _say_words("certificate", lambda language: enrol.certificate_words(token, language))
    words.print(f"Sign in as {sites.ADMINISTRATOR} with the password {password}, then change it.")
    words.print("Meet another site next: until then nothing about shares is decided here.")


def _acting(user: str) -> tuple[Node, str]:
    node = opened()
    actor = sites.actor_of(node, user)
    sites.require_role(node, actor, *ROLES)
    return node, actor


def _root(node: Node, file: Path | None, ask_words: bool) -> Signer:
    """The root: from a stick, from paper, or from this laptop."""
    if file is not None:
        word = os.environ.get("CORRIDOR_ROOT_PASSPHRASE") or getpass.getpass(
            "Passphrase of the root key: "
        )
        return membership.root_on_stick(node, _bytes(file), word)
    if ask_words:
        said = sys.stdin.read() if not sys.stdin.isatty() else getpass.getpass("The 36 words: ")
        return membership.root_in_words(node, said)
    return membership.root_from(node, _seed_here())


def _seed_here() -> str:
    home = Home(sites.home_path())
    seed = sites.unlock(home, passphrase_for(home)).secrets.root_seed
    if not seed:
        raise HomeRefused("The root key is not on this laptop: give --root FILE or --root-words.")
    return seed


def _bytes(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise HomeRefused(f"{file} cannot be read ({error.strerror}).") from error


def _last_day(node: Node, until: datetime.datetime | None) -> datetime.date:
    today = datetime.datetime.fromtimestamp(node.clock() / 1000, datetime.UTC).date()
    return enrol.years_later(today, enrol.VALID_YEARS) if until is None else until.date()


@app.command("list")
def list_() -> None:
    """The sites of the operation as they are known here."""
    with refusals():
        node = opened()
        known = trust.nodes(node)
        waiting = len(membership.quarantined(node))
    for one in known:
        seen = "never met" if one.last_ms is None else _minute(one.last_ms)
        state = "revoked" if one.revoked else f"until {one.certificate.until}"
        mark = "*" if one.is_self else " "
        typer.echo(
            f"{mark} {one.key[:16]}  {one.name:24} {state:18} {one.entries:>9,} entries"
            f"  last {seen}  {', '.join(one.certificate.powers)}"
        )
    if waiting:
        typer.echo(f"  {waiting:,} entries in quarantine: `corridor node quarantine`")


def _minute(at_ms: int) -> str:
    return f"{datetime.datetime.fromtimestamp(at_ms / 1000, datetime.UTC):%Y-%m-%d %H:%M}"


def _named(node: Node, name: str) -> trust.Known:
    found = trust.named(node, name)
    if found is None:
        raise HomeRefused(f"There is no one site called {name}; see `corridor node list`.")
    return found


@app.command()
def revoke(
    site: Annotated[str, typer.Argument(help="Its name, or the beginning of its key.")],
    last: Annotated[
        str | None, typer.Option(metavar="ENTRY", help="The last entry that is trusted.")
    ] = None,
    before: Annotated[
        datetime.datetime | None,
        typer.Option(
            formats=["%Y-%m-%d", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M"],
            help="Trust what it wrote before this moment (UTC, by its clock).",
        ),
    ] = None,
    nothing: Annotated[bool, typer.Option("--nothing", help="Trust none of it.")] = False,
    user: As = sites.ADMINISTRATOR,
) -> None:
    """A lost or seized site: what it writes after its last trusted entry does not count."""
    with refusals():
        node, actor = _acting(user)
        known = _named(node, site)
        if last is None and not nothing:
            moment = None if before is None else _milliseconds(before)
            last = trust.last_entry(node, known.key, moment) or None
        membership.revoke(node, actor, known, None if nothing else last)
        held_back = len(membership.quarantined(node))
    trusted = "none of its entries" if nothing or last is None else f"what it wrote up to {last}"
    words.print(f"{known.name} is revoked; trusted is {trusted}.")
    words.print(f"{held_back:,} entries are in quarantine: `corridor node quarantine`")


def _milliseconds(moment: datetime.datetime) -> int:
    return int(moment.replace(tzinfo=datetime.UTC).timestamp() * 1000)


@app.command()
def renew(
    site: Annotated[str, typer.Argument(help="Its name, or the beginning of its key.")],
    out: Out = None,
    until: Until = None,
    root: RootFile = None,
    root_words: RootWords = False,
    user: As = sites.ADMINISTRATOR,
) -> None:
    """Gives a site a certificate with a later end; it also reaches the site at a meeting."""
    with refusals():
        node, actor = _acting(user)
        known = _named(node, site)
        signer = _root(node, root, root_words)
        last = _last_day(node, until)
        token = membership.renew(node, actor, signer, known, last)
    words.print(f"The certificate of {known.name} ends on {last}.")
    _hand_over(token, out)


@app.command()
def quarantine() -> None:
    """Entries of revoked sites that do not count, oldest first."""
    with refusals():
        found = membership.quarantined(opened())
    for one in found:
        typer.echo(f"{one.entry}  {_minute(one.at_ms)}  {one.node}  {one.kind}  {one.subject}")


@app.command()
def adopt(
    entry: Annotated[str, typer.Argument(help="The id of a quarantined entry.")],
    reason: Annotated[str, typer.Option(help="Why it is believed; kept with your name.")],
    user: As = sites.ADMINISTRATOR,
) -> None:
    """Takes one quarantined entry over in your name: it counts again, everywhere."""
    with refusals():
        node, actor = _acting(user)
        membership.adopt(node, actor, entry, reason)
    words.print("The entry counts from now on; your name stands beside it.")


@root_app.command("words")
def root_words_(
    language: Annotated[str, typer.Option(help="en or ar.")] = "en",
    qr: Annotated[bool, typer.Option("--qr", help="Also as a QR code.")] = False,
) -> None:
    """Prints the root key as 36 words, for paper that is locked away."""
    with refusals():
        said = written(bytes.fromhex(_seed_here()), language)
    for at in range(0, len(said), 6):
        typer.echo(
            "  ".join(f"{at + n + 1:2} {word:12}" for n, word in enumerate(said[at : at + 6]))
        )
    if qr:
        segno.make_qr(" ".join(said)).terminal(compact=True)


@root_app.command("copy")
def root_copy(
    file: Annotated[Path, typer.Argument(help="On a stick; make two.")],
) -> None:
    """Writes the root key to a stick, sealed with a passphrase of its own."""
    with refusals():
        seed = _seed_here()
        word = os.environ.get("CORRIDOR_ROOT_PASSPHRASE") or new_passphrase()
        try:
            file.write_bytes(membership.copy_root(seed, word, os.urandom))
        except OSError as error:
            raise HomeRefused(f"{file} could not be written ({error.strerror}).") from error
    words.print(
        f"The root key is in {file}. Make a second stick, then `corridor node root remove`."
    )


@root_app.command("remove")
def root_remove(
    copies: Annotated[
        list[Path], typer.Option("--copy", metavar="FILE", help="A copy on a stick; give two.")
    ],
) -> None:
    """Takes the root key off this laptop, once two copies on sticks were found whole."""
    with refusals():
        if len({one.resolve() for one in copies}) < 2:
            raise HomeRefused("Name two copies on two sticks; the root key was left here.")
        home = Home(sites.home_path())
        passphrase = passphrase_for(home)
        site = sites.unlock(home, passphrase)
        node = sites.open_site(home, site)
        for one in copies:
            _root(node, one, False)
        home.change_secrets(site, passphrase, root_seed="")
    words.print("Both copies hold the root key; it is no longer on this laptop.")

"""A whole site in one file: its sealed secrets, its ordinary tables, and a bundle of its journal.

    "corridor backup 1\\n"  (length, part)*       parts: what it is, secrets, tables, bundle

Lengths have eight bytes. The secrets are the site's own key slots, so its passphrase opens them;
tables and bundle are sealed to the site's own reading key. Of a site without encryption the
secrets lie in clear, as they do on its disk.
"""

from __future__ import annotations

import shutil
import struct
from pathlib import Path

import msgspec
from django.apps import apps
from django.core import serializers
from django.core.management.color import no_style
from django.db import models

from corridor.config.sites import ALIAS, prepare
from corridor.journal.databases import close_database
from corridor.journal.home import Home, HomeRefused, Opened
from corridor.journal.keys.sealing import CannotOpen, open_sealed, seal_to
from corridor.journal.keys.slots import Secrets, WrongPassphrase, unseal_raw
from corridor.journal.looks import seal
from corridor.journal.node import Node
from corridor.journal.tables.shapes import FoldedTable
from corridor.sync import bundle
from corridor.sync.words import why

MAGIC = b"corridor backup 1\n"
_LENGTH = struct.Struct(">Q")
#: Tables that are made anew, or that hold nothing worth keeping.
_LEFT_OUT = {"contenttypes", "auth", "sessions", "admin"}
#: A list that is being brought in is no history: it can be brought again.
_AT_HAND = {"importing.listathand", "importing.listpiece", "importing.listproblem"}
#: Of the journal's permanent tables only what is not in a bundle.
_OF_JOURNAL = {"journal.alarm"}


class _About(msgspec.Struct, frozen=True):
    certificate: str
    signature: str
    plain: bool


def back_up(home: Home, node: Node) -> bytes:
    """The bytes of a backup."""
    seal(node)
    name = "secrets.plain" if home.is_plain else "secrets"
    about = _About(node.certificate_text, node.certificate_signature, home.is_plain)
    parts = (
        msgspec.json.encode(about),
        (home.path / name).read_bytes(),
        seal_to([node.certificate.recipient], _tables(node)),
        bundle.make(node, [node.certificate], for_stick=True),
    )
    return MAGIC + b"".join(_LENGTH.pack(len(part)) + part for part in parts)


def restore(home: Home, raw: bytes, passphrase: str | None) -> Node:
    """Makes the site of a backup again in an empty folder. Raises `HomeRefused`."""
    about, secrets, tables, journal = _parts(raw)
    if about.plain:
        opened = Opened(msgspec.json.decode(secrets, type=Secrets))
    else:
        try:
            opened = Opened(unseal_raw(secrets, passphrase or ""))
        except WrongPassphrase as error:
            raise HomeRefused(
                "The passphrase of the site that was backed up is needed, and this is another."
            ) from error
    was_there = home.path.exists()
    node = home.begin_again(ALIAS, opened, about.certificate, about.signature)
    try:
        taken = bundle.take(node, journal)
        for what, code in taken.alarms:
            if what == "tamper":
                raise HomeRefused(why(code.removeprefix("bundle: ")))
        _fill(node, open_sealed(opened.seed, tables))
    except (CannotOpen, HomeRefused) as error:
        _forget(home, was_there)
        raise HomeRefused(f"The backup is damaged; nothing was made. {error}") from error
    home.keep_secrets(secrets, plain=about.plain)
    prepare(node)
    return node


def _parts(raw: bytes) -> tuple[_About, bytes, bytes, bytes]:
    if not raw.startswith(MAGIC):
        raise HomeRefused("This file is no backup of a Corridor site. Nothing was made.")
    at, parts = len(MAGIC), []
    try:
        while at < len(raw):
            (size,) = _LENGTH.unpack_from(raw, at)
            parts.append(raw[at + 8 : at + 8 + size])
            at += 8 + size
        about, secrets, tables, journal = parts
        if at != len(raw):
            raise ValueError
        return msgspec.json.decode(about, type=_About), secrets, tables, journal
    except (struct.error, ValueError, msgspec.MsgspecError) as error:
        raise HomeRefused("The backup is cut short or damaged. Nothing was made.") from error


def _ordinary() -> list[type[models.Model]]:
    return [
        one
        for one in apps.get_models()
        if not issubclass(one, FoldedTable)
        and one._meta.managed
        and one._meta.app_label not in _LEFT_OUT
        and one._meta.label_lower not in _AT_HAND
        and (one._meta.app_label != "journal" or one._meta.label_lower in _OF_JOURNAL)
    ]


def _tables(node: Node) -> bytes:
    rows = (row for one in _ordinary() for row in one._base_manager.using(node.alias).all())
    text: str = serializers.serialize("json", rows)
    return text.encode()


def _fill(node: Node, raw: bytes) -> None:
    with node.transaction():
        for one in serializers.deserialize("json", raw.decode(), using=node.alias):
            one.save(using=node.alias)
        with node.cursor() as cursor:
            for statement in node.connection.ops.sequence_reset_sql(no_style(), _ordinary()):
                cursor.execute(statement)  # a server numbers new rows after the restored ones


def _forget(home: Home, was_there: bool) -> None:
    """Nothing of a restoration that failed stays."""
    close_database(ALIAS)
    if was_there:
        for path in home.path.glob("site.db*"):
            path.unlink()
    else:
        shutil.rmtree(home.path, ignore_errors=True)


def write(path: Path, raw: bytes) -> None:
    """Writes a backup whole or not at all. Raises `HomeRefused`."""
    part = path.with_name(path.name + ".part")
    try:
        part.write_bytes(raw)
        part.replace(path)
    except OSError as error:
        raise HomeRefused(
            f"{path} could not be written ({error.strerror}): the disk may be full or the stick"
            " gone. Make the backup again."
        ) from error

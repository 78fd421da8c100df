"""What was erased is in no byte of the database's files: on a laptop, and on a server."""

from __future__ import annotations

from pathlib import Path

import pytest

from corridor.journal import schema
from corridor.journal.append import Draft, append
from corridor.journal.databases import close_database
from corridor.journal.node import Node
from corridor.people import entries
from corridor.people.acts import register
from tests import cast
from tests.nodes import lone_node

pytestmark = pytest.mark.usefixtures("unblocked")

BEFORE = "Amal the baker"


class _Unplugged(Exception):
    pass


def on_disk(node: Node, folder: Path) -> bytes:
    """Every byte of the database's files."""
    if node.connection.vendor != "postgresql":
        return b"".join(path.read_bytes() for path in folder.iterdir())
    with node.cursor() as cursor:
        cursor.execute("CHECKPOINT")
        cursor.execute(
            "SELECT current_setting('data_directory') || '/base/' || oid"
            " FROM pg_database WHERE datname = current_database()"
        )
        where = Path(cursor.fetchone()[0])
    return b"".join(path.read_bytes() for path in where.iterdir())


def renamed(node: Node, person: str, name: str) -> None:
    append(node, cast.REGISTRAR, [Draft(entries.PersonCorrected(name=name), person)])


def erase(node: Node, person: str) -> None:
    append(node, cast.REGISTRAR, [Draft(entries.PersonErased(), person)])


def test_also_what_was_replaced_or_never_committed_leaves_the_files(tmp_path: Path) -> None:
    node, _clock = lone_node(tmp_path, "erased")
    amal = register(node, cast.REGISTRAR, [cast.AMALS])[0].persons[0]
    renamed(node, amal, BEFORE)
    with pytest.raises(_Unplugged), node.transaction():
        renamed(node, amal, "Amal the unheard")
        raise _Unplugged
    renamed(node, amal, "Amal the weaver")
    if node.connection.vendor == "postgresql":
        with node.cursor() as cursor:  # a crash leaves no statistics
            cursor.execute("SELECT pg_stat_reset()")
    erase(node, amal)
    left = on_disk(node, tmp_path)
    for words in (BEFORE, "Amal the unheard", "Amal the weaver", "Amal Yusuf al-Haddad"):
        assert words.encode() not in left
    assert "ليلى".encode() in left


def test_a_crash_before_the_files_were_scrubbed_is_made_up_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    node, _clock = lone_node(tmp_path, "erased")
    amal, *others = register(node, cast.REGISTRAR, [cast.AMALS])[0].persons
    renamed(node, amal, BEFORE)
    with monkeypatch.context() as crashing:
        crashing.setattr(Node, "scrub", lambda node: False)
        erase(node, amal)
    assert BEFORE.encode() in on_disk(node, tmp_path)
    # Another process opens the site, and somebody goes on with their work.
    again = Node(**{name: getattr(node, name) for name in (
        "alias", "operation", "certificate", "certificate_text", "certificate_signature", "signer",
        "clock", "random",
    )})  # fmt: skip
    schema.prepare(again)
    renamed(again, others[0], "Laila the weaver")
    assert BEFORE.encode() not in on_disk(again, tmp_path)
    assert not again.must_scrub
    close_database(node.alias)

"""The folder of a site: made whole or not at all, opened by its passphrase, written by several."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from corridor.journal import alarms, schema
from corridor.journal.append import Draft, append
from corridor.journal.databases import close_database
from corridor.journal.home import Home, HomeRefused
from corridor.journal.keys.slots import WrongPassphrase
from corridor.journal.models import Chain
from corridor.journal.verify import verify
from corridor.people.entries import PersonRegistered
from corridor.people.models import Person

pytestmark = pytest.mark.usefixtures("unblocked")
WORD = "a long passphrase"


def test_a_site_opens_with_its_passphrase_only(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    node = home.make("home", "Test", "north", WORD)
    append(node, "clerk", [Draft(PersonRegistered(name="Amal"), "p")])
    before = schema.state_hash(node)
    close_database("home")
    with pytest.raises(WrongPassphrase):
        home.unseal("another")
    with pytest.raises(HomeRefused):
        home.unseal(None)
    again = Home(tmp_path / "home").open("home", home.unseal(WORD))
    assert schema.state_hash(again) == before
    assert again.certificate == node.certificate
    close_database("home")


def test_secrets_are_for_the_owner_only_and_hold_nothing_in_clear(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    home.make("home", "Test", "north", WORD)
    close_database("home")
    path = tmp_path / "home" / "secrets"
    assert path.stat().st_mode & 0o077 == 0
    opened = home.unseal(WORD).secrets
    raw = path.read_text()
    for secret in (opened.database_key, opened.node_seed, opened.root_seed):
        assert secret not in raw


def test_a_half_made_site_is_not_taken_for_one(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    home.make("home", "Test", "north", WORD)
    close_database("home")
    (tmp_path / "home" / "secrets").unlink()
    with pytest.raises(HomeRefused, match="not made to its end"):
        home.make("home", "Test", "north", WORD)
    with pytest.raises(HomeRefused, match="no site"):
        home.unseal(WORD)


def test_several_processes_write_and_fork_nothing(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    home.make("home", "Test", "north", None)
    close_database("home")
    children = []
    for number in range(3):
        child = os.fork()
        if not child:
            own = Home(tmp_path / "home")
            node = own.open(f"child{number}", own.unseal(None))
            for k in range(30):
                append(node, "clerk", [Draft(PersonRegistered(name="x"), f"p{number}.{k}")])
            os._exit(0)
        children.append(child)
    assert [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children] == [0, 0, 0]
    node = Home(tmp_path / "home").open("home", home.unseal(None))
    assert Person.objects.using("home").count() == 90
    append(node, "clerk", [Draft(PersonRegistered(name="y"), "last")])
    assert verify(node).faults == []
    assert alarms.raised(node) == set()
    sessions = Chain.objects.using("home").exclude(slot=None)
    assert sessions.count() == 5
    close_database("home")


def test_another_version_folds_the_tables_again(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    node = home.make("home", "Test", "north", None)
    append(node, "clerk", [Draft(PersonRegistered(name="Amal"), "p")])
    before = schema.state_hash(node)
    with node.cursor() as cursor:
        cursor.execute("UPDATE journal_note SET value = 'older' WHERE key = 'fingerprint'")
        cursor.execute("DROP TABLE people_person")
    close_database("home")
    again = Home(tmp_path / "home").open("home", home.unseal(None))
    assert schema.state_hash(again) == before
    close_database("home")

"""The commands of the contract, through the door: names, outputs, exit codes."""

from __future__ import annotations

import json
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import sqlcipher3

from tests.shell import Shell


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home of a site without encryption, just made."""
    home = tmp_path_factory.mktemp("fresh") / "home"
    Shell(home)("init", "--operation", "Test", "--site", "north", "--no-encryption")
    return home


@pytest.fixture
def plain(fresh: Path, tmp_path: Path) -> Shell:
    """A site without encryption."""
    shutil.copytree(fresh, tmp_path / "home")
    return Shell(tmp_path / "home")


def test_a_site_from_init_to_whereabouts(tmp_path: Path) -> None:
    shell = Shell(tmp_path / "home", CORRIDOR_PASSPHRASE="a long passphrase")
    shell("init", "--operation", "Test", "--site", "north")
    shell("exercise", "--people", "60", "--seed", "3")
    found = json.loads(shell("whereabouts", "--json"))
    assert sum(found["states"].values()) == 60
    assert [one["why"] for one in found["open"]] == ["not_accounted_for"]
    before = shell("state-hash")
    assert len(before.split()) == 2
    shell("rebuild")
    assert shell("state-hash") == before
    assert json.loads(shell("verify", "--json"))["faults"] == []
    database = (tmp_path / "home" / "site.db").read_bytes()
    assert not database.startswith(b"SQLite")
    assert b"person.registered" not in database


def test_a_wrong_or_missing_passphrase_opens_nothing(tmp_path: Path) -> None:
    shell = Shell(tmp_path / "home", CORRIDOR_PASSPHRASE="a long passphrase")
    shell("init", "--operation", "Test")
    for word in ("another", ""):
        done = shell.run("verify", CORRIDOR_PASSPHRASE=word)
        assert done.returncode == 1
        assert "passphrase" in done.stderr


def test_a_second_init_changes_nothing(plain: Shell) -> None:
    before = (plain.home / "site.db").read_bytes()
    plain("init", "--operation", "Other", "--no-encryption", code=1)
    assert (plain.home / "site.db").read_bytes() == before


def test_an_exercise_needs_an_empty_site(plain: Shell) -> None:
    plain("exercise", "--people", "30")
    plain("exercise", "--people", "30", code=1)


def test_who_is_not_there_may_do_nothing(plain: Shell) -> None:
    plain("exercise", "--people", "30", "--as", "nobody", code=1)
    assert json.loads(plain("whereabouts", "--json"))["states"] == {}


def test_a_flipped_byte_is_named_and_the_way_back_told(plain: Shell) -> None:
    plain("exercise", "--people", "30")
    path = plain.home / "site.db"
    raw = bytearray(path.read_bytes())
    at = raw.rindex(b'"kind":"person.registered"') + 12
    raw[at] ^= 1
    path.write_bytes(bytes(raw))
    done = plain.run("verify")
    assert done.returncode == 1
    assert "fault: Entry " in done.stdout
    assert "take in this operation's entries" in done.stderr


def test_an_encrypted_site_names_the_damaged_page(tmp_path: Path) -> None:
    shell = Shell(tmp_path / "home", CORRIDOR_PASSPHRASE="a long passphrase")
    shell("init", "--operation", "Test")
    shell("exercise", "--people", "40")
    path = tmp_path / "home" / "site.db"
    raw = bytearray(path.read_bytes())
    page = len(raw) // 4096 - 20
    raw[page * 4096 + 50] ^= 1
    path.write_bytes(bytes(raw))
    done = shell.run("verify")
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert f"page {page + 1}" in done.stdout
    assert "readable: " in done.stdout


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.5", "example.org"])
def test_only_this_machine_is_served(plain: Shell, host: str) -> None:
    done = plain.run("serve", "--host", host)
    assert done.returncode == 1
    assert "not this machine itself" in done.stderr


def test_help_answers_for_every_command(plain: Shell) -> None:
    for command in ("init", "serve", "demo", "exercise", "import", "verify", "rebuild",
                    "state-hash", "whereabouts"):  # fmt: skip
        assert "Usage" in plain(command, "--help")


def test_wrong_usage_ends_with_two(plain: Shell) -> None:
    plain("exercise", code=2)
    plain("nothing", code=2)


def test_processes_that_open_an_outdated_site_together_change_its_tables_once(
    plain: Shell,
) -> None:
    plain("exercise", "--people", "40", "--seed", "3")
    before = plain("state-hash")
    with sqlcipher3.dbapi2.connect(str(plain.home / "site.db")) as site:
        site.execute("UPDATE journal_note SET value = 'older' WHERE key = 'fingerprint'")
        site.execute("DELETE FROM people_whereabouts")
    with ThreadPoolExecutor(3) as pool:
        done = list(pool.map(lambda _: plain.run("state-hash"), range(3)))
    assert [(one.returncode, one.stdout) for one in done] == [(0, before)] * 3

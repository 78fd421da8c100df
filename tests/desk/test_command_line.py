"""The commands of the contract, through the door: names, outputs, exit codes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import sqlcipher3

ROOT = Path(__file__).resolve().parents[2]


class Shell:
    """Runs `corridor` in a home of its own."""

    def __init__(self, home: Path, **environment: str) -> None:
        self.home = home
        self.environment = environment

    def __call__(self, *arguments: str, code: int = 0, **environment: str) -> str:
        """Standard output; fails if the exit code is another one."""
        done = self.run(*arguments, **environment)
        assert done.returncode == code, done.stdout + done.stderr
        assert "Traceback" not in done.stderr
        return done.stdout

    def run(
        self, *arguments: str, text: str = "", **environment: str
    ) -> subprocess.CompletedProcess[str]:
        """The finished process."""
        clean = {k: v for k, v in os.environ.items() if not k.startswith("CORRIDOR_")}
        return subprocess.run(
            [sys.executable, "-c", "from corridor.cli import main; main()", *arguments],
            env={**clean, "PYTHONPATH": str(ROOT / "src"), "CORRIDOR_HOME": str(self.home),
                 **self.environment, **environment},
            input=text, capture_output=True, text=True, check=False,
        )  # fmt: skip


@pytest.fixture
def plain(tmp_path: Path) -> Shell:
    """A site without encryption."""
    shell = Shell(tmp_path / "home")
    shell("init", "--operation", "Test", "--site", "north", "--no-encryption")
    return shell


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

"""A site on a PostgreSQL server: the same laws, the same journey, the same bytes of state."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests import postgres
from tests.ports import first_answer, free_port
from tests.shell import ROOT, Shell
from tests.sync.test_two_laptops import Laptop, carry

pytestmark = [
    pytest.mark.heavy,
    pytest.mark.skipif(postgres.binaries() is None, reason="PostgreSQL is not installed."),
]

#: Suites that must hold on both databases.
BOTH = ("tests/journal/test_laws.py", "tests/journal/test_changes.py",
        "tests/journal/test_exchange.py", "tests/journeys/test_road.py",
        "tests/sync/test_inbox.py", "tests/sync/test_meeting.py", "tests/waiting/test_list.py",
        "tests/promises/test_accounts.py", "tests/promises/test_erasure.py")  # fmt: skip


@pytest.fixture(scope="module")
def server() -> Iterator[postgres.Server]:
    """A server that waits for its disk as a real one does."""
    with postgres.server(safe=True) as running:
        yield running


def test_the_laws_and_a_journey_hold_on_a_server() -> None:
    with postgres.server() as running:
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-x", "-p", "no:cacheprovider", *BOTH],
            cwd=ROOT, env={**os.environ, "CORRIDOR_TEST_SERVER": str(running.folder)},
            capture_output=True, text=True, check=False,
        )  # fmt: skip
    assert done.returncode == 0, done.stdout[-4000:]


def test_headquarters_on_a_server_and_a_laptop_agree_to_the_byte(
    server: postgres.Server, tmp_path: Path
) -> None:
    hq = Laptop(tmp_path / "hq", CORRIDOR_PASSPHRASE="a long passphrase")
    north = Laptop(tmp_path / "north", CORRIDOR_PASSPHRASE="a long passphrase")
    url = server.make("hq")
    told = hq.said("init", "--operation", "Orchard", "--site", "hq", "--database", url)
    assert "disk of the server" in told
    asked, given = str(tmp_path / "north.request"), str(tmp_path / "north.certificate")
    north("node", "request", "--site", "north", "--out", asked)
    hq("node", "enrol", asked, "--out", given, "--power", "site")
    north("node", "enrol", given)
    hq("exercise", "--people", "60", "--seed", "3")
    carry(tmp_path, hq, north)
    people = tmp_path / "people.csv"
    people.write_text("name,sex\nRima Haddad,female\n")
    north("import", str(people))
    carry(tmp_path, north, hq)
    assert hq.hash() == north.hash()
    before = hq.hash()
    hq("rebuild")
    assert hq.hash() == before
    assert json.loads(hq("verify", "--json"))["faults"] == []
    assert not (tmp_path / "hq" / "site.db").exists()
    saved = tmp_path / "hq.backup"
    hq("backup", "--out", str(saved))
    again = Laptop(tmp_path / "again", CORRIDOR_PASSPHRASE="a long passphrase")
    assert "already" in again.said("restore", str(saved), code=1)
    server.drop("hq")
    server.make("hq")
    again("restore", str(saved))
    assert again.hash() == before
    again("import", str(people))


def test_several_processes_write_at_once(server: postgres.Server, tmp_path: Path) -> None:
    shell = Shell(tmp_path / "home", CORRIDOR_PASSPHRASE="a long passphrase")
    shell("init", "--operation", "Orchard", "--database", server.make("busy"))
    files = [tmp_path / f"{n}.csv" for n in range(3)]
    for n, file in enumerate(files):
        file.write_text("name,sex\n" + "".join(f"Person {n}-{k},female\n" for k in range(20)))
    with ThreadPoolExecutor(3) as pool:
        done = list(pool.map(lambda file: shell.run("import", str(file)), files))
    assert [one.returncode for one in done] == [0, 0, 0], done
    assert json.loads(shell("whereabouts", "--json"))["states"] == {"registered": 60}
    assert json.loads(shell("verify", "--json"))["faults"] == []
    # What a list needs on a disk for a moment lies in the site's folder, wherever one stands.
    assert (shell.home / "work").is_dir() and not list((shell.home / "work").iterdir())
    assert _first_page(shell) == 200


def _first_page(shell: Shell) -> int:
    """What the first page answers when the site is served by all its workers."""
    port = free_port()
    serving = subprocess.Popen(
        [sys.executable, "-c", "from corridor.cli import main; main()", "serve", "--port",
         str(port)],
        env={**os.environ, "PYTHONPATH": str(ROOT / "src"), "CORRIDOR_HOME": str(shell.home),
             **shell.environment},
    )  # fmt: skip
    try:
        return first_answer(f"http://127.0.0.1:{port}/")[0]
    finally:
        serving.terminate()
        serving.wait(20)


def test_a_server_that_is_not_there_or_not_safe_is_refused(
    server: postgres.Server, tmp_path: Path
) -> None:
    shell = Shell(tmp_path / "home", CORRIDOR_PASSPHRASE="a long passphrase")

    def refused(url: str) -> str:
        done = shell.run("init", "--operation", "Orchard", "--database", url)
        assert done.returncode == 1, done.stderr
        assert "Traceback" not in done.stderr
        assert not (shell.home / "secrets").exists()
        return done.stderr

    assert "does not answer" in refused(server.url("nothing"))
    assert "must look like" in refused("postgresql://")
    server.sql("CREATE DATABASE wordy TEMPLATE template0 ENCODING 'SQL_ASCII' LOCALE 'C'")
    assert "createdb" in refused(server.url("wordy"))
    server.make("careless")
    server.sql("ALTER SYSTEM SET full_page_writes = off")
    server.sql("SELECT pg_reload_conf()")
    try:
        assert "power cut" in refused(server.url("careless"))
    finally:
        server.sql("ALTER SYSTEM RESET full_page_writes")
        server.sql("SELECT pg_reload_conf()")

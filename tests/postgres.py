"""A PostgreSQL server for tests: its own folder, its own socket, gone afterwards."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, LiteralString, cast
from urllib.parse import quote

import psycopg

#: Who owns the server: it refuses to run as root.
USERS = ("postgres", "nobody")
NAME = "corridor"


def binaries() -> Path | None:
    """The folder of `initdb` and `postgres`, the newest where there are several."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=_version)
    if found:
        return found[-1].parent
    beside = shutil.which("initdb")
    return None if beside is None else Path(beside).resolve().parent


def _version(path: Path) -> float:
    return float(path.parent.parent.name)


class Databases:
    """The databases of a server whose socket lies in `folder`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def url(self, name: str) -> str:
        """The address of a database."""
        return f"postgresql://{NAME}@/{name}?host={quote(str(self.folder), safe='')}"

    def make(self, name: str, template: str = "template0") -> str:
        """A new database; returns its address. Nobody may be connected to the template."""
        self.sql(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        return self.url(name)

    def drop(self, name: str) -> None:
        """Removes a database, whoever is connected."""
        self.sql(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def sql(self, statement: str, name: str = "postgres") -> list[tuple[Any, ...]]:
        """Runs a statement outside of any transaction; returns its rows."""
        with psycopg.connect(self.url(name), autocommit=True) as connection:
            cursor = connection.execute(cast(LiteralString, statement))
            return cursor.fetchall() if cursor.description else []


class Server(Databases):
    """A server that was started here."""

    def __init__(self, folder: Path, *, safe: bool = False) -> None:
        super().__init__(folder)
        self.data = folder / "data"
        self.bin = binaries()
        assert self.bin is not None
        self.owner = _owner()
        if self.owner:
            os.chown(folder, self.owner.pw_uid, self.owner.pw_gid)
        self._run("initdb", "-D", self.data, "-A", "trust", "-E", "UTF8", "--locale=C",
                  "-U", NAME, "--no-sync", "--no-instructions")  # fmt: skip
        quick = () if safe else ("-c", "fsync=off", "-c", "full_page_writes=off")
        self.process = subprocess.Popen(
            [*self._as_owner(), self.bin / "postgres", "-D", self.data, "-k", folder,
             "-c", "listen_addresses=", "-c", "max_connections=200", "-c", "autovacuum=off",
             *quick],
            cwd=folder, stdout=subprocess.DEVNULL, stderr=(folder / "log").open("wb"),
        )  # fmt: skip
        self._wait()

    def stop(self) -> None:
        """Ends the server; its folder is removed by whoever made it."""
        self.process.terminate()
        try:
            self.process.wait(5)
        except subprocess.TimeoutExpired:
            self.process.send_signal(3)  # SIGQUIT: at once
            self.process.wait(5)

    def _wait(self) -> None:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                break
            try:
                self.sql("SELECT 1")
            except psycopg.OperationalError:
                time.sleep(0.1)
            else:
                return
        raise AssertionError((self.folder / "log").read_text())

    def _as_owner(self) -> list[str]:
        if self.owner is None:
            return []
        return ["setpriv", f"--reuid={self.owner.pw_uid}", f"--regid={self.owner.pw_gid}",
                "--clear-groups"]  # fmt: skip

    def _run(self, program: str, *arguments: str | Path) -> None:
        assert self.bin is not None
        done = subprocess.run(
            [*self._as_owner(), self.bin / program, *arguments],
            cwd=self.folder, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr


def _owner() -> pwd.struct_passwd | None:
    if os.geteuid():
        return None
    for name in USERS:
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise AssertionError(f"Root may not run a database server; make a user {USERS[0]}.")


@contextmanager
def server(*, safe: bool = False) -> Iterator[Server]:
    """A server for as long as the block runs; `safe` waits for the disk as a real one does."""
    memory = Path("/dev/shm")
    where = memory if memory.is_dir() and not safe else Path("/tmp")
    with tempfile.TemporaryDirectory(prefix="pg-", dir=where) as name:
        folder = Path(name)
        folder.chmod(0o755)
        running = Server(folder, safe=safe)
        try:
            yield running
        finally:
            running.stop()

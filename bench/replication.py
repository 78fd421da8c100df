"""Sync beside PouchDB 9: the same documents between two processes over HTTP, in one run.

    python -m bench.replication [DOCUMENTS]

Each document is the registration of an invented person (10,000 unless said otherwise). Corridor
exchanges them as signed entries between encrypted files; PouchDB copies them between LevelDB
folders, with its default batch and with a larger one (the better counts). What each has to show for
it differs, so three pairs are printed:

- copied: PouchDB's replication beside entries that were checked, encrypted and made durable, but
  not folded into tables. Nothing but this comparison ever does so.
- copied and ready for the pages: PouchDB's replication and the building of an index that answers
  what the folded tables answer of these documents, beside Corridor as it is.
- ready beside copied: Corridor as it is, beside PouchDB's replication alone, which answers nothing
  but what lies under an id.

PouchDB is installed with npm into a temporary folder. Either's server has answered a request before
the clock starts. The two take turns and the best of `ROUNDS` counts: by the clock, and by the
processor time of both ends, which other work does not change much.
"""

from __future__ import annotations

import json
import logging
import os
import random
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

import django
import msgspec

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "corridor.config.settings")
django.setup()

from django.conf import settings  # noqa: E402
from django.core.wsgi import get_wsgi_application  # noqa: E402
from tests.nodes import new_node  # noqa: E402

from corridor.exercise.operation import newcomer  # noqa: E402
from corridor.exercise.population import households  # noqa: E402
from corridor.journal import arrive, schema  # noqa: E402
from corridor.journal.append import Draft, append  # noqa: E402
from corridor.journal.databases import close_database  # noqa: E402
from corridor.journal.keys.signing import Signer  # noqa: E402
from corridor.journal.node import Node  # noqa: E402
from corridor.people.entries import PersonRegistered  # noqa: E402
from corridor.sync.door import open_door  # noqa: E402
from corridor.sync.meeting import meet  # noqa: E402

ROUNDS = 2
BATCH = 100
POUCH_BATCHES = (100, 1000)
PACKAGES = ("pouchdb@9", "express@4", "express-pouchdb@4")
PEER = Path(__file__).parent / "peers" / "replication.js"
ROOT = Signer.from_seed(b"r" * 32)
NOW = 1_790_000_000_000
WAYS = ("pull", "push")
COPIED, READY = "copied", "ready"
#: What stands beside what: of Corridor, of PouchDB.
PAIRS = (
    ("copied", COPIED, COPIED),
    ("copied and ready for the pages", READY, READY),
    ("ready beside copied", READY, COPIED),
)


def main() -> None:
    """Runs all and prints a table."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    people = registrations(count)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        made = node_at(folder, "full", fresh=True)
        fill(made, people)
        close_database(made.alias)
        install(folder)
        (folder / "docs.json").write_text(json.dumps(documents(people)))
        best: dict[tuple[str, str, str], Spent] = {}

        def count_best(who: str, what: str, way: str, spent: Spent) -> None:
            best[who, what, way] = spent.or_better(best.get((who, what, way), spent))

        for round_ in range(ROUNDS):
            for way in WAYS:
                for what in (COPIED, READY):
                    place = folder / f"corridor {what} {way} {round_}"
                    count_best("Corridor", what, way, corridor(place, folder, way, count, what))
                for what, spent in pouch(folder / f"pouch {way} {round_}", folder, way):
                    count_best("PouchDB", what, way, spent)
    print(f"| {count:,} registrations | | Corridor | PouchDB 9 | times |")
    print("|---|---|---|---|---|")
    for title, own, other in PAIRS:
        for way in WAYS:
            ours, theirs = best["Corridor", own, way], best["PouchDB", other, way]
            for name, one, two in (
                ("documents/s", ours.wall, theirs.wall),
                ("of processor time, both ends", ours.cpu, theirs.cpu),
            ):
                print(f"| {title} | {way}, {name} | {count / one:,.0f} | {count / two:,.0f}"
                      f" | {two / one:.1f} |")  # fmt: skip


@dataclass(frozen=True)
class Spent:
    """Seconds by the clock, and of processor time at both ends."""

    wall: float
    cpu: float

    def or_better(self, other: Spent) -> Spent:
        """The smaller of each."""
        return Spent(min(self.wall, other.wall), min(self.cpu, other.cpu))


def registrations(count: int) -> list[PersonRegistered]:
    """The values of invented persons, each with the household that it was registered in."""
    rng = random.Random(1)
    made = (
        msgspec.structs.replace(newcomer(one).values, household=household)
        for home in households(1, count, date(2026, 11, 24))
        for household in (str(uuid.UUID(int=rng.getrandbits(128), version=4)),)
        for one in home.members
    )
    return list(islice(made, count))


def documents(people: list[PersonRegistered]) -> list[dict[str, Any]]:
    """The same as documents."""
    found = []
    for number, one in enumerate(people):
        values = {name: getattr(one, name) for name in one.__struct_fields__}
        kept = {k: v for k, v in values.items() if isinstance(v, str | int)}
        found.append({"_id": f"{number:08}", "kind": "person.registered", **kept})
    return found


def node_at(folder: Path, name: str, *, fresh: bool, site: str = "") -> Node:
    """A node on the encrypted file `name`; `site` is whose keys it has, if not those of `name`."""
    site = site or name
    return new_node(
        name, folder / f"{name}.db", ROOT, site, seed=site.encode().ljust(32, b"."), key=b"k" * 32,
        clock=lambda: NOW, random=random.Random(site).randbytes, fresh=fresh,
    )  # fmt: skip


def fill(node: Node, people: list[PersonRegistered]) -> None:
    """As an import does."""
    for at in range(0, len(people), BATCH):
        some = people[at : at + BATCH]
        append(node, "clerk", [Draft(one, node.new_id()) for one in some])


def corridor(folder: Path, made: Path, way: str, count: int, what: str) -> Spent:
    """What one meeting costs in which everything goes one way, and is only copied or made ready."""
    folder.mkdir()
    for suffix in ("", "-wal"):
        source = made / f"full.db{suffix}"
        if source.exists():
            shutil.copy(source, folder / f"full.db{suffix}")
    here, there = ("empty", "full") if way == "pull" else ("full", "empty")
    command = [sys.executable, "-m", "bench.replication", "serve", str(folder), there, what]
    with serving(command) as (url, pid), receiving(what):
        node = node_at(folder, here, fresh=here == "empty")
        wake(url)
        started, before = time.perf_counter(), time.process_time() + cpu_of(pid)
        met = meet(node, url)
        spent = Spent(time.perf_counter() - started, time.process_time() + cpu_of(pid) - before)
        assert met.equal
        assert (met.came.new if way == "pull" else met.went) >= count
        close_database(node.alias)
    full, empty = (node_at(folder, one, fresh=False) for one in ("full", "empty"))
    if what == COPIED:
        schema.rebuild(empty)
    assert schema.state_hash(full) == schema.state_hash(empty)
    close_database(full.alias)
    close_database(empty.alias)
    return spent


@contextmanager
def receiving(what: str) -> Iterator[None]:
    """Entries that arrive in this process are not folded where they are only to be copied."""
    usual = arrive.fold
    if what == COPIED:
        arrive.fold = lambda *_args, **_named: None
    try:
        yield
    finally:
        arrive.fold = usual


def wake(url: str) -> None:
    """One request, as PouchDB's server has answered many when its documents were filled in."""
    with suppress(urllib.error.HTTPError):
        urllib.request.urlopen(f"{url}/sync/compare", timeout=60)


def pouch(folder: Path, made: Path, way: str) -> Iterator[tuple[str, Spent]]:
    """The same by PouchDB with each of its batches: the copy, and the copy made ready."""
    for batch in POUCH_BATCHES:
        place = folder / str(batch)
        (place / "server").mkdir(parents=True)
        (place / "client").mkdir()
        command = ["node", "replication.js", "serve", str(place / "server"), str(batch)]
        with serving(command, made) as (url, pid):
            port = url.rsplit(":", 1)[1]
            said = subprocess.run(
                ["node", "replication.js", "run", str(place / "client"), port,
                 str(made / "docs.json"), way, str(batch), str(pid)],
                cwd=made, capture_output=True, text=True, check=True,
            )  # fmt: skip
        for what, line in zip((COPIED, READY), said.stdout.splitlines(), strict=True):
            wall, cpu = map(float, line.split())
            yield what, Spent(wall, cpu)


def cpu_of(pid: int) -> float:
    """Processor seconds that a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def install(folder: Path) -> None:
    """PouchDB into a folder, for this run."""
    shutil.copy(PEER, folder)
    subprocess.run(["npm", "init", "-y"], cwd=folder, check=True, capture_output=True)
    subprocess.run(
        ["npm", "install", "--no-audit", "--no-fund", "--silent", *PACKAGES], cwd=folder, check=True
    )


@contextmanager
def serving(command: list[str], folder: Path | None = None) -> Iterator[tuple[str, int]]:
    """A process that serves at a free port, its last argument; yields its address and number."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen([*command, str(port)], cwd=folder, stdout=subprocess.PIPE)
    assert process.stdout is not None
    try:
        assert b"ready" in process.stdout.readline()
        yield f"http://127.0.0.1:{port}", process.pid
    finally:
        process.kill()
        process.wait()


class _Quiet(WSGIRequestHandler):
    def log_message(self, *_args: Any) -> None:
        """Nothing."""


def serve(folder: Path, name: str, what: str, port: int) -> None:
    """The other end of a meeting."""
    settings.ROOT_URLCONF = "corridor.sync.urls"
    settings.ALLOWED_HOSTS = ["*"]
    open_door(node_at(folder, name, fresh=name == "empty"))
    server = make_server("127.0.0.1", port, get_wsgi_application(), handler_class=_Quiet)
    logging.getLogger("django.request").setLevel(logging.ERROR)
    print("ready", flush=True)
    with receiving(what):
        server.serve_forever()


if __name__ == "__main__":
    if sys.argv[1:2] == ["serve"]:
        serve(Path(sys.argv[2]), sys.argv[3], sys.argv[4], int(sys.argv[5]))
    else:
        main()

"""Sync beside PouchDB 9: the same documents between two processes over HTTP, in one run.

    python -m bench.replication [DOCUMENTS]

Each document is the registration of an invented person (10,000 unless said otherwise), with who
made it when. Corridor exchanges them as signed entries between encrypted files; PouchDB copies
them between LevelDB folders, as it comes (100 documents a batch) and with batches of 1,000. Two
moments are timed at each:

- copied: everything lies on the receiver's disk and may not be lost any more. Corridor has kept
  checked, encrypted bundles there and waited for the disk; PouchDB has written the documents into
  the log of LevelDB.
- ready: what the pages ask can be answered. Corridor has taken the entries in and folded them, and
  both sites have compared; PouchDB has built an index that answers what the folded tables answer of
  these documents.

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
from corridor.journal import schema, tips  # noqa: E402
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
CLERK = str(uuid.UUID(int=1, version=4))
WAYS = ("pull", "push")
COPIED, READY = "copied", "ready"
#: What stands beside what: of Corridor, of PouchDB.
PAIRS = (
    ("copied", COPIED, COPIED),
    ("ready", READY, READY),
    ("ready beside copied", READY, COPIED),
)


def main() -> None:
    """Runs all and prints a table."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    people = registrations(count)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        made = node_at(folder, "full", fresh=True)
        ids = fill(made, people)
        close_database(made.alias)
        install(folder)
        (folder / "docs.json").write_text(json.dumps(documents(people, ids)))
        best: dict[tuple[str, str, str], Spent] = {}

        def count_best(who: str, what: str, way: str, spent: Spent) -> None:
            best[who, what, way] = spent.or_better(best.get((who, what, way), spent))

        for round_ in range(ROUNDS):
            for way in WAYS:
                both = corridor(folder / f"corridor {way} {round_}", folder, way)
                for what, spent in zip((COPIED, READY), both, strict=True):
                    count_best("Corridor", what, way, spent)
                for batch in POUCH_BATCHES:
                    there = folder / f"pouch {way} {batch} {round_}"
                    for what, spent in pouch(there, folder, way, batch):
                        count_best(f"PouchDB {batch}", what, way, spent)
    titles = "".join(f" PouchDB 9, {batch:,} a batch | times |" for batch in POUCH_BATCHES)
    print(f"| {count:,} registrations | | Corridor |{titles}")
    print("|---|---|---|" + "---|---|" * len(POUCH_BATCHES))
    for title, own, other in PAIRS:
        for way in WAYS:
            ours = best["Corridor", own, way]
            theirs = [best[f"PouchDB {batch}", other, way] for batch in POUCH_BATCHES]
            for name, one, others in (
                ("documents/s", ours.wall, [spent.wall for spent in theirs]),
                ("of processor time, both ends", ours.cpu, [spent.cpu for spent in theirs]),
            ):
                beside = "".join(f" {count / two:,.0f} | {two / one:.1f} |" for two in others)
                print(f"| {title} | {way}, {name} | {count / one:,.0f} |{beside}")


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


def documents(people: list[PersonRegistered], ids: list[str]) -> list[dict[str, Any]]:
    """The same as documents: what the entries say of whom, by whom and when."""
    found = []
    for person, one in zip(ids, people, strict=True):
        values = {name: getattr(one, name) for name in one.__struct_fields__}
        said = {k: v for k, v in values.items() if isinstance(v, str | int)}
        kind = {"kind": "person.registered", "actor": CLERK, "at": NOW}
        found.append({"_id": person, **kind, **said})
    return found


def node_at(folder: Path, name: str, *, fresh: bool, site: str = "") -> Node:
    """A node on the encrypted file `name`; `site` is whose keys it has, if not those of `name`."""
    site = site or name
    return new_node(
        name, folder / f"{name}.db", ROOT, site, seed=site.encode().ljust(32, b"."), key=b"k" * 32,
        clock=lambda: NOW, random=random.Random(site).randbytes, fresh=fresh,
    )  # fmt: skip


def fill(node: Node, people: list[PersonRegistered]) -> list[str]:
    """Registers them as an import does; returns the ids of the persons."""
    ids = [node.new_id() for _ in people]
    drafts = list(map(Draft, people, ids))
    for at in range(0, len(people), BATCH):
        append(node, CLERK, drafts[at : at + BATCH])
    return ids


def corridor(folder: Path, made: Path, way: str) -> tuple[Spent, Spent]:
    """One meeting in which everything goes one way: until it is kept, and until it is ready."""
    folder.mkdir()
    for suffix in ("", "-wal"):
        source = made / f"full.db{suffix}"
        if source.exists():
            shutil.copy(source, folder / f"full.db{suffix}")
    here, there = ("empty", "full") if way == "pull" else ("full", "empty")
    command = [sys.executable, "-m", "bench.replication", "serve", str(folder), there]
    with serving(command) as (url, pid):
        node = node_at(folder, here, fresh=here == "empty")
        wake(url)
        started, before = time.perf_counter(), time.process_time() + cpu_of(pid)

        def spent() -> Spent:
            busy = time.process_time() + cpu_of(pid) - before
            return Spent(time.perf_counter() - started, busy)

        kept: list[Spent] = []
        met = meet(node, url, lambda met: kept.append(spent()) if met.stage == "working" else None)
        ready = spent()
        assert met.equal
        close_database(node.alias)
    full, empty = (node_at(folder, one, fresh=False) for one in ("full", "empty"))
    assert schema.state_hash(full) == schema.state_hash(empty)
    assert tips.entries(full) == tips.entries(empty) >= met.kept + met.went
    close_database(full.alias)
    close_database(empty.alias)
    return kept[0], ready


def wake(url: str) -> None:
    """One request, as PouchDB's server has answered many when its documents were filled in."""
    with suppress(urllib.error.HTTPError):
        urllib.request.urlopen(f"{url}/sync/compare", timeout=60)


def pouch(folder: Path, made: Path, way: str, batch: int) -> Iterator[tuple[str, Spent]]:
    """The same by PouchDB: the copy, and the copy made ready."""
    (folder / "server").mkdir(parents=True)
    (folder / "client").mkdir()
    command = ["node", "replication.js", "serve", str(folder / "server"), str(batch)]
    with serving(command, made) as (url, pid):
        port = url.rsplit(":", 1)[1]
        said = subprocess.run(
            ["node", "replication.js", "run", str(folder / "client"), port,
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


def serve(folder: Path, name: str, port: int) -> None:
    """The other end of a meeting."""
    settings.ROOT_URLCONF = "corridor.sync.urls"
    settings.ALLOWED_HOSTS = ["*"]
    open_door(node_at(folder, name, fresh=name == "empty"))
    server = make_server("127.0.0.1", port, get_wsgi_application(), handler_class=_Quiet)
    logging.getLogger("django.request").setLevel(logging.ERROR)
    print("ready", flush=True)
    server.serve_forever()


if __name__ == "__main__":
    if sys.argv[1:2] == ["serve"]:
        serve(Path(sys.argv[2]), sys.argv[3], int(sys.argv[4]))
    else:
        main()

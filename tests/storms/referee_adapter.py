"""The product's own journal behind the interface that the independent referee drives.

`PlainOperation` runs on plain SQLite files, `CipherOperation` on SQLCipher files. A node is a
database file; its image is the bytes of that file and its log with no clean shutdown. The steps of
the referee map to kinds of entry one to one, so that an entry id means the same on both sides.
"""

from __future__ import annotations

import json
import os
import random
import tempfile
from itertools import count
from pathlib import Path
from typing import Any

import msgspec
from adapter import Forged, NotEntitled, Refused, Report
from adapter import Node as RefereeNode
from adapter import Operation as RefereeOperation
from django.db import connections

from corridor.journal import alarms, schema, store
from corridor.journal.append import Draft, LacksPower, Part, append, write
from corridor.journal.changes import over
from corridor.journal.databases import close_database
from corridor.journal.entries import EntryWithdrawn, NodeRevoked
from corridor.journal.exchange import Summary, lacking, summarise
from corridor.journal.format import Head
from corridor.journal.judge import known
from corridor.journal.keys.certificates import Certificate
from corridor.journal.keys.signing import Signer
from corridor.journal.node import Node, Session
from corridor.journal.sent import Sent
from corridor.people import models as people
from corridor.people.entries import (
    PersonCorrected,
    PersonErased,
    PersonRegistered,
    RecordsLinked,
)
from corridor.stops.convoy import models as convoy
from corridor.stops.convoy.entries import PersonArrived, PersonBoarded
from corridor.sync import bundle
from tests.nodes import new_node, prepared
from tests.postgres import Databases

_numbers = count()
#: Databases of operations that have ended.
_over: list[str] = []
#: The files of a storm lie in memory where that is possible: no power is cut in it.
_MEMORY = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
_INTERNAL = ("node.certified", "session.opened")
_FIELDS = ("name", "phone", "household")


class PlainOperation(RefereeOperation):
    """Nodes on plain files: what remains in free pages and logs can be judged."""

    kind_of_node: type[AdaptedNode]

    capabilities = frozenset({"forge"})
    encrypted = False

    @classmethod
    def create(cls, seed: int) -> PlainOperation:
        operation = cls()
        operation.random = random.Random(seed)
        operation.root = Signer.from_seed(operation.random.randbytes(32))
        operation.folder = tempfile.TemporaryDirectory(prefix="storm-", dir=_MEMORY)
        operation.keys = {}
        operation.seeds = {}
        operation.powers = {}
        operation.given = {}
        return operation

    def __del__(self) -> None:
        self.folder.cleanup()

    def enrol(self, name: str, roles: set[str]) -> AdaptedNode:
        self.keys[name] = self.random.randbytes(32) if self.encrypted else None
        self.seeds[name] = self.random.randbytes(32)
        self.powers[name] = tuple(sorted(roles))
        node = self.kind_of_node(self, name, None)
        self.given[name] = node.node.certificate
        return node

    def certificate(self, name: str) -> Certificate:
        """The certificate of an enrolled node."""
        return self.given[name]

    def certificates(self) -> list[Certificate]:
        """All that were given."""
        return list(self.given.values())

    def boot(self, image: Any) -> AdaptedNode:
        return self.kind_of_node(self, image["name"], image["files"])

    def clone_running(self, node: AdaptedNode) -> AdaptedNode:
        twin = self.boot(node.image())
        session = node.node.session
        if session is not None:
            twin.node.session = Session(**vars(session))
        twin.set_clock(node.clock)
        return twin

    def forge(
        self, attack: str, node: AdaptedNode, target: AdaptedNode, seed: int
    ) -> Forged | None:
        return _Forgery(self, node, target, random.Random(seed)).make(attack)


class CipherOperation(PlainOperation):
    """Nodes on encrypted files: a powered-off disk shows nothing."""

    capabilities = frozenset({"forge", "at_rest"})
    encrypted = True


class AdaptedNode(RefereeNode):
    url = ""

    def __init__(
        self, operation: PlainOperation, name: str, files: dict[str, bytes] | None
    ) -> None:
        self.operation, self.name, self.clock = operation, name, 1_790_000_000_000
        number = next(_numbers)
        self.alias = f"storm{number}"
        self.path = Path(operation.folder.name) / f"{number}.db"
        self._place(files)
        self.node: Node = new_node(
            self.alias,
            self.path,
            operation.root,
            name,
            powers=operation.powers[name],
            seed=operation.seeds[name],
            key=operation.keys[name],
            clock=lambda: self.clock,
            random=operation.random.randbytes,
            fresh=files is None,
            url=self.url,
        )

    def _place(self, files: dict[str, bytes] | None) -> None:
        """Puts what a disk image holds where the node will find it."""
        for suffix, raw in (files or {}).items():
            Path(f"{self.path}{suffix}").write_bytes(raw)

    def __del__(self) -> None:
        close_database(self.alias)

    def set_clock(self, ms: int) -> None:
        self.clock = ms

    # -- recording ----------------------------------------------------------------------

    def record(self, kind: str, data: dict[str, Any]) -> str:
        return self.record_batch([(kind, data)])[0]

    def record_batch(self, items: list[tuple[str, dict[str, Any]]]) -> list[str]:
        if any(kind.startswith("later.") for kind, _ in items):
            return write(self.node, [self._unknown(kind, data) for kind, data in items])
        try:
            return append(self.node, "a-storm", [self._draft(k, d) for k, d in items])
        except LacksPower as refusal:
            raise Refused(str(refusal)) from refusal

    @staticmethod
    def _unknown(kind: str, data: dict[str, Any]) -> Part:
        return Part(Head(kind=kind, actor="a-storm", subject="s", codes=data), None, "registry")

    def _draft(self, kind: str, data: dict[str, Any]) -> Draft:
        person = data.get("person", "")
        if kind in ("person.register", "person.set"):
            values = data["fields"] if kind == "person.register" else {data["field"]: data["value"]}
            struct = PersonRegistered if kind == "person.register" else PersonCorrected
            seen = over(self.node, people.Person, person, sorted(values))
            return Draft(struct(**values), person, over=seen)
        if kind == "convoy.board":
            return Draft(PersonBoarded(convoy=data["convoy"]), person)
        if kind == "convoy.arrive":
            return Draft(PersonArrived(convoy=data["convoy"]), person)
        if kind == "link.same":
            return Draft(RecordsLinked(other=data["b"]), data["a"], about=(data["b"],))
        if kind == "link.undo":
            return Draft(EntryWithdrawn(withdrawn=data["link"], reason="other"), "")
        if kind == "person.erase":
            return Draft(PersonErased(), person)
        if kind == "node.revoke":
            key = Signer.from_seed(self.operation.seeds[data["node"]]).public
            return Draft(NodeRevoked(last=data["last"]), key)
        raise NotImplementedError(kind)

    # -- exchange -----------------------------------------------------------------------

    def summary(self) -> bytes:
        return msgspec.msgpack.encode((self.name, summarise(self.node)))

    def export(self, summary: bytes | None) -> bytes:
        """As the wire and the stick carry it; without a summary, for every node there is."""
        if summary is None:
            return bundle.make(self.node, self.operation.certificates())
        name, has = msgspec.msgpack.decode(summary, type=tuple[str, Summary])
        return bundle.make(self.node, [self.operation.certificate(name)], has)

    def import_bundle(self, raw: bytes) -> Report:
        taken = bundle.take(self.node, raw)
        return Report(taken.new, taken.duplicate, taken.waiting, taken.alarms)

    # -- what it holds ------------------------------------------------------------------

    def _held(self) -> list[store.Held]:
        return [
            held
            for held in store.select(self.node, "1 = 1")
            if held.head is None or held.head.kind not in _INTERNAL
        ]

    def entry_ids(self) -> set[str]:
        return {held.id for held in self._held()}

    def stubs(self) -> set[str]:
        return {held.id for held in self._held() if held.is_stub}

    def state(self) -> dict[str, Any]:
        return _state(self)

    def rebuild(self) -> None:
        schema.rebuild(self.node)

    def alarms(self) -> set[tuple[str, str]]:
        return alarms.raised(self.node)

    def read_sealed(self, entry_id: str) -> str:
        raise NotEntitled(entry_id)

    # -- disk ---------------------------------------------------------------------------

    def image(self) -> dict[str, Any]:
        return {"name": self.name, "files": self._files()}

    def raw_disk(self) -> bytes:
        return b"".join(self._files().values())

    def forensic(self) -> bytes:
        if not self.operation.encrypted:
            return self.raw_disk()
        plain = self.path.with_suffix(".plain")
        with self.node.cursor() as cursor:
            cursor.execute(f"ATTACH DATABASE '{plain}' AS plain KEY ''")
            cursor.execute("SELECT sqlcipher_export('plain')")
            cursor.execute("DETACH DATABASE plain")
        raw = plain.read_bytes()
        plain.unlink()
        return raw

    def _files(self) -> dict[str, bytes]:
        found = {}
        for suffix in ("", "-wal"):
            path = Path(f"{self.path}{suffix}")
            if path.exists():
                found[suffix] = path.read_bytes()
        return found


class ServerNode(AdaptedNode):
    """A node whose journal lies on a server: its image is a copy of its database."""

    operation: ServerOperation

    def _place(self, files: dict[str, bytes] | None) -> None:
        template = files["database"].decode() if files else prepared(self.operation.databases)
        self.database = self.operation.new_database(template)
        self.url = self.operation.databases.url(self.database)

    def image(self) -> dict[str, Any]:
        connections[self.alias].close()
        copied = self.operation.new_database(self.database)
        return {"name": self.name, "files": {"database": copied.encode()}}

    def raw_disk(self) -> bytes:
        """The files of its database, after all that was written has reached them."""
        self.operation.databases.sql("CHECKPOINT")
        (where,) = self.operation.databases.sql(
            "SELECT current_setting('data_directory') || '/base/' || oid"
            f" FROM pg_database WHERE datname = '{self.database}'"
        )[0]
        return b"".join(path.read_bytes() for path in sorted(Path(where).iterdir()))

    def forensic(self) -> bytes:
        return self.raw_disk()


class ServerOperation(PlainOperation):
    """Nodes on the databases of a PostgreSQL server."""

    kind_of_node = ServerNode

    @classmethod
    def create(cls, seed: int) -> ServerOperation:
        operation = super().create(seed)
        assert isinstance(operation, ServerOperation)
        operation.databases = Databases(Path(os.environ["CORRIDOR_TEST_SERVER"]))
        operation.made = []
        while _over:
            operation.databases.drop(_over.pop())
        return operation

    def new_database(self, template: str) -> str:
        """A copy of a database; removed when the next operation begins."""
        self.made.append(f"storm{os.getpid()}x{next(_numbers)}")
        self.databases.make(self.made[-1], template)
        return self.made[-1]

    def __del__(self) -> None:
        # This may run at any moment, in the middle of a COPY too, for which a DROP would wait.
        super().__del__()
        _over.extend(self.made)


PlainOperation.kind_of_node = AdaptedNode


def _rows(node: Node, sql: str) -> list[tuple[Any, ...]]:
    with node.cursor() as cursor:
        cursor.execute(sql)
        return list(cursor.fetchall())


def _state(adapted: AdaptedNode) -> dict[str, Any]:
    """The product's tables in the shape that the referee compares."""
    node = adapted.node
    use = people.Person.objects.using(node.alias)
    rows = {row["id"]: row for row in use.values()}
    erased = sorted(
        people.PersonErased.objects.using(node.alias).values_list("subject", flat=True).distinct()
    )
    moved = {r[0] for r in _rows(node, "SELECT DISTINCT person FROM people_movement")}
    persons = sorted({*rows, *moved, *erased})
    fields = {
        person: shown
        for person, row in rows.items()
        if person not in erased and (shown := {k: row[k] for k in _FIELDS if row[k] is not None})
    }
    conflicts: dict[str, dict[str, list[str]]] = {}
    for person, name, values in _rows(
        node,
        "SELECT id, field, \"values\" FROM journal_tables_conflict WHERE record = 'people_person'",
    ):
        conflicts.setdefault(person, {})[name] = json.loads(values)
    verdicts = dict(_rows(node, "SELECT entry, verdict FROM journal_tables_verdict"))
    internal = {
        r[0] for r in _rows(node, f"SELECT id FROM journal_entry WHERE kind IN {_INTERNAL}")
    }
    held = [h for h in adapted._held() if h.head is not None]
    links = _rows(node, "SELECT entry, subject, other FROM people_recordslinked")
    root = dict(_rows(node, "SELECT person, root FROM people_cluster"))
    groups: dict[str, list[str]] = {}
    for person in sorted({*persons, *root}):
        groups.setdefault(root.get(person, person), []).append(person)
    boarded = set(convoy.PersonBoarded.objects.using(node.alias).values_list("subject", flat=True))
    arrived = set(convoy.PersonArrived.objects.using(node.alias).values_list("subject", flat=True))
    clusters = sorted(groups.values())
    return {
        "persons": persons,
        "erased": erased,
        "fields": fields,
        "conflicts": {p: c for p, c in conflicts.items() if p not in erased},
        "clusters": clusters,
        "links": sorted(row[0] for row in links),
        "missing": [c for c in clusters if boarded & set(c) and not arrived & set(c)],
        "ledger": {},
        "holders": {},
        "stock": {},
        "transit": {},
        "testimony": [],
        "quarantined": sorted(
            i for i, v in verdicts.items() if v == "quarantined" and i not in internal
        ),
        "rejected": sorted(i for i, v in verdicts.items() if v == "rejected"),
        "unknown": sorted(
            h.id for h in held if known(h.head) is None and verdicts.get(h.id) != "quarantined"
        ),
    }


class _Forgery:
    """A dishonest delivery, made by an insider with valid keys."""

    def __init__(
        self, operation: PlainOperation, node: AdaptedNode, target: AdaptedNode, rng: random.Random
    ) -> None:
        self.operation, self.node, self.target, self.rng = operation, node, target, rng

    def make(self, attack: str) -> Forged | None:
        if attack in ("self_enrolled", "unauthorised"):
            return getattr(self, attack)()
        run = self._run()
        if run is None:
            return None
        forged = getattr(self, attack)(run)
        if forged is None:
            return None
        named_anew = [msgspec.structs.replace(one, id="") for one in forged]
        return Forged(bundle.sealed(self.node.node, self.operation.certificates(), named_anew))

    def _run(self) -> list[Sent] | None:
        """A run of one session of which the target lacks something, with more than one entry."""
        chains: dict[str, list[Sent]] = {}
        for sent in lacking(self.node.node, summarise(self.target.node)):
            chains.setdefault(sent.chain, []).append(sent)
        runs = [run for run in chains.values() if len(run) > 1]
        return self.rng.choice(runs) if runs else None

    def self_enrolled(self) -> Forged:
        false = type(self.operation).create(self.rng.randrange(2**32))
        ghost = false.enrol("ghost", {"authority", "coordinator", "site"})
        ghost.record("person.register", {"person": "p-ghost", "fields": {"name": "ghost"}})
        sender = self.rng.choice([ghost.node, self.node.node])
        entries = lacking(ghost.node, None)
        return Forged(bundle.sealed(sender, self.operation.certificates(), entries))

    def unauthorised(self) -> Forged | None:
        persons = self.node.state()["persons"]
        if not persons or "authority" in self.operation.powers[self.node.name]:
            return None
        data = {"person": self.rng.choice(persons)}
        head = Head(kind="person.erased", actor="a-storm", subject=data["person"])
        entry = write(self.node.node, [Part(head, None, "core")])[0]
        return Forged(self.node.export(None), ((entry, self.node.name, "person.erase", data),))

    def _one(self, run: list[Sent]) -> int:
        return self.rng.randrange(1, len(run))

    def alter_body(self, run: list[Sent]) -> list[Sent] | None:
        k = self._one(run)
        if not run[k].body:
            return None
        body = run[k].body[:-1] + b" " if run[k].body[-1:] != b" " else run[k].body[:-1] + b"x"
        return [*run[:k], msgspec.structs.replace(run[k], body=body), *run[k + 1 :]]

    def alter_time(self, run: list[Sent]) -> list[Sent]:
        k = self._one(run)
        return [*run[:k], msgspec.structs.replace(run[k], hlc=run[k].hlc + 1), *run[k + 1 :]]

    def cut_middle(self, run: list[Sent]) -> list[Sent] | None:
        k = self._one(run)
        return None if k == len(run) - 1 else run[:k] + run[k + 1 :]

    def swap_bodies(self, run: list[Sent]) -> list[Sent] | None:
        k, j = self._one(run), self._one(run)
        if run[k].body_hash == run[j].body_hash or not (run[k].body and run[j].body):
            return None
        swapped = list(run)
        swapped[k] = msgspec.structs.replace(run[k], body=run[j].body)
        swapped[j] = msgspec.structs.replace(run[j], body=run[k].body)
        return swapped

    def foreign_signature(self, run: list[Sent]) -> list[Sent] | None:
        signed = [k for k, one in enumerate(run) if one.signature]
        if not signed:
            return None
        k = signed[-1]
        signature = Signer.from_seed(self.rng.randbytes(32)).sign(b"x")
        return [*run[:k], msgspec.structs.replace(run[k], signature=signature), *run[k + 1 :]]

    def cut_tail(self, run: list[Sent]) -> list[Sent] | None:
        signed = [k for k, one in enumerate(run) if one.signature]
        k = max(signed, default=0)
        return None if k == 0 or run[k - 1].signature else run[:k]

    def strip_bodies(self, run: list[Sent]) -> list[Sent]:
        return [msgspec.structs.replace(one, body=None) for one in run]

"""What lists brought before: who comes again is known, and nobody else is taken for them.

A number of a system that gives lasting ones (a UUID, a PFIF record id) means the same record in
every file. Any other number, or a name with a birth date, means somebody only within one list and
its corrected versions: two organisations both number their people from 1.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from corridor.journal.keys.derived import derived
from corridor.journal.node import Node
from corridor.journal.store import chunks, marks
from corridor.people import models
from corridor.people.importing.models import ImportRun
from corridor.people.intake import SetAside, Source
from corridor.people.intake.numbers import is_unique
from corridor.people.intake.records import Origin

PERSON, HOUSEHOLD, NOTE, ASIDE = "p", "h", "n", "a"

#: So many people of a list are looked up to tell whether it is a version of an earlier one.
SAMPLE = 400

_FIND = (
    "SELECT key, run_id, what, names, content, subject FROM importing_importedrow"
    " WHERE key IN ({marks}) ORDER BY id"
)
_ASIDES = (
    "SELECT names, subject FROM importing_importedrow"
    " WHERE what = 'a' AND names IN ({marks}) AND run_id IN ({runs})"
)
_LASTING_KINDS = frozenset({"pfif", "corridor"})


@dataclass(frozen=True, slots=True)
class Before:
    """A row that came before: of which run, and whom it became."""

    run: int
    what: str
    names: bytes
    content: bytes
    subject: str


@dataclass(frozen=True, slots=True)
class Key:
    """Keyed hashes of a row. `lasting`: it means the same record in whatever file."""

    key: bytes
    names: bytes = b""
    content: bytes = b""
    lasting: bool = False
    numbered: bool = False


def _raw(who: bytes, nth: int) -> str:
    return f"who\0{who.hex()}\0{nth}"


def is_lasting(kind: str, number: str) -> bool:
    """Whether a number can be trusted to be nobody else's in any other file."""
    return kind in _LASTING_KINDS or is_unique(number)


@dataclass
class Remembering:
    """Keys of one run, and what is known of them. `family` are runs of versions of this list."""

    node: Node
    kind: str
    run: int
    family: set[int] = field(default_factory=set)
    _new: list[tuple[int, str, bytes, bytes, bytes, str]] = field(default_factory=list)
    _would: set[bytes] = field(default_factory=set)

    def person(self, household: str, source_id: str, origin: Origin) -> Key:
        """Of a person, by number, else by name, sex and birth."""
        number = source_id
        if number and is_lasting(self.kind, number):
            raw, lasting = f"lasting\0{number.removeprefix('uuid:')}", True
        elif number:
            raw, lasting = f"number\0{household}\0{number}", False
        else:
            raw, lasting = _raw(origin.who or origin.fingerprint, origin.nth), False
        return Key(
            self._hash("person", raw), self._hash("names", origin.names.hex())[:8],
            self._hash("content", origin.fingerprint.hex())[:8], lasting, bool(number),
        )  # fmt: skip

    def key_of_who(self, who: bytes, nth: int) -> bytes:
        """The key of somebody without a number, from what tells people of a list apart."""
        return self._hash("person", _raw(who, nth))

    def asides_named(self, names: Iterable[bytes]) -> dict[bytes, set[str]]:
        """Rows that earlier versions of this list had set aside, by the names on them."""
        found: dict[bytes, set[str]] = {}
        runs = sorted(self.family)
        if len(runs) < 2:
            return found
        with self.node.cursor() as cursor:
            for some in chunks({one.hex() for one in names if one}):
                cursor.execute(
                    _ASIDES.format(marks=marks(len(some)), runs=marks(len(runs))),
                    [*(bytes.fromhex(one) for one in some), *runs],
                )
                for name, subject in cursor.fetchall():
                    found.setdefault(bytes(name), set()).add(subject)
        return found

    def household(self, source_id: str) -> Key:
        """Of a household that has a number."""
        lasting = is_lasting(self.kind, source_id)
        raw = source_id if lasting else f"number\0{source_id}"
        return Key(self._hash("household", raw), lasting=lasting)

    def note(self, source_id: str, person: str, origin: Origin) -> Key:
        """Of a note."""
        raw = f"{person}\0{source_id or origin.fingerprint.hex()}"
        return Key(self._hash("note", raw), lasting=True)

    def row(self, one: SetAside) -> Key:
        """Of a row set aside: a person's row under the key the person would have."""
        if one.role in ("person", "both"):
            return self.person(one.household, one.source_id, one.origin)
        if one.role == "note":
            return self.note(one.source_id, one.household, one.origin)
        raw = f"{one.role}\0{one.origin.sheet}\0{one.origin.fingerprint.hex()}"
        return Key(self._hash("row", raw), b"", self._hash("content", raw)[:8])

    def _hash(self, what: str, raw: str) -> bytes:
        message = f"{self.kind}\0{what}\0{raw}".encode()
        return derived(self.node.signer.seed, "import", message)[:16]

    def find(self, keys: Iterable[Key]) -> dict[bytes, list[Before]]:
        """Rows that came before under these keys."""
        found: dict[bytes, list[Before]] = {}
        with self.node.cursor() as cursor:
            for some in chunks({one.key.hex() for one in keys}):
                cursor.execute(
                    _FIND.format(marks=marks(len(some))), [bytes.fromhex(one) for one in some]
                )
                for key, run, what, names, content, subject in cursor.fetchall():
                    row = Before(run, what, bytes(names), bytes(content), subject)
                    found.setdefault(bytes(key), []).append(row)
        return found

    def same(self, key: Key, before: list[Before], what: str) -> Before | None:
        """The row among those found that is certain to be the same record; the newest of them."""
        for one in reversed(before):
            if one.what == what and (
                key.lasting or one.run in self.family or (key.numbered and one.names == key.names)
            ):
                return one
        return None

    def remember(self, what: str, key: Key, subject: str) -> None:
        """Keeps a row; written by `write`."""
        self._new.append((self.run, what, key.key, key.names, key.content, subject))

    def write(self) -> None:
        """Writes what was kept, in the transaction that is open."""
        with self.node.cursor() as cursor:
            cursor.executemany(
                "INSERT INTO importing_importedrow (run_id, what, key, names, content, subject)"
                " VALUES (%s, %s, %s, %s, %s, %s)",
                self._new,
            )
        self._new.clear()

    def forget_unwritten(self, *, but_who: bool) -> None:
        """Drops what was kept by a run that writes nothing, but for who would be known if asked."""
        if but_who:
            self._would.update(key for _run, what, key, *_rest in self._new if what == PERSON)
        self._new.clear()

    def would_know(self, key: Key) -> bool:
        """Whether a run that writes nothing would have registered this person."""
        return key.key in self._would

    def look_for_family(self, source: Source) -> None:
        """Finds the runs of which this list is a version: half of its people came with them."""
        self.family = {self.run}
        keys = [
            self.person(household, one.source_id, one.origin)
            for household, one in source.sample(SAMPLE)
        ]
        found = self.find(keys)
        met: Counter[int] = Counter()
        for key in keys:
            met.update({one.run for one in found.get(key.key, ()) if one.names == key.names})
        self.family |= {run for run, count in met.items() if count * 2 >= len(keys)}

    def counts(self) -> dict[str, int]:
        """How many rows of each sort this run has brought."""
        with self.node.cursor() as cursor:
            cursor.execute(
                "SELECT what, COUNT(*) FROM importing_importedrow WHERE run_id = %s GROUP BY what",
                [self.run],
            )
            return dict(cursor.fetchall())


def remembering(node: Node, source: Source, digest: str) -> tuple[Remembering, str]:
    """The memory of a run, begun now or before, and the id of the import."""
    raw = derived(node.signer.seed, "import", f"run\0{source.kind}\0{digest}".encode())
    with node.transaction():
        run, _made = ImportRun.objects.using(node.alias).get_or_create(
            digest=raw, defaults={"identity": node.new_id(), "source": source.kind}
        )
    return Remembering(node, source.kind, run.pk, {run.pk}), run.identity


def erased_of(node: Node, persons: Iterable[str]) -> set[str]:
    """Which of these persons asked that nothing of them be kept."""
    found: set[str] = set()
    use = models.PersonErased.objects.using(node.alias)
    for some in chunks(set(persons)):
        found |= set(use.filter(subject__in=some).values_list("subject", flat=True))
    return found


def homes_of(node: Node, persons: Iterable[str]) -> dict[str, str]:
    """Person to the household they belong to now."""
    found: dict[str, str] = {}
    use = models.Person.objects.using(node.alias)
    for some in chunks(set(persons)):
        rows = use.filter(id__in=some).exclude(household=None)
        found |= dict(rows.values_list("id", "household"))
    return found


def settled_of(node: Node, asides: Iterable[str]) -> dict[str, str]:
    """Which of these rows wait no longer, and how they were settled."""
    found: dict[str, str] = {}
    use = models.RowSettled.objects.using(node.alias)
    for some in chunks({one for one in asides if one}):
        found |= dict(use.filter(aside__in=some).values_list("aside", "how"))
    return found

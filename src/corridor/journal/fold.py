"""Folding entries into tables: one path for append, arrival and rebuild.

Read and judge the entries, write the rows of facts, resolve the records of touched subjects, then
run the declared steps for what changed. The result depends only on the set of entries and
bodies held.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import islice
from typing import Any

import msgspec

from corridor.journal import changes, spoken, store
from corridor.journal.collecting import undisturbed
from corridor.journal.derive import Derivation, Shared, columns_of, shared_tables
from corridor.journal.format import Head
from corridor.journal.judge import Judged, Revocations, read
from corridor.journal.kinds import Kind, all_kinds
from corridor.journal.node import Node
from corridor.journal.sent import Sent
from corridor.journal.store import Held
from corridor.journal.tables.models import Continuation, EntryWithdrawn, Mention, Verdict
from corridor.journal.tables.shapes import FactTable, FoldedTable, RecordTable

#: How many entries are read and written at a time in a rebuild.
BATCH = 2000

#: Kinds that decide whether another entry stands, and the field that names it.
_JUDGES_ANOTHER = {"entry.withdrawn": "withdrawn", "entry.adopted": "adopted"}


#: What is called with the persons erased, in the transaction that erases them.
_FORGETTING: list[Callable[[Node, frozenset[str]], None]] = []


def add_forgetting(forget: Callable[[Node, frozenset[str]], None]) -> None:
    """`forget` clears ordinary tables that speak of erased persons: folded ones need no help."""
    if forget not in _FORGETTING:
        _FORGETTING.append(forget)


def fold(node: Node, *, fresh: Sequence[Held] = (), touched: Iterable[str] = ()) -> None:
    """Brings the tables up to date.

    `fresh` entries were not held before; `touched` ones were, and lost or gained their body.
    """
    _Fold(node).some(list(fresh), set(touched))


def fold_everything(node: Node) -> None:
    """Fills empty tables from all that is held."""
    _Fold(node, everything=True).all()


@dataclass
class _Repeats:
    """Entries that say the same command again: all but the lowest, and which stands for which."""

    later: set[str] = field(default_factory=set)
    stands_for: dict[str, str] = field(default_factory=dict)


class _Fold:
    def __init__(self, node: Node, *, everything: bool = False) -> None:
        self.node = node
        self.everything = everything
        self.revocations = Revocations(node)
        self.derivation = Derivation(node)
        #: Records that had a row before: what else changed them is read again.
        self.known: dict[type[RecordTable], set[str]] = defaultdict(set)
        self.erased: set[str] = set()
        self.withdrawn: set[str] = set()  # in a rebuild only: known before the rest is judged

    def some(self, fresh: list[Held], touched: set[str]) -> None:
        """Folds these entries and those whose judgement depends on them."""
        new = {one.id for one in fresh}
        held = fresh + self._dependents(fresh, touched - new)
        judged = [one for one in map(read, held) if one is not None]
        self._judge(judged, self._repeats({one.head.command for one in judged if one.head.command}))
        self._write(judged, new)
        self._finish(judged)

    def all(self) -> None:
        """Folds everything, in flat memory."""
        repeats = self._repeats(None)
        withdrawals = _judged(store.select(self.node, "e.kind = 'entry.withdrawn'"))
        self._judge(withdrawals, repeats)
        self._write(withdrawals, {one.held.id for one in withdrawals})
        self.withdrawn = self._withdrawn(None, repeats)
        entries = store.select(self.node, "e.kind <> 'entry.withdrawn'", hashed=False)
        while self._fold_next(entries, repeats):
            pass
        self._resolve()
        self.derivation.run_everything()
        self.erased = erased_among(self.node, None)
        self._erase()

    def _fold_next(self, entries: Iterator[Held], repeats: _Repeats) -> bool:
        """Folds a batch of a rebuild; tells whether there was any."""
        with undisturbed():
            judged = _judged(batch := list(islice(entries, BATCH)))
            self._judge(judged, repeats)
            self._write(judged, {one.held.id for one in judged})
        return bool(batch)

    # -- which entries ----------------------------------------------------------------

    def _dependents(self, fresh: list[Held], touched: set[str]) -> list[Held]:
        """Entries held before whose judgement may change now."""
        have = {one.id for one in fresh}
        wanted = set(touched)
        wanted |= self._of_revoked_nodes(fresh)
        found: list[Held] = []
        seeds = list(fresh)
        while True:
            commands = {one.head.command for one in seeds if one.head and one.head.command}
            targets = {
                str(one.head.codes.get(_JUDGES_ANOTHER[one.head.kind]))
                for one in seeds
                if one.head and one.head.kind in _JUDGES_ANOTHER
            }
            wanted = (wanted | targets | self._of_commands(commands)) - have
            if not wanted:
                return found
            seeds = store.by_ids(self.node, wanted)
            have |= wanted
            found += seeds
            wanted = set()

    def _of_revoked_nodes(self, fresh: list[Held]) -> set[str]:
        nodes = {one.node for one in fresh if one.node in self.revocations.last}
        nodes |= {
            one.head.subject
            for one in fresh
            if one.head and one.head.kind == "node.revoked" and one.head.subject
        }
        return {
            row
            for key in nodes
            for row in self._ids("c.node = %s", [key])
        }  # fmt: skip

    def _of_commands(self, commands: set[str]) -> set[str]:
        found: set[str] = set()
        for some in store.chunks(commands):
            found |= self._ids(f"e.command > '' AND e.command IN ({store.marks(len(some))})", some)
        return found

    def _ids(self, where: str, parameters: Sequence[Any]) -> set[str]:
        with self.node.cursor() as cursor:
            cursor.execute(
                "SELECT e.id FROM journal_entry e JOIN journal_chain c ON c.n = e.chain_id"
                f" WHERE {where}",
                parameters,
            )
            return {row[0] for row in cursor.fetchall()}

    # -- judging ----------------------------------------------------------------------

    def _judge(self, judged: list[Judged], repeats: _Repeats) -> None:
        for one in judged:
            if not one.verdict and not self.revocations.trusts(one.held):
                one.verdict = "quarantined"
            elif not one.verdict and one.held.id in repeats.later:
                one.verdict = "duplicate"
        if self.everything:
            withdrawn = self.withdrawn
        else:
            self._write_withdrawals(judged)
            withdrawn = self._withdrawn([one.held.id for one in judged], repeats)
        for one in judged:
            final = one.kind is not None and one.kind.final
            if not one.verdict and not final and one.held.id in withdrawn:
                one.verdict = "withdrawn"

    def _repeats(self, commands: set[str] | None) -> _Repeats:
        """Among the entries that count, those that repeat a command; None stands for all."""
        repeats = _Repeats()
        if commands is not None and not commands:
            return repeats
        wanted = [[""]] if commands is None else list(store.chunks(commands))
        for some in wanted:
            where = (
                "command <> %s"
                if commands is None
                else f"command > '' AND command IN ({store.marks(len(some))})"
            )
            with self.node.cursor() as cursor:
                cursor.execute(
                    f"SELECT command, item FROM journal_entry WHERE {where}"
                    " GROUP BY command, item HAVING COUNT(*) > 1",
                    some,
                )
                groups = cursor.fetchall()
            for command, item in groups:
                self._repeat(repeats, command, item)
        return repeats

    def _repeat(self, repeats: _Repeats, command: str, item: int) -> None:
        held = store.select(
            self.node, "e.command > '' AND e.command = %s AND e.item = %s", [command, item]
        )
        counting = sorted(
            one.held.id
            for one in _judged(held)
            if not one.verdict and self.revocations.trusts(one.held)
        )
        repeats.later |= set(counting[1:])
        repeats.stands_for |= dict.fromkeys(counting, counting[0] if counting else "")

    def _withdrawn(self, ids: list[str] | None, repeats: _Repeats) -> set[str]:
        """The entries that a standing withdrawal names, by themselves or by their repetition."""
        table = EntryWithdrawn._meta.db_table
        if ids is None:
            with self.node.cursor() as cursor:
                cursor.execute(f"SELECT withdrawn FROM {table}")
                targets = {row[0] for row in cursor.fetchall()}
        else:
            named = {*ids, *repeats.stands_for}
            targets = store.among(self.node, table, "withdrawn", named)
        return {repeats.stands_for.get(entry, entry) for entry in targets}

    def _write_withdrawals(self, judged: list[Judged]) -> None:
        """Withdrawals are written before the rest is judged by them."""
        own = [one for one in judged if one.head.kind == "entry.withdrawn"]
        if own:
            self._delete_about(EntryWithdrawn, own)
            self._insert_facts(EntryWithdrawn, own)

    # -- writing ----------------------------------------------------------------------

    def _write(self, judged: list[Judged], new: set[str]) -> None:
        old = [one for one in judged if one.held.id not in new]
        facts: dict[type[FactTable], list[Judged]] = defaultdict(list)
        records: dict[type[RecordTable], list[Judged]] = defaultdict(list)
        for one in judged:
            if one.kind is None:
                continue
            if issubclass(one.kind.table, FactTable):
                facts[one.kind.table].append(one)
            else:
                records[one.kind.table].append(one)
        shared = [
            (each, those)
            for each in shared_tables()
            if (those := [one for one in judged if one.kind and each.is_of(one.kind)])
        ]
        known = {
            record: changes.known(self.node, record, {one.head.subject for one in those})
            for record, those in records.items()
        }
        if not self.everything:
            for table, those in (*facts.items(), *((each.table, of) for each, of in shared)):
                self._announce(table, those, new)
            self._announce_records(records, known)
        self._write_common(judged, old)
        for table, those in facts.items():
            if table is EntryWithdrawn and not self.everything:
                continue
            self._delete_about(table, [one for one in those if one.held.id not in new])
            self._insert_facts(table, those)
        for each, those in shared:
            self._delete_about(each.table, [one for one in those if one.held.id not in new])
            self._insert(each.table, [shared_row(each, one) for one in those if one.stands])
        for record, those in records.items():
            changes.write_first(self.node, record, those, known[record])
            self.known[record] |= known[record]

    def _announce(self, table: type[FoldedTable], those: list[Judged], new: set[str]) -> None:
        """Tells the steps which facts are about to change."""
        old = {one.head.subject for one in those if one.held.id not in new}
        subjects = {one.head.subject for one in those} - old
        self.derivation.will_change(table, sorted(subjects), fresh=True)
        self.derivation.will_change(table, sorted(old))

    def _announce_records(
        self,
        records: Mapping[type[RecordTable], list[Judged]],
        known: Mapping[type[RecordTable], set[str]],
    ) -> None:
        """The same of records."""
        for record, those in records.items():
            subjects = {one.head.subject for one in those}
            self.derivation.will_change(record, sorted(subjects - known[record]), fresh=True)
            self.derivation.will_change(record, sorted(known[record]))

    def _write_common(self, judged: list[Judged], old: list[Judged]) -> None:
        """Verdicts, mentions and continuations."""
        for table in (Verdict, Mention):
            self._delete(table._meta.db_table, "entry", [one.held.id for one in old])
        self._delete_about(Continuation, old)
        self._insert(Verdict, [(one.held.id, one.verdict) for one in judged if one.verdict])
        self._insert(
            Mention,
            [
                (one.held.id, person)
                for one in judged
                if one.head.about
                for person in sorted(set(one.head.about))
            ],
        )
        self._insert(
            Continuation,
            [
                row
                for one in judged
                if one.head.over and one.stands and one.kind is not None and one.kind.is_fact
                for row in continuations(one)
            ],
        )

    def _delete(self, table: str, column: str, keys: list[str]) -> None:
        for some in store.chunks(keys):
            with self.node.cursor() as cursor:
                cursor.execute(
                    f"DELETE FROM {table} WHERE {column} IN ({store.marks(len(some))})",
                    some,
                )

    def _delete_about(self, table: type[FoldedTable], those: list[Judged]) -> None:
        """Deletes what these entries wrote into a table whose key begins with their subjects."""
        if those:
            where = f"{table.key_column()} = %s AND entry = %s"
            with self.node.cursor() as cursor:
                cursor.executemany(
                    f"DELETE FROM {table._meta.db_table} WHERE {where}",
                    [(one.head.subject, one.held.id) for one in those],
                )

    def _insert(self, table: type[FoldedTable], rows: list[tuple[Any, ...]]) -> None:
        store.insert_rows(self.node, table._meta.db_table, columns_of(table), rows)

    def _insert_facts(self, table: type[FactTable], those: list[Judged]) -> None:
        rows = [_fact_row(one) for one in those if one.stands]
        store.insert_rows(self.node, table._meta.db_table, _fact_columns(table), rows)

    def _resolve(self) -> None:
        for record, subjects in self.known.items():
            changes.resolve(self.node, record, subjects)

    def _finish(self, judged: list[Judged]) -> None:
        self._resolve()
        self.derivation.run()
        self._note_erased(judged)
        self._erase()

    # -- erasure ----------------------------------------------------------------------

    def _note_erased(self, judged: list[Judged]) -> None:
        """Which persons of these entries are erased, now or since before."""
        speaks_of: set[str] = set()
        rows: dict[str, Head] = {}
        named = {name for name, _table, _column in spoken.identifying()}
        for one in judged:
            if one.stands and one.kind is not None and one.kind.erases:
                self.erased.add(one.head.subject)
            elif one.held.raw_body is not None or spoken.is_telling(one.kind):
                speaks_of.add(one.head.subject)
                speaks_of.update(one.head.about)
                if one.head.kind in named:
                    rows[one.held.id] = one.head
        speaks_of.update(*spoken.persons(self.node, rows).values())
        self.erased |= erased_among(self.node, speaks_of)

    def _erase(self) -> None:
        """Detaches what still speaks of erased persons, and folds it again without."""
        if not self.erased:
            return
        dropped = spoken.bodies_about(self.node, self.erased)
        strip_waiting(self.node)
        if dropped:
            store.drop_bodies(self.node, dropped)
            self.node.scrub_after_this()
            for forget in _FORGETTING:
                forget(self.node, frozenset(self.erased))
            fold(self.node, touched=dropped)


def erased_among(node: Node, subjects: Iterable[str] | None) -> set[str]:
    """Which of these persons are erased; None stands for all that are held."""
    found: set[str] = set()
    wanted = None if subjects is None else set(subjects)
    for table in sorted({kind.table._meta.db_table for kind in all_kinds() if kind.erases}):
        if wanted is not None:
            found |= store.among(node, table, "subject", wanted)
            continue
        with node.cursor() as cursor:
            cursor.execute(f"SELECT subject FROM {table}")
            found |= {row[0] for row in cursor.fetchall()}
    return found


def strip_waiting(node: Node) -> None:
    """What waits for its predecessors keeps no body that speaks of an erased person."""
    for entry, raw in store.waiting(node):
        sent = msgspec.msgpack.decode(raw, type=Sent)
        head = store.safe_head(sent.head)
        if head is None or sent.body is None:
            continue
        if erased_among(node, spoken.persons(node, {entry: head})[entry]):
            bare = msgspec.structs.replace(sent, body=None)
            store.replace_waiting(node, entry, msgspec.msgpack.encode(bare))
            node.scrub_after_this()


def _judged(held: Iterable[Held]) -> list[Judged]:
    return [one for one in map(read, held) if one is not None]


#: What every fact has; the columns of its kind follow in the order of the table.
_COMMON = ("entry", "subject", "actor", "node", "happened_ms", "precision", "hlc")


_OWN: dict[str, tuple[tuple[str, Any], ...]] = {}


def _own_columns(kind: Kind) -> tuple[tuple[str, Any], ...]:
    """The columns of its table beside the common ones, with what stands in them by default."""
    if kind.name not in _OWN:
        _OWN[kind.name] = tuple(
            (column, changes.as_cell(kind.defaults.get(column)))
            for column in columns_of(kind.table)
            if column not in _COMMON
        )
    return _OWN[kind.name]


@cache
def _fact_columns(table: type[FactTable]) -> tuple[str, ...]:
    return (*_COMMON, *(column for column in columns_of(table) if column not in _COMMON))


def shared_row(shared: Shared, one: Judged) -> tuple[Any, ...]:
    """The row that a fact writes into a shared table."""
    assert one.kind is not None and issubclass(one.kind.table, FactTable)
    columns = _fact_columns(one.kind.table)
    return shared.row(one.kind, dict(zip(columns, _fact_row(one), strict=True)))


def continuations(one: Judged) -> list[tuple[str, str, str, int]]:
    """What a fact continues, as rows of `Continuation`."""
    moves = int(one.kind is not None and one.kind.movement is not None)
    earlier = sorted({entry for entry, _ in one.head.over})
    return [(one.held.id, one.head.subject, entry, moves) for entry in earlier]


def _fact_row(one: Judged) -> tuple[Any, ...]:
    """Public fields that were left at their default are not in the entry, but in its row."""
    kind, head, held, values = one.kind, one.head, one.held, one.values
    assert kind is not None
    return (
        held.id, head.subject, head.actor, held.node, changes.happened_ms(one), head.precision,
        held.envelope.hlc,
        *[
            changes.as_cell(values[column]) if column in values else default
            for column, default in _own_columns(kind)
        ],
    )  # fmt: skip

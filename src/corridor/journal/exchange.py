"""What two nodes say to each other: what each holds, and what the other lacks.

A summary names for each chain its leaves with a thinning trail of their ancestors (0, 1, 2, 4, 8,
... back, and the first), and the entries whose head or personal part is wanted. It may speak of
some groups of chains only: those whose hashes differ. Real sets are compared every time; nothing
is remembered about a peer.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from typing import Any

import msgspec

from corridor.journal import spoken, store, tips
from corridor.journal.fold import erased_among
from corridor.journal.format import SCOPES, digest, scope_number
from corridor.journal.node import Node
from corridor.journal.sent import Sent

#: How many withheld parts are asked for at a time.
MOST_WANTED = 5000


class Groups(msgspec.Struct, frozen=True):
    """The hash of all leaves, and a short one for each group of chains."""

    tips: str
    bits: int
    hashes: dict[int, str]


class Summary(msgspec.Struct, frozen=True):
    """`has`: chain to entry ids held in it; `wants`: entries of which a part is asked for.

    `only` names the groups of chains (of `bits` bits) that it speaks of; None: all.
    """

    has: dict[str, list[str]]
    wants: list[str]
    bits: int = 0
    only: list[int] | None = None


def grouped(node: Node) -> Groups:
    """The short form of what this node holds."""
    with node.cursor() as cursor:
        cursor.execute("SELECT COUNT(*) FROM journal_chain")
        bits = tips.bits_for(cursor.fetchone()[0])
    return Groups(tips.tips_hash(node), bits, tips.groups(node, bits))


def differing(node: Node, other: Groups) -> list[int]:
    """The groups of chains in which this node does not hold what the other holds."""
    if other.tips == tips.tips_hash(node):
        return []
    own = tips.groups(node, other.bits)
    return sorted(
        number
        for number in {*own, *other.hashes}
        if own.get(number) != other.hashes.get(number)
    )  # fmt: skip


def summarise(node: Node, bits: int = 0, only: list[int] | None = None) -> Summary:
    """What this node holds, for a peer's `lacking`."""
    return Summary(_trails(node, bits, only), wanted(node), bits, only)


def scopes_for(named: Collection[str]) -> frozenset[int]:
    """Numbers of the scopes a certificate names; one that names none may have all."""
    return frozenset(
        number for number, scope in enumerate(SCOPES) if not named or scope in {"core", *named}
    )


def wanted(node: Node) -> list[str]:
    """Entries of which a part is not here though it should be: withheld on the way, not erased."""
    scopes = sorted(scopes_for(node.certificate.scopes))
    with node.cursor() as cursor:
        cursor.execute("SELECT 1 FROM journal_missing LIMIT 1")
        if cursor.fetchone() is None:
            return []
    missing = list(
        store.select(
            node,
            f"e.n IN (SELECT n FROM journal_missing WHERE scope IN ({store.marks(len(scopes))}))",
            scopes,
        )
    )
    about = spoken.persons(node, {one.id: one.head for one in missing if one.head})
    erased = erased_among(node, set().union(*about.values()))
    found = sorted(
        one.id
        for one in missing
        if one.raw_head is None or (one.head and not erased & about[one.id])
    )
    return found[:MOST_WANTED]


_ROW = (
    "SELECT e.id, e.seq, e.prev, e.hlc, e.flags, e.head_hash, e.body_hash, e.head, b.raw,"
    " e.signature FROM journal_entry e LEFT JOIN journal_body b ON b.n = e.n"
)


def lacking(
    node: Node, summary: Summary | None, scopes: frozenset[int] | None = None
) -> Iterator[Sent]:
    """The entries and parts that the owner of the summary lacks; None: everything.

    Of entries outside `scopes` (None: all) only the bare envelope goes out.
    """
    ends = tips.leaves(node)
    for number, key in _chains(node):
        if summary and summary.only is not None and (
            tips.group_of(key, summary.bits) not in summary.only
        ):  # fmt: skip
            continue
        has = summary.has.get(key, []) if summary else []
        if all(entry in has for entry, _ in ends.get(key, ())):
            continue
        starts = store.seqs_in_chain(node, number, has) if has else {}
        if len(ends[key]) == 1:
            after = max(starts.values(), default=0)
            rows = _rows(node, "e.chain_id = %s AND e.seq > %s", [number, after])
        else:
            rows = _branch_by_branch(node, number, _ancestors(node, number, starts))
        for row in rows:
            yield _sent(key, row, scopes)
    if summary is not None and summary.wants:
        yield from _parts(node, summary.wants, scopes)


def _parts(node: Node, wants: list[str], scopes: frozenset[int] | None) -> Iterator[Sent]:
    """Again, but now with what was withheld; nothing for what is not here either."""
    for some in store.chunks(wants):
        held = {one.id: one.envelope.chain for one in store.by_ids(node, some)}
        for row in _rows(node, f"e.id IN ({store.marks(len(some))})", some):
            sent = _sent(held[row[0]], row, scopes)
            if sent.head is not None and (sent.body is not None or not sent.body_hash):
                yield sent


def _rows(node: Node, where: str, parameters: Sequence[Any]) -> Iterator[Sequence[Any]]:
    with node.connection.chunked_cursor() as cursor:
        cursor.execute(f"{_ROW} WHERE {where} ORDER BY e.seq, e.id", parameters)
        while rows := cursor.fetchmany(2000):
            yield from rows


def _branch_by_branch(node: Node, number: int, seen: set[str]) -> Iterator[Sequence[Any]]:
    """The rows of a forked chain but for those seen, each branch to its end.

    Side by side, no cut would be at signed entries of all branches.
    """
    after: dict[str, list[str]] = defaultdict(list)
    with node.cursor() as cursor:
        cursor.execute(
            "SELECT id, prev FROM journal_entry WHERE chain_id = %s ORDER BY seq DESC, id", [number]
        )
        new = {entry: prev for entry, prev in cursor.fetchall() if entry not in seen}
    for entry, prev in new.items():
        after[prev].append(entry)
    ahead = [entry for entry, prev in new.items() if prev not in new]
    ordered: list[str] = []
    while ahead:
        ordered.append(ahead.pop())
        ahead += after.get(ordered[-1], ())
    for start in range(0, len(ordered), store.CHUNK):
        some = ordered[start : start + store.CHUNK]
        found = {row[0]: row for row in _rows(node, f"e.id IN ({store.marks(len(some))})", some)}
        yield from map(found.__getitem__, some)


def _sent(key: str, row: Sequence[Any], scopes: frozenset[int] | None) -> Sent:
    entry, seq, prev, hlc, flags, head_hash, body_hash, head, body, signature = row
    if scopes is not None and scope_number(flags) not in scopes:
        if head is not None:
            head_hash = digest(head)
        head = body = None
    return Sent(
        key, seq, prev, hlc, flags, head_hash or "", body_hash, _bytes(head), _bytes(body),
        _bytes(signature), entry,
    )  # fmt: skip


def _bytes(cell: Any) -> bytes | None:
    """The bytes in a cell; some databases give them as a view."""
    return cell if cell is None or type(cell) is bytes else bytes(cell)


def _chains(node: Node) -> list[tuple[int, str]]:
    """Nodes' own chains first: they vouch for the sessions."""
    with node.cursor() as cursor:
        cursor.execute("SELECT n, key FROM journal_chain ORDER BY slot IS NOT NULL, key")
        return [(row[0], row[1]) for row in cursor.fetchall()]


def _trails(node: Node, bits: int, only: list[int] | None) -> dict[str, list[str]]:
    has: dict[str, list[str]] = {}
    ends = tips.leaves(node)
    for number, key in _chains(node):
        if only is not None and tips.group_of(key, bits) not in only:
            continue
        those = ends.get(key, [])
        linear = len(those) == 1
        has[key] = _steps(node, number, those[0][1]) if linear else _forked(node, number)
    return has


def _steps(node: Node, number: int, length: int) -> list[str]:
    """The trail of a chain without forks, by its numbers."""
    back = {0, length - 1}
    step = 1
    while step < length:
        back.add(step)
        step *= 2
    seqs = sorted(length - one for one in back)
    with node.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM journal_entry"
            f" WHERE chain_id = %s AND seq IN ({store.marks(len(seqs))})",
            [number, *seqs],
        )
        return sorted(row[0] for row in cursor.fetchall())


def _forked(node: Node, number: int) -> list[str]:
    """The trails of all branches of a forked chain."""
    at: dict[int, list[tuple[str, str]]] = defaultdict(list)
    followed: set[str] = set()
    with node.cursor() as cursor:
        cursor.execute("SELECT seq, id, prev FROM journal_entry WHERE chain_id = %s", [number])
        for seq, entry, prev in cursor.fetchall():
            at[seq].append((entry, prev))
            followed.add(prev)
    by_id = {entry: (seq, prev) for seq, those in at.items() for entry, prev in those}
    trail: set[str] = set()
    for entry, (seq, _prev) in by_id.items():
        if entry not in followed:
            trail.update(_thinning(by_id, entry, seq))
    return sorted(trail)


def _thinning(by_id: dict[str, tuple[int, str]], tip: str, length: int) -> Iterator[str]:
    entry = tip
    while entry:
        seq, prev = by_id[entry]
        back = length - seq
        if back & (back - 1) == 0 or seq == 1:
            yield entry
        entry = prev


def _ancestors(node: Node, number: int, starts: dict[str, int]) -> set[str]:
    """All entries of one chain that lie at or before those which the peer names."""
    if not starts:
        return set()
    seen: set[str] = set()
    prev_of: dict[str, str] = {}
    with node.cursor() as cursor:
        cursor.execute(
            "SELECT id, prev FROM journal_entry WHERE chain_id = %s AND seq <= %s",
            [number, max(starts.values())],
        )
        prev_of = dict(cursor.fetchall())
    for start in starts:
        entry = start
        while entry and entry not in seen:
            seen.add(entry)
            entry = prev_of[entry]
    return seen

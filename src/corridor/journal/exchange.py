"""What two nodes say to each other: what each holds, and what the other lacks.

A summary names for each chain its tips with a thinning trail of their ancestors (0, 1, 2, 4, 8, ...
back, and the first), and the entries whose personal part is wanted. Real sets are compared every
time; nothing is remembered about a peer.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

import msgspec

from corridor.journal import store
from corridor.journal.fold import erased_among
from corridor.journal.node import Node
from corridor.journal.sent import Sent, sent_of


class Summary(msgspec.Struct, frozen=True):
    """`has`: chain to entry ids held in it; `wants`: entries whose body is asked for."""

    has: dict[str, list[str]]
    wants: list[str]


def summarise(node: Node) -> Summary:
    """What this node holds, for a peer's `lacking`."""
    return Summary(_trails(node), wanted_bodies(node))


def wanted_bodies(node: Node) -> list[str]:
    """Entries whose body is not here though it should be: withheld on the way, not erased."""
    stubs = [
        held
        for held in store.select(node, "e.body_hash <> '' AND b.n IS NULL AND e.head IS NOT NULL")
        if held.head is not None
    ]
    speaks_of = {
        person for held in stubs if held.head for person in (held.head.subject, *held.head.about)
    }
    erased = erased_among(node, speaks_of)
    return sorted(
        held.id
        for held in stubs
        if held.head and not erased & {held.head.subject, *held.head.about}
    )


def lacking(node: Node, summary: Summary | None) -> Iterator[Sent]:
    """The entries and bodies that the owner of the summary lacks; None: everything."""
    wants = set(summary.wants) if summary else set()
    for number, key in _chains(node):
        seen = _ancestors(node, number, summary.has.get(key, [])) if summary else set()
        for held in store.select(node, "e.chain_id = %s", [number], order="e.seq, e.id"):
            if held.id not in seen or (held.id in wants and held.raw_body is not None):
                yield sent_of(held)


def _chains(node: Node) -> list[tuple[int, str]]:
    """Nodes' own chains first: they vouch for the sessions."""
    with node.cursor() as cursor:
        cursor.execute("SELECT n, key FROM journal_chain ORDER BY slot IS NOT NULL, key")
        return [(row[0], row[1]) for row in cursor.fetchall()]


def _trails(node: Node) -> dict[str, list[str]]:
    has: dict[str, list[str]] = {}
    for number, key in _chains(node):
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
        has[key] = sorted(trail)
    return has


def _thinning(by_id: dict[str, tuple[int, str]], tip: str, length: int) -> Iterator[str]:
    entry = tip
    while entry:
        seq, prev = by_id[entry]
        back = length - seq
        if back & (back - 1) == 0 or seq == 1:
            yield entry
        entry = prev


def _ancestors(node: Node, number: int, has: list[str]) -> set[str]:
    """All entries of one chain that lie at or before those which the peer names."""
    starts = store.seqs_in_chain(node, number, has)
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

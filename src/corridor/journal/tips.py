"""Where the chains end: one leaf for each chain, one for each branch of a forked one.

Two nodes with the same leaves hold the same entries, so the hash of all leaves is what sites
read to each other. Leaves are brought up when they are asked for, from what came since; an append
pays nothing for them.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict

from django.db.backends.utils import CursorWrapper

from corridor.journal import store
from corridor.journal.node import Node

#: A group of chains is compared by one hash; there are about as many groups as this per chain.
CHAINS_PER_GROUP = 32
MOST_BITS = 12

_UPTO = "leaves_n"
_HASH = "leaves_hash"


def tips_hash(node: Node) -> str:
    """SHA-256 over the sorted leaves of all chains."""
    _bring_up(node)
    return store.note(node, _HASH) or ""


def leaves(node: Node) -> dict[str, list[tuple[str, int]]]:
    """Each chain's key with id and number of its leaves."""
    _bring_up(node)
    found: dict[str, list[tuple[str, int]]] = defaultdict(list)
    with node.cursor() as cursor:
        cursor.execute(
            "SELECT c.key, l.id, l.seq FROM journal_leaf l JOIN journal_chain c ON c.n = l.chain"
        )
        for key, entry, seq in cursor.fetchall():
            found[key].append((entry, seq))
    return found


def entries(node: Node) -> int:
    """How many entries are held: no row is ever removed, so the newest number tells."""
    return _newest(node)


def bits_for(chains: int) -> int:
    """How many bits of a chain's key say to which group it belongs."""
    bits = 0
    while bits < MOST_BITS and chains > CHAINS_PER_GROUP << bits:
        bits += 1
    return bits


def group_of(key: str, bits: int) -> int:
    """The group of a chain."""
    return int(key[:4], 16) >> 16 - bits


def groups(node: Node, bits: int) -> dict[int, str]:
    """A short hash of the leaves of each group that has any."""
    members: dict[int, list[str]] = defaultdict(list)
    for key, those in leaves(node).items():
        members[group_of(key, bits)] += [entry for entry, _ in those]
    return {number: _hash(ids)[:16] for number, ids in members.items()}


def _hash(ids: list[str]) -> str:
    return hashlib.sha256(bytes.fromhex("".join(sorted(ids)))).hexdigest()


def _bring_up(node: Node) -> None:
    if _is_current(node):
        return
    with node.transaction(), node.cursor() as cursor:
        since, newest = int(store.note(node, _UPTO) or 0), _newest(node)
        if not _lengthen(cursor, newest - since):
            cursor.execute(
                "DELETE FROM journal_leaf WHERE id IN"
                " (SELECT prev FROM journal_entry WHERE n > %s)",
                [since],
            )
            cursor.execute(
                "INSERT INTO journal_leaf (id, chain, seq) SELECT t.id, t.chain_id, t.seq"
                " FROM journal_entry t WHERE t.n > %s"
                f" AND NOT EXISTS (SELECT 1 FROM journal_entry e WHERE {store.FOLLOWS})",
                [since],
            )
        cursor.execute("SELECT id FROM journal_leaf")
        ids = [row[0] for row in cursor.fetchall()]
        store.set_note(node, _HASH, _hash(ids))
        store.set_note(node, _UPTO, str(newest))


def _lengthen(cursor: CursorWrapper, new: int) -> bool:
    """Moves the leaves where every chain only grew at its end; tells whether that is so.

    The new entries are not read, but counted: whatever is held has what it follows, so a chain that
    is longer by some numbers has at least as many new entries, and more only where it is forked.
    """
    cursor.execute(
        "SELECT c.n, (SELECT MAX(e.seq) FROM journal_entry e WHERE e.chain_id = c.n),"
        " (SELECT MAX(l.seq) FROM journal_leaf l WHERE l.chain = c.n),"
        " (SELECT COUNT(*) FROM journal_leaf l WHERE l.chain = c.n) FROM journal_chain c"
    )
    grown = [row for row in cursor.fetchall() if row[1] != row[2]]
    if sum(length - (before or 0) for _, length, before, _ in grown) != new:
        return False
    if any(leaves > 1 for *_, leaves in grown):
        return False
    cursor.executemany("DELETE FROM journal_leaf WHERE chain = %s", [(n,) for n, *_ in grown])
    cursor.executemany(
        "INSERT INTO journal_leaf (id, chain, seq)"
        " SELECT id, chain_id, seq FROM journal_entry WHERE chain_id = %s AND seq = %s",
        [(n, length) for n, length, *_ in grown],
    )
    return True


def _is_current(node: Node) -> bool:
    return int(store.note(node, _UPTO) or -1) == _newest(node)


def _newest(node: Node) -> int:
    with node.cursor() as cursor:
        cursor.execute("SELECT COALESCE(MAX(n), 0) FROM journal_entry")
        return int(cursor.fetchone()[0])

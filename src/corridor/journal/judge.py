"""Which entries stand: a rule on the set of entries held, never on how they came.

In this order: an entry is `malformed` (its parts do not fit its kind), `rejected` (its node lacked
the power), `quarantined` (its node was revoked and it is no ancestor of the last trusted entry),
`duplicate` (the same command and item again: the lowest id counts) or `withdrawn` (recorded in
error); else it stands.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any

import msgspec

from corridor.journal import store
from corridor.journal.format import Body, Head, may_hold_nul
from corridor.journal.kinds import Kind, kind_named
from corridor.journal.node import Node
from corridor.journal.store import Held

LARGEST = 2**63 - 1


class Judged(msgspec.Struct, eq=False, gc=False):
    """An entry with its kind (None if unknown here), its values, and why it does not stand."""

    held: Held
    head: Head
    kind: Kind | None
    values: dict[str, Any]
    verdict: str = ""

    @property
    def stands(self) -> bool:
        """Whether it counts; an unknown kind counts for nothing but is no fault."""
        return not self.verdict and self.kind is not None


def known(head: Head) -> Kind | None:
    """The kind of an entry, if this version can read it."""
    kind = kind_named(head.kind)
    return None if kind is None or head.version > kind.version else kind


def _is_storable(value: Any) -> bool:
    if isinstance(value, str):
        return "\0" not in value
    if isinstance(value, int):
        return -LARGEST <= value <= LARGEST
    return not isinstance(value, list) or all(map(_is_storable, value))


def _holds_nul(held: Held) -> bool:
    """Whether some text of an entry may hold a NUL: most are cleared from their bytes at once."""
    return may_hold_nul(held.raw_head or b"") or may_hold_nul(held.raw_body or b"")


def _are_storable(values: dict[str, Any], texts_too: bool) -> bool:
    for value in values.values():
        if value is None or (type(value) is str and not texts_too):
            continue
        if not _is_storable(value):
            return False
    return True


def _values(kind: Kind, head: Head, body: Body | None, nul: bool) -> dict[str, Any] | None:
    """The values of an entry under its kind's present version; None if they do not fit."""
    values: dict[str, Any] = {**head.codes, **body.values} if body else dict(head.codes)
    for version in range(head.version, kind.version):
        values = kind.upgrades[version](values)
    if not values.keys() <= kind.fields.keys():
        values = {name: values[name] for name in kind.fields if name in values}
    try:
        msgspec.convert(values, kind.struct)
    except msgspec.ValidationError:
        return None
    return values if _are_storable(values, nul) else None


def _fits(kind: Kind, head: Head, body: Body | None, nul: bool) -> bool:
    """Whether public fields came in the head and personal ones in the body, at storable times.

    What a head names was found storable when it was read.
    """
    return (
        (not head.codes or kind.personal.isdisjoint(head.codes))
        and (body is None or kind.public.isdisjoint(body.values))
        and head.version >= 1
        and not (nul and "\0" in head.actor)
        and (head.at is None or _is_storable(head.at))
        and (not head.over or all(_is_storable(number) for _, number in head.over))
    )


def read(held: Held) -> Judged | None:
    """The entry with its values, judged by itself alone; None where its head is not here."""
    if held.raw_head is None:
        return None
    head = held.head
    if head is None:
        return Judged(held, Head(kind=""), None, {}, "malformed")
    kind = known(head)
    if kind is None:
        return Judged(held, head, None, {})
    body, nul = held.body, _holds_nul(held)
    values = None
    if (body is not None or held.raw_body is None) and _fits(kind, head, body, nul):
        values = _values(kind, head, body, nul)
    if values is None:
        return Judged(held, head, kind, {}, "malformed")
    rejected = bool(kind.power) and kind.power not in held.powers
    return Judged(held, head, kind, values, "rejected" if rejected else "")


class Revocations:
    """The revocations held by a node, and what of each revoked node is still trusted."""

    def __init__(self, node: Node) -> None:
        self._node = node
        self._trusted: dict[str, set[str]] = {}

    @cached_property
    def last(self) -> dict[str, set[str | None]]:
        """Key of each revoked node to the last trusted entries that its revocations name."""
        found: dict[str, set[str | None]] = {}
        for held in store.select(self._node, "e.kind = 'node.revoked'"):
            judged = read(held)
            if judged is not None and judged.stands:
                found.setdefault(judged.head.subject, set()).add(judged.values.get("last"))
        return found

    def trusts(self, held: Held) -> bool:
        """Whether the entry counts in spite of all revocations of its node."""
        return self._came_before(held) or held.id in self.adopted

    @cached_property
    def adopted(self) -> set[str]:
        """Quarantined entries that a node which is itself trusted has taken over."""
        found = set()
        for held in store.select(self._node, "e.kind = 'entry.adopted'"):
            judged = read(held)
            if judged is not None and judged.stands and self._came_before(held):
                found.add(str(judged.values.get("adopted")))
        return found

    def _came_before(self, held: Held) -> bool:
        if held.node not in self.last:
            return True
        if held.node not in self._trusted:
            lines = [self._ancestry(last) for last in self.last[held.node]]
            self._trusted[held.node] = set.intersection(*lines)
        return held.id in self._trusted[held.node]

    def _ancestry(self, last: str | None) -> set[str]:
        """`last` and all that its node wrote before it, across its sessions."""
        line: set[str] = set()
        starts = [last] if last else []
        while starts:
            for entry, kind, chain, seq in self._line(starts.pop()):
                if entry in line:
                    continue
                line.add(entry)
                if kind == "session.opened":
                    starts += self._tip_named(entry)
                if seq == 1:
                    starts += self._voucher(chain)
        return line

    def _line(self, entry: str) -> list[tuple[str, str, str, int]]:
        with self._node.cursor() as cursor:
            cursor.execute(
                "WITH RECURSIVE line (id, kind, chain_id, seq, prev) AS ("
                " SELECT id, kind, chain_id, seq, prev FROM journal_entry WHERE id = %s"
                " UNION SELECT e.id, e.kind, e.chain_id, e.seq, e.prev"
                " FROM journal_entry e JOIN line ON e.id = line.prev)"
                " SELECT line.id, line.kind, c.key, line.seq"
                " FROM line JOIN journal_chain c ON c.n = line.chain_id",
                [entry],
            )
            return [(row[0], row[1], row[2], row[3]) for row in cursor.fetchall()]

    def _voucher(self, chain: str) -> list[str]:
        return [
            held.id
            for held in store.select(
                self._node,
                "e.kind = 'session.opened'"
                " AND c.key = (SELECT node FROM journal_chain WHERE key = %s)",
                [chain],
            )
            if held.head and held.head.codes.get("chain") == chain
        ]

    def _tip_named(self, voucher: str) -> list[str]:
        tips = [
            held.head.codes.get("tip") for held in store.by_ids(self._node, [voucher]) if held.head
        ]
        return [tip for tip in tips if isinstance(tip, str) and tip]

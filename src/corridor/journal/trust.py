"""Which nodes belong to the operation, what each may have, and whether it is still trusted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from corridor.journal import store
from corridor.journal.clock import milliseconds
from corridor.journal.judge import Revocations
from corridor.journal.keys.certificates import Certificate, Untrusted, read
from corridor.journal.node import Node
from corridor.journal.tables import models as tables


@dataclass(frozen=True)
class Known:
    """A node of the operation as it is known here. `last_ms` is the clock of its newest entry."""

    key: str
    certificate: Certificate
    revoked: bool
    entries: int
    last_ms: int | None
    is_self: bool

    @property
    def name(self) -> str:
        """What people call it."""
        return self.certificate.name


def certificates(node: Node) -> dict[str, Certificate]:
    """The newest certificate of each node, by its key."""
    found: dict[str, Certificate] = {}
    for one, _text, _signature in _given(node):
        before = found.get(one.node)
        if before is None or _age(one) > _age(before):
            found[one.node] = one
    if node.certificate.operation:
        found[node.key] = node.certificate
    return found


def _given(node: Node) -> Iterator[tuple[Certificate, str, str]]:
    """Every certificate of the operation that is recorded, with its text and signature."""
    for table in (tables.NodeCertified, tables.NodeEnrolled):
        rows = table.objects.using(node.alias).values_list("certificate", "signature")
        for text, signature in rows:
            try:
                yield read(node.operation, text, signature), text, signature
            except Untrusted:
                continue


def _age(one: Certificate) -> tuple[str, str, str]:
    return one.since, one.until, one.name


def adopt_renewal(node: Node) -> bool:
    """Takes over a newer certificate of this node that has come in; tells whether it did."""
    newer = [one for one in _given(node) if one[0].node == node.key]
    newer = [one for one in newer if _age(one[0]) > _age(node.certificate)]
    if not newer:
        return False
    with node.transaction():
        certify(node, *max(newer, key=lambda one: _age(one[0])))
    return True


def certify(node: Node, certificate: Certificate, text: str, signature: str) -> None:
    """From now on this node writes under this certificate."""
    node.certificate, node.certificate_text = certificate, text
    node.certificate_signature = signature
    node.session = None
    for key, value in (("certificate", text), ("certificate_signature", signature)):
        store.set_note(node, key, value)


def nodes(node: Node) -> list[Known]:
    """All nodes of the operation that are known here, this one first, then by name."""
    revoked = Revocations(node).last
    with node.cursor() as cursor:
        cursor.execute(
            "SELECT c.node, COUNT(*), MAX(e.hlc) FROM journal_entry e"
            " JOIN journal_chain c ON c.n = e.chain_id GROUP BY c.node"
        )
        wrote = {row[0]: (row[1], milliseconds(row[2])) for row in cursor.fetchall()}
    found = []
    for key, certificate in certificates(node).items():
        entries, last_ms = wrote.get(key, (0, None))
        found.append(Known(key, certificate, key in revoked, entries, last_ms, key == node.key))
    return sorted(found, key=lambda one: (not one.is_self, one.name, one.key))


def named(node: Node, name: str) -> Known | None:
    """The node that is called so, or whose key begins so; None if none or several are."""
    found = [one for one in nodes(node) if one.name == name]
    found = found or [one for one in nodes(node) if len(name) >= 8 and one.key.startswith(name)]
    return found[0] if len(found) == 1 else None


def is_revoked(node: Node, key: str) -> bool:
    """Whether the operation revoked this node."""
    return key in Revocations(node).last


def is_over(certificate: Certificate, today: str) -> bool:
    """Whether its end date has passed; `today` is an ISO date."""
    return certificate.until < today


def mark_joining(node: Node) -> None:
    """This node has joined an operation and does not yet hold what the others hold."""
    store.set_note(node, "joining", "1")


def mark_joined(node: Node) -> None:
    """A first sync was complete: the hashes agreed."""
    if is_joining(node):
        store.set_note(node, "joining", "")


def is_joining(node: Node) -> bool:
    """Whether the first sync is not complete: what is held here must not decide about shares."""
    return bool(store.note(node, "joining"))


def last_entry(node: Node, key: str, before_ms: int | None = None) -> str:
    """The newest entry of a node that is held, by its own clock; "" if there is none."""
    limit = "" if before_ms is None else " AND e.hlc < %s"
    with node.cursor() as cursor:
        cursor.execute(
            "SELECT e.id FROM journal_entry e JOIN journal_chain c ON c.n = e.chain_id"
            f" WHERE c.node = %s AND c.key <> c.node{limit} ORDER BY e.hlc DESC, e.id DESC LIMIT 1",
            [key] if before_ms is None else [key, before_ms << 16],
        )
        row = cursor.fetchone()
    return "" if row is None else str(row[0])

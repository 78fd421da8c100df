"""What a person must look at: cloned or restored disks that wrote, tampering, wrong clocks.

Alarms are local: they say what this node noticed. Forks are a property of the set of entries and
are found again whenever they are looked for.
"""

from __future__ import annotations

from collections.abc import Iterable

from corridor.journal import store
from corridor.journal.node import Node
from corridor.journal.store import Held


def look_for_forks(node: Node, fresh: Iterable[Held]) -> list[tuple[str, str]]:
    """Raises an alarm for each node whose chains these entries show to be forked."""
    found: set[str] = set()
    fresh = list(fresh)
    for one in fresh:
        if one.node not in found and (_has_sibling(node, one) or _passes_a_named_tip(node, one)):
            found.add(one.node)
    raised = []
    for key in sorted(found):
        alarm = ("fork", store.name_of_node(node, key))
        store.raise_alarm(node, *alarm)
        raised.append(alarm)
    return raised


def look_everywhere_for_forks(node: Node) -> None:
    """Looks at everything that is held, as after a rebuild."""
    with node.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT c.node FROM journal_entry e JOIN journal_chain c ON c.n = e.chain_id"
            " GROUP BY c.node, e.chain_id, e.seq HAVING COUNT(*) > 1"
            " UNION SELECT c.node FROM journal_chain c JOIN journal_entry e ON e.prev = c.tip"
            " WHERE c.tip <> ''"
            " UNION SELECT node FROM journal_chain WHERE tip <> '' GROUP BY node, tip"
            " HAVING COUNT(*) > 1"
        )
        forked = [row[0] for row in cursor.fetchall()]
    for key in forked:
        store.raise_alarm(node, "fork", store.name_of_node(node, key))


def raised(node: Node) -> set[tuple[str, str]]:
    """All alarms of this node: what, and the name of the node or the part it is about."""
    with node.cursor() as cursor:
        cursor.execute("SELECT what, about FROM journal_alarm")
        return {(row[0], row[1]) for row in cursor.fetchall()}


def _has_sibling(node: Node, one: Held) -> bool:
    """Another entry of the same chain stands at the same number."""
    with node.cursor() as cursor:
        cursor.execute(
            "SELECT 1 FROM journal_entry e JOIN journal_chain c ON c.n = e.chain_id"
            " WHERE c.key = %s AND e.seq = %s AND e.id <> %s LIMIT 1",
            [one.envelope.chain, one.envelope.seq, one.id],
        )
        return cursor.fetchone() is not None


def _passes_a_named_tip(node: Node, one: Held) -> bool:
    """The entry follows a tip that a voucher named as the last, or it is such a voucher."""
    with node.cursor() as cursor:
        if one.head is not None and one.head.kind == "session.opened":
            tip = one.head.codes.get("tip") or "-"
            cursor.execute(
                "SELECT 1 FROM journal_entry WHERE prev = %s"
                " UNION ALL SELECT 1 FROM journal_chain WHERE tip = %s AND key <> %s LIMIT 1",
                [tip, tip, one.head.codes.get("chain")],
            )
        else:
            cursor.execute(
                "SELECT 1 FROM journal_chain WHERE tip = %s LIMIT 1", [one.envelope.prev or "-"]
            )
        return cursor.fetchone() is not None

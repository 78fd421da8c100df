"""What a person must look at: cloned or restored disks that wrote, tampering, wrong clocks.

Alarms are local: they say what this node noticed. Forks are a property of the set of entries and
are found again whenever they are looked for.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable

from corridor.journal import store
from corridor.journal.node import Node
from corridor.journal.store import Held

#: Slot to the last entry that this disk wrote before entries of its own node came from elsewhere.
_OWN_TIPS = "own tips"


def look_for_forks(node: Node, fresh: Iterable[Held]) -> list[tuple[str, str]]:
    """Raises an alarm for each node whose chains these entries show to be forked."""
    fresh = list(fresh)
    found = _with_siblings(node, fresh) | _past_named_tips(node, fresh)
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
            " UNION SELECT c.node FROM journal_chain c JOIN journal_entry t ON t.id = c.tip"
            f" JOIN journal_entry e ON {store.FOLLOWS} WHERE c.tip <> ''"
            " UNION SELECT node FROM journal_chain WHERE tip <> '' GROUP BY node, tip"
            " HAVING COUNT(*) > 1"
        )
        forked = [row[0] for row in cursor.fetchall()]
    for key in forked:
        store.raise_alarm(node, "fork", store.name_of_node(node, key))


def remember_own_tips(node: Node) -> None:
    """What comes in of this node was written by a copy of its disk, or before it was restored.

    Called before it is taken in: the next session of each slot then names what this disk wrote
    last, which is followed by what came. So every node learns of the copy from the entries alone,
    also where this one had read all that the other wrote before it went on.
    """
    kept = _own_tips(node)
    with node.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT slot FROM journal_chain WHERE node = %s AND slot IS NOT NULL",
            [node.key],
        )
        fresh = [row[0] for row in cursor.fetchall() if str(row[0]) not in kept]
    wrote = {str(slot): store.last_tip_of_slot(node, node.key, slot) for slot in fresh}
    if any(wrote.values()):
        kept |= {slot: tip for slot, tip in wrote.items() if tip}
        store.set_note(node, _OWN_TIPS, json.dumps(kept, sort_keys=True))


def tip_to_name(node: Node, slot: int) -> str:
    """What a new session of this slot names as the last entry before it; "" if there is none."""
    kept = _own_tips(node)
    tip = kept.pop(str(slot), None)
    if tip is None:
        return store.last_tip_of_slot(node, node.key, slot)
    store.set_note(node, _OWN_TIPS, json.dumps(kept, sort_keys=True))
    return tip


def _own_tips(node: Node) -> dict[str, str]:
    kept: dict[str, str] = json.loads(store.note(node, _OWN_TIPS) or "{}")
    return kept


def raised(node: Node) -> set[tuple[str, str]]:
    """All alarms of this node: what, and the name of the node or the part it is about."""
    with node.cursor() as cursor:
        cursor.execute("SELECT what, about FROM journal_alarm")
        return {(row[0], row[1]) for row in cursor.fetchall()}


def _with_siblings(node: Node, fresh: list[Held]) -> set[str]:
    """Nodes that wrote two entries at one number of a chain, one of which is among these."""
    seqs: dict[tuple[str, str], set[int]] = defaultdict(set)
    for one in fresh:
        seqs[one.node, one.envelope.chain].add(one.envelope.seq)
    found: set[str] = set()
    with node.cursor() as cursor:
        for (of, chain), those in seqs.items():
            cursor.execute(
                "SELECT e.seq FROM journal_entry e"
                " WHERE e.chain_id = (SELECT n FROM journal_chain WHERE key = %s)"
                " AND e.seq BETWEEN %s AND %s GROUP BY e.seq HAVING COUNT(*) > 1",
                [chain, min(those), max(those)],
            )
            if any(row[0] in those for row in cursor.fetchall()):
                found.add(of)
    return found


def _past_named_tips(node: Node, fresh: list[Held]) -> set[str]:
    """Nodes of which an entry follows a tip that a voucher named as the last, or vouchers clash."""
    found: set[str] = set()
    after: dict[str, str] = {}
    for one in fresh:
        if one.head is not None and one.head.kind == "session.opened":
            if _passes_a_named_tip(node, one):
                found.add(one.node)
        elif one.envelope.prev:
            after[one.envelope.prev] = one.node
    return found | {after[tip] for tip in store.among(node, "journal_chain", "tip", after)}


def _passes_a_named_tip(node: Node, voucher: Held) -> bool:
    """The tip that this voucher names is followed, or another voucher names it too."""
    assert voucher.head is not None
    tip = voucher.head.codes.get("tip") or "-"
    with node.cursor() as cursor:
        cursor.execute(
            f"SELECT 1 FROM journal_entry t JOIN journal_entry e ON {store.FOLLOWS} WHERE t.id = %s"
            " UNION ALL SELECT 1 FROM journal_chain WHERE tip = %s AND key <> %s LIMIT 1",
            [tip, tip, voucher.head.codes.get("chain")],
        )
        return cursor.fetchone() is not None

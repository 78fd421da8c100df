"""Who read which record: noted before the answer, sealed into the journal every few minutes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from corridor.journal.append import Draft, append
from corridor.journal.entries import LooksRecorded
from corridor.journal.format import as_json
from corridor.journal.models import Look
from corridor.journal.node import Node

#: How long a look may wait to be sealed.
SEAL_AFTER_MS = 5 * 60 * 1000


def look(node: Node, actor: str, subjects: Iterable[str], what: str) -> None:
    """Notes, before the answer is given, that an actor reads records."""
    now = node.clock()
    with node.transaction():
        use = Look.objects.using(node.alias)
        use.bulk_create(Look(actor=actor, subject=one, what=what, at_ms=now) for one in subjects)
        oldest = use.order_by("at_ms").first()
        if oldest is not None and now - oldest.at_ms >= SEAL_AFTER_MS:
            seal(node)


def seal(node: Node) -> int:
    """Seals all looks that wait, one entry for each actor; returns how many looks."""
    with node.transaction():
        waiting = Look.objects.using(node.alias).order_by("at_ms", "id")
        by_actor: dict[str, list[list[object]]] = defaultdict(list)
        for one in waiting:
            by_actor[one.actor].append([one.at_ms, one.subject, one.what])
        for actor in sorted(by_actor):
            append(node, actor, [Draft(LooksRecorded(looks=as_json(by_actor[actor])), actor)])
        waiting.delete()
    return sum(map(len, by_actor.values()))

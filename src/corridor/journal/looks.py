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
        with node.cursor() as cursor:
            cursor.executemany(
                "INSERT INTO journal_look (actor, subject, what, at_ms) VALUES (%s, %s, %s, %s)",
                [(actor, one, what, now) for one in subjects],
            )
            cursor.execute("SELECT MIN(at_ms) FROM journal_look")
            oldest = cursor.fetchone()[0]
        if oldest is not None and now - oldest >= SEAL_AFTER_MS:
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

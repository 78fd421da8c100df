"""Who waits, and in which order. Read only."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from django.utils.translation import gettext as _

from corridor.desk.navigation import Open
from corridor.engines.turns import DAY_MS, Group, Waiter, order
from corridor.engines.urgency import highest
from corridor.journal.node import Node
from corridor.people import models as people_models
from corridor.people.queries import accounts, rows_of
from corridor.stops.waiting import models
from corridor.stops.waiting.queries.overrides import overrides_in_force

__all__ = ["DAY_MS", "Group", "joined_since", "queue", "still_open", "urgency_of"]


def queue(node: Node, place: str = "") -> list[Group]:
    """Everybody who waits (at one place), families together, in the published order."""
    return order(one for one in _waiters(node) if not place or one.place == place)


def _waiters(node: Node) -> list[Waiter]:
    """Every human being who waits, once."""
    turns = models.Turn.objects.using(node.alias)
    waiting = people_models.Person.objects.using(node.alias).filter(
        id__in=turns.values("person"), household__isnull=False
    )
    household_of = dict(waiting.values_list("id", "household").iterator(2000))
    classes = urgency_of(node)
    rows = turns.values_list("person", "place", "since_ms", "lot").iterator(2000)
    found = [
        Waiter(person, place, household_of.get(person, ""), since, lot, classes.get(person) or "D")
        for person, place, since, lot in rows
    ]
    return _each_once(node, found)


def _each_once(node: Node, waiters: list[Waiter]) -> list[Waiter]:
    """Linked records wait once, with the longer days and the higher class, in the larger family."""
    roots = dict(
        people_models.Cluster.objects.using(node.alias)
        .filter(person__in=models.Turn.objects.using(node.alias).values("person"))
        .values_list("person", "root")
    )
    if not roots:
        return waiters
    state = {account.person: account.state for account in accounts(node, roots)}
    sizes = Counter(one.household for one in waiters)
    found = [one for one in waiters if one.person not in roots]
    linked: dict[str, list[Waiter]] = {}
    for one in waiters:
        if state.get(root := roots.get(one.person, "")) == "waiting":
            linked.setdefault(root, []).append(one)
    for those in linked.values():
        best = min(
            those, key=lambda one: (not one.household, -sizes[one.household], one.since_ms, one)
        )
        first = min(those, key=lambda one: (one.since_ms, one.person))
        need = highest([one.urgency for one in those])
        found.append(best._replace(since_ms=first.since_ms, lot=first.lot, urgency=need))
    return found


def urgency_of(node: Node) -> dict[str, str]:
    """Person to the class that counts now: as assessed last, or as two people decided."""
    rows = models.NeedClass.objects.using(node.alias).values_list("person", "urgency")
    found = {person: urgency for person, urgency in rows.iterator(2000) if urgency}
    return found | {one.subject: one.urgency for one in overrides_in_force(node) if one.urgency}


def still_open(node: Node) -> Open | None:
    """For the first page: how many people wait."""
    count = models.Turn.objects.using(node.alias).count()
    return Open(count, _("people are waiting"), "wait") if count else None


def joined_since(node: Node, persons: Iterable[str]) -> dict[str, int]:
    """Person to when they first asked to leave, also of those who are aboard."""
    rows = rows_of(models.WaitingJoined.objects.using(node.alias), "subject", persons)
    found: dict[str, int] = {}
    for row in sorted(rows, key=lambda row: (row.happened_ms, row.entry)):
        found.setdefault(row.subject, row.happened_ms)
    return found

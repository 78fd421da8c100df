"""Who waits, and in which order. Read only."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Min
from django.utils.translation import gettext as _

from corridor.desk.navigation import Open
from corridor.engines.turns import DAY_MS, Family, Group, Waiter, order
from corridor.engines.urgency import highest
from corridor.journal.node import Node
from corridor.journal.store import chunks, marks
from corridor.journal.tables import reading
from corridor.people import models as people_models
from corridor.people.queries import rows_of
from corridor.stops.waiting import models
from corridor.stops.waiting.queries.overrides import overrides_in_force

__all__ = [
    "DAY_MS", "Family", "Group", "first_joined", "joined_since", "linked", "members_of",
    "places_of", "queue", "still_open", "urgency_of", "whole_families",
]  # fmt: skip

#: The row of a turn, with its family.
_ROWS = """
    SELECT t.person, t.place, COALESCE(p.household, ''), t.since_ms, t.lot,
      COALESCE(n.urgency, 'D')
    FROM waiting_turn t
    LEFT JOIN people_person p ON p.id = t.person
    LEFT JOIN waiting_needclass n ON n.person = t.person
"""


def queue(node: Node, place: str = "") -> list[Group]:
    """Everybody who waits (at one place), families together, in the published order."""
    waiters = _each_once(linked(node), _with_overrides(node, _waiters(node, _ROWS, ())))
    return order(one for one in waiters if not place or one.place == place)


def members_of(node: Node, some: Iterable[Family]) -> dict[Family, tuple[str, ...]]:
    """The persons of a few families of the list, in the order of their ids."""
    wanted = list(some)
    _keys, groups = whole_families(node, linked(node), (), [one.family for one in wanted])
    held = {(one.household or one.persons[0], one.place): one.persons for one in groups}
    return {one: held.get((one.family, one.place), ()) for one in wanted}


@dataclass(frozen=True)
class Linked:
    """People with several records of which more than one waits, or one is further along.

    `roots` has those records that wait, with the root of all; `waiting` the roots of those who
    wait by all that is known. Of anybody else the one record that waits says all.
    """

    roots: Mapping[str, str]
    waiting: frozenset[str]


def linked(node: Node) -> Linked:
    """Whose linked records must be looked at together."""
    states: dict[str, dict[str, str]] = {}
    with node.cursor() as cursor:
        cursor.execute(
            "SELECT c.root, c.person, w.state FROM people_cluster c"
            " JOIN people_whereabouts w ON w.person = c.person"
        )
        for root, person, state in cursor.fetchall():
            states.setdefault(root, {})[person] = state
    waiting = {root for root, own in states.items() if {*own.values()} <= {"waiting", "registered"}}
    roots = {
        person: root
        for root, own in states.items()
        if root not in waiting or [*own.values()].count("waiting") > 1
        for person, state in own.items()
        if state == "waiting"
    }
    return Linked(roots, frozenset(waiting))


def whole_families(
    node: Node, together: Linked, persons: Collection[str], keys: Collection[str] = ()
) -> tuple[set[str], list[Group]]:
    """Whole families that these persons or keys belong to, member by member, with their keys.

    The families in which the same people wait by another record are looked at with them.
    """
    wanted = {*_homes(node, persons).values(), *keys}
    waiters = _in_families(node, wanted)
    here = {together.roots[one.person] for one in waiters if one.person in together.roots}
    if here:
        others = [person for person, root in together.roots.items() if root in here]
        waiters += _in_families(node, {*_homes(node, others).values()} - wanted)
    return wanted, order(_each_once(together, _with_overrides(node, waiters)))


def _homes(node: Node, persons: Collection[str]) -> dict[str, str]:
    """Person to household, or to themselves where they have none."""
    names = ("id", "household")
    rows = reading.values(node.alias, people_models.Person, names, "id", persons)
    found = {person: household or person for person, household in rows}
    return {one: found.get(one, one) for one in persons}


def _in_families(node: Node, keys: Iterable[str]) -> list[Waiter]:
    """Everybody who waits in these families."""
    found: dict[str, Waiter] = {}
    for some in chunks(keys):
        some_of = f"IN ({marks(len(some))})"
        own = f"SELECT id FROM people_person WHERE household {some_of}"  # noqa: S608 (marks)
        where = f" WHERE t.person IN ({own}) OR t.person {some_of}"
        rows = _waiters(node, _ROWS + where, [*some, *some])
        found.update((one.person, one) for one in rows)
    return list(found.values())


def _waiters(node: Node, sql: str, values: Sequence[str]) -> list[Waiter]:
    with node.cursor() as cursor:
        cursor.execute(sql, values)
        return list(map(Waiter._make, cursor.fetchall()))


def _with_overrides(node: Node, waiters: list[Waiter]) -> list[Waiter]:
    """Who was given another class by two people stands there."""
    given = {one.subject: one.urgency for one in overrides_in_force(node) if one.urgency}
    if not given:
        return waiters
    return [
        one._replace(urgency=given[one.person]) if one.person in given else one for one in waiters
    ]


def _each_once(together: Linked, waiters: list[Waiter]) -> list[Waiter]:
    """Linked records wait once, with the longer days and the higher class, in the larger family."""
    roots = together.roots
    if not roots:
        return waiters
    sizes = Counter(one.household for one in waiters)
    found = [one for one in waiters if one.person not in roots]
    same: dict[str, list[Waiter]] = {}
    for one in waiters:
        if (root := roots.get(one.person, "")) in together.waiting:
            same.setdefault(root, []).append(one)
    for those in same.values():
        best = min(
            those, key=lambda one: (not one.household, -sizes[one.household], one.since_ms, one)
        )
        first = min(those, key=lambda one: (one.since_ms, one.person))
        need = highest([one.urgency for one in those])
        found.append(best._replace(since_ms=first.since_ms, lot=first.lot, urgency=need))
    return found


def urgency_of(node: Node, persons: Iterable[str] | None = None) -> dict[str, str]:
    """Person to the class that counts now: as assessed last, or as two people decided."""
    use = models.NeedClass.objects.using(node.alias)
    if persons is None:
        rows = use.values_list("person", "urgency").iterator(2000)
        wanted = None
    else:
        wanted = set(persons)
        rows = iter([(row.person, row.urgency) for row in rows_of(use, "person", wanted)])
    found = {person: urgency for person, urgency in rows if urgency}
    given = {one.subject: one.urgency for one in overrides_in_force(node) if one.urgency}
    return found | {p: u for p, u in given.items() if wanted is None or p in wanted}


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


def first_joined(node: Node) -> dict[str, int]:
    """Everybody who ever asked to leave, with the first time; also who left since."""
    use = models.WaitingJoined.objects.using(node.alias)
    return dict(use.values_list("subject").annotate(Min("happened_ms")).iterator(2000))


def places_of(node: Node) -> dict[str, str]:
    """Everybody who waits, with the place."""
    return dict(models.Turn.objects.using(node.alias).values_list("person", "place").iterator(2000))

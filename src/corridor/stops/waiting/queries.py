"""Who waits, in which order, and why there. Read only."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import NamedTuple

from django.utils.translation import gettext as _

from corridor.desk.navigation import Open
from corridor.desk.templatetags.desk import moment
from corridor.engines.urgency import highest
from corridor.journal import rules
from corridor.journal.node import Node
from corridor.people import models as people_models
from corridor.people.queries import accounts, add_naming
from corridor.people.whereabouts import add_places
from corridor.stops.waiting import models

DAY_MS = 24 * 60 * 60 * 1000


@dataclass(frozen=True)
class Group:
    """A household (or somebody alone) that waits, and its place in the order of its pick-up point.

    `household` is empty for somebody alone. `since_ms` is when the first of them asked to leave;
    `lot` decides between groups of one class and one day.
    """

    number: int
    household: str
    place: str
    persons: tuple[str, ...]
    urgency: str
    since_ms: int
    lot: str = ""

    @property
    def key(self) -> tuple[str, int, str]:
        """What decides the order: need, the day, the lot; and nothing else."""
        return (self.urgency, self.since_ms // DAY_MS, self.lot)

    def days(self, now_ms: int) -> int:
        """Days waited: midnights (UTC) since the day of asking."""
        return max(0, now_ms // DAY_MS - self.since_ms // DAY_MS)


class _Waiter(NamedTuple):
    """One human being who waits: all linked records taken together."""

    person: str
    place: str
    household: str
    since_ms: int
    lot: str
    urgency: str


def queue(node: Node, place: str = "") -> list[Group]:
    """Everybody who waits (at one place), families together, by need and then by days waited.

    A family stands where its most urgent member would, and counts its days from the first of them
    who asked. Between groups of one class and one day the lot decides: one ticket for a family,
    however large. Numbers count anew at each pick-up point.
    """
    families: dict[tuple[str, str], list[_Waiter]] = {}
    for one in _waiters(node):
        if not place or one.place == place:
            families.setdefault((one.household or one.person, one.place), []).append(one)
    groups = sorted((_group(those) for those in families.values()), key=lambda one: one.key)
    reached: dict[str, int] = {}
    found = []
    for group in groups:
        reached[group.place] = number = reached.get(group.place, 0) + 1
        found.append(replace(group, number=number))
    return found


def _group(those: list[_Waiter]) -> Group:
    first = min(those, key=lambda one: (one.since_ms // DAY_MS, one.person))
    return Group(
        0,
        first.household,
        first.place,
        tuple(sorted(one.person for one in those)),
        highest([one.urgency for one in those]),
        min(one.since_ms for one in those),
        first.lot,
    )


def _waiters(node: Node) -> list[_Waiter]:
    """Every human being who waits, once."""
    turns = models.Turn.objects.using(node.alias)
    waiting = people_models.Person.objects.using(node.alias).filter(
        id__in=turns.values("person"), household__isnull=False
    )
    household_of = dict(waiting.values_list("id", "household").iterator(2000))
    classes = urgency_of(node)
    rows = turns.values_list("person", "place", "since_ms", "lot").iterator(2000)
    found = [
        _Waiter(person, place, household_of.get(person, ""), since, lot, classes.get(person) or "D")
        for person, place, since, lot in rows
    ]
    return _each_once(node, found)


def _each_once(node: Node, waiters: list[_Waiter]) -> list[_Waiter]:
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
    linked: dict[str, list[_Waiter]] = {}
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


def overrides_in_force(node: Node) -> list[models.OverrideProposed]:
    """Confirmed, not ended, and not over; the one proposed last where there are several."""
    rows = models.OverrideProposed.objects.using(node.alias).filter(until_ms__gt=node.clock())
    decided = decisions(node)
    standing = {
        row.subject: row
        for row in rows.order_by("hlc", "entry")
        if decided.get(row.entry, "") == "confirmed"
    }
    return list(standing.values())


def decisions(node: Node) -> dict[str, str]:
    """Proposal to what a second person decided: an end outweighs a refusal, that a confirmation."""
    weight = {"confirmed": 0, "refused": 1, "ended": 2}
    found: dict[str, str] = {}
    rows = models.OverrideDecided.objects.using(node.alias).values_list("proposal", "decision")
    for proposal, decision in rows:
        if weight.get(decision, -1) > weight.get(found.get(proposal, ""), -1):
            found[proposal] = decision
    return found


def still_open(node: Node) -> Open | None:
    """For the first page: how many people wait."""
    count = models.Turn.objects.using(node.alias).count()
    return Open(count, _("people are waiting"), "wait") if count else None


def places(node: Node, use: str = "") -> list[models.Place]:
    """The places of the operation, by name; `use` pickup or reception narrows them."""
    found = models.Place.objects.using(node.alias).all()
    return list((found.filter(use=use) if use else found).order_by("name", "id"))


def place_name(place: models.Place | None, language: str) -> str:
    """A place's name in the reader's script, where there is one."""
    if place is None:
        return ""
    other = language == "ar" and place.name_other
    return str(other or place.name or "")


def tell_names() -> None:
    """Lets timelines call places by their names, and rules by the time they were published."""
    add_naming(_place_called)
    add_naming(_rule_called)
    add_places(_all_places)


def _all_places(node: Node, language: str) -> list[tuple[str, str]]:
    return [(one.id, place_name(one, language)) for one in places(node)]


def _place_called(node: Node, identity: str, language: str) -> str:
    place = models.Place.objects.using(node.alias).filter(id=identity).first()
    return place_name(place, language)


def _rule_called(node: Node, identity: str, language: str) -> str:
    rule = rules.by_entry(node, identity)
    return f"\u2066{moment(rule.since_ms)}\u2069" if rule else ""

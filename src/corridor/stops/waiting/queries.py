"""Who waits, in which order, and why there. Read only."""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from corridor.desk.navigation import Open
from corridor.desk.templatetags.desk import moment
from corridor.engines.urgency import highest
from corridor.journal import rules
from corridor.journal.node import Node
from corridor.people import models as people_models
from corridor.people.queries import add_naming
from corridor.stops.waiting import models

DAY_MS = 24 * 60 * 60 * 1000


@dataclass(frozen=True)
class Group:
    """A household (or somebody alone) that waits, and its place in the order.

    `household` is empty for somebody alone. `since_ms` is when the first of them joined.
    """

    number: int
    household: str
    place: str
    persons: tuple[str, ...]
    urgency: str
    since_ms: int

    def days(self, now_ms: int) -> int:
        """Whole days waited."""
        return max(0, now_ms - self.since_ms) // DAY_MS


def queue(node: Node, place: str = "") -> list[Group]:
    """Everybody who waits (at one place), families together, by need and then by waiting time.

    A family stands where its most urgent member would; within a class those come first who have
    waited longest; the id decides between equals, which is random and favours nobody.
    """
    use = people_models.Whereabouts.objects.using(node.alias).filter(state="waiting")
    rows = use.filter(place=place) if place else use
    waiting = {row.person: row for row in rows.iterator()}
    household_of = dict(
        people_models.Person.objects.using(node.alias)
        .filter(household__isnull=False)
        .values_list("id", "household")
        .iterator()
    )
    classes = urgency_of(node)
    groups: dict[tuple[str, str], list[str]] = {}
    for person in waiting:
        household = household_of.get(person, "")
        key = (household or person, waiting[person].place)
        groups.setdefault(key, []).append(person)
    found = []
    for (identity, where), persons in groups.items():
        need = highest([classes.get(person, "D") for person in persons])
        since = min(waiting[person].since_ms for person in persons)
        household = identity if household_of.get(persons[0]) == identity else ""
        group = Group(0, household, where, tuple(sorted(persons)), need, since)
        found.append(((need, since, identity), group))
    found.sort(key=lambda one: one[0])
    return [replace(group, number=number) for number, (_key, group) in enumerate(found, 1)]


def still_open(node: Node) -> Open | None:
    """For the first page: how many people wait."""
    use = people_models.Whereabouts.objects.using(node.alias)
    count = use.filter(state="waiting").count()
    return Open(count, _("people are waiting"), "wait") if count else None


def urgency_of(node: Node) -> dict[str, str]:
    """Person to the class assessed last."""
    rows = models.UrgencyAssessed.objects.using(node.alias).order_by("hlc", "entry")
    return {
        subject: found
        for subject, found in rows.values_list("subject", "urgency").iterator()
        if found
    }


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


def _place_called(node: Node, identity: str, language: str) -> str:
    place = models.Place.objects.using(node.alias).filter(id=identity).first()
    return place_name(place, language)


def _rule_called(node: Node, identity: str, language: str) -> str:
    rule = rules.by_entry(node, identity)
    return f"\u2066{moment(rule.since_ms)}\u2069" if rule else ""

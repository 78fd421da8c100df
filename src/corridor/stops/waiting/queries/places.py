"""The places of the operation, and how they and the versions of rules are called. Read only."""

from __future__ import annotations

from corridor.desk.access import add_places_of
from corridor.desk.templatetags.desk import moment
from corridor.journal import rules
from corridor.journal.node import Node
from corridor.journal.tables.reading import row
from corridor.people.queries import add_naming
from corridor.people.whereabouts import add_places
from corridor.stops.waiting import models


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
    add_places_of(_itself)
    add_naming(_rule_called)
    add_places(_all_places)


def _all_places(node: Node, language: str) -> list[tuple[str, str]]:
    return [(one.id, place_name(one, language)) for one in places(node)]


def _place_called(node: Node, identity: str, language: str) -> str:
    return place_name(row(node.alias, models.Place, "id", identity), language)


def _rule_called(node: Node, identity: str, language: str) -> str:
    rule = rules.by_entry(node, identity)
    return f"\u2066{moment(rule.since_ms)}\u2069" if rule else ""


def _itself(node: Node, identity: str) -> list[str]:
    """A place is where it is."""
    known = models.Place.objects.using(node.alias).filter(id=identity).exists()
    return [identity] if known else []

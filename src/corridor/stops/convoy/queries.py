"""Convoys, seats, manifests, who boarded and who arrived. Read only."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from corridor.desk.navigation import Open
from corridor.journal.node import Node
from corridor.people import models as people_models
from corridor.people.queries import accounts, add_naming, age_on, cards_of, members, persons_of
from corridor.stops.convoy import models


@dataclass(frozen=True)
class Line:
    """One person on a manifest, and how far they came."""

    number: int
    person: str
    household: str
    card: str
    vehicle: str
    told: bool
    boarded: bool
    arrived: bool
    state: str


@dataclass(frozen=True)
class Load:
    """A vehicle, its places, how many persons were told a seat on it and how many boarded it."""

    vehicle: models.Vehicle
    told: int
    boarded: int


def convoys(node: Node) -> list[models.Convoy]:
    """All convoys, the next or newest first."""
    return list(models.Convoy.objects.using(node.alias).order_by("-departs_ms", "-id"))


def convoy(node: Node, identity: str) -> models.Convoy | None:
    """One convoy, or None."""
    return models.Convoy.objects.using(node.alias).filter(id=identity).first()


def still_open(node: Node) -> Open | None:
    """For the first page: how many convoys are planned or on the way."""
    arrived = models.ConvoyArrived.objects.using(node.alias).values("subject")
    count = models.Convoy.objects.using(node.alias).exclude(id__in=arrived).count()
    return Open(count, _("planned or on the way")) if count else None


def vehicles(node: Node, convoy_id: str) -> list[models.Vehicle]:
    """The vehicles of a convoy, by label."""
    use = models.Vehicle.objects.using(node.alias)
    return list(use.filter(convoy=convoy_id).order_by("label", "id"))


def has_departed(node: Node, convoy_id: str) -> bool:
    """Whether the convoy left."""
    return models.ConvoyDeparted.objects.using(node.alias).filter(subject=convoy_id).exists()


def has_arrived(node: Node, convoy_id: str) -> bool:
    """Whether the convoy's arrival was closed."""
    return models.ConvoyArrived.objects.using(node.alias).filter(subject=convoy_id).exists()


def seats_told(node: Node, convoy_id: str) -> dict[str, str]:
    """Person to vehicle: the seat told last, unless it was given back after."""
    released = dict(
        models.SeatReleased.objects.using(node.alias)
        .filter(convoy=convoy_id)
        .order_by("hlc")
        .values_list("subject", "hlc")
    )
    rows = models.SeatTold.objects.using(node.alias).filter(convoy=convoy_id)
    return {
        subject: vehicle
        for subject, vehicle, hlc in rows.order_by("hlc", "entry").values_list(
            "subject", "vehicle", "hlc"
        )
        if released.get(subject, -1) < hlc
    }


def told_elsewhere(node: Node, convoy_id: str = "") -> set[str]:
    """Persons who hold a seat on another convoy that has not left yet."""
    departed = models.ConvoyDeparted.objects.using(node.alias).values("subject")
    rows = models.Convoy.objects.using(node.alias).exclude(id__in=departed).exclude(id=convoy_id)
    return {person for other in rows for person in seats_told(node, other.id)}


def aboard_of(node: Node, convoy_id: str) -> dict[str, str]:
    """Person to the vehicle boarded (the last one, if they changed)."""
    rows = models.PersonBoarded.objects.using(node.alias).filter(convoy=convoy_id)
    return dict(rows.order_by("hlc", "entry").values_list("subject", "vehicle"))


def arrived_of(node: Node, convoy_id: str) -> set[str]:
    """Persons seen at the other end."""
    rows = models.PersonArrived.objects.using(node.alias).filter(convoy=convoy_id)
    return set(rows.values_list("subject", flat=True))


def manifest(node: Node, convoy_id: str) -> list[Line]:
    """Everybody told a seat or aboard: by vehicle, families together."""
    told = seats_told(node, convoy_id)
    boarded = aboard_of(node, convoy_id)
    arrived = arrived_of(node, convoy_id)
    persons = {*told, *boarded, *arrived}
    rows = {row.id: row for row in persons_of(node, persons)}
    households = {row.household for row in rows.values() if row.household}
    cards = cards_of(node, households)
    labels = {v.id: v.label or "" for v in vehicles(node, convoy_id)}
    state = {record: one.state for one in accounts(node, persons) for record in one.records}
    lines = []
    for person in persons:
        row = rows.get(person)
        household = (row.household if row else None) or ""
        vehicle = boarded.get(person) or told.get(person, "")
        head = row is None or row.relationship != "head"
        lines.append((
            (labels.get(vehicle, ""), household, head, row.created_hlc if row else 0, person),
            Line(
                0, person, household, cards.get(household, ""), vehicle, person in told,
                person in boarded, person in arrived, state.get(person, "registered"),
            ),
        ))  # fmt: skip
    ordered = [line for _key, line in sorted(lines, key=lambda one: one[0])]
    return [replace(line, number=number) for number, line in enumerate(ordered, 1)]


def loads(node: Node, convoy_id: str) -> list[Load]:
    """Each vehicle with how many hold a seat on it and how many boarded."""
    told = list(seats_told(node, convoy_id).values())
    boarded = list(aboard_of(node, convoy_id).values())
    return [
        Load(one, told.count(one.id), boarded.count(one.id)) for one in vehicles(node, convoy_id)
    ]


def present_family(node: Node, convoy_id: str, household: str) -> list[people_models.Person]:
    """The members of a household who hold a seat on this convoy, the head first."""
    told = seats_told(node, convoy_id)
    return [one for one in members(node, household) if one.id in told]


def not_accounted_for(node: Node, convoy_id: str) -> list[Line]:
    """Who boarded, was not seen at the other end, and is nowhere else by any linked record."""
    open_states = ("aboard", "not_accounted_for")
    return [
        line
        for line in manifest(node, convoy_id)
        if line.boarded and not line.arrived and line.state in open_states
    ]


def tell_names() -> None:
    """Lets timelines call convoys and vehicles by their names."""
    add_naming(_name)


def _name(node: Node, identity: str, language: str) -> str:
    found = convoy(node, identity)
    if found is not None:
        return found.name or ""
    vehicle = models.Vehicle.objects.using(node.alias).filter(id=identity).first()
    return (vehicle.label or "") if vehicle else ""


def persons_by_id(node: Node, persons: Sequence[str]) -> dict[str, people_models.Person]:
    """The records of these persons."""
    return {one.id: one for one in persons_of(node, persons)}


def described(person: people_models.Person | None, day: datetime.date) -> dict[str, object]:
    """What a manifest says of a person: name, sex, age, relationship, how they travel."""
    if person is None:
        return {"name": "", "sex": "", "age": None, "relationship": "", "travels": ""}
    return {
        "name": person.name or person.known_as or "",
        "sex": person.sex or "",
        "age": age_on(person, day),
        "relationship": person.relationship or "",
        "travels": person.travels or "seat",
    }

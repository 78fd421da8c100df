"""The manifest: everybody of a convoy by vehicle and family, and how far they came. Read only."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from corridor.journal.node import Node
from corridor.people import models as people_models
from corridor.people.queries import accounts, age_on, cards_of, members, persons_of, rows_of
from corridor.stops.convoy import models
from corridor.stops.convoy.queries.convoys import aboard_of, arrived_of, seats_told
from corridor.stops.convoy.queries.fleet import crew, vehicles, vehicles_by_id


@dataclass(frozen=True)
class Line:
    """One person on a manifest, and how far they came. `duty` for crew."""

    number: int
    person: str
    household: str
    card: str
    vehicle: str
    label: str
    told: bool
    boarded: bool
    arrived: bool
    state: str
    duty: str = ""


def manifest(node: Node, convoy_id: str) -> list[Line]:
    """Everybody told a seat or aboard: by vehicle, families together, crew first."""
    return manifest_with_records(node, convoy_id)[0]


def manifest_with_records(
    node: Node, convoy_id: str
) -> tuple[list[Line], dict[str, people_models.Person]]:
    """As `manifest`, and the record of each person that is here."""
    told = seats_told(node, convoy_id)
    boarded = aboard_of(node, convoy_id)
    arrived = arrived_of(node, convoy_id)
    persons = {*told, *boarded, *arrived}
    rows = {row.id: row for row in persons_of(node, persons)}
    cards = cards_of(node, {row.household for row in rows.values() if row.household})
    order = {one.id: place for place, one in enumerate(vehicles(node, convoy_id))}
    labels = {
        key: one.label or ""
        for key, one in vehicles_by_id(node, {*told.values(), *boarded.values()}).items()
    }
    state = {record: one.state for one in accounts(node, persons) for record in one.records}
    duties = crew(node, convoy_id)
    lines = []
    for person in persons:
        row = rows.get(person)
        household = (row.household if row else None) or ""
        vehicle = boarded.get(person) or told.get(person, "")
        head = row is None or row.relationship != "head"
        lines.append((
            (
                order.get(vehicle, len(order)), labels.get(vehicle, ""), person not in duties,
                household, head, row.created_hlc if row else 0, person,
            ),
            Line(
                0, person, household, cards.get(household, ""), vehicle, labels.get(vehicle, ""),
                person in told, person in boarded, person in arrived,
                state.get(person, "registered"), duties.get(person, ""),
            ),
        ))  # fmt: skip
    ordered = [line for _key, line in sorted(lines, key=lambda one: one[0])]
    return [replace(line, number=number) for number, line in enumerate(ordered, 1)], rows


def present_family(node: Node, convoy_id: str, household: str) -> list[people_models.Person]:
    """The members of a household who hold a seat on this convoy, the head first."""
    family = members(node, household)
    use = models.Seat.objects.using(node.alias).filter(convoy=convoy_id)
    told = set(use.filter(person__in=[one.id for one in family]).values_list("person", flat=True))
    return [one for one in family if one.id in told]


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


def luggage_of(node: Node, convoy_id: str) -> dict[str, int]:
    """Person to the pieces of luggage counted for this convoy last, on whose line they stand."""
    use = models.LuggageCounted.objects.using(node.alias).filter(convoy=convoy_id)
    return {row.subject: row.pieces for row in use.order_by("hlc", "entry")}


def help_of(node: Node, persons: Iterable[str]) -> dict[str, str]:
    """Person to the help named last, a code of `HELP`; whoever needs none is left out."""
    rows = rows_of(models.AssistanceNamed.objects.using(node.alias), "subject", persons)
    found = {row.subject: row.help for row in sorted(rows, key=lambda one: (one.hlc, one.entry))}
    return {person: said for person, said in found.items() if said and said != "none"}

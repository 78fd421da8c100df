"""Places on vehicles: families as units, what is free, and who stands next. Read only."""

from __future__ import annotations

from collections.abc import Iterable

from corridor.engines import planning
from corridor.engines.seating import Party
from corridor.engines.travelling import Seated, Traveller, units
from corridor.journal.node import Node
from corridor.people.queries import day_of, persons_of
from corridor.stops.convoy import models
from corridor.stops.convoy.queries.convoys import seats_told, told_elsewhere
from corridor.stops.convoy.queries.families import (
    Consent,
    fitness_of,
    split_where_needed,
    traveller,
)
from corridor.stops.convoy.queries.fleet import crew, vehicles, window
from corridor.stops.convoy.queries.planning import capacity, travel_rule
from corridor.stops.waiting.queries import joined_since, queue, urgency_of


def travellers_of(node: Node, persons: Iterable[str]) -> dict[str, Traveller]:
    """How each of these persons travels."""
    wanted = set(persons)
    need = urgency_of(node) if wanted else {}
    fitness = fitness_of(node)
    today = day_of(node.clock())
    found = {
        one.id: traveller(one, today, need.get(one.id, "D"), fitness.get(one.id, ""))
        for one in persons_of(node, wanted)
    }
    return {person: found.get(person, Traveller(person)) for person in wanted}


def units_told(node: Node, told: dict[str, str]) -> dict[str, list[tuple[str, Seated]]]:
    """Vehicle to the families that hold places on it: (household, unit); crew takes none."""
    rows = {row.id: row for row in persons_of(node, told)}
    duties = crew(node)
    groups: dict[tuple[str, str], list[str]] = {}
    for person, vehicle in told.items():
        if person not in duties:
            home = (rows[person].household if person in rows else None) or person
            groups.setdefault((vehicle, home), []).append(person)
    travellers = travellers_of(node, told)
    luggage = travel_rule(node)["luggage_kg"]
    found: dict[str, list[tuple[str, Seated]]] = {}
    for (vehicle, home), persons in groups.items():
        for seated in units(home, [travellers[one] for one in sorted(persons)], luggage=luggage):
            found.setdefault(vehicle, []).append((home, seated))
    return found


def room(node: Node, convoy_id: str) -> dict[str, planning.Load]:
    """Vehicle to its load as told: what is free on it, and what it refuses."""
    told = units_told(node, seats_told(node, convoy_id))
    per_guardian = travel_rule(node)["children_per_guardian"]
    found = {}
    for one in vehicles(node, convoy_id):
        load = planning.Load(capacity(one), per_guardian)
        for _home, seated in told.get(one.id, ()):
            load.add(seated.unit)
        found[one.id] = load
    return found


def next_in_order(node: Node, convoy: models.Convoy) -> tuple[list[Party], dict[str, Seated]]:
    """Families at the convoy's origin without a seat, in the published order, and their units.

    Only those whose adults were each asked alone, and who agreed (STD 2.3).
    """
    taken = set(seats_told(node, convoy.id)) | told_elsewhere(node, convoy.id)
    fitness = fitness_of(node)
    groups = [
        group
        for group in queue(node, convoy.origin or "")
        if not taken & set(group.persons)
        and not any(fitness.get(person) == "T5" for person in group.persons)
    ]
    travellers = travellers_of(node, {person for group in groups for person in group.persons})
    rule = travel_rule(node)
    grown = {person: one.adult for person, one in travellers.items()}
    agreed = Consent(node, grown, required=bool(rule["consent_required"]))
    types = [capacity(one) for one in vehicles(node, convoy.id)]
    parties, seated = [], {}
    for group in groups:
        name = group.household or group.persons[0]
        if agreed.why_not(group.persons):
            continue
        going = [one for one in group.persons if one not in agreed.declined]
        those = [travellers[one] for one in going]
        own = units(name, those, luggage=rule["luggage_kg"])
        if agreed.may_split(going):
            own = split_where_needed(own, name, those, types, rule)
        seated.update({one.unit.id: one for one in own})
        parties.append(Party(name, tuple(one.unit for one in own)))
    return parties, seated


def guardians_of(node: Node, convoy: models.Convoy) -> int:
    """Adults at hand for children alone; -1 where no window limits them."""
    agreed = window(node, convoy.window)
    return -1 if agreed is None else agreed.guardians or 0


def rank_of(node: Node, convoy: models.Convoy, persons: Iterable[str]) -> dict[str, int]:
    """Household (or person alone) to its place in the published order, also of those aboard."""
    wanted = set(persons)
    need = urgency_of(node)
    since = joined_since(node, wanted)
    rows = {row.id: row for row in persons_of(node, wanted)}
    groups: dict[str, list[str]] = {}
    for person in wanted:
        home = (rows[person].household if person in rows else None) or person
        groups.setdefault(home, []).append(person)
    order = sorted(
        groups,
        key=lambda home: (
            min(need.get(one, "D") for one in groups[home]),
            min(since.get(one, convoy.departs_ms or 0) for one in groups[home]),
            home,
        ),
    )
    return {home: place for place, home in enumerate(order)}

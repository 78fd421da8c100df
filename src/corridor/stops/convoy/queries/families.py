"""Those who wait, as families of the planner's instance: how each travels, who cannot be planned.

Nobody is left in silence: whoever cannot be planned is listed with the reason.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from corridor.engines import planning
from corridor.engines.travelling import Seated, Traveller, units
from corridor.journal.node import Node
from corridor.people import models as people_models
from corridor.people.confided.queries import consents_of
from corridor.people.queries import ages_on, day_of, persons_of, rows_of
from corridor.stops.convoy import models
from corridor.stops.convoy.queries.scene import MINUTE_MS, Scene, slot_id
from corridor.stops.waiting.queries import Group, queue


@dataclass(frozen=True)
class Excluded:
    """A family that waits and is not planned, and why: a code of `not_planned_word`."""

    family: str
    persons: tuple[str, ...]
    why: str


class Families:
    """Those who wait as families of the instance, and those who cannot be planned, with why."""

    def __init__(
        self, scene: Scene, rule: Mapping[str, Any], types: Sequence[planning.VehicleType]
    ) -> None:
        self.scene, self.rule, self.types = scene, rule, types
        self.homes: list[dict[str, Any]] = []
        self.persons: dict[str, tuple[str, ...]] = {}
        self.household: dict[str, str] = {}
        self.excluded: list[Excluded] = []
        self.split_helps: list[str] = []
        groups = [group for group in queue(scene.node) if group.place in scene.pickups]
        self.travellers, unfit = _travellers(scene, groups)
        self.agreed = Consent(
            scene.node,
            {one: self.travellers[one].adult for group in groups for one in group.persons},
            required=bool(rule["consent_required"]),
        )
        for group in groups:
            why = _why_not(scene, group, unfit) or self.agreed.why_not(group.persons)
            name = group.household or group.persons[0]
            if why:
                self.excluded.append(Excluded(name, group.persons, why))
            else:
                self._add(name, group)

    def _add(self, name: str, group: Group) -> None:
        going = [one for one in group.persons if one not in self.agreed.declined]
        own = [self.travellers[one] for one in going]
        per = self.rule["children_per_guardian"]
        whole = units(name, own, luggage=self.rule["luggage_kg"])
        parts = split_where_needed(whole, name, own, self.types, self.rule)
        if len(parts) > 1 and not self.agreed.may_split(going):
            if all(fits_some(one.unit, self.types, per) for one in parts):
                self.split_helps.append(name)
            parts = whole
        self.persons.update({one.unit.id: one.persons for one in parts})
        self.household.update({one.unit.id: name for one in parts})
        self.homes.append(_home(self.scene, group, name, parts))


def fits_some(unit: planning.Unit, types: Iterable[planning.VehicleType], per: int) -> bool:
    """Whether some empty vehicle holds this unit; `per` children ride with one guardian."""
    return any(planning.Load(kind, per).refuses(unit) is None for kind in types)


def split_where_needed(
    whole: list[Seated],
    name: str,
    travellers: Sequence[Traveller],
    types: Sequence[planning.VehicleType],
    rule: Mapping[str, Any],
) -> list[Seated]:
    """The family whole where a vehicle holds it, else as parts that ride in one convoy."""
    per = rule["children_per_guardian"]
    if not types or all(fits_some(one.unit, types, per) for one in whole):
        return whole
    largest = max(one.seats for one in types)
    return units(name, travellers, may_split=True, largest=largest, luggage=rule["luggage_kg"])


class Consent:
    """Who agreed to travel. Nobody is moved by what somebody else said for them (STD 2.3).

    Whoever declines has no seat, and looks like anybody for whom there is none yet. `adults` are
    the persons asked about, each with whether they are grown.
    """

    def __init__(self, node: Node, adults: Mapping[str, bool], *, required: bool) -> None:
        self.adults = adults
        said = consents_of(node, adults)
        self.declined = {
            one for one, uses in said.items() if uses.get("travel") in ("refused", "withdrawn")
        }
        self.unasked = {
            one
            for one, grown in adults.items()
            if required and grown and not said.get(one, {}).get("travel")
        }
        self.splitting = {one for one, uses in said.items() if uses.get("split") == "given"}

    def why_not(self, persons: Iterable[str]) -> str:
        """Why these people cannot be planned together, if so."""
        those = set(persons)
        if self.unasked & those:
            return "no_consent"
        return "full" if self.declined >= those else ""

    def may_split(self, persons: Iterable[str]) -> bool:
        """Whether each adult among them agreed, alone, to ride in two vehicles of one convoy."""
        return {one for one in persons if self.adults[one]} <= self.splitting


def _why_not(scene: Scene, group: Group, unfit: set[str]) -> str:
    held = [scene.seats[one] for one in group.persons if one in scene.seats]
    if any(not scene.is_planned_anew(seat.convoy) for seat in held):
        return "holds_a_seat"
    return "not_fit" if unfit & set(group.persons) else ""


def _home(scene: Scene, group: Group, name: str, seated: list[Seated]) -> dict[str, Any]:
    home: dict[str, Any] = {
        "id": name,
        "pickup": group.place,
        "ready": scene.minute(scene.now),
        "waited": max(0, scene.now - group.since_ms) // MINUTE_MS,
        "need": group.urgency,
        "units": [one.unit for one in seated],
    }
    held = [scene.seats.get(one) for one in group.persons]
    convoy = scene.convoys.get(held[0].convoy) if held[0] else None
    if convoy is not None and all(seat and seat.convoy == convoy.id for seat in held) and held[0]:
        home["told"] = slot_id(convoy.window or "", convoy.departs_ms or 0)
        home["told_vehicle"] = held[0].vehicle
    return home


def _travellers(scene: Scene, groups: Iterable[Group]) -> tuple[dict[str, Traveller], set[str]]:
    """How each waiting person travels, and who is not fit to travel now (STD 2.7)."""
    classes = {person: group.urgency for group in groups for person in group.persons}
    fitness = fitness_of(scene.node)
    today = day_of(scene.now)
    found = {
        one.id: traveller(one, today, classes.get(one.id, "D"), fitness.get(one.id, ""))
        for one in persons_of(scene.node, classes)
    }
    for person in classes:
        found.setdefault(person, Traveller(person))
    return found, {person for person in classes if fitness.get(person) == "T5"}


def fitness_among(node: Node, persons: Iterable[str]) -> dict[str, str]:
    """As `fitness_of`, for these persons."""
    rows = rows_of(models.FitnessChecked.objects.using(node.alias), "subject", persons)
    ordered = sorted(rows, key=lambda row: (row.hlc, row.entry))
    return {row.subject: row.travel_class for row in ordered if row.travel_class}


def fitness_of(node: Node) -> dict[str, str]:
    """Person to the travel class a nurse saw last (STD 2.7)."""
    rows = models.FitnessChecked.objects.using(node.alias).order_by("hlc", "entry")
    return {
        subject: found for subject, found in rows.values_list("subject", "travel_class") if found
    }


def traveller(
    person: people_models.Person, today: datetime.date, need: str, fitness: str
) -> Traveller:
    """How a person travels: what was registered, or what a nurse saw last (STD 2.7)."""
    ages = [age for age in ages_on(person, today) if age is not None]
    travels = person.travels or "seat"
    if fitness in ("T3", "T4"):
        travels = "lying"
    return Traveller(
        person.id,
        travels,
        adult=not ages or max(ages) >= 18,
        critical=fitness == "T4",
        sturdy=travels == "seat" and need == "D" and bool(ages) and 5 <= min(ages) < 60,
    )

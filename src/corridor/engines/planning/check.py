"""The check every plan must pass before it may be published.

It reads the instance and the plan only, and shares nothing with the planner but the rule of
one vehicle.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from itertools import pairwise
from typing import NamedTuple

from corridor.engines.planning.instance import DAY, Household, Instance, Plan, Trip, Unit
from corridor.engines.planning.vehicle import Load

RULES = (
    "unknown-id",
    "person-seated-twice",
    "family-left-in-part",
    "family-in-two-convoys",
    "wrong-pickup",
    "not-there-yet",
    "in-the-past",
    "outside-window",
    "vehicle-not-available",
    "vehicle-in-two-places",
    "seats",
    "luggage",
    "lying-places",
    "wheelchair-places",
    "not-in-open-truck",
    "critical-needs-ambulance",
    "ambulance-only-medical",
    "guardians",
    "escort-capacity",
    "reception-intake",
    "hospital-intake",
    "no-hospital-there",
)


class Breach(NamedTuple):
    """A hard rule broken: its name and where."""

    rule: str
    where: str


def check(instance: Instance, plan: Plan) -> list[Breach]:
    """All hard rules that a plan breaks; an empty list says that it may be published."""
    return _Check(instance).run(plan)


class _Check:
    def __init__(self, instance: Instance) -> None:
        self.instance = instance
        self.breaches: list[Breach] = []
        self.vehicles = {row.id: row for row in instance.vehicles}
        self.types = {row.id: row for row in instance.types}
        self.slots = {row.id: row for row in instance.slots}
        self.windows = {row.id: row for row in instance.windows}
        self.receptions = {row.id: row for row in instance.receptions}
        self.travel = {(row.pickup, row.reception): row for row in instance.travel}
        self.homes: dict[str, tuple[Household, Unit]] = {
            unit.id: (home, unit) for home in instance.households for unit in home.units
        }
        self.seated: dict[str, tuple[str, str]] = {}
        self.busy: dict[str, list[tuple[int, int]]] = defaultdict(list)
        self.led: Counter[tuple[str, str]] = Counter()
        self.guardians: Counter[str] = Counter()
        self.arrivals: Counter[tuple[str, int]] = Counter()
        self.lying: Counter[tuple[str, int]] = Counter()

    def _fail(self, rule: str, where: str) -> None:
        self.breaches.append(Breach(rule, where))

    def run(self, plan: Plan) -> list[Breach]:
        for n, trip in enumerate(plan.trips):
            known = (
                trip.vehicle in self.vehicles
                and trip.slot in self.slots
                and trip.reception in self.receptions
                and trip.pickup in self.instance.pickups
            )
            if not known:
                self._fail("unknown-id", f"trip {n}")
                continue
            self._trip(trip, f"{trip.vehicle} on {trip.slot}")
        self._vehicles()
        self._slots()
        self._receptions()
        self._families()
        return self.breaches

    def _trip(self, trip: Trip, where: str) -> None:
        units = self._board(trip, where)
        load = Load(
            self.types[self.vehicles[trip.vehicle].type], self.instance.children_per_guardian
        )
        for unit in units:
            load.add(unit)
        rule = load.broken()
        if rule:
            self._fail(rule, where)
        self.led[trip.slot, trip.reception] += 1
        self.guardians[trip.slot] += load.guardians
        self._route(trip, load, where)

    def _board(self, trip: Trip, where: str) -> list[Unit]:
        units = []
        for one in trip.units:
            if one not in self.homes:
                self._fail("unknown-id", f"{where}: unit {one}")
                continue
            if one in self.seated:
                self._fail("person-seated-twice", f"{where}: {one}")
                continue
            self.seated[one] = (trip.slot, trip.reception)
            home, unit = self.homes[one]
            units.append(unit)
            if home.pickup != trip.pickup:
                self._fail("wrong-pickup", f"{where}: {one}")
            if home.ready > self.slots[trip.slot].depart:
                self._fail("not-there-yet", f"{where}: {one}")
            if unit.lying and not self.receptions[trip.reception].medical:
                self._fail("no-hospital-there", f"{where}: {one}")
        return units

    def _route(self, trip: Trip, load: Load, where: str) -> None:
        slot, vehicle = self.slots[trip.slot], self.vehicles[trip.vehicle]
        window = self.windows[slot.window]
        way = self.travel.get((trip.pickup, trip.reception))
        if slot.depart < self.instance.now:
            self._fail("in-the-past", where)
        if (
            way is None
            or trip.pickup not in window.pickups
            or trip.reception not in window.receptions
            or slot.depart < window.open
            or slot.depart + way.out > window.close
        ):
            self._fail("outside-window", where)
            return
        start, end = slot.depart - way.before, slot.depart + way.out + way.back
        if start < vehicle.start or (vehicle.end >= 0 and end > vehicle.end):
            self._fail("vehicle-not-available", where)
        self.busy[trip.vehicle].append((start, end))
        day = (slot.depart + way.out) // DAY
        self.arrivals[trip.reception, day] += load.persons
        self.lying[trip.reception, day] += load.lying

    def _vehicles(self) -> None:
        for vehicle, spans in self.busy.items():
            spans.sort()
            for (_, end), (start, _) in pairwise(spans):
                if start < end:
                    self._fail("vehicle-in-two-places", f"{vehicle} at minute {start}")

    def _slots(self) -> None:
        convoys: Counter[str] = Counter()
        for (slot, _), n in self.led.items():
            convoys[slot] += -(-n // self.slots[slot].max_vehicles)
        for slot, n in convoys.items():
            if n > self.slots[slot].max_convoys:
                self._fail("escort-capacity", f"{slot}: {n} convoys")
        for slot, n in self.guardians.items():
            if n > self.slots[slot].guardians:
                self._fail("guardians", f"{slot}: {n} needed")

    def _receptions(self) -> None:
        for rule, counts, field in (
            ("reception-intake", self.arrivals, "intake"),
            ("hospital-intake", self.lying, "lying"),
        ):
            for (reception, day), n in counts.items():
                daily: tuple[int, ...] = getattr(self.receptions[reception], field)
                if n > (daily[day] if day < len(daily) else 0):
                    self._fail(rule, f"{reception} on day {day}: {n}")

    def _families(self) -> None:
        for home in self.instance.households:
            places = [self.seated.get(unit.id) for unit in home.units]
            if not any(places):
                continue
            if not all(places):
                self._fail("family-left-in-part", home.id)
            elif len(set(places)) > 1:
                self._fail("family-in-two-convoys", home.id)

"""Why a family leaves when it does: what can be told it, and what a coordinator must see.

Counts only, never another family. Everything is found by looking at the plan, not by claiming.
Families alike to a vehicle are looked at once, so that fifty thousand people take seconds.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate, groupby
from typing import NamedTuple

import msgspec

from corridor.engines.planning import Household, Instance, Load, Plan, Unit, changes
from corridor.engines.planning.instance import DAY

#: Greater need stands first.
_ORDER = "ABCD"


class Reason(msgspec.Struct, frozen=True, omit_defaults=True):
    """What is so of one family in one plan.

    `slot` is empty where it is left. `before` people of the same place, with as much need or more
    and not fewer days, leave earlier; `empty` seats stay empty on earlier departures, and `stops`
    is the rule that keeps the family out of most of those vehicles. `could` earlier vehicles, and
    where they arrive, would hold it. `overtaken` people with less need, of no larger family, leave
    earlier on seats that this family could have used. `changes`: what would change it, to the slot
    that it would have.
    """

    need: str
    slot: str = ""
    before: int = 0
    empty: int = 0
    stops: str = ""
    could: int = 0
    overtaken: int = 0
    changes: dict[str, str] = {}


def reasons(instance: Instance, plan: Plan) -> dict[str, Reason]:
    """Household to what is so of it in this plan."""
    aboard = _Aboard(instance, plan)
    places = {pickup: _Place(pickup, aboard) for pickup in instance.pickups}
    changed = changes(instance, plan)
    found = {}
    for home in instance.households:
        at, slot, arrives = aboard.leaves.get(home.id, (instance.unserved_at, "", ("", 0)))
        place = places[home.pickup]
        stops, could = place.refusals(home, at, arrives)
        found[home.id] = Reason(
            home.need, slot, place.before(home, at), place.empty(at), "" if could else stops, could,
            place.overtaken(home, at), changed.get(home.id, {}),
        )  # fmt: skip
    return found


#: A reception and the day on which somebody arrives there.
_Arrival = tuple[str, int]


@dataclass
class _Trip:
    """A vehicle of the plan as loaded, and who is aboard."""

    depart: int
    pickup: str
    arrives: _Arrival
    load: Load
    homes: dict[str, list[Unit]]


class _Ride(NamedTuple):
    """A family on a vehicle: its need and size, how many ride there, and what is free without them.

    `luggage` in kg.
    """

    need: str
    persons: int
    free: int
    luggage: int
    depart: int
    riding: int
    standing: tuple[int, int]
    load: Load
    units: list[Unit]


class _Aboard:
    """The plan as loaded vehicles, and when each household leaves."""

    def __init__(self, instance: Instance, plan: Plan) -> None:
        self.homes = {one.id: one for one in instance.households}
        self.leaves: dict[str, tuple[int, str, _Arrival]] = {}
        self.trips: list[_Trip] = []
        self.receptions = {one.id: one for one in instance.receptions}
        self._people: Counter[_Arrival] = Counter()
        self._lying: Counter[_Arrival] = Counter()
        out = {(one.pickup, one.reception): one.out for one in instance.travel}
        of_unit = {unit.id: (home, unit) for home in instance.households for unit in home.units}
        depart = {slot.id: slot.depart for slot in instance.slots}
        kinds = {one.id: one for one in instance.types}
        kind_of = {one.id: kinds[one.type] for one in instance.vehicles}
        for trip in plan.trips:
            load = Load(kind_of[trip.vehicle], instance.children_per_guardian)
            at = depart[trip.slot]
            arrives = (trip.reception, (at + out[trip.pickup, trip.reception]) // DAY)
            aboard: dict[str, list[Unit]] = {}
            for name in trip.units:
                home, unit = of_unit[name]
                load.add(unit)
                aboard.setdefault(home.id, []).append(unit)
                self.leaves[home.id] = (at, trip.slot, arrives)
            self._people[arrives] += load.persons
            self._lying[arrives] += load.lying
            self.trips.append(_Trip(at, trip.pickup, arrives, load, aboard))
        self.trips.sort(key=lambda one: one.depart)

    def full(self, there: _Arrival, home: Household, own: _Arrival) -> str:
        """The rule by which a reception takes no such family that day; its own place is free."""
        reception, day = self.receptions[there[0]], there[1]
        lying = sum(unit.lying for unit in home.units)
        if lying and not reception.medical:
            return "no-hospital-there"
        people, beds = (
            daily[day] if day < len(daily) else 0 for daily in (reception.intake, reception.lying)
        )
        free = there == own
        if self._people[there] + home.persons * (not free) > people:
            return "reception-intake"
        return "hospital-intake" if self._lying[there] + lying * (not free) > beds else ""


class _Place:
    """What leaves from one pick-up, by time; each question about all that leaves before a time."""

    def __init__(self, pickup: str, aboard: _Aboard) -> None:
        self._homes, self._aboard = aboard.homes, aboard
        self._trips = [one for one in aboard.trips if one.pickup == pickup]
        self._departures = [
            list(those) for _at, those in groupby(self._trips, key=lambda one: one.depart)
        ]
        self._times = [those[0].depart for those in self._departures]
        self._standing: dict[int, tuple[list[tuple[int, int]], list[int]]] = {}
        self._refused: dict[tuple[_Arrival, tuple[Unit, ...]], dict[int, tuple[str, int]]] = {}
        self._passed: dict[tuple[Unit, str], list[tuple[int, int]]] = {}
        free = [sum(max(0, one.load.free) for one in those) for those in self._departures]
        self._empty = [0, *accumulate(free)]

    def empty(self, at: int) -> int:
        """Seats that stay empty on vehicles before this time."""
        return self._empty[self._until(at)]

    def before(self, home: Household, at: int) -> int:
        """People with as much need or more, and within it not fewer days, who leave before."""
        step = self._until(at)
        if step not in self._standing:
            rows = sorted((one.standing, one.riding) for one in self._rides if one.depart < at)
            counted = [0, *accumulate(persons for _key, persons in rows)]
            self._standing[step] = [key for key, _persons in rows], counted
        keys, counted = self._standing[step]
        return counted[bisect_right(keys, _standing(home))]

    def refusals(self, home: Household, at: int, own: _Arrival) -> tuple[str, int]:
        """The rule that keeps it out of most vehicles before, and how many of them could."""
        sort = own, tuple(_nameless(unit) for unit in home.units)
        if sort not in self._refused:
            rules: Counter[str] = Counter()
            could = 0
            known = {0: ("", 0)}
            for step, those in enumerate(self._departures, start=1):
                for trip in those:
                    rule = _refuses(trip.load, home.units)
                    if rule := rule or self._aboard.full(trip.arrives, home, own):
                        rules[rule] += 1
                    else:
                        could += 1
                known[step] = (rules.most_common(1)[0][0] if rules else "", could)
            self._refused[sort] = known
        return self._refused[sort][self._until(at)]

    def overtaken(self, home: Household, at: int) -> int:
        """People with less need, of no larger family, who ride before where this family could."""
        if len(home.units) > 1 or home.need == _ORDER[-1]:
            return 0
        unit = home.units[0]
        key = _nameless(unit), home.need
        if key not in self._passed:
            need, persons, seats = home.need, home.persons, unit.seats
            self._passed[key] = [
                (one.depart, one.riding)
                for one in self._rides
                if one.free >= seats
                and one.need > need
                and one.persons <= persons
                and _fits_instead(one, unit)
            ]
        return sum(riding for depart, riding in self._passed[key] if depart < at)

    @cached_property
    def _rides(self) -> list[_Ride]:
        found = []
        for trip in self._trips:
            for name, units in trip.homes.items():
                home, load = self._homes[name], trip.load
                with _without(load, units):
                    found.append(_Ride(
                        home.need, home.persons, load.free, load.kind.luggage - load.luggage,
                        trip.depart, sum(unit.persons for unit in units), _standing(home), load,
                        units,
                    ))  # fmt: skip
        return found

    def _until(self, at: int) -> int:
        """How many of the departures are before this time."""
        return bisect_left(self._times, at)


@contextmanager
def _without(load: Load, units: Iterable[Unit]) -> Iterator[None]:
    """A vehicle as it would be without these units."""
    for unit in units:
        load.add(unit, -1)
    yield
    for unit in units:
        load.add(unit)


def _fits_instead(ride: _Ride, unit: Unit) -> bool:
    """Whether the vehicle would hold this unit in the place of that family."""
    if unit.luggage > ride.luggage or (ride.load.kind.rough and not unit.rough_ok):
        return False
    if not (unit.lying or unit.wheelchairs or unit.unaccompanied):
        return not ride.load.kind.ambulance and unit.seats <= ride.free
    with _without(ride.load, ride.units):
        return not ride.load.refuses(unit)


def _nameless(unit: Unit) -> Unit:
    """What a vehicle knows of a unit."""
    return msgspec.structs.replace(unit, id="")


def _standing(home: Household) -> tuple[int, int]:
    """As much need or more stands first, and within the same need not fewer days."""
    return _ORDER.index(home.need), -home.waited


def _refuses(load: Load, units: Iterable[Unit]) -> str:
    """The rule that keeps this family out of a vehicle as it is loaded, or nothing."""
    for unit in units:
        if rule := load.refuses(unit):
            return rule
    return ""

"""The plan in the making: only legal steps can be taken on it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from corridor.engines.planning.frame import Frame
from corridor.engines.planning.instance import Plan, Trip, VehicleType
from corridor.engines.planning.vehicle import Load

Kept = tuple[int, int, int, int, tuple[int, ...]]
"""A ride outside of a board: vehicle, slot, pick-up, reception, and the units aboard."""


class Ride:
    """A trip in the making: a vehicle on a route, its load and the units aboard."""

    __slots__ = ("aboard", "end", "load", "pickup", "reception", "slot", "start", "vehicle")

    def __init__(
        self, vehicle: int, slot: int, route: tuple[int, int], span: tuple[int, int], load: Load
    ) -> None:
        self.vehicle = vehicle
        self.slot = slot
        self.pickup, self.reception = route
        self.start, self.end = span
        self.load = load
        self.aboard: list[int] = []

    @property
    def kind(self) -> VehicleType:
        """The vehicle's type."""
        return self.load.kind

    @property
    def fixed_chairs(self) -> int:
        """Places for wheelchairs left that take no seat."""
        return max(0, self.load.kind.wheelchairs - self.load.chairs)


class Board:
    """Rides, places and what is left of intake, beds, guardians and escorts.

    Invariant: the rides break no hard rule and each household aboard is aboard as a whole.
    """

    def __init__(self, frame: Frame) -> None:
        self.frame = frame
        self.rides: list[Ride] = []
        self.at: list[Ride | None] = [None] * len(frame.units)
        self.slot_of: list[int] = [len(frame.slots)] * len(frame.households)
        self.by_route: dict[tuple[int, int, int], list[Ride]] = defaultdict(list)
        self.free_seats: dict[tuple[int, int], int] = defaultdict(int)
        self.intake = [list(r.intake) for r in frame.instance.receptions]
        self.beds = [list(r.lying) for r in frame.instance.receptions]
        self.guardians = [slot.guardians for slot in frame.slots]
        self.convoy: list[dict[int, int]] = [{} for _ in frame.slots]
        self.busy: list[list[tuple[int, int]]] = [[] for _ in frame.instance.vehicles]

    # -- rides -------------------------------------------------------------
    def span(self, slot: int, pickup: int, reception: int) -> tuple[int, int]:
        """Minutes from and to which a vehicle is taken by this trip."""
        way = self.frame.travel[pickup, reception]
        at = self.frame.depart[slot]
        return at - way.before, at + way.out + way.back

    def is_free(self, vehicle: int, start: int, end: int) -> bool:
        """Whether this vehicle is at hand and on no other trip."""
        own = self.frame.instance.vehicles[vehicle]
        if start < own.start or (own.end >= 0 and end > own.end):
            return False
        return all(end <= b or start >= e for b, e in self.busy[vehicle])

    def may_lead(self, slot: int, reception: int) -> bool:
        """Whether an escort can lead one more vehicle to this reception."""
        used = self.convoy[slot]
        most = self.frame.slots[slot].max_vehicles
        if used.get(reception, 0) % most:
            return True
        return sum(-(-n // most) for n in used.values()) < self.frame.slots[slot].max_convoys

    def open_ride(self, vehicle: int, slot: int, pickup: int, reception: int) -> Ride | None:
        """Sends an empty vehicle on a route, or returns None if a rule forbids it."""
        if reception not in self.frame.routes[slot][pickup]:
            return None
        span = self.span(slot, pickup, reception)
        if not self.is_free(vehicle, *span) or not self.may_lead(slot, reception):
            return None
        kind = self.frame.kind_on(slot, self.frame.kind[vehicle])
        load = Load(kind, self.frame.instance.children_per_guardian)
        ride = Ride(vehicle, slot, (pickup, reception), span, load)
        self.rides.append(ride)
        self.by_route[slot, pickup, reception].append(ride)
        self.convoy[slot][reception] = self.convoy[slot].get(reception, 0) + 1
        self.busy[vehicle].append(span)
        if not load.kind.ambulance:
            self.free_seats[reception, self.frame.day[slot][pickup, reception]] += load.free
        return ride

    def close_ride(self, ride: Ride) -> None:
        """Takes an empty ride out of the plan."""
        if ride.aboard:
            raise ValueError("A ride with people aboard cannot be taken out of the plan.")
        self.rides.remove(ride)
        self.by_route[ride.slot, ride.pickup, ride.reception].remove(ride)
        self.convoy[ride.slot][ride.reception] -= 1
        self.busy[ride.vehicle].remove((ride.start, ride.end))
        if not ride.kind.ambulance:
            day = self.frame.day[ride.slot][ride.pickup, ride.reception]
            self.free_seats[ride.reception, day] -= ride.load.free

    def close_empty(self) -> None:
        """Takes all empty rides out of the plan."""
        for ride in [ride for ride in self.rides if not ride.aboard]:
            self.close_ride(ride)

    def clear(self, slots: Iterable[int]) -> list[Kept]:
        """Takes everything on these slots out of the plan; what `put_back` needs to undo it."""
        chosen = set(slots)
        kept = []
        for ride in [ride for ride in self.rides if ride.slot in chosen]:
            aboard = tuple(ride.aboard)
            kept.append((ride.vehicle, ride.slot, ride.pickup, ride.reception, aboard))
            for unit in aboard:
                self.take(unit)
            self.close_ride(ride)
        return kept

    def take_out(self, pickups: Iterable[int]) -> None:
        """Takes everything that leaves from these pick-ups out of the plan."""
        chosen = set(pickups)
        for ride in [ride for ride in self.rides if ride.pickup in chosen]:
            for unit in list(ride.aboard):
                self.take(unit)
            self.close_ride(ride)

    def kept(self) -> list[Kept]:
        """All rides as they stand, for `put_back` on another board."""
        return [(x.vehicle, x.slot, x.pickup, x.reception, tuple(x.aboard)) for x in self.rides]

    def put_back(self, kept: Iterable[Kept], *, careful: bool = False) -> None:
        """Brings back rides and the people on them; the slots must have been cleared.

        With `careful` each rule is asked; ValueError if one stands against it.
        """
        for vehicle, slot, pickup, reception, aboard in kept:
            ride = self.open_ride(vehicle, slot, pickup, reception)
            if ride is None:
                raise ValueError("A ride that stood before cannot be brought back.")
            for unit in aboard:
                if careful and self.refuses(unit, ride):
                    raise ValueError("Somebody who sat on a ride before cannot sit there now.")
                self.put(unit, ride)

    # -- people ------------------------------------------------------------
    def room(self, ride: Ride) -> tuple[int, int]:
        """People and people lying that the reception still takes on that day."""
        day = self.frame.day[ride.slot][ride.pickup, ride.reception]
        intake, beds = self.intake[ride.reception], self.beds[ride.reception]
        return (intake[day] if day < len(intake) else 0, beds[day] if day < len(beds) else 0)

    def refuses(self, unit: int, ride: Ride) -> str | None:
        """The rule that keeps a unit off a ride, or None; families are not looked at."""
        frame = self.frame
        one = frame.units[unit]
        home = frame.households[frame.owner[unit]]
        if frame.pickup[frame.owner[unit]] != ride.pickup:
            return "wrong-pickup"
        if home.ready > frame.depart[ride.slot]:
            return "not-there-yet"
        rule = ride.load.refuses(one)
        if rule:
            return rule
        people, beds = self.room(ride)
        if one.persons > people:
            return "reception-intake"
        if one.lying and not frame.instance.receptions[ride.reception].medical:
            return "no-hospital-there"
        if one.lying > beds:
            return "hospital-intake"
        if one.unaccompanied:
            before = ride.load.guardians
            after = -(-(ride.load.children + one.unaccompanied) // ride.load.per_guardian)
            if after - before > self.guardians[ride.slot]:
                return "guardians"
        return None

    def put(self, unit: int, ride: Ride) -> None:
        """Seats a unit; the caller has asked `refuses` and keeps the family together."""
        self._count(unit, ride, 1)
        ride.aboard.append(unit)
        self.at[unit] = ride
        self.slot_of[self.frame.owner[unit]] = ride.slot

    def take(self, unit: int) -> None:
        """Unseats a unit."""
        ride = self.at[unit]
        if ride is None:
            return
        self._count(unit, ride, -1)
        ride.aboard.remove(unit)
        self.at[unit] = None
        self.slot_of[self.frame.owner[unit]] = len(self.frame.slots)

    def _count(self, unit: int, ride: Ride, sign: int) -> None:
        one = self.frame.units[unit]
        day = self.frame.day[ride.slot][ride.pickup, ride.reception]
        before, free = ride.load.guardians, ride.load.free
        ride.load.add(one, sign)
        if not ride.kind.ambulance:
            self.free_seats[ride.reception, day] += ride.load.free - free
        self.guardians[ride.slot] -= ride.load.guardians - before
        self.intake[ride.reception][day] -= sign * one.persons
        if one.lying:
            self.beds[ride.reception][day] -= sign * one.lying

    def take_home(self, home: int) -> None:
        """Unseats a whole household."""
        for unit in self.frame.units_of[home]:
            self.take(unit)

    def rides_of(self, home: int) -> list[Ride]:
        """The rides of a household's units, in order of units; empty if it is left."""
        return [ride for unit in self.frame.units_of[home] if (ride := self.at[unit]) is not None]

    def seat_home(self, home: int, rides: Sequence[Ride]) -> bool:
        """Seats a whole household on rides of one convoy, best fit; False and unchanged if not.

        People lying go by ambulance if they can, people in a wheelchair to a place made for it,
        children alone to where a guardian rides already, so that few seats are taken; people who
        may ride in an open truck go there.
        """
        units = self.frame.units_of[home]
        done: list[int] = []
        for unit in sorted(units, key=lambda u: -self.frame.units[u].lying):
            best = self.best_fit(unit, rides)
            if best is None:
                for other in done:
                    self.take(other)
                return False
            self.put(unit, best)
            done.append(unit)
        return True

    def best_fit(self, unit: int, rides: Iterable[Ride]) -> Ride | None:
        """The ride on which this unit takes up least, or None if all refuse it."""
        one = self.frame.units[unit]
        extra = one.persons - one.seats
        best, best_key = None, None
        for ride in rides:
            load = ride.load
            if one.seats > load.free or self.refuses(unit, ride):
                continue
            kind = load.kind
            key = (
                not kind.ambulance if one.lying else False,
                load.takes(one),
                not kind.rough if one.rough_ok else False,
                -self.slack(ride) if extra else 0,
                load.free - one.seats,
            )
            if best_key is None or key < best_key:
                best, best_key = ride, key
        return best

    def slack(self, ride: Ride) -> int:
        """People beyond the free seats that the reception could still take; at most 0 if ample."""
        day = self.frame.day[ride.slot][ride.pickup, ride.reception]
        seats = self.free_seats[ride.reception, day]
        return min(0, self.intake[ride.reception][day] - seats)

    # -- whole plans -------------------------------------------------------
    def value(self) -> float:
        """Weighted waiting of the plan as it stands, in weighted person-days."""
        return sum(row[s] for row, s in zip(self.frame.cost, self.slot_of, strict=True))

    def to_plan(self, stage: str = "", bound: float | None = None) -> Plan:
        """The plan as it stands; empty rides are left out."""
        frame, instance = self.frame, self.frame.instance
        trips = [
            Trip(
                instance.vehicles[ride.vehicle].id,
                frame.slots[ride.slot].id,
                instance.pickups[ride.pickup],
                instance.receptions[ride.reception].id,
                [frame.units[unit].id for unit in sorted(ride.aboard)],
            )
            for ride in sorted(self.rides, key=lambda x: (x.slot, x.pickup, x.vehicle))
            if ride.aboard
        ]
        last = len(frame.slots)
        left = [h.id for h, s in zip(frame.households, self.slot_of, strict=True) if s == last]
        return Plan(trips, left, bound, stage)

"""An instance laid out by number, so that a planner can look things up quickly."""

from __future__ import annotations

import math
from collections import defaultdict

import msgspec

from corridor.engines.planning.instance import (
    DAY,
    NEEDS,
    Household,
    Instance,
    Slot,
    Unit,
    VehicleType,
)


class Frame:
    """Slots in order of departure, and everything else by its place in the instance.

    `cost[h][s]` is the weighted waiting of household h if it leaves on slot s; the last entry
    is the price of being left. `routes[s][p]` lists the receptions that pick-up p may be
    driven to on slot s, `day[s][p][r]` the day of that arrival. `spare`: the part of seats that
    is told to nobody on slots that are announced within `notice` minutes.
    """

    def __init__(self, instance: Instance, spare: float = 0.0, notice: int = 2 * DAY) -> None:
        self.instance, self.spare, self.notice = instance, spare, notice
        self.households = instance.households
        self.slots: list[Slot] = sorted(instance.slots, key=lambda s: (s.depart, s.id))
        self.depart = [slot.depart for slot in self.slots]
        self.slot_number = {slot.id: n for n, slot in enumerate(self.slots)}
        self.pickup_number = {p: n for n, p in enumerate(instance.pickups)}
        self.reception_number = {r.id: n for n, r in enumerate(instance.receptions)}
        self.vehicle_number = {v.id: n for n, v in enumerate(instance.vehicles)}
        self.home_number = {h.id: n for n, h in enumerate(instance.households)}
        types = {t.id: t for t in instance.types}
        self.kind = [types[v.type] for v in instance.vehicles]
        self.travel = {
            (self.pickup_number[t.pickup], self.reception_number[t.reception]): t
            for t in instance.travel
        }
        self.pickup = [self.pickup_number[h.pickup] for h in instance.households]
        self.rank = [NEEDS.index(h.need) for h in instance.households]
        self._lay_units()
        self._lay_routes()
        self.cost = [self._costs(home) for home in instance.households]

    def _lay_units(self) -> None:
        self.units: list[Unit] = []
        self.owner: list[int] = []
        self.units_of: list[list[int]] = []
        for n, home in enumerate(self.households):
            first = len(self.units)
            self.units += home.units
            self.owner += [n] * len(home.units)
            self.units_of.append(list(range(first, len(self.units))))
        self.unit_number = {unit.id: n for n, unit in enumerate(self.units)}
        self.persons = [home.persons for home in self.households]
        self.lying = [sum(u.lying for u in home.units) for home in self.households]
        self.plain = [
            len(home.units) == 1
            and not (home.units[0].lying or home.units[0].wheelchairs)
            and not home.units[0].unaccompanied
            for home in self.households
        ]

    def _lay_routes(self) -> None:
        windows = self.windows = {w.id: w for w in self.instance.windows}
        self.told_part: dict[str, VehicleType] = {}
        self.routes: list[list[list[int]]] = []
        self.day: list[dict[tuple[int, int], int]] = []
        for slot in self.slots:
            window = windows[slot.window]
            rows: list[list[int]] = [[] for _ in self.instance.pickups]
            days = {}
            for (p, r), way in self.travel.items():
                arrival = slot.depart + way.out
                if (
                    way.pickup in window.pickups
                    and way.reception in window.receptions
                    and window.open <= slot.depart
                    and slot.depart >= self.instance.now
                    and arrival <= window.close
                ):
                    rows[p].append(r)
                    days[p, r] = arrival // DAY
            self.routes.append([sorted(row) for row in rows])
            self.day.append(days)

    def is_announced(self, slot: int) -> bool:
        """Whether people are told of this slot now: its window is certain and near."""
        window = self.windows[self.slots[slot].window]
        return window.probability >= 1.0 and self.depart[slot] <= self.instance.now + self.notice

    def kind_on(self, slot: int, kind: VehicleType) -> VehicleType:
        """A vehicle type as far as its seats are told on this slot."""
        if not self.spare or kind.ambulance or not self.is_announced(slot):
            return kind
        if kind.id not in self.told_part:
            told = kind.seats - math.ceil(kind.seats * self.spare)
            self.told_part[kind.id] = msgspec.structs.replace(kind, seats=told)
        return self.told_part[kind.id]

    def _costs(self, home: Household) -> list[float]:
        instance = self.instance
        begin, before = max(instance.now, home.ready), home.waited / DAY
        weight, aging, persons = instance.weight[home.need], instance.aging, home.persons
        out = []
        for at in (*self.depart, instance.unserved_at):
            days = max(0, at - begin) / DAY
            out.append(persons * (weight * days + aging * (before * days + days * days / 2)))
        return out

    def rate(self, home: int, slot: int) -> float:
        """The weight of a person-day of waiting of this household on this slot."""
        return self.instance.rate(self.households[home], self.depart[slot])

    def waiting(self, pickups: frozenset[int] | None = None) -> dict[int, list[int]]:
        """Households by pick-up; at these pick-ups only, if any are named."""
        out: dict[int, list[int]] = defaultdict(list)
        for n, p in enumerate(self.pickup):
            if pickups is None or p in pickups:
                out[p].append(n)
        return out

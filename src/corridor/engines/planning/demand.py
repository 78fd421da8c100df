"""Households as rows of numbers: what each takes up, and what leaving on each slot costs."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from corridor.engines.planning.frame import Frame
from corridor.engines.planning.vehicle import fits_alone

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

SEATS: Final = 0
"""Ordinary seats."""
SOFT: Final = 1
"""Seats that may not be in an open truck."""
EXTRA: Final = 2
"""People without an ordinary seat: infants on a lap, lying, in a wheelchair."""
CHILD: Final = 3
"""Children alone, who share guardians."""
LUGGAGE: Final = 4
CHAIRS: Final = 5
CRITICAL: Final = 6
"""People who lie in an ambulance."""
LYING: Final = 7
"""All people lying."""
CARERS: Final = 8
"""Seats beside people lying, the only ones that an ambulance offers."""
PERSONS: Final = 9
FITTED: Final = 10
"""People lying whose family rides with them and is too large for any ambulance."""
KINDS: Final = 11

POOLED: Final = (SEATS, SOFT, EXTRA, CHILD, LUGGAGE, CHAIRS)
"""Taken from one pool for each slot and pick-up."""
BY_ROUTE: Final = (SEATS, SOFT, CARERS, CRITICAL, LYING, FITTED)
"""Taken from the vehicles to one reception, for families with somebody lying."""


class Demand:
    """Arrays by household number.

    `takes`: households x KINDS. `cost`: households x (slots + 1), the last column for being
    left. `may`: households x slots, whether the family could leave then at all.
    """

    def __init__(self, frame: Frame) -> None:
        self.frame = frame
        count = len(frame.households)
        self.takes: Floats = np.zeros((count, KINDS))
        ambulances = [kind for kind in frame.instance.types if kind.ambulance]
        each = frame.instance.children_per_guardian
        for n, home in enumerate(frame.households):
            row = self.takes[n]
            for unit in home.units:
                small = unit.lying and not all(fits_alone(x, unit, each) for x in ambulances)
                row += (
                    unit.seats,
                    0 if unit.rough_ok else unit.seats,
                    unit.persons - unit.seats,
                    unit.unaccompanied,
                    unit.luggage,
                    unit.wheelchairs,
                    unit.critical,
                    unit.lying,
                    unit.seats if small else 0,
                    unit.persons,
                    0 if small else unit.lying,
                )
        self.cost: Floats = np.array(frame.cost, float).reshape(count, len(frame.slots) + 1)
        self.pickup: Ints = np.array(frame.pickup, int)
        self.rank: Ints = np.array(frame.rank, int)
        self.ready: Ints = np.array([home.ready for home in frame.households], int)
        self.waited: Ints = np.array([home.waited for home in frame.households], int)
        self.lies: Flags = self.takes[:, LYING] > 0
        self.may: Flags = self._may()

    def _may(self) -> Flags:
        frame = self.frame
        count, slots = len(frame.households), len(frame.slots)
        depart = np.array(frame.depart, int)
        any_way = np.zeros((len(frame.instance.pickups), slots), bool)
        to_bed = np.zeros_like(any_way)
        for j, routes in enumerate(frame.routes):
            for p, ways in enumerate(routes):
                any_way[p, j] = bool(ways)
                to_bed[p, j] = any(frame.instance.receptions[r].medical for r in ways)
        if not count:
            return np.zeros((0, slots), bool)
        may = np.where(self.lies[:, None], to_bed[self.pickup], any_way[self.pickup])
        found: Flags = may & (depart[None, :] >= self.ready[:, None])
        return found

"""Keeping what was announced: who was told a slot and a vehicle gets both again.

Where the vehicle is lost, an idle one takes its place; where there is none, the family is seated on
its own slot, else on the earliest after it, before anybody who was told nothing.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from corridor.engines.planning.board import Board, Ride
from corridor.engines.planning.frame import Frame
from corridor.engines.planning.instance import Instance, Plan


@dataclass
class Kept:
    """Households that were told: who keeps all, who moves, and who lost the seat."""

    plan: Plan
    same: list[str] = field(default_factory=list)
    other_vehicle: list[str] = field(default_factory=list)
    later: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)


def told_first(instance: Instance, previous: Plan) -> Kept:
    """The answer for those who were told, before anybody else is planned."""
    board = Board(Frame(instance))
    keep(board, previous)
    kept = Kept(board.to_plan("promises"))
    frame = board.frame
    for home, household in enumerate(frame.households):
        if household.told is None:
            continue
        slot, rides = board.slot_of[home], board.rides_of(home)
        vehicles = {frame.instance.vehicles[ride.vehicle].id for ride in rides}
        if slot == len(frame.slots):
            kept.lost.append(household.id)
        elif frame.slots[slot].id != household.told:
            kept.later.append(household.id)
        elif household.told_vehicle in vehicles:
            kept.same.append(household.id)
        else:
            kept.other_vehicle.append(household.id)
    return kept


def keep(board: Board, previous: Plan) -> list[str]:
    """Seats everybody who was told where they were told; returns households without a seat."""
    return _Keeping(board, previous).run()


_Lost = tuple[int, int, int, list[int]]
"""An announced ride whose vehicle is lost: slot, pick-up, reception and the units told of it."""


class _Keeping:
    def __init__(self, board: Board, previous: Plan) -> None:
        self.board, self.frame, self.previous = board, board.frame, previous
        self.told = [n for n, h in enumerate(board.frame.households) if h.told is not None]
        self.places: dict[int, list[tuple[int, Ride]]] = defaultdict(list)

    def run(self) -> list[str]:
        """Whose vehicles all run first, then who has a part on one that runs, then the others.

        So nobody takes what a family needs whose part still has its vehicle.
        """
        board, frame = self.board, self.frame
        lost = self._open_running()
        runs, parts, gone = self._by_what_runs(lost)
        displaced = [home for home in runs if not self._seat_as_told(self.places[home])]
        kept = {home: list(self.places[home]) for home in parts}
        near = set(parts)
        owner = frame.owner
        first = [row for row in lost if any(owner[unit] in near for unit in row[3])]
        self._replace(first)
        for home in parts:
            as_told = self._is_whole(home) and self._seat_as_told(self.places[home])
            if not as_told and not self._seat_beside(home, kept[home]):
                displaced.append(home)
        self._replace([row for row in lost if row not in first])
        for home in gone:
            if not self._is_whole(home) or not self._seat_as_told(self.places[home]):
                displaced.append(home)
        board.close_empty()
        for home in sorted(displaced, key=lambda h: (frame.rank[h], -frame.persons[h], h)):
            self._seat_else(home)
        board.close_empty()
        last = len(frame.slots)
        return [frame.households[h].id for h in self.told if board.slot_of[h] == last]

    def _open_running(self) -> list[_Lost]:
        """Opens the announced rides that somebody who was told is on; returns those that cannot."""
        board, frame = self.board, self.frame
        told = set(self.told)
        lost = []
        for trip in self.previous.trips:
            units = [frame.unit_number[one] for one in trip.units if one in frame.unit_number]
            units = [unit for unit in units if frame.owner[unit] in told]
            slot = frame.slot_number.get(trip.slot)
            pickup = frame.pickup_number.get(trip.pickup)
            reception = frame.reception_number.get(trip.reception)
            if not units or slot is None or pickup is None or reception is None:
                continue
            number = frame.vehicle_number.get(trip.vehicle)
            ride = None
            if number is not None:
                ride = board.open_ride(number, slot, pickup, reception)
            if ride is None:
                lost.append((slot, pickup, reception, units))
            else:
                for unit in units:
                    self.places[frame.owner[unit]].append((unit, ride))
        return lost

    def _by_what_runs(self, lost: list[_Lost]) -> tuple[list[int], list[int], list[int]]:
        """Households that were told: all their vehicles run, a part of them does, none does."""
        without = {self.frame.owner[unit] for *_, units in lost for unit in units}
        runs = [h for h in self.told if self._is_whole(h)]
        parts = [h for h in self.told if h in without and self.places.get(h)]
        parts.sort(key=lambda h: (self.frame.rank[h], -self.frame.persons[h], h))
        rest = {*runs, *parts}
        return runs, parts, [h for h in self.told if h not in rest]

    def _is_whole(self, home: int) -> bool:
        """Whether each unit of a household has a ride that it may keep."""
        found = {unit for unit, _ in self.places.get(home, ())}
        return found == set(self.frame.units_of[home])

    def _replace(self, lost: list[_Lost]) -> None:
        """Puts an idle vehicle in place of each that is lost, where there is one."""
        for slot, pickup, reception, units in lost:
            ride = self._idle(slot, pickup, reception, units)
            if ride is not None:
                for unit in units:
                    self.places[self.frame.owner[unit]].append((unit, ride))

    def _idle(self, slot: int, pickup: int, reception: int, units: list[int]) -> Ride | None:
        """The smallest idle vehicle that takes all of them, else the one with most seats.

        One unit alone gets a vehicle that takes it, or none.
        """
        board, frame = self.board, self.frame
        if reception not in frame.routes[slot][pickup]:
            return None
        need = sum(frame.units[unit].seats for unit in units)
        span = board.span(slot, pickup, reception)
        kinds = frame.kind
        bed = any(frame.units[unit].critical for unit in units)
        lie = all(frame.units[unit].lying for unit in units)
        roof = any(not frame.units[unit].rough_ok for unit in units)
        idle = [
            v
            for v in range(len(kinds))
            if board.is_free(v, *span)
            and (lie if kinds[v].ambulance else not bed)
            and not (roof and kinds[v].rough)
        ]
        idle.sort(key=lambda v: (kinds[v].seats < need, abs(kinds[v].seats - need), v))
        for v in idle:
            ride = board.open_ride(v, slot, pickup, reception)
            if ride is None or len(units) > 1 or not board.refuses(units[0], ride):
                return ride
            board.close_ride(ride)
        return None

    def _seat_as_told(self, places: list[tuple[int, Ride]]) -> bool:
        board = self.board
        for n, (unit, ride) in enumerate(places):
            if board.refuses(unit, ride):
                for before, _ in places[:n]:
                    board.take(before)
                return False
            board.put(unit, ride)
        return True

    def _seat_beside(self, home: int, kept: list[tuple[int, Ride]]) -> bool:
        """Where one of the vehicles of a family still runs: the others sit in its convoy."""
        board, seated = self.board, {unit for unit, _ in kept}
        if not kept or not self._seat_as_told(kept):
            return False
        _, first = kept[0]
        convoy = (first.slot, first.pickup, first.reception)
        for unit in self.frame.units_of[home]:
            if unit in seated:
                continue
            ride = board.best_fit(unit, board.by_route[convoy])
            ride = ride or self._idle(*convoy, [unit])
            if ride is None:
                board.take_home(home)
                return False
            board.put(unit, ride)
        return True

    def _seat_else(self, home: int) -> None:
        """On the told slot if a place is there, else on the earliest slot after it."""
        board, frame = self.board, self.frame
        told = frame.slot_number.get(frame.households[home].told or "")
        ready, pickup = frame.households[home].ready, frame.pickup[home]
        for slot in range(told or 0, len(frame.slots)):
            if frame.depart[slot] < ready:
                continue
            for reception in frame.routes[slot][pickup]:
                if board.seat_home(home, board.by_route.get((slot, pickup, reception), [])):
                    return
            for reception in frame.routes[slot][pickup]:
                units = frame.units_of[home]
                ride = self._idle(slot, pickup, reception, units)
                if ride is None:
                    continue
                if board.seat_home(home, board.by_route[slot, pickup, reception]):
                    return
                board.close_ride(ride)

"""Keeping what was announced: who was told a slot and a vehicle gets both again."""

from __future__ import annotations

from corridor.engines.planning.board import Board, Ride
from corridor.engines.planning.instance import Plan


def keep(board: Board, previous: Plan) -> list[str]:
    """Seats everybody who was told where they were told; returns the households it could not."""
    frame = board.frame
    told = {h.id: n for n, h in enumerate(frame.households) if h.told is not None}
    unit_number = {unit.id: n for n, unit in enumerate(frame.units)}
    home_of = {unit: home for home, units in enumerate(frame.units_of) for unit in units}
    rides_of: dict[int, list[tuple[int, Ride]]] = {}
    for trip in previous.trips:
        slot, vehicle = frame.slot_number.get(trip.slot), frame.vehicle_number.get(trip.vehicle)
        pickup = frame.pickup_number.get(trip.pickup)
        reception = frame.reception_number.get(trip.reception)
        units = [unit_number[one] for one in trip.units if one in unit_number]
        homes = {home_of[unit] for unit in units} & set(told.values())
        if slot is None or vehicle is None or pickup is None or reception is None or not homes:
            continue
        ride = board.open_ride(vehicle, slot, pickup, reception)
        if ride is None:
            continue
        for unit in units:
            if home_of[unit] in homes:
                rides_of.setdefault(home_of[unit], []).append((unit, ride))
    broken = []
    for home in told.values():
        places = rides_of.get(home, [])
        whole = {unit for unit, _ in places} == set(frame.units_of[home])
        if not whole or not board.seat_home(home, list(dict.fromkeys(r for _, r in places))):
            broken.append(frame.households[home].id)
    board.close_empty()
    return broken

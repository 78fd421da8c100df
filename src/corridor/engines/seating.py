"""Free places given out in a published order: families whole, by the rule of one vehicle.

Each family gets the vehicle that holds it with the fewest seats left over. Who does not fit now is
passed over for the next who fits, and stays at the head of the list.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from corridor.engines.planning import Load, Unit


@dataclass(frozen=True)
class Party:
    """A family as units that must sit together; several only where it agreed to be split."""

    party: str
    units: tuple[Unit, ...]


@dataclass
class Seating:
    """Unit to vehicle, and the parties left, in their order."""

    seats: dict[str, str] = field(default_factory=dict)
    left: list[str] = field(default_factory=list)


def seat(parties: Sequence[Party], vehicles: Mapping[str, Load], guardians: int = -1) -> Seating:
    """Seats the parties in their order; the loads hold them afterwards.

    At most `guardians` adults ride along for children alone (-1: as many as needed).
    """
    seating = Seating()
    for party in parties:
        done: list[tuple[Unit, str]] = []
        for unit in party.units:
            vehicle = _best(unit, vehicles, guardians)
            if vehicle is None:
                break
            vehicles[vehicle].add(unit)
            done.append((unit, vehicle))
        if len(done) == len(party.units):
            seating.seats.update((unit.id, vehicle) for unit, vehicle in done)
            continue
        for unit, vehicle in done:
            vehicles[vehicle].add(unit, -1)
        seating.left.append(party.party)
    return seating


def _best(unit: Unit, vehicles: Mapping[str, Load], guardians: int) -> str | None:
    """Who lies goes by ambulance if they can, who may ride in an open truck goes there."""
    riding = sum(load.guardians for load in vehicles.values())
    found = []
    for name, load in vehicles.items():
        if load.refuses(unit) is not None:
            continue
        more = -(-(load.children + unit.unaccompanied) // load.per_guardian) - load.guardians
        if more and 0 <= guardians < riding + more:
            continue
        ambulance = load.kind.ambulance if unit.lying else True
        rough = load.kind.rough if unit.rough_ok else True
        found.append((not ambulance, not rough, load.free - unit.seats, name))
    return min(found)[-1] if found else None

"""Seats for one convoy: the groups in their order, families whole, places by kind.

A group is seated in one vehicle if one still holds it; a group larger than every vehicle is seated
across neighbouring vehicles of the convoy, and said so. Who does not fit now is passed over for the
next who fits, and stays at the head of the list.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

#: Kinds of places a person takes; `lap` takes none, a child on somebody's lap.
KINDS = ("seat", "lying", "wheelchair")


@dataclass(frozen=True)
class Carrier:
    """A vehicle with its places by kind."""

    vehicle: str
    seats: int
    lying: int = 0
    wheelchairs: int = 0


@dataclass(frozen=True)
class Party:
    """People who travel together: (person, how they travel), in one order."""

    party: str
    travellers: tuple[tuple[str, str], ...]


@dataclass
class Seating:
    """Person to vehicle; parties split over vehicles; parties left, in their order."""

    seats: dict[str, str] = field(default_factory=dict)
    split: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)


def seat(parties: Sequence[Party], carriers: Sequence[Carrier]) -> Seating:
    """Seats the parties in their order."""
    seating = Seating()
    free = {c.vehicle: _places(c) for c in carriers}
    largest = max((c.seats for c in carriers), default=0)
    for party in parties:
        vehicle = _one_vehicle(party, free)
        if vehicle is not None:
            _take(party, dict.fromkeys((p for p, _ in party.travellers), vehicle), free, seating)
            continue
        seats_needed = sum(how == "seat" for _, how in party.travellers)
        across = _across(party, free) if seats_needed > largest else None
        if across is None:
            seating.left.append(party.party)
        else:
            seating.split.append(party.party)
            _take(party, across, free, seating)
    return seating


def _places(carrier: Carrier) -> dict[str, int]:
    return {"seat": carrier.seats, "lying": carrier.lying, "wheelchair": carrier.wheelchairs}


def _needed(party: Party) -> dict[str, int]:
    return {kind: sum(how == kind for _, how in party.travellers) for kind in KINDS}


def _one_vehicle(party: Party, free: dict[str, dict[str, int]]) -> str | None:
    """The vehicle that holds the party with the fewest seats left over."""
    needed = _needed(party)
    fitting = [
        (places["seat"] - needed["seat"], vehicle)
        for vehicle, places in free.items()
        if all(places[kind] >= needed[kind] for kind in KINDS)
    ]
    return min(fitting)[1] if fitting else None


def _across(party: Party, free: dict[str, dict[str, int]]) -> dict[str, str] | None:
    """Each person to a vehicle, filling one after the other; None if they do not all fit."""
    left = {vehicle: dict(places) for vehicle, places in free.items()}
    found: dict[str, str] = {}
    last = ""
    for person, how in party.travellers:
        if how == "lap":
            found[person] = last or next(iter(left), "")
            continue
        vehicle = next((v for v, places in left.items() if places[how] > 0), None)
        if vehicle is None:
            return None
        left[vehicle][how] -= 1
        found[person] = last = vehicle
    return found


def _take(
    party: Party, where: dict[str, str], free: dict[str, dict[str, int]], seating: Seating
) -> None:
    for person, how in party.travellers:
        if how in KINDS:
            free[where[person]][how] -= 1
        seating.seats[person] = where[person]

"""Families as units that must sit together: what a planner and a tailgate need to know, no more.

Only how somebody travels can be said here: no origin, nationality, faith, name or sex.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from corridor.engines.planning import Unit


@dataclass(frozen=True)
class Traveller:
    """One person: how they travel, whether they are grown, and whether they bear an open truck."""

    person: str
    travels: str = "seat"
    adult: bool = True
    critical: bool = False
    sturdy: bool = False


@dataclass(frozen=True)
class Seated:
    """A unit and who is in it."""

    unit: Unit
    persons: tuple[str, ...]


def units(
    family: str,
    travellers: Sequence[Traveller],
    *,
    may_split: bool = False,
    largest: int = 0,
    luggage: int = 0,
) -> list[Seated]:
    """The units of a family: one, or several where it agreed to be split over vehicles.

    Split, those who lie go with one carer, and the rest goes in parts of at most `largest` seats
    with a grown person in each. `luggage` is kg for each person.
    """
    parts = _parts(travellers, largest) if may_split else [list(travellers)]
    many = len(parts) > 1
    return [
        _unit(f"{family}/{number}" if many else family, part, luggage)
        for number, part in enumerate(parts, 1)
    ]


def _parts(travellers: Sequence[Traveller], largest: int) -> list[list[Traveller]]:
    patients = [one for one in travellers if one.travels == "lying"]
    rest = [one for one in travellers if one.travels != "lying"]
    carers = [one for one in rest if one.adult and one.travels == "seat"]
    children = any(not one.adult for one in rest)
    if patients and len(carers) > (1 if children else 0):
        carer = carers[-1]
        rest = [one for one in rest if one is not carer]
        return [[*patients, carer], *_chunks(rest, largest)] if rest else [[*patients, carer]]
    return [list(travellers)] if patients else _chunks(rest, largest)


def _chunks(travellers: list[Traveller], largest: int) -> list[list[Traveller]]:
    adults = [one for one in travellers if one.adult]
    children = [one for one in travellers if not one.adult]
    need = sum(one.travels == "seat" for one in travellers)
    if not largest or need <= largest or len(adults) < 2:
        return [travellers]
    count = min(len(adults), -(-need // largest))
    return [adults[n::count] + children[n::count] for n in range(count)]


def _unit(identity: str, part: Sequence[Traveller], luggage: int) -> Seated:
    lying = [one for one in part if one.travels == "lying"]
    seated = sum(one.travels == "seat" for one in part)
    laps = sum(one.travels == "lap" for one in part)
    # A lap belongs to somebody who sits; further infants take a seat.
    held = min(laps, sum(one.travels == "seat" and one.adult for one in part))
    adults = any(one.adult for one in part)
    unit = Unit(
        id=identity,
        persons=len(part),
        seats=seated + laps - held,
        lap=held,
        stretchers=sum(not one.critical for one in lying),
        critical=sum(one.critical for one in lying),
        wheelchairs=sum(one.travels == "wheelchair" for one in part),
        luggage=luggage * len(part),
        unaccompanied=0 if adults else len(part),
        rough_ok=all(one.sturdy for one in part),
    )
    return Seated(unit, tuple(one.person for one in part))

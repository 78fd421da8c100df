"""Quiet wishes about seats, after a plan: apart, near, or in a vehicle of women and children.

Families change places inside one convoy only, so nobody leaves earlier or later for a wish, and
no reason is known here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from corridor.engines.planning import Load, Unit, VehicleType


@dataclass(frozen=True)
class Wishes:
    """Pairs of units that ride apart or together; units that wish to ride without men, and men."""

    apart: frozenset[frozenset[str]] = frozenset()
    near: frozenset[frozenset[str]] = frozenset()
    women: frozenset[str] = frozenset()
    with_men: frozenset[str] = frozenset()


@dataclass
class Convoy:
    """Vehicles that drive together: the kind of each, and the units aboard it."""

    kinds: Sequence[VehicleType]
    aboard: list[list[str]]
    fixed: frozenset[str] = field(default_factory=frozenset)


def unmet(aboard: Sequence[Sequence[str]], wishes: Wishes) -> int:
    """How many wishes are not met."""
    where = {unit: number for number, units in enumerate(aboard) for unit in units}
    count = 0
    for pair in wishes.apart | wishes.near:
        places = {where.get(unit, -1) for unit in pair}
        together = len(places) == 1
        count += together if pair in wishes.apart else not together and -1 not in places
    men = {where[unit] for unit in wishes.with_men if unit in where}
    return count + sum(where[unit] in men for unit in wishes.women if unit in where)


def arrange(
    convoy: Convoy, units: Mapping[str, Unit], wishes: Wishes, per_guardian: int
) -> list[list[str]]:
    """The units aboard each vehicle after as many wishes were met as places allow."""
    aboard = [list(those) for those in convoy.aboard]
    best = unmet(aboard, wishes)
    concerned = sorted(
        wishes.women | {unit for pair in wishes.apart | wishes.near for unit in pair}
    )
    improved = True
    while best and improved:
        improved = False
        for unit in concerned:
            found = _better(unit, aboard, convoy, units, wishes, per_guardian, best)
            if found is not None:
                aboard, best, improved = found, unmet(found, wishes), True
    return aboard


def _better(
    unit: str,
    aboard: list[list[str]],
    convoy: Convoy,
    units: Mapping[str, Unit],
    wishes: Wishes,
    per_guardian: int,
    best: int,
) -> list[list[str]] | None:
    """The unit moved, or changed with another one, so that fewer wishes are unmet."""
    here = next((n for n, those in enumerate(aboard) if unit in those), None)
    if here is None or unit in convoy.fixed:
        return None
    for there, those in enumerate(aboard):
        if there == here:
            continue
        for other in ("", *those):
            if other in convoy.fixed:
                continue
            tried = [list(some) for some in aboard]
            tried[here] = [one for one in tried[here] if one != unit] + [other] * bool(other)
            tried[there] = [one for one in those if one != other] + [unit]
            legal = all(
                _fits(convoy.kinds[n], [units[one] for one in tried[n]], per_guardian)
                for n in (here, there)
            )
            if legal and unmet(tried, wishes) < best:
                return tried
    return None


def _fits(kind: VehicleType, those: list[Unit], per_guardian: int) -> bool:
    load = Load(kind, per_guardian)
    for unit in those:
        load.add(unit)
    return load.broken() is None

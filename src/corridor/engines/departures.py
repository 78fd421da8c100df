"""Why a family leaves when it does: what can be told it, and what a coordinator must see.

Counts only, never another family. Everything is found by looking at the plan, not by claiming.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

import msgspec

from corridor.engines.planning import Household, Instance, Load, Plan, Unit

#: Greater need stands first.
_ORDER = "ABCD"


class Reason(msgspec.Struct, frozen=True, omit_defaults=True):
    """What is so of one family in one plan.

    `slot` is empty where it is left. `before` people of the same place, with as much need or more
    and not fewer days, leave earlier; `empty` seats stay empty on earlier departures, and `stops`
    is the rule that keeps the family out of most of those vehicles. `could` earlier vehicles would
    hold it. `overtaken` people with less need, of no larger family, leave earlier on seats that
    this family could have used.
    """

    need: str
    slot: str = ""
    before: int = 0
    empty: int = 0
    stops: str = ""
    could: int = 0
    overtaken: int = 0


@dataclass
class _Trip:
    """A vehicle of the plan as loaded, and who is aboard."""

    depart: int
    pickup: str
    load: Load
    homes: dict[str, list[Unit]]


def reasons(instance: Instance, plan: Plan) -> dict[str, Reason]:
    """Household to what is so of it in this plan."""
    homes = {one.id: one for one in instance.households}
    of_unit = {unit.id: home for home in instance.households for unit in home.units}
    depart = {slot.id: slot.depart for slot in instance.slots}
    trips = sorted(_trips(instance, plan, of_unit, depart), key=lambda one: one.depart)
    leaves: dict[str, tuple[int, str]] = {}
    for trip in plan.trips:
        for unit in trip.units:
            leaves[of_unit[unit].id] = (depart[trip.slot], trip.slot)
    found = {}
    for home in instance.households:
        at, slot = leaves.get(home.id, (instance.unserved_at, ""))
        earlier = [one for one in trips if one.pickup == home.pickup and one.depart < at]
        found[home.id] = _reason(home, slot, earlier, homes)
    return found


def _trips(
    instance: Instance, plan: Plan, of_unit: dict[str, Household], depart: dict[str, int]
) -> Iterable[_Trip]:
    kinds = {one.id: one for one in instance.types}
    kind_of = {one.id: kinds[one.type] for one in instance.vehicles}
    units = {unit.id: unit for home in instance.households for unit in home.units}
    for trip in plan.trips:
        load = Load(kind_of[trip.vehicle], instance.children_per_guardian)
        aboard: dict[str, list[Unit]] = {}
        for name in trip.units:
            load.add(units[name])
            aboard.setdefault(of_unit[name].id, []).append(units[name])
        yield _Trip(depart[trip.slot], trip.pickup, load, aboard)


def _reason(
    home: Household, slot: str, earlier: list[_Trip], homes: dict[str, Household]
) -> Reason:
    rules: Counter[str] = Counter()
    before = empty = could = overtaken = 0
    for trip in earlier:
        empty += max(0, trip.load.free)
        refused = _refuses(trip.load, home.units)
        if refused:
            rules[refused] += 1
        else:
            could += 1
        for name, units in trip.homes.items():
            other = homes[name]
            if _stands_before(other, home):
                before += sum(unit.persons for unit in units)
            elif _is_passed_over(trip.load, home, other, units):
                overtaken += sum(unit.persons for unit in units)
    stops = rules.most_common(1)[0][0] if rules and not could else ""
    return Reason(home.need, slot, before, empty, stops, could, overtaken)


def _stands_before(other: Household, home: Household) -> bool:
    """As much need or more, and within the same need not fewer days."""
    mine, theirs = _ORDER.index(home.need), _ORDER.index(other.need)
    return theirs < mine or (theirs == mine and other.waited >= home.waited)


def _is_passed_over(load: Load, home: Household, other: Household, units: list[Unit]) -> bool:
    """Whether somebody with less need, of no larger family, rides where this family could."""
    if other.need <= home.need or other.persons > home.persons or len(home.units) > 1:
        return False
    for unit in units:
        load.add(unit, -1)
    fits = _refuses(load, home.units) == ""
    for unit in units:
        load.add(unit)
    return fits


def _refuses(load: Load, units: Iterable[Unit]) -> str:
    """The rule that keeps this family out of a vehicle as it is loaded, or nothing."""
    for unit in units:
        if rule := load.refuses(unit):
            return rule
    return ""

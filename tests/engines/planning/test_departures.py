"""What is told of each family is what a slow look at every other family finds, too."""

from __future__ import annotations

import random
from collections import Counter

import msgspec
import pytest

from corridor.engines import planning
from corridor.engines.departures import reasons
from corridor.engines.planning import Household, Instance, Load, Plan, Trip, Unit
from tests.convoy_referee import REFEREE, tool

pytestmark = pytest.mark.skipif(not REFEREE.exists(), reason="The referee is not beside us.")


class Slow:
    """Looks at each pair of a family and a vehicle, as one would by hand."""

    def __init__(self, instance: Instance, plan: Plan) -> None:
        self.instance, self.plan = instance, plan
        self.depart = {slot.id: slot.depart for slot in instance.slots}
        self.of = {unit.id: (home, unit) for home in instance.households for unit in home.units}
        self.leaves = {
            self.of[unit][0].id: self.depart[trip.slot]
            for trip in plan.trips
            for unit in trip.units
        }

    def told(self, home: Household) -> tuple[int, int, str, int, int]:
        """People before, seats empty, the rule that stops, vehicles that could, overtaken by."""
        at = self.leaves.get(home.id, self.instance.unserved_at)
        before = empty = could = overtaken = 0
        rules: Counter[str] = Counter()
        for trip in sorted(self.plan.trips, key=lambda one: self.depart[one.slot]):
            if trip.pickup != home.pickup or self.depart[trip.slot] >= at:
                continue
            aboard = [self.of[unit] for unit in trip.units]
            load = self.loaded(trip.vehicle, [unit for _home, unit in aboard])
            empty += max(0, load.free)
            rule = next((r for unit in home.units if (r := load.refuses(unit))), "")
            rule = rule or self.full(trip, home)
            could += not rule
            rules.update([rule] if rule else [])
            for other in {id(one): one for one, _unit in aboard}.values():
                riding = sum(unit.persons for one, unit in aboard if one is other)
                if (other.need, -other.waited) <= (home.need, -home.waited):
                    before += riding
                elif other.need > home.need and other.persons <= home.persons:
                    rest = [unit for one, unit in aboard if one is not other]
                    without = self.loaded(trip.vehicle, rest)
                    if len(home.units) == 1 and not without.refuses(home.units[0]):
                        overtaken += riding
        stops = rules.most_common(1)[0][0] if rules and not could else ""
        return before, empty, stops, could, overtaken

    def full(self, trip: Trip, home: Household) -> str:
        """The plan with the family on this trip instead: what the reception says of it."""
        own = {unit.id for unit in home.units}
        trips = [
            msgspec.structs.replace(one, units=[unit for unit in one.units if unit not in own])
            for one in self.plan.trips
        ]
        trips[self.plan.trips.index(trip)].units.extend(sorted(own))
        broken = {one.rule for one in planning.check(self.instance, Plan(trips, []))}
        rules = ("no-hospital-there", "reception-intake", "hospital-intake")
        return next((rule for rule in rules if rule in broken), "")

    def loaded(self, vehicle: str, units: list[Unit]) -> Load:
        """A vehicle with these units aboard."""
        kind = next(one.type for one in self.instance.vehicles if one.id == vehicle)
        load = Load(
            next(one for one in self.instance.types if one.id == kind),
            self.instance.children_per_guardian,
        )
        for unit in units:
            load.add(unit)
        return load


@pytest.mark.parametrize("seed", range(6))
def test_what_is_told_is_what_a_slow_look_finds(seed: int) -> None:
    """Also where needs change after the plan was made, so that families are passed over."""
    source = random.Random(seed)
    theirs = tool("generate").generate(source.randrange(40, 250), seed, (1.15, 0.8)[seed % 2])
    instance = planning.read_instance(tool("model").instance_to_dict(theirs))
    plan = planning.plan(instance, None, planning.Effort(steps=1))
    if seed % 3:
        homes = [msgspec.structs.replace(home, need=source.choice("ABCD"))
                 for home in instance.households]  # fmt: skip
        instance = msgspec.structs.replace(instance, households=tuple(homes))
    slow = Slow(instance, plan)
    found = reasons(instance, plan)
    assert set(found) == {home.id for home in instance.households}
    for home in instance.households:
        one = found[home.id]
        told = (one.before, one.empty, one.stops, one.could, one.overtaken)
        assert told == slow.told(home), home
    assert seed % 3 == 0 or any(one.overtaken for one in found.values())


def test_what_would_change_is_true_when_it_is_tried() -> None:
    """A family that could leave earlier in an open truck does, once it may ride in one."""
    tried = 0
    for seed in range(12):
        theirs = tool("generate").generate(300, seed, 0.8)
        instance = planning.read_instance(tool("model").instance_to_dict(theirs))
        plan = planning.plan(instance, None, planning.Effort(steps=1))
        depart = {slot.id: slot.depart for slot in instance.slots}
        for name, said in planning.changes(instance, plan).items():
            if "open-truck" not in said:
                continue
            tried += 1
            home = next(one for one in instance.households if one.id == name)
            able = tuple(
                unit if unit.lying or unit.wheelchairs or unit.lap or unit.unaccompanied
                else msgspec.structs.replace(unit, rough_ok=True)
                for unit in home.units
            )  # fmt: skip
            homes = [one if one.id != name else msgspec.structs.replace(one, units=able)
                     for one in instance.households]  # fmt: skip
            other = msgspec.structs.replace(instance, households=tuple(homes))
            one = reasons(other, plan)[name]
            assert one.could and said["open-truck"] in depart
            assert depart[said["open-truck"]] < depart.get(one.slot, instance.unserved_at)
    assert tried

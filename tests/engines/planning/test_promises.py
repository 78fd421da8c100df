"""Planning again: who was told keeps the place, and the rest is planned around them."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec
import pytest
from typer.testing import CliRunner

from corridor.cli.commands import app
from corridor.engines import planning
from corridor.engines.planning import instance as types
from tests.convoy_referee import REFEREE, tool
from tests.engines.planning.test_planner import FEW, judged, world

pytestmark = pytest.mark.skipif(
    not REFEREE.is_dir(), reason="The referee lies in CORRIDOR_SHARED, which is not here."
)


def replanned(broken: int, close: tuple[str, ...] = ()) -> tuple[Any, Any, Any, planning.Plan]:
    theirs, ours = world(900, 4)
    before = planning.write_plan(planning.plan(ours, None, FEW))
    source = random.Random(1)
    later, _ = tool("events").after(
        theirs, before, 300, source, broken, close, arrivals=30, no_show=0.03
    )
    ours = planning.read_instance(tool("model").instance_to_dict(later))
    return later, ours, before, planning.read_plan(before)


@pytest.mark.parametrize("broken", [0, 1, 2])
def test_told_people_keep_the_vehicle_that_still_runs(broken: int) -> None:
    later, ours, before, previous = replanned(broken)
    kept = planning.told_first(ours, previous)
    told = {h.id: h.told_vehicle for h in ours.households if h.told}
    runs = {v.id for v in ours.vehicles}
    assert told
    assert {h for h, v in told.items() if v in runs} == set(kept.same)
    assert planning.check(ours, kept.plan) == []
    made = planning.plan(ours, previous, FEW)
    out = judged(later, made)
    found = tool("referee").stability(later, out, before)["told"]
    assert found["dropped"] == 0
    same = sum(h.persons for h in ours.households if h.id in set(kept.same))
    assert found["same_vehicle"] >= same


def test_people_of_a_closed_window_are_seated_before_the_rest() -> None:
    later, ours, before, previous = replanned(0, ("W1",))
    told = [h for h in ours.households if h.told and h.told not in {s.id for s in ours.slots}]
    made = planning.plan(ours, previous, FEW)
    out = judged(later, made)
    assert tool("referee").stability(later, out, before)["told"]["dropped"] == 0
    assert all(h.id in out.departs for h in told)


def test_the_command_answers_for_the_told_first(tmp_path: Path) -> None:
    later, ours, before, _ = replanned(1)
    names = ("later.json", "before.json", "out.json")
    path, announced, out = (tmp_path / name for name in names)
    path.write_text(json.dumps(tool("model").instance_to_dict(later)))
    announced.write_text(json.dumps(before))
    done = CliRunner().invoke(
        app,
        ["lab", "plan", str(path), "--previous", str(announced), "--out", str(out),
         "--time-limit", "1.5"],
    )  # fmt: skip
    assert done.exit_code == 0, done.output
    first = done.output.splitlines()[0]
    assert first.startswith("Of those who were told") and " 0 lose it" in first
    found = tool("referee").check(later, json.loads(out.read_text()))
    assert found.broken == []
    runs = {v.id for v in ours.vehicles}
    kept = [h for h in ours.households if h.told and h.told_vehicle in runs]
    assert kept
    for home in kept:
        assert (found.departs[home.id], found.vehicle[home.id]) == (home.told, home.told_vehicle)


def household(name: str, need: str, vehicle: str | None, *sizes: int) -> types.Household:
    """A family at A in units of these sizes, told the first departure and a vehicle if one is."""
    parts = tuple(types.Unit(f"{name}.{n}", size, size) for n, size in enumerate(sizes))
    return types.Household(name, "A", 0, 0, need, parts, "s0" if vehicle else None, vehicle)


FIVE = household("F", "D", "V2", 2, 3)
FOUR = household("G", "B", "V0", 4)


def two_days(
    vans: Sequence[str], households: Sequence[types.Household], seats: int = 4
) -> types.Instance:
    """One convoy from A to R today and one tomorrow, with these vans."""
    _, ours = world(60, 1)
    return msgspec.structs.replace(
        ours,
        pickups=("A",),
        receptions=(types.Reception("R", False, (90, 90), (0, 0)),),
        types=(types.VehicleType("van", seats),),
        vehicles=tuple(types.Vehicle(van, "van", 0, -1) for van in vans),
        windows=(types.Window("w", 0, 3 * types.DAY, 1.0, ("A",), ("R",)),),
        slots=tuple(
            types.Slot(f"s{n}", "w", at, 4, 1, 0) for n, at in enumerate((60, 60 + types.DAY))
        ),
        travel=(types.Travel("A", "R", 0, 10, 10),),
        households=tuple(households),
        now=0,
        horizon=2 * types.DAY,
    )


def told_today(*rows: tuple[str, str]) -> planning.Plan:
    """What was announced: vehicles of today, and the unit aboard each."""
    return planning.Plan([planning.Trip(v, "s0", "A", "R", [unit]) for v, unit in rows], [])


def seats_of(instance: types.Instance, before: planning.Plan) -> dict[str, tuple[str, str]]:
    """Unit to vehicle and departure in the new plan, which is legal."""
    made = planning.plan(instance, before, FEW)
    assert planning.check(instance, made) == []
    return {unit: (trip.vehicle, trip.slot) for trip in made.trips for unit in trip.units}


def test_half_a_family_keeps_the_vehicle_that_still_runs() -> None:
    """Five ride in two vans, one is lost: three keep theirs, two sit in another of the convoy.

    Four of greater need, whose van is lost too, do not get the van of the three.
    """
    small = two_days(("V2", "V3"), (FIVE, household("S", "D", "V3", 1), FOUR))
    before = told_today(("V1", "F.0"), ("V0", "G.0"), ("V2", "F.1"), ("V3", "S.0"))
    aboard = seats_of(small, before)
    assert aboard["F.1"] == ("V2", "s0") and aboard["S.0"] == ("V3", "s0")
    assert aboard["F.0"][1] == "s0"


def test_the_only_idle_vehicle_goes_to_the_family_whose_part_still_rides() -> None:
    """Two of five lost their van and so did four of greater need, first in the plan: one is idle.

    Without it the five, who must leave in one convoy, would lose the van that still runs.
    """
    small = two_days(("V2", "V5"), (FIVE, FOUR))
    aboard = seats_of(small, told_today(("V0", "G.0"), ("V1", "F.0"), ("V2", "F.1")))
    assert aboard["F.1"] == ("V2", "s0") and aboard["F.0"] == ("V5", "s0")
    assert aboard["G.0"][1] == "s1"


def test_who_is_overtaken_by_a_told_seat_is_counted_apart() -> None:
    """One of least need was told the only seat of the first van; one of greater need came later."""
    told, late = household("T", "D", "V", 1), household("L", "B", None, 1)
    small = two_days(("V",), (told, late), seats=1)
    made = planning.plan(small, told_today(("V", "T.0")), FEW)
    why = planning.explain(small, made)
    assert why["overtaken"] == {"only_by_who_was_told": 1, "by_who_was_not_told": 0}
    assert why["households"]["L"]["overtaken_by_less_need"]
    bare = tuple(msgspec.structs.replace(h, told=None, told_vehicle=None) for h in (told, late))
    open_to_all = msgspec.structs.replace(small, households=bare)
    assert planning.explain(open_to_all, made)["overtaken"]["by_who_was_not_told"] == 1

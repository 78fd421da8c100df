"""The journal as an instance for the planner: who waits, what drives, when, and where to.

What leaves here has no origin, nationality, faith, name or sex: the planner's types have no such
field. Families that cannot be planned are listed with the reason, so nobody is left in silence.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from corridor.engines import planning
from corridor.journal import rules
from corridor.journal.node import Node
from corridor.people.queries import day_of
from corridor.stops.convoy import models
from corridor.stops.convoy.queries.convoys import convoys
from corridor.stops.convoy.queries.families import Excluded, Families
from corridor.stops.convoy.queries.fleet import assignments, fleet, intakes, routes
from corridor.stops.convoy.queries.scene import DAY_MS, MINUTE_MS, Scene, slot_id

DAY = 24 * 60

#: The name of the published rule with the numbers below.
TRAVEL_RULE = "travel"

#: What a new operation starts with; each publishes its own. No source gives these figures, nor
#: which columns beyond names a manifest has (STD 2.5, 2.7).
STARTING_RULE: Mapping[str, Any] = {
    "luggage_kg": 20,
    "children_per_guardian": 6,
    "weight": {"A": 16, "B": 6, "C": 2, "D": 1},
    "aging_percent": 8,
    "unserved_delay_days": 2,
    "max_wait_days": 14,
    "consent_required": 1,
    "manifest_luggage": 1,
    "manifest_assistance": 1,
}


@dataclass
class Built:
    """An instance, when its minute zero is, who is in each unit, and who could not be planned.

    `missing` names what the operation lacks: windows, routes, vehicles or intake. `split_helps` are
    families that fit in no vehicle whole, and would fit in two if each adult agreed.
    """

    instance: planning.Instance
    zero_ms: int
    persons: dict[str, tuple[str, ...]]
    household: dict[str, str]
    excluded: list[Excluded] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    split_helps: list[str] = field(default_factory=list)

    def at(self, minute: int) -> int:
        """A minute of the instance in milliseconds."""
        return self.zero_ms + minute * MINUTE_MS


def travel_rule(node: Node) -> dict[str, Any]:
    """The numbers in force for planning."""
    found = rules.in_force(node, TRAVEL_RULE)
    return {**STARTING_RULE, **(found.content if found else {})}


@dataclass(frozen=True)
class Outlook:
    """What there is to plan with, without who waits: quick, also where fifty thousand wait."""

    slots: int
    vehicles: int
    missing: list[str]


def outlook(node: Node) -> Outlook:
    """How many departures and vehicles there are, and what the operation lacks."""
    scene = Scene.of(node)
    road = _road(scene)
    return Outlook(len(road["slots"]), len(road["vehicles"]), _missing(road))


def build(node: Node) -> Built:
    """The instance as of now, from all that stands."""
    scene = Scene.of(node)
    rule = travel_rule(node)
    road = _road(scene)
    families = Families(scene, rule, road["types"])
    data = {
        "format": "corridor-convoy-1",
        "name": "plan",
        "now": scene.minute(scene.now),
        "pickups": sorted(scene.pickups),
        **road,
        "households": families.homes,
        "weight": rule["weight"],
        "aging": rule["aging_percent"] / 100,
        "unserved_delay": rule["unserved_delay_days"] * DAY,
        "children_per_guardian": rule["children_per_guardian"],
        "max_wait": rule["max_wait_days"] * DAY,
    }
    instance = planning.read_instance(data)
    return Built(
        instance, scene.zero, families.persons, families.household, families.excluded,
        _missing(road), families.split_helps,
    )  # fmt: skip


def _road(scene: Scene) -> dict[str, Any]:
    """Everything of an instance but families: windows, slots, vehicles, routes, receptions."""
    slots, open_windows = _slots(scene)
    horizon = max([*(one["depart"] for one in slots), *(w["close"] for w in open_windows), 0]) + DAY
    receptions = _receptions(scene, -(-horizon // DAY) + 1)
    taken = {one["id"] for one in receptions}
    for window in open_windows:
        window["receptions"] = [place for place in window["receptions"] if place in taken]
    types, vehicles = _vehicles(scene)
    travel = [
        {"pickup": one.pickup, "reception": one.reception, "before": one.before_minutes or 0,
         "out": one.out_minutes or 0, "back": one.back_minutes or 0}
        for one in routes(scene.node)
        if one.pickup in scene.pickups and one.reception in taken
    ]  # fmt: skip
    return {
        "horizon": horizon, "receptions": receptions, "types": types, "vehicles": vehicles,
        "windows": open_windows, "slots": slots, "travel": travel,
    }  # fmt: skip


def _missing(road: Mapping[str, Any]) -> list[str]:
    needed = {
        "windows": "slots",
        "routes": "travel",
        "vehicles": "vehicles",
        "intake": "receptions",
    }
    return [name for name, rows in needed.items() if not road[rows]]


def announced(node: Node, built: Built) -> planning.Plan:
    """What families were told before, as a plan: the promises to be kept."""
    held = {row.person: row for row in models.Seat.objects.using(node.alias).order_by("hlc")}
    of = {one.id: one for one in convoys(node)}
    known = {one.id for one in built.instance.slots}
    trips: dict[tuple[str, str], planning.Trip] = {}
    for home in built.instance.households:
        for unit in home.units:
            seat = held.get(built.persons[unit.id][0])
            convoy = of.get(seat.convoy) if seat else None
            if seat is None or convoy is None:
                continue
            slot = slot_id(convoy.window or "", convoy.departs_ms or 0)
            if slot not in known:
                continue
            trip = trips.setdefault(
                (seat.vehicle, convoy.id),
                planning.Trip(
                    seat.vehicle, slot, convoy.origin or "", convoy.destination or "", []
                ),
            )
            trip.units.append(unit.id)
    return planning.Plan(list(trips.values()), [])


def _slots(scene: Scene) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    slots, found = [], []
    frozen = {(one.window, one.departs_ms) for one in scene.frozen()}
    for one in scene.open_windows.values():
        departs = [int(part) for part in (one.departs or "").split()]
        ahead = [at for at in departs if at > scene.now and (one.id, at) not in frozen]
        if not ahead:
            continue
        found.append({
            "id": one.id,
            "open": scene.minute(one.opens_ms or 0),
            "close": scene.minute(one.closes_ms or 0),
            "probability": (100 if one.probability is None else one.probability) / 100,
            "pickups": [p for p in (one.pickups or "").split() if p in scene.pickups],
            "receptions": (one.receptions or "").split(),
        })  # fmt: skip
        slots += [
            {"id": slot_id(one.id, at), "window": one.id, "depart": scene.minute(at),
             "max_vehicles": max(1, one.max_vehicles or 1), "max_convoys": one.escorts or 0,
             "guardians": one.guardians or 0}
            for at in ahead
        ]  # fmt: skip
    return sorted(slots, key=lambda slot: (slot["depart"], slot["id"])), found


def _receptions(scene: Scene, days: int) -> list[dict[str, Any]]:
    """Places left on each day, after those who are on the way or hold a seat that stays."""
    wanted: dict[str, dict[str, models.Intake]] = defaultdict(dict)
    for row in intakes(scene.node):
        wanted[row.place or ""][row.day or ""] = row
    taken: dict[tuple[str, int], int] = defaultdict(int)
    for convoy in scene.frozen():
        at = convoy.departs_ms or scene.now
        out, _back = scene.out.get((convoy.origin, convoy.destination), (0, 0))
        held = sum(seat.convoy == convoy.id for seat in scene.seats.values())
        day = max(0, scene.minute(at) + out) // DAY
        taken[convoy.destination or "", day] += max(held, scene.aboard.get(convoy.id, 0))
    found = []
    for place in scene.receptions:
        if place not in wanted:
            continue
        persons, lying = [], []
        for day in range(days):
            named = day_of(scene.zero + day * DAY_MS).isoformat()
            agreed = wanted[place].get(named) or wanted[place].get("")
            most = (agreed.persons or 0) if agreed else 0
            persons.append(max(0, most - taken[place, day]))
            lying.append((agreed.lying or 0) if agreed else 0)
        found.append({"id": place, "medical": any(lying), "intake": persons, "lying": lying})
    return found


def capacity(one: models.Vehicle | models.VehicleType) -> planning.VehicleType:
    """What a vehicle holds, in the words of the planner; two alike have one id."""
    numbers = {
        "seats": one.seats or 0,
        "stretchers": one.lying or 0,
        "stretcher_seats": one.stretcher_seats or 0,
        "max_fitted": one.max_fitted or 0,
        "wheelchairs": one.wheelchairs or 0,
        "wheelchair_seats": one.wheelchair_seats or 0,
        "max_extra_chairs": one.max_extra_chairs or 0,
        "luggage": _luggage(one),
    }
    name = ".".join(map(str, (*numbers.values(), one.ambulance or 0, one.rough or 0)))
    return planning.VehicleType(
        id=name, ambulance=bool(one.ambulance), rough=bool(one.rough), **numbers
    )


def _luggage(one: models.Vehicle | models.VehicleType) -> int:
    """Where nobody said it: as much as everybody aboard may bring."""
    if one.luggage is not None:
        return int(one.luggage)
    places = (one.seats or 0) + (one.lying or 0) + (one.wheelchairs or 0)
    return 2 * int(STARTING_RULE["luggage_kg"]) * places


def _vehicles(scene: Scene) -> tuple[list[planning.VehicleType], list[dict[str, Any]]]:
    busy: dict[str, int] = {}
    frozen = {one.id: one for one in scene.frozen()}
    for row in assignments(scene.node):
        convoy = frozen.get(row.convoy)
        if convoy is not None:
            ways = scene.out.get((convoy.origin, convoy.destination), (0, 0))
            until = scene.minute(convoy.departs_ms or scene.now) + sum(ways)
            busy[row.vehicle] = max(busy.get(row.vehicle, 0), until, scene.minute(scene.now))
    types: dict[str, planning.VehicleType] = {}
    rows = []
    for one in fleet(scene.node):
        kind = capacity(one)
        types[kind.id] = kind
        start = max(scene.minute(one.from_ms) if one.from_ms else 0, busy.get(one.id, 0))
        end = scene.minute(one.until_ms) if one.until_ms else -1
        if end < 0 or end > start:
            rows.append({"id": one.id, "type": kind.id, "start": start, "end": end})
    return [types[name] for name in sorted(types)], rows

"""The journal as an instance for the planner: who waits, what drives, when, and where to.

What leaves here has no origin, nationality, faith, name or sex: the planner's types have no such
field. Families that cannot be planned are listed with the reason, so nobody is left in silence.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from corridor.engines import planning
from corridor.engines.travelling import Seated, Traveller, units
from corridor.journal import rules
from corridor.journal.node import Node
from corridor.people import models as people_models
from corridor.people.confided.queries import consents_of
from corridor.people.queries import ages_on, day_of, persons_of, rows_of
from corridor.stops.convoy import models
from corridor.stops.convoy.queries.convoys import convoys, stages
from corridor.stops.convoy.queries.fleet import assignments, fleet, intakes, routes, windows
from corridor.stops.waiting.queries import Group, places, queue

MINUTE_MS = 60_000
DAY_MS = 24 * 60 * MINUTE_MS
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


@dataclass(frozen=True)
class Excluded:
    """A family that waits and is not planned, and why: a code of `not_planned_word`."""

    family: str
    persons: tuple[str, ...]
    why: str


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


def slot_id(window: str, departs_ms: int) -> str:
    """A departure of a window, as the planner names it."""
    return f"{window}@{departs_ms}"


@dataclass(frozen=True)
class Outlook:
    """What there is to plan with, without who waits: quick, also where fifty thousand wait."""

    slots: int
    vehicles: int
    missing: list[str]


def outlook(node: Node) -> Outlook:
    """How many departures and vehicles there are, and what the operation lacks."""
    scene = _Scene.of(node)
    road = _road(scene)
    return Outlook(len(road["slots"]), len(road["vehicles"]), _missing(road))


def build(node: Node) -> Built:
    """The instance as of now, from all that stands."""
    scene = _Scene.of(node)
    rule = travel_rule(node)
    road = _road(scene)
    families = _Families(scene, rule, road["types"])
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


def _road(scene: _Scene) -> dict[str, Any]:
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


class _Scene:
    """What several parts of an instance look at: convoys, seats and who is away."""

    def __init__(self, node: Node, now: int, zero: int) -> None:
        self.node, self.now, self.zero = node, now, zero
        self.pickups = {one.id for one in places(node, "pickup")}
        self.receptions = [one.id for one in places(node, "reception")]
        self.convoys = {one.id: one for one in convoys(node)}
        self.stages = stages(node)
        use = models.Aboard.objects.using(node.alias)
        open_ids = [one for one in self.convoys if self.stages.get(one) != "arrived"]
        self.aboard: dict[str, int] = defaultdict(int)
        for row in rows_of(use, "convoy", open_ids):
            self.aboard[row.convoy] += 1
        self.seats: dict[str, models.Seat] = {
            row.person: row
            for row in models.Seat.objects.using(node.alias).order_by("hlc", "entry")
            if row.convoy not in self.stages
        }
        self.open_windows = {
            one.id: one for one in windows(node) if one.state != "closed" and one.opens_ms
        }
        self.out = {
            (one.pickup, one.reception): (one.out_minutes or 0, one.back_minutes or 0)
            for one in routes(node)
        }

    @classmethod
    def of(cls, node: Node) -> _Scene:
        """The scene as of now; minute zero is the midnight before."""
        now = node.clock()
        return cls(node, now, now - now % DAY_MS)

    def minute(self, at_ms: int) -> int:
        """A time in minutes of the instance."""
        return (at_ms - self.zero) // MINUTE_MS

    def is_planned_anew(self, convoy: str) -> bool:
        """Whether the planner may change this convoy: from a window, and nobody aboard yet."""
        one = self.convoys.get(convoy)
        return (
            one is not None
            and one.window in self.open_windows
            and convoy not in self.stages
            and not self.aboard.get(convoy)
            and (one.departs_ms or 0) > self.now
        )

    def frozen(self) -> list[models.Convoy]:
        """Convoys that are not over and that the planner leaves as they are."""
        return [
            one
            for one in self.convoys.values()
            if self.stages.get(one.id) != "arrived" and not self.is_planned_anew(one.id)
        ]


class _Families:
    """Those who wait as families of the instance, and those who cannot be planned, with why."""

    def __init__(
        self, scene: _Scene, rule: Mapping[str, Any], types: Sequence[planning.VehicleType]
    ) -> None:
        self.scene, self.rule, self.types = scene, rule, types
        self.homes: list[dict[str, Any]] = []
        self.persons: dict[str, tuple[str, ...]] = {}
        self.household: dict[str, str] = {}
        self.excluded: list[Excluded] = []
        self.split_helps: list[str] = []
        groups = [group for group in queue(scene.node) if group.place in scene.pickups]
        self.travellers, unfit = _travellers(scene, groups)
        self.agreed = Consent(
            scene.node,
            {one: self.travellers[one].adult for group in groups for one in group.persons},
            required=bool(rule["consent_required"]),
        )
        for group in groups:
            why = _why_not(scene, group, unfit) or self.agreed.why_not(group.persons)
            name = group.household or group.persons[0]
            if why:
                self.excluded.append(Excluded(name, group.persons, why))
            else:
                self._add(name, group)

    def _add(self, name: str, group: Group) -> None:
        going = [one for one in group.persons if one not in self.agreed.declined]
        own = [self.travellers[one] for one in going]
        per = self.rule["children_per_guardian"]
        whole = units(name, own, luggage=self.rule["luggage_kg"])
        parts = split_where_needed(whole, name, own, self.types, self.rule)
        if len(parts) > 1 and not self.agreed.may_split(going):
            if all(fits_some(one.unit, self.types, per) for one in parts):
                self.split_helps.append(name)
            parts = whole
        self.persons.update({one.unit.id: one.persons for one in parts})
        self.household.update({one.unit.id: name for one in parts})
        self.homes.append(_home(self.scene, group, name, parts))


def fits_some(unit: planning.Unit, types: Iterable[planning.VehicleType], per: int) -> bool:
    """Whether some empty vehicle holds this unit; `per` children ride with one guardian."""
    return any(planning.Load(kind, per).refuses(unit) is None for kind in types)


def split_where_needed(
    whole: list[Seated],
    name: str,
    travellers: Sequence[Traveller],
    types: Sequence[planning.VehicleType],
    rule: Mapping[str, Any],
) -> list[Seated]:
    """The family whole where a vehicle holds it, else as parts that ride in one convoy."""
    per = rule["children_per_guardian"]
    if not types or all(fits_some(one.unit, types, per) for one in whole):
        return whole
    largest = max(one.seats for one in types)
    return units(name, travellers, may_split=True, largest=largest, luggage=rule["luggage_kg"])


class Consent:
    """Who agreed to travel. Nobody is moved by what somebody else said for them (STD 2.3).

    Whoever declines has no seat, and looks like anybody for whom there is none yet. `adults` are
    the persons asked about, each with whether they are grown.
    """

    def __init__(self, node: Node, adults: Mapping[str, bool], *, required: bool) -> None:
        self.adults = adults
        said = consents_of(node, adults)
        self.declined = {
            one for one, uses in said.items() if uses.get("travel") in ("refused", "withdrawn")
        }
        self.unasked = {
            one
            for one, grown in adults.items()
            if required and grown and not said.get(one, {}).get("travel")
        }
        self.splitting = {one for one, uses in said.items() if uses.get("split") == "given"}

    def why_not(self, persons: Iterable[str]) -> str:
        """Why these people cannot be planned together, if so."""
        those = set(persons)
        if self.unasked & those:
            return "no_consent"
        return "full" if self.declined >= those else ""

    def may_split(self, persons: Iterable[str]) -> bool:
        """Whether each adult among them agreed, alone, to ride in two vehicles of one convoy."""
        return {one for one in persons if self.adults[one]} <= self.splitting


def _why_not(scene: _Scene, group: Group, unfit: set[str]) -> str:
    held = [scene.seats[one] for one in group.persons if one in scene.seats]
    if any(not scene.is_planned_anew(seat.convoy) for seat in held):
        return "holds_a_seat"
    return "not_fit" if unfit & set(group.persons) else ""


def _home(scene: _Scene, group: Group, name: str, seated: list[Seated]) -> dict[str, Any]:
    home: dict[str, Any] = {
        "id": name,
        "pickup": group.place,
        "ready": scene.minute(scene.now),
        "waited": max(0, scene.now - group.since_ms) // MINUTE_MS,
        "need": group.urgency,
        "units": [one.unit for one in seated],
    }
    held = [scene.seats.get(one) for one in group.persons]
    convoy = scene.convoys.get(held[0].convoy) if held[0] else None
    if convoy is not None and all(seat and seat.convoy == convoy.id for seat in held) and held[0]:
        home["told"] = slot_id(convoy.window or "", convoy.departs_ms or 0)
        home["told_vehicle"] = held[0].vehicle
    return home


def _travellers(scene: _Scene, groups: Iterable[Group]) -> tuple[dict[str, Traveller], set[str]]:
    """How each waiting person travels, and who is not fit to travel now (STD 2.7)."""
    classes = {person: group.urgency for group in groups for person in group.persons}
    fitness = fitness_of(scene.node)
    today = day_of(scene.now)
    found = {
        one.id: traveller(one, today, classes.get(one.id, "D"), fitness.get(one.id, ""))
        for one in persons_of(scene.node, classes)
    }
    for person in classes:
        found.setdefault(person, Traveller(person))
    return found, {person for person in classes if fitness.get(person) == "T5"}


def fitness_among(node: Node, persons: Iterable[str]) -> dict[str, str]:
    """As `fitness_of`, for these persons."""
    rows = rows_of(models.FitnessChecked.objects.using(node.alias), "subject", persons)
    ordered = sorted(rows, key=lambda row: (row.hlc, row.entry))
    return {row.subject: row.travel_class for row in ordered if row.travel_class}


def fitness_of(node: Node) -> dict[str, str]:
    """Person to the travel class a nurse saw last (STD 2.7)."""
    rows = models.FitnessChecked.objects.using(node.alias).order_by("hlc", "entry")
    return {
        subject: found for subject, found in rows.values_list("subject", "travel_class") if found
    }


def traveller(
    person: people_models.Person, today: datetime.date, need: str, fitness: str
) -> Traveller:
    """How a person travels: what was registered, or what a nurse saw last (STD 2.7)."""
    ages = [age for age in ages_on(person, today) if age is not None]
    travels = person.travels or "seat"
    if fitness in ("T3", "T4"):
        travels = "lying"
    return Traveller(
        person.id,
        travels,
        adult=not ages or max(ages) >= 18,
        critical=fitness == "T4",
        sturdy=travels == "seat" and need == "D" and bool(ages) and 5 <= min(ages) < 60,
    )


def _slots(scene: _Scene) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
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


def _receptions(scene: _Scene, days: int) -> list[dict[str, Any]]:
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


def _vehicles(scene: _Scene) -> tuple[list[planning.VehicleType], list[dict[str, Any]]]:
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

"""Explanations as data: why this window, what would change it, what binds, who cannot be seated.

Each statement is checked on the plan, and what would change something is found by trying it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from corridor.engines.planning.board import Board
from corridor.engines.planning.frame import Frame
from corridor.engines.planning.gate import adopt, announcements
from corridor.engines.planning.instance import NEEDS, Instance, Plan, Unit
from corridor.engines.planning.overtaking import Overtaking
from corridor.engines.planning.vehicle import fits_alone

Prices = Mapping[tuple[str | int, ...], float]

POOLS = ("seats", "roofed-seats", "", "", "luggage", "wheelchair-places")
"""Names of the limits of a pick-up, by their number in the program."""

LEAST_PRICE = 0.01


def explain(
    instance: Instance, plan: Plan, prices: Prices | None = None, bound: float | None = None
) -> dict[str, Any]:
    """The `why` of a plan file: `households`, `windows`, `left`, `bound`, `distance_percent`.

    `overtaken` counts families that somebody with less need left before in seats they could have
    used: because a seat that was told is not taken away, and for any other reason (none in a plan
    that had its time).
    """
    reasons = Reasons(instance, plan)
    value = reasons.board.value()
    said = announcements(instance, plan)
    households = {}
    for home, household in enumerate(instance.households):
        households[household.id] = reasons.household(home)
        households[household.id]["said"] = said.get(household.id, {})
    return {
        "weighted_waiting": round(value, 3),
        "bound": None if bound is None else round(bound, 3),
        "distance_percent": None if not bound else round(100 * (value / bound - 1), 3),
        "households": households,
        "overtaken": _overtaken(households.values()),
        "windows": reasons.windows(prices or {}),
        "left": {
            household.id: reasons.why_left(home)
            for home, household in enumerate(instance.households)
            if reasons.board.slot_of[home] == reasons.last
        },
    }


def _overtaken(households: Iterable[dict[str, Any]]) -> dict[str, int]:
    found = [one for one in households if one["overtaken_by_less_need"]]
    others = sum(one["overtaken_by_who_was_not_told"] for one in found)
    return {"only_by_who_was_told": len(found) - others, "by_who_was_not_told": others}


def changes(instance: Instance, plan: Plan) -> dict[str, dict[str, str]]:
    """Household to what would change its departure, each with the slot that it would have then."""
    reasons = Reasons(instance, plan)
    found = {one.id: reasons.changes_of(n) for n, one in enumerate(instance.households)}
    return {name: said for name, said in found.items() if said}


def what_binds(instance: Instance, plan: Plan) -> dict[str, Any]:
    """Window to seats run and empty, and to what binds it at which price (`plan.prices`)."""
    return Reasons(instance, plan).windows(plan.prices)


class Reasons:
    """Looks at a finished plan; changes it only to try something, and back."""

    def __init__(self, instance: Instance, plan: Plan) -> None:
        self.frame = Frame(instance)
        self.board = Board(self.frame)
        adopt(self.board, plan)
        self.last = len(self.frame.slots)
        self.overtaking = Overtaking(self.board)
        self._count()

    def _count(self) -> None:
        """People aboard by pick-up, slot and need; most free seats by pick-up, slot and roof."""
        frame = self.frame
        self.aboard: dict[tuple[int, int], list[int]] = {}
        self.free: dict[tuple[int, int, bool], int] = {}
        for home, slot in enumerate(self.board.slot_of):
            row = self.aboard.setdefault((frame.pickup[home], slot), [0] * len(NEEDS))
            row[frame.rank[home]] += frame.persons[home]
        for ride in self.board.rides:
            key = (ride.pickup, ride.slot, ride.kind.rough)
            if not ride.kind.ambulance:
                self.free[key] = max(self.free.get(key, 0), ride.load.free)

    # -- one household ------------------------------------------------------
    def household(self, home: int) -> dict[str, Any]:
        """Need, slot, why not earlier, and what would change it."""
        frame = self.frame
        slot = self.board.slot_of[home]
        earlier = [j for j in range(slot) if self._could(home, j)]
        need, pickup = frame.rank[home], frame.pickup[home]
        counts = [self.aboard.get((pickup, j), [0] * len(NEEDS)) for j in earlier]
        ahead = [row.home for j in earlier for row in self.overtaking.ahead(home, j)]
        held = any(self._held(home, frame.households[home].units, j) for j in earlier)
        return {
            "need": frame.households[home].need,
            "slot": frame.slots[slot].id if slot < self.last else None,
            "window": frame.slots[slot].window if slot < self.last else None,
            "why": self._code(slot, earlier, counts, need, held),
            "persons_before_with_greater_or_equal_need": sum(sum(x[: need + 1]) for x in counts),
            "persons_before_with_less_need": sum(sum(x[need + 1 :]) for x in counts),
            "an_earlier_free_seat_would_hold": held,
            "overtaken_by_less_need": bool(ahead),
            "overtaken_by_who_was_not_told": any(
                frame.households[other].told is None for other in ahead
            ),
            "would_change": self._changes(home, earlier) if earlier else {},
        }

    def _could(self, home: int, j: int) -> bool:
        """Whether anything drove from this pick-up on this slot after the family was ready."""
        frame = self.frame
        household = frame.households[home]
        return household.ready <= frame.depart[j] and bool(frame.routes[j][frame.pickup[home]])

    def _code(
        self, slot: int, earlier: list[int], counts: list[list[int]], need: int, held: bool
    ) -> str:
        if slot == self.last:
            return "left"
        if not earlier:
            return "first-that-could-be"
        if held:
            return "reception-or-escort"
        if any(sum(row[need + 1 :]) for row in counts):
            return "no-earlier-seat-would-hold"
        return "greater-or-equal-need-before"

    def _held(self, home: int, units: tuple[Unit, ...], j: int) -> bool:
        """Whether free places on slot j would hold these units, in one convoy."""
        board, frame = self.board, self.frame
        pickup = frame.pickup[home]
        least = min(unit.seats for unit in units)
        most = max(self.free.get((pickup, j, rough), -1) for rough in (False, True))
        if least and most < least:
            return False
        for r in frame.routes[j][pickup]:
            rides = board.by_route.get((j, pickup, r), [])
            if rides and self._hold(units, rides, board.room(rides[0])[0]):
                return True
        return False

    @staticmethod
    def _hold(units: tuple[Unit, ...], rides: list[Any], people: int) -> bool:
        if sum(unit.persons for unit in units) > people:
            return False
        done = []
        for unit in sorted(units, key=lambda u: -u.seats):
            ride = next((x for x in rides if x.load.refuses(unit) is None), None)
            if ride is None:
                break
            ride.load.add(unit)
            done.append((ride, unit))
        for ride, unit in done:
            ride.load.add(unit, -1)
        return len(done) == len(units)

    # -- what would change it -------------------------------------------------
    def changes_of(self, home: int) -> dict[str, str]:
        """By change: the slot that the household would have with it."""
        earlier = [j for j in range(self.board.slot_of[home]) if self._could(home, j)]
        return self._changes(home, earlier) if earlier else {}

    def _changes(self, home: int, earlier: list[int]) -> dict[str, str]:
        """By change: the slot that the family would have with it, tried one by one."""
        units = self.frame.households[home].units
        tries: dict[str, tuple[Unit, ...]] = {}
        if len(units) == 1 and units[0].seats > 1 and not units[0].lying:
            tries["agree-to-split"] = _halves(units[0])
        if any(not unit.rough_ok and _able(unit) for unit in units):
            tries["open-truck"] = tuple(_with(unit, rough_ok=True) for unit in units)
        if any(unit.luggage for unit in units):
            tries["less-luggage"] = tuple(_with(unit, luggage=0) for unit in units)
        out = {}
        for name, changed in tries.items():
            slot = next((j for j in earlier if self._gains(home, changed, j)), None)
            if slot is not None:
                out[name] = self.frame.slots[slot].id
        return out

    def _gains(self, home: int, units: tuple[Unit, ...], j: int) -> bool:
        """Free places that hold the changed units but not the family as it is."""
        if not self._held(home, units, j):
            return False
        return not self._held(home, self.frame.households[home].units, j)

    # -- who cannot be seated ---------------------------------------------------
    def why_left(self, home: int) -> str:
        """The rule that stops this household, or that no seat was left."""
        frame = self.frame
        household = frame.households[home]
        slots = [j for j in range(self.last) if self._could(home, j)]
        if not slots:
            return "outside-window"
        kinds = {kind.id: kind for kind in frame.kind}.values()
        for unit in household.units:
            rules = [fits_alone(kind, unit, frame.instance.children_per_guardian) for kind in kinds]
            if not rules:
                return "vehicle-not-available"
            if all(rules):
                return min((rule for rule in rules if rule), key=_distance)
        if frame.lying[home] and not self._hospital(home, slots):
            return "no-hospital-there"
        return "no-seat-left"

    def _hospital(self, home: int, slots: list[int]) -> bool:
        receptions = self.frame.instance.receptions
        pickup = self.frame.pickup[home]
        return any(receptions[r].medical for j in slots for r in self.frame.routes[j][pickup])

    # -- windows ------------------------------------------------------------------
    def windows(self, prices: Prices) -> dict[str, Any]:
        """By window: seats run and empty, and what binds at which price for one more of it."""
        frame = self.frame
        out: dict[str, Any] = {}
        for slot in frame.slots:
            out.setdefault(slot.window, {"seats": 0, "empty": 0, "people": 0, "binding": []})
        for ride in self.board.rides:
            row = out[frame.slots[ride.slot].window]
            row["people"] += ride.load.persons
            if not ride.kind.ambulance:
                row["seats"] += ride.kind.seats
                row["empty"] += max(0, ride.load.free)
        days: dict[int, set[str]] = {}
        for j, found in enumerate(frame.day):
            for day in found.values():
                days.setdefault(day, set()).add(frame.slots[j].window)
        for name, price in prices.items():
            if price < LEAST_PRICE:
                continue
            for window, limit in self._limit(name, days):
                out[window]["binding"].append({**limit, "price": round(price, 3)})
        for row in out.values():
            row["binding"].sort(key=lambda x: -x["price"])
        return out

    def _limit(
        self, name: tuple[str | int, ...], days: dict[int, set[str]]
    ) -> list[tuple[str, dict[str, Any]]]:
        """The windows that a limit of the program belongs to, and its words."""
        frame, what = self.frame, str(name[0])
        numbers = [int(one) for one in name[1:]]
        if what in ("intake", "beds"):
            reception = frame.instance.receptions[numbers[0]].id
            rule = "reception-intake" if what == "intake" else "hospital-intake"
            row = {"limit": rule, "reception": reception, "day": numbers[1]}
            return [(window, row) for window in sorted(days.get(numbers[1], ()))]
        slot = frame.slots[numbers[0]]
        row = {"slot": slot.id}
        if what == "pool" and POOLS[numbers[2]]:
            row |= {"limit": POOLS[numbers[2]], "pickup": frame.instance.pickups[numbers[1]]}
        elif what == "fleet":
            row |= {"limit": "vehicles", "type": frame.instance.types[numbers[1]].id}
        elif what in ("guardians", "convoys", "vehicles"):
            row |= {"limit": {"convoys": "escorts", "vehicles": "vehicles-led"}.get(what, what)}
        else:
            return []
        return [(slot.window, row)]


def _with(unit: Unit, **changes: Any) -> Unit:
    return msgspec.structs.replace(unit, **changes)


def _able(unit: Unit) -> bool:
    return not (unit.lying or unit.wheelchairs or unit.lap or unit.unaccompanied)


def _halves(unit: Unit) -> tuple[Unit, ...]:
    """Two parts of a family, each with as many seats as there are people on them."""
    first = unit.seats // 2
    rest = unit.persons - first
    return (
        _with(unit, persons=first, seats=first, lap=0, wheelchairs=0, luggage=unit.luggage // 2),
        _with(unit, persons=rest, seats=unit.seats - first, luggage=unit.luggage // 2),
    )


def _distance(rule: str) -> int:
    """Rules in the order in which they are asked: the last one was the nearest to fitting."""
    order = (
        "ambulance-only-medical",
        "critical-needs-ambulance",
        "not-in-open-truck",
        "lying-places",
        "wheelchair-places",
        "seats",
        "luggage",
    )
    return -order.index(rule)

"""At the gate: who was told, who is only expected, and who takes a seat that stays free.

People are told slot and vehicle only for a window that is certain and near; the others hear of the
windows in which they are expected. Seats kept back, and those of people who do not come, go to
whoever waits, in the order of the plan itself: need, then days waited.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from corridor.engines.planning.board import Board
from corridor.engines.planning.frame import Frame
from corridor.engines.planning.instance import DAY, Instance, Plan

NOTICE = 2 * DAY
"""Minutes before departure from which people are told (at most 48 hours)."""


def adopt(board: Board, plan: Plan, without: Collection[str] = ()) -> None:
    """Puts a legal plan on an empty board, without these households."""
    frame = board.frame
    for trip in plan.trips:
        ride = board.open_ride(
            frame.vehicle_number[trip.vehicle],
            frame.slot_number[trip.slot],
            frame.pickup_number[trip.pickup],
            frame.reception_number[trip.reception],
        )
        if ride is None:
            raise ValueError(f"The trip of {trip.vehicle} on {trip.slot} is not legal.")
        for one in trip.units:
            unit = frame.unit_number[one]
            if frame.households[frame.owner[unit]].id not in without:
                board.put(unit, ride)


def announcements(instance: Instance, plan: Plan, notice: int = NOTICE) -> dict[str, Any]:
    """By household: `told` with slot and vehicles, or `expected` with a window and the next."""
    frame = Frame(instance, notice=notice)
    order = list(dict.fromkeys(slot.window for slot in frame.slots))
    out: dict[str, Any] = {}
    for trip in plan.trips:
        slot = frame.slot_number[trip.slot]
        window = frame.slots[slot].window
        for one in trip.units:
            home = frame.households[frame.owner[frame.unit_number[one]]].id
            if frame.is_announced(slot):
                said = out.setdefault(home, {"told": trip.slot, "vehicles": []})
                if trip.vehicle not in said["vehicles"]:
                    said["vehicles"].append(trip.vehicle)
            else:
                at = order.index(window)
                out[home] = {"expected": order[at : at + 2]}
    return out


def standby(instance: Instance, plan: Plan, slot: str, pickup: str) -> list[str]:
    """Households that may take a free seat on this slot, in their order.

    They wait at this pick-up and leave later or not at all.
    """
    board = Board(Frame(instance))
    adopt(board, plan)
    frame, number = board.frame, board.frame.slot_number[slot]
    rows = [
        home
        for home, household in enumerate(frame.households)
        if household.pickup == pickup
        and household.ready <= frame.depart[number]
        and board.slot_of[home] > number
    ]
    return [frame.households[h].id for h in _ordered(frame, rows, number)]


def fill_at_gate(
    instance: Instance, plan: Plan, slot: str, absent: Collection[str] = ()
) -> tuple[Plan, list[str]]:
    """The plan after those who did not come left their seats and standby families took seats.

    Only this slot changes, and later ones by who left them. Returns the plan and the households
    seated at the gate. Always legal.
    """
    board = Board(Frame(instance))
    adopt(board, plan, absent)
    frame, number = board.frame, board.frame.slot_number[slot]
    taken = []
    gone = {frame.home_number[one] for one in absent}
    for pickup in range(len(instance.pickups)):
        convoys = [
            board.by_route.get((number, pickup, r), []) for r in frame.routes[number][pickup]
        ]
        rows = [
            home
            for home in range(len(frame.households))
            if frame.pickup[home] == pickup
            and home not in gone
            and frame.households[home].ready <= frame.depart[number]
            and board.slot_of[home] > number
        ]
        for home in _ordered(frame, rows, number):
            least = min(frame.units[u].seats for u in frame.units_of[home])
            if not any(x.load.free >= least for rides in convoys for x in rides):
                continue
            before = list(zip(frame.units_of[home], board.rides_of(home), strict=False))
            board.take_home(home)
            if any(board.seat_home(home, rides) for rides in convoys):
                taken.append(frame.households[home].id)
                continue
            for unit, ride in before:
                board.put(unit, ride)
    board.close_empty()
    return board.to_plan("gate"), taken


def _ordered(frame: Frame, homes: list[int], slot: int) -> list[int]:
    return sorted(homes, key=lambda h: (frame.rank[h], -frame.rate(h, slot), h))

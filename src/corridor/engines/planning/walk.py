"""The walk by need: a legal plan in a second, with nothing but the standard library.

Slot after slot, each vehicle goes where the most pressing people wait, and they board in
order of need. Inside the head of the queue the hard cases sit first: a lone child seated last
finds no guardian, a stretcher seated last no place.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import accumulate

from corridor.engines.planning.board import Board, Ride


def walk(board: Board, from_slot: int = 0) -> None:
    """Fills the board slot by slot; what is seated already stays."""
    frame = board.frame
    last = len(frame.slots)
    for slot in range(from_slot, last):
        queues: dict[int, list[int]] = {}
        at = frame.depart[slot]
        for home, household in enumerate(frame.households):
            if board.slot_of[home] == last and household.ready <= at:
                queues.setdefault(frame.pickup[home], []).append(home)
        for pickup, queue in queues.items():
            queues[pickup] = sorted(queue, key=lambda h: (frame.rank[h], -frame.rate(h, slot)))
        if queues:
            _send_vehicles(board, slot, queues)
            for pickup, queue in queues.items():
                fill(board, slot, pickup, queue)
            _close_empty(board, slot)


def fill(board: Board, slot: int, pickup: int, queue: list[int]) -> None:
    """Seats a queue, the most pressing first, on the rides of this slot and pick-up."""
    rides = [
        board.by_route[slot, pickup, r]
        for r in board.frame.routes[slot][pickup]
        if board.by_route.get((slot, pickup, r))
    ]
    everything = [ride for convoy in rides for ride in convoy]
    units, units_of = board.frame.units, board.frame.units_of
    most = max((ride.load.free for ride in everything), default=-1)
    for home in _hard_cases_first(board, queue, sum(max(0, r.load.free) for r in everything)):
        own = units_of[home]
        if most < units[own[0]].seats and (
            len(own) == 1 or most < min(units[u].seats for u in own)
        ):
            continue
        convoys = [everything] if len(own) == 1 else rides
        if any(board.seat_home(home, convoy) for convoy in convoys):
            most = max(ride.load.free for ride in everything)


def _hard_cases_first(board: Board, queue: list[int], seats: int) -> list[int]:
    frame = board.frame
    head, taken = 0, 0
    while head < len(queue) and taken < seats:
        taken += frame.persons[queue[head]]
        head += 1

    def hardness(home: int) -> tuple[int, int, int, int]:
        units = frame.households[home].units
        return (
            -sum(u.critical for u in units),
            -frame.lying[home],
            -sum(u.unaccompanied + u.wheelchairs for u in units),
            -max(u.seats for u in units),
        )

    return sorted(queue[:head], key=hardness) + queue[head:]


def _send_vehicles(board: Board, slot: int, queues: dict[int, list[int]]) -> None:
    """Sends every vehicle at hand to the pick-up where its seats are worth most."""
    frame = board.frame
    order = sorted(
        range(len(frame.instance.vehicles)),
        key=lambda v: (not frame.kind[v].ambulance, -frame.kind[v].seats, v),
    )
    worth = {p: _worth_of_seats(board, slot, queue) for p, queue in queues.items()}
    lying = {p: sum(frame.lying[h] for h in queue) for p, queue in queues.items()}
    sent = dict.fromkeys(queues, 0)
    for pickup in queues:
        sent[pickup] = sum(ride.kind.seats for ride in _rides(board, slot, pickup))
    expected = _expected(board, slot)
    for vehicle in order:
        kind = frame.kind[vehicle]

        def value(pickup: int, kind_seats: int = kind.seats, bed: bool = kind.ambulance) -> float:
            if bed:
                return float(lying[pickup])
            row = worth[pickup]
            top = len(row) - 1
            return row[min(top, sent[pickup] + kind_seats)] - row[min(top, sent[pickup])]

        for pickup in sorted(queues, key=value, reverse=True):
            if value(pickup) <= 0:
                break
            ride = _open(board, vehicle, (slot, pickup), expected, lying[pickup] > 0)
            if ride is not None:
                expected[ride.reception] = expected.get(ride.reception, 0) + ride.kind.seats
                if kind.ambulance:
                    lying[pickup] = max(0, lying[pickup] - kind.stretchers)
                else:
                    sent[pickup] += kind.seats
                break


def _worth_of_seats(board: Board, slot: int, queue: list[int]) -> list[float]:
    """Entry n: the summed rate of the people who would sit in the first n seats."""
    frame = board.frame
    rates: list[float] = []
    for home in queue:
        rates += [frame.rate(home, slot)] * frame.persons[home]
    return [0.0, *accumulate(rates)]


def _rides(board: Board, slot: int, pickup: int) -> Iterable[Ride]:
    for reception in board.frame.routes[slot][pickup]:
        yield from board.by_route.get((slot, pickup, reception), ())


def _expected(board: Board, slot: int) -> dict[int, int]:
    """Seats of all vehicles on their way to each reception on a slot."""
    out: dict[int, int] = {}
    for pickup in range(len(board.frame.instance.pickups)):
        for ride in _rides(board, slot, pickup):
            out[ride.reception] = out.get(ride.reception, 0) + ride.kind.seats
    return out


def _open(
    board: Board, vehicle: int, at: tuple[int, int], expected: dict[int, int], patients: bool
) -> Ride | None:
    """Opens a ride to a hospital if somebody lies here, else to where most people fit."""
    frame, (slot, pickup) = board.frame, at

    def room(reception: int) -> tuple[bool, int]:
        day = frame.day[slot][pickup, reception]
        intake = board.intake[reception]
        people = (intake[day] if day < len(intake) else 0) - expected.get(reception, 0)
        medical = patients and frame.instance.receptions[reception].medical
        return (medical and people > 0, people)

    for reception in sorted(frame.routes[slot][pickup], key=room, reverse=True):
        if frame.kind[vehicle].ambulance and not frame.instance.receptions[reception].medical:
            continue
        if room(reception)[1] <= 0:
            continue
        ride = board.open_ride(vehicle, slot, pickup, reception)
        if ride is not None:
            return ride
    return None


def _close_empty(board: Board, slot: int) -> None:
    for ride in [r for r in board.rides if r.slot == slot and not r.aboard]:
        board.close_ride(ride)

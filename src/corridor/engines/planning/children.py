"""Children alone: seated before others, full groups to each guardian.

A guardian leads a few children in one vehicle, and guardians are few. Children seated one by one
where a seat happens to be best leave guardians with one or two, and the last children without any.
"""

from __future__ import annotations

from collections.abc import Sequence

from corridor.engines.planning.board import Ride
from corridor.engines.planning.seating import Seating


def seat_children(seatings: Sequence[Seating]) -> None:
    """Seats groups of children alone, the group that saves most first, while guardians last."""
    lines = [(seating, _line(seating)) for seating in seatings if seating.rides]
    while True:
        ahead = [(_worth(seating, line), n) for n, (seating, line) in enumerate(lines) if line]
        if not ahead:
            return
        _, n = max(ahead, key=lambda row: (row[0], -row[1]))
        seating, line = lines[n]
        done = _seat(seating, line)
        lines[n] = seating, [home for home in line if home not in done] if done else []


def _line(seating: Seating) -> list[int]:
    """Households of children alone who should leave here, who gains most for the places first."""
    frame, slot_of = seating.frame, seating.board.slot_of
    alone = []
    for home in seating.head:
        units = frame.units_of[home]
        one = frame.units[units[0]]
        lies = one.lying or one.wheelchairs
        if len(units) == 1 and one.unaccompanied and not lies and slot_of[home] == len(frame.slots):
            alone.append(home)
    return alone


def _children(seating: Seating, home: int) -> int:
    return seating.frame.units[seating.frame.units_of[home][0]].unaccompanied


def _group(seating: Seating, line: Sequence[int], most: int) -> list[int]:
    """The first of this line whom so many places with a guardian hold."""
    out = []
    for home in line:
        if _children(seating, home) <= most:
            out.append(home)
            most -= _children(seating, home)
        if not most:
            break
    return out


def _worth(seating: Seating, line: Sequence[int]) -> float:
    most = seating.frame.instance.children_per_guardian
    return sum(seating.gain[home] for home in _group(seating, line, most))


def _seat(seating: Seating, line: Sequence[int]) -> set[int]:
    """Seats a group where a guardian still has places, else beside a new one; who is seated."""
    board, frame = seating.board, seating.frame
    each = frame.instance.children_per_guardian
    for ride in sorted(seating.rides, key=_order):
        if ride.kind.ambulance:
            continue
        places = -ride.load.children % each
        group = _group(seating, line, places or each)
        done = set()
        for home in group:
            unit = frame.units_of[home][0]
            if board.refuses(unit, ride) is None:
                board.put(unit, ride)
                done.add(home)
        if done and (places or len(done) == len(group)):
            return done
        for home in done:
            board.take_home(home)
    return set()


def _order(ride: Ride) -> tuple[bool, bool, int]:
    """Guardians with places first, then trucks (for those who may ride there), then much room."""
    load = ride.load
    return (not load.children % load.per_guardian, not ride.kind.rough, -load.free)

"""Routes that an optimum need not look at, since another does as well.

At least one best plan is left, so a proof without them is a proof. Where a condition is not met
nothing is left out.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from corridor.engines.planning.board import Board


def worse_routes(board: Board, slots: Sequence[int]) -> dict[tuple[int, int], int]:
    """(slot, reception) of these slots, which are empty, and a reception that does as well.

    Where all vehicles of a slot go in one convoy, they may as well go where no fewer people and
    no fewer lying are taken and from where they are back in time, if nobody else arrives there.
    """
    frame = board.frame
    worse: dict[tuple[int, int], int] = {}
    arrivals: dict[tuple[int, int], set[int]] = defaultdict(set)
    for j in slots:
        for (_, r), day in frame.day[j].items():
            arrivals[r, day].add(j)
    for j in slots:
        if frame.slots[j].max_convoys != 1:
            continue
        receptions = sorted({r for _, r in frame.day[j]})
        shared = {r for (_, r), day in frame.day[j].items() if len(arrivals[r, day]) > 1}
        for r in receptions:
            if r in shared or (j, r) in worse:
                continue
            for other in receptions:
                if r != other and (j, other) not in worse and _as_good(board, j, r, other):
                    worse[j, other] = r
    return worse


def as_well(worse: dict[tuple[int, int], int], slot: int, reception: int) -> int:
    """Where a convoy of this slot goes instead of to this reception."""
    while (slot, reception) in worse:
        reception = worse[slot, reception]
    return reception


def _as_good(board: Board, j: int, r: int, other: int) -> bool:
    """Whether a convoy of slot j may as well go to reception r as to the other one."""
    frame = board.frame
    if frame.instance.receptions[other].medical and not frame.instance.receptions[r].medical:
        return False
    mine = [(p, _room(board, r, frame.day[j][p, r])) for p in range(len(frame.pickup_number))
            if (p, r) in frame.day[j]]  # fmt: skip
    theirs = [p for p, x in frame.day[j] if x == other]
    if not set(theirs) <= {p for p, _ in mine} or len({frame.day[j][p, r] for p, _ in mine}) > 1:
        return False
    room = mine[0][1]
    for p in theirs:
        taken = _room(board, other, frame.day[j][p, other])
        if taken[0] > room[0] or taken[1] > room[1] or not _back(board, j, p, r, other):
            return False
    return True


def _room(board: Board, r: int, day: int) -> tuple[int, int]:
    intake, beds = board.intake[r], board.beds[r]
    return (intake[day] if day < len(intake) else 0, beds[day] if day < len(beds) else 0)


def _back(board: Board, j: int, p: int, r: int, other: int) -> bool:
    """Whether a vehicle by way of r is at hand wherever it would be by way of the other."""
    frame = board.frame
    (start, end), (_, late) = board.span(j, p, r), board.span(j, p, other)
    if end <= late:
        return True
    for vehicle in frame.instance.vehicles:
        if 0 <= vehicle.end < end and late <= vehicle.end:
            return False
    for k in range(len(frame.slots)):
        for q, x in frame.day[k]:
            begin = board.span(k, q, x)[0]
            if k != j and start <= begin < end:
                return False
    return True

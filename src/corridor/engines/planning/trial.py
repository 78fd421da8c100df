"""One window tried in several ways; the way that leaves most for everybody after it is taken.

How well a window goes hangs on small things: how families are grouped for the prices, who is
seated first. What a try is worth is known before the rest is planned: the waiting of those seated
so far, and the fluid program of all who are left over the windows that remain.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np

from corridor.engines.planning.board import Board, Kept
from corridor.engines.planning.demand import Demand
from corridor.engines.planning.frame import Frame
from corridor.engines.planning.program import Name
from corridor.engines.planning.relaxation import Relaxation
from corridor.engines.planning.windows import Way, Windows

PACKED = 2
"""How many of the ways are packed by mixed programs, the most promising ones."""

DAYS = 2.0
"""Width of groups, in days waited, of the fluid program that values a try."""


Fleets = dict[float, Relaxation | None]
"""The program of a window with whole vehicles, by the width of its groups; ways share it."""


@dataclass
class Tried:
    """A board after one more window, what all of it is worth, and the prices of what remains."""

    worth: float
    board: list[Kept]
    prices: dict[Name, float] = field(default_factory=dict)


def by_window(frame: Frame) -> list[list[int]]:
    """Slots of each window, windows in order of departure."""
    order: dict[str, list[int]] = {}
    for j, slot in enumerate(frame.slots):
        order.setdefault(slot.window, []).append(j)
    return sorted(order.values(), key=lambda slots: slots[0])


def value_of(board: Board, demand: Demand, first: int) -> Tried:
    """What a board is worth if the fluid of those left leaves on slots from `first` on."""
    frame, last = board.frame, len(board.frame.slots)
    homes = np.array([h for h, s in enumerate(board.slot_of) if s == last], int)
    if not len(homes) or first >= last:
        return Tried(board.value(), board.kept())
    left = sum(frame.cost[h][last] for h in homes.tolist())
    rest = Relaxation(board, demand, homes, range(first, last), days=DAYS, linked=True).solve()
    return Tried(board.value() - left + rest.value, board.kept(), rest.prices())


def try_window(
    start: Tried,
    demand: Demand,
    window: Sequence[int],
    ways: Sequence[Way],
    go_on: Callable[[], bool],
) -> Tried:
    """The best of these ways to plan a window; the first is always tried to its end.

    Packing takes longest, so each way is tried without it first, and only the best are packed.
    """
    fleets: Fleets = {}
    tries = [(ways[0], _try(start, demand, window, ways[0]._replace(pack=0.0), fleets))]
    for way in ways[1:]:
        if not go_on():
            break
        tries.append((way, _try(start, demand, window, way._replace(pack=0.0), fleets)))
    tries.sort(key=lambda row: row[1].worth)
    best = tries[0][1]
    seen: list[float] = []
    for way, tried in tries:
        if not way.pack or (seen and not go_on()) or len(seen) == PACKED:
            break
        if any(abs(worth - tried.worth) < 1e-6 for worth in seen):
            continue
        seen.append(tried.worth)
        packed = _try(start, demand, window, way, fleets)
        best = packed if packed.worth < best.worth else best
    return best


def _try(start: Tried, demand: Demand, window: Sequence[int], way: Way, fleets: Fleets) -> Tried:
    board = Board(demand.frame)
    board.put_back(start.board)
    windows = Windows(board, demand, way, prices=start.prices or None)
    if way.days not in fleets:
        fleets[way.days] = windows.fleet(window)
    program = fleets[way.days]
    if program is not None:
        windows.fill(program, window)
    return value_of(board, demand, max(window) + 1)

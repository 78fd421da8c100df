"""Exchanges by small mixed programs: a few vehicles of one pick-up are seated again at a time.

The fleet stays. Each step takes some rides on slots close to each other, everybody on them and
some of those left, and seats them as well as can be proven; never worse than before.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable, Sequence

from corridor.engines.planning.board import Board, Ride
from corridor.engines.planning.exchange import Exchange
from corridor.engines.planning.overtaking import Overtaking
from corridor.engines.planning.packing import Packing

GAP = 1e-5
LEFT_OUT = 20
"""How many of those left compete for the seats of one step."""


class Repack:
    """Steps on a finished board; `locked` households keep their places.

    With `guarded` a step that lets somebody be overtaken is undone. A step takes at most
    `seconds` of the wall. `pickups`: only these, if given.
    """

    def __init__(
        self,
        board: Board,
        seed: int,
        locked: frozenset[int] = frozenset(),
        *,
        guarded: bool = False,
        seconds: float = 1.0,
        pickups: frozenset[int] | None = None,
    ) -> None:
        self.board, self.frame, self.locked, self.guarded = board, board.frame, locked, guarded
        self.seconds, self.pickups = seconds, pickups
        self.random = random.Random(seed)  # noqa: S311 (no secret)
        self.last = len(self.frame.slots)
        order: dict[str, list[int]] = {}
        for j, slot in enumerate(self.frame.slots):
            order.setdefault(slot.window, []).append(j)
        self.windows = sorted(order.values(), key=lambda js: js[0])
        self.homes = self.frame.waiting(pickups)

    def run(self, go_on: Callable[[], bool], steps: int = 10**9) -> None:
        """Until told to stop, the steps are used up, or nothing was gained for long."""
        idle = 0
        places = [(p, w) for p in sorted(self.homes) for w in range(max(1, len(self.windows) - 1))]
        while places and idle < 6 * len(places):
            self.random.shuffle(places)
            for pickup, window in places:
                if steps <= 0 or not go_on():
                    return
                steps -= 1
                idle = 0 if self.step(pickup, window) else idle + 1
            if not self.guarded:
                Exchange(self.board, self.locked, go_on, self.pickups).run(1)

    def step(self, pickup: int, window: int) -> bool:
        """Seats some rides of a window and the next again; False if that brought nothing."""
        slots = {j for js in self.windows[window : window + 2] for j in js}
        found: dict[tuple[int, int], list[Ride]] = defaultdict(list)
        for j in slots:
            for r in self.frame.routes[j][pickup]:
                for ride in self.board.by_route.get((j, pickup, r), ()):
                    found[j, r].append(ride)
        rides = [ride for members in found.values() for ride in members]
        if not rides:
            return False
        self.random.shuffle(rides)
        return self.seat(rides[: self.random.choice((4, 6, 9))], pickup)

    def seat(self, rides: Sequence[Ride], pickup: int) -> bool:
        """Seats these rides again with everybody on them and some of those left."""
        board, frame = self.board, self.frame
        ids = {id(ride) for ride in rides}
        aboard = dict.fromkeys(frame.owner[u] for ride in rides for u in ride.aboard)
        homes = [
            h
            for h in aboard
            if h not in self.locked and all(id(x) in ids for x in board.rides_of(h))
        ]
        out = [h for h in self.homes[pickup] if board.slot_of[h] == self.last]
        out.sort(key=lambda h: frame.cost[h][0] - frame.cost[h][self.last])
        homes += out[:LEFT_OUT]
        gain = {
            h: {
                j: frame.cost[h][self.last] - frame.cost[h][j]
                for j in {ride.slot for ride in rides}
                if frame.households[h].ready <= frame.depart[j]
            }
            for h in homes
        }
        packing = Packing(board, rides, homes, gain)
        if not packing.run(self.seconds, GAP):
            return False
        if self.guarded and Overtaking(board).count([pickup]):
            packing.undo()
            return False
        return True

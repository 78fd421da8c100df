"""The methods that need a solver, in their order; imported only where one is installed."""

from __future__ import annotations

import random

import numpy as np

from corridor.engines.planning.board import Board
from corridor.engines.planning.demand import Demand
from corridor.engines.planning.exact import Exact
from corridor.engines.planning.exchange import Exchange
from corridor.engines.planning.overtaking import Overtaking
from corridor.engines.planning.planner import Planner
from corridor.engines.planning.program import Name
from corridor.engines.planning.relaxation import Relaxation
from corridor.engines.planning.repack import Repack
from corridor.engines.planning.windows import Windows

SMALL = 200
"""People up to whom the optimum is looked for."""

MIDDLE = 1500
"""People up to whom a few windows at a time are planned anew, fleet and families together."""

LARGE = 15_000
"""People up to whom each slot is packed by mixed programs before the next is priced."""

VARIANTS = ((2.0, 0.5), (1.0, 0.9), (0.0, 0.9), (1.0, 0.1), (4.0, 0.5))
"""Widths of groups in days, and from which part on a household is seated first."""


class Priced:
    """Improves on the walk of a planner, and proves how far from the best its plan can be."""

    def __init__(self, planner: Planner) -> None:
        self.planner, self.effort, self.frame = planner, planner.effort, planner.frame
        self.demand = Demand(self.frame)
        self.locked = planner.locked()
        self.persons = sum(self.frame.persons)
        self.random = random.Random(self.effort.seed)  # noqa: S311 (no secret)

    def run(self) -> None:
        """Bound, windows, then what its size allows; fairness before the last part of the time."""
        self._windows(self._bound())
        small = self.persons <= SMALL and not self.locked and self.effort.elapsed is not None
        middle = self.persons <= MIDDLE and not self.locked
        step = self._search if middle else self._repack
        if small:
            step(0.2, guarded=False)
            self._whole()
        else:
            step(0.6, guarded=False)
        self.planner.fair()
        step(0.93, guarded=True)

    def _bound(self) -> dict[Name, float]:
        frame, start = self.frame, self.planner.start()
        last = len(frame.slots)
        homes = np.array([h for h, s in enumerate(start.slot_of) if s == last], int)
        program = Relaxation(start, self.demand, homes, range(last)).solve()
        told = sum(frame.cost[h][s] for h, s in enumerate(start.slot_of) if s < last)
        self.planner.bound = program.bound() + told
        self.planner.prices = {name: -dual for name, dual in program.prices().items() if dual}
        return program.prices()

    def _windows(self, prices: dict[Name, float]) -> None:
        """Several plans window by window while that is quick; the best goes on."""
        planner, effort = self.planner, self.effort
        for n, (days, shift) in enumerate(VARIANTS):
            if n and (not effort.elapsed or effort.used() * (n + 1) / n > 0.4 * effort.limit):
                break
            board = planner.start()
            pack = 0.3 * effort.patience if MIDDLE < self.persons <= LARGE else 0.0
            start = None if n % 2 == 0 else prices
            windows = Windows(board, self.demand, days=days, shift=shift, prices=start, pack=pack)
            done = windows.run(lambda: effort.go_on(0.8))
            Exchange(board, self.locked, lambda: not effort.stop()).run(6 if done else 1)
            planner.offer(board, "windows")
            if not done:
                break

    def _steps(self) -> int:
        return 10**9 if self.effort.elapsed else self.effort.steps

    def _repack(self, share: float, *, guarded: bool) -> None:
        planner, effort = self.planner, self.effort
        if effort.go_on(share):
            repack = Repack(
                planner.best,
                effort.seed,
                self.locked,
                guarded=guarded,
                seconds=effort.patience,
            )
            repack.run(lambda: effort.go_on(share), self._steps())
            planner.offer(planner.best, "exchanges")

    def _search(self, share: float, *, guarded: bool) -> None:
        """Plans a few windows anew, fleet and families together, until a round brings nothing."""
        board, effort = self.planner.best, self.effort
        order: dict[str, list[int]] = {}
        for j, slot in enumerate(self.frame.slots):
            order.setdefault(slot.window, []).append(j)
        windows = sorted(order.values(), key=lambda js: js[0])
        steps, wide, idle = self._steps(), 2, 0
        while steps > 0 and wide <= len(windows):
            first = self.random.randrange(len(windows) - wide + 1)
            if not effort.go_on(share):
                break
            slots = [j for js in windows[first : first + wide] for j in js]
            steps -= 1
            idle = 0 if self._anew(board, slots, guarded) else idle + 1
            if idle > 2 * len(windows):
                wide, idle = wide + 1, 0
        if not guarded:
            Exchange(board, self.locked, effort.go_on).run()
        self.planner.offer(board, "exact" if self.planner.stage == "exact" else "search")

    def _anew(self, board: Board, slots: list[int], guarded: bool) -> bool:
        """Plans these slots again as one mixed program; False and unchanged if no better."""
        before, kept = board.value(), board.clear(slots)
        last = len(self.frame.slots)
        homes = [h for h, s in enumerate(board.slot_of) if s == last]
        program = Exact(board, slots, homes, kept)
        better = (
            program.solve(self.effort.solver_seconds(3.0), 1e-4) and board.value() < before - 1e-6
        )
        if better and not (guarded and Overtaking(board).count()):
            return True
        board.clear(slots)
        board.put_back(kept)
        return False

    def _whole(self) -> None:
        """The whole operation as one program: the optimum, or what can be proven in the time."""
        planner, effort = self.planner, self.effort
        if not effort.go_on(0.9):
            return
        board = planner.best
        slots = list(range(len(self.frame.slots)))
        was, kept = board.value(), board.clear(slots)
        empty = board.value()
        program = Exact(board, slots, list(range(len(self.frame.households))), kept)
        solved = program.solve(effort.solver_seconds(effort.limit))
        proven = empty + program.proven
        if proven > (planner.bound or 0.0):
            planner.bound = proven
        if not solved or board.value() > was - 1e-9:
            board.clear(slots)
            board.put_back(kept)
        planner.offer(board, "exact" if program.status == "Optimal" else "search")


def improve(planner: Planner) -> None:
    """Offers each better plan to the planner."""
    Priced(planner).run()

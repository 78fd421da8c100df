"""The methods that need a solver, in their order; imported only where one is installed."""

from __future__ import annotations

import random
from time import monotonic

import numpy as np

from corridor.engines.planning.board import Board
from corridor.engines.planning.demand import Demand
from corridor.engines.planning.exact import Exact
from corridor.engines.planning.exchange import Exchange
from corridor.engines.planning.fleet import WholeFleet
from corridor.engines.planning.overtaking import Overtaking
from corridor.engines.planning.planner import SMALL, Planner
from corridor.engines.planning.program import Name
from corridor.engines.planning.reading import write_plan
from corridor.engines.planning.relaxation import Relaxation
from corridor.engines.planning.repack import Repack
from corridor.engines.planning.second import Second, heard, merge, rides, told
from corridor.engines.planning.trial import Tried, by_window, try_window
from corridor.engines.planning.walk import walk
from corridor.engines.planning.windows import Way

MIDDLE = 1500
"""People up to whom a few windows at a time are planned anew, fleet and families together."""

LARGE = 15_000
"""People up to whom each slot is packed by mixed programs before the next is priced, and a second
process plans the whole in its own way."""

WAYS = (
    Way(2.0, 0.5, guided=True),
    Way(2.0, 0.1, guided=False),
    Way(1.0, 0.9, guided=True),
    Way(1.0, 0.5, guided=False),
    Way(0.0, 0.9, guided=False),
)
"""In which ways a window is tried, as far as time allows. For very many people a second process
takes every other."""

FLEET = 0.55
"""The part of the time for a fleet of all windows at once, where few vehicles run."""

PACKED = 0.9
"""The part of the time by which everybody should be seated on that fleet."""

ANSWERED = 0.98
"""The part of the time up to which the plan of a second process is waited for."""

PLANNED = 0.7
"""The part of the time by which all windows should be planned; less where they are searched."""


class Priced:
    """Improves on the walk of a planner, and proves how far from the best its plan can be."""

    def __init__(self, planner: Planner) -> None:
        self.planner, self.effort, self.frame = planner, planner.effort, planner.frame
        self.demand = Demand(self.frame)
        self.locked = planner.locked()
        self.persons = sum(self.frame.persons)
        self.settled = False
        """Whether nothing better can be found than the plan that stands."""
        self.second: Second | None = None
        """A second process for pieces of this plan."""
        self.other: Second | None = None
        """A second process that makes a whole plan of its own."""
        if self.effort.cores > 1 and self.effort.elapsed and self.persons > MIDDLE:
            beside = Second(self.frame.instance, self.effort.spare)
            if self.persons <= LARGE:
                self.other = beside
            else:
                self.second = beside
        self.random = random.Random(self.effort.seed)  # noqa: S311 (no secret)

    def run(self) -> None:
        """Everything; the second process ends with it."""
        try:
            if self.other:
                self._ask_for_another(self.other)
            self._run()
            if self.other:
                self._hear_another(self.other)
        finally:
            for beside in (self.second, self.other):
                if beside:
                    beside.close()

    def _ask_for_another(self, other: Second) -> None:
        """The whole plan a second time, with another way first.

        What a window is worth is only known when all are planned, so of two plans one is better by
        chance; two processes on one plan were worse than either alone.
        """
        effort, previous = self.effort, self.planner.previous
        other.ask({
            "do": "plan", "previous": previous and write_plan(previous), "seed": effort.seed + 1,
            "turn": effort.turn + 1, "seconds": effort.limit - effort.used(), "at": monotonic(),
        })  # fmt: skip

    def _hear_another(self, other: Second) -> None:
        effort = self.effort
        found = other.answer(lambda: not effort.go_on(ANSWERED))
        if found:
            board = Board(self.frame)
            board.put_back(rides(found["board"]))
            self.planner.offer(board, found["stage"])

    def _run(self) -> None:
        """Bound, windows, then what its size allows; fairness before the last part of the time."""
        prices = self._bound()
        watched = self.effort.elapsed is not None and not self.locked
        small, middle = watched and self.persons <= SMALL, self.persons <= MIDDLE
        self._windows(prices)
        fleet = self._fleet() if watched and middle and not small else None
        middle = middle and not self.locked
        step = self._search if middle else self._repack
        windows_only = self.planner.best
        if fleet:
            self._on_fleet(fleet, prices)
        if small:
            step(0.08, guarded=False)
            self.whole()
        else:
            step(0.6, guarded=False)
        self.planner.fair()
        if windows_only is not self.planner.best:  # it may have less overtaking to be removed
            Overtaking(windows_only, self.locked).remove()
            self.planner.offer(windows_only, "windows")
        if not self.settled:
            step(0.93, guarded=True)

    def _fleet(self) -> WholeFleet:
        """Begins to look for the fleet of all windows at once, from the plan that stands."""
        effort = self.effort
        fleet = WholeFleet(self.planner.start(), self.demand, self.planner.best.kept())
        fleet.begin(effort.solver_seconds(FLEET * effort.limit - effort.used()), effort.stop)
        return fleet

    def _on_fleet(self, fleet: WholeFleet, prices: dict[Name, float]) -> None:
        """Everybody on that fleet, as one program."""
        effort = self.effort
        if not effort.go_on():
            fleet.end()
            return
        board = fleet.seated(
            prices, lambda: effort.patience * (PACKED * effort.limit - effort.used()), effort.stop
        )
        walk(board)
        Exchange(board, self.locked, effort.go_on).run()
        self.planner.offer(board, "fleet")

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
        """Window by window, each tried in several ways while there is time; then exchanges."""
        planner, effort = self.planner, self.effort
        board = planner.start()
        best = Tried(board.value(), board.kept(), prices)
        windows = by_window(self.frame)
        began, done = effort.used(), False
        share = 0.15 if self.persons <= MIDDLE else PLANNED
        for n, window in enumerate(windows):
            if not effort.go_on(0.8):
                break
            # Early windows hold most of the choices and the largest programs.
            part = 1 - (1 - (n + 1) / len(windows)) ** 2
            best = self._window(best, window, began + part * (share * effort.limit - began))
        else:
            done = True
        board = Board(self.frame)
        board.put_back(best.board)
        walk(board)
        Exchange(board, self.locked, lambda: not effort.stop()).run(6 if done else 1)
        planner.offer(board, "windows")

    def _window(self, start: Tried, window: list[int], until: float) -> Tried:
        """The best of several ways to plan a window; without a watch of one."""
        effort = self.effort
        pack = 0.3 * effort.patience if MIDDLE < self.persons <= LARGE else 0.0
        few = self.persons <= LARGE
        turn = effort.turn % len(WAYS)
        ordered = (*WAYS[turn:], *WAYS[:turn])
        ways = [way._replace(pack=pack) for way in ordered if few or way.days]
        if not effort.elapsed:
            ways = ways[:1]
        if self.second:
            self.second.ask({
                "do": "window", "start": told(start), "window": window, "ways": ways[1::2],
                "seconds": until - effort.used(),
            })  # fmt: skip
            ways = ways[::2]

        def go_on() -> bool:
            return effort.go_on() and effort.used() < until

        ours = try_window(start, self.demand, window, ways, go_on)
        theirs = self.second and self.second.answer(effort.stop)
        if theirs and theirs["worth"] < ours.worth:
            return heard(theirs)
        return ours

    def _steps(self) -> int:
        return 10**9 if self.effort.elapsed else self.effort.steps

    def _repack(self, share: float, *, guarded: bool) -> None:
        """Exchanges by programs; the second process takes half of the pick-ups meanwhile."""
        planner, effort = self.planner, self.effort
        if not effort.go_on(share):
            return
        board, ours = planner.best, None
        if self.second:
            homes = self.frame.waiting()
            order = sorted(homes, key=lambda p: -len(homes[p]))
            theirs, ours = frozenset(order[1::4] + order[2::4]), frozenset(order[::4] + order[3::4])
            self.second.ask({
                "do": "exchange", "board": board.kept(), "pickups": list(theirs),
                "locked": list(self.locked), "guarded": guarded, "seed": effort.seed + 1,
                "seconds": share * effort.limit - effort.used(),
            })  # fmt: skip
        repack = Repack(
            board,
            effort.seed,
            self.locked,
            guarded=guarded,
            seconds=effort.patience,
            pickups=ours,
        )
        repack.run(lambda: effort.go_on(share), self._steps())
        found = self.second and self.second.answer(effort.stop)
        if found:
            merge(board, found["board"])
        planner.offer(board, "exchanges")

    def _search(self, share: float, *, guarded: bool) -> None:
        """Plans a few windows anew, fleet and families together, until a round brings nothing."""
        board, effort = self.planner.best, self.effort
        windows = by_window(self.frame)
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
            program.solve(self.effort.solver_seconds(3.0), 1e-4, self.effort.stop)
            and board.value() < before - 1e-6
        )
        if better and not (guarded and Overtaking(board).count()):
            return True
        board.clear(slots)
        board.put_back(kept)
        return False

    def whole(self) -> None:
        """The whole operation as one program: the optimum, or what can be proven in the time.

        The bound is of all plans. Where the best of them lets somebody be overtaken, it is looked
        for again without that.
        """
        planner, effort, board = self.planner, self.effort, self.planner.best
        slots, homes = list(range(len(self.frame.slots))), list(range(len(self.frame.households)))
        first: set[int] = set()
        status = ""
        while effort.go_on(0.9):
            was, kept = board.value(), board.clear(slots)
            empty = board.value()
            program = Exact(board, slots, homes, kept, first)
            solved = program.solve(effort.solver_seconds(effort.limit), stop=effort.stop)
            status = program.status
            if not first:
                planner.bound = max(planner.bound or 0.0, empty + program.proven)
            if not solved or board.value() > was - 1e-9:
                board.clear(slots)
                board.put_back(kept)
            found = Overtaking(board).overtaken()
            Overtaking(board).remove()
            if first and board.value() > was:
                board.clear(slots)
                board.put_back(kept)
            if found <= first:
                self.settled = status == "Optimal" and not found
                break
            first |= found
        planner.offer(board, "exact" if status == "Optimal" else "search")


def improve(planner: Planner) -> None:
    """Offers each better plan to the planner."""
    Priced(planner).run()

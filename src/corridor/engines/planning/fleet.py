"""The fleet of all windows at once, where few vehicles run and each choice is a large one.

One mixed program over all windows: families are poured, vehicles, convoys and people lying are
whole. At 500 people it proves 2 to 15 % more than the fluid program, and its fleet is what the
windows one by one do not find. Families are then seated on it, and packed as one program.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from threading import Thread
from typing import Any

import highspy
import numpy as np

from corridor.engines.planning.board import Board, Kept
from corridor.engines.planning.demand import Demand
from corridor.engines.planning.packing import Packing
from corridor.engines.planning.program import Name, heed, quiet
from corridor.engines.planning.relaxation import Relaxation
from corridor.engines.planning.routes import as_well, worse_routes
from corridor.engines.planning.windows import Way, Windows

GAP = 1e-3
"""A fleet this near to the best is good enough: packing decides about the rest."""

NEAR = 3e-4
"""The part of the weighted waiting that a slot packed by itself may lie above its best."""

DAYS = 2.0
"""Width of groups, in days waited, of the program."""


class WholeFleet:
    """Looks for the fleet beside whoever asked, and seats everybody on it afterwards.

    `board` holds what was promised and nothing else. `before`: rides of a plan to start from.
    """

    def __init__(self, board: Board, demand: Demand, before: Iterable[Kept] = ()) -> None:
        self.board, self.frame, self.demand = board, board.frame, demand
        last = len(self.frame.slots)
        homes = np.array([h for h, s in enumerate(board.slot_of) if s == last], int)
        self.program = Relaxation(board, demand, homes, range(last), days=DAYS, linked=True)
        self.instead = {} if board.rides else worse_routes(board, range(last))
        self.solver = quiet()
        self.thread: Thread | None = None
        self.enough = False
        self.solver.passModel(self._model())
        self._start_from(before)

    def _model(self) -> Any:
        program, lp = self.program, self.program.program.lp()
        kinds = [highspy.HighsVarType.kContinuous] * len(program.program.cost)
        whole = [*program.led.values()]
        for route in program.routes.values():
            whole += [*route.vehicles.values(), route.fitted]
        whole += [column for (_, _, r), column in program.pours.items() if r >= 0]
        for column in whole:
            kinds[column] = highspy.HighsVarType.kInteger
        lp.integrality_ = kinds
        roof = np.array(lp.col_upper_)
        for (j, _, r), route in program.routes.items():
            if (j, r) in self.instead:
                roof[list(route.vehicles.values())] = 0
        lp.col_upper_ = roof
        return lp

    def _start_from(self, before: Iterable[Kept]) -> None:
        program = self.program
        sent = Counter(
            (j, p, as_well(self.instead, j, r), program.kind_of[v]) for v, j, p, r, _ in before
        )
        if not sent:
            return
        rows = [
            (column, float(sent[j, p, r, t]))
            for (j, p, r), route in program.routes.items()
            for t, column in route.vehicles.items()
        ]
        columns, values = zip(*rows, strict=True)
        self.solver.setSolution(len(rows), np.array(columns, np.int32), np.array(values))

    def begin(self, seconds: float, stop: Callable[[], bool]) -> None:
        """Starts the solver in a thread of its own, for so many seconds of the wall."""
        self.solver.setOptionValue("time_limit", max(0.05, seconds))
        self.solver.setOptionValue("mip_rel_gap", GAP)
        heed(self.solver, lambda: self.enough or stop())
        self.thread = Thread(target=self.solver.run, daemon=True)
        self.thread.start()

    def end(self) -> None:
        """Ends the search where nobody waits for it: a process must not end before its solver."""
        self.enough = True
        if self.thread is not None:
            self.thread.join()

    def seated(
        self, prices: dict[Name, float], left: Callable[[], float], stop: Callable[[], bool]
    ) -> Board:
        """Waits for the fleet; the board with it and everybody on it.

        `left`: seconds of the wall that packing may still take.
        """
        if self.thread is not None:
            self.thread.join()
        board, last = self.board, len(self.frame.slots)
        if self.solver.getInfo().primal_solution_status != 2:
            return board
        self.program.primal = np.array(self.solver.getSolution().col_value)
        locked = {h for h, s in enumerate(board.slot_of) if s < last}
        windows = Windows(board, self.demand, Way(), prices=prices)
        windows.send(self.program, range(last))
        windows.seat_all()
        pack(board, locked, left, stop)
        board.close_empty()
        return board


def pack(
    board: Board, locked: set[int], left: Callable[[], float], stop: Callable[[], bool]
) -> None:
    """Seats everybody but the locked on the rides that stand, as one program; never worse."""
    frame, last = board.frame, len(board.frame.slots)
    homes = [h for h in range(len(frame.households)) if h not in locked]
    gain = {
        h: {
            j: frame.cost[h][last] - frame.cost[h][j]
            for j in range(last)
            if frame.households[h].ready <= frame.depart[j]
        }
        for h in homes
    }
    packing = Packing(board, board.rides, homes, gain)
    packing.roll(max(0.05, left()), NEAR * board.value())
    if left() > 0 and not stop():
        Packing(board, board.rides, homes, gain).run(left(), GAP / 10, stop)

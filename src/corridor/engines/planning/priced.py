"""The methods that need a solver, in their order; imported only where one is installed."""

from __future__ import annotations

import numpy as np

from corridor.engines.planning.demand import Demand
from corridor.engines.planning.exchange import Exchange
from corridor.engines.planning.planner import Planner
from corridor.engines.planning.relaxation import Relaxation
from corridor.engines.planning.repack import Repack
from corridor.engines.planning.windows import Windows

STEPS = 60
"""Steps of the exchanges by mixed programs where no watch is given."""


def improve(planner: Planner) -> None:
    """Bound, windows, exchanges: offers each better plan to the planner."""
    effort, frame = planner.effort, planner.frame
    demand = Demand(frame)
    start = planner.start()
    program = Relaxation(
        start, demand, np.arange(len(frame.households)), range(len(frame.slots))
    ).solve()
    planner.bound = program.bound() if planner.previous is None else None
    board, locked = start, planner.locked()
    windows = Windows(board, demand, days=2.0, prices=program.prices())
    if windows.run(lambda: effort.go_on(0.8)):
        Exchange(board, locked, effort.go_on).run()
        planner.offer(board, "windows")
    else:
        Exchange(planner.best, locked, lambda: not effort.stop()).run(1)
        planner.offer(planner.best, "walk and exchanges")
    if effort.go_on(0.9):
        steps = 10**9 if effort.elapsed else STEPS
        Repack(planner.best, effort.seed, locked).run(lambda: effort.go_on(0.93), steps)
        planner.offer(planner.best, "exchanges")

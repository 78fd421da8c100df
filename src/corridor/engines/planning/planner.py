"""One plan from all methods: the walk first, then prices, windows and exchanges, the best kept.

No clock of its own: the caller hands in `elapsed`. Without it the number of steps is fixed, and
the same input gives the same plan on the same version of the solver.
"""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Callable
from dataclasses import dataclass, field
from types import ModuleType

from corridor.engines.planning.board import Board
from corridor.engines.planning.exchange import Exchange
from corridor.engines.planning.frame import Frame
from corridor.engines.planning.instance import Instance, Plan
from corridor.engines.planning.overtaking import Overtaking
from corridor.engines.planning.promises import keep
from corridor.engines.planning.walk import walk

SMALL = 215
"""People up to whom the optimum is looked for: 200, and the rest of the family that came last."""

Say = Callable[[str, float, float | None], None]


def silent(stage: str, value: float, bound: float | None) -> None:
    """Says nothing."""


def seconds_for(persons: int) -> float:
    """The time that a plan for so many people is worth: 1, 10 and 60 s at 500, 5,000, 50,000.

    Up to 200 people the optimum is proven, which takes up to 20 s.
    """
    if persons <= SMALL:
        return 20.0
    if persons <= 5000:
        return max(1.0, persons / 500)
    return 10 + (persons - 5000) / 900


def priced() -> ModuleType | None:
    """The methods that need the solver, or None where it is not installed."""
    if importlib.util.find_spec("highspy") is None or importlib.util.find_spec("numpy") is None:
        return None
    return importlib.import_module("corridor.engines.planning.priced")


@dataclass
class Effort:
    """How long to go on: `seconds` by `elapsed`, or `steps` of the search without it.

    `stop` is asked between steps; once it says True the best plan so far is returned. `say` hears
    of each stage: its name, the best weighted waiting so far and the proven bound. `first` is
    handed the first legal plan as soon as it stands, to be kept whatever comes. `spare`: the part
    of seats (0.05 to 0.1 is usual) told to nobody on slots that are announced, for the gate.
    `patience`: seconds of the solver's own watch, which runs on the wall, to one of `elapsed`.
    `cores`: with two a large plan is made by two processes; needs a watch of the wall.
    `turn`: which of the ways to plan a window is tried first.
    """

    seconds: float | None = None
    elapsed: Callable[[], float] | None = None
    stop: Callable[[], bool] = lambda: False
    say: Say = silent
    first: Callable[[Plan], None] = lambda _: None
    seed: int = 0
    steps: int = 2
    spare: float = 0.0
    patience: float = 1.0
    cores: int = 1
    turn: int = 0
    began: float = field(default=0.0, init=False)
    limit: float = field(default=60.0, init=False)

    def begin(self, persons: int) -> None:
        """Starts the watch."""
        self.limit = seconds_for(persons) if self.seconds is None else self.seconds
        self.began = self.elapsed() if self.elapsed else 0.0

    def used(self) -> float:
        """Seconds since it began; 0 without a watch."""
        return self.elapsed() - self.began if self.elapsed else 0.0

    def solver_seconds(self, most: float) -> float:
        """How long one call of the solver may take: at most this, and what is left."""
        if self.elapsed is None:
            return most
        return self.patience * max(0.05, min(most, self.limit - self.used()))

    def go_on(self, share: float = 1.0) -> bool:
        """Whether there is time, up to this share of the limit."""
        return not self.stop() and self.used() < self.limit * share


class Planner:
    """Holds the instance laid out, the best plan so far and what is proven about it."""

    def __init__(self, instance: Instance, previous: Plan | None, effort: Effort) -> None:
        self.effort, self.previous = effort, previous
        effort.begin(sum(home.persons for home in instance.households))
        self.frame = Frame(instance, effort.spare)
        self.bound: float | None = None
        self.prices: dict[tuple[str | int, ...], float] = {}
        self.broken: list[str] = []
        self.best = self.start()
        self.stage = "walk"

    def start(self) -> Board:
        """A board with the promises kept and nothing else."""
        board = Board(self.frame)
        if self.previous is not None:
            self.broken = keep(board, self.previous)
        return board

    def locked(self) -> frozenset[int]:
        """Households that keep slot and vehicle because they were told."""
        if self.previous is None:
            return frozenset()
        board = self.start()
        last = len(self.frame.slots)
        return frozenset(h for h, s in enumerate(board.slot_of) if s < last)

    def run(self) -> Plan:
        """The best plan that this effort finds; always legal."""
        walk(self.best)
        self.effort.first(self.best.to_plan(self.stage))
        self._say()
        if self.frame.slots and self.frame.households:
            methods = priced()
            if methods is not None and self.effort.go_on():
                methods.improve(self)
            else:
                self._exchange()
                self.fair()
        self.best.close_empty()
        made = self.best.to_plan(self.stage, self.bound)
        made.prices = self.prices
        return made

    def offer(self, board: Board, stage: str) -> None:
        """Takes a board if it is better than the best so far."""
        if board is self.best or board.value() < self.best.value() - 1e-9:
            self.best, self.stage = board, stage
        self._say()

    def _exchange(self) -> None:
        Exchange(self.best, self.locked(), self.effort.go_on).run()
        self.stage = "walk and exchanges"
        self._say()

    def fair(self) -> None:
        """Nobody keeps a seat before somebody with greater need who could have used it."""
        Overtaking(self.best, self.locked()).remove()
        self._say()

    def _say(self) -> None:
        self.effort.say(self.stage, self.best.value(), self.bound)

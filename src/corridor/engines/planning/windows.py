"""Window by window: whole vehicles for this window, everything after it seen as a fluid.

For each window three programs are solved. The fluid program of all that is left says what each
window is worth; its vehicles on this window are made whole by diving. With those vehicles given,
a program with a column for each household says who leaves now, and prices the seats. Then whole
families are packed. What could not be packed is there again when the next window is priced.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import highspy
import numpy as np

from corridor.engines.planning.board import Board
from corridor.engines.planning.children import seat_children
from corridor.engines.planning.demand import SEATS, Demand, Flags, Floats, Ints
from corridor.engines.planning.packing import Packing
from corridor.engines.planning.program import INFINITE, Name
from corridor.engines.planning.relaxation import Relaxation
from corridor.engines.planning.seating import Seating
from corridor.engines.planning.walk import walk

MANY = 8
"""Vehicles in one mixed program of packing."""

NEAR = 1.0
"""Columns of people that would cost at most this many days more than the best are kept."""


class Way(NamedTuple):
    """How a window is planned, so that several ways can be tried.

    `days`: households are grouped by days waited in steps of this width. `line`: from which
    part of a household on it is seated first. `guided`: guardians are whole persons in the
    prices and children alone are seated in full groups, wheelchairs before people lying.
    `pack`: seconds at most for packing a slot and pick-up as a mixed program.
    """

    days: float = 2.0
    line: float = 0.5
    guided: bool = True
    pack: float = 0.0


def _near(program: Relaxation) -> tuple[Any, Ints, Ints]:
    """Solves with the columns that whole numbers may call for, the fleet and those who stay among
    them; the solver, its columns, and each column's place in it (-1 for none)."""
    keep = program.reduced < NEAR * program.slope()
    keep[: program.fleet_columns] = True
    keep[[c for (_, j, _), c in program.pours.items() if j < 0]] = True
    solver, columns = program.sifted(np.flatnonzero(keep))
    place = np.full(len(keep), -1)
    place[columns] = np.arange(len(columns))
    return solver, columns, place


def _take(program: Relaxation, solver: Any, columns: Ints) -> None:
    """Keeps the solution of a solver of these columns, and its prices."""
    found = solver.getSolution()
    program.primal = np.zeros(len(program.reduced))
    program.primal[columns] = np.array(found.col_value)
    program.take_prices(np.array(found.row_dual))


class Windows:
    """Plans a board window by window with prices that are refreshed before each.

    `slots`: only these are planned, and nobody leaves on others.
    """

    def __init__(
        self,
        board: Board,
        demand: Demand,
        way: Way = Way(),  # noqa: B008 (a tuple, nobody can change it)
        *,
        prices: dict[Name, float] | None = None,
        slots: Sequence[int] | None = None,
    ) -> None:
        self.board, self.frame, self.demand = board, board.frame, demand
        self.way, self.prices = way, prices
        order: dict[str, list[int]] = {}
        self.slots = list(range(len(self.frame.slots)) if slots is None else slots)
        for j in self.slots:
            order.setdefault(self.frame.slots[j].window, []).append(j)
        self.windows = sorted(order.values(), key=lambda js: js[0])

    def run(self, go_on: Callable[[], bool] = lambda: True) -> bool:
        """Plans all windows; told to stop, it walks the rest by need and returns False."""
        for window in self.windows:
            if not go_on():
                walk(self.board, window[0])
                return False
            self.step(window)
        return True

    def step(self, window: Sequence[int]) -> None:
        """One window: its fleet, then its families."""
        program = self.fleet(window)
        if program is not None:
            self.fill(program, window)

    def fleet(self, window: Sequence[int]) -> Relaxation | None:
        """The program of all who are left, its vehicles on this window whole; None for nobody.

        It serves every board that stands as this one does, and every way of the same `days`.
        """
        last = len(self.frame.slots)
        homes = np.array([h for h, s in enumerate(self.board.slot_of) if s == last], int)
        slots = [j for j in self.slots if j >= window[0]]
        if not len(homes):
            return None
        program = Relaxation(self.board, self.demand, homes, slots, days=self.way.days, linked=True)
        self._whole(program, window)
        return program

    def fill(self, program: Relaxation, window: Sequence[int]) -> None:
        """Sends the vehicles of this program and seats the families of this window."""
        self.send(program, window)
        self._seat(program, list(window))
        self.board.close_empty()

    # -- the fleet ------------------------------------------------------------
    def _whole(self, program: Relaxation, window: Sequence[int]) -> None:
        """Solves with whole vehicles and convoys on this window; keeps solution and prices."""
        if self.prices is None:
            program.solve()
        else:
            program.assume(self.prices)
        solver, columns, place = _near(program)
        vehicles = [
            c
            for (j, _, _), route in program.routes.items()
            if j in window
            for c in route.vehicles.values()
        ]
        convoys = [c for (j, _), c in program.led.items() if j in window]
        allowance = 2e-5 * abs(float(solver.getObjectiveValue()))
        for stage in (convoys, vehicles):
            Dive(solver, [int(place[c]) for c in stage], allowance).run()
        _take(program, solver, columns)
        self.prices = program.prices()

    def send(self, program: Relaxation, window: Sequence[int]) -> None:
        """Puts the vehicles of the solution on their routes, those soonest away for good first."""
        board, vehicles = self.board, self.frame.instance.vehicles
        order = sorted(
            range(len(vehicles)), key=lambda v: (vehicles[v].end < 0, vehicles[v].end, v)
        )
        for (j, p, r), route in sorted(program.routes.items()):
            if j not in window:
                continue
            for t, column in route.vehicles.items():
                wanted = round(program.primal[column])
                for v in order:
                    if wanted <= 0:
                        break
                    if program.kind_of[v] == t and board.open_ride(v, j, p, r) is not None:
                        wanted -= 1

    # -- the families -----------------------------------------------------------
    def _seat(self, program: Relaxation, window: list[int]) -> None:
        """Who leaves on the slots of this window, given its vehicles and the prices after it."""
        demand, homes = self.demand, program.homes
        pay = program.payment()
        after = [k for k, j in enumerate(program.slots) if j not in window]
        later = np.array([program.slots[k] for k in after], int)
        left = np.hstack(
            [demand.cost[np.ix_(homes, later)] + pay[:, after], program.left[:, None]]
        ).min(1)
        now = [program.place[j] for j in window]
        gain = left[:, None] - demand.cost[np.ix_(homes, np.array(window))]
        worth = ((gain > 0.6 * pay[:, now]) & program.may[:, now]).any(1)
        some = np.flatnonzero(worth | self._poured(program, window))
        seats = Relaxation(
            self.board, demand, homes[some], window, days=0, left=left[some], fleet=False
        )
        self._place(seats, program.prices(), window)

    def seat_all(self) -> None:
        """Everybody left, on the rides of all slots at once; no more vehicles are sent."""
        last = len(self.frame.slots)
        homes = np.array([h for h, s in enumerate(self.board.slot_of) if s == last], int)
        if len(homes):
            seats = Relaxation(self.board, self.demand, homes, self.slots, days=0, fleet=False)
            self._place(seats, self.prices or {}, self.slots)

    def _place(self, seats: Relaxation, prices: dict[Name, float], window: list[int]) -> None:
        """Seats whole families, as near to what this program says as they can be."""
        if self.way.guided:
            self._whole_guardians(seats, prices)
        else:
            seats.solve()
        seatings = list(self._seatings(seats, window))
        if self.way.guided:
            seat_children(seatings)
        for stage in (Seating.seat_wanted, Seating.make_room, Seating.fill):
            for seating in seatings:
                stage(seating)
        for seating in seatings:
            if self.way.pack > 0 and seating.rides:
                self._pack(seating)

    def _poured(self, program: Relaxation, window: Sequence[int]) -> Flags:
        """Households whom the program lets leave on this window, at least in part.

        Where vehicles are whole a price may be anything between two limits, so who has the last
        place in an ambulance may seem to pay more for it than it gains.
        """
        found = np.zeros(len(program.homes), bool)
        for (g, j, _), column in program.pours.items():
            if j in window and program.primal[column] > 1e-6:
                found[program.groups[g]] = True
        return found

    def _whole_guardians(self, seats: Relaxation, prices: dict[Name, float]) -> None:
        """Solves who leaves now, with guardians of children alone as whole persons."""
        seats.assume(prices)
        solver, columns, place = _near(seats)
        guardians = [int(place[route.guardians]) for route in seats.routes.values()]
        Dive(solver, guardians, 2e-5 * abs(float(solver.getObjectiveValue()))).run()
        seats.value = float(solver.getObjectiveValue())
        _take(seats, solver, columns)

    def _pack(self, seating: Seating) -> None:
        """Packs a slot and pick-up again by mixed programs: those aboard and the next in line."""
        board, frame = self.board, self.frame
        for first in range(0, len(seating.rides), MANY):
            rides = seating.rides[first : first + MANY]
            ids = {id(ride) for ride in rides}
            aboard = dict.fromkeys(frame.owner[u] for ride in rides for u in ride.aboard)
            ours = [
                h
                for h in aboard
                if h in seating.gain and all(id(x) in ids for x in board.rides_of(h))
            ]
            last = len(frame.slots)
            out = [h for h in seating.head if board.slot_of[h] == last]
            more = [h for h in seating.rest if board.slot_of[h] == last and seating.ratio[h] > 0.9]
            if not out and not any(x.load.free > 0 for x in rides):
                continue
            homes = [*ours, *out[: 2 * MANY], *more[: 2 * MANY]]
            gain = {h: {seating.slot: seating.gain[h]} for h in homes}
            Packing(board, rides, homes, gain).run(self.way.pack, 3e-4)

    def _seatings(self, seats: Relaxation, window: list[int]) -> list[Seating]:
        demand, homes, last = self.demand, seats.homes, len(self.frame.slots)
        pay, wanted = seats.payment(), seats.poured()
        out = []
        for k, j in enumerate(window):
            later = np.array(window[k + 1 :], int)
            best = np.hstack(
                [demand.cost[np.ix_(homes, later)] + pay[:, k + 1 :], seats.left[:, None]]
            ).min(1)
            gain = best - demand.cost[homes, j]
            share = np.maximum(pay[:, k], 0) + 1e-4 * np.maximum(1, demand.takes[homes, SEATS])
            here = {h: (r, part) for h, (slot, r, part) in wanted.items() if slot == j}
            for p in range(len(self.frame.instance.pickups)):
                rows = [
                    i
                    for i in np.flatnonzero((demand.pickup[homes] == p) & seats.may[:, k])
                    if self.board.slot_of[homes[i]] == last
                    and (gain[i] > 0 or int(homes[i]) in here)
                ]
                gains = {int(homes[i]): float(gain[i]) for i in rows}
                shares = {int(homes[i]): float(share[i]) for i in rows}
                ours = {h: here[h] for h in gains if h in here}
                out.append(
                    Seating(self.board, j, p, gains, shares, ours, self.way.line, self.way.guided)
                )
        return out


class Dive:
    """Makes columns whole, a few at a time, each time solving again from where it stood.

    What costs much is tried both ways. Rounding down is always possible, so a solution remains.
    """

    def __init__(self, solver: Any, columns: list[int], allowance: float) -> None:
        self.solver, self.open, self.allowance = solver, list(columns), allowance
        self.value = float(solver.getObjectiveValue())

    def run(self) -> None:
        """Fixes all columns at whole numbers and leaves the solver solved."""
        while True:
            found = np.array(self.solver.getSolution().col_value)
            off = {c: abs(found[c] - round(found[c])) for c in self.open}
            broken = sorted((c for c in self.open if off[c] > 1e-6), key=lambda c: off[c])
            if not broken:
                self._fix({c: round(found[c]) for c in self.open})
                return
            near = [c for c in broken if off[c] < 0.15][: max(1, len(broken) // 3)]
            if len(near) > 1 and self._fits({c: round(found[c]) for c in near}):
                continue
            self._better(broken[0] if near else broken[-1], found)

    def _fix(self, goals: dict[int, int]) -> float:
        for c, goal in goals.items():
            self.solver.changeColBounds(c, goal, goal)
        self.solver.run()
        if self.solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return math.inf
        return float(self.solver.getObjectiveValue())

    def _fits(self, goals: dict[int, int]) -> bool:
        """Fixes these if that costs next to nothing, else leaves them open."""
        value = self._fix(goals)
        if value <= self.value + self.allowance:
            self._keep(goals, value)
            return True
        for c in goals:
            self.solver.changeColBounds(c, 0, INFINITE)
        return False

    def _better(self, column: int, found: Floats) -> None:
        """Fixes one column up or down, whichever costs less."""
        low = math.floor(found[column])
        first = round(found[column])
        other = low if first > low else low + 1
        value = self._fix({column: first})
        if value > self.value + self.allowance:
            second = self._fix({column: other})
            if second < value:
                first, value = other, second
            else:
                value = self._fix({column: first})
        if math.isinf(value):
            first, value = low, self._fix({column: low})
        self._keep({column: first}, value)

    def _keep(self, goals: dict[int, int], value: float) -> None:
        self.value = value
        self.open = [c for c in self.open if c not in goals]

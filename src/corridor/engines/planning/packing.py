"""Whole households into given vehicles by a mixed-integer program: who sits where.

Small programs only: the rides of a slot and pick-up, or of a small operation. The plan that
stands is where it starts from, so what it returns is never worse.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Any

import highspy
import numpy as np

from corridor.engines.planning.board import Board, Ride
from corridor.engines.planning.demand import Floats
from corridor.engines.planning.program import Program, heed, quiet


class Packing:
    """Seats `homes` on `rides`, all of which must be theirs alone to use.

    `gain[h][slot]`: what household h saves by leaving on that slot. Households aboard these
    rides that are not among `homes` keep their places.
    """

    def __init__(
        self, board: Board, rides: Sequence[Ride], homes: Sequence[int],
        gain: dict[int, dict[int, float]],
    ) -> None:  # fmt: skip
        self.board, self.frame = board, board.frame
        self.rides, self.homes, self.gain = list(rides), list(homes), gain
        self.program = Program()
        self.whole: list[int] = []
        self.slots: list[int] = []
        self.place: dict[tuple[int, int], int] = {}
        self.lists: dict[tuple[int, int, int], int] = {}
        self.began = {h: board.rides_of(h) for h in self.homes}
        for home in self.homes:
            board.take_home(home)
        self.high: list[float] = []
        self.sent: dict[int, int] = {}
        self._fleet()
        self._households()
        self._vehicles()
        self._limits()

    def _column(self, cost: float, high: float, slot: int = -1) -> int:
        column = self.program.column(cost)
        self.slots.append(slot)
        self.whole.append(column)
        self.high.append(high)
        return column

    def _fleet(self) -> None:
        """Columns for rides that may stay at home; there are none where the fleet is given."""

    def _room(self, v: int, amount: float) -> int:
        """A limit of a vehicle: this much, or nothing while it stays at home."""
        if v not in self.sent:
            return self.program.row(amount)
        row = self.program.row(0)
        self.program.add(row, self.sent[v], -amount)
        return row

    def _households(self) -> None:
        """A place for each unit in each vehicle that could hold it, the family in one convoy."""
        frame, program = self.frame, self.program
        convoys: dict[tuple[int, int, int], list[int]] = defaultdict(list)
        for v, ride in enumerate(self.rides):
            convoys[ride.slot, ride.pickup, ride.reception].append(v)
        for home in self.homes:
            once = program.row(1)
            units = frame.units_of[home]
            for key, members in convoys.items():
                gain = self.gain[home].get(key[0], 0.0)
                if key[1] != frame.pickup[home] or gain <= 0:
                    continue
                places = {
                    u: [v for v in members if not self.board.refuses(u, self.rides[v])]
                    for u in units
                }
                if not all(places.values()):
                    continue
                if len(units) == 1:
                    for v in places[units[0]]:
                        column = self.place[units[0], v] = self._column(-gain, 1, key[0])
                        program.add(once, column, 1)
                    continue
                together = self._column(-gain, 1, key[0])
                program.add(once, together, 1)
                for u in units:
                    same = program.row(0, 0)
                    program.add(same, together, -1)
                    for v in places[u]:
                        column = self.place[u, v] = self._column(0.0, 1, key[0])
                        program.add(same, column, 1)

    def _vehicles(self) -> None:
        self.aboard: dict[int, list[tuple[int, int]]] = defaultdict(list)
        for (unit, v), column in self.place.items():
            self.aboard[v].append((unit, column))
        self.guards: dict[int, tuple[int, int]] = {}
        for v, ride in enumerate(self.rides):
            self._vehicle(v, ride)

    def _vehicle(self, v: int, ride: Ride) -> None:
        program, units, kind, load = self.program, self.frame.units, ride.kind, ride.load
        seats = self._room(v, kind.seats - load.seats)
        luggage = self._room(v, kind.luggage - load.luggage)
        rows = self.aboard[v]
        for unit, column in rows:
            program.add(seats, column, units[unit].seats)
            program.add(luggage, column, units[unit].luggage)
        for fixed, each, most, now, count in (
            (kind.stretchers, kind.stretcher_seats, kind.max_fitted, load.lying,
             [units[u].lying for u, _ in rows]),
            (kind.wheelchairs, kind.wheelchair_seats, kind.max_extra_chairs, load.chairs,
             [units[u].wheelchairs for u, _ in rows]),
        ):  # fmt: skip
            if not any(count) and now <= fixed:
                continue
            more = self._column(0.0, most if each else 0, ride.slot)
            places = self._room(v, fixed - now)
            program.add(places, more, -1)
            program.add(seats, more, each)
            for (_, column), n in zip(rows, count, strict=True):
                program.add(places, column, n)
        if any(units[u].unaccompanied for u, _ in rows) or load.children:
            guards = self._column(0.0, kind.seats, ride.slot)
            self.guards[v] = (guards, load.guardians)
            children = program.row(-load.children)
            program.add(children, guards, -load.per_guardian)
            program.add(seats, guards, 1)
            for unit, column in rows:
                program.add(children, column, units[unit].unaccompanied)

    def _limits(self) -> None:
        """Guardians of a slot, people and beds of a reception and day."""
        program, units, frame = self.program, self.frame.units, self.frame
        found: dict[tuple[str, int, int], int] = {}

        def limit(what: str, a: int, b: int, most: int) -> int:
            if (what, a, b) not in found:
                found[what, a, b] = program.row(most)
            return found[what, a, b]

        for v, (guards, held) in self.guards.items():
            slot = self.rides[v].slot
            row = limit("guardians", slot, 0, self.board.guardians[slot])
            program.add(row, guards, 1)
            program.high[row] += held
        for (unit, v), column in self.place.items():
            ride = self.rides[v]
            day = frame.day[ride.slot][ride.pickup, ride.reception]
            people, beds = self.board.room(ride)
            row = limit("intake", ride.reception, day, people)
            program.add(row, column, units[unit].persons)
            if units[unit].lying:
                row = limit("beds", ride.reception, day, beds)
                program.add(row, column, units[unit].lying)

    # -- solving ----------------------------------------------------------------
    def run(
        self, seconds: float, gap: float = 1e-3, stop: Callable[[], bool] | None = None
    ) -> bool:
        """Solves, and seats what was found if it is better; False and unchanged if not."""
        before = self._restore()
        worth = sum(self._worth(home) for home in self.homes)
        solver = quiet()
        solver.setOptionValue("time_limit", seconds)
        solver.setOptionValue("mip_rel_gap", gap)
        solver.passModel(self._model())
        self._start(solver, before)
        if stop:
            heed(solver, stop)
        solver.run()
        self.status = solver.modelStatusToString(solver.getModelStatus())
        if -solver.getObjectiveValue() <= worth + 1e-6:
            return False
        return self._take(np.array(solver.getSolution().col_value))

    def roll(self, seconds: float, near: float) -> bool:
        """Slot after slot whole, everything later as a fluid; seated if it is better.

        Quick where `run` is slow: many rides on many slots and nobody seated well yet. `near`:
        weighted person-days from the best at which a slot is good enough.
        """
        self._restore()
        worth = sum(self._worth(home) for home in self.homes)
        solver = quiet()
        solver.setOptionValue("mip_rel_gap", 0.0)
        solver.setOptionValue("mip_abs_gap", near)
        lp = self._model()
        lp.integrality_ = [highspy.HighsVarType.kContinuous] * len(self.high)
        solver.passModel(lp)
        slots, found, saved = np.array(self.slots), np.zeros(0), 0.0
        order = sorted(set(self.slots))
        for done, slot in enumerate(order):
            used = float(solver.getRunTime())
            share = (seconds - used) / (len(order) - done)
            solver.setOptionValue("time_limit", used + max(0.02, share))
            now = np.flatnonzero(slots == slot).astype(np.int32)
            whole = np.full(len(now), highspy.HighsVarType.kInteger)
            solver.changeColsIntegrality(len(now), now, whole)
            solver.run()
            if solver.getInfo().primal_solution_status != 2:
                return False
            found = np.array(solver.getSolution().col_value)
            saved = -float(solver.getObjectiveValue())
            fixed = np.round(found[now])
            solver.changeColsBounds(len(now), now, fixed, fixed)
        if saved <= worth + 1e-6:
            return False
        return self._take(found)

    def _take(self, found: Floats) -> bool:
        """Seats what the solver found, unless a rule is broken by its tolerance."""
        for home in self.homes:
            self.board.take_home(home)
        chosen = [key for key, column in self.place.items() if found[column] > 0.5]
        for unit, v in chosen:
            if self.board.refuses(unit, self.rides[v]):  # a tolerance of the solver
                self.undo()
                return False
            self.board.put(unit, self.rides[v])
        return True

    def undo(self) -> None:
        """Seats everybody again as before."""
        for home in self.homes:
            self.board.take_home(home)
        self._restore()

    def _worth(self, home: int) -> float:
        return self.gain[home].get(self.board.slot_of[home], 0.0)

    def _restore(self) -> dict[int, Ride]:
        at = {}
        for home, rides in self.began.items():
            for unit, ride in zip(self.frame.units_of[home], rides, strict=False):
                self.board.put(unit, ride)
                at[unit] = ride
        return at

    def _model(self) -> Any:
        lp = self.program.lp()
        lp.col_upper_ = np.array(self.high)
        lp.integrality_ = [highspy.HighsVarType.kInteger] * len(self.high)
        return lp

    def _start(self, solver: highspy.Highs, at: dict[int, Ride]) -> None:
        """Hands the solver the plan that stands; it fills in what follows from it."""
        number = {id(ride): v for v, ride in enumerate(self.rides)}
        columns, values = [], []
        for (unit, v), column in self.place.items():
            columns.append(column)
            values.append(float(unit in at and number.get(id(at[unit])) == v))
        solver.setSolution(len(columns), np.array(columns, np.int32), np.array(values))

"""The whole problem as one mixed program: for small operations, and for a part of a plan.

Each vehicle may drive each route of each slot or stay; each household sits in one convoy or is
left. Up to about 200 people the optimum is proven in seconds. On a few windows of a larger plan
it is a step of the search.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np

from corridor.engines.planning.board import Board, Kept, Ride
from corridor.engines.planning.demand import Floats
from corridor.engines.planning.instance import Unit
from corridor.engines.planning.packing import Packing
from corridor.engines.planning.program import heed, quiet
from corridor.engines.planning.routes import as_well, worse_routes
from corridor.engines.planning.vehicle import Load

BARE = {
    "mip_detect_symmetry": False,
    "mip_heuristic_effort": 0.0,
    "mip_heuristic_run_rins": False,
    "mip_heuristic_run_rens": False,
    "mip_heuristic_run_root_reduced_cost": False,
    "mip_heuristic_run_feasibility_jump": False,
}
"""The plan that stands is nearly the best, so looking for others only keeps the proof waiting."""


class Exact(Packing):
    """Plans these slots of a board anew: vehicles, routes and who of `homes` sits where.

    The slots must have been cleared; `before` is what stood there, the place to start from.
    `first`: households that nobody may overtake.
    """

    def __init__(
        self,
        board: Board,
        slots: Sequence[int],
        homes: Sequence[int],
        before: Sequence[Kept] = (),
        first: Iterable[int] = (),
    ) -> None:
        self.before = {ride[:4]: ride[4] for ride in before}
        frame, last = board.frame, len(board.frame.slots)
        gain = {
            h: {
                j: frame.cost[h][last] - frame.cost[h][j]
                for j in slots
                if frame.households[h].ready <= frame.depart[j]
            }
            for h in homes
        }
        self.instead = worse_routes(board, slots)
        rides = _rides(board, slots, homes, self.instead)
        super().__init__(board, rides, homes, gain)
        self._one_trip_at_a_time()
        self._escorts()
        for home in sorted(first):
            for other in homes:
                less = frame.rank[other] > frame.rank[home] and frame.plain[other]
                if less and frame.pickup[other] == frame.pickup[home]:
                    self._not_overtaken(home, other)

    def _fleet(self) -> None:
        for v in range(len(self.rides)):
            self.sent[v] = self._column(0.0, 1)

    def _one_trip_at_a_time(self) -> None:
        trips: dict[int, list[int]] = defaultdict(list)
        for v, ride in enumerate(self.rides):
            trips[ride.vehicle].append(v)
        for members in trips.values():
            starts = {self.rides[v].start for v in members}
            cliques = {
                tuple(v for v in members if self.rides[v].start <= at < self.rides[v].end)
                for at in starts
            }
            for clique in cliques:
                row = self.program.row(1)
                for v in clique:
                    self.program.add(row, self.sent[v], 1)
        for (_, v), column in self.place.items():
            row = self.program.row(0)
            self.program.add(row, column, 1)
            self.program.add(row, self.sent[v], -1)

    def _escorts(self) -> None:
        frame, program = self.frame, self.program
        groups: dict[tuple[int, int], list[int]] = defaultdict(list)
        for v, ride in enumerate(self.rides):
            groups[ride.slot, ride.reception].append(v)
        teams = {j: program.row(frame.slots[j].max_convoys) for j, _ in groups}
        for (j, _r), members in groups.items():
            convoys = self._column(0.0, frame.slots[j].max_convoys)
            program.add(teams[j], convoys, 1)
            row = program.row(0)
            program.add(row, convoys, -frame.slots[j].max_vehicles)
            for v in members:
                program.add(row, self.sent[v], 1)

    def _not_overtaken(self, home: int, other: int) -> None:
        """The other takes no seats that the household could use, if that leaves later.

        What is aboard is counted without guardians and with the places made for wheelchairs as if
        all were free, and luggage not at all, so a little more is forbidden than has to be.
        """
        frame, program = self.frame, self.program
        mine, theirs = frame.units_of[home][0], frame.units_of[other][0]
        one, two = frame.units[mine], frame.units[theirs]
        if two.persons > one.persons:
            return
        for v, ride in enumerate(self.rides):
            at = frame.depart[ride.slot]
            usable = one.rough_ok or not ride.kind.rough
            if (theirs, v) not in self.place or at < frame.households[home].ready or not usable:
                continue
            more = one.seats - two.seats
            full = ride.kind.seats - more + 1 if more > 0 else 1
            terms: dict[int, float] = defaultdict(float)
            terms[self.place[theirs, v]] = full
            for w, earlier in enumerate(self.rides):
                if frame.depart[earlier.slot] <= at and (mine, w) in self.place:
                    terms[self.place[mine, w]] -= full
            for unit, column in self.aboard[v] if more > 0 else ():
                terms[column] -= _least(frame.units[unit], ride)
            row = program.row(0)
            for column, value in terms.items():
                program.add(row, column, value)

    def solve(
        self, seconds: float, gap: float = 1e-6, stop: Callable[[], bool] = lambda: False
    ) -> bool:
        """Puts the best plan found on the board; False if nothing could be found in time.

        Afterwards `proven` is the least that households of this program must cost, and `value`
        what they cost now, both beside what leaving all of them would cost.
        """
        solver = quiet()
        solver.setOptionValue("time_limit", seconds)
        solver.setOptionValue("mip_rel_gap", gap)
        for option, value in BARE.items():
            solver.setOptionValue(option, value)
        solver.passModel(self._model())
        self._begin(solver)
        heed(solver, stop)
        solver.run()
        info = solver.getInfo()
        self.proven = float(info.mip_dual_bound)
        self.status = solver.modelStatusToString(solver.getModelStatus())
        if info.primal_solution_status != 2:
            return False
        found = np.array(solver.getSolution().col_value)
        self.value = float(solver.getObjectiveValue())
        return self._send(found)

    def _begin(self, solver: Any) -> None:
        at: dict[int, Ride] = {}
        before = {self._as_well(key): aboard for key, aboard in self.before.items()}
        for ride in self.rides:
            key = (ride.vehicle, ride.slot, ride.pickup, ride.reception)
            at.update(dict.fromkeys(before.get(key, ()), ride))
        columns = [*self.place.values(), *self.sent.values()]
        used = {id(ride) for ride in at.values()}
        values = [float(at.get(u) is self.rides[v]) for (u, v) in self.place]
        values += [float(id(self.rides[v]) in used) for v in self.sent]
        if at:
            solver.setSolution(len(columns), np.array(columns, np.int32), np.array(values))

    def _as_well(self, key: tuple[int, int, int, int]) -> tuple[int, int, int, int]:
        vehicle, slot, pickup, reception = key
        return vehicle, slot, pickup, as_well(self.instead, slot, reception)

    def _send(self, found: Floats) -> bool:
        board = self.board
        aboard: dict[int, list[int]] = defaultdict(list)
        for (unit, v), column in self.place.items():
            if found[column] > 0.5:
                aboard[v].append(unit)
        for v, members in aboard.items():
            plan = self.rides[v]
            ride = board.open_ride(plan.vehicle, plan.slot, plan.pickup, plan.reception)
            if ride is None:
                return False
            for unit in members:
                if board.refuses(unit, ride):
                    return False
                board.put(unit, ride)
        return True


def _least(unit: Unit, ride: Ride) -> int:
    """Seats that a unit takes up on a ride at least."""
    kind = ride.kind
    lying, chairs = unit.lying - kind.stretchers, unit.wheelchairs - kind.wheelchairs
    return (
        unit.seats + max(0, lying) * kind.stretcher_seats + max(0, chairs) * kind.wheelchair_seats
    )


def _rides(
    board: Board, slots: Sequence[int], homes: Sequence[int], worse: dict[tuple[int, int], int]
) -> list[Ride]:
    """Every trip that a vehicle could make on these slots for somebody of these households."""
    frame, out = board.frame, []
    wanted = {frame.pickup[h] for h in homes}
    for j in slots:
        for p in wanted:
            for r in frame.routes[j][p]:
                if (j, r) in worse:
                    continue
                start, end = board.span(j, p, r)
                for v, kind in enumerate(frame.kind):
                    hospital = frame.instance.receptions[r].medical
                    if (kind.ambulance and not hospital) or not board.is_free(v, start, end):
                        continue
                    load = Load(frame.kind_on(j, kind), frame.instance.children_per_guardian)
                    out.append(Ride(v, j, (p, r), (start, end), load))
    return out

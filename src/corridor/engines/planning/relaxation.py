"""The planning problem as a linear program: families poured like a fluid, vehicles in parts.

Its dual values are prices of places; by weak duality, evaluated household by household, they
prove a lower bound whatever the grouping of families and the tolerances of the solver were.
With whole vehicles on some slots the same program is the step that sends out a window's fleet
while it still sees everything that comes after.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import numpy as np

from corridor.engines.planning.board import Board
from corridor.engines.planning.demand import (
    BY_ROUTE,
    CARERS,
    CHAIRS,
    CHILD,
    CRITICAL,
    EXTRA,
    FITTED,
    LUGGAGE,
    LYING,
    PERSONS,
    POOLED,
    SEATS,
    SOFT,
    Demand,
    Flags,
    Floats,
    Ints,
)
from corridor.engines.planning.instance import NEEDS
from corridor.engines.planning.program import INFINITE, Name, Program, quiet


class Route:
    """Rows and columns of the vehicles from one pick-up to one reception on one slot."""

    __slots__ = ("beds", "fitted", "guardians", "intake", "rows", "vehicles")

    def __init__(self, intake: int, beds: int) -> None:
        self.intake, self.beds = intake, beds
        self.rows: dict[int, int] = {}
        self.vehicles: dict[int, int] = {}
        self.fitted = self.guardians = -1


class Relaxation:
    """The fluid program of what is still to be planned on a board.

    `homes`: the households it moves, `slots`: the slots it may use. Rides that stand already
    on the board lend the places they have left. `days`: households are grouped by days waited
    in steps of this width; 0 keeps each by itself. `left`: what leaving each household out of
    these slots costs, if not the price of being left behind. Without `fleet` no vehicle but
    those already on a ride is used, and households choose a reception. `linked`: people
    beside the seats (infants on a lap) go where the seats go, in the mean of their pick-up; nearer
    to what can be driven, but no bound.
    """

    def __init__(
        self,
        board: Board,
        demand: Demand,
        homes: Ints,
        slots: Sequence[int],
        *,
        days: float = 1.0,
        left: Floats | None = None,
        fleet: bool = True,
        linked: bool = False,
    ) -> None:
        self.board, self.frame, self.demand = board, board.frame, demand
        self.homes, self.slots = homes, list(slots)
        self.place = {j: k for k, j in enumerate(self.slots)}
        self.left = demand.cost[homes, len(self.frame.slots)] if left is None else left
        self.moves_fleet, self.linked = fleet, linked
        self.beside = self._beside()
        self.program = Program()
        self.pool: dict[tuple[int, int, int], int] = {}
        self.routes: dict[tuple[int, int, int], Route] = {}
        self.led: dict[tuple[int, int], int] = {}
        self.capacity: dict[tuple[str, int, int], int] = {}
        self.fleet: dict[tuple[int, int], int] = {}
        self.guards: dict[int, int] = {}
        self.teams: dict[int, int] = {}
        types = self.frame.instance.types
        self.kinds = list(types)
        self.kind_of = [self.kinds.index(kind) for kind in self.frame.kind]
        self.stretcher_seats = min([t.stretcher_seats for t in types if t.max_fitted], default=0)
        self.chair_seats = min([t.wheelchair_seats for t in types if t.max_extra_chairs], default=0)
        self._vehicles_side()
        self.fleet_columns, self.fleet_rows = len(self.program.cost), len(self.program.high)
        self._group(days)
        self._people_side()

    def _beside(self) -> list[float]:
        """By pick-up: people beside each seat."""
        takes, pickup = self.demand.takes[self.homes], self.demand.pickup[self.homes]
        out = []
        for p in range(len(self.frame.instance.pickups)):
            here = (pickup == p) & ~self.demand.lies[self.homes]
            out.append(float(takes[here, EXTRA].sum() / max(1.0, takes[here, SEATS].sum())))
        return out

    # -- the vehicles' side -------------------------------------------------
    def _vehicles_side(self) -> None:
        frame, program = self.frame, self.program
        self.early = min((way.before for way in frame.instance.travel), default=0)
        for j in self.slots:
            self.guards[j] = program.row(self.board.guardians[j], name=("guardians", j))
            self.teams[j] = program.row(frame.slots[j].max_convoys, name=("convoys", j))
            total = program.row(self._vehicles_left(j), name=("vehicles", j))
            for t in range(len(self.kinds)):
                self.fleet[j, t] = program.row(self._at_hand(j, t), name=("fleet", j, t))
            lead = {}
            for r in sorted({r for ways in frame.routes[j] for r in ways}):
                convoys = self.led[j, r] = program.column()
                lead[r] = program.row(-self.board.convoy[j].get(r, 0), name=("lead", j, r))
                program.add(lead[r], convoys, -frame.slots[j].max_vehicles)
                program.add(self.teams[j], convoys, 1)
            for p, ways in enumerate(frame.routes[j]):
                if ways:
                    for kind in POOLED:
                        lent = self._lent(j, p, kind)
                        self.pool[j, p, kind] = program.row(lent, name=("pool", j, p, kind))
                for r in ways:
                    self._route(j, p, r, lead[r], total)
        self._still_on_the_road()

    def _vehicles_left(self, j: int) -> float:
        slot = self.frame.slots[j]
        return slot.max_vehicles * slot.max_convoys - sum(self.board.convoy[j].values())

    def _at_hand(self, j: int, t: int) -> int:
        at, vehicles = self.frame.depart[j], self.frame.instance.vehicles
        return sum(
            kind == t
            and vehicles[v].start <= at - self.early
            and (vehicles[v].end < 0 or vehicles[v].end > at)
            and not any(start < at < end for start, end in self.board.busy[v])
            for v, kind in enumerate(self.kind_of)
        )

    def _lent(self, j: int, p: int, kind: int) -> float:
        """Luggage and fixed wheelchair places left in rides that stand already."""
        rides = [
            ride for r in self.frame.routes[j][p] for ride in self.board.by_route.get((j, p, r), ())
        ]
        if kind == LUGGAGE:
            return float(sum(ride.kind.luggage - ride.load.luggage for ride in rides))
        if kind == CHAIRS:
            return float(sum(max(0, x.kind.wheelchairs - x.load.chairs) for x in rides))
        return 0.0

    def _capacity(self, what: str, r: int, day: int) -> int:
        key = (what, r, day)
        if key not in self.capacity:
            daily = self.board.intake[r] if what == "intake" else self.board.beds[r]
            left = daily[day] if day < len(daily) else 0
            self.capacity[key] = self.program.row(left, name=key)
        return self.capacity[key]

    def _route(self, j: int, p: int, r: int, lead: int, total: int) -> None:
        program, frame = self.program, self.frame
        day = frame.day[j][p, r]
        route = Route(self._capacity("intake", r, day), self._capacity("beds", r, day))
        self.routes[j, p, r] = route
        rides = self.board.by_route.get((j, p, r), ())
        roofed = [x for x in rides if not x.kind.ambulance and not x.kind.rough]
        beds = [x for x in rides if x.kind.ambulance]
        lent = {
            SEATS: sum(max(0, x.load.free) for x in rides if not x.kind.ambulance),
            SOFT: sum(max(0, x.load.free) for x in roofed),
            CARERS: 0,
            CRITICAL: sum(x.kind.stretchers - x.load.lying for x in beds),
            LYING: sum(max(0, x.kind.stretchers - x.load.lying) for x in rides),
            FITTED: sum(max(0, x.kind.stretchers - x.load.lying) for x in roofed),
        }
        for kind in BY_ROUTE:
            route.rows[kind] = program.row(lent[kind], name=("route", j, p, r, kind))
        fitted = sum(x.kind.max_fitted for x in roofed)
        chairs = sum(x.kind.max_extra_chairs for x in roofed)
        beside = sum(max(0, x.load.free) for x in beds)
        fit = program.row(fitted, name=("fitted", j, p, r))
        more = program.row(chairs, name=("chairs", j, p, r))
        tight = program.row(beside, name=("beside", j, p, r))
        self._seats_of(route, (j, p), (fit, more, tight))
        for t, kind_of_vehicle in enumerate(self.kinds if self.moves_fleet else []):
            if kind_of_vehicle.ambulance and not frame.instance.receptions[r].medical:
                continue
            n = route.vehicles[t] = program.column()
            self._vehicle(route, n, t, (j, p), (fit, more, tight))
            program.add(total, n, 1)
            program.add(lead, n, 1)

    def _seats_of(self, route: Route, at: tuple[int, int], limits: tuple[int, int, int]) -> None:
        """Columns that pour the pool of a pick-up into this route."""
        program, rows = self.program, route.rows
        seated, soft, extra, stretcher, chair, guardian, carers = (
            program.column() for _ in range(7)
        )
        route.fitted, route.guardians = stretcher, guardian
        for kind, column, value in (
            (SEATS, seated, 1),
            (SOFT, soft, 1),
            (EXTRA, extra, 1),
            (CHILD, guardian, self.frame.instance.children_per_guardian),
            (CHAIRS, chair, 1),
        ):
            program.add(self.pool[*at, kind], column, -value)
        for kind, column in ((SEATS, seated), (SOFT, soft)):
            program.add(rows[kind], column, 1)
            program.add(rows[kind], stretcher, self.stretcher_seats)
            program.add(rows[kind], chair, self.chair_seats)
            program.add(rows[kind], guardian, 1)
            program.add(rows[kind], carers, -1)
        program.add(rows[CARERS], carers, 1)
        program.add(rows[LYING], stretcher, -1)
        program.add(rows[FITTED], stretcher, -1)
        fit, more, tight = limits
        program.add(fit, stretcher, 1)
        program.add(more, chair, 1)
        program.add(tight, carers, 1)
        program.add(self.guards[at[0]], guardian, 1)
        program.add(route.intake, seated, 1 + (self.beside[at[1]] if self.linked else 0))
        program.add(route.intake, extra, 0 if self.linked else 1)

    def _vehicle(
        self, route: Route, n: int, t: int, at: tuple[int, int], limits: tuple[int, int, int]
    ) -> None:
        kind, add = self.frame.kind_on(at[0], self.kinds[t]), self.program.add
        fit, more, tight = limits
        if kind.ambulance:
            add(tight, n, -kind.seats)
            add(route.rows[CRITICAL], n, -kind.stretchers)
        else:
            add(route.rows[SEATS], n, -kind.seats)
            add(route.rows[SOFT], n, 0 if kind.rough else -kind.seats)
            add(route.rows[FITTED], n, -kind.stretchers)
        add(route.rows[LYING], n, -kind.stretchers)
        add(fit, n, -kind.max_fitted if kind.stretcher_seats else 0)
        add(more, n, -kind.max_extra_chairs if kind.wheelchair_seats else 0)
        add(self.pool[*at, CHAIRS], n, -kind.wheelchairs)
        add(self.pool[*at, LUGGAGE], n, -kind.luggage)

    def _still_on_the_road(self) -> None:
        """A vehicle that leaves on one slot is missing on later slots until it is back."""
        depart = self.frame.depart
        for (j, p, r), route in self.routes.items():
            _, end = self.board.span(j, p, r)
            for m in self.slots[self.place[j] :]:
                if m != j and end <= depart[m] - self.early:
                    break
                for t, n in route.vehicles.items():
                    self.program.add(self.fleet[m, t], n, 1)

    # -- the people's side --------------------------------------------------
    def _group(self, days: float) -> None:
        """Households alike in all that matters are one column; lying ones keep their demand."""
        demand, keys = self.demand, defaultdict(list)
        slots = np.array(self.slots, int)
        self.may: Flags = demand.may[np.ix_(self.homes, slots)]
        first = np.where(self.may.any(1), self.may.argmax(1), len(self.slots))
        if not days:
            self.groups: list[Ints] = [np.array([k]) for k in range(len(self.homes))]
            return
        wait = (demand.waited[self.homes] // (1440 * days)).astype(int)
        takes = demand.takes
        for k, home in enumerate(self.homes):
            row = takes[home]
            own = tuple(row) if row[LYING] else (row[CHILD], row[CHAIRS])
            keys[
                demand.pickup[home], demand.rank[home], wait[k], first[k], row[SOFT] > 0, own
            ].append(k)
        self.groups = [np.array(members, int) for members in keys.values()]

    def _people_side(self) -> None:
        """Columns of groups: their household numbers poured onto each slot they could take."""
        demand, program = self.demand, self.program
        self.pours: dict[tuple[int, int, int], int] = {}
        for g, members in enumerate(self.groups):
            homes = self.homes[members]
            takes = demand.takes[homes].mean(0)
            cost = demand.cost[homes].mean(0)
            cover = program.row(len(homes), len(homes))
            program.add(cover, self._pour(g, -1, -1, self.left[members].mean()), 1)
            p = int(demand.pickup[homes[0]])
            for k in np.flatnonzero(self.may[members].all(0)):
                j = self.slots[int(k)]
                if takes[LYING] or not self.moves_fleet:
                    self._lying(g, j, p, takes, cost[j], cover)
                    continue
                column = self._pour(g, j, -1, cost[j])
                program.add(cover, column, 1)
                for kind in POOLED:
                    program.add(self.pool[j, p, kind], column, takes[kind])

    def _driven(self, j: int, p: int, r: int) -> bool:
        return self.moves_fleet or bool(self.board.by_route.get((j, p, r)))

    def _pour(self, g: int, j: int, r: int, cost: float) -> int:
        column = self.pours[g, j, r] = self.program.column(float(cost))
        return column

    def _lying(self, g: int, j: int, p: int, takes: Floats, cost: float, cover: int) -> None:
        program = self.program
        for r in self.frame.routes[j][p]:
            if takes[LYING] and not self.frame.instance.receptions[r].medical:
                continue
            if not self._driven(j, p, r):
                continue
            column, route = self._pour(g, j, r, cost), self.routes[j, p, r]
            program.add(cover, column, 1)
            for kind in BY_ROUTE:
                sign = -1 if kind == CARERS else 1
                program.add(route.rows[kind], column, sign * takes[kind])
            for kind in (CHILD, LUGGAGE, CHAIRS):
                program.add(self.pool[j, p, kind], column, takes[kind])
            program.add(route.intake, column, takes[PERSONS])
            program.add(route.beds, column, takes[LYING])

    def slope(self) -> Floats:
        """Per column of people: the weight of one more day for its group; 1 for other columns."""
        out = np.ones(len(self.program.cost))
        weight = np.array([self.frame.instance.weight[need] for need in NEEDS])
        rates = [
            (
                self.demand.takes[self.homes[m], PERSONS] * weight[self.demand.rank[self.homes[m]]]
            ).mean()
            for m in self.groups
        ]
        for (g, _, _), column in self.pours.items():
            out[column] = rates[g]
        return out

    # -- solving --------------------------------------------------------------
    def sifted(self, columns: Ints) -> tuple[Any, Ints]:
        """Solves with these columns and all that prices call for; the solver and its columns."""
        solver = quiet()
        solver.passModel(self.program.lp(columns))
        cost = np.array(self.program.cost)
        for _ in range(12):
            solver.run()
            self.take_prices(np.array(solver.getSolution().row_dual))
            held = np.zeros(len(cost), bool)
            held[columns] = True
            more = np.flatnonzero(~held & (self.reduced < -1e-3))
            if not len(more):
                break
            starts, rows, values = self.program.part(more)
            solver.addCols(
                len(more),
                cost[more],
                np.zeros(len(more)),
                np.full(len(more), INFINITE),
                len(rows),
                starts[:-1],
                rows,
                values,
            )
            columns = np.concatenate([columns, more])
        return solver, columns

    def solve(self) -> Relaxation:
        """Solves the fluid program; afterwards `value`, `primal` and `dual` are there."""
        program = self.program
        solver = quiet()
        if len(program.cost) > 15000:  # the interior point is quicker there; any prices will do
            solver.setOptionValue("solver", "ipm")
            solver.setOptionValue("run_crossover", "off")
        solver.passModel(self.program.lp())
        solver.run()
        self.value = float(solver.getObjectiveValue())
        found = solver.getSolution()
        self.primal: Floats = np.array(found.col_value)
        self.take_prices(np.array(found.row_dual))
        return self

    def prices(self) -> dict[Name, float]:
        """The dual values of the vehicles' side by name."""
        names = self.program.names[: self.fleet_rows]
        return dict(zip(names, self.dual[: self.fleet_rows].tolist(), strict=True))

    def assume(self, prices: dict[Name, float]) -> None:
        """Takes prices of another program; each group pays its least at them."""
        program = self.program
        dual = np.zeros(len(program.high))
        dual[: self.fleet_rows] = [
            prices.get(name, 0.0) for name in program.names[: self.fleet_rows]
        ]
        self.take_prices(dual)
        least = np.full(len(self.groups), np.inf)
        of = np.array([g for g, _, _ in self.pours], int)
        columns = np.array(list(self.pours.values()), int)
        np.minimum.at(least, of, self.reduced[columns])
        dual[self.fleet_rows :] = least
        self.take_prices(dual)

    def take_prices(self, dual: Floats) -> None:
        """Takes these dual values as prices; whatever they are, the bound stays a bound."""
        self.dual = dual
        dual[: self.fleet_rows] = np.minimum(0, dual[: self.fleet_rows])
        program = self.program
        rows, of = np.array(program.rows, int), np.array(program.columns, int)
        reduced = np.array(program.cost)
        np.subtract.at(reduced, of, dual[rows] * np.array(program.values))
        self.reduced: Floats = reduced

    def poured(self) -> dict[int, tuple[int, int, float]]:
        """Household to the slot that most of it is poured on, its reception (-1: any), its part.

        For programs with a group for each household; who is mostly left is not there.
        """
        best: dict[int, tuple[int, int, float]] = {}
        for (g, j, r), column in self.pours.items():
            part = float(self.primal[column])
            home = int(self.homes[self.groups[g][0]])
            if part > 1e-6 and (home not in best or part > best[home][2]):
                best[home] = (j, r, part)
        return {home: row for home, row in best.items() if row[0] >= 0}

    def price(self, row: int) -> float:
        """What one more unit of a limit is worth, in weighted person-days."""
        return -float(self.dual[row])

    def payment(self) -> Floats:
        """Households x slots: the price of the places each would take up; infinite if barred."""
        demand, out = self.demand, np.full((len(self.homes), len(self.slots)), np.inf)
        pickup = demand.pickup[self.homes]
        lies = demand.lies[self.homes] | (not self.moves_fleet)
        takes = demand.takes[self.homes]
        for k, j in enumerate(self.slots):
            for p, ways in enumerate(self.frame.routes[j]):
                if not ways:
                    continue
                price = np.array([self.price(self.pool[j, p, kind]) for kind in POOLED])
                here = (pickup == p) & ~lies
                out[here, k] = takes[np.ix_(here, POOLED)] @ price
                here = (pickup == p) & lies
                if here.any():
                    out[here, k] = self._lying_payment(takes[here], (j, p))
        out[~self.may] = np.inf
        return out

    def _lying_payment(self, takes: Floats, at: tuple[int, int]) -> Floats:
        best = np.full(len(takes), np.inf)
        for r in self.frame.routes[at[0]][at[1]]:
            if self._driven(*at, r):
                pay = self.lying_payment(takes, (*at, r))
                if not self.frame.instance.receptions[r].medical:
                    pay[takes[:, LYING] > 0] = np.inf
                best = np.minimum(best, pay)
        return best

    def lying_payment(self, takes: Floats, at: tuple[int, int, int]) -> Floats:
        """What families with somebody lying would pay on one route."""
        route = self.routes[at]
        pay = takes[:, PERSONS] * self.price(route.intake) + takes[:, LYING] * self.price(
            route.beds
        )
        for kind in BY_ROUTE:
            sign = -1 if kind == CARERS else 1
            pay = pay + sign * takes[:, kind] * self.price(route.rows[kind])
        for kind in (CHILD, LUGGAGE, CHAIRS):
            pay = pay + takes[:, kind] * self.price(self.pool[at[0], at[1], kind])
        return pay

    def bound(self) -> float:
        """A proven lower limit of the weighted waiting of these households."""
        demand = self.demand
        cost = demand.cost[np.ix_(self.homes, np.array(self.slots, int))] + self.payment()
        least = np.hstack([cost, self.left[:, None]]).min(1).sum()
        roof = self._roof()
        earned = np.minimum(0, self.reduced[: self.fleet_columns]) @ roof
        limits = np.array(self.program.high[: self.fleet_rows])
        return float(least + earned + self.dual[: self.fleet_rows] @ limits)

    def _roof(self) -> Floats:
        """An upper limit of each column of the vehicles' side in any legal plan."""
        total = sum(
            max(kind.seats + kind.max_fitted + kind.stretchers + kind.wheelchairs, 1) * 2
            for kind in self.frame.kind
        )
        return np.full(self.fleet_columns, float(max(total, 1)))

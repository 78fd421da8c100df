"""Whole families into the vehicles of one slot, by what leaving now saves against later."""

from __future__ import annotations

from collections.abc import Sequence

from corridor.engines.planning.board import Board, Ride
from corridor.engines.planning.instance import Unit


class Seating:
    """The rides of one slot and pick-up, and who is to be seated on them.

    `gain[h]`: what household h saves by leaving on this slot; `share[h]`: the part of the places
    it takes up, at their prices. Their ratio is the order. `wanted[h]`: the reception (-1: any)
    and the part of household h that the seats were priced for; if that is more than `line` it is
    seated first. With `guided` wheelchairs come before people lying.
    """

    def __init__(
        self,
        board: Board,
        slot: int,
        pickup: int,
        gain: dict[int, float],
        share: dict[int, float],
        wanted: dict[int, tuple[int, float]],
        line: float = 0.5,
        guided: bool = True,
    ) -> None:
        self.board, self.frame = board, board.frame
        self.slot, self.pickup, self.gain = slot, pickup, gain
        self.convoys = [
            convoy
            for r in self.frame.routes[slot][pickup]
            if (convoy := board.by_route.get((slot, pickup, r)))
        ]
        self.rides = [ride for convoy in self.convoys for ride in convoy]
        self.ratio = {h: gain[h] / (share[h] + 1e-9) for h in gain}
        self.wanted, self.guided = wanted, guided
        self.head = [h for h in gain if wanted.get(h, (0, 0.0))[1] > line]
        self.queue = sorted(self.ratio, key=lambda h: (-self.ratio[h], h))
        self.head.sort(key=lambda h: (-self.ratio[h], h))
        self.rest = [h for h in self.queue if wanted.get(h, (0, 0.0))[1] <= line]

    def seat_wanted(self) -> None:
        """Seats those whom the prices want here, the hard cases and large families first."""
        last = len(self.frame.slots)
        for home in sorted(self.head, key=self._hardness):
            if self.board.slot_of[home] == last:
                self.seat(home)

    def make_room(self) -> None:
        """Those of them without a seat take the places of others who are worth less."""
        for home in self.head:
            if self.board.slot_of[home] == len(self.frame.slots):
                self._make_room(home)

    def fill(self) -> None:
        """Gaps go to the rest in order of worth, then whoever is worth more changes in."""
        self._fill_gaps(self.rest)
        for home in self.rest[: 3 * len(self.rides)]:
            if self.board.slot_of[home] == len(self.frame.slots):
                self._make_room(home)
        self._fill_gaps(self.queue)

    def _hardness(self, home: int) -> tuple[float, ...]:
        units = self.frame.households[home].units
        return (
            -sum(u.critical for u in units),
            -self._wheelchairs(home) if self.guided else 0,
            -self.frame.lying[home],
            -sum(u.unaccompanied + u.wheelchairs for u in units),
            all(u.rough_ok for u in units),
            -max(u.seats for u in units),
            -self.ratio[home],
        )

    def seat(self, home: int) -> bool:
        """Seats a household where it fits best, in one convoy.

        Prices share out places for wheelchairs over all convoys of the pick-up, so who needs one
        goes where such a place is, not where the prices sent them.
        """
        reception = self.wanted.get(home, (-1, 0.0))[0]
        if reception >= 0 and (self.frame.lying[home] or not self._wheelchairs(home)):
            rides = self.board.by_route.get((self.slot, self.pickup, reception), [])
            if self.board.seat_home(home, rides):
                return True
        if len(self.frame.units_of[home]) == 1:
            return self.board.seat_home(home, self.rides)
        convoys = self.convoys
        if self._wheelchairs(home):
            convoys = sorted(convoys, key=lambda rides: -max(x.fixed_chairs for x in rides))
        return any(self.board.seat_home(home, convoy) for convoy in convoys)

    def _wheelchairs(self, home: int) -> int:
        return sum(unit.wheelchairs for unit in self.frame.households[home].units)

    def _fill_gaps(self, queue: Sequence[int]) -> None:
        last = len(self.frame.slots)
        most = max((r.load.free for r in self.rides), default=0)
        for home in queue:
            if most <= 0:
                break
            if self.board.slot_of[home] != last:
                continue
            units = self.frame.households[home].units
            if min(u.seats for u in units) <= most and self.seat(home):
                most = max(r.load.free for r in self.rides)

    def _make_room(self, home: int) -> None:
        """Seats a household in the place of others aboard who are worth less together."""
        if not self.frame.plain[home]:
            self._make_much_room(home)
            return
        best: tuple[float, Ride, list[int]] | None = None
        for ride in self.rides:
            found = self._cheapest(ride, home)
            if found and (best is None or found[0] < best[0]):
                best = (found[0], ride, found[1])
        if best is None or best[0] >= self.gain[home] - 1e-9:
            return
        _, ride, leaving = best
        unit = self.frame.units_of[home][0]
        for other in leaving:
            self.board.take_home(other)
        if self.board.refuses(unit, ride):
            for other in leaving:
                self.board.put(self.frame.units_of[other][0], ride)
            return
        self.board.put(unit, ride)
        for other in sorted(leaving, key=lambda h: -self.gain[h]):
            self.seat(other)

    def _make_much_room(self, home: int) -> None:
        """The same for a household that needs more than seats: the least worth leave one by one."""
        reception = self.wanted.get(home, (-1, 0.0))[0]
        for convoy in self.convoys:
            if reception >= 0 and convoy[0].reception != reception:
                continue
            rows = sorted(
                (self.gain[h], h, u, ride)
                for ride in convoy
                for u in ride.aboard
                if self.frame.plain[h := self.frame.owner[u]] and h in self.gain
            )
            left: list[tuple[int, int, Ride]] = []
            worth = 0.0
            for gain, other, unit, ride in rows:
                worth += gain
                if worth >= self.gain[home]:
                    break
                self.board.take(unit)
                left.append((other, unit, ride))
                if self.board.seat_home(home, convoy):
                    break
            done = self.board.slot_of[home] == self.slot
            for other, unit, ride in reversed(left):
                if not self.board.refuses(unit, ride):
                    self.board.put(unit, ride)
                elif done:
                    self.seat(other)
            if done:
                return

    def _cheapest(self, ride: Ride, home: int) -> tuple[float, list[int]] | None:
        """The least worth of at most two households that make room for this one on a ride."""
        unit = self.frame.households[home].units[0]
        kind = ride.kind
        if kind.ambulance or (kind.rough and not unit.rough_ok):
            return None
        lacking = unit.seats - ride.load.free
        slack = kind.luggage - ride.load.luggage - unit.luggage
        people = self.board.room(ride)[0] - unit.persons
        rows = []
        for u in ride.aboard:
            other = self.frame.owner[u]
            if self.frame.plain[other] and other in self.gain:
                rows.append((self.gain[other], self.frame.units[u], other))
        best: tuple[float, list[int]] | None = None
        rows.sort(key=lambda row: row[0])
        for n, (worth, one, other) in enumerate(rows):
            if best is not None and worth >= best[0]:
                break
            if self._enough((one,), lacking, slack, people):
                best = (worth, [other])
                break
            for more, two, second in rows[n + 1 :]:
                if best is not None and worth + more >= best[0]:
                    break
                if self._enough((one, two), lacking, slack, people):
                    best = (worth + more, [other, second])
                    break
        return best

    @staticmethod
    def _enough(units: Sequence[Unit], lacking: int, slack: int, people: int) -> bool:
        return (
            sum(u.seats for u in units) >= lacking
            and sum(u.luggage for u in units) + slack >= 0
            and sum(u.persons for u in units) + people >= 0
        )

"""Exchanges on a finished plan: earlier seats and swaps, as long as the weighted waiting falls.

Standard library only. Only households of one ordinary unit change places; the others keep
theirs, or move up where a seat is free.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable

from corridor.engines.planning.board import Board, Ride

LEAST = 1e-6


class Exchange:
    """Moves and swaps inside each pick-up; `locked` households stay where they are.

    `pickups`: only these, if given.
    """

    def __init__(
        self,
        board: Board,
        locked: frozenset[int] = frozenset(),
        go_on: Callable[[], bool] = lambda: True,
        pickups: frozenset[int] | None = None,
    ) -> None:
        self.board, self.frame, self.locked, self.go_on = board, board.frame, locked, go_on
        self.last = len(self.frame.slots)
        self.homes = self.frame.waiting(pickups)

    def run(self, rounds: int = 6) -> None:
        """Until nothing more is gained, or it is told to stop."""
        for _ in range(rounds):
            before = self.board.value()
            for pickup in sorted(self.homes):
                if not self.go_on():
                    return
                self.move_up(pickup)
                self.swap(pickup)
            if self.board.value() > before * (1 - 2e-5):
                return

    # -- free seats -------------------------------------------------------------
    def move_up(self, pickup: int) -> None:
        """Whoever gains most first: into seats that are free earlier."""
        board, frame = self.board, self.frame
        rows = [
            (frame.cost[h][board.slot_of[h]], h)
            for h in self.homes[pickup]
            if board.slot_of[h] and h not in self.locked
        ]
        convoys = [
            [(r, board.by_route.get((j, pickup, r), [])) for r in frame.routes[j][pickup]]
            for j in range(self.last)
        ]
        most = [
            max((x.load.free for _, rides in slot for x in rides), default=-1) for slot in convoys
        ]
        for _, home in sorted(rows, reverse=True):
            self._up(home, convoys, most)

    def _up(self, home: int, convoys: list[list[tuple[int, list[Ride]]]], most: list[int]) -> None:
        board, frame = self.board, self.frame
        units = frame.households[home].units
        least, ready = max(u.seats for u in units), frame.households[home].ready
        was = board.slot_of[home]
        old = list(zip(frame.units_of[home], board.rides_of(home), strict=False))
        for j in range(was):
            if most[j] < least or frame.depart[j] < ready:
                continue
            if frame.cost[home][j] >= frame.cost[home][was] - LEAST:
                continue
            board.take_home(home)
            done = any(board.seat_home(home, rides) for _, rides in convoys[j])
            most[j] = max((x.load.free for _, rides in convoys[j] for x in rides), default=-1)
            if done:
                if was < self.last:
                    freed = [x.load.free for _, rides in convoys[was] for x in rides]
                    most[was] = max(freed, default=-1)
                return
            for unit, ride in old:
                board.put(unit, ride)

    # -- swaps --------------------------------------------------------------------
    def swap(self, pickup: int) -> None:
        """Pairs of households on two slots, and of one with two, that change places."""
        order = [j for j in range(self.last) if self.frame.routes[j][pickup]]
        for s in [*order[1:], self.last]:
            for j in order:
                if j >= s or not self.go_on():
                    break
                self._between(pickup, j, s)

    def _between(self, pickup: int, j: int, s: int) -> None:
        """Swaps between an earlier slot j and a later slot s (or those who are left)."""
        board, frame = self.board, self.frame
        cost, depart = frame.cost, frame.depart[j]
        late = [
            (cost[h][s] - cost[h][j], h)
            for h in self._on(pickup, s)
            if frame.households[h].ready <= depart
        ]
        early = [(cost[h][s] - cost[h][j], h) for h in self._on(pickup, j)]
        if not late or not early:
            return
        late.sort(reverse=True)
        cheap = self._cheapest_by_size(early)
        pairs = self._pairs_by_size(pickup, j, s)
        for gain, home in late:
            seats = frame.units[frame.units_of[home][0]].seats
            tries = 0
            for lost, other in cheap.get(seats, ()):
                if lost >= gain - LEAST or tries > 4:
                    break
                tries += 1
                if board.slot_of[other] == j and self._change(home, [other]):
                    break
            else:
                tries = 0
            if board.slot_of[home] == j:
                continue
            for lost, one, two in pairs.get(seats, ()):
                if lost >= gain - LEAST or tries > 8:
                    break
                if board.slot_of[one] != j or board.slot_of[two] != j:
                    continue
                tries += 1
                if self._change(home, [one, two]):
                    break

    def _on(self, pickup: int, s: int) -> list[int]:
        if s == self.last:
            board, plain = self.board, self.frame.plain
            return [
                h
                for h in self.homes[pickup]
                if board.slot_of[h] == s and plain[h] and h not in self.locked
            ]
        frame = self.frame
        found = []
        for r in frame.routes[s][pickup]:
            for ride in self.board.by_route.get((s, pickup, r), ()):
                found += [
                    h
                    for u in ride.aboard
                    if frame.plain[h := frame.owner[u]] and h not in self.locked
                ]
        return found

    def _cheapest_by_size(
        self, early: list[tuple[float, int]]
    ) -> dict[int, list[tuple[float, int]]]:
        frame = self.frame
        out: dict[int, list[tuple[float, int]]] = defaultdict(list)
        for lost, home in sorted(early):
            seats = frame.units[frame.units_of[home][0]].seats
            for size in (seats, seats - 1):
                if size > 0 and len(out[size]) < 12:
                    out[size].append((lost, home))
        return out

    def _pairs_by_size(
        self, pickup: int, j: int, s: int
    ) -> dict[int, list[tuple[float, int, int]]]:
        """Cheapest pairs in one vehicle, by the seats they give together with what is free."""
        frame, cost = self.frame, self.frame.cost
        out: dict[int, list[tuple[float, int, int]]] = defaultdict(list)
        for r in frame.routes[j][pickup]:
            for ride in self.board.by_route.get((j, pickup, r), ()):
                rows = sorted(
                    (cost[h][s] - cost[h][j], h, frame.units[u].seats)
                    for u in ride.aboard
                    if frame.plain[h := frame.owner[u]] and h not in self.locked
                )[:7]
                for n, (one, home, seats) in enumerate(rows):
                    for two, other, more in rows[n + 1 :]:
                        out[seats + more + ride.load.free].append((one + two, home, other))
        return {size: sorted(rows)[:8] for size, rows in out.items()}

    def _change(self, home: int, leaving: list[int]) -> bool:
        """Puts `home` in the place of those, who go to its place or later; False if it costs."""
        board, frame = self.board, self.frame
        unit = frame.units_of[home][0]
        place, old = board.at[frame.units_of[leaving[0]][0]], board.at[unit]
        if place is None:
            return False
        before = sum(frame.cost[h][board.slot_of[h]] for h in (home, *leaving))
        board.take_home(home)
        for other in leaving:
            board.take_home(other)
        done = []
        if not board.refuses(unit, place):
            board.put(unit, place)
            done.append(home)
            for other in leaving:
                second = frame.units_of[other][0]
                if old is not None and not board.refuses(second, old):
                    board.put(second, old)
        after = sum(frame.cost[h][board.slot_of[h]] for h in (home, *leaving))
        if done and after < before - LEAST:
            return True
        for other in (home, *leaving):
            board.take_home(other)
        if old is not None:
            board.put(unit, old)
        for other in leaving:
            board.put(frame.units_of[other][0], place)
        return False

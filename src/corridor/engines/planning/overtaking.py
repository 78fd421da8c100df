"""The pass that removes overtaking: nobody with less need keeps an earlier seat of someone's.

A household is overtaken if a household from the same pick-up, no larger and with less need,
leaves on an earlier slot in seats that it could have used with the vehicle still legal. Both are
households of one ordinary unit. The two change places; who has to give way is seated again as
early as there is room where nobody is overtaken. If a limit of the reception forbids every change,
whoever overtakes gives way all the same, so none is left in the end but by those who were told.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from corridor.engines.planning.board import Board, Ride


class Ahead(NamedTuple):
    """A household aboard, and what its place would offer: seats and kilograms."""

    home: int
    ride: Ride
    seats: int
    luggage: int


class Overtaking:
    """Finds and removes overtaking on a board; `locked` households keep what they were told."""

    def __init__(self, board: Board, locked: frozenset[int] = frozenset()) -> None:
        self.board, self.frame, self.locked = board, board.frame, locked
        self.last = len(self.frame.slots)
        self.homes = self.frame.waiting()
        self.cache: dict[tuple[int, int], list[Ahead]] = {}

    def overtaken(self, pickups: Iterable[int] | None = None) -> set[int]:
        """Households that are overtaken, at these pick-ups or all."""
        return {
            home
            for pickup in (self.homes if pickups is None else pickups)
            for home in self.homes.get(pickup, ())
            if any(self.ahead(home, j) for j in range(self.board.slot_of[home]))
        }

    def count(self, pickups: Iterable[int] | None = None) -> int:
        """How many those are."""
        return len(self.overtaken(pickups))

    def ahead(self, home: int, j: int) -> list[Ahead]:
        """Who overtakes this household on slot j."""
        frame = self.frame
        if not frame.plain[home] or frame.rank[home] == 3:
            return []
        if frame.depart[j] < frame.households[home].ready:
            return []
        if frame.depart[j] >= self._leaves(home):
            return []
        unit = frame.units[frame.units_of[home][0]]
        return [
            row
            for row in self._on(frame.pickup[home], j)
            if frame.rank[row.home] > frame.rank[home]
            and row.seats >= unit.seats
            and row.luggage >= unit.luggage
            and frame.persons[row.home] <= frame.persons[home]
            and (unit.rough_ok or not row.ride.kind.rough)
        ]

    def _leaves(self, home: int) -> float:
        slot = self.board.slot_of[home]
        return self.frame.depart[slot] if slot < self.last else float("inf")

    def _on(self, pickup: int, j: int) -> list[Ahead]:
        key = (pickup, j)
        if key not in self.cache:
            self.cache[key] = self._read(pickup, j)
        return self.cache[key]

    def _read(self, pickup: int, j: int) -> list[Ahead]:
        frame = self.frame
        rows = []
        for r in frame.routes[j][pickup]:
            for ride in self.board.by_route.get((j, pickup, r), ()):
                if ride.kind.ambulance:
                    continue
                for u in ride.aboard:
                    home = frame.owner[u]
                    if frame.plain[home] and frame.rank[home]:
                        unit, load = frame.units[u], ride.load
                        seats = max(0, load.free) + unit.seats
                        luggage = ride.kind.luggage - load.luggage + unit.luggage
                        rows.append(Ahead(home, ride, seats, luggage))
        return rows

    def remove(self) -> int:
        """Removes all overtaking it can, the most pressing first; the changes made.

        After each round the seats that came free go to whoever is left, by need. What no change
        removes ends with the one with less need going later; that ends, since nobody goes earlier.
        """
        changes = 0
        for _ in range(12):
            made = sum(self._remove_for(rank) for rank in range(3))
            made = made or self._give_way()
            changes += made
            if not made:
                break
            self._move_up()
        while made := self._yield():
            changes += made
        self._move_up()
        return changes

    def _yield(self) -> int:
        """The last resort: who overtakes goes later, and nobody takes the place."""
        made = 0
        for homes in self.homes.values():
            for home in homes:
                for j in range(self.board.slot_of[home]):
                    while rows := [x for x in self.ahead(home, j) if x.home not in self.locked]:
                        who = max(rows, key=lambda x: (self.frame.rank[x.home], -x.home)).home
                        self.board.take_home(who)
                        self._seat_after(who, j + 1)
                        self.cache.clear()
                        made += 1
        return made

    def _give_way(self) -> int:
        """Where no change is legal, who overtakes goes later; as great a need takes the place."""
        made = 0
        for homes in self.homes.values():
            for home in homes:
                for j in range(self.board.slot_of[home]):
                    for row in self.ahead(home, j):
                        if row.home not in self.locked:
                            self._send_back(row, home)
                            made += 1
        return made

    def _send_back(self, row: Ahead, home: int) -> None:
        board, frame = self.board, self.frame
        board.take_home(row.home)
        rows = [
            h
            for h in self.homes[row.ride.pickup]
            if frame.rank[h] <= frame.rank[home]
            and board.slot_of[h] > row.ride.slot
            and frame.households[h].ready <= frame.depart[row.ride.slot]
            and len(frame.units_of[h]) == 1
            and h not in self.locked
        ]
        rows.sort(key=lambda h: (frame.rank[h], -frame.persons[h], h))
        for other in rows:
            unit = frame.units_of[other][0]
            old = board.at[unit]
            board.take(unit)
            if not board.refuses(unit, row.ride):
                board.put(unit, row.ride)
                break
            if old is not None:
                board.put(unit, old)
        self._seat_after(row.home, min(board.slot_of[home], self.last))
        self.cache.clear()

    def _move_up(self) -> None:
        """Whoever is left takes the earliest free seat, by need, large families first."""
        frame = self.frame
        out = [h for h, slot in enumerate(self.board.slot_of) if slot == self.last]
        for home in sorted(out, key=lambda h: (frame.rank[h], -frame.persons[h], h)):
            self._seat_after(home, 0)
        self.cache.clear()

    def _remove_for(self, rank: int) -> int:
        made = 0
        for pickup in sorted(self.homes):
            homes = [h for h in self.homes[pickup] if self.frame.rank[h] == rank]
            homes.sort(key=lambda h: (-self.frame.persons[h], self.frame.cost[h][0], h))
            for home in homes:
                made += self._raise(home)
        return made

    def _raise(self, home: int) -> int:
        for j in range(self.board.slot_of[home]):
            rows = [row for row in self.ahead(home, j) if row.home not in self.locked]
            rows.sort(key=lambda row: (-self.frame.rank[row.home], row.seats, row.home))
            for row in rows:
                if self._change(home, row):
                    return 1
            if rows and home not in self.locked and self._evict(home, rows):
                return 1
        return 0

    def _forget(self, pickup: int, *slots: int) -> None:
        for slot in slots:
            self.cache.pop((pickup, slot), None)

    def _change(self, home: int, row: Ahead) -> bool:
        """Home takes the place, the other goes to where home sat, or as early as there is room."""
        if home in self.locked:
            return False
        board, frame = self.board, self.frame
        unit, other = frame.units_of[home][0], frame.units_of[row.home][0]
        old = board.at[unit]
        board.take_home(home)
        board.take_home(row.home)
        gone = self._make_intake(unit, row)
        if board.refuses(unit, row.ride):
            for third, ride in gone:
                board.put(frame.units_of[third][0], ride)
            board.put(other, row.ride)
            if old is not None:
                board.put(unit, old)
            return False
        board.put(unit, row.ride)
        if old is not None and not board.refuses(other, old):
            board.put(other, old)
        else:
            self._seat_after(row.home, row.ride.slot)
        for third, ride in gone:
            self._seat_after(third, ride.slot)
            self._forget(frame.pickup[third], ride.slot)
        slots = [row.ride.slot, board.slot_of[row.home]]
        self._forget(frame.pickup[home], *slots, *([old.slot] if old else []))
        return True

    def _make_intake(self, unit: int, row: Ahead) -> list[tuple[int, Ride]]:
        """Takes the least off rides to a reception that is full by the people of this change."""
        board, frame = self.board, self.frame
        if board.refuses(unit, row.ride) != "reception-intake":
            return []
        lacking = frame.units[unit].persons - board.room(row.ride)[0]
        day = frame.day[row.ride.slot][row.ride.pickup, row.ride.reception]
        rows = []
        for (j, p, r), rides in board.by_route.items():
            if r != row.ride.reception or frame.day[j][p, r] != day:
                continue
            for ride in rides:
                for u in ride.aboard:
                    home = frame.owner[u]
                    may = frame.plain[home] and home not in self.locked
                    if may and frame.rank[home] == 3 and frame.persons[home] >= lacking:
                        rows.append((frame.cost[home][self.last], home, ride))
        if not rows:
            return []
        _, third, ride = min(rows, key=lambda x: x[:2])
        board.take_home(third)
        return [(third, ride)]

    def _evict(self, home: int, rows: list[Ahead]) -> bool:
        """Takes as many with less need off one vehicle as it takes to seat home there."""
        board, frame = self.board, self.frame
        unit = frame.units_of[home][0]
        old = board.at[unit]
        board.take_home(home)
        for ride in dict.fromkeys(row.ride for row in rows):
            out = [
                row.home
                for row in self._read(frame.pickup[home], ride.slot)
                if row.ride is ride
                and frame.rank[row.home] > frame.rank[home]
                and row.home not in self.locked
            ]
            gone = []
            for other in sorted(out, key=lambda h: (-frame.rank[h], frame.persons[h])):
                board.take_home(other)
                gone.append(other)
                if not board.refuses(unit, ride):
                    break
            if not board.refuses(unit, ride):
                board.put(unit, ride)
                for other in gone:
                    self._seat_after(other, ride.slot)
                self.cache.clear()
                return True
            for other in gone:
                board.put(frame.units_of[other][0], ride)
        if old is not None:
            board.put(unit, old)
        return False

    def _seat_after(self, home: int, slot: int) -> None:
        """The earliest seat from this slot on where nobody is overtaken."""
        board, frame = self.board, self.frame
        pickup = frame.pickup[home]
        for j in range(slot, self.last):
            if frame.depart[j] < frame.households[home].ready:
                continue
            for r in frame.routes[j][pickup]:
                if board.seat_home(home, board.by_route.get((j, pickup, r), [])):
                    if self._overtakes(home):
                        board.take_home(home)
                        continue
                    self._forget(pickup, j)
                    return

    def _overtakes(self, home: int) -> bool:
        """Whether this household sits where somebody with greater need could, who leaves later."""
        board, frame = self.board, self.frame
        unit = frame.units[frame.units_of[home][0]]
        ride = board.at[frame.units_of[home][0]]
        if ride is None or ride.kind.ambulance or not frame.plain[home]:
            return False
        at, seats = frame.depart[ride.slot], max(0, ride.load.free) + unit.seats
        luggage = ride.kind.luggage - ride.load.luggage + unit.luggage
        for other in self.homes[ride.pickup]:
            if (
                frame.rank[other] < frame.rank[home]
                and frame.plain[other]
                and frame.persons[other] >= frame.persons[home]
                and frame.households[other].ready <= at < self._leaves(other)
            ):
                one = frame.units[frame.units_of[other][0]]
                roof = one.rough_ok or not ride.kind.rough
                if one.seats <= seats and one.luggage <= luggage and roof:
                    return True
        return False

"""The list in its order, read in parts and counted where it lies, never as a whole. Read only.

Families are read as they were folded. Those to which two people gave another class, and those of
linked records, are looked at member by member instead: their number does not grow with the list.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple, overload

from corridor.engines.turns import DAY_MS, Family, without_members
from corridor.journal.node import Node
from corridor.journal.store import marks
from corridor.stops.waiting.queries.order import linked, whole_families
from corridor.stops.waiting.queries.overrides import overrides_in_force

_COLUMNS = "family, household, place, urgency, since_ms, lot, people"
_ORDER = "urgency, day, lot"


class Before(NamedTuple):
    """What stands before a family at its place: groups, and people by what decides the order."""

    groups: int
    greater_need: int
    longer: int
    drawn: int


class Line(Sequence[Family]):
    """Who waits at one place, or everywhere, as things stand now.

    `people` human beings wait in so many families as its length says. A slice of it gives
    families with their numbers, which begin anew at each place.
    """

    def __init__(self, node: Node, place: str = "") -> None:
        self._node = node
        together = linked(node)
        special = [one.subject for one in overrides_in_force(node)] + list(together.roots)
        keys, groups = whole_families(node, together, special) if special else (set(), [])
        self._from, self._values = _source(
            place, keys, [one for one in without_members(groups) if not place or one.place == place]
        )
        self._before: dict[tuple[str, str, int, str], Before] = {}
        row = self._ask("SELECT COUNT(*), COALESCE(SUM(people), 0)")[0]
        self._length, self.people = int(row[0]), int(row[1])

    def __len__(self) -> int:
        return self._length

    @overload
    def __getitem__(self, wanted: int) -> Family: ...
    @overload
    def __getitem__(self, wanted: slice) -> list[Family]: ...
    def __getitem__(self, wanted: int | slice) -> Family | list[Family]:
        if isinstance(wanted, int):
            place = range(self._length)[wanted]
            return self[place : place + 1][0]
        start, stop, _step = wanted.indices(self._length)
        return self._read(f"ORDER BY {_ORDER} LIMIT %s OFFSET %s", [max(0, stop - start), start])

    def __iter__(self) -> Iterator[Family]:
        return iter(self[:])

    def first_of(self, keys: Collection[str]) -> Family | None:
        """Of these families (or persons alone) the one that stands first."""
        if not keys:
            return None
        where = f"WHERE family IN ({marks(len(keys))}) ORDER BY {_ORDER} LIMIT 1"
        return next(iter(self._read(where, list(keys))), None)

    def before(self, family: Family) -> Before:
        """Who stands before this family at its place."""
        at = (family.place, *family.key)
        if at not in self._before:
            self._before[at] = self._counted_before(*at)
        return self._before[at]

    def _counted_before(self, place: str, need: str, day: int, lot: str) -> Before:
        row = self._ask(
            """
            SELECT COUNT(*), COALESCE(SUM(CASE WHEN urgency < %s THEN people END), 0),
              COALESCE(SUM(CASE WHEN urgency = %s AND day < %s THEN people END), 0),
              COALESCE(SUM(CASE WHEN urgency = %s AND day = %s THEN people END), 0)
            """,
            "WHERE place = %s AND (urgency, day, lot) < (%s, %s, %s)",
            [need, need, day, need, day],
            [place, need, day, lot],
        )[0]
        return Before(*map(int, row))

    def size_at(self, place: str) -> int:
        """How many families wait at one place."""
        return int(self._ask("SELECT COUNT(*)", "WHERE place = %s", (), [place])[0][0])

    def _read(self, how: str, values: Sequence[str | int]) -> list[Family]:
        """Families in their order, each with its number."""
        found = []
        reached: dict[str, int] = {}
        for one in map(Family._make, self._ask(f"SELECT {_COLUMNS}, 0", how, (), values)):
            if one.place not in reached:
                reached[one.place] = self.before(one).groups
            reached[one.place] += 1
            found.append(one._replace(number=reached[one.place]))
        return found

    def _ask(
        self,
        select: str,
        how: str = "",
        first: Sequence[str | int] = (),
        last: Sequence[str | int] = (),
    ) -> list[tuple[str | int, ...]]:
        with self._node.cursor() as cursor:
            cursor.execute(
                f"{select} FROM ({self._from}) AS line {how}", [*first, *self._values, *last]
            )
            rows: list[tuple[str | int, ...]] = cursor.fetchall()
        return rows


def _source(place: str, keys: set[str], special: Sequence[Family]) -> tuple[str, list[str | int]]:
    """The rows of the list as SQL with its values: folded families, and the others beside them."""
    where, values = [], list[str | int]()
    if place:
        where.append("place = %s")
        values.append(place)
    if keys:
        where.append(f"family NOT IN ({marks(len(keys))})")
        values += sorted(keys)
    sql = f"SELECT {_COLUMNS}, day FROM waiting_family"  # noqa: S608 (names of columns)
    if where:
        sql += f" WHERE {' AND '.join(where)}"
    if special:
        sql += f" UNION ALL VALUES {', '.join([f'({marks(8)})'] * len(special))}"
        for one in special:
            values += [*one[:-1], one.since_ms // DAY_MS]
    return sql, values

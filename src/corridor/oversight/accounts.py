"""Where everybody is, now or at a time of the past, by state and place, without remainder."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from corridor.journal.node import Node
from corridor.people.past import Moment, counted_at
from corridor.people.queries import STATES, counted

#: In these states the journey says more than the vehicle.
_ON_THE_WAY = ("aboard", "not_accounted_for")


@dataclass(frozen=True)
class Numbers:
    """Human beings by state and by where: a place, a convoy, or "" where neither is known."""

    cells: Mapping[tuple[str, str], int]

    @property
    def states(self) -> dict[str, int]:
        """Number in each state, in the order in which they are told; empty ones are left out."""
        found: Counter[str] = Counter()
        for (state, _where), count in self.cells.items():
            found[state] += count
        return {state: found[state] for state in STATES if found[state]}

    @property
    def total(self) -> int:
        """All human beings."""
        return sum(self.cells.values())

    def where(self, reached: Callable[[str], bool]) -> Numbers:
        """The part of them that is at places, or with convoys, that somebody reaches."""
        known = {where: reached(where) for _state, where in self.cells}
        return Numbers({cell: count for cell, count in self.cells.items() if known[cell[1]]})

    def places(self) -> list[tuple[str, dict[str, int]]]:
        """Where, and how many are there in each state; the largest first, nowhere last."""
        found: dict[str, dict[str, int]] = {}
        for (state, where), count in self.cells.items():
            found.setdefault(where, {})[state] = count
        return sorted(found.items(), key=lambda one: (not one[0], -sum(one[1].values()), one[0]))


@dataclass(frozen=True)
class Remainder:
    """What the accounts leave out: nothing, or something is wrong that somebody must find.

    `persons` is how many human beings are registered or moved, `told` how many the accounts tell;
    `without` are records that no account has, and `unknown` states that have no name.
    """

    persons: int
    told: int
    without: tuple[str, ...]
    unknown: tuple[str, ...]

    @property
    def is_empty(self) -> bool:
        """Whether each person is somewhere, seen by somebody, or openly listed."""
        return self.persons == self.told and not self.without and not self.unknown


def numbers(node: Node) -> Numbers:
    """Where everybody is now, linked records counted once."""
    return _numbers(counted(node))


def as_it_was(node: Node, at_ms: int, *, known: bool = True) -> Numbers:
    """Where everybody was at a time: as it was known then, or as it had happened by then."""
    return _numbers(counted_at(node, Moment(at_ms, known)))


#: Records that no account has: registered or moved, and nowhere.
_WITHOUT = """
    SELECT id FROM people_person EXCEPT SELECT person FROM people_whereabouts
    UNION SELECT * FROM (
      SELECT person FROM people_movement EXCEPT SELECT person FROM people_whereabouts) AS moved
"""

#: Linked records that are registered or moved, and how many human beings those are.
_LINKED = """
    SELECT COUNT(*), COUNT(DISTINCT root) FROM people_cluster c
    WHERE EXISTS (SELECT 1 FROM people_person p WHERE p.id = c.person)
       OR EXISTS (SELECT 1 FROM people_movement m WHERE m.person = c.person)
"""

_MOVED_ONLY = "SELECT person FROM people_movement EXCEPT SELECT id FROM people_person"


def remainder(node: Node, known: Numbers | None = None) -> Remainder:
    """Counts all people by another way than the accounts, and names who is left out.

    `known` are the numbers as of now, where they are known already.
    """
    told = known or numbers(node)
    with node.cursor() as cursor:

        def ask(sql: str) -> list[tuple[Any, ...]]:
            cursor.execute(sql)
            return list(cursor.fetchall())

        records = ask("SELECT COUNT(*) FROM people_person")[0][0] + len(ask(_MOVED_ONLY))
        linked, beings = ask(_LINKED)[0]
        without = sorted(str(row[0]) for row in ask(_WITHOUT))
    return Remainder(
        persons=records - linked + beings,
        told=told.total,
        without=tuple(without),
        unknown=tuple(sorted({state for state, _where in told.cells} - set(STATES))),
    )


def _numbers(found: Mapping[tuple[str, str, str], int]) -> Numbers:
    """By state and by where: on the way the journey says more than the place."""
    cells: Counter[tuple[str, str]] = Counter()
    for (state, place, journey), count in found.items():
        cells[state, journey if state in _ON_THE_WAY and journey else place] += count
    return Numbers(dict(cells))

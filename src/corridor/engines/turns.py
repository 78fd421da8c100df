"""The order of a waiting list: by need, then by days waited, then by lot; families whole.

It sees nothing else: no name, no sex, no origin, no kinship beyond who travels together, and not
who wrote it down.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import NamedTuple

from corridor.engines.urgency import highest

DAY_MS = 24 * 60 * 60 * 1000


class Waiter(NamedTuple):
    """One human being who waits: where, with whom, since when, how urgent, and their lot."""

    person: str
    place: str
    household: str
    since_ms: int
    lot: str
    urgency: str


class Family(NamedTuple):
    """A family on the list without its members: what decides where it stands, and its number.

    `family` is the household, or the person where somebody is alone; `people` how many wait.
    """

    family: str
    household: str
    place: str
    urgency: str
    since_ms: int
    lot: str
    people: int
    number: int = 0

    @property
    def key(self) -> tuple[str, int, str]:
        """What decides the order: need, the day, the lot; and nothing else."""
        return (self.urgency, self.since_ms // DAY_MS, self.lot)

    def days(self, now_ms: int) -> int:
        """Days waited: midnights (UTC) since the day of asking; never less than none."""
        return max(0, now_ms // DAY_MS - self.since_ms // DAY_MS)


@dataclass(frozen=True)
class Group:
    """A household (or somebody alone) that waits, and its place in the order of its pick-up point.

    `household` is empty for somebody alone. `since_ms` is when the first of them asked to leave;
    `lot` decides between groups of one class and one day.
    """

    number: int
    household: str
    place: str
    persons: tuple[str, ...]
    urgency: str
    since_ms: int
    lot: str = ""

    @property
    def key(self) -> tuple[str, int, str]:
        """What decides the order: need, the day, the lot; and nothing else."""
        return (self.urgency, self.since_ms // DAY_MS, self.lot)

    def days(self, now_ms: int) -> int:
        """Days waited: midnights (UTC) since the day of asking."""
        return max(0, now_ms // DAY_MS - self.since_ms // DAY_MS)


def order(waiters: Iterable[Waiter]) -> list[Group]:
    """The groups in their order, numbered anew at each place.

    A family stands where its most urgent member would, and counts its days from the first of them
    who asked. Between groups of one class and one day the lot decides: one ticket for a family,
    however large.
    """
    families: dict[tuple[str, str], list[Waiter]] = {}
    for one in waiters:
        families.setdefault((one.household or one.person, one.place), []).append(one)
    groups = sorted((_group(those) for those in families.values()), key=lambda one: one.key)
    reached: dict[str, int] = {}
    found = []
    for group in groups:
        reached[group.place] = number = reached.get(group.place, 0) + 1
        found.append(replace(group, number=number))
    return found


def without_members(groups: Iterable[Group]) -> list[Family]:
    """The same groups without their members, not yet numbered."""
    return [
        Family(
            one.household or one.persons[0], one.household, one.place, one.urgency,
            one.since_ms, one.lot, len(one.persons),
        )
        for one in groups
    ]  # fmt: skip


def _group(those: list[Waiter]) -> Group:
    first = min(those, key=lambda one: (one.since_ms // DAY_MS, one.person))
    return Group(
        0,
        first.household,
        first.place,
        tuple(sorted(one.person for one in those)),
        highest([one.urgency for one in those]),
        min(one.since_ms for one in those),
        first.lot,
    )

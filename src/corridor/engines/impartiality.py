"""How long people wait and who is served, compared at equal need (STD 8.3).

A flag is a reason to look and no proof. Groups are compared inside one class of need only, and
groups smaller than a minimum are not told: they give extreme ratios and give people away.
"""

from __future__ import annotations

import statistics
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

#: The four-fifths rule, used here as an alarm only (STD 8.3).
FLAG_BELOW = 0.8

#: A group is told from so many people on (STD 8.3 asks for a minimum; the number is a setting [U]).
SMALLEST_GROUP = 10


class Wait(NamedTuple):
    """One person: class of need, the group to compare, days waited, and whether they left."""

    urgency: str
    group: str
    days: int
    served: bool


@dataclass(frozen=True)
class Row:
    """A group inside a class: how many, how many of them left, and how long they waited.

    `ratio` is the share that left beside the largest share of any group of the class; `flagged`
    where it is below four fifths.
    """

    urgency: str
    group: str
    people: int
    served: int
    median: float
    ninetieth: float
    ratio: float
    flagged: bool

    @property
    def share(self) -> float:
        """The share of the group that left."""
        return self.served / self.people


def compare(waits: Iterable[Wait], smallest: int = SMALLEST_GROUP) -> list[Row]:
    """Groups inside each class, those of at least `smallest` people, by class and group."""
    found: dict[tuple[str, str], list[Wait]] = {}
    for one in waits:
        found.setdefault((one.urgency, one.group), []).append(one)
    told = {key: those for key, those in found.items() if len(those) >= smallest}
    best: dict[str, float] = {}
    for (urgency, _group), those in told.items():
        best[urgency] = max(best.get(urgency, 0.0), _share(those))
    return [
        _row(urgency, group, those, best[urgency])
        for (urgency, group), those in sorted(told.items())
    ]


def ninetieth(days: Iterable[int]) -> float:
    """The least number of days that nine of ten did not exceed."""
    ordered = sorted(days)
    return float(ordered[-(-len(ordered) * 9 // 10) - 1])


def _row(urgency: str, group: str, those: list[Wait], best: float) -> Row:
    days = [one.days for one in those]
    ratio = _share(those) / best if best else 1.0
    return Row(
        urgency, group, len(those), sum(one.served for one in those),
        float(statistics.median(days)), ninetieth(days), ratio, ratio < FLAG_BELOW,
    )  # fmt: skip


def _share(those: list[Wait]) -> float:
    return sum(one.served for one in those) / len(those)

"""Counts that may be published: small ones are left out, and nothing gives them away (STD 8.4).

A count of few people tells of somebody. Where one is left out, so are others, until what is left
out together is not small either; what is published is rounded. The limits are the defaults of
STD 8.4, marked `[U]` there: they are named here and may be changed.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

#: Counts below these are left out; the second is for protection, health, missing and held.
LEAST, LEAST_SENSITIVE = 5, 10

#: What is published is rounded to the next multiple of this.
ROUND_TO = 5

K = TypeVar("K", bound=Hashable)


@dataclass(frozen=True)
class Published(Generic[K]):
    """Cells as they may be seen; None is left out. `total` is None where it would tell."""

    cells: dict[K, int | None]
    total: int | None


def published(
    cells: Mapping[K, int],
    sensitive: Collection[K] = (),
    *,
    least: int = LEAST,
    least_sensitive: int = LEAST_SENSITIVE,
    round_to: int = ROUND_TO,
) -> Published[K]:
    """Counts of people by cell as they may be published; nobody in a cell is no secret."""

    def limit(key: K) -> int:
        return least_sensitive if key in sensitive else least

    hidden = {key for key, count in cells.items() if 0 < count < limit(key)}
    needed = max((limit(key) for key in hidden), default=0)
    rest = sorted((key for key in cells if cells[key] and key not in hidden), key=cells.__getitem__)
    while hidden and rest and not _is_covered(cells, hidden, needed):
        hidden.add(rest.pop(0))
    total = sum(cells.values())
    seen = {key: None if key in hidden else rounded(cells[key], round_to) for key in cells}
    if (hidden and not _is_covered(cells, hidden, needed)) or 0 < total < least:
        return Published(seen, None)
    return Published(seen, rounded(total, round_to))


def hidden(
    counts: Mapping[tuple[str, str], int],
    rows: Sequence[str],
    columns: Sequence[str],
    *,
    least: int = LEAST,
) -> frozenset[tuple[str, str]]:
    """The cells (row, column) of a table that are not told: in each line none, or at least two.

    Where a row or column has no second cell with anybody in it, one of its empty cells is hidden.
    """
    cells = [(row, column) for row in rows for column in columns]
    kept = {cell for cell in cells if 0 < counts.get(cell, 0) < least}
    lines = [[(row, column) for column in columns] for row in rows]
    lines += [[(row, column) for row in rows] for column in columns]
    changed = True
    while changed:
        changed = False
        for line in lines:
            others = [cell for cell in line if cell not in kept]
            if len(line) - len(others) == 1 and others:
                kept.add(
                    min(others, key=lambda one: (not counts.get(one), counts.get(one, 0), one))
                )
                changed = True
    return frozenset(kept)


def rounded(count: int, to: int = ROUND_TO) -> int:
    """The nearest multiple; halves go up."""
    return (count + to // 2) // to * to


def _is_covered(cells: Mapping[K, int], hidden: Collection[K], needed: int) -> bool:
    return len(hidden) > 1 and sum(cells[key] for key in hidden) >= needed

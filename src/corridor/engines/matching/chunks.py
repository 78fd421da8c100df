"""Postings in a database: those of a part lie in chunks, sorted by age and sex, then by row.

A search reads the chunks of the ages it asks for; who is added changes one chunk of each part.
"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Final

from corridor.engines.matching.database import Database, groups_of, numbers

MOST: Final = 2_048  # postings in a chunk: 16 kB


class Chunks:
    """The table of postings. A chunk: part, its lowest and highest posting, all of them (int64)."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def read(
        self, parts: Sequence[int], ranges: Sequence[tuple[int, int]]
    ) -> list[tuple[int, bytes]]:
        """The chunks of parts that reach into any range [low, high), in order."""
        reach = " OR ".join(f"(low < {high} AND high >= {low})" for low, high in ranges)
        found = self._database.all(
            "SELECT part, low, entries FROM name_posting "
            f"WHERE part IN ({numbers(parts)}) AND ({reach})"
        )
        return [(part, bytes(blob)) for part, _, blob in sorted(found)]

    def add(self, postings: Mapping[int, list[int]]) -> None:
        """Adds postings by part."""
        for some in groups_of(sorted(postings)):
            starts = defaultdict(list)
            for part, low in self._database.all(
                f"SELECT part, low FROM name_posting WHERE part IN ({numbers(some)})"
                " ORDER BY part, low"
            ):
                starts[part].append(low)
            for part in some:
                by_chunk = defaultdict(list)
                for entry in postings[part]:
                    at = max(0, bisect_right(starts[part], entry) - 1)
                    by_chunk[at].append(entry)
                for at, entries in by_chunk.items():
                    held = self._taken(part, starts[part][at]) if starts[part] else []
                    self._put(part, sorted(held + entries))

    def remove(self, postings: Mapping[int, list[int]]) -> None:
        """Takes postings out, by part."""
        for part, entries in postings.items():
            for entry in entries:
                [(low,)] = self._database.all(
                    "SELECT low FROM name_posting WHERE part = ? AND low <= ? AND high >= ?",
                    part, entry, entry,
                )  # fmt: skip
                self._put(part, [one for one in self._taken(part, low) if one != entry])

    def _taken(self, part: int, low: int) -> list[int]:
        where = "FROM name_posting WHERE part = ? AND low = ?"
        [(blob,)] = self._database.all(f"SELECT entries {where}", part, low)
        self._database.run(f"DELETE {where}", part, low)
        return array("q", bytes(blob)).tolist()

    def _put(self, part: int, entries: list[int]) -> None:
        """Writes postings as one chunk, or as several that have room for more."""
        size = MOST if len(entries) <= MOST else MOST * 3 // 4
        pieces = [entries[at : at + size] for at in range(0, len(entries), size)]
        self._database.many(
            "INSERT INTO name_posting VALUES (?, ?, ?, ?)",
            [(part, one[0], one[-1], array("q", one).tobytes()) for one in pieces],
        )

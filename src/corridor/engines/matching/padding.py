"""Rows of part numbers of one width."""

from __future__ import annotations

from collections.abc import Sequence

from corridor.engines.names.parts import MAX_PARTS


def padded(numbers: Sequence[int]) -> list[int]:
    """Part numbers of one row, filled up with -1."""
    return [*numbers[:MAX_PARTS], *([-1] * (MAX_PARTS - len(numbers)))]

"""A linear program under construction, and the solver it is handed to."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import highspy
import numpy as np

from corridor.engines.planning.demand import Floats, Ints

INFINITE = highspy.kHighsInf

Name = tuple[str | int, ...]
"""What a limit is called, so that its price can be handed on to the next program."""


class Program:
    """A linear program under construction: rows `low <= a x <= high`, columns from 0."""

    def __init__(self) -> None:
        self.cost: list[float] = []
        self.low: list[float] = []
        self.high: list[float] = []
        self.names: list[Name] = []
        self.rows: list[int] = []
        self.columns: list[int] = []
        self.values: list[float] = []
        self.matrix: tuple[Ints, Ints, Floats] | None = None

    def column(self, cost: float = 0.0) -> int:
        """A new column; its number."""
        self.cost.append(cost)
        return len(self.cost) - 1

    def row(self, high: float, low: float = -INFINITE, name: Name = ()) -> int:
        """A new row; its number. Prices are handed on between programs by name."""
        self.low.append(low)
        self.names.append(name)
        self.high.append(high)
        return len(self.high) - 1

    def add(self, row: int, column: int, value: float) -> None:
        """Sets a coefficient; zero is left out."""
        if value:
            self.rows.append(row)
            self.columns.append(column)
            self.values.append(value)

    def _matrix(self) -> tuple[Ints, Ints, Floats]:
        """Starts of columns, rows and values, by column."""
        rows, of = np.array(self.rows, int), np.array(self.columns, int)
        order = np.lexsort((rows, of))
        starts = np.searchsorted(of[order], np.arange(len(self.cost) + 1))
        return starts, rows[order], np.array(self.values, float)[order]

    def part(self, columns: Ints) -> tuple[Ints, Ints, Floats]:
        """The same for these columns only."""
        if self.matrix is None:
            self.matrix = self._matrix()
        starts, rows, values = self.matrix
        sizes = starts[columns + 1] - starts[columns]
        first = np.concatenate([[0], np.cumsum(sizes)])
        at = np.arange(first[-1]) - np.repeat(first[:-1] - starts[columns], sizes)
        return first, rows[at], values[at]

    def lp(self, columns: Ints | None = None) -> Any:
        """The program as a HighsLp; with `columns`, only those (the others are held at 0)."""
        if columns is None:
            columns = np.arange(len(self.cost))
        count = len(columns)
        lp = highspy.HighsLp()
        lp.num_col_, lp.num_row_ = count, len(self.high)
        lp.col_cost_ = np.array(self.cost)[columns]
        lp.col_lower_, lp.col_upper_ = np.zeros(count), np.full(count, INFINITE)
        lp.row_lower_, lp.row_upper_ = np.array(self.low), np.array(self.high, float)
        lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        lp.a_matrix_.start_, lp.a_matrix_.index_, lp.a_matrix_.value_ = self.part(columns)
        return lp


class _Quiet(highspy.Highs):
    """A solver that does not greet on standard output either."""

    def enableCallbacks(self) -> None:  # noqa: N802 (the name that the solver calls)
        """Told to be quiet before the first thing that it would say."""
        self.setOptionValue("output_flag", False)
        super().enableCallbacks()  # type: ignore[no-untyped-call]


def quiet(threads: int = 1) -> Any:
    """A solver that says nothing."""
    solver: Any = _Quiet()  # type: ignore[no-untyped-call]
    solver.setOptionValue("threads", threads)
    return solver


def heed(solver: Any, stop: Callable[[], bool]) -> None:
    """Ends a mixed program early once `stop` says so; what was found until then is kept."""

    def look(event: Any) -> None:
        if stop():
            event.interrupt()

    solver.cbMipInterrupt.subscribe(look)

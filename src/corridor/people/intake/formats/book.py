"""What every reader of a file gives: sheets, and their rows one after the other."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple, Protocol

from corridor.people.intake.cells import Cell


class Part(NamedTuple):
    """A sheet: its title, and its place in the file."""

    name: str
    path: str


class Book(Protocol):
    """An open file. Readers raise `Refused` for what cannot be read.

    `kind` names the system where the format itself tells it. `encoding` is said only where it had
    to be found out. `size` and `done` are bytes of all sheets, and of what was read of them.
    """

    kind: str
    sheets: list[Part]
    has_macros: bool
    encoding: str
    size: int
    done: int

    def rows(self, part: Part) -> Iterator[tuple[int, list[Cell]]]:
        """Row number and cells of every row that has any."""
        ...

    def close(self) -> None:
        """Ends reading."""
        ...

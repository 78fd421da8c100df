"""Writes a population as a HOPE registration file, with faults in it when asked for.

Each planted fault is handed back with its sheet, row and field, so that a reader of such files
can be judged.
"""

from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from random import Random

from openpyxl import Workbook

from corridor.exercise.hope_faults import (
    HOUSEHOLDS,
    INDIVIDUALS,
    Batch,
    Fault,
    Planted,
    Registered,
    plant,
)
from corridor.exercise.hope_layout import (
    HOUSEHOLD_COLUMNS,
    PERSON_COLUMNS,
    HouseholdRow,
    PersonRow,
)
from corridor.exercise.population import Household

FIRST_DATA_ROW = 3
REMEMBERED = 256
"""People kept in mind to be registered a second time; bounds the memory."""


@dataclass(frozen=True, slots=True)
class HopeFile:
    """What was written: rows of data on each sheet, and the faults in order of writing."""

    households: int
    individuals: int
    planted: tuple[Planted, ...]


def write_hope_file(
    path: Path,
    population: Iterable[Household],
    *,
    as_of: date,
    faults: Mapping[Fault, float] | None = None,
    seed: int = 0,
) -> HopeFile:
    """Write households and people to an XLSX file, row by row.

    Args:
        path: the file to write; an existing one is replaced.
        population: households, read once; not kept.
        as_of: the day of registration.
        faults: for each fault the share of households that get it, 0 to 1, in sum at most 1.
            A household where the fault cannot be (no second person to be a second head) stays
            whole. None plants nothing.
        seed: decides where the faults fall.

    Raises:
        ValueError: a share is negative, or the shares add up to more than 1.
        OSError: the file cannot be written.
    """
    shares = dict(faults or {})
    if any(share < 0 for share in shares.values()) or sum(shares.values()) > 1 + 1e-9:
        raise ValueError("faults: shares must not be negative nor add up to more than 1")
    writer = _Writer(as_of, shares, Random(seed))  # noqa: S311 - faults must repeat
    for household in population:
        writer.add(household)
    return writer.save(path)


class _Writer:
    def __init__(self, as_of: date, shares: dict[Fault, float], rng: Random) -> None:
        self._as_of = as_of
        self._shares = shares
        self._rng = rng
        self._book = Workbook(write_only=True)
        self._households = self._book.create_sheet(HOUSEHOLDS)
        self._individuals = self._book.create_sheet(INDIVIDUALS)
        for sheet, columns in (
            (self._households, HOUSEHOLD_COLUMNS),
            (self._individuals, PERSON_COLUMNS),
        ):
            sheet.append([column.field for column in columns])
            sheet.append([column.label for column in columns])
        self._household_row = self._person_row = FIRST_DATA_ROW
        self._earlier: deque[Registered] = deque(maxlen=REMEMBERED)
        self._planted: list[Planted] = []

    def add(self, household: Household) -> None:
        """Write one household, with at most one fault."""
        head = HouseholdRow(household, household.members, self._as_of)
        people = [PersonRow(household, person, self._as_of) for person in household.members]
        batch = Batch(
            household,
            self._as_of,
            [{column.field: column.value(head) for column in HOUSEHOLD_COLUMNS}],
            [{column.field: column.value(row) for column in PERSON_COLUMNS} for row in people],
            [person.key for person in household.members],
            self._household_row,
            self._person_row,
        )
        fault = self._draw()
        planted = plant(fault, batch, self._rng, self._earlier) if fault else None
        if planted is not None:
            self._planted.append(planted)
        elif self._shares:
            # Only people of whole households are registered again, so each fault stands alone.
            self._earlier.append(Registered(household.members[0], self._person_row))
        for cells in batch.household_rows:
            self._households.append(list(cells.values()))
        for cells in batch.people_rows:
            self._individuals.append(list(cells.values()))
        self._household_row += len(batch.household_rows)
        self._person_row += len(batch.people_rows)

    def _draw(self) -> Fault | None:
        roll = self._rng.random()
        for fault, share in self._shares.items():
            roll -= share
            if roll < 0:
                return fault
        return None

    def save(self, path: Path) -> HopeFile:
        """Close the book and tell what is in it."""
        self._book.save(path)
        return HopeFile(
            self._household_row - FIRST_DATA_ROW,
            self._person_row - FIRST_DATA_ROW,
            tuple(self._planted),
        )

"""Faults for registration files, as real files bring them: planted on purpose and told.

A fault is planted in the rows of one household before they are written; ``Planted`` says where.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from random import Random

from corridor.exercise.hope_layout import (
    HOUSEHOLD_COLUMNS,
    PERSON_COLUMNS,
    HouseholdRow,
    PersonRow,
    Value,
)
from corridor.exercise.population import Age, Birth, Household, Person, WrittenName, respell

HOUSEHOLDS, INDIVIDUALS = "Households", "Individuals"

Cells = dict[str, Value]
"""One row: field to value, in the order of the columns."""


class Fault(StrEnum):
    """What can be wrong in a file. At most one is planted in a household."""

    PHONE_SCIENTIFIC = "phone_scientific"  # 9.99412E+11: digits lost for good
    PHONE_UNREADABLE = "phone_unreadable"
    REGISTERED_TWICE = "registered_twice"  # again in a later household, spelt differently
    ROW_TWICE = "row_twice"
    HOUSEHOLD_TWICE = "household_twice"
    MISSING_HEAD = "missing_head"
    TWO_HEADS = "two_heads"
    WRONG_SIZE = "wrong_size"
    UNKNOWN_HOUSEHOLD = "unknown_household"
    MISSING_NAME = "missing_name"
    SPACES_IN_NAME = "spaces_in_name"
    UNKNOWN_SEX = "unknown_sex"
    BIRTH_UNREADABLE = "birth_unreadable"
    BIRTH_IN_FUTURE = "birth_in_future"


@dataclass(frozen=True, slots=True)
class Planted:
    """One planted fault. ``row`` counts from 1 as spreadsheets do; ``written`` is the cell.

    ``person`` is the key of the person whose row it is, None on ``Households``. For the faults
    that repeat a row, ``repeats`` is the row repeated on the same sheet, and ``person`` the one
    who stands in both.
    """

    fault: Fault
    sheet: str
    row: int
    field: str
    household: str
    person: str | None
    written: Value
    repeats: int | None = None


@dataclass(frozen=True, slots=True)
class Registered:
    """Somebody already in the file, and the row."""

    person: Person
    row: int


@dataclass(slots=True)
class Batch:
    """The rows of one household before they are written, and the rows they will stand in."""

    household: Household
    as_of: date
    household_rows: list[Cells]
    people_rows: list[Cells]
    keys: list[str]
    first_household_row: int
    first_person_row: int

    def spoil(self, fault: Fault, at: int, field: str, value: Value) -> Planted:
        """Write a wrong value in the row of one person."""
        self.people_rows[at][field] = value
        return self.told(fault, at, field)

    def told(self, fault: Fault, at: int, field: str, repeats: int | None = None) -> Planted:
        """The account of a fault in the row of one person."""
        return Planted(
            fault,
            INDIVIDUALS,
            self.first_person_row + at,
            field,
            self.household.key,
            self.keys[at],
            self.people_rows[at][field],
            repeats,
        )


def plant(fault: Fault, batch: Batch, rng: Random, earlier: Sequence[Registered]) -> Planted | None:
    """Plant a fault in a household's rows; None when it cannot be there."""
    at = int(rng.random() * len(batch.people_rows))
    if fault == Fault.REGISTERED_TWICE:
        return _registered_twice(batch, rng, earlier)
    return _PLANTERS[fault](batch, at)


def _registered_twice(batch: Batch, rng: Random, earlier: Sequence[Registered]) -> Planted | None:
    if not earlier:
        return None
    first = earlier[int(rng.random() * len(earlier))]
    again = _told_again(rng, first.person, batch.as_of)
    row = PersonRow(batch.household, again, batch.as_of)
    cells: Cells = {column.field: column.value(row) for column in PERSON_COLUMNS}
    cells["relationship_i_c"] = "OTHER"
    batch.people_rows.append(cells)
    batch.keys.append(again.key)
    counted = HouseholdRow(batch.household, (*batch.household.members, again), batch.as_of)
    batch.household_rows = [{column.field: column.value(counted) for column in HOUSEHOLD_COLUMNS}]
    at = len(batch.people_rows) - 1
    return batch.told(Fault.REGISTERED_TWICE, at, "full_name_i_c", first.row)


def _told_again(rng: Random, person: Person, as_of: date) -> Person:
    """The same person at another desk: another spelling, an age instead of a date, no papers."""
    held = person.names[0]
    given, family = (respell(rng, part, held.script) for part in (held.given, held.family))
    name = WrittenName(
        held.script,
        f"{given} {held.father} {family}",
        given,
        held.father,
        held.grandfather,
        family,
        held.mother,
    )
    birth: Birth | None = person.birth
    age = person.age
    if rng.random() < 0.5:
        birth, age = None, Age(max(person.years(as_of) + rng.choice((-1, 0, 0, 1)), 0), as_of)
    return replace(person, names=(name,), birth=birth, age=age, documents=())


def _row_twice(batch: Batch, at: int) -> Planted:
    batch.people_rows.append(dict(batch.people_rows[at]))
    batch.keys.append(batch.keys[at])
    last = len(batch.people_rows) - 1
    return batch.told(Fault.ROW_TWICE, last, "full_name_i_c", batch.first_person_row + at)


def _household_twice(batch: Batch, at: int) -> Planted:
    batch.household_rows.append(dict(batch.household_rows[0]))
    return _household_told(batch, Fault.HOUSEHOLD_TWICE, "household_id", 1)


def _wrong_size(batch: Batch, at: int) -> Planted:
    batch.household_rows[0]["size_h_c"] = len(batch.people_rows) + 1 + at
    return _household_told(batch, Fault.WRONG_SIZE, "size_h_c", 0)


def _household_told(batch: Batch, fault: Fault, field: str, at: int) -> Planted:
    return Planted(
        fault,
        HOUSEHOLDS,
        batch.first_household_row + at,
        field,
        batch.household.key,
        None,
        batch.household_rows[at][field],
        batch.first_household_row if at else None,
    )


def _head_at(batch: Batch) -> int:
    return next(
        at for at, cells in enumerate(batch.people_rows) if cells["relationship_i_c"] == "HEAD"
    )


def _missing_head(batch: Batch, at: int) -> Planted:
    return batch.spoil(Fault.MISSING_HEAD, _head_at(batch), "relationship_i_c", None)


def _two_heads(batch: Batch, at: int) -> Planted | None:
    if len(batch.people_rows) < 2:
        return None
    second = at if at != _head_at(batch) else (at + 1) % len(batch.people_rows)
    return batch.spoil(Fault.TWO_HEADS, second, "relationship_i_c", "HEAD")


def _phone_scientific(batch: Batch, at: int) -> Planted | None:
    phones = [n for n, cells in enumerate(batch.people_rows) if cells["phone_no_i_c"]]
    if not phones:
        return None
    number = int(str(batch.people_rows[phones[0]]["phone_no_i_c"]))
    return batch.spoil(Fault.PHONE_SCIENTIFIC, phones[0], "phone_no_i_c", f"{number:.5E}")


def _spaces_in_name(batch: Batch, at: int) -> Planted:
    name = str(batch.people_rows[at]["full_name_i_c"]).replace(" ", "  ")
    return batch.spoil(Fault.SPACES_IN_NAME, at, "full_name_i_c", f" {name} ")


def _birth_in_future(batch: Batch, at: int) -> Planted:
    ahead = datetime(batch.as_of.year, batch.as_of.month, batch.as_of.day) + timedelta(days=400)
    return batch.spoil(Fault.BIRTH_IN_FUTURE, at, "birth_date_i_c", ahead)


def _unknown_household(batch: Batch, at: int) -> Planted | None:
    # Never the head: losing the head is a fault of its own.
    last = len(batch.people_rows) - 1
    if last == _head_at(batch):
        return None
    return batch.spoil(Fault.UNKNOWN_HOUSEHOLD, last, "household_id", "H-unknown")


def _always(fault: Fault, field: str, value: Value) -> Callable[[Batch, int], Planted]:
    return lambda batch, at: batch.spoil(fault, at, field, value)


_PLANTERS: dict[Fault, Callable[[Batch, int], Planted | None]] = {
    Fault.PHONE_SCIENTIFIC: _phone_scientific,
    Fault.PHONE_UNREADABLE: _always(Fault.PHONE_UNREADABLE, "phone_no_i_c", "call the shop"),
    Fault.ROW_TWICE: _row_twice,
    Fault.HOUSEHOLD_TWICE: _household_twice,
    Fault.MISSING_HEAD: _missing_head,
    Fault.TWO_HEADS: _two_heads,
    Fault.WRONG_SIZE: _wrong_size,
    Fault.UNKNOWN_HOUSEHOLD: _unknown_household,
    Fault.MISSING_NAME: _always(Fault.MISSING_NAME, "full_name_i_c", None),
    Fault.SPACES_IN_NAME: _spaces_in_name,
    Fault.UNKNOWN_SEX: _always(Fault.UNKNOWN_SEX, "gender_i_c", "FEMAL"),
    Fault.BIRTH_UNREADABLE: _always(Fault.BIRTH_UNREADABLE, "birth_date_i_c", "31/02/1990"),
    Fault.BIRTH_IN_FUTURE: _birth_in_future,
}

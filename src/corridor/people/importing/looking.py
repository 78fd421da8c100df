"""A first look at a file: what it is, its sheets with some rows, and what each column may be."""

from __future__ import annotations

from collections.abc import Mapping as Map
from dataclasses import dataclass, field, replace
from pathlib import Path

from django.utils.translation import gettext as _

from corridor.journal.node import Node
from corridor.people.acts import Refusal
from corridor.people.importing.running import open_list, refusal
from corridor.people.intake import Refused, Source
from corridor.people.intake.cells import shown
from corridor.people.intake.fields import FIELDS
from corridor.people.intake.mapping import Mapping, Sheet, propose_mapping
from corridor.people.intake.recognise import Table
from corridor.people.lists.queries import Finder

#: So many rows below the header are shown, and so many columns of a sheet can be mapped by hand.
SAMPLE_ROWS = 5
MOST_COLUMNS = 250
MOST_SHEETS = 12
LONGEST_SHOWN = 60


@dataclass(frozen=True)
class Column:
    """A column of a sheet: what it is taken as, whether that is certain, and what it says."""

    at: int
    label: str
    field: str
    certain: bool
    samples: tuple[str, ...]


@dataclass(frozen=True)
class LookedSheet:
    """A sheet as it is read now. `role` is empty where nobody is told of on it."""

    at: int
    name: str
    header_row: int
    role: str
    columns: tuple[Column, ...]
    more: int = 0

    @property
    def labels(self) -> list[str]:
        """The names of its columns."""
        return [one.label for one in self.columns]


@dataclass(frozen=True)
class Looked:
    """What a file is. `saved` names the saved mapping that was found for it."""

    kind: str
    sheets: tuple[LookedSheet, ...]
    names_people: bool
    saved: str = ""
    said: Mapping = field(default_factory=Mapping)
    as_found: bool = True


def look(node: Node, path: Path, name: str, mapping: Mapping | None = None) -> Looked:
    """Looks at a file. Raises `Refusal` for what cannot be opened at all."""
    find = Finder(node)
    try:
        with open_list(node, path, name=name, mapping=mapping, whatever=True, find=find) as source:
            return _looked(source, find, mapping)
    except Refused as refused:
        raise refusal(refused) from refused


def _looked(source: Source, find: Finder, mapping: Mapping | None) -> Looked:
    sheets: list[LookedSheet] = []
    for table in [*source.tables, *source.others][:MOST_SHEETS]:
        is_said = mapping is not None and table.part.name in mapping.sheets
        sheets.append(_sheet(source, table, len(sheets), propose=not is_said))
    saved = find.found.name or "" if find.found else ""
    said = source.said or Mapping(source=source.kind)
    return Looked(source.kind, tuple(sheets), source.names_people, saved, said, mapping is None)


def _sheet(source: Source, table: Table, at: int, *, propose: bool) -> LookedSheet:
    rows = source.samples(table, SAMPLE_ROWS)
    found = {one.column: one for one in propose_mapping(table.columns, rows, source.kind)}
    taken = set(table.fields.values())
    columns = []
    for place, label in enumerate(table.columns[:MOST_COLUMNS]):
        name = table.fields.get(label, "")
        guess = found[label].field or ""
        if not name and propose and guess and guess not in taken and table.fields:
            name = guess
            taken.add(guess)
        said = (shown(row[place])[:LONGEST_SHOWN] for row in rows if place < len(row))
        certain = label in table.fields
        columns.append(Column(place, label, name, certain, tuple(said)))
    return LookedSheet(
        at, table.part.name, table.header_row, table.role if table.fields else "",
        tuple(columns), max(0, len(table.columns) - MOST_COLUMNS),
    )  # fmt: skip


def said_of(looked: Looked, form: Map[str, str]) -> Mapping:
    """The mapping that a filled form says: `f-SHEET-COLUMN` is a field, `header-SHEET` a row.

    Raises `Refusal` for a form of another file.
    """
    sheets = {}
    for sheet in looked.sheets:
        columns = {}
        for one in sheet.columns:
            name = form.get(f"f-{sheet.at}-{one.at}", "")
            if name:
                if name not in FIELDS:
                    raise Refusal(_("This form belongs to another list. Nothing was changed."))
                columns[one.label] = name
        sheets[sheet.name] = Sheet(columns, sheet.header_row)
    return replace(
        looked.said,
        source=looked.kind,
        sheets=sheets,
        phone_region=form.get("phone_region", "").strip().upper()[:2],
        date_order=form.get("date_order", ""),
        calendar=form.get("calendar", ""),
        first_of_january=form.get("first_of_january", ""),
    )


def with_header(node: Node, path: Path, name: str, looked: Looked, at: int, row: int) -> Mapping:
    """The mapping with the header of one sheet in another row, its columns proposed anew."""
    sheets = {
        one.name: Sheet({c.label: c.field for c in one.columns if c.field}, one.header_row)
        for one in looked.sheets
    }
    try:
        with open_list(node, path, name=name, mapping=looked.said, whatever=True) as source:
            table = [*source.tables, *source.others][at]
            labels = source.labels_in(table, row)
            if not labels:
                raise Refused("no_header_there", row=row)
    except Refused as refused:
        raise refusal(refused) from refused
    proposed = propose_mapping(labels, (), looked.kind)
    columns = {one.column: one.field for one in proposed if one.field}
    sheets[table.part.name] = Sheet(columns, row)
    return replace(looked.said, source=looked.kind, sheets=sheets)

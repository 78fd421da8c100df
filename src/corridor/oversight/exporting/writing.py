"""A list as the bytes of a file: CSV, XLSX or JSON; nothing in it is a formula."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

from corridor.oversight.exporting.lists import Cell, Listing
from corridor.people.importing.neutral import neutral

FORMS = ("csv", "xlsx", "json")
#: A spreadsheet holds no more rows on a sheet, below its header.
MOST_ROWS = 1_048_575


def written(found: Listing, form: str) -> bytes:
    """The bytes of a list in one of `FORMS`."""
    return {"csv": _csv, "xlsx": _xlsx, "json": _json}[form](found)


def _csv(found: Listing) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(found.columns)
    for row in found.rows:
        writer.writerow([_plain(cell) for cell in row])
    return ("\ufeff" + out.getvalue()).encode()


def _plain(cell: Cell) -> str | int:
    if cell is None:
        return ""
    return neutral(cell) if isinstance(cell, str) else cell


def _xlsx(found: Listing) -> bytes:
    book = Workbook(write_only=True)
    head: list[Cell] = [*found.columns]
    sheet = _sheet(book, "people", head)
    for at, row in enumerate(found.rows):
        if at and at % MOST_ROWS == 0:
            sheet = _sheet(book, "more", head)
        sheet.append([_cell(sheet, cell) for cell in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _sheet(book: Workbook, title: str, head: list[Cell]) -> Any:
    """A new sheet with its header; openpyxl numbers a title that is there already."""
    sheet = book.create_sheet(title)
    sheet.append([_cell(sheet, cell) for cell in head])
    return sheet


def _cell(sheet: Any, cell: Cell) -> WriteOnlyCell | int | None:
    """Text stays text: openpyxl takes what begins with `=` for a formula."""
    if cell is None or cell == "" or isinstance(cell, int):
        return None if cell == "" else cell
    said = WriteOnlyCell(sheet, _storable(str(cell)))
    said.data_type = "s"
    said.quotePrefix = True
    return said


def _storable(text: str) -> str:
    """Without control characters, which a workbook cannot hold."""
    return "".join(sign for sign in text if sign >= " " or sign in "\t\n")[:32_767]


def _json(found: Listing) -> bytes:
    rows = [dict(zip(found.columns, row, strict=True)) for row in found.rows]
    return json.dumps(rows, ensure_ascii=False, indent=0).encode()

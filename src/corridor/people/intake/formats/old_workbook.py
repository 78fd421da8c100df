"""XLS, the binary format of Excel before 2007. A sheet holds at most 65,536 rows."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import xlrd
from xlrd.compdoc import CompDocError

from corridor.people.intake.cells import Cell, number
from corridor.people.intake.formats.book import Part
from corridor.people.intake.problems import Refused

#: What the library lets out when the bytes are not what they claim to be.
_BROKEN = (
    xlrd.XLRDError, CompDocError, struct.error, IndexError, KeyError, ValueError, AssertionError,
    OverflowError, TypeError, AttributeError, MemoryError, NotImplementedError, UnicodeError,
)  # fmt: skip
_PROTECTED = "EncryptedPackage".encode("utf-16-le")


class OldWorkbook:
    """An open XLS file. Raises `Refused`."""

    kind = ""
    has_macros = False
    encoding = "utf-8"

    def __init__(self, path: Path) -> None:
        raw = path.read_bytes()
        if _PROTECTED in raw:
            raise Refused("protected_file")
        try:
            with Path("/dev/null").open("w") as silence:
                self._book = xlrd.open_workbook(
                    file_contents=raw, on_demand=True, logfile=silence, ragged_rows=True
                )
            self.sheets = [Part(name, name) for name in self._book.sheet_names()]
        except _BROKEN as broken:
            if "encrypted" in str(broken).casefold():
                raise Refused("protected_file") from broken
            raise Refused("unreadable_file", detail=str(broken) or "it is cut off") from broken
        self.has_macros = "_VBA_PROJECT".encode("utf-16-le") in raw
        self.size, self.done = len(raw), 0

    def close(self) -> None:
        self._book.release_resources()

    def rows(self, part: Part) -> Iterator[tuple[int, list[Cell]]]:
        """Row number, from 1, and cells of every row that has any."""
        try:
            sheet = self._book.sheet_by_name(part.name)
            for at in range(sheet.nrows):
                cells = [self._cell(one) for one in sheet.row(at)]
                if any(cell is not None for cell in cells):
                    yield at + 1, cells
        except _BROKEN as broken:
            detail = f"{part.name}: {broken}"
            raise Refused("unreadable_file", detail=detail) from broken

    def _cell(self, one: xlrd.sheet.Cell) -> Cell:
        if one.ctype == xlrd.XL_CELL_TEXT:
            return str(one.value) or None
        if one.ctype == xlrd.XL_CELL_NUMBER:
            return number(repr(one.value))
        if one.ctype == xlrd.XL_CELL_BOOLEAN:
            return bool(one.value)
        if one.ctype == xlrd.XL_CELL_ERROR:
            return str(xlrd.error_text_from_code.get(one.value, "#N/A"))
        if one.ctype == xlrd.XL_CELL_DATE:
            try:
                return datetime(*xlrd.xldate_as_tuple(one.value, self._book.datemode))
            except (xlrd.xldate.XLDateError, ValueError):
                return number(repr(one.value))
        return None

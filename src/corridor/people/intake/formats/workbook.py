"""XLSX, streamed: sheets row by row, formulas told apart from values, nothing calculated.

A reader of our own because the known ones keep every shared string, or the whole sheet, in memory;
what a style means for a date is still asked of openpyxl.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, datetime, time
from functools import lru_cache
from pathlib import Path
from typing import IO

from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format
from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900, from_excel

from corridor.people.intake.cells import Cell, Formula, Scalar, number
from corridor.people.intake.formats.book import Part
from corridor.people.intake.formats.xml_events import Events, local
from corridor.people.intake.problems import Refused
from corridor.people.intake.spool import Spool

MAX_UNPACKED = 8 << 30
MAX_RATIO, RATIO_FROM = 400, 64 << 20
"""A part that grows more than this many times, and beyond this size, was made to fill a disk."""
MAX_COLUMNS = 16_384
MAX_TEXT = 32_767 * 4
_COLUMN = re.compile(r"([A-Z]{1,3})\d*")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


class Workbook:
    """An open XLSX file. Raises `Refused` for what cannot be read."""

    kind = ""
    encoding = "utf-8"

    def __init__(self, path: Path, spool: Spool) -> None:
        self._spool = spool
        try:
            self._zip = zipfile.ZipFile(path)
        except (zipfile.BadZipFile, OSError, ValueError) as broken:
            raise Refused("unreadable_file", detail=str(broken)) from broken
        self._limit()
        self._names = {name.casefold().lstrip("/"): name for name in self._zip.namelist()}
        self._refuse_others()
        self.has_macros = any(name.endswith("vbaproject.bin") for name in self._names)
        self._base_1904 = False
        self.sheets = self._sheets()
        sizes = {info.filename: info.file_size for info in self._zip.infolist()}
        self.size = sum(sizes.get(self._names.get(p.path.casefold(), ""), 0) for p in self.sheets)
        self.done = 0
        self._date_styles = self._styles()
        self._read_strings()

    def close(self) -> None:
        self._zip.close()

    def _limit(self) -> None:
        infos = self._zip.infolist()
        total = sum(info.file_size for info in infos)
        grown = any(
            info.file_size > RATIO_FROM and info.file_size > MAX_RATIO * max(info.compress_size, 1)
            for info in infos
        )
        if grown or total > MAX_UNPACKED:
            self._zip.close()
            raise Refused("zip_bomb", size=total >> 20)
        if any(info.flag_bits & 1 for info in infos):
            self._zip.close()
            raise Refused("protected_file")

    def _refuse_others(self) -> None:
        """A zip file that is no workbook is told for what it is."""
        if any(name.startswith("xl/") for name in self._names):
            return
        self._zip.close()
        is_office = "content.xml" in self._names and "mimetype" in self._names
        raise Refused("open_document" if is_office else "archive")

    def _open(self, path: str) -> IO[bytes] | None:
        name = self._names.get(path.casefold().lstrip("/"))
        if name is None:
            return None
        try:
            return self._zip.open(name)
        except (zipfile.BadZipFile, NotImplementedError, OSError, RuntimeError) as broken:
            raise Refused("unreadable_file", detail=f"{path}: {broken}") from broken

    def _elements(self, path: str) -> Iterator[tuple[str, dict[str, str]]]:
        """Names and attributes of all elements of a small part; none if it is not there."""
        stream = self._open(path)
        if stream is None:
            return
        with stream:
            events = Events(stream, path)
            events.on(
                lambda name, at: events.ready.append((local(name), at)),
                lambda name: None,
                lambda text: None,
            )
            for event in _guarded(events, path):
                assert isinstance(event, tuple)
                yield event

    def _sheets(self) -> list[Part]:
        book = "xl/workbook.xml"
        for name, at in self._elements("_rels/.rels"):
            if name == "Relationship" and at.get("Type", "").endswith("/officeDocument"):
                book = at.get("Target", book).lstrip("/")
        folder = posixpath.dirname(book)
        targets = {
            at.get("Id", ""): (at.get("Target", ""), at.get("Type", ""))
            for name, at in self._elements(f"{folder}/_rels/{posixpath.basename(book)}.rels")
            if name == "Relationship"
        }
        self._folder = folder
        found: list[Part] = []
        for name, at in self._elements(book):
            if name == "workbookPr":
                self._base_1904 = at.get("date1904", "").lower() in ("1", "true")
            if name != "sheet":
                continue
            key = next((value for label, value in at.items() if local(label) == "id"), "")
            target, kind = targets.get(key, ("", ""))
            if target and kind.endswith("/worksheet"):
                where = target if target.startswith("/") else posixpath.join(folder, target)
                found.append(Part(at.get("name", target), posixpath.normpath(where)))
        if not found:
            raise Refused("unreadable_file", detail="it has no sheets")
        return found

    def _styles(self) -> set[int]:
        """The styles that show a number as a date."""
        formats: dict[int, str] = dict(BUILTIN_FORMATS)
        dates: set[int] = set()
        inside, at_style = False, 0
        for name, at in self._elements(f"{self._folder}/styles.xml"):
            if name == "numFmt":
                formats[_int(at.get("numFmtId"))] = at.get("formatCode", "")
            elif name in ("cellXfs", "cellStyles", "dxfs"):
                inside = name == "cellXfs"
            elif name == "xf" and inside:
                if is_date_format(formats.get(_int(at.get("numFmtId")), "General")):
                    dates.add(at_style)
                at_style += 1
        return dates

    def _read_strings(self) -> None:
        path = f"{self._folder}/sharedStrings.xml"
        stream = self._open(path)
        self._strings = 0
        if stream is not None:
            with stream:
                self._strings = self._spool.keep_pieces(_pieces(stream, path))
        self._string = lru_cache(maxsize=4096)(self._spool.piece)

    def rows(self, part: Part) -> Iterator[tuple[int, list[Cell]]]:
        """Row number and cells of every row that has any; trailing empty cells are cut."""
        stream = self._open(part.path)
        if stream is None:
            raise Refused("unreadable_file", detail=f"the sheet {part.name} is missing")
        with stream:
            events = Events(stream, part.name)
            _SheetHandlers(self, events)
            for event in _guarded(events, part.name):
                assert isinstance(event, tuple)
                self.done = events.read
                yield event

    def cell(self, kind: str, style: int, text: str) -> Scalar | None:
        """What a stored value means."""
        if kind in ("str", "inlineStr", "e"):
            return _unescaped(text)
        try:
            if kind == "s":
                return _unescaped(self._string(int(text)))
            if kind == "b":
                return text.strip() in ("1", "true")
            if kind == "d":
                return datetime.fromisoformat(text.strip())
            value = number(text)
        except (ValueError, IndexError, OverflowError):
            return _unescaped(text)
        return self._dated(value) if style in self._date_styles else value

    def _dated(self, value: int | float) -> Scalar:
        epoch = CALENDAR_MAC_1904 if self._base_1904 else CALENDAR_WINDOWS_1900
        try:
            found = from_excel(value, epoch)
        except (ValueError, OverflowError):
            return value
        if isinstance(found, datetime):
            return found
        if isinstance(found, date):
            return datetime.combine(found, time())
        return value


class _SheetHandlers:
    """Turns the events of one sheet into rows."""

    def __init__(self, book: Workbook, events: Events) -> None:
        self._book, self._ready = book, events
        self._row, self._column = 0, -1
        self._cells: list[Cell] = []
        self._kind, self._style = "n", 0
        self._text: list[str] = []
        self._formula: list[str] | None = None
        self._sink: list[str] | None = None
        self._phonetic = False
        events.on(self._start, self._end, self._characters)

    def _start(self, name: str, at: dict[str, str]) -> None:
        name = local(name)
        if name == "c":
            self._column = _column(at.get("r", ""), self._column + 1)
            self._kind, self._style = at.get("t", "n"), _int(at.get("s"))
            self._text, self._formula = [], None
        elif name == "v" or (name == "t" and not self._phonetic):
            self._sink = self._text
        elif name == "f":
            self._formula = self._sink = []
        elif name == "row":
            self._row = _int(at.get("r")) or self._row + 1
            self._column, self._cells = -1, []
        elif name == "rPh":
            self._phonetic = True

    def _characters(self, text: str) -> None:
        if self._sink is not None and len(self._sink) < MAX_TEXT:
            self._sink.append(text)

    def _end(self, name: str) -> None:
        name = local(name)
        if name in ("v", "t", "f"):
            self._sink = None
        elif name == "rPh":
            self._phonetic = False
        elif name == "c":
            self._close_cell()
        elif name == "row" and self._cells:
            self._ready.ready.append((self._row, self._cells))
            self._cells = []

    def _close_cell(self) -> None:
        text = "".join(self._text)
        value = self._book.cell(self._kind, self._style, text) if text else None
        cell: Cell = value
        if self._formula is not None:
            cell = Formula("".join(self._formula), value)
        if cell is not None and self._column < MAX_COLUMNS:
            self._cells.extend([None] * (self._column - len(self._cells)))
            if self._column == len(self._cells):
                self._cells.append(cell)
            else:
                self._cells[self._column] = cell


def _pieces(stream: IO[bytes], path: str) -> Iterator[str]:
    """The shared strings in order; pronunciation hints are left out."""
    events = Events(stream, path)
    gathered: list[str] = []
    state = {"text": 0, "hint": 0}

    def start(name: str, _: dict[str, str]) -> None:
        name = local(name)
        if name == "si":
            gathered.clear()
        state["text"] += name == "t"
        state["hint"] += name == "rPh"

    def end(name: str) -> None:
        name = local(name)
        state["text"] -= name == "t"
        state["hint"] -= name == "rPh"
        if name == "si":
            events.ready.append("".join(gathered))

    def text(piece: str) -> None:
        if state["text"] and not state["hint"]:
            gathered.append(piece)

    events.on(start, end, text)
    for piece in _guarded(events, path):
        yield str(piece)


def _guarded(events: Events, what: str) -> Iterator[object]:
    try:
        yield from events
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError) as broken:
        raise Refused("unreadable_file", detail=f"{what}: {broken}") from broken


def _unescaped(text: str) -> str:
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text) if "_x" in text else text


def _int(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else 0


def _column(reference: str, following: int) -> int:
    match = _COLUMN.fullmatch(reference)
    return _letters(match[1]) if match else following


@lru_cache(maxsize=MAX_COLUMNS)
def _letters(letters: str) -> int:
    at = 0
    for letter in letters:
        at = at * 26 + ord(letter) - 64
    return at - 1

"""Text with columns: CSV, TSV and their kin, whatever the delimiter and the encoding, streamed."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

from corridor.people.intake.cells import Cell
from corridor.people.intake.formats.workbook import Part
from corridor.people.intake.problems import Refused

_DELIMITERS = ",;\t|"
_SAMPLE = 64 * 1024
_MOST_COLUMNS = 16_384
#: Tried in this order; the last one reads anything, and is told as a problem.
_ENCODINGS = ("utf-8-sig", "cp1256")
_MARKS = ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


class Delimited:
    """A text file as one sheet. `encoding` says how it was read. Raises `Refused`."""

    has_macros = False

    def __init__(self, path: Path, name: str, encoding: str = "") -> None:
        self._path = path
        with path.open("rb") as file:
            start = file.read(_SAMPLE)
        self.encoding = encoding or _encoding_of(path, start)
        if start.count(b"\0") and not self.encoding.startswith("utf-16"):
            raise Refused("unknown_format")
        self._delimiter = _delimiter_of(start.decode(self.encoding, "replace"))
        self.sheets = [Part(name, "")]

    def close(self) -> None:
        """Nothing stays open."""

    def rows(self, part: Part) -> Iterator[tuple[int, list[Cell]]]:
        """Row number, from 1, and cells of every row."""
        with self._path.open(encoding=self.encoding, errors="replace", newline="") as file:
            reader = csv.reader(file, delimiter=self._delimiter)
            try:
                for number, row in enumerate(reader, 1):
                    if len(row) > _MOST_COLUMNS:
                        raise Refused("unreadable_file", detail=f"row {number} is too wide")
                    yield number, list(row)
            except csv.Error as error:
                raise Refused("unreadable_file", detail=str(error)) from error


def _encoding_of(path: Path, start: bytes) -> str:
    for mark, encoding in _MARKS:
        if start.startswith(mark):
            return encoding
    for encoding in _ENCODINGS[:-1]:
        try:
            with path.open(encoding=encoding) as file:
                while file.read(_SAMPLE):
                    pass
        except UnicodeDecodeError:
            continue
        return encoding
    return _ENCODINGS[-1]


def _delimiter_of(text: str) -> str:
    """The delimiter that splits the first lines into the most columns, evenly."""
    lines = [line for line in text.splitlines()[:20] if line.strip()]

    def columns(delimiter: str) -> tuple[int, int]:
        counts = [line.count(delimiter) for line in lines] or [0]
        return min(counts[:2]), max(counts)

    return max(_DELIMITERS, key=columns)

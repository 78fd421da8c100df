"""Text with columns: CSV, TSV and their kin, whatever the delimiter and the encoding, streamed."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from corridor.people.intake.cells import Cell
from corridor.people.intake.formats.book import Part
from corridor.people.intake.formats.encodings import encoding_of, lines
from corridor.people.intake.problems import Refused

_DELIMITERS = ",;\t|"
_MOST_COLUMNS = 16_384
_SAMPLE_LINES = 20


class Delimited:
    """A text file as one sheet. `encoding` says how it was read. Raises `Refused`."""

    kind = ""
    has_macros = False

    def __init__(self, path: Path, name: str, encoding: str = "") -> None:
        self._path = path
        self.encoding = encoding or encoding_of(path)
        try:
            sample = list(islice(lines(path, self.encoding), _SAMPLE_LINES))
        except (LookupError, UnicodeError) as unknown:
            raise Refused("bad_mapping", detail=str(unknown)) from unknown
        self._delimiter = _delimiter_of(sample)
        self.sheets = [Part(name, "")]
        self.size, self.done = path.stat().st_size, 0

    def close(self) -> None:
        """Nothing stays open."""

    def _counted(self) -> Iterator[str]:
        """The lines; what was read is told in characters, near enough to show progress."""
        self.done = 0
        for line in lines(self._path, self.encoding):
            self.done += len(line)
            yield line

    def rows(self, part: Part) -> Iterator[tuple[int, list[Cell]]]:
        """Row number, from 1, and cells of every row."""
        reader = csv.reader(self._counted(), delimiter=self._delimiter)
        try:
            for number, row in enumerate(reader, 1):
                if len(row) > _MOST_COLUMNS:
                    raise Refused("unreadable_file", detail=f"row {number} is too wide")
                yield number, list(row)
        except csv.Error as error:
            raise Refused("unreadable_file", detail=str(error)) from error


def _delimiter_of(sample: list[str]) -> str:
    """The delimiter that splits the first lines into the most columns, evenly."""
    held = [line for line in sample if line.strip()]

    def columns(delimiter: str) -> tuple[float, int]:
        counts = sorted(line.count(delimiter) for line in held) or [0]
        middle = counts[len(counts) // 2]
        return middle * counts.count(middle) / len(counts), counts[-1]

    return max(_DELIMITERS, key=columns)

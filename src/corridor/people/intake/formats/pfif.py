"""PFIF 1.1 to 1.4 (STD 6.8): a sheet of persons and a sheet of notes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from corridor.people.intake.cells import Cell
from corridor.people.intake.formats.book import Part
from corridor.people.intake.formats.xml_events import MAX_DEPTH, Events, local
from corridor.people.intake.problems import Refused

PERSON, NOTE = "person", "note"
ID = "person_record_id"
_MOST = 32_767 * 4
Record = tuple[str, dict[str, str]]


class Pfif:
    """A PFIF file as sheets. Raises `Refused`."""

    kind = "pfif"
    has_macros = False
    encoding = "utf-8"

    def __init__(self, path: Path, name: str) -> None:
        self._path, self._name = path, name
        self.size, self.done = path.stat().st_size, 0
        self._columns: dict[str, dict[str, None]] = {}
        for what, record in self._records():
            self._columns.setdefault(what, {}).update(dict.fromkeys(record))
        if not self._columns:
            raise Refused("unknown_format")
        self.sheets = [Part(one, one) for one in (PERSON, NOTE) if one in self._columns]

    def close(self) -> None:
        """Nothing stays open."""

    def rows(self, part: Part) -> Iterator[tuple[int, list[Cell]]]:
        """The names of the fields as row 0, then the records from 1."""
        columns = list(self._columns[part.path])
        yield 0, list(columns)
        number = 0
        for what, record in self._records():
            if what == part.path:
                number += 1
                yield number, [record.get(name) for name in columns]

    def _records(self) -> Iterator[Record]:
        with self._path.open("rb") as stream:
            events = Events(stream, self._name)
            _Records(events)
            for record in events:
                assert isinstance(record, tuple)
                yield record


class _Records:
    """Gathers records; a note within a person speaks of that person."""

    def __init__(self, events: Events) -> None:
        self._events = events
        self._open: list[Record] = []
        self._notes: list[Record] = []
        self._depth = 0
        self._text: list[str] | None = None
        events.on(self._start, self._end, self._characters)

    def _start(self, name: str, _: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise Refused("unknown_format")
        name = local(name)
        if name in (PERSON, NOTE):
            self._open.append((name, {}))
        elif self._open:
            self._text = []

    def _characters(self, text: str) -> None:
        if self._text is not None and len(self._text) < _MOST:
            self._text.append(text)

    def _end(self, name: str) -> None:
        self._depth -= 1
        name = local(name)
        if self._open and name == self._open[-1][0]:
            self._close(self._open.pop())
        elif self._open and self._text is not None:
            self._open[-1][1].setdefault(name, "".join(self._text).strip())
        self._text = None

    def _close(self, record: Record) -> None:
        if self._open:
            self._notes.append(record)
            return
        _one_name(record[1])
        self._events.ready.append(record)
        for what, note in self._notes:
            note.setdefault(ID, record[1].get(ID, ""))
            self._events.ready.append((what, note))
        self._notes = []


def _one_name(record: dict[str, str]) -> None:
    """Further lines of the full name are the same name written otherwise."""
    first, *others = record.get("full_name", "").splitlines() or [""]
    if others:
        record["full_name"] = first
        alternate = record.get("alternate_names", "")
        record["alternate_names"] = "\n".join([*others, alternate]).strip()

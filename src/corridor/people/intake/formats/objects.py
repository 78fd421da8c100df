"""JSON as Kobo and its kin give it: one object for each submission, arrays in it are repeats.

It reads like a workbook: one sheet of submissions, one for each repeat, joined by the column
`_submission`. The text is scanned piece by piece, so that memory holds one submission.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TextIO

from corridor.people.intake.cells import Cell
from corridor.people.intake.formats.book import Part
from corridor.people.intake.problems import Refused

PIECE = 1 << 18
AGAIN = " #"
"""Stands between the id of a submission and its number where other answers came under one id."""

LARGEST = 64 << 20
"""One submission with more characters than this is none."""

MAIN = "submissions"
JOIN = "_submission"
_ROWS = frozenset(
    ("results", "submissions", "data", "rows", "people", "persons", "individuals", "records",
     "value", "items")
)  # fmt: skip
_IDS = ("_uuid", "meta/instanceID", "__id", "_id")
_KOBO = frozenset(("_uuid", "meta/instanceID", "_xform_id_string", "formhub/uuid", "__id"))
_LARGEST_NUMBER = 2**63 - 1
_WHITE = " \t\r\n\ufeff"


class _Scanner:
    """Takes values out of a text that is never held as a whole."""

    def __init__(self, file: TextIO, name: str) -> None:
        self._file, self._name = file, name
        self._text, self._at = "", 0
        self._decode: Callable[[str, int], tuple[Any, int]] = json.JSONDecoder().raw_decode

    def refused(self, detail: str) -> Refused:
        return Refused("unreadable_file", detail=f"{self._name}: {detail}")

    def _more(self, count: int = PIECE) -> bool:
        piece = self._file.read(count)
        self._text, self._at = self._text[self._at :] + piece, 0
        return bool(piece)

    def peek(self) -> str:
        """The next sign that is not white, or "" at the end."""
        while True:
            while self._at < len(self._text):
                if self._text[self._at] not in _WHITE:
                    return self._text[self._at]
                self._at += 1
            if not self._more():
                return ""

    def take(self, sign: str) -> None:
        if self.peek() != sign:
            raise self.refused(f"“{sign}” was expected")
        self._at += 1

    def value(self) -> Any:
        """The next value. The text held is doubled until it is whole, so time stays linear."""
        self.peek()
        while True:
            try:
                found, end = self._decode(self._text, self._at)
            except json.JSONDecodeError as broken:
                held = len(self._text) - self._at
                if held > LARGEST or not self._more(max(PIECE, held)):
                    raise self.refused(broken.msg) from broken
                continue
            except (RecursionError, ValueError) as broken:
                raise self.refused("it is nested too deeply, or a number is too long") from broken
            if end == len(self._text) and self._more():
                continue  # a number may go on
            self._at = end
            return found


def _objects(scan: _Scanner) -> Iterator[dict[str, Any]]:
    """Every submission, whatever stands around them."""
    while sign := scan.peek():
        if sign == "[":
            yield from _array(scan)
        elif sign == "{":
            yield from _wrapped(scan)
        else:
            raise scan.refused("it does not begin with an object or a list")


def _array(scan: _Scanner) -> Iterator[dict[str, Any]]:
    scan.take("[")
    while scan.peek() != "]":
        found = scan.value()
        if not isinstance(found, dict):
            raise scan.refused("the list holds something else than objects")
        yield found
        if scan.peek() != "]":
            scan.take(",")
    scan.take("]")


def _wrapped(scan: _Scanner) -> Iterator[dict[str, Any]]:
    """An object around the list of submissions; else it is one submission itself."""
    own: dict[str, Any] = {}
    is_wrapping = False
    scan.take("{")
    while scan.peek() != "}":
        key = scan.value()
        scan.take(":")
        if key in _ROWS and scan.peek() == "[" and not own.keys() & _KOBO:
            is_wrapping = True
            yield from _array(scan)
        elif isinstance(key, str):
            own[key] = scan.value()
        else:
            raise scan.refused("a key is no text")
        if scan.peek() != "}":
            scan.take(",")
    scan.take("}")
    if not is_wrapping and own:
        yield own


class Objects:
    """A JSON file as sheets. Raises `Refused`."""

    has_macros = False
    encoding = "utf-8"

    def __init__(self, path: Path, name: str) -> None:
        self._path, self._name = path, name
        self.size, self.done = path.stat().st_size, 0
        self._columns: dict[str, dict[str, None]] = {MAIN: {JOIN: None}}
        keys: set[str] = set()
        for one in self._submissions():
            keys.update(_KOBO & one.keys())
            for sheet, row in _flat(one, "", 0):
                self._columns.setdefault(sheet, {JOIN: None}).update(dict.fromkeys(row))
        self.kind = "kobo" if keys else ""
        self.sheets = [Part(sheet, sheet) for sheet in self._columns]
        self.done = 0

    def close(self) -> None:
        """Nothing stays open."""

    def _submissions(self) -> Iterator[dict[str, Any]]:
        with self._path.open("rb") as raw:
            mark = raw.read(2)
        encoding = "utf-16" if mark in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
        with self._path.open(encoding=encoding, errors="replace") as file:
            yield from _objects(_Scanner(file, self._name))

    def rows(self, part: Part) -> Iterator[tuple[int, list[Cell]]]:
        """The names of the columns as row 0, then the records from 1."""
        columns = list(self._columns[part.path])
        yield 0, list(columns)
        number = 0
        met: dict[int, int] = {}
        for ordinal, one in enumerate(self._submissions(), 1):
            join = _key(one, ordinal, met)
            for sheet, row in _flat(one, "", 0):
                if sheet == part.path:
                    number += 1
                    row[JOIN] = join
                    yield number, [_cell(row.get(name)) for name in columns]


def _key(one: dict[str, Any], ordinal: int, met: dict[int, int]) -> str:
    """What joins a submission and its repeats. `met` remembers ids with hashes of the answers."""
    said = next((str(one[name]) for name in _IDS if one.get(name)), "")
    key = said.removeprefix("uuid:") or f"#{ordinal}"
    answers = hash(
        json.dumps({name: one[name] for name in one if _is_answer(name)}, sort_keys=True)
    )
    again, join = 1, key
    while met.setdefault(hash(join), answers) != answers:
        again += 1
        join = f"{key}{AGAIN}{again}"
    return join


def _is_answer(name: str) -> bool:
    return not name.startswith(("_", "meta/", "formhub/")) and name not in ("start", "end", "today")


def _flat(
    one: dict[str, Any], path: str, depth: int, sheet: str = MAIN
) -> list[tuple[str, dict[str, Any]]]:
    """The record and those of its repeats. Groups become paths, as Kobo writes them."""
    row: dict[str, Any] = {}
    below: list[tuple[str, dict[str, Any]]] = []
    for key, value in one.items():
        name = key if not path or key.startswith(f"{path}/") else f"{path}/{key}"
        if isinstance(value, dict) and depth < 50 and not key.startswith("_"):
            (_, inner), *deeper = _flat(value, name, depth + 1, sheet)
            row.update(inner)
            below += deeper
        elif isinstance(value, list) and not key.startswith("_") and _is_repeat(value):
            for item in value:
                below += _flat(item, "", depth + 1, name)
        else:
            row[name] = value
    return [(sheet, row), *below]


def _is_repeat(value: list[Any]) -> bool:
    return bool(value) and all(isinstance(item, dict) for item in value)


def _cell(value: Any) -> Cell:
    if isinstance(value, list):
        return " ".join(str(item) for item in value if isinstance(item, str | int | float))
    if isinstance(value, dict):
        return None
    if isinstance(value, int) and abs(value) > _LARGEST_NUMBER:
        return str(value)  # JSON writes every digit
    assert value is None or isinstance(value, str | int | float | bool)
    return value

"""A list opened: its sheets, its columns, its households one after the other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import Any

from corridor.people.intake.cells import Cell, is_empty
from corridor.people.intake.fields import role_of
from corridor.people.intake.formats.delimited import Delimited
from corridor.people.intake.formats.workbook import Part, Workbook
from corridor.people.intake.mapping import Mapping, labels, propose_mapping, read_mapping
from corridor.people.intake.notes import Notes
from corridor.people.intake.problems import Problem, Refused
from corridor.people.intake.reading import Reader, Row, consents, household_values, person
from corridor.people.intake.records import IntakeHousehold, IntakePerson, SetAside
from corridor.people.intake.report import Report
from corridor.people.intake.spool import Line, Spool

#: The header is looked for in so many rows from the top.
HEADER_WITHIN = 15

#: Kinds that are recognised by their columns; of equals the first.
_KINDS = ("list", "hope", "121", "eden")

#: Below this age a head of household is told as a child (STD 1.5, CR-CH).
ADULT = 18


@dataclass(frozen=True)
class _Sheet:
    part: Part
    header_row: int
    columns: list[str]
    fields: dict[str, str]

    @property
    def role(self) -> str:
        return role_of(set(self.fields.values()))


def open_source(
    path: Path,
    *,
    kind: str | None = None,
    mapping: Path | None = None,
    workdir: Path,
    name: str = "",
    today: date | None = None,
) -> Source:
    """Opens a workbook or text with columns. Raises `Refused` if it names nobody.

    `name` is what the file is called, where its path does not tell.
    """
    said = read_mapping(mapping.read_bytes()) if mapping else None
    spool = Spool(workdir)
    try:
        named = name or path.name
        _look(path, named)
        return Source(path, named, kind or (said.source if said else None), said, spool, today)
    except BaseException:
        spool.close()
        raise


def _opened(path: Path, name: str, spool: Spool, encoding: str) -> Workbook | Delimited:
    with path.open("rb") as file:
        if file.read(2) == b"PK":
            return Workbook(path, spool)
    return Delimited(path, name, encoding)


def _look(path: Path, name: str) -> None:
    """What can be told from the first bytes."""
    try:
        with path.open("rb") as file:
            start = file.read(8)
    except OSError as error:
        raise Refused("unreadable_file", detail=error.strerror or "it cannot be opened") from error
    if not start:
        raise Refused("empty_file")
    if start.startswith(b"\xd0\xcf\x11\xe0"):
        raise Refused("protected_file" if name.lower().endswith(".xlsx") else "old_excel")
    if start.startswith((b"%PDF", b"{", b"[", b"<")):
        raise Refused("unknown_format")


class Source:
    """An open list. Use as a context: its work file is removed at the end."""

    def __init__(
        self,
        path: Path,
        name: str,
        kind: str | None,
        said: Mapping | None,
        spool: Spool,
        today: date | None,
    ) -> None:
        self._spool = spool
        self._said = said or Mapping()
        self._book: Workbook | Delimited = _opened(path, name, spool, self._said.encoding)
        self.kind, self._sheets = self._recognised(kind)
        if not any(one.role in ("person", "both") for one in self._sheets):
            names = ", ".join(c for one in self._sheets for c in one.columns) or "none"
            raise Refused("no_people_columns", columns=names)
        told = {name for sheet in self._sheets for name in sheet.fields.values()}
        self._tells_heads = bool(told & {"person.relationship", "person.head"})
        self._report = Report(name, self.kind)
        if isinstance(self._book, Delimited) and not self._book.encoding.startswith("utf"):
            whole = Notes(name, 0)
            whole.warn("", None, "encoding", encoding=self._book.encoding)
            self._tell(whole.problems)
        for sheet in self._sheets:
            self._report.known |= sheet.fields
            dropped = [c for c in sheet.columns if c not in sheet.fields]
            self._report.dropped += [c for c in dropped if c not in self._report.dropped]
        self._reader = Reader(
            {one.part.name: one.fields for one in self._sheets},
            self._said.values,
            self._said.phone_region,
            today or date.today(),
            self._said.calendar,
        )

    def __enter__(self) -> Source:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._book.close()
        self._spool.close()

    def report(self) -> Report:
        """What was found so far; whole after `read` came to its end."""
        return self._report

    # -- sheets -------------------------------------------------------------------------

    def _sheet(self, part: Part, kind: str) -> _Sheet | None:
        """The sheet with its header, or None if no column of it is known."""
        said = self._said.sheets.get(part.name)
        best: _Sheet | None = None
        for number, cells in self._book.rows(part):
            if number > HEADER_WITHIN:
                break
            names = labels(cells)
            if said is not None:
                known = {name: said.columns[name] for name in names if name in said.columns}
            else:
                known = {p.column: p.field for p in propose_mapping(names, (), kind) if p.field}
            if known and (best is None or len(known) > len(best.fields)):
                best = _Sheet(part, number, names, known)
        if best is None or len(best.fields) < 2:
            return None
        return best

    def _recognised(self, said: str | None) -> tuple[str, list[_Sheet]]:
        """The kind that knows most of the columns, and the sheets read by it."""
        found: list[tuple[int, str, list[_Sheet]]] = []
        for kind in (said,) if said else _KINDS:
            sheets = [self._sheet(part, kind) for part in self._book.sheets]
            known = [one for one in sheets if one is not None]
            found.append((sum(len(one.fields) for one in known), kind, known))
        _count, kind, known = max(found, key=lambda one: one[0])
        return kind, known

    # -- rows ---------------------------------------------------------------------------

    def read(self) -> Iterator[IntakeHousehold | SetAside]:
        """Every household with who can be registered, and every row set aside, in order."""
        self._spool_rows()
        has_households = any(one.role == "household" for one in self._sheets)
        for ordinal, key, lines in self._spool.read():
            yield from self._household(ordinal, key, lines, has_households)

    def _spool_rows(self) -> None:
        for sheet in sorted(self._sheets, key=lambda one: one.role != "household"):
            for number, cells in self._book.rows(sheet.part):
                if number <= sheet.header_row or all(map(is_empty, cells)):
                    continue
                named = dict(zip(sheet.columns, cells, strict=False))
                kept = {c: cell for c, cell in named.items() if c in sheet.fields}
                line = Line(sheet.role, sheet.part.name, number, kept)
                if self._is_label_row(sheet, line):
                    continue
                self._report.rows += 1
                self._keep(line)
        self._spool.finish()

    def _keep(self, line: Line) -> None:
        row = self._reader.row(line)
        key = row.identifier("household.id", needed=False)
        mark = row.origin().fingerprint if line.role != "household" else None
        self._spool.add(self._spool.household(key), line, mark)

    def _is_label_row(self, sheet: _Sheet, line: Line) -> bool:
        """The second row of HOPE's own template tells what the columns mean."""
        first: Cell = next(iter(line.cells.values()), None)
        return (
            line.row == sheet.header_row + 1
            and isinstance(first, str)
            and first.casefold().startswith("household")
        )

    # -- households ---------------------------------------------------------------------

    def _household(
        self, ordinal: int, key: str, lines: list[Line], has_households: bool
    ) -> Iterator[IntakeHousehold | SetAside]:
        own = [one for one in lines if one.role == "household"]
        people = [one for one in lines if one.role != "household"]
        self._report.households += 1
        self._report.people += len(people)
        aside: list[SetAside] = []
        values: dict[str, Any] = {}
        refused = False
        for number, line in enumerate(own):
            row = self._reader.row(line)
            if number:
                row.notes.error("", key, "household_twice", row=own[0].row, sheet=own[0].sheet)
            elif not consents(row):
                refused = True
            else:
                values = household_values(row)
            if not people:
                row.notes.error("", key, "household_empty")
            self._tell(row.notes.problems)
            if row.notes.has_error:
                aside.append(self._aside(ordinal, key, row))
        members: list[IntakePerson] = []
        for line in people:
            row = self._reader.row(line)
            one = person(row)
            self._check_place(row, key, own, has_households, refused)
            if not own and not values:
                values = household_values(row)
            if row.notes.has_error:
                aside.append(self._aside(ordinal, key, row))
            else:
                members.append(one)
            self._tell(row.notes.problems)
        if members:
            self._check_members(members, values, len(people))
            self._report.accepted_people += len(members)
            self._report.accepted_households += 1
            yield IntakeHousehold(ordinal, key, tuple(members), set_aside=len(aside), **values)
        self._report.set_aside += len(aside)
        yield from aside

    def _check_place(
        self, row: Row, key: str, own: list[Line], has_households: bool, refused: bool
    ) -> None:
        if row.line.first is not None:
            sheet, number = row.line.first
            row.notes.error("", None, "row_twice", row=number, sheet=sheet)
        if has_households and not key:
            row.notes.error("", None, "household_missing")
        elif has_households and not own:
            row.notes.error("", key, "household_unknown")
        elif refused:
            row.notes.error("", key, "household_set_aside", row=own[0].row, sheet=own[0].sheet)

    def _check_members(
        self, members: list[IntakePerson], values: dict[str, Any], listed: int
    ) -> None:
        first = members[0].origin
        notes = Notes(first.sheet, first.row)
        heads = [one for one in members if one.is_head]
        if not heads and self._tells_heads:
            notes.warn("", None, "head_missing")
        for extra in heads[1:]:
            at = Notes(extra.origin.sheet, extra.origin.row)
            at.warn("", extra.full_name, "second_head", row=heads[0].origin.row)
            self._tell(at.problems)
        for head in heads[:1]:
            years = _years(head, self._reader.today)
            if years is not None and years < ADULT:
                at = Notes(head.origin.sheet, head.origin.row)
                at.warn("", years, "minor_head", years=years)
                self._tell(at.problems)
        stated = values.get("size_stated")
        if stated is not None and stated != listed:
            notes.warn("", stated, "size_differs", stated=stated, listed=listed)
        self._tell(notes.problems)

    def _aside(self, ordinal: int, key: str, row: Row) -> SetAside:
        return SetAside(
            ordinal, key, row.line.role, row.origin(), row.said(), tuple(row.notes.problems)
        )

    def _tell(self, problems: list[Problem]) -> None:
        self._report.problems += problems


def _years(one: IntakePerson, today: date) -> int | None:
    if one.birth is not None:
        return today.year - int(one.birth.on[:4])
    return one.age_low

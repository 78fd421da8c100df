"""A list opened: its sheets, its columns, its households one after the other."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import Any

from corridor.people.intake.cells import Cell, folded, is_empty, shown
from corridor.people.intake.dates import years_between
from corridor.people.intake.formats.book import Book
from corridor.people.intake.formats.delimited import Delimited
from corridor.people.intake.formats.objects import AGAIN, Objects
from corridor.people.intake.formats.old_workbook import OldWorkbook
from corridor.people.intake.formats.pfif import Pfif
from corridor.people.intake.formats.workbook import Workbook
from corridor.people.intake.known import field_of
from corridor.people.intake.mapping import Mapping, labels, read_mapping
from corridor.people.intake.notes import Notes
from corridor.people.intake.problems import Problem, Refused
from corridor.people.intake.reading import (
    Reader,
    Row,
    consents,
    household_values,
    note,
    person,
)
from corridor.people.intake.recognise import Find, Table, recognised
from corridor.people.intake.records import IntakeHousehold, IntakeNote, IntakePerson, SetAside
from corridor.people.intake.report import Report
from corridor.people.intake.same import completed, is_same
from corridor.people.intake.spool import Line, Spool

#: Below this age a head of household is told as a child (STD 1.5, CR-CH).
ADULT = 18

Tell = Callable[[Problem], None]
Found = IntakeHousehold | IntakeNote | SetAside

#: Progress is told after so many rows.
_PROGRESS = 500

#: Names of columns are shown as far as this.
_SHOWN_COLUMNS = 300


def open_source(
    path: Path,
    *,
    kind: str | None = None,
    mapping: Path | Mapping | None = None,
    workdir: Path,
    name: str = "",
    today: date | None = None,
    tell: Tell = lambda problem: None,
    whatever: bool = False,
    find: Find | None = None,
) -> Source:
    """Opens a list. Raises `Refused` if it names nobody, unless `whatever` it holds is asked for.

    Without `kind` and `mapping`, `find` may know how lists with these columns are read.

    `name` is what the file is called, where its path does not tell. Each problem is told as it is
    found, and not kept.
    """
    said = read_mapping(mapping.read_bytes()) if isinstance(mapping, Path) else mapping
    spool = Spool(workdir)
    try:
        named = name or path.name
        book = _opened(path, named, spool, said.encoding if said else "")
        source = Source(book, named, kind or "", said, spool, today, tell, find)
        if not source.names_people and not whatever:
            raise Refused("no_people_columns", columns=source.columns_shown())
    except BaseException:
        spool.close()
        raise
    return source


def _opened(path: Path, name: str, spool: Spool, encoding: str) -> Book:
    """The reader for what the first bytes say the file is."""
    try:
        with path.open("rb") as file:
            start = file.read(512)
    except OSError as error:
        raise Refused("unreadable_file", detail=error.strerror or "it cannot be opened") from error
    if not start:
        raise Refused("empty_file")
    if start.startswith(b"PK"):
        return Workbook(path, spool)
    if start.startswith(b"\xd0\xcf\x11\xe0"):
        return OldWorkbook(path)
    if start.startswith((b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"Rar!", b"\x1f\x8b")):
        raise Refused("unknown_format")
    words = start.lstrip(b"\xef\xbb\xbf\xff\xfe").replace(b"\0", b"").lstrip()
    if words.startswith((b"{", b"[")):
        return Objects(path, name)
    if words.startswith(b"<"):
        return Pfif(path, name)
    return Delimited(path, name, encoding)


class Source:
    """An open list. Use as a context: its work file is removed at the end."""

    def __init__(
        self,
        book: Book,
        name: str,
        kind: str,
        said: Mapping | None,
        spool: Spool,
        today: date | None,
        tell: Tell,
        find: Find | None = None,
    ) -> None:
        self._book, self._spool, self._heard = book, spool, tell
        found = recognised(book, said, kind, find)
        self.said = found.said
        self.kind, self.names_people = found.kind, found.names_people
        self.tables, self.others = found.tables, found.others
        rules = found.said or Mapping()
        told = {name for one in self.tables for name in one.fields.values()}
        self._tells_heads = bool(told & {"person.relationship", "person.head"})
        self._report = Report(name, self.kind)
        self._today = today or date.today()
        self._is_prepared = False
        self._reader = Reader(
            {one.part.name: one.fields for one in self.tables},
            rules.values,
            rules.phone_region,
            self._today,
            rules.calendar,
            rules.date_order,
            rules.first_of_january,
        )
        self._columns()

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

    @property
    def _read_share(self) -> float:
        """How much of the file was read, from 0 to 1."""
        return min(1.0, self._book.done / max(self._book.size, 1))

    @property
    def households(self) -> int:
        """How many households the file has; known once the first of them is given."""
        return self._spool.households

    def columns_shown(self) -> str:
        """The names of all columns, as far as a sentence can hold them."""
        names = ", ".join(c for one in (*self.tables, *self.others) for c in one.columns)
        return names[:_SHOWN_COLUMNS] or "–"

    def samples(self, table: Table, most: int) -> list[list[Cell]]:
        """The first rows below a header."""
        rows = (row for n, row in self._book.rows(table.part) if n > table.header_row)
        return list(islice((row for row in rows if not all(map(is_empty, row))), most))

    def labels_in(self, table: Table, row: int) -> list[str]:
        """The names of columns if the header of a sheet stood in this row; empty if none does."""
        for number, cells in self._book.rows(table.part):
            if number >= row:
                return labels(cells) if number == row else []
        return []

    # -- the file as a whole ------------------------------------------------------------

    def _columns(self) -> None:
        for table in self.tables:
            self._report.known = table.fields | self._report.known
            dropped = [c for c in table.columns if c not in table.fields]
            self._report.dropped += [c for c in dropped if c not in self._report.dropped]
        self._report.sheets_not_read = [one.part.name for one in self.others]

    def _tell_of_file(self) -> None:
        whole = Notes(self._report.file, 0)
        if not self._book.encoding.startswith("utf"):
            whole.warn("", None, "encoding", encoding=self._book.encoding)
        if self._book.has_macros:
            whole.warn("", None, "macros")
        for other in self.others:
            whole.warn("", other.part.name, "sheet_not_read")
        self._tell(whole.problems)
        for table in self.tables:
            at = Notes(table.part.name, table.header_row)
            if table.above:
                at.warn("", None, "rows_before_header", header=table.header_row, count=table.above)
            if table.grouped:
                at.warn("", None, "merged_header")
            for label in table.columns:
                if label.endswith(" (2)") and label.removesuffix(" (2)") in table.columns:
                    name = label.removesuffix(" (2)")
                    at.warn(name, None, "header_twice", label=name)
            self._tell(at.problems)

    # -- rows ---------------------------------------------------------------------------

    def read(self) -> Iterator[Found]:
        """Every household with who can be registered, every note, every row set aside, in order."""
        self.prepare()
        has_households = any(one.role == "household" for one in self.tables)
        for ordinal, key, lines in self._spool.read():
            yield from self._household(ordinal, key, lines, has_households)
        for table in self.tables:
            if table.role == "note":
                yield from map(self._note, self._lines(table))

    def prepare(self, progress: Callable[[float], None] = lambda share: None) -> None:
        """Reads the file once, so that households stand together; a second call does nothing."""
        if self._is_prepared:
            return
        self._is_prepared = True
        self._tell_of_file()
        for table in sorted(self.tables, key=lambda one: one.role != "household"):
            if table.role != "note":
                for line in self._lines(table):
                    self._reader.see(line)
                    self._keep(line)
                    if self._report.rows % _PROGRESS == 0:
                        progress(self._read_share)
        self._spool.finish()

    def sample(self, most: int) -> Iterator[tuple[str, IntakePerson]]:
        """Some people from all over the list with their household's id; nothing is told of them."""
        self.prepare()
        step = max(1, self._spool.households // most)
        for _ordinal, key, lines in self._spool.read(step):
            for line in lines:
                if line.role != "household":
                    yield key, person(self._reader.row(line))

    def _lines(self, table: Table) -> Iterator[Line]:
        """The rows of a sheet that tell of somebody; every other row is counted."""
        self._report.above_header += table.above
        columns, fields = table.columns, table.fields
        twice = _doubles(columns, fields)
        for number, cells in self._book.rows(table.part):
            if number <= table.header_row:
                continue
            if all(map(is_empty, cells)):
                self._report.blank += 1
                continue
            named = dict(zip(columns, cells, strict=False))
            kept = {c: cell for c, cell in named.items() if c in fields}
            line = Line(table.role, table.part.name, number, kept)
            if said := self._is_no_row(table, line):
                self._report.labels += 1
                at = Notes(line.sheet, number)
                at.warn("", None, said)
                self._tell(at.problems)
                continue
            self._report.rows += 1
            self._check_width(line, cells, columns)
            self._check_doubles(line, named, twice)
            yield line

    def _check_width(self, line: Line, cells: list[Cell], columns: list[str]) -> None:
        beyond = [cell for cell in cells[len(columns) :] if not is_empty(cell)]
        if beyond:
            at = Notes(line.sheet, line.row)
            at.warn("", beyond[0], "too_many_cells", count=len(cells), columns=len(columns))
            self._tell(at.problems)

    def _check_doubles(
        self, line: Line, named: dict[str, Cell], twice: dict[str, list[str]]
    ) -> None:
        """A column that stands twice: the filled one is taken, and neither where they differ."""
        for label, others in twice.items():
            held = [c for one in (label, *others) if not is_empty(c := named.get(one))]
            if len({folded(shown(cell)) for cell in held}) > 1:
                at = Notes(line.sheet, line.row)
                at.warn(label, line.cells.get(label), "columns_differ", label=label)
                self._tell(at.problems)
                line.cells[label] = None
            elif held:
                line.cells[label] = held[0]

    def _keep(self, line: Line) -> None:
        row = self._reader.row(line)
        key = row.identifier("household.id", needed=False)
        person = line.role != "household"
        mark = row.origin().fingerprint if person else None
        self._spool.add(self._spool.household(key), line, mark, row.who() if person else None)

    def _is_no_row(self, table: Table, line: Line) -> str:
        """The code for a row that explains the columns or repeats the header; "" for any other."""
        said = {c: folded(shown(v)) for c, v in line.cells.items() if not is_empty(v)}
        if not said:
            return ""
        again = sum(text == folded(label) for label, text in said.items())
        if again > 1 or again == len(said):
            return "header_again"
        if line.row > table.header_row + 1:
            return ""
        explained = sum(
            field_of(self.kind, shown(line.cells[label])) == table.fields[label] for label in said
        )
        tags = sum(shown(v).lstrip().startswith("#") for v in line.cells.values())
        first = next(iter(said.values()))
        if explained > 1 or tags > 1 or first.startswith(("household id", "household number")):
            return "label_row"
        return ""

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
            if self.kind == "kobo" and AGAIN in key:
                row.notes.warn("", key.partition(AGAIN)[0], "submission_again")
            self._tell(row.notes.problems)
            if row.notes.has_error:
                aside.append(self._aside(ordinal, key, row))
        found: list[tuple[Line, IntakePerson]] = []
        for line in people:
            row = self._reader.row(line)
            one = person(row)
            self._check_place(row, key, own, has_households, refused)
            if not own and not values:
                values = household_values(row)
            if row.notes.has_error:
                aside.append(self._aside(ordinal, key, row))
            else:
                found.append((line, one))
            self._tell(row.notes.problems)
        members = self._once(found)
        if members:
            listed = sum(one.first is None for one in people) - len(found) + len(members)
            self._check_members(members, values, listed)
            self._report.accepted_people += len(members)
            self._report.accepted_households += 1
            yield IntakeHousehold(ordinal, key, tuple(members), set_aside=len(aside), **values)
        self._report.set_aside += len(aside)
        yield from aside

    def _once(self, found: list[tuple[Line, IntakePerson]]) -> list[IntakePerson]:
        """The members of a household; who stands on the form and among its members as one."""
        rows = [line for line, _one in found]
        members = [one for _line, one in found]
        if self.kind != "kobo" or len({line.sheet for line in rows}) < 2:
            return members
        gone: set[int] = set()
        form = next(one.part.name for one in self.tables if one.role != "household")
        for at, line in enumerate(rows):
            if line.sheet != form:
                continue
            for other, its in enumerate(rows):
                if its.sheet != form and is_same(members[at], members[other]):
                    members[other] = completed(members[other], members[at])
                    gone.add(at)
                    notes = Notes(line.sheet, line.row)
                    notes.warn(
                        "", members[at].full_name, "head_on_form", row=its.row, sheet=its.sheet
                    )
                    self._tell(notes.problems)
                    self._report.people -= 1
                    break
        return [one for at, one in enumerate(members) if at not in gone]

    def keep_keys(self, key_of: Callable[[bytes, int], bytes]) -> None:
        """Keeps the keys of everybody without a number, made of what tells them apart."""
        self._spool.keep_keys(key_of(who, nth) for who, nth in self._spool.whos())

    def has_key(self, key: bytes) -> bool:
        """Whether one of them was kept."""
        return self._spool.has_key(key)

    def _check_place(
        self, row: Row, key: str, own: list[Line], has_households: bool, refused: bool
    ) -> None:
        if row.line.role == "both" and not consents(row):
            return
        if row.line.first is not None:
            sheet, number = row.line.first
            row.notes.error("", None, "row_twice", row=number, sheet=sheet)
        elif row.line.nth > 1:
            sheet, number = row.line.other
            label, cell = row.cells.get("person.id", ("", None))
            if is_empty(cell):
                row.notes.warn("", None, "alike_in_list", row=number, sheet=sheet)
            else:
                row.notes.error(label, cell, "id_twice", row=number, sheet=sheet)
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
            years = _years(head, self._today)
            if years is not None and years < ADULT:
                at = Notes(head.origin.sheet, head.origin.row)
                at.warn("", years, "minor_head", years=years)
                self._tell(at.problems)
        stated = values.get("size_stated")
        if stated is not None and stated != listed:
            notes.warn("", stated, "size_differs", stated=stated, listed=listed)
        self._tell(notes.problems)

    def _note(self, line: Line) -> IntakeNote | SetAside:
        row = self._reader.row(line)
        found = note(row)
        self._report.notes += 1
        self._tell(row.notes.problems)
        if row.notes.has_error:
            self._report.set_aside += 1
            return self._aside(0, "", row)
        self._report.accepted_notes += 1
        return found

    def _aside(self, ordinal: int, key: str, row: Row) -> SetAside:
        return SetAside(
            ordinal, key, row.line.role, row.origin(), row.said(), tuple(row.notes.problems),
            shown(row.cells.get("person.id", ("", None))[1]),
        )  # fmt: skip

    def _tell(self, problems: list[Problem]) -> None:
        for one in problems:
            if one.severity == "error":
                self._report.errors += 1
            else:
                self._report.warnings += 1
            self._heard(one)


def _doubles(columns: list[str], fields: dict[str, str]) -> dict[str, list[str]]:
    """Columns that are taken, with those of the same name that stand beside them unmapped."""
    found: dict[str, list[str]] = {}
    for label in columns:
        head, _, tail = label.rpartition(" (")
        if head in fields and tail.rstrip(")").isdigit() and label not in fields:
            found.setdefault(head, []).append(label)
    return found


def _years(one: IntakePerson, today: date) -> int | None:
    """The most years somebody can have: only who is certainly a child is told as one."""
    return one.age_high if one.birth is None else years_between(one.birth, today)[1]

"""What a file is: which system made it, where its headers stand, which column is which field."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice

from corridor.people.intake.cells import Cell, folded, is_empty, shown
from corridor.people.intake.fields import role_of
from corridor.people.intake.formats.book import Book, Part
from corridor.people.intake.known import CERTAIN_ALONE, MARKS, ODK_MARKS
from corridor.people.intake.mapping import Mapping, Sheet, labels, propose_mapping
from corridor.people.intake.problems import Refused

#: The header is looked for in so many rows from the top.
HEADER_WITHIN = 15

#: A later row is the header only if it knows so many times more columns than an earlier one.
BETTER = 1.25

#: Fields that name somebody.
NAMING = frozenset(("person.name", "person.given", "person.family", "person.known_as"))

#: Kinds that are recognised by their columns; of equals the first.
_KINDS = ("list", "corridor", "hope", "121", "eden")

#: Columns by which Kobo and ODK join a submission to its repeats, the lasting ones first. The last
#: pair counts rows, so it means something within one file only.
_JOINS = (
    ("_submission", "_submission"),
    ("_uuid", "_submission__uuid"),
    ("meta/instanceID", "PARENT_KEY"),
    ("instanceID", "PARENT_KEY"),
    ("meta-instanceID", "PARENT_KEY"),
    ("KEY", "PARENT_KEY"),
    ("_id", "_submission__id"),
    ("_index", "_parent_index"),
)

Top = list[tuple[int, list[Cell]]]

#: Finds a saved mapping for a file that has these rows near the tops of its sheets.
Find = Callable[[set[tuple[str, ...]]], Mapping | None]


@dataclass(frozen=True)
class Table:
    """A sheet that tells of people: where its header stands, and what its columns are.

    `above` counts rows over the header that hold something, `grouped` tells that titles over
    several columns are among them. `local` says that the household's id means something within
    this file only.
    """

    part: Part
    header_row: int
    columns: list[str]
    fields: dict[str, str]
    above: int = 0
    grouped: bool = False
    local: bool = False

    @property
    def role(self) -> str:
        """household, person, both or note."""
        return role_of(set(self.fields.values()))


@dataclass
class Recognised:
    """The kind of a list and its sheets; `others` are sheets with columns that nobody mapped.

    `said` is the mapping by which it is read, where a person made one.
    """

    kind: str
    tables: list[Table] = field(default_factory=list)
    others: list[Table] = field(default_factory=list)
    said: Mapping | None = None

    @property
    def names_people(self) -> bool:
        """Whether there is anybody to register, or word of somebody."""
        return any(one.role in ("person", "both", "note") for one in self.tables)


def recognised(
    book: Book, said: Mapping | None, kind: str = "", find: Find | None = None
) -> Recognised:
    """The kind that knows most of the columns, and the sheets read by it. Raises `Refused`."""
    tops = {part: _top(book, part) for part in book.sheets}
    _refuse_forms(tops)
    if said is None and not kind and find is not None:
        said = find({tuple(labels(cells)) for top in tops.values() for _n, cells in top})
    if said is not None:
        found = [_as_said(part, top, said) for part, top in tops.items()]
        mapped = [one for one in found if one is not None]
        if mapped or {part.name for part in tops} <= set(said.sheets):
            return replace(_sorted_out(said.source, tops, mapped, said), said=said)
        kind = kind or said.source
    best = Recognised(kind or "list")
    for one in _kinds(book, tops, kind):
        tables = [_table(part, top, one) for part, top in tops.items()]
        held = [table for table in tables if table is not None]
        if one == "kobo":
            held = _joined(held)
        if held and (not best.tables or _rank(one, held) > _rank(best.kind, best.tables)):
            best = Recognised(one, held)
    return replace(_sorted_out(best.kind, tops, best.tables, said), said=said)


def _kinds(book: Book, tops: dict[Part, Top], said: str) -> Sequence[str]:
    if said:
        return (said,)
    if book.kind:
        return (book.kind,)
    marks = {shown(cell) for top in tops.values() for _n, row in top for cell in row}
    return ("kobo",) if any(one <= marks for one in ODK_MARKS) else _KINDS


def _rank(kind: str, tables: Sequence[Table]) -> tuple[int, int]:
    """How many columns a kind knows, and how many of them no other system has."""
    known = sum(len(one.fields) for one in tables)
    own = {label.casefold() for one in tables for label in one.columns} & MARKS.get(kind, set())
    return known, len(own)


def _sorted_out(
    kind: str, tops: dict[Part, Top], tables: list[Table], said: Mapping | None = None
) -> Recognised:
    taken = {one.part for one in tables}
    rows = {name: sheet.header_row for name, sheet in said.sheets.items()} if said else {}
    others = [
        _unknown(part, top, rows.get(part.name, 0))
        for part, top in tops.items()
        if part not in taken
    ]
    return Recognised(kind, tables, [one for one in others if one.columns])


def _top(book: Book, part: Part) -> Top:
    """The first rows that hold anything, as far as a header may stand."""
    rows = ((n, row) for n, row in book.rows(part) if not all(map(is_empty, row)))
    return [one for one in islice(rows, HEADER_WITHIN) if one[0] <= HEADER_WITHIN * 4]


def _refuse_forms(tops: dict[Part, Top]) -> None:
    """An XLSForm is the questions, not the answers (STD 9.1)."""
    for part, top in tops.items():
        words = {folded(shown(cell)) for _n, row in top[:1] for cell in row}
        if part.name.casefold() == "survey" and {"type", "name"} <= words:
            raise Refused("form_definition")


def _as_said(part: Part, top: Top, said: Mapping) -> Table | None:
    """The sheet by a mapping that a person made, if it speaks of these columns."""
    sheet = said.sheets.get(part.name)
    others = [] if sheet else list(said.sheets.values())
    for chosen in [sheet] if sheet else others:
        assert chosen is not None
        if (found := _fitting(part, top, chosen)) is not None:
            return found
    return None


def _fitting(part: Part, top: Top, said: Sheet) -> Table | None:
    best: Table | None = None
    for at, (number, cells) in enumerate(top):
        names = labels(cells)
        known = {name: said.columns[name] for name in names if name in said.columns}
        exactly = said.header_row and number == said.header_row and known
        if known and (best is None or len(known) > len(best.fields) or exactly):
            best = Table(part, number, names, known, at)
        if exactly:
            break
    return best


def _table(part: Part, top: Top, kind: str) -> Table | None:
    """The sheet with the row as header that knows most columns; None if it tells of nobody."""
    best: Table | None = None
    if kind == "pfif" and part.name == "note":
        kind = "pfif note"
    for at, (number, cells) in enumerate(top):
        candidates = [cells]
        if at + 1 < len(top) and top[at + 1][0] == number + 1 and _has_gaps(cells, top[at + 1][1]):
            candidates.append(_under(cells, top[at + 1][1]))
        for lower, row in enumerate(candidates):
            names = labels(row)
            known = {p.column: p.field for p in propose_mapping(names, (), kind) if p.field}
            if known and (best is None or len(known) > len(best.fields) * BETTER):
                grouped = lower > 0 or _is_grouped(top[:at], len(row))
                best = Table(part, number + lower, names, known, at, grouped)
    if best is not None:
        best = _of_somebody(best)
    return best if best is not None and _is_telling(best) else None


def _of_somebody(table: Table) -> Table:
    """A sheet on which nobody is named tells of households at most."""
    fields = table.fields
    if table.role == "note" or NAMING & set(fields.values()):
        return table
    return replace(table, fields={c: f for c, f in fields.items() if not f.startswith("person.")})


def _has_gaps(upper: list[Cell], lower: list[Cell]) -> bool:
    """Whether the lower row names columns that the upper one does not."""
    above = sum(not is_empty(cell) for cell in upper)
    return above < sum(not is_empty(cell) for cell in _under(upper, lower))


def _under(upper: list[Cell], lower: list[Cell]) -> list[Cell]:
    """Two rows of one header: the lower cell where there is one, else the upper."""
    width = max(len(upper), len(lower))
    above = upper + [None] * (width - len(upper))
    below = lower + [None] * (width - len(lower))
    return [b if not is_empty(b) else a for a, b in zip(above, below, strict=True)]


def _is_grouped(above: Top, width: int) -> bool:
    """Whether a row above looks like titles over several columns each."""
    return any(
        1 < sum(not is_empty(cell) for cell in row) < width and len(row) > 2 for _n, row in above
    )


def _is_telling(table: Table) -> bool:
    """One known column is too little to call something a list, unless it can mean nothing else."""
    if len(table.fields) > 1 or (table.fields and len(table.columns) == 1):
        return True
    return any(folded(label) in CERTAIN_ALONE for label in table.fields)


def _unknown(part: Part, top: Top, said: int = 0) -> Table:
    """A sheet of which no column is known: its fullest row of words is offered as the header."""
    best: tuple[int, int, list[Cell]] = (0, 0, [])
    for number, row in top:
        if number == said:
            return Table(part, number, labels(row), {})
        words = sum(isinstance(cell, str) and not is_empty(cell) for cell in row)
        if words > best[0]:
            best = (words, number, row)
    return Table(part, best[1], labels(best[2]), {})


def _joined(tables: list[Table]) -> list[Table]:
    """Repeats and their submissions, joined by a key that both of them have."""
    mains = [one for one in tables if not set(one.columns) & {"_parent_index", "PARENT_KEY"}]
    repeats = [one for one in tables if one not in mains]
    own, of_parent = next(
        (
            pair
            for pair in _JOINS
            if any(pair[0] in one.columns for one in mains or repeats)
            and all(pair[1] in one.columns for one in repeats)
        ),
        _JOINS[-1],
    )
    found = []
    for one in tables:
        key = own if one in mains else of_parent
        fields = {label: name for label, name in one.fields.items() if name != "household.id"}
        if key in one.columns and (repeats or key != _JOINS[-1][0]):
            fields[key] = "household.id"
        local = bool(repeats) and (own, of_parent) == _JOINS[-1]
        found.append(replace(one, fields=fields, local=local))
    return found

"""Which column is taken as which field: proposed, corrected by a person, kept as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import msgspec

from corridor.people.intake.cells import Cell, folded, one_line, shown
from corridor.people.intake.dates import CALENDARS
from corridor.people.intake.fields import FIELDS
from corridor.people.intake.known import SHARED, field_of
from corridor.people.intake.problems import Refused
from corridor.people.intake.words import SEX

KINDS = ("hope", "kobo", "pfif", "121", "eden", "corridor", "list")


@dataclass(frozen=True, slots=True)
class Sheet:
    """How one sheet is read. `header_row` counts from 1; columns not named here are dropped."""

    columns: dict[str, str]
    header_row: int = 0


@dataclass(frozen=True, slots=True)
class Mapping:
    """How a file is read, as a person may correct and keep it.

    `values` says what a source's own codes mean: `{"person.sex": {"1": "male"}}`. `date_order` is
    dmy or mdy, `calendar` gregorian, hijri or solar_hijri (for years before 1600), `phone_region`
    an ISO country, `encoding` a text encoding, `first_of_january` is day or year (for lists that
    write 1 January where only the year is known); empty: found out, or left alone.
    """

    source: str = "list"
    sheets: dict[str, Sheet] = field(default_factory=dict)
    values: dict[str, dict[str, str]] = field(default_factory=dict)
    date_order: str = ""
    calendar: str = ""
    phone_region: str = ""
    encoding: str = ""
    first_of_january: str = ""

    def as_json(self) -> bytes:
        return msgspec.json.format(msgspec.json.encode(self), indent=2)


def read_mapping(raw: bytes) -> Mapping:
    """A mapping from its JSON. Raises `Refused` naming what is wrong."""
    try:
        found = msgspec.json.decode(raw, type=Mapping)
    except (msgspec.DecodeError, UnicodeDecodeError) as wrong:
        raise Refused("bad_mapping", detail=str(wrong)) from wrong
    for name, sheet in found.sheets.items():
        for column, target in sheet.columns.items():
            if target not in FIELDS:
                detail = f"{name}, column {column}: there is no field {target}"
                raise Refused("bad_mapping", detail=detail)
    for told, allowed in (
        (found.source, KINDS),
        (found.date_order, ("", "dmy", "mdy")),
        (found.calendar, ("", *CALENDARS)),
        (found.first_of_january, ("", "day", "year")),
    ):
        if told not in allowed:
            raise Refused("bad_mapping", detail=f"{told!r} is none of {', '.join(allowed)}")
    return found


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a column may be. `certain` ones are taken unless a person says otherwise."""

    column: str
    field: str | None
    certain: bool


def propose_mapping(
    headers: Sequence[str], samples: Sequence[Sequence[Cell]] = (), kind: str = "list"
) -> list[Proposal]:
    """What each column may be, by its name, else by the values in the sample rows.

    A field is proposed for one column only, the first that fits; phones go on to `phone_other`.
    """
    taken: set[str] = set()
    proposals: list[Proposal] = []
    whole_names = kind == "121" and "firstname" not in {one.casefold() for one in headers}
    for header in headers:
        found = field_of(kind, header)
        if whole_names and header.casefold() == "name":
            found = "person.name"
        if found == "person.phone" and found in taken:
            found = "person.phone_other"
        if found in taken:
            found = None
        if found:
            taken.add(found)
        proposals.append(Proposal(header, found, found is not None))
    _share_names(proposals)
    for at, proposal in enumerate(proposals):
        guess = (
            None if proposal.field else _by_values([row[at] for row in samples if at < len(row)])
        )
        if guess and guess not in taken:
            taken.add(guess)
            proposals[at] = Proposal(proposal.column, guess, False)
    return proposals


def _share_names(proposals: list[Proposal]) -> None:
    """`Nom` beside `Prénom` is the family name, `Nombre` beside `Apellidos` the given one."""
    fields = {one.field for one in proposals}
    halves = {"person.given", "person.family"} & fields
    if len(halves) != 1:
        return
    other = "person.family" if "person.given" in halves else "person.given"
    for at, one in enumerate(proposals):
        if one.field == "person.name" and folded(one.column) in SHARED:
            proposals[at] = Proposal(one.column, other, one.certain)


def _by_values(values: Sequence[Cell]) -> str | None:
    """Only sex shows itself by its values beyond doubt worth proposing; a person confirms it."""
    words = {folded(one_line(shown(value))) for value in values if value is not None}
    if len(words) > 1 and all(word in SEX for word in words):
        return "person.sex"
    return None


def labels(cells: Sequence[Cell]) -> list[str]:
    """Column names without gaps or doubles: the second `Phone` is `Phone (2)`."""
    seen: dict[str, int] = {}
    names: list[str] = []
    for at, cell in enumerate(cells, 1):
        name = one_line(shown(cell)) or f"(column {at})"
        seen[name] = seen.get(name, 0) + 1
        names.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return names

"""What a list says about people, cleaned but not yet registered."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from corridor.people.intake.problems import Problem

#: Field, label and text of each cell of a row.
Values = tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class Birth:
    """As much of a birth date as is known (STD 9.7).

    `on` is `1990`, `1990-05` or `1990-05-17`; `precision` year, month or day. `calendar` names the
    rule the date was converted by, `written` is the source's own text.
    """

    on: str
    precision: str
    estimated: bool = False
    calendar: str = "gregorian"
    written: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """An identity document: its type, number, issuing country as written."""

    type: str
    number: str
    issuer: str = ""


@dataclass(frozen=True, slots=True)
class Origin:
    """A row of the source: sheet and row, and the bytes that say whether it changed.

    `who` are bytes by which a person is known again where the list gives no number, `nth` counts
    people with the same ones. `names` are bytes of the names alone.
    """

    sheet: str
    row: int
    fingerprint: bytes = b""
    who: bytes = b""
    nth: int = 1
    names: bytes = b""


@dataclass(frozen=True, slots=True)
class IntakePerson:
    """One person of the list. Empty text, None or an empty tuple mean: the list does not say.

    `sex` is female, male, other or unknown. `relationship` is to the head: head, spouse, child,
    parent, child_in_law, grandchild, sibling, nephew_niece, cousin, grandparent, unrelated,
    other_relative. `difficulties` holds Washington Group answers 1 to 4, 7, 9 (STD 9.8) under
    seeing, hearing, walking, cognition, self_care, communication. `needs` are codes of STD 1.5.
    `age_low` and `age_high` differ only where the source gives a range; years at `age_as_of`.
    `said` gives the cells of the row as they came.
    """

    source_id: str
    full_name: str
    origin: Origin
    given: str = ""
    father: str = ""
    family: str = ""
    mother: str = ""
    other_names: tuple[str, ...] = ()
    known_as: str = ""
    sex: str = "unknown"
    birth: Birth | None = None
    age_low: int | None = None
    age_high: int | None = None
    age_as_of: str = ""
    relationship: str = ""
    marital: str = ""
    phones: tuple[str, ...] = ()
    language: str = ""
    nationality: str = ""
    came_from: str = ""
    documents: tuple[Document, ...] = ()
    needs: tuple[str, ...] = ()
    pregnant: bool | None = None
    difficulties: Mapping[str, int] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    said: Callable[[], Values] = field(default=tuple, compare=False, repr=False)

    @property
    def is_head(self) -> bool:
        return self.relationship == "head"


@dataclass(frozen=True, slots=True)
class IntakeHousehold:
    """One household with the members that can be registered; at least one.

    `origin` is None where the source has no row of its own for a household. `set_aside` counts the
    rows of this household that were set aside: they are bound to it by `source_id`. `ordinal`
    counts households through the file: pass it to `Source.read(after=...)` to go on from here.
    """

    ordinal: int
    source_id: str
    members: tuple[IntakePerson, ...]
    origin: Origin | None = None
    place: str = ""
    admin1: str = ""
    admin2: str = ""
    country: str = ""
    came_from: str = ""
    address: str = ""
    shelter: str = ""
    unit: str = ""
    phone: str = ""
    status: str = ""
    registered_on: str = ""
    size_stated: int | None = None
    set_aside: int = 0
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class IntakeNote:
    """Word of a person of this or an earlier list (PFIF note, STD 6.8).

    `status` is information_sought, is_note_author, believed_alive, believed_missing,
    believed_dead or empty; `contact` yes, no or empty: whether its author spoke with the person.
    """

    source_id: str
    person: str
    origin: Origin
    status: str = ""
    contact: str = ""
    place: str = ""
    phone: str = ""
    text: str = ""
    said_on: str = ""


@dataclass(frozen=True, slots=True)
class SetAside:
    """A row that cannot be registered as it is; only its mapped columns are kept.

    `household` is the source's id of the household it belongs to, where that is known. `role` is
    person, household, both or note. `values` holds field, label and value of each cell.
    """

    ordinal: int
    household: str
    role: str
    origin: Origin
    values: Values
    problems: tuple[Problem, ...]
    source_id: str = ""

"""What the generator gives out: households, people, and what is known of them.

Everything here is invented. A record holds two kinds of fields: what a registrar would be told
(names as given, a birth date with its precision or an age, needs, documents), and the truth of
the exercise that no registrar knows (``Person.born``, ``look_alike_of``, ``separated_from``),
against which matching, tracing and planning can be judged.
"""

from dataclasses import dataclass
from datetime import date
from enum import IntEnum, StrEnum
from typing import Literal


class Sex(IntEnum):
    """ISO 5218 (STD 9.5)."""

    MALE = 1
    FEMALE = 2


class Relationship(StrEnum):
    """What a person is to the head of the household (STD 1.2)."""

    HEAD = "head"
    SPOUSE = "spouse"
    CHILD = "child"
    PARENT = "parent"
    CHILD_IN_LAW = "child_in_law"
    GRANDCHILD = "grandchild"
    SIBLING = "sibling"
    NEPHEW_NIECE = "nephew_niece"
    COUSIN = "cousin"
    UNRELATED = "unrelated"


class Kind(StrEnum):
    """How a household is made up."""

    FAMILY = "family"
    EXTENDED = "extended"
    COUPLE = "couple"
    MOTHER_ALONE = "mother_alone"
    FATHER_ALONE = "father_alone"
    SINGLE = "single"
    SINGLE_OLDER = "single_older"
    OLDER_COUPLE = "older_couple"
    GRANDPARENT = "grandparent"
    SIBLINGS = "siblings"
    CHILD_HEADED = "child_headed"
    UNACCOMPANIED = "unaccompanied"


Marital = Literal["SN", "MA", "WD", "DV"]
"""Marriage status codes (STD 1.4)."""

DocumentState = Literal[
    "valid", "expired", "lost_during_displacement", "confiscated", "never_had", "in_process"
]
"""State of an identity document (STD 9.5)."""


@dataclass(frozen=True, slots=True)
class Place:
    """An invented place: code in the p-code pattern (STD 9.4), degrees WGS 84."""

    code: str
    arabic: str
    latin: str
    district: str
    region: str
    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True)
class WrittenName:
    """One writing of a name, whole as given and in parts (STD 9.6).

    ``script`` is ISO 15924 (``Arab``, ``Latn``). ``full`` need not hold every part.
    """

    script: Literal["Arab", "Latn"]
    full: str
    given: str
    father: str
    grandfather: str
    family: str
    mother: str


@dataclass(frozen=True, slots=True)
class Birth:
    """A birth date as stated (STD 9.7).

    ``value`` is ``YYYY-MM-DD``, ``YYYY-MM`` or ``YYYY``; at precision ``decade`` it is the
    decade's first year. An unknown day is never written as 1 January.
    """

    value: str
    precision: Literal["day", "month", "year", "decade"]
    estimated: bool
    method: Literal["document", "declared", "event_calendar", "observed"]


@dataclass(frozen=True, slots=True)
class Age:
    """A stated age in whole years on a date; people round theirs (STD 9.7)."""

    years: int
    as_of: date


@dataclass(frozen=True, slots=True)
class Document:
    """An identity document; ``number`` is None when nobody can read it any more."""

    type: Literal["national_id", "passport", "birth_certificate"]
    number: str | None
    state: DocumentState


@dataclass(frozen=True, slots=True)
class Person:
    """One invented person.

    Exactly one of ``birth`` and ``age`` is set. ``names`` has one or two writings, the one
    given first standing first. ``needs`` are codes of STD 1.5 in alphabetical order.
    ``breastfed`` is set for children under two (STD 4.5), else None. ``washington_group`` is
    the six answers of STD 9.8 in order (1 no difficulty to 4 cannot), None under five years.
    ``languages`` are ISO 639-3. ``phone`` is E.164 under +999, which belongs to no country.

    Truth that no registrar knows: ``born``; ``look_alike_of``, the key of another person who
    bears the same given, father's and family name and nearly the same age; ``separated_from``,
    the key of the household where this child's parents are. ``origin`` is for impartiality
    audits (STD 8.3) and is None unless asked for.
    """

    key: str
    relationship: Relationship
    sex: Sex
    born: date
    birth: Birth | None
    age: Age | None
    names: tuple[WrittenName, ...]
    kunya: str | None
    nickname: str | None
    marital: Marital
    needs: tuple[str, ...]
    pregnant: bool
    breastfeeding: bool
    breastfed: bool | None
    lying: bool
    wheelchair: bool
    washington_group: tuple[int, ...] | None
    documents: tuple[Document, ...]
    languages: tuple[str, ...]
    phone: str | None
    look_alike_of: str | None
    separated_from: str | None
    origin: str | None

    def years(self, on: date) -> int:
        """True age in completed years on a date."""
        return on.year - self.born.year - ((on.month, on.day) < (self.born.month, self.born.day))


@dataclass(frozen=True, slots=True)
class Household:
    """People who are registered together (STD 1.2), the head first.

    ``head`` is the head's key; None declares a group of unaccompanied children without one.
    ``phone`` is the first number anybody in the household can be reached by.
    """

    key: str
    kind: Kind
    place: Place
    head: str | None
    members: tuple[Person, ...]
    phone: str | None

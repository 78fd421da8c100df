"""From the cells of a row to a person or a household: cleaned, nothing guessed, all faults told."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping as Map
from dataclasses import dataclass, field
from datetime import date

from corridor.people import needs
from corridor.people.intake.cells import (
    Cell,
    folded,
    is_empty,
    one_line,
    shown,
    visible,
    western_digits,
)
from corridor.people.intake.dates import Dates, Order, is_first_of_january, years_between
from corridor.people.intake.fields import DIFFICULTIES, DOCUMENTS
from corridor.people.intake.notes import Notes
from corridor.people.intake.numbers import count, identifier, is_unique, phones
from corridor.people.intake.records import Birth, Document, IntakeNote, IntakePerson, Origin
from corridor.people.intake.spool import Line
from corridor.people.intake.words import (
    DIFFICULTY,
    FLAG,
    MARITAL,
    NOT_A_MEMBER,
    RELATIONSHIP,
    SEX,
    STATUS,
    UNSAID,
    WORD,
)

#: Fields by which somebody is known again in a corrected list without numbers.
NAMES = ("person.name", "person.given", "person.father", "person.family", "person.known_as")
IDENTITY = (*NAMES, "person.sex", "person.birth", "person.age")

_DATES = frozenset(
    ("person.birth", "person.registered_on", "household.registered_on", "note.said_on")
)
_AGES = re.compile(r"(\d{1,4})(?:\.0+)?(?:\s*(?:-|–|to|à|إلى)\s*(\d{1,3}))?")
#: Between two people in one cell: a new line, a semicolon, a number, or a sign or word for "and".
_BETWEEN = re.compile(
    r"\s*[\n;؛&+]\s*|(?<!\b[SDWCsdwc])\s*/\s*|\s(?:and|et|und|и|та|و)\s|(?:^|\s)\d\s*[.)-]\s*",
    re.IGNORECASE,
)
_COMMA = re.compile(r"\s*[,،]\s*")

#: Words that belong to the family name after them: "Al Haddad, Amal Maria" is one person.
_PARTICLES = frozenset(
    folded(word)
    for word in re.split(
        r"\s+",
        "al el ad an ar as ash at az abu abou umm um oum bin ben ibn bint bou ould de del della di"
        " da dos du van von der den la le st san mac mc عبد أبو ابو أم ام بن ابن بنت آل ال",
    )
)

#: A column writes the family name first where so many names have one comma, after one word.
FEWEST_NAMES, FAMILY_FIRST = 5, 0.8

#: Of at least so many birth dates, one in so many on 1 January is no chance: it is one in 365.
FEWEST_BIRTHS, MOST_FIRSTS = 10, 5

#: Ages beyond this are no ages.
OLDEST = 120


@dataclass
class Reader:
    """Reads rows whose cells are labelled. `fields` maps each label to its field, per sheet."""

    fields: Map[str, Map[str, str]]
    values: Map[str, Map[str, str]] = field(default_factory=dict)
    region: str = ""
    today: date = field(default_factory=date.today)
    calendar: str = ""
    date_order: str = ""
    first_of_january: str = ""
    births: dict[tuple[str, str], list[int]] = field(default_factory=dict)
    commas: dict[tuple[str, str], list[int]] = field(default_factory=dict)
    orders: dict[tuple[str, str], Order] = field(default_factory=dict)

    def order(self, sheet: str, label: str) -> Order:
        """Whether this column writes the day or the month first."""
        if (sheet, label) not in self.orders:
            self.orders[sheet, label] = Order(self.date_order)
        return self.orders[sheet, label]

    def row(self, line: Line) -> Row:
        """The row with its cells by field."""
        found: dict[str, tuple[str, Cell]] = {}
        for label, cell in line.cells.items():
            name = self.fields[line.sheet].get(label)
            if name and (name not in found or is_empty(found[name][1])):
                found[name] = (label, cell)
        return Row(self, line, found, Notes(line.sheet, line.row))

    def see(self, line: Line) -> None:
        """Learns from a row how its columns write dates, before any row is read."""
        for label, cell in line.cells.items():
            name = self.fields[line.sheet].get(label)
            if name == "person.name" and isinstance(cell, str):
                self._see_name(line.sheet, label, cell)
            if name in _DATES and not is_empty(cell):
                self.order(line.sheet, label).see(cell)
                if name == "person.birth":
                    seen = self.births.setdefault((line.sheet, label), [0, 0])
                    seen[0] += is_first_of_january(cell)
                    seen[1] += 1

    def _see_name(self, sheet: str, label: str, cell: str) -> None:
        parts = _COMMA.split(cell.strip())
        seen = self.commas.setdefault((sheet, label), [0, 0, 0])
        seen[0] += 1
        seen[1] += len(parts) == 2
        seen[2] += len(parts) == 2 and _is_family_name(parts[0])

    def family_stands_first(self, sheet: str, label: str) -> bool:
        """Whether this column writes "Haddad, Amal"."""
        names, listed, after_one = self.commas.get((sheet, label), (0, 0, 0))
        return (
            listed >= FEWEST_NAMES
            and listed >= names * FAMILY_FIRST
            and after_one >= listed * FAMILY_FIRST
        )

    def january_means_year(self, sheet: str, label: str) -> bool:
        """Whether 1 January stands for "only the year is known" in this column (STD 9.7).

        A mapping may say so; else so many of the people were born on that day as never are.
        """
        if self.first_of_january:
            return self.first_of_january == "year"
        firsts, births = self.births.get((sheet, label), (0, 0))
        return births >= FEWEST_BIRTHS and firsts * MOST_FIRSTS >= births


@dataclass
class Row:
    """One row being read; problems go into `notes`."""

    reader: Reader
    line: Line
    cells: dict[str, tuple[str, Cell]]
    notes: Notes

    def origin(self) -> Origin:
        """Where the row stands, what says whether it changed, and whom it may speak of."""
        raw = "\0".join(f"{name}\1{shown(cell)}" for name, (_l, cell) in sorted(self.cells.items()))
        digest = hashlib.sha256(raw.encode()).digest()
        line = self.line
        return Origin(
            line.sheet, line.row, digest, self._bytes(IDENTITY), line.nth, self._bytes(NAMES)
        )

    def who(self) -> bytes | None:
        """What people of one list are told apart by: their number, else name, sex and birth."""
        number = self.cells.get("person.id", ("", None))[1]
        if is_empty(number):
            return self._bytes(IDENTITY) or None
        household = shown(self.cells.get("household.id", ("", None))[1])
        if is_unique(shown(number)):
            household = ""
        return hashlib.sha256(f"#{household}\0{shown(number)}".encode()).digest()[:16]

    def _bytes(self, names: tuple[str, ...]) -> bytes:
        said = [folded(shown(self.cells.get(name, ("", None))[1])) for name in names]
        raw = "\0".join(
            SEX.get(one, one) if name == "person.sex" else one
            for name, one in zip(names, said, strict=True)
        )
        return hashlib.sha256(raw.encode()).digest()[:16] if raw.strip("\0") else b""

    def said(self) -> tuple[tuple[str, str, str], ...]:
        """Field, label and text of each mapped cell, as a person would read it."""
        held = ((name, label, shown(cell)) for name, (label, cell) in self.cells.items())
        return tuple(one for one in held if one[2])

    def text(self, name: str) -> str:
        """A text on one line."""
        label, cell = self.cells.get(name, ("", None))
        return self.notes.text(label, cell)

    def identifier(self, name: str, *, needed: bool) -> str:
        """A number that names somebody or something."""
        label, cell = self.cells.get(name, ("", None))
        return identifier(self.notes, label, cell, needed=needed)

    def word(self, name: str, table: Map[str, str], problem: str, *, error: bool = False) -> str:
        """An answer out of a closed list, in any language; empty if it is not said."""
        label, cell = self.cells.get(name, ("", None))
        text = self.notes.text(label, cell)
        own = self.reader.values.get(name, {})
        if text in own:
            return own[text]
        bare = folded(text)
        if not bare:
            return ""
        if bare in table:
            return table[bare]
        if bare in UNSAID:
            return ""
        (self.notes.error if error else self.notes.warn)(label, cell, problem)
        return ""

    def phones(self) -> tuple[str, ...]:
        """All phone numbers of the row."""
        found: list[str] = []
        for name in ("person.phone", "person.phone_other"):
            label, cell = self.cells.get(name, ("", None))
            found += phones(self.notes, label, cell, self.reader.region or None)
        return tuple(dict.fromkeys(found))

    def day(self, name: str) -> str:
        """A day on which something was done, ISO."""
        label, cell = self.cells.get(name, ("", None))
        return self.reader_dates().day(self.notes, label, cell, self._order(label))

    def count(self, name: str) -> int | None:
        """A whole number."""
        label, cell = self.cells.get(name, ("", None))
        return count(self.notes, label, cell)

    def reader_dates(self) -> Dates:
        """How dates of this list are read."""
        return Dates(self.reader.today, self.reader.calendar)

    def _order(self, label: str) -> Order:
        return self.reader.order(self.line.sheet, label)

    def birth(self) -> Birth | None:
        """The birth date, with what is known of it."""
        label, cell = self.cells.get("person.birth", ("", None))
        estimated = self.word("person.birth_estimated", FLAG, "flag_unreadable") == "yes"
        if not estimated and is_first_of_january(cell):
            estimated = self.reader.january_means_year(self.line.sheet, label)
            if estimated:
                self.notes.warn(label, cell, "january_year")
        return self.reader_dates().birth(self.notes, label, cell, self._order(label), estimated)

    def age(self, birth: Birth | None, as_of: date) -> tuple[int | None, int | None]:
        """The age in whole years, or a range of it, if it can be one and fits the birth date."""
        label, cell = self.cells.get("person.age", ("", None))
        value = self.notes.value(label, cell)
        text = western_digits(one_line(shown(value)))
        if value is None or folded(text) in UNSAID:
            return None, None
        match = _AGES.fullmatch(text)
        if match is None:
            self.notes.warn(label, cell, "age_unreadable")
            return None, None
        low = int(match[1])
        high = int(match[2] or low)
        if not low <= high <= OLDEST:
            self.notes.warn(label, cell, "age_out_of_range")
            return None, None
        if birth is not None:
            least, most = years_between(birth, as_of)
            if not (low - 1 <= most and least <= high + 1):
                self.notes.warn(label, cell, "age_disagrees", years=least)
            return None, None
        return low, high

    def name(self) -> str:
        """The full name. Several people in one cell are an error: each needs a row."""
        label, cell = self.cells.get("person.name", ("", None))
        value = self.notes.value(label, cell)
        if isinstance(value, str):
            first = self.reader.family_stands_first(self.line.sheet, label)
            if _are_several(visible(value).strip(), first):
                self.notes.error(label, cell, "several_people")
            elif len(_COMMA.split(value)) > 1 and not first:
                self.notes.warn(label, cell, "name_with_comma")
        return self.notes.text(label, cell)

    def other_names(self) -> tuple[str, ...]:
        """Other names, one on each line of the cell."""
        label, cell = self.cells.get("person.other_names", ("", None))
        value = self.notes.value(label, cell)
        if value is None:
            return ()
        return tuple(name for line in shown(value).split("\n") if (name := one_line(line)))

    def needs(self) -> tuple[str, ...]:
        """Codes of STD 1.5; labels of suspicion are refused by name, unknown ones left out."""
        label, cell = self.cells.get("person.needs", ("", None))
        text = self.notes.text(label, cell).upper().replace(",", " ").replace(";", " ")
        found = []
        for code in text.split():
            if code in needs.REFUSED:
                self.notes.error(label, cell, "need_refused", value=code)
            elif code in needs.ORDINARY or code in needs.IN_CONFIDENCE:
                found.append(code)
            else:
                self.notes.warn(label, cell, "need_unknown", value=code)
        for name, code in (("person.pregnant", "PG"), ("person.lactating", "PG-LC")):
            if self.word(name, FLAG, "flag_unreadable") == "yes":
                found.append(code)
        return tuple(dict.fromkeys(found))

    def difficulties(self) -> dict[str, int]:
        """Answers to the Washington Group's questions (STD 9.8)."""
        found = {}
        for name in DIFFICULTIES:
            answer = self.word(f"person.difficulty.{name}", DIFFICULTY, "answer_unreadable")
            if answer:
                found[name] = int(answer)
        return found

    def documents(self) -> tuple[Document, ...]:
        """Identity documents with a number."""
        found = []
        for kind in DOCUMENTS:
            number = self.identifier(f"person.document.{kind}", needed=False)
            if number:
                found.append(Document(kind, number, self.text(f"person.issuer.{kind}")))
        number = self.identifier("person.document_number", needed=False)
        if number:
            found.append(Document(self.text("person.document_type") or "other", number))
        return tuple(found)


def _are_several(name: str, family_first: bool = False) -> bool:
    """Whether a name is more than one. `Haddad, Amal` may be one, family name first; so is
    `Al Haddad, Amal Maria`, and every name with one comma in a column that writes them so."""
    parts = [one for one in _BETWEEN.split(name) if any(sign.isalpha() for sign in one)]
    listed = _COMMA.split(name)
    return (
        len(parts) > 1
        or len(listed) > 2
        or (
            len(listed) == 2
            and all(len(one.split()) > 1 for one in listed)
            and not family_first
            and not _is_family_name(listed[0])
        )
    )


def _is_family_name(words: str) -> bool:
    """One word, with particles before it or without."""
    return len([one for one in folded(words).split() if one not in _PARTICLES]) <= 1


def _whole(given: str, father: str, family: str) -> str:
    """A name from its parts; what is called the given name may hold the family name already."""
    if len(given.split()) > 1 and f" {folded(given)}".endswith(f" {folded(family)}"):
        family = ""
    return " ".join(part for part in (given, father, family) if part)


def person(row: Row) -> IntakePerson:
    """The person of a row; its problems are in `row.notes`."""
    full, given = row.name(), row.text("person.given")
    father, family = row.text("person.father"), row.text("person.family")
    known_as = row.text("person.known_as")
    if not full:
        full = _whole(given, father, family)
    if not full and not known_as:
        row.notes.error(row.cells.get("person.name", ("", None))[0], None, "missing_name")
    birth = row.birth()
    registered = row.day("person.registered_on")
    as_of = date.fromisoformat(registered) if registered else row.reader.today
    low, high = row.age(birth, as_of)
    label, cell = row.cells.get("person.relationship", ("", None))
    if folded(row.notes.text(label, cell)) in NOT_A_MEMBER:
        row.notes.warn(label, cell, "not_a_member")
        relationship = ""
    else:
        relationship = row.word("person.relationship", RELATIONSHIP, "relationship_unreadable")
    if row.word("person.head", FLAG, "flag_unreadable") == "yes":
        relationship = "head"
    return IntakePerson(
        source_id=row.identifier("person.id", needed=True),
        full_name=full,
        origin=row.origin(),
        given=given,
        father=father,
        family=family,
        mother=row.text("person.mother"),
        other_names=row.other_names(),
        known_as=known_as,
        sex=row.word("person.sex", SEX, "sex_unreadable", error=True) or "unknown",
        birth=birth,
        age_low=low,
        age_high=high,
        age_as_of=as_of.isoformat(),
        relationship=relationship,
        marital=row.word("person.marital", MARITAL, "answer_unreadable"),
        phones=row.phones(),
        language=row.text("person.language"),
        nationality=row.text("person.nationality"),
        came_from=row.text("person.came_from"),
        documents=row.documents(),
        needs=row.needs(),
        difficulties=row.difficulties(),
        problems=tuple(row.notes.problems),
        said=row.said,
    )


def note(row: Row) -> IntakeNote:
    """The word of somebody that a row brings; its problems are in `row.notes`."""
    who = row.identifier("note.person", needed=True)
    if not who:
        row.notes.error(row.cells.get("note.person", ("", None))[0], None, "note_of_nobody")
    label, cell = row.cells.get("note.phone", ("", None))
    numbers = phones(row.notes, label, cell, row.reader.region or None)
    label, cell = row.cells.get("note.same_as", ("", None))
    if not is_empty(cell):
        row.notes.warn(label, cell, "note_same_as")
    return IntakeNote(
        source_id=row.identifier("note.id", needed=False),
        person=who,
        origin=row.origin(),
        status=row.word("note.status", WORD, "answer_unreadable"),
        contact=row.word("note.contact", FLAG, "flag_unreadable"),
        place=row.text("note.place"),
        phone=numbers[0] if numbers else "",
        text=row.text("note.text"),
        said_on=row.day("note.said_on"),
    )


def household_values(row: Row) -> dict[str, object]:
    """What a row says of its household, by the names of `IntakeHousehold`."""
    label, cell = row.cells.get("household.phone", ("", None))
    numbers = phones(row.notes, label, cell, row.reader.region or None)
    return {
        "origin": row.origin(),
        "place": row.text("household.place"),
        "admin1": row.text("household.admin1"),
        "admin2": row.text("household.admin2"),
        "country": row.text("household.country"),
        "came_from": row.text("household.came_from"),
        "address": row.text("household.address"),
        "shelter": row.text("household.shelter"),
        "unit": row.text("household.unit"),
        "phone": numbers[0] if numbers else "",
        "status": row.word("household.status", STATUS, "answer_unreadable"),
        "registered_on": row.day("household.registered_on"),
        "size_stated": row.count("household.size"),
    }


def consents(row: Row) -> bool:
    """Whether the household agreed to be registered; not said counts as yes."""
    label, cell = row.cells.get("household.consent", ("", None))
    if FLAG.get(folded(row.notes.text(label, cell))) == "no":
        row.notes.error(label, cell, "consent_refused")
        return False
    return True

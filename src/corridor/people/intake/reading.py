"""From the cells of a row to a person or a household: cleaned, nothing guessed, all faults told."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping as Map
from dataclasses import dataclass, field
from datetime import date

from corridor.people import needs
from corridor.people.intake.cells import Cell, folded, is_empty, one_line, shown
from corridor.people.intake.dates import Dates, Order, years_between
from corridor.people.intake.fields import DIFFICULTIES, DOCUMENTS
from corridor.people.intake.notes import Notes
from corridor.people.intake.numbers import count, identifier, phones
from corridor.people.intake.records import Birth, Document, IntakePerson, Origin
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
)

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
    orders: dict[tuple[str, str], Order] = field(default_factory=dict)

    def row(self, line: Line) -> Row:
        """The row with its cells by field."""
        found: dict[str, tuple[str, Cell]] = {}
        for label, cell in line.cells.items():
            name = self.fields[line.sheet].get(label)
            if name and (name not in found or is_empty(found[name][1])):
                found[name] = (label, cell)
        return Row(self, line, found, Notes(line.sheet, line.row))


@dataclass
class Row:
    """One row being read; problems go into `notes`."""

    reader: Reader
    line: Line
    cells: dict[str, tuple[str, Cell]]
    notes: Notes

    def origin(self) -> Origin:
        """Where the row stands, and what says whether it changed."""
        raw = "\0".join(f"{name}\1{shown(cell)}" for name, (_l, cell) in sorted(self.cells.items()))
        return Origin(self.line.sheet, self.line.row, hashlib.sha256(raw.encode()).digest())

    def said(self) -> dict[str, str]:
        """The mapped cells as a person would read them, by label."""
        return {label: shown(cell) for label, cell in self.cells.values() if not is_empty(cell)}

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
        return self.reader.orders.setdefault((self.line.sheet, label), Order())

    def birth(self) -> Birth | None:
        """The birth date, with what is known of it."""
        label, cell = self.cells.get("person.birth", ("", None))
        estimated = self.word("person.birth_estimated", FLAG, "flag_unreadable") == "yes"
        return self.reader_dates().birth(self.notes, label, cell, self._order(label), estimated)

    def age(self, birth: Birth | None) -> int | None:
        """The age in whole years, if it can be one and fits the birth date."""
        label, cell = self.cells.get("person.age", ("", None))
        value = self.notes.value(label, cell)
        if value is None:
            return None
        text = one_line(shown(value))
        if not text.isdecimal():
            self.notes.warn(label, cell, "age_unreadable")
            return None
        age = int(text)
        if age > OLDEST:
            self.notes.warn(label, cell, "age_out_of_range")
            return None
        if birth is not None:
            least, most = years_between(birth, self.reader.today)
            if not least - 1 <= age <= most + 1:
                self.notes.warn(label, cell, "age_disagrees", years=least)
            return None
        return age

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


def person(row: Row) -> IntakePerson:
    """The person of a row; its problems are in `row.notes`."""
    full, given = row.text("person.name"), row.text("person.given")
    father, family = row.text("person.father"), row.text("person.family")
    known_as = row.text("person.known_as")
    if not full:
        full = " ".join(part for part in (given, father, family) if part)
    if not full and not known_as:
        row.notes.error(row.cells.get("person.name", ("", None))[0], None, "missing_name")
    birth = row.birth()
    age = row.age(birth)
    label, cell = row.cells.get("person.relationship", ("", None))
    if folded(row.notes.text(label, cell)) in NOT_A_MEMBER:
        row.notes.warn(label, cell, "not_a_member")
        relationship = ""
    else:
        relationship = row.word("person.relationship", RELATIONSHIP, "relationship_unreadable")
    if row.word("person.head", FLAG, "flag_unreadable") == "yes":
        relationship = "head"
    other = row.text("person.other_names")
    return IntakePerson(
        source_id=row.identifier("person.id", needed=True),
        full_name=full,
        origin=row.origin(),
        given=given,
        father=father,
        family=family,
        mother=row.text("person.mother"),
        other_names=(other,) if other else (),
        known_as=known_as,
        sex=row.word("person.sex", SEX, "sex_unreadable", error=True) or "unknown",
        birth=birth,
        age_low=age,
        age_high=age,
        age_as_of=row.day("person.registered_on") or row.reader.today.isoformat(),
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

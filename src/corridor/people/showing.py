"""What the page of a person shows to whom: each line only to the roles that read its fields.

The kinds say who reads a field; the matrix shows it; this page obeys it. A test opens the page in
every role and compares each field.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from corridor.desk.access import Visit, readers_of
from corridor.desk.words import value_word
from corridor.journal.kinds import ROLES, kind_named
from corridor.people import models
from corridor.people.full_form import papers
from corridor.people.needed.difficulties import ANSWERS, answers_of, has_disability
from corridor.people.queries import ages_on

#: The kind whose fields are those of a person's record.
KIND = "person.registered"

#: What each field of a record is called.
LABELS = {
    "household": gettext_lazy("Household"),
    "relationship": gettext_lazy("To the head of household"),
    "name": gettext_lazy("Name"),
    "name_other": gettext_lazy("Also written"),
    "known_as": gettext_lazy("Known as"),
    "sex": gettext_lazy("Sex"),
    "birth_on": gettext_lazy("Birth date"),
    "birth_precision": gettext_lazy("How exactly the birth date is known"),
    "birth_estimated": gettext_lazy("Birth date is estimated"),
    "birth_calendar": gettext_lazy("Calendar"),
    "birth_written": gettext_lazy("Birth date as it was said"),
    "age_years": gettext_lazy("Age"),
    "age_years_high": gettext_lazy("Age at most"),
    "age_as_of": gettext_lazy("Age as of"),
    "age_disputed": gettext_lazy("The age is disputed"),
    "phone": gettext_lazy("A phone that is safe to call"),
    "travels": gettext_lazy("Travels"),
    "nationality": gettext_lazy("Nationality as they say it"),
    "nationality_state": gettext_lazy("Nationality is"),
    "origin": gettext_lazy("Where they come from"),
    "documents": gettext_lazy("Identity paper"),
    "difficulties": gettext_lazy("Difficulties"),
    "given_name": gettext_lazy("Given name"),
    "father_name": gettext_lazy("Father's given name"),
    "grandfather_name": gettext_lazy("Grandfather's given name"),
    "family_name": gettext_lazy("Family name"),
    "mother_name": gettext_lazy("Mother's name"),
    "marital": gettext_lazy("Marital status"),
    "language": gettext_lazy("Language they speak best"),
    "education": gettext_lazy("Schooling"),
    "occupation": gettext_lazy("Work"),
    "next_of_kin": gettext_lazy("Next of kin who is not here"),
    "declined": gettext_lazy("Does not want to say"),
    "unseen": gettext_lazy("Not seen yet"),
    "source": gettext_lazy("Came with"),
    "source_id": gettext_lazy("Number in the list they came with"),
}


@dataclass(frozen=True)
class Line:
    """A line of the page: the fields it is drawn from, and their words ("" leaves it out)."""

    fields: tuple[str, ...]
    label: Any
    words: Callable[[models.Person, datetime.date], str]
    number: bool = False


@dataclass(frozen=True)
class Shown:
    """A line as it is shown."""

    fields: str
    label: str
    words: str
    number: bool


def _value(name: str, number: bool = False) -> Line:
    return Line((name,), LABELS[name], lambda row, _day: str(getattr(row, name) or ""), number)


def _word(name: str) -> Line:
    return Line((name,), LABELS[name], lambda row, _day: value_word(getattr(row, name) or ""))


def _age(row: models.Person, day: datetime.date) -> str:
    """The age now, and what was said: a birth date as far as it is known, or an age on a day."""
    now = [str(one) for one in ages_on(row, day) if one is not None]
    if not now:
        return _("not known")
    told = "\u2066" + "–".join(dict.fromkeys(now)) + "\u2069"
    if row.birth_on:
        said = _("about %(day)s") if row.birth_estimated else "%(day)s"
        return f"{told} ({said % {'day': _own(row.birth_on)}})"
    if row.age_as_of and row.age_as_of != day.isoformat():
        high = f"–{row.age_years_high}" if row.age_years_high is not None else ""
        said = _("%(age)s on %(day)s") % {
            "age": _own(f"{row.age_years}{high}"), "day": _own(row.age_as_of),
        }  # fmt: skip
        return f"{told} ({said})"
    return told


def _own(text: str) -> str:
    """Text that keeps its own direction."""
    return f"\u2066{text}\u2069"


def _as_said(row: models.Person, _day: datetime.date) -> str:
    if not row.birth_written:
        return ""
    return f"{_own(row.birth_written)} {value_word(row.birth_calendar or '')}".strip()


def _parts(row: models.Person, _day: datetime.date) -> str:
    names = (row.given_name, row.father_name, row.grandfather_name, row.family_name)
    return " · ".join(name for name in names if name)


def _nationality(row: models.Person, _day: datetime.date) -> str:
    known = [row.nationality, value_word(row.nationality_state or "")]
    return " · ".join(one for one in known if one)


def _papers(row: models.Person, _day: datetime.date) -> str:
    return "; ".join(
        " ".join(
            one
            for one in (value_word(paper.get("type", "")), _own(paper.get("number", "")),
                        value_word(paper.get("state", "")))
            if one.strip("\u2066\u2069")
        )
        for paper in papers(row.documents)
    )  # fmt: skip


def _difficulties(row: models.Person, _day: datetime.date) -> str:
    said = answers_of(row)
    if not said:
        return ""
    hard = [
        f"{value_word(f'wg_{one}')}: {ANSWERS[answer]}"
        for one, answer in said.items()
        if answer in (2, 3, 4)
    ]
    told = _("Counts as having a disability") if has_disability(row) else _("No great difficulty")
    return "; ".join([told, *hard])


def _declined(row: models.Person, _day: datetime.date) -> str:
    return ", ".join(value_word(f"asks_{one}") for one in (row.declined or "").split())


LINES = (
    _value("name_other"),
    _value("known_as"),
    _word("sex"),
    Line(
        ("birth_on", "birth_precision", "birth_estimated", "age_years", "age_years_high",
         "age_as_of"),
        LABELS["age_years"], _age,
    ),
    Line(
        ("age_disputed",), LABELS["age_disputed"],
        lambda row, _day: _("Until it is resolved the person is treated as a child.")
        if row.age_disputed else "",
    ),
    Line(("birth_calendar", "birth_written"), LABELS["birth_written"], _as_said),
    _word("relationship"),
    Line(
        ("travels",), LABELS["travels"], lambda row, _day: value_word(row.travels or "seat")
    ),
    Line(
        ("unseen",), LABELS["unseen"],
        lambda row, _day: _("told by: %(who)s") % {"who": value_word(row.unseen)}
        if row.unseen else "",
    ),
    Line(("difficulties",), LABELS["difficulties"], _difficulties),
    _value("phone", number=True),
    _value("language"),
    Line(
        ("given_name", "father_name", "grandfather_name", "family_name"),
        gettext_lazy("Name in parts"), _parts,
    ),
    _value("mother_name"),
    _word("marital"),
    _value("next_of_kin"),
    Line(("nationality", "nationality_state"), gettext_lazy("Nationality"), _nationality),
    Line(("documents",), LABELS["documents"], _papers),
    _value("education"),
    _value("occupation"),
    Line(("declined",), LABELS["declined"], _declined),
    _value("origin"),
    Line(
        ("source", "source_id"), LABELS["source"],
        lambda row, _day: " ".join(one for one in (row.source, _own(row.source_id or "")) if one),
    ),
)  # fmt: skip


def readers() -> tuple[str, ...]:
    """The roles that read anything at all of a person's record."""
    kind = kind_named(KIND)
    assert kind is not None
    known = {role for field in kind.fields for role in readers_of(KIND, field)}
    return tuple(role for role in ROLES if role in known)


def shown_to(visit: Visit, row: models.Person, day: datetime.date) -> list[Shown]:
    """The lines of a person's page that a visitor may read and that say something."""
    found = []
    for line in LINES:
        if not all(visit.reads(KIND, field) for field in line.fields):
            continue
        words = line.words(row, day)
        if words.strip("\u2066\u2069 "):
            found.append(Shown(" ".join(line.fields), str(line.label), words, line.number))
    return found

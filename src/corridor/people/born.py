"""What somebody says of their birth, read as it was said: an age, a range, a date of any precision,
in three calendars (STD 9.7). Nothing is guessed, and an unknown day is never a 1 January.
"""

from __future__ import annotations

import datetime
import re
from typing import Any

from django.utils.translation import gettext as _

from corridor.people import models
from corridor.people.intake.dates import gregorian

#: Nobody is older than this.
OLDEST = 120

#: The values of a record in which an answer about the birth stands.
FIELDS = (
    "birth_on", "birth_precision", "birth_estimated", "birth_calendar", "birth_written",
    "age_years", "age_years_high", "age_as_of",
)  # fmt: skip

#: Years of other calendars are below this, those of our own above.
_OURS_FROM = 1600

_DATE = re.compile(r"^(\d{4})(?:[-/.](\d{1,2})(?:[-/.](\d{1,2}))?)?$")
_RANGE = re.compile(r"^(\d{1,3})\s*[-–]\s*(\d{1,3})$")

#: Letters behind a date that name its calendar.
_MARKS = {
    "hijri": ("ah", "h", "هـ", "ه", "ھ", "هـ ق"),
    "solar_hijri": ("sh", "ap", "هـ ش", "ه ش", "هش", "ش"),
}
_MARKED = re.compile(r"^([\d/.\-]+)\s*([^\W\d_].*)$")


class Unreadable(ValueError):
    """What was written cannot be read as an age or a date; the sentence says why."""


def read(said: str, today: datetime.date) -> dict[str, Any]:
    """The values of a record that an answer stands for; empty for an empty answer.

    Raises `Unreadable`.
    """
    text = "".join(str(int(s)) if s.isdecimal() else s for s in said.strip())
    if not text:
        return {}
    if text.isdigit() and len(text) < 4:
        return _age(int(text), None, today)
    if match := _RANGE.match(text):
        least, most = int(match[1]), int(match[2])
        if least > most:
            raise Unreadable(_("Write the lower age first, like 5-17."))
        return _age(least, most, today)
    return _date(text, today)


def _age(least: int, most: int | None, today: datetime.date) -> dict[str, Any]:
    if max(least, most or 0) > OLDEST:
        raise Unreadable(_("Nobody is older than %(years)s. Look again.") % {"years": OLDEST})
    found: dict[str, Any] = {"age_years": least, "age_as_of": today.isoformat()}
    return found if most is None or most == least else found | {"age_years_high": most}


def _date(text: str, today: datetime.date) -> dict[str, Any]:
    mark = ""
    if marked := _MARKED.match(text):
        text, mark = marked[1], _calendar_of(marked[2])
    match = _DATE.match(text)
    if match is None:
        raise Unreadable(_("Write an age like 34, or a date like 1990-05-17."))
    parts = [int(part) for part in match.groups() if part]
    return _settled(parts, _calendar(parts, mark, today), today)


def _calendar_of(letters: str) -> str:
    plain = re.sub(r"[\s.ـ]+", " ", letters.lower()).strip()
    for name, marks in _MARKS.items():
        if plain in (re.sub(r"[\s.ـ]+", " ", one).strip() for one in marks):
            return name
    raise Unreadable(_("Write AH after a Hijri date, SH after a Solar Hijri date."))


def _calendar(parts: list[int], mark: str, today: datetime.date) -> str:
    """The calendar that is meant. Raises `Unreadable` where two could be."""
    if mark:
        return mark
    if parts[0] >= _OURS_FROM:
        return "gregorian"
    possible = []
    for name in _MARKS:
        try:
            found = _settled(parts, name, today)
        except Unreadable:
            continue
        possible.append((name, found))
    if not possible:
        raise Unreadable(_("There is no such day."))
    if len(possible) > 1:
        raise Unreadable(_("Write AH after a Hijri date, SH after a Solar Hijri date."))
    return possible[0][0]


def _settled(parts: list[int], calendar: str, today: datetime.date) -> dict[str, Any]:
    """The values of a date. A year or month of another calendar is laid on a year of ours."""
    ours = calendar == "gregorian"
    filled = [*parts, 1, 1] if ours else [*parts, 6, 15]
    try:
        day = gregorian(filled[0], filled[1], filled[2], calendar)
    except ValueError:
        raise Unreadable(_("There is no such day.")) from None
    known = len(parts) if ours or len(parts) == 3 else 1
    written = "-".join((f"{day.year:04}", f"{day.month:02}", f"{day.day:02}")[:known])
    if written > today.isoformat()[: len(written)]:
        raise Unreadable(_("This day has not come yet."))
    if day.year < today.year - OLDEST:
        raise Unreadable(_("Nobody is older than %(years)s. Look again.") % {"years": OLDEST})
    found: dict[str, Any] = {
        "birth_on": written,
        "birth_precision": ("year", "month", "day")[known - 1],
    }
    if ours:
        return found
    if known < len(parts) or len(parts) < 3:
        found["birth_estimated"] = "yes"
    said = "-".join([f"{parts[0]:04}", *(f"{part:02}" for part in parts[1:])])
    return found | {"birth_calendar": calendar, "birth_written": said}


def shown(person: models.Person) -> str:
    """Age or birth date as it was said, in the form in which it is read again."""
    if person.birth_on:
        mark = {"hijri": " AH", "solar_hijri": " SH"}.get(person.birth_calendar or "", "")
        return f"{person.birth_written}{mark}" if mark and person.birth_written else person.birth_on
    if person.age_years is None:
        return ""
    if person.age_years_high is None:
        return str(person.age_years)
    return f"{person.age_years}-{person.age_years_high}"

"""Dates as lists write them: any order, day numbers, three calendars, year alone (STD 9.7)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from hijridate import Hijri

from corridor.people.intake.cells import Cell, folded, one_line, shown, western_digits
from corridor.people.intake.notes import Notes
from corridor.people.intake.records import Birth

OLDEST = 120
"""Years. A birth date further back is refused."""

_EPOCH = date(1899, 12, 30)
_SERIAL = range(10_000, 60_000)
"""Day numbers taken as dates: 1927 to 2064."""

_YMD = re.compile(r"(\d{4})[-/.\s](\d{1,2})[-/.\s](\d{1,2})(?:[T ]\d.*)?")
_DMY = re.compile(r"(\d{1,2})[-/.\s](\d{1,2})[-/.\s](\d{4})(?:[T ]\d.*)?")
_YM = re.compile(r"(\d{4})[-/.](\d{1,2})")
_MY = re.compile(r"(\d{1,2})[-/.](\d{4})")
_COMPACT = re.compile(r"((?:19|20)\d\d)(\d\d)(\d\d)")
_WORDED = re.compile(r"(?:(\d{1,2}) )?(\D+?)(?: (\d{1,2}))? (\d{4})")
_MARKS = (
    ("solar_hijri", re.compile(r"(?:\bSH\b|\bAP\b|\bHS\b|ه[ـ]?\s*\.?\s*ش\.?)\s*$", re.IGNORECASE)),
    ("hijri", re.compile(r"(?:\bAH\b|\bH\b|هـ|ه|ھ)\s*\.?\s*ق?\s*$", re.IGNORECASE)),
)
_MONTHS = (
    "january|jan|janvier|janv|يناير|كانون الثاني|enero|января",
    "february|feb|fevrier|fevr|فبراير|شباط|febrero|февраля",
    "march|mar|mars|مارس|آذار|marzo|марта",
    "april|apr|avril|avr|أبريل|إبريل|نيسان|abril|апреля",
    "may|mai|مايو|أيار|mayo|мая",
    "june|jun|juin|يونيو|حزيران|junio|июня",
    "july|jul|juillet|juil|يوليو|تموز|julio|июля",
    "august|aug|aout|أغسطس|آب|agosto|августа",
    "september|sep|sept|septembre|سبتمبر|أيلول|septiembre|сентября",
    "october|oct|octobre|أكتوبر|تشرين الأول|octubre|октября",
    "november|nov|novembre|نوفمبر|تشرين الثاني|noviembre|ноября",
    "december|dec|decembre|ديسمبر|كانون الأول|diciembre|декабря",
)
MONTHS = {folded(word): n for n, row in enumerate(_MONTHS, 1) for word in row.split("|")}
CALENDARS = ("gregorian", "hijri", "solar_hijri")


@dataclass(frozen=True, slots=True)
class Parts:
    """A date as written, before the calendar is known. Month and day 0 mean: not said."""

    year: int
    month: int = 0
    day: int = 0
    mark: str = ""


class Order:
    """Whether a column writes the day or the month first, told by its own unmistakable dates."""

    def __init__(self, said: str = "") -> None:
        self.day_first = said == "dmy"
        self.month_first = said == "mdy"
        self._fixed = bool(said)

    def see(self, cell: Cell) -> None:
        if self._fixed or not isinstance(cell, str):
            return
        if match := _DMY.match(western_digits(cell).strip()):
            first, second = int(match[1]), int(match[2])
            self.day_first |= first > 12 >= second
            self.month_first |= second > 12 >= first

    def resolve(self, first: int, second: int) -> tuple[int, int] | None:
        """Day and month, or None where nobody can tell."""
        if first > 12 or first == second:
            return first, second
        if second > 12:
            return second, first
        if self.day_first != self.month_first:
            return (first, second) if self.day_first else (second, first)
        return None


def solar_hijri(year: int, month: int, day: int) -> date:
    """The Gregorian date of a Solar Hijri one, by the 33-year rule of leap years.

    Holds for 1206 to 1498. Raises `ValueError` for a day that is not in the calendar.
    """
    leap = year % 33 in (1, 5, 9, 13, 17, 22, 26, 30)
    longest = 31 if month <= 6 else 30 if month <= 11 or leap else 29
    if not (1206 <= year <= 1498 and 1 <= month <= 12 and 1 <= day <= longest):
        raise ValueError("no such day")
    leaps = sum(y % 33 in (1, 5, 9, 13, 17, 22, 26, 30) for y in range(1206, year))
    before = (month - 1) * 31 - max(0, month - 7)
    return date(1827, 3, 22) + timedelta(days=(year - 1206) * 365 + leaps + before + day - 1)


def gregorian(year: int, month: int, day: int, calendar: str) -> date:
    """The day in the Gregorian calendar. Hijri goes by Umm al-Qura. Raises `ValueError`."""
    if calendar == "hijri":
        try:
            found = Hijri(year, month, day).to_gregorian()
        except OverflowError as out:
            raise ValueError("no such day") from out
        return date(found.year, found.month, found.day)
    if calendar == "solar_hijri":
        return solar_hijri(year, month, day)
    return date(year, month, day)


class Dates:
    """Reads the dates of a list. `today` decides what lies in the future."""

    def __init__(self, today: date, calendar: str = "") -> None:
        self.today, self.calendar = today, calendar

    def birth(
        self, notes: Notes, column: str, cell: Cell, order: Order, estimated: bool
    ) -> Birth | None:
        """The birth date of a cell, or None with an error."""
        value = notes.value(column, cell)
        if value is None:
            return None
        written = one_line(value) if isinstance(value, str) else shown(value)
        found = self._plain(notes, column, cell, value)
        if found is None:
            parts = self._parts(notes, column, cell, written, order)
            if parts is None:
                return None
            known = self._dated(notes, column, cell, parts)
            if known is None:
                return None
            birth = Birth(known[0], known[1], estimated or known[3], known[2], written)
        else:
            birth = Birth(found.isoformat(), "day", estimated, "gregorian", written)
        return self._checked(notes, column, cell, birth)

    def day(self, notes: Notes, column: str, cell: Cell, order: Order) -> str:
        """A day on which something was done, as an ISO date; empty with a warning."""
        attempt = Notes(notes.sheet, notes.row)
        birth = self.birth(attempt, column, cell, order, False)
        if birth is None or birth.precision != "day":
            if attempt.problems:
                notes.warn(column, cell, "date_unreadable")
            return ""
        return birth.on

    def _plain(
        self, notes: Notes, column: str, cell: Cell, value: str | int | float | bool | datetime
    ) -> date | None:
        """Days that need no order: true dates and day numbers."""
        if isinstance(value, datetime):
            return value.date()
        if isinstance(value, bool):
            return None
        text = western_digits(one_line(value)) if isinstance(value, str) else str(value)
        if re.fullmatch(r"\d{5}(\.\d+)?", text) and int(float(text)) in _SERIAL:
            found = _EPOCH + timedelta(days=int(float(text)))
            notes.warn(column, cell, "date_serial", date=found.isoformat())
            return found
        return None

    def _parts(
        self, notes: Notes, column: str, cell: Cell, written: str, order: Order
    ) -> Parts | None:
        text, mark = western_digits(written), ""
        for name, pattern in _MARKS:
            if match := pattern.search(text):
                text, mark = text[: match.start()].strip(), name
                break
        if match := _DMY.fullmatch(text):
            settled = order.resolve(int(match[1]), int(match[2]))
            if settled is None:
                notes.warn(column, cell, "date_order_unclear")
                return Parts(int(match[3]), mark=mark)
            return Parts(int(match[3]), settled[1], settled[0], mark)
        for pattern, groups in (
            (_YMD, (1, 2, 3)),
            (_COMPACT, (1, 2, 3)),
            (_YM, (1, 2)),
            (_MY, (2, 1)),
            (re.compile(r"(\d{4})(?:\.0)?"), (1,)),
        ):
            if match := pattern.fullmatch(text):
                numbers = [int(match[group]) for group in groups]
                if 0 in numbers[1:]:
                    break
                said_year, said_month, said_day = [*numbers, 0, 0][:3]
                return Parts(said_year, said_month, said_day, mark)
        if match := _WORDED.fullmatch(re.sub(r"[.,\s]+", " ", text)):
            month = MONTHS.get(folded(match[2]))
            if month and not (match[1] and match[3]):
                return Parts(int(match[4]), month, int(match[1] or match[3] or 0), mark)
        notes.error(column, cell, "date_unreadable")
        return None

    def _dated(
        self, notes: Notes, column: str, cell: Cell, parts: Parts
    ) -> tuple[str, str, str, bool] | None:
        """ISO text, precision, calendar, and whether the conversion made it an estimate."""
        said = parts.mark or (self.calendar if parts.year < 1600 else "")
        names: Iterable[str] = (
            (said,) if said else CALENDARS[1:] if parts.year < 1600 else CALENDARS[:1]
        )
        found = [(name, known) for name in names if (known := _converted(parts, name)) is not None]
        possible = [one for one in found if self._can_be(one[1][0])]
        if len(possible) > 1:
            notes.error(column, cell, "calendar_unclear", value=parts.year)
            return None
        if not found:
            notes.error(column, cell, "date_unreadable")
            return None
        name, (on, precision, estimated) = (possible or found)[0]
        return on, precision, name, estimated

    def _can_be(self, on: str) -> bool:
        return self.today.year - OLDEST <= int(on[:4]) and on <= self.today.isoformat()

    def _checked(self, notes: Notes, column: str, cell: Cell, birth: Birth) -> Birth | None:
        if birth.on > self.today.isoformat()[: len(birth.on)]:
            notes.error(column, cell, "birth_in_future", value=birth.on)
            return None
        if int(birth.on[:4]) < self.today.year - OLDEST:
            notes.error(column, cell, "birth_too_early", value=birth.on, limit=OLDEST)
            return None
        if birth.estimated and birth.on.endswith("-01-01"):
            # The way systems that need a full date write a known year.
            return Birth(birth.on[:4], "year", True, birth.calendar, birth.written)
        return birth


def _converted(parts: Parts, calendar: str) -> tuple[str, str, bool] | None:
    """ISO text, precision, and whether a year or month of another calendar was laid on ours."""
    try:
        if calendar == "gregorian":
            known = gregorian(parts.year, parts.month or 1, parts.day or 1, calendar)
            if parts.day:
                return known.isoformat(), "day", False
            return (
                (known.isoformat()[:7], "month", False)
                if parts.month
                else (
                    f"{known.year:04}",
                    "year",
                    False,
                )
            )
        known = gregorian(parts.year, parts.month or 6, parts.day or 15, calendar)
    except ValueError:
        return None
    if parts.day:
        return known.isoformat(), "day", False
    return f"{known.year:04}", "year", True


_FIRST = re.compile(
    r"\d{4}[-/.](?:01|1)[-/.](?:01|1)(?:[T ].*)?|(?:01|1)[-/.](?:01|1)[-/.]\d{4}(?:[T ].*)?"
)


def is_first_of_january(cell: Cell) -> bool:
    """Whether the cell is a 1 January, whatever the year."""
    if isinstance(cell, datetime):
        return (cell.month, cell.day) == (1, 1)
    return isinstance(cell, str) and bool(_FIRST.fullmatch(western_digits(cell).strip()))


def years_between(birth: Birth, as_of: date) -> tuple[int, int]:
    """The least and the most whole years old at `as_of`."""
    numbers = [int(part) for part in birth.on.split("-")]
    first = [*numbers, 1, 1][:3]
    last = (numbers + ([12, 31] if len(numbers) == 1 else [31]))[:3]
    now = [as_of.month, as_of.day]
    return (
        max(0, as_of.year - last[0] - (now < last[1:])),
        max(0, as_of.year - first[0] - (now < first[1:])),
    )

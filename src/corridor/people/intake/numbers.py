"""Identifiers, phones and counts, and what spreadsheets do to them."""

from __future__ import annotations

import re
from datetime import datetime

import phonenumbers

from corridor.people.intake.cells import Cell, Scalar, one_line, shown, western_digits
from corridor.people.intake.notes import Notes

_SCIENTIFIC = re.compile(r"([+-]?\d)(?:[.,](\d+))?[eE]\+?(\d{1,3})")
_PHONE = re.compile(r"(\+?)([\d\s().\-–/]+?)(?:\s*(?:x|ext\.?|#)\s*(\d{1,6}))?", re.IGNORECASE)
_SEVERAL = re.compile(r"\s*[,;\n|]\s*|\s+/\s+")
_SHORTEST, _LONGEST = 5, 15
_NATIONAL = 10
"""A number with more digits than this carries its country code already."""


_UNIQUE = re.compile(r"(?:uuid:)?[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}", re.IGNORECASE)
_LONG, _DIFFERENT = 20, 11


def is_unique(number: str) -> bool:
    """Whether a record's number is of the sort that no other record has, in any list."""
    if _UNIQUE.fullmatch(number):
        return True
    return len(number) >= _LONG and len(set(number)) >= _DIFFERENT


def whole(text: str) -> str | None:
    """The digits of `2.54708123456E+11`, or None when the spreadsheet has cut some of them.

    They are whole only when as many are written as the power of ten asks for.
    """
    match = _SCIENTIFIC.fullmatch(text)
    if not match:
        return text
    lead, rest, power = match[1], match[2] or "", int(match[3])
    if len(rest) < power or power == 0:
        return None
    return lead + rest if len(rest) == power else None


def _digits(value: Scalar) -> str | None:
    if isinstance(value, bool | datetime):
        return shown(value)
    if isinstance(value, float):
        return None if value.is_integer() else shown(value)
    if isinstance(value, int):
        return str(value)
    return whole(western_digits(one_line(value)))


def identifier(notes: Notes, column: str, cell: Cell, *, needed: bool) -> str:
    """A record's or document's number. A cut one is an error when `needed`, else left out."""
    value = notes.value(column, cell)
    if value is None:
        return ""
    number = _digits(value)
    if number is None:
        if needed:
            notes.error(column, cell, "id_ruined")
        else:
            notes.warn(column, cell, "spreadsheet_number")
        return ""
    return number


def phones(notes: Notes, column: str, cell: Cell, region: str | None) -> tuple[str, ...]:
    """The phone numbers of a cell: `+` and digits where the country is certain, else digits.

    `region` is the ISO country whose national numbers the list holds, None if unknown.
    """
    value = notes.value(column, cell)
    if value is None:
        return ()
    number = _digits(value)
    if number is None:
        notes.warn(column, cell, "spreadsheet_number")
        return ()
    found: list[str] = []
    for part in _SEVERAL.split(number.strip()):
        one = _phone(part, region) if part else ""
        if one is None:
            notes.warn(column, cell, "phone_unreadable")
        elif one:
            found.append(one)
    national = isinstance(value, int) and found and not found[0].startswith("+")
    if national and len(found[0]) <= _NATIONAL:
        notes.warn(column, cell, "leading_zero_lost")
    return tuple(dict.fromkeys(found))


def _phone(written: str, region: str | None) -> str | None:
    match = _PHONE.fullmatch(written)
    if not match:
        return None
    digits = re.sub(r"\D", "", match[2])
    if not _SHORTEST <= len(digits.removeprefix("00")) <= _LONGEST:
        return None
    extension = f"x{match[3]}" if match[3] else ""
    if match[1] or digits.startswith("00"):
        return f"+{digits.removeprefix('00')}{extension}"
    if region:
        try:
            parsed = phonenumbers.parse(digits, region)
        except phonenumbers.NumberParseException:
            return digits + extension
        if phonenumbers.is_valid_number(parsed):
            written = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
            return written + extension
    return digits + extension


def count(notes: Notes, column: str, cell: Cell) -> int | None:
    """A whole number from 0 to 999, or None with a problem."""
    value = notes.value(column, cell)
    if value is None:
        return None
    text = _digits(value) or ""
    if isinstance(value, bool) or not re.fullmatch(r"\d{1,3}(\.0+)?", text):
        notes.warn(column, cell, "count_unreadable")
        return None
    return int(text.split(".", maxsplit=1)[0])

"""What a cell can hold, and the cleaning every text goes through.

A spreadsheet's number keeps its own digits: an integer of at most 15 digits is exact, anything
longer has lost digits for good and stays a float, so that later steps can tell.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime

Scalar = str | int | float | bool | datetime

EXACT_DIGITS = 15
"""Digits that a spreadsheet's number holds without loss."""

_INVISIBLE = dict.fromkeys(
    [
        *range(0x09),
        0x0B,
        0x0C,
        *range(0x0E, 0x20),
        *range(0x7F, 0x85),
        *range(0x86, 0xA0),
        0xAD,
        0x061C,
        0x200B,
        0x200E,
        0x200F,
        *range(0x202A, 0x202F),
        *range(0x2060, 0x206A),
        0xFEFF,
        0xFFFE,
        0xFFFF,
        *range(0xD800, 0xE000),
    ]
)
"""Control and direction marks. U+200C and U+200D stay: they shape Persian and Indic words."""

_DIGITS = {
    ord(c): str(i) for zero in "٠۰०" for i, c in enumerate(chr(ord(zero) + n) for n in range(10))
}
_NOT_WORD = re.compile(r"[\W_]+")
_SPACES = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula as written and the result its program saved. It is never calculated here."""

    text: str
    saved: Scalar | None


Cell = Scalar | Formula | None


def visible(text: str) -> str:
    """The text in NFC without control characters and direction marks; line ends are kept."""
    return unicodedata.normalize("NFC", text.translate(_INVISIBLE))


def one_line(text: str) -> str:
    """`visible` text on one line with single spaces and none at the ends."""
    return _SPACES.sub(" ", visible(text)).strip()


def western_digits(text: str) -> str:
    """Arabic-Indic, Persian and Devanagari digits as 0-9."""
    return text.translate(_DIGITS)


def number(written: str) -> int | float:
    """The number a spreadsheet stored. Raises `ValueError` for anything else."""
    value = float(written)
    if value.is_integer() and abs(value) < 10**EXACT_DIGITS:
        return int(value)
    return value


def shown(cell: Cell) -> str:
    """The cell as a person would read it, for reports and corrections."""
    if cell is None:
        return ""
    if isinstance(cell, Formula):
        return shown(cell.saved) or f"={cell.text}"
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, datetime):
        midnight = (cell.hour, cell.minute, cell.second) == (0, 0, 0)
        return cell.date().isoformat() if midnight else cell.isoformat(sep=" ")
    return visible(cell) if isinstance(cell, str) else repr(cell)


def is_empty(cell: Cell) -> bool:
    return cell is None or (isinstance(cell, str) and not one_line(cell))


def packed(cell: Cell) -> object:
    """The cell as plain data for the spool; `unpacked` turns it back."""
    if isinstance(cell, datetime):
        return ["d", cell.replace(tzinfo=None).isoformat()]
    if isinstance(cell, Formula):
        return ["f", cell.text, packed(cell.saved)]
    if isinstance(cell, str):
        return cell.encode("utf-8", "replace").decode()
    return cell


def unpacked(value: object) -> Cell:
    if isinstance(value, list):
        if value[0] == "d":
            return datetime.fromisoformat(value[1])
        saved = unpacked(value[2])
        return Formula(value[1], None if isinstance(saved, Formula) else saved)
    assert value is None or isinstance(value, str | int | float | bool)
    return value


def folded(text: str) -> str:
    """The text for comparing words: no case, accents, points, vowel signs or double spaces."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return _NOT_WORD.sub(" ", western_digits(visible(bare)).casefold()).strip()

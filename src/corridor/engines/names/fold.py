"""The search normal form of text in Arabic, Latin and Cyrillic letters.

Different keyboards, fonts and habits write one name with different code points. `fold` brings
them to one form: compatibility forms resolved, marks and tatweel gone, invisible characters gone,
letters that clerks interchange made equal, digits of every kind made `0`-`9`.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final, Literal

Script = Literal["arab", "latn", "cyrl"]

# Far above any name; text beyond it is not read, so ten thousand characters cost nothing.
MAX_CHARACTERS: Final = 400

_ARABIC: Final = {
    **dict.fromkeys("أإآٱٲٳ", "ا"),
    **dict.fromkeys("ىیئێۍېےۓ", "ي"),
    **dict.fromkeys("ؤۆۇۈۋ", "و"),
    **dict.fromkeys("ةەہھۀۃۂ", "ه"),
    **dict.fromkeys("کڪګ", "ك"),
    "ء": "",
    "ـ": "",
    "ڵ": "ل",
    "ڕ": "ر",
    "ڨ": "ڤ",
    "ڥ": "ڤ",
    "ڭ": "ك",
}
_LATIN: Final = {
    "ß": "ss",
    "æ": "ae",
    "œ": "oe",
    "ø": "o",
    "đ": "d",
    "ð": "d",
    "þ": "th",
    "ł": "l",
    "ı": "i",
    "ə": "a",
    "ħ": "h",
    "ŋ": "ng",
    "ş": "sh",
    "ș": "sh",
    "š": "sh",
    "ç": "ch",
    "č": "ch",
    "ć": "ch",
    "ž": "zh",
    "ğ": "gh",
    "ñ": "n",
}
_CYRILLIC: Final = {
    "ё": "е",
    "й": "й",  # kept whole: its mark is part of the letter
    "і": "и",
    "ї": "и",
    "є": "е",
    "ґ": "г",
    "ғ": "г",
    "қ": "к",
    "ҡ": "к",
    "ќ": "к",
    "ң": "н",
    "ө": "о",
    "ұ": "у",
    "ү": "у",
    "һ": "х",
    "ҳ": "х",
    "ҷ": "ч",
    "ћ": "ч",
    "ә": "а",
    "ј": "й",
    "љ": "ль",
    "њ": "нь",
    "џ": "дж",
    "ў": "у",
}
_ONE_FORM: Final = _ARABIC | _LATIN | _CYRILLIC
_APOSTROPHES: Final = frozenset("'’‘`ʼʻʿʾ´ʹ′")


def script_of(letter: str) -> Script | None:
    """The script of one folded letter, or None if it is of none that Corridor matches."""
    if "a" <= letter <= "z":
        return "latn"
    if "\u0600" <= letter <= "\u06ff":
        return "arab"
    if "\u0400" <= letter <= "\u04ff":
        return "cyrl"
    return None


def _letter(char: str) -> str:
    found = _ONE_FORM.get(char)
    if found is not None:
        return found
    category = unicodedata.category(char)
    if category[0] == "M" or category in {"Cf", "Cc", "Co", "Cn", "Cs"} or char in _APOSTROPHES:
        return " " if char in "\n\t\r\u200c" else ""
    if category == "Nd":
        return str(unicodedata.digit(char))
    if category[0] != "L":
        return " "
    plain = "".join(
        c for c in unicodedata.normalize("NFD", char) if unicodedata.category(c) != "Mn"
    )
    return "".join(_ONE_FORM.get(c, c) for c in plain)


# Sorani writes short vowels, Arabic does not: a short one inside a word goes, and so does the seat
# that carries a first one.
_SEATED: Final = re.compile(r"\bئ(?=[اەێۆوۇیيىۊ])(?:[اە])?")
_SHORT: Final = re.compile(r"ە(?=\w)")
_CACHE: dict[str, str] = {}


def fold(text: str) -> str:
    """Returns the search normal form of `text` in any script: lower case, single spaces.

    Two spellings that differ only in marks, presentation forms, invisible characters, interchanged
    letters (alef, ya, ta marbuta, Persian and Sorani forms) or kind of digit fold to one string.
    At most `MAX_CHARACTERS` characters are read. Never fails; emoji fold to nothing.
    """
    out: list[str] = []
    plain = unicodedata.normalize("NFKC", text[:MAX_CHARACTERS]).lower()
    if "ئ" in plain or "ە" in plain:
        plain = _SHORT.sub("", _SEATED.sub("ا", plain))
    for char in plain:
        found = _CACHE.get(char)
        if found is None:
            found = _letter(char)
            if len(_CACHE) < 4096:  # bounded: the text comes from strangers
                _CACHE[char] = found
        out.append(found)
    return " ".join("".join(out).split())

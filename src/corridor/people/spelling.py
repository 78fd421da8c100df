"""Names as they are searched: letters that clerks write for one another are written as one.

The same rule in Python, for what is asked, and in SQL, for what is folded: alef with and without
hamza, ta marbuta and ha, alef maqsura and ya, the kafs; and Latin capitals.
"""

from __future__ import annotations

import string
import unicodedata

_AS_ONE = {"ا": "أإآٱ", "ه": "ةە", "ي": "ىئیېێ", "و": "ؤۆ", "ك": "گک"}
_LETTERS = {other: one for one, others in _AS_ONE.items() for other in others}
_PLAIN = str.maketrans(
    {**_LETTERS, **dict(zip(string.ascii_uppercase, string.ascii_lowercase, strict=True))}
)


#: Marks inside words that some scripts and signs need: zero-width non-joiner and joiner.
_JOINERS = "\u200c\u200d"


def visible(text: str) -> str:
    """A name as it was given, without signs that nobody sees.

    Marks of direction, zero-width spaces and control characters make two names out of one; they
    come along when names are copied. What has no visible sign at all is no name.
    """
    shown = "".join(
        " " if unicodedata.category(sign) == "Cc" else sign
        for sign in unicodedata.normalize("NFC", text)
        if unicodedata.category(sign) != "Cf" or sign in _JOINERS
    )
    words = [word for part in shown.split() if (word := part.strip(_JOINERS))]
    kept = " ".join(words)
    return kept if any(unicodedata.category(sign)[0] in "LNPS" for sign in kept) else ""


def plain(text: str) -> str:
    """A name or a part of one as it is searched; what surrounds its words does not count."""
    return " ".join(text.split()).translate(_PLAIN)


def plain_sql(column: str) -> str:
    """The same of a column. The collation keeps databases from lowering more than A to Z."""
    others, ones = "".join(_LETTERS), "".join(_LETTERS.values())
    return f"translate(lower({column} COLLATE \"C\"), '{others}', '{ones}')"

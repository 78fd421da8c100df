"""Sound keys: a coarse consonant skeleton that spellings of one name share in every script.

The keys only propose; the spelling channel decides. Two parts meet if they share a key, which
allows about one consonant to be wrong, missing or extra.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import combinations
from typing import Final

_CLASSES: Final = {
    # Latin; vowels, h, w and y are weak and stand for nothing
    **dict.fromkeys("bp", "B"), **dict.fromkeys("fv", "F"), **dict.fromkeys("td", "T"),
    **dict.fromkeys("szc", "S"), "x": "K", **dict.fromkeys("kqg", "K"), "j": "J",
    "l": "L", "m": "M", "n": "N", "r": "R",
    # Arabic
    **dict.fromkeys("بپ", "B"), **dict.fromkeys("فڤ", "F"), **dict.fromkeys("تدطض", "T"),
    **dict.fromkeys("سزصژظذث", "S"), **dict.fromkeys("كقگغخ", "K"), **dict.fromkeys("جچ", "J"),
    "ش": "C", "ل": "L", "م": "M", "ن": "N", "ر": "R",
    # Cyrillic
    **dict.fromkeys("бп", "B"), **dict.fromkeys("фв", "F"), **dict.fromkeys("тд", "T"),
    **dict.fromkeys("сзц", "S"), **dict.fromkeys("кгх", "K"), **dict.fromkeys("жч", "J"),
    **dict.fromkeys("шщ", "C"), "л": "L", "м": "M", "н": "N", "р": "R",
}  # fmt: skip
_GROUPS: Final = (
    ("sch", "C"), ("tch", "J"), ("tsh", "J"), ("sh", "C"), ("ch", "J"), ("kh", "K"), ("gh", "K"),
    ("ph", "F"), ("zh", "J"), ("dj", "J"), ("dzh", "J"), ("dh", "S"), ("th", "S"), ("ck", "K"),
    ("tsch", "J"), ("дж", "J"), ("дз", "S"), ("тш", "J"), ("тс", "S"), ("تش", "J"),
)  # fmt: skip
_GROUP: Final = dict(_GROUPS)
_TOKEN: Final = re.compile("|".join(sorted(_GROUP, key=len, reverse=True)) + "|.")
MAX_SKELETON: Final = 9
TWO_WRONG: Final = 4  # skeletons longer than this may miss two classes


# Letters with a second reading, by language or habit: `c` in Carlo and in Cecil, Cyrillic for h.
_OTHERWISE: Final = {
    "c": "K", "ch": "K", "g": "J", "j": "", "v": "", "w": "F", "x": "", "th": "T", "sch": "S",
    "gh": "", "ج": "K", "خ": "", "غ": "J", "و": "F", "х": "", "г": "", "в": "", "ж": "",
    "дж": "K", "дз": "J", "ц": "K", "ч": "K",
    "sh": "S", "ш": "S", "с": "C",
}  # fmt: skip
MOST_READINGS: Final = 6


def _join(sounds: list[str]) -> str:
    out = ""
    for sound in sounds:
        if sound and not out.endswith(sound):
            out += sound
    return out[:MAX_SKELETON]


def _tokens(form: str) -> list[tuple[str, str]]:
    tokens = [str(token) for token in _TOKEN.findall(form)]
    return [(t, _GROUP.get(t) or _CLASSES.get(t, "")) for t in tokens]


@lru_cache(maxsize=65536)
def skeleton(form: str) -> str:
    """The consonant classes of a folded form, doubles once; "" if it has only weak letters."""
    return _join([sound for _, sound in _tokens(form)])


def _readings(form: str) -> list[str]:
    """The skeleton and those with one letter, then two letters, read otherwise."""
    tokens = _tokens(form)
    first = [sound for _, sound in tokens]
    doubtful = [i for i, (t, _) in enumerate(tokens) if t in _OTHERWISE]
    found = {_join(first): None}
    for pair in (*((i, i) for i in doubtful), *combinations(doubtful, 2)):
        other = list(first)
        for i in pair:
            other[i] = _OTHERWISE[tokens[i][0]]
        found[_join(other)] = None
    return list(found)[:MOST_READINGS]


@lru_cache(maxsize=65536)
def keys(form: str) -> tuple[str, ...]:
    """The keys of a form: each reading of its skeleton, whole and with each one class left out."""
    found: set[str] = set()
    for whole in _readings(form):
        found.add(whole)
        if len(whole) > 1:
            found.update(whole[:i] + whole[i + 1 :] for i in range(len(whole)))
    whole = skeleton(form)
    if len(whole) > TWO_WRONG:
        found.update(
            whole[:i] + whole[i + 1 : j] + whole[j + 1 :]
            for i, j in combinations(range(len(whole)), 2)
        )
    return tuple(sorted(found))


@lru_cache(maxsize=65536)
def sounds(form: str) -> tuple[str, ...]:
    """Every consonant class that a letter of the form may stand for, in alphabetical order."""
    tokens = _tokens(form)
    found = {sound for _, sound in tokens} | {_OTHERWISE.get(t, "") for t, _ in tokens}
    return tuple(sorted(found - {""}))


def weak(letter: str) -> bool:
    """Whether a letter may stand for no consonant: vowels, h, w, y and their like."""
    return letter not in _CLASSES

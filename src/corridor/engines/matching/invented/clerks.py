"""Hands that write a name down: Arabic as a keyboard allows, Latin as a clerk heard it.

None of this looks at the tables of the engine. A clerk has habits, keeps to one spelling of a name
as a rule, and follows a school: English, French, German, Turkish or the local one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from random import Random
from typing import Final

_ARABIC: Final = {
    "b": "ب", "t": "ت", "v": "ث", "j": "ج", "H": "ح", "x": "خ", "d": "د", "*": "ذ", "r": "ر",
    "z": "ز", "s": "س", "$": "ش", "S": "ص", "D": "ض", "T": "ط", "Z": "ظ", "3": "ع", "G": "غ",
    "f": "ف", "q": "ق", "k": "ك", "l": "ل", "m": "م", "n": "ن", "h": "ه", "w": "و", "y": "ي",
    "A": "ا", "I": "ي", "U": "و", "p": "ة", "Y": "ى",
}  # fmt: skip
_VOWELS: Final = "aiu"

# School -> sound -> choices with weights. Sounds not named follow "english".
_SCHOOLS: Final[dict[str, dict[str, list[tuple[str, float]]]]] = {
    "english": {
        "a": [("a", 95), ("e", 5)], "i": [("i", 6), ("e", 4)], "u": [("u", 6), ("o", 4)],
        "A": [("a", 9), ("aa", 1)], "I": [("i", 5), ("ee", 4), ("ie", 1)],
        "I$": [("i", 6), ("y", 4)], "U": [("u", 4), ("oo", 4), ("ou", 2)],
        "aw": [("aw", 5), ("ow", 2), ("au", 2), ("o", 2)], "ay": [("ay", 4), ("ai", 4), ("ei", 2)],
        "3": [("", 8), ("a", 1), ("'", 1)], "'": [("", 9), ("'", 1)], "H": [("h", 1)],
        "h": [("h", 1)], "x": [("kh", 1)], "G": [("gh", 9), ("g", 1)], "$": [("sh", 1)],
        "j": [("j", 9), ("g", 1)], "q": [("q", 7), ("k", 3)], "v": [("th", 8), ("t", 2)],
        "*": [("th", 4), ("dh", 3), ("z", 2), ("d", 1)], "S": [("s", 1)],
        "D": [("d", 8), ("dh", 2)], "T": [("t", 1)], "Z": [("z", 6), ("dh", 2), ("th", 2)],
        "p": [("a", 6), ("ah", 4)], "Y": [("a", 1)], "w": [("w", 1)], "y": [("y", 1)],
        "al": [("Al-", 3), ("Al ", 3), ("Al", 4), ("El-", 1), ("", 1)],
        "double": [("2", 6), ("1", 4)],
    },
    "french": {
        "U": [("ou", 1)], "u": [("ou", 4), ("o", 4), ("u", 2)], "I": [("i", 1)], "I$": [("i", 1)],
        "$": [("ch", 9), ("sh", 1)], "j": [("dj", 6), ("j", 4)], "q": [("k", 7), ("q", 2), ("c", 1)],  # noqa: E501
        "w": [("ou", 5), ("w", 5)], "aw": [("aou", 5), ("aw", 5)], "ay": [("ai", 6), ("ei", 4)],
        "p": [("a", 9), ("ah", 1)], "al": [("El ", 5), ("El-", 3), ("Al ", 2), ("El", 2)],
        "S": [("s", 5), ("ss", 5)], "G": [("gh", 7), ("r", 1)], "a": [("a", 7), ("e", 3)],
    },
    "german": {
        "$": [("sch", 8), ("sh", 2)], "j": [("dsch", 5), ("j", 5)], "U": [("u", 1)],
        "I": [("i", 9), ("ie", 1)], "w": [("w", 8), ("v", 2)], "x": [("ch", 5), ("kh", 5)],
        "q": [("k", 6), ("q", 4)], "y": [("j", 6), ("y", 4)], "I$": [("i", 1)],
    },
    "turkish": {
        "$": [("ş", 8), ("s", 2)], "j": [("c", 9), ("j", 1)], "U": [("u", 1)], "I": [("i", 1)],
        "w": [("v", 9), ("w", 1)], "x": [("h", 1)], "q": [("k", 1)], "G": [("ğ", 7), ("g", 3)],
        "v": [("s", 1)], "*": [("z", 1)], "Z": [("z", 1)], "aw": [("ev", 6), ("av", 4)],
        "ay": [("ey", 6), ("ay", 4)], "p": [("e", 5), ("a", 5)], "I$": [("i", 1)],
        "al": [("El ", 6), ("el", 2), ("", 2)], "3": [("", 1)],
    },
    "local": {
        "a": [("a", 88), ("e", 12)], "q": [("q", 6), ("k", 4)],
        "i": [("e", 6), ("i", 4)], "u": [("o", 7), ("u", 3)], "U": [("o", 3), ("ou", 4), ("oo", 3)],
        "p": [("a", 5), ("eh", 2), ("e", 1), ("ah", 2)], "v": [("th", 5), ("t", 3), ("s", 2)],
        "al": [("Al", 4), ("Al ", 3), ("El", 2), ("Al-", 2), ("", 1)], "ay": [("e", 2), ("ai", 5), ("ei", 2), ("i", 1)],  # noqa: E501
        "aw": [("o", 3), ("aw", 5), ("ou", 2)], "j": [("j", 9), ("g", 1)], "double": [("1", 6), ("2", 4)],  # noqa: E501
    },
}  # fmt: skip
SCHOOLS: Final = tuple(_SCHOOLS)
# Short vowels are heard anew in every name, consonants follow habit.
HABIT: Final = {"a": 0.0, "i": 0.3, "u": 0.3, "3": 0.3, "'": 0.3, "A": 0.3, "double": 0.3}
_SOUND: Final = re.compile(r"ap$|aw(?![aiuAIU])|ay(?![aiuyAIU])|I$|(.)\1|.")


def in_arabic(name: str) -> str:
    """A name by its sound in Arabic letters, compounds as two or three words."""
    return " ".join(_arabic_word(word) for word in _words(name))


def _words(name: str) -> list[str]:
    out = name.split("_")
    joined = []
    for at, word in enumerate(out):
        if word == "al":
            continue
        joined.append(("al+" if at and out[at - 1] == "al" else "") + word)
    return joined


def _arabic_word(word: str) -> str:
    article, word = ("ال", word[3:]) if word.startswith("al+") else ("", word)
    if word in {"allAh", "llAh"}:
        return "الله"
    if word == "raHmAn":
        return article + "رحمن"
    out = ""
    for at, sound in enumerate(word):
        if at == 0 and sound in "aiuAIU":
            out += {"a": "أ", "u": "أ", "i": "إ", "A": "آ", "I": "إي", "U": "أو"}[sound]
        elif sound == "'":
            after = word[at + 1 : at + 2]
            out += (
                "ئ"
                if after in ("i", "I")
                else "ء"
                if not after
                else "ؤ"
                if word[at - 1] == "u"
                else "أ"
            )
        elif sound in _VOWELS or (at and sound == word[at - 1]):
            continue
        else:
            out += _ARABIC[sound]
    return article + out


@dataclass
class Clerk:
    """One hand: a school, habits, and the spellings chosen so far."""

    school: str
    chance: Random
    faithful: float = 0.9
    known: dict[str, str] = field(default_factory=dict)
    habits: dict[str, str] = field(default_factory=dict)

    def _choose(self, sound: str) -> str:
        # A habit decides four times in five; then the moment does.
        if sound in self.habits and self.chance.random() < HABIT.get(sound, 0.8):
            return self.habits[sound]
        choices = _SCHOOLS[self.school].get(sound) or _SCHOOLS["english"].get(sound)
        if choices is None:
            return sound
        found = self.chance.choices([c for c, _ in choices], [w for _, w in choices])[0]
        self.habits.setdefault(sound, found)
        return found

    def latin(self, name: str) -> str:
        """The name in Latin letters, nearly always as this clerk wrote it before."""
        if name not in self.known or self.chance.random() > self.faithful:
            self.known[name] = self._spell(name)
        return self.known[name]

    def _spell(self, name: str) -> str:
        words = name.split("_")
        if words[0] == "al":
            return self._choose("al") + self._word(words[1])
        if words[0] == "abU":
            head = self.chance.choices(["Abu ", "Abo ", "Abou ", "Abu"], [6, 2, 1, 2])[0]
            return head + (
                self._word(words[1]) if head[-1] == " " else self._word(words[1]).lower()
            )
        if words[0] == "3abd" and len(words) > 1:
            last = self._word(words[-1])
            if words[-1] == "allAh":
                return self.chance.choice(
                    ["Abdullah", "Abdallah", "Abdalla", "Abd Allah", "Abdulla"]
                )
            link = self.chance.choice(
                ["Abd al-", "Abdel ", "Abdul ", "Abdel", "Abdul", "Abdal", "Abd El ", "Abd Al"]
            )
            return link + (last if link[-1] in " -" or link == "Abd Al" else last.lower())
        if words[-1] == "dIn":
            link = self.chance.choice(
                [
                    " al-Din",
                    " Aldin",
                    "aldin",
                    " Eldin",
                    "eddine",
                    "uddin",
                    " El Din",
                    "aldeen",
                    " Al-Deen",
                ]
            )
            return self._word(words[0]) + link
        return " ".join(self._word(w) for w in words if w != "al")

    def _word(self, word: str) -> str:
        out = ""
        for match in _SOUND.finditer(word):
            sound = match[0]
            if len(sound) == 2 and sound[0] == sound[1] and sound != "aa":
                one = self._choose(sound[0])
                out += one + (one if self._choose("double") == "2" and len(one) == 1 else "")
            elif sound == "ap":
                out += self._choose("p")
            elif sound == "I" and match.end() == len(word):
                out += self._choose("I$")
            else:
                out += self._choose(sound)
        return (out[:1].upper() + out[1:]) or "A"


def typed(text: str, chance: Random) -> str:
    """Arabic as typed in haste: hamzas, ta marbuta and final ya as the keyboard gives them."""
    if chance.random() < 0.5:
        text = re.sub("[أإآ]", "ا", text)
    if chance.random() < 0.3:
        text = re.sub("ة(?= |$)", "ه", text)
    if chance.random() < 0.3:
        text = re.sub("ي(?= |$)", "ى", text)
    if chance.random() < 0.3:
        text = text.replace("عبد ال", "عبدال")
    if chance.random() < 0.1:
        text = text.replace("ابو ", "ابو")
    return text


def slip(word: str, chance: Random) -> str:
    """One slip of the pen."""
    if len(word) < 4:
        return word
    at = chance.randrange(1, len(word) - 1)
    kind = chance.randrange(4)
    if kind == 0:
        return word[:at] + word[at + 1 :]
    if kind == 1:
        return word[:at] + word[at] + word[at:]
    if kind == 2:
        return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    return word[:at] + chance.choice(word) + word[at + 1 :]

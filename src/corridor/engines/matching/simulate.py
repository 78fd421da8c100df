"""Makes registers, enquiries and hard pairs by chance, to train and to judge the engine.

Spellings come from a lexicon of attested ones, so that the judge is not the channel itself. Nobody
in the result exists. All chance comes from the `random.Random` given.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

from corridor.engines.names.channel import log_ratio
from corridor.engines.names.fold import fold

Sex = Literal["m", "f", ""]
ARABIC_ONLY: Final = frozenset("عحقصضظذء")
TOO_SHORT: Final = frozenset(("عبد", "حاج", "حجي", "الحاج"))  # not names by themselves
PLAUSIBLE: Final = 3.0  # log ratio; the published pairs hold translations and mistakes
FOREIGN_LATIN: Final = frozenset("vpx")


@dataclass(frozen=True, slots=True)
class Name:
    """One name: its Arabic spelling and attested Latin ones with weights."""

    arabic: str
    latin: tuple[str, ...]
    weights: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Made:
    """A made person: names from given name to family name, age in years, sex."""

    names: tuple[Name, ...]
    age: int
    sex: Sex


def lexicon(rows: Iterable[tuple[str, str, int]], *, at_least: int = 1) -> list[Name]:
    """Names native to Arabic out of (Latin, Arabic, count) rows.

    Kept: Arabic spellings with a letter that foreign names hardly take; per name the Latin
    spellings at least an eighth as frequent as the first.
    """
    found: dict[str, dict[str, float]] = defaultdict(dict)
    for latin, arabic, count in rows:
        word = fold(latin)
        if " " not in word and 2 <= len(word) <= 14 and word.isascii() and word.isalpha():
            found[arabic][word] = found[arabic].get(word, 0) + count
    names = []
    for arabic, spelled in sorted(found.items()):
        if not ARABIC_ONLY & set(arabic) or sum(spelled.values()) < at_least:
            continue
        usual = max((number, word) for word, number in spelled.items())[1]
        if FOREIGN_LATIN & set(usual):
            continue
        if arabic in TOO_SHORT or len(arabic) < 3:
            continue
        spelled = {
            w: c
            for w, c in spelled.items()
            if log_ratio(fold(arabic), "arab", w, "latn") > PLAUSIBLE
        } or spelled
        kept = {w: c for w, c in spelled.items() if c * 8 > max(spelled.values())}
        names.append(Name(arabic, tuple(kept), tuple(c**0.75 for c in kept.values())))
    return names


class World:
    """Draws people from a lexicon: families share father, grandfather and family name."""

    def __init__(self, names: Sequence[Name], chance: random.Random) -> None:
        shuffled = list(names)
        chance.shuffle(shuffled)
        shuffled.sort(key=lambda n: -sum(n.weights))
        third = max(1, len(shuffled) // 3)
        self.given, self.family = shuffled[: 2 * third], shuffled[third:]
        self.chance = chance
        # Few names carry most people, as everywhere: a power law over ranks.
        self._given = _cumulative(len(self.given), 0.95)
        self._family = _cumulative(len(self.family), 0.55)

    def _one(self, names: Sequence[Name], weights: Sequence[float]) -> Name:
        return self.chance.choices(names, cum_weights=weights)[0]

    def family_of(self, size: int) -> list[Made]:
        """Siblings: all names shared but the given one."""
        father = self._one(self.given, self._given)
        grandfather = self._one(self.given, self._given)
        family = self._one(self.family, self._family)
        out: list[Made] = []
        for _ in range(size):
            given = self._one(self.given, self._given)
            while any(other.names[0] == given for other in out):  # no two siblings of one name
                given = self._one(self.given, self._given)
            sex: Sex = "m" if self.chance.random() < 0.5 else "f"
            age = min(95, int(self.chance.expovariate(1 / 24.0)))
            out.append(Made((given, father, grandfather, family), age, sex))
        return out

    def people(self, count: int) -> list[Made]:
        """`count` people in families of one to seven."""
        out: list[Made] = []
        while len(out) < count:
            out += self.family_of(self.chance.randint(1, 7))
        return out[:count]

    def latin(self, person: Made) -> str:
        """The whole name as a clerk heard it, in Latin letters."""
        return " ".join(self.chance.choices(n.latin, n.weights)[0] for n in person.names)

    def arabic(self, person: Made) -> str:
        """The whole name in Arabic letters."""
        return " ".join(n.arabic for n in person.names)

    def asked(self, person: Made, script: str) -> tuple[str, int | None, Sex]:
        """How a relative asks: parts missing, order swapped, a slip, age off by up to three."""
        chance = self.chance
        text = self.arabic(person) if script == "arab" else self.latin(person)
        words = text.split(" ")
        if chance.random() < 0.5 and len(words) > 2:
            words.pop(chance.choice([1, 2]) if chance.random() < 0.8 else len(words) - 1)
        if chance.random() < 0.12:
            at = chance.randrange(len(words) - 1)
            words[at], words[at + 1] = words[at + 1], words[at]
        if chance.random() < 0.25:
            at = chance.randrange(len(words))
            words[at] = slip(words[at], chance)
        age: int | None = max(0, person.age + chance.randint(-3, 3))
        if chance.random() < 0.15:
            age = None
        return " ".join(words), age, "" if chance.random() < 0.1 else person.sex

    def hard_pairs(self, count: int, scripts: tuple[str, str]) -> list[tuple[Row, Row, bool]]:
        """Pairs of rows, half of them of one person; the others brothers, namesakes, relatives."""
        out = []
        for _ in range(count):
            family = self.family_of(2)
            left = right = family[0]
            same = self.chance.random() < 0.5
            if not same:
                right = self._other(left, family[1])
            out.append((self._row(left, scripts[0]), self._row(right, scripts[1]), same))
        return out

    def _other(self, person: Made, sibling: Made) -> Made:
        kind = self.chance.random()
        names = list(person.names)
        if kind < 0.4:
            return replace(sibling, age=max(0, person.age + self.chance.randint(-8, 8)))
        stranger = self.family_of(1)[0]
        if kind < 0.7:  # a namesake: one or two names of the four are others
            for at in self.chance.sample(range(1, 4), self.chance.randint(1, 2)):
                names[at] = stranger.names[at]
            return replace(stranger, names=tuple(names), sex=person.sex)
        if kind < 0.9:  # a cousin: same grandfather and family
            return replace(stranger, names=(*stranger.names[:2], *names[2:]))
        return replace(stranger, names=(*stranger.names[:3], names[3]))

    def _row(self, person: Made, script: str) -> Row:
        chance = self.chance
        text = self.arabic(person) if script == "arab" else self.latin(person)
        words = text.split(" ")
        if chance.random() < 0.15:
            words.pop(chance.choice([1, 2]))
        if chance.random() < 0.15:
            at = chance.randrange(len(words))
            words[at] = slip(words[at], chance)
        age: int | None = max(0, person.age + chance.choice([0, 0, 0, 1, -1, 2, -2, 3]))
        return Row(" ".join(words), None if chance.random() < 0.1 else age, person.sex)


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a list: name as written, age in years or None, sex."""

    name: str
    age: int | None
    sex: Sex


def _cumulative(size: int, power: float) -> list[float]:
    total, out = 0.0, []
    for rank in range(1, size + 1):
        total += rank**-power
        out.append(total)
    return out


def slip(word: str, chance: random.Random) -> str:
    """One slip of the pen: a letter lost, doubled, swapped with the next or put for another."""
    if len(word) < 3:
        return word
    at, kind = chance.randrange(1, len(word) - 1), chance.randrange(4)
    if kind == 0:
        return word[:at] + word[at + 1 :]
    if kind == 1:
        return word[:at] + word[at] + word[at:]
    if kind == 2:
        return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    return word[:at] + chance.choice(word) + word[at + 1 :]

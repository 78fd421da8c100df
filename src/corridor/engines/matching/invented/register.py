"""A made-up register: clans, households, brothers and namesakes, each written by three hands."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from random import Random
from typing import Literal

from corridor.engines.matching.evidence import Person
from corridor.engines.matching.invented.clerks import SCHOOLS, Clerk, in_arabic, slip, typed
from corridor.engines.matching.invented.words import FEMALE, HOUSES, MALE, PATTERNS, ROOTS
from corridor.engines.names.train import held_out, read_pairs

ARABIC_ONLY = frozenset("عحقصضطظ")
Sex = Literal["m", "f", ""]


@dataclass(frozen=True, slots=True)
class Made:
    """A made person: names by their sound, given name first; age; sex."""

    names: tuple[str, ...]
    age: int
    sex: Sex


class Ground:
    """Draws people; `spelled` mixes in family names with attested human spellings."""

    def __init__(self, seed: int, attested: dict[str, list[str]] | None = None) -> None:
        self.chance = Random(seed)
        self.attested = attested or {}
        plain = sorted({_grown(root, pattern) for root in ROOTS for pattern in PATTERNS})
        self.chance.shuffle(plain)
        plain = plain[:5600]
        houses = [f"al_{h}" for h in HOUSES]
        for name in plain:
            kind = self.chance.random()
            houses.append(f"al_{name}" if kind < 0.45 else f"abU_{name}" if kind < 0.6 else name)
        houses += [f"={arabic}" for arabic in sorted(self.attested)]
        head, tail = houses[:60], houses[60:]
        self.chance.shuffle(tail)
        self.chance.shuffle(head)
        self.houses = head + tail
        self.by = {
            "m": (MALE, _weights(len(MALE), 0.95)), "f": (FEMALE, _weights(len(FEMALE), 0.6)),
            "h": (self.houses, _weights(len(self.houses), 0.62)),
        }  # fmt: skip

    def draw(self, kind: str) -> str:
        names, weights = self.by[kind]
        return self.chance.choices(names, cum_weights=weights)[0]

    def siblings(self, father: tuple[str, ...], size: int) -> list[Made]:
        """Children of a father (his given, his father's, family): no two of one given name."""
        out: list[Made] = []
        used: set[str] = set()
        base = self.chance.randint(0, 55)
        for n in range(size):
            sex: Sex = "m" if self.chance.random() < 0.53 else "f"
            given = self.draw(sex)
            for _ in range(20):
                if given not in used:
                    break
                given = self.draw(sex)
            used.add(given)
            twin = n and self.chance.random() < 0.04
            age = out[-1].age if twin else max(0, base + self.chance.randint(0, 14))
            out.append(Made((given, *father), age, sex))
        return out

    def people(self, count: int) -> list[Made]:
        """`count` people in clans: a grandfather, his sons' households, the sons themselves."""
        out: list[Made] = []
        while len(out) < count:
            grandfather, house, great = self.draw("m"), self.draw("h"), self.draw("m")
            for _ in range(self.chance.choice([1, 1, 1, 2, 3])):
                father = self.draw("m")
                children = self.siblings((father, grandfather, house), self.chance.randint(1, 6))
                out += children
                if self.chance.random() < 0.5:
                    oldest = max(c.age for c in children)
                    out.append(
                        Made(
                            (father, grandfather, great, house),
                            oldest + self.chance.randint(20, 35),
                            "m",
                        )
                    )
        return out[:count]

    def arabic(self, person: Made) -> str:
        words = []
        for name in person.names:
            if name[0] == "=":
                words.append(name[1:])
            elif name.startswith("al_"):
                words.append("ال" + in_arabic(name[3:]))
            elif name.startswith("abU_"):
                words.append("أبو " + in_arabic(name[4:]))
            else:
                words.append(in_arabic(name))
        return " ".join(words)

    def latin(self, person: Made, clerk: Clerk) -> str:
        words = []
        for name in person.names:
            if name[0] == "=":
                forms = self.attested[name[1:]]
                words.append(self.chance.choice(forms).capitalize())
            else:
                words.append(clerk.latin(name))
        return " ".join(words)

    def clerk(self, school: str | None = None, faithful: float = 0.9) -> Clerk:
        """A new hand."""
        return Clerk(school or self.chance.choice(SCHOOLS), Random(self.chance.random()), faithful)

    def enquiry(self, person: Made, text: str) -> Person:
        """How a relative asks: parts missing, order swapped, a slip, age off by up to three."""
        chance = self.chance
        words = words_of(text)
        if chance.random() < 0.45 and len(words) > 2:
            words.pop(chance.choice([1, 2]) if chance.random() < 0.85 else len(words) - 1)
        if chance.random() < 0.12:
            at = chance.randrange(len(words) - 1)
            words[at], words[at + 1] = words[at + 1], words[at]
        if chance.random() < 0.2:
            at = chance.randrange(len(words))
            words[at] = slip(words[at], chance)
        age = None if chance.random() < 0.1 else max(0, person.age + chance.randint(-3, 3))
        return Person("q", " ".join(words), age, "" if chance.random() < 0.1 else person.sex)

    def other(self, person: Made) -> Made:
        """Somebody easily taken for this person: brother, sister, cousin, father, namesake, twin."""  # noqa: E501
        chance = self.chance
        kind = chance.choices(
            ["sibling", "twin", "cousin", "father", "namesake", "close"], [40, 4, 15, 8, 25, 8]
        )[0]
        given, father, grandfather, house = person.names
        near = max(0, person.age + chance.randint(-8, 8))
        same = person.sex
        sex: Sex = "m" if chance.random() < 0.5 else "f"
        new = self.draw(sex)
        while new == given:
            new = self.draw(sex)
        if kind == "sibling":
            return Made((new, father, grandfather, house), near, sex)
        if kind == "twin":
            return Made((new, father, grandfather, house), person.age, sex)
        if kind == "cousin":
            return Made((given, self._unlike(father), grandfather, house), near, same)
        if kind == "father":
            return Made(
                (father, grandfather, self.draw("m"), house),
                person.age + chance.randint(18, 40),
                "m",
            )
        if kind == "namesake":
            return Made((given, father, self._unlike(grandfather), self.draw("h")), near, same)
        return Made((given, father, self._unlike(grandfather), house), near, same)

    def _unlike(self, name: str) -> str:
        new = self.draw("m")
        while new == name:
            new = self.draw("m")
        return new


def _grown(root: str, pattern: str) -> str:
    """A root in a pattern; the ain of a root is `3` too, so letter by letter."""
    slots = {"1": root[0], "2": root[1], "3": root[2]}
    return "".join(slots.get(c, c) for c in pattern)


def words_of(text: str) -> list[str]:
    """The words of a whole name, with "Abu" and "Abd" kept with what follows."""
    out: list[str] = []
    for word in text.split():
        if (
            out
            and out[-1].lower()
            in {
                "abu",
                "abo",
                "abou",
                "أبو",
                "ابو",
                "عبد",
                "abd",
                "al",
                "el",
                "abd al",
                "abdel",
                "abdul",
                "abd el",
            }
        ) or (
            out and word.lower() in {"al-din", "aldin", "eldin", "al-deen", "الدين", "el", "الله"}
        ):
            out[-1] += " " + word
        else:
            out.append(word)
    return out


def _weights(size: int, power: float) -> list[float]:
    return list(accumulate((rank + 1.0) ** -power for rank in range(1, size + 1)))


def typed_arabic(ground: Ground, person: Made) -> str:
    """The person's name in Arabic as somebody typed it."""
    return typed(ground.arabic(person), ground.chance)


def attested(path: Path, *, held_out_part: bool) -> dict[str, list[str]]:
    """Names native to Arabic with their Latin spellings by other people: those that taught, or not.

    path: `arabic.tsv`, see `names.train`.
    """
    found: dict[str, list[str]] = {}
    for latin, arabic, _count in read_pairs(path):
        if held_out(latin) == held_out_part and len(arabic) > 2 and ARABIC_ONLY & set(arabic):
            found.setdefault(arabic, []).append(latin)
    return found

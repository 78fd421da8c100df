"""Evidence beside the name: age, sex and the optional columns, as log odds in nats.

STD 1.7: ages move and names are re-spelled, so no single item decides. The figures are settings
([U]: common knowledge of the field, not measured on a published list).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final, Literal

from corridor.engines.names.fold import fold
from corridor.engines.names.parts import Part, parts

UNKNOWN_AGE: Final = -1
OLDEST: Final = 110
AGES: Final = OLDEST + 2  # ages that are told apart, "not known" among them
# P(gap in years | same person) for gaps 0, 1, 2, ...; the rest is spread evenly.
AGE_GAPS: Final = (0.24, 0.28, 0.22, 0.17, 0.03, 0.02, 0.01)
WRONG_SEX: Final = 0.01
SEX_CODES: Final = {"": 0, "m": 1, "f": 2}
SAME_PHONE: Final = 7.0
SAME_BIRTH_DATE: Final = 4.0
OTHER_BIRTH_DATE: Final = -1.0
SAME_PLACE: Final = 1.5
SAME_MOTHER: Final = 4.0


@dataclass(frozen=True, slots=True)
class Person:
    """One row of a list. age in years or None; sex m, f or ""; extra: optional columns by name."""

    pid: str
    name: str
    age: int | None = None
    sex: Literal["m", "f", ""] = ""
    name2: str = ""
    father: str = ""
    extra: dict[str, str] = field(default_factory=dict)

    def readings(self) -> list[tuple[Part, ...]]:
        """The parts of the name, and of the name in another script; the father's name joined."""
        father = parts(self.father)
        out = []
        for text in (self.name, self.name2):
            found = parts(text)
            if not found:
                continue
            known = {p.text for p in found}
            more = tuple(p for p in father if p.text not in known and p.script == found[0].script)
            out.append((found[:1] + more + found[1:] if len(found) < 3 else found)[:12])
        return out or [()]


class Ages:
    """Log odds of an age gap, against the ages of a register."""

    def __init__(self, histogram: Sequence[float]) -> None:
        """histogram: people per year of age (OLDEST + 1,)."""
        even = 0.002 * max(1.0, sum(histogram))
        wide = [0.0, 0.0, *(people + even for people in histogram), 0.0, 0.0]
        smooth = [sum(wide[age : age + 5]) for age in range(OLDEST + 1)]
        self.random = [people / sum(smooth) for people in smooth]
        # Most of the share left is for any age at all.
        rest = (1 - sum(AGE_GAPS)) * 0.98 / 111
        both = [gap + rest for gap in AGE_GAPS] + [rest] * (OLDEST + 1 - len(AGE_GAPS))
        self.same = [both[0], *(gap / 2.0 for gap in both[1:])]

    def odds(self, asked: int) -> list[float]:
        """Log odds by recorded age, 0 .. OLDEST, then (at -1) of one not known."""
        if asked < 0:
            return [0.0] * (OLDEST + 2)
        found = [
            math.log(self.same[abs(age - min(asked, OLDEST))]) - math.log(random)
            for age, random in enumerate(self.random)
        ]
        return [*(min(4.0, max(-5.0, odds)) for odds in found), 0.0]


def sex_odds(asked: int) -> list[float]:
    """Log odds by recorded sex (`SEX_CODES`) for an asked one; 0 where unknown."""
    agree = math.log((1 - WRONG_SEX) / 0.5)
    differ = math.log(WRONG_SEX / 0.5)
    if not asked:
        return [0.0, 0.0, 0.0]
    return [0.0, *(agree if code == asked else differ for code in (1, 2))]


def fact_of(person: Person) -> int:
    """Age and sex of a person as one number: ages of one sex follow one another."""
    age = UNKNOWN_AGE if person.age is None else min(max(person.age, 0), OLDEST)
    return SEX_CODES.get(person.sex, 0) * AGES + age + 1


def age_of(fact: int) -> int:
    """The age in a fact, UNKNOWN_AGE if none."""
    return fact % AGES - 1


def fact_odds(by_age: Sequence[float], by_sex: Sequence[float]) -> list[float]:
    """Log odds by fact."""
    return [by_age[age] + sex for sex in by_sex for age in range(-1, len(by_age) - 1)]


def _phone(text: str) -> str:
    return "".join(c for c in fold(text) if c.isdigit())[-8:]


@lru_cache(maxsize=4096)
def _alike(first: str, second: str) -> bool:
    return fold(first) == fold(second)


def extra_odds(asked: dict[str, str], found: dict[str, str]) -> list[tuple[float, str]]:
    """Log odds and words for each optional column that both rows carry."""
    out: list[tuple[float, str]] = []
    both = {k for k in asked if asked[k] and found.get(k)}
    if "phone" in both:
        first, second = _phone(asked["phone"]), _phone(found["phone"])
        if len(first) >= 7 and first == second:
            out.append((SAME_PHONE, "same phone"))
    if "birth_date" in both:
        same = fold(asked["birth_date"]) == fold(found["birth_date"])
        out.append(
            (SAME_BIRTH_DATE, "same birth date") if same else (OTHER_BIRTH_DATE, "other birth date")
        )
    if "place" in both and _alike(asked["place"], found["place"]):
        out.append((SAME_PLACE, "same place"))
    if "mother" in both and _alike(asked["mother"], found["mother"]):
        out.append((SAME_MOTHER, "same mother's name"))
    return out

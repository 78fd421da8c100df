"""Hard pairs: one person written twice, or two who are easily taken for one another."""

from __future__ import annotations

from dataclasses import dataclass

from corridor.engines.matching.evidence import Person
from corridor.engines.matching.invented.clerks import Clerk, slip
from corridor.engines.matching.invented.register import Ground, Made, typed_arabic, words_of


@dataclass(frozen=True, slots=True)
class Noise:
    """Shares of rows with a part missing, with a slip of the pen, without age, without sex."""

    missing: float = 0.03
    slip: float = 0.05
    ageless: float = 0.05
    sexless: float = 0.05


def row(ground: Ground, person: Made, text: str, noise: Noise) -> Person:
    """A person as a list holds them: now and then a part missing, a slip, an age a little off."""
    chance, words = ground.chance, words_of(text)
    if chance.random() < noise.missing and len(words) > 2:
        words.pop(chance.choice([1, 2]))
    if chance.random() < noise.slip:
        at = chance.randrange(len(words))
        words[at] = slip(words[at], chance)
    age = max(0, person.age + chance.choice([0, 0, 0, 0, 1, -1, 2, -2, 3]))
    return Person(
        "", " ".join(words), None if chance.random() < noise.ageless else age,
        "" if chance.random() < noise.sexless else person.sex,
    )  # fmt: skip


def written(ground: Ground, person: Made, script: str, clerk: Clerk) -> str:
    """The whole name in a script, by a clerk if it is Latin."""
    return typed_arabic(ground, person) if script == "arab" else ground.latin(person, clerk)


def hard_pairs(
    ground: Ground, count: int, scripts: tuple[str, str], clerks: tuple[Clerk, Clerk], noise: Noise
) -> tuple[list[Person], list[Person], list[bool]]:
    """Rows left[i] and right[i], and whether they are one person (half of them are)."""
    people = ground.people(2 * count)
    ground.chance.shuffle(people)
    left, right, same = [], [], []
    for person in [p for p in people if len(p.names) == 4][:count]:
        one = ground.chance.random() < 0.5
        other = person if one else ground.other(person)
        left.append(row(ground, person, written(ground, person, scripts[0], clerks[0]), noise))
        right.append(row(ground, other, written(ground, other, scripts[1], clerks[1]), noise))
        same.append(one)
    return left, right, same

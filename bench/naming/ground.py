"""Made-up lists to measure on, from names and hands that taught nothing (seeds of their own)."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from corridor.engines.matching.evidence import Person
from corridor.engines.matching.invented.clerks import Clerk
from corridor.engines.matching.invented.pairs import Noise, hard_pairs, row
from corridor.engines.matching.invented.register import Ground, attested, typed_arabic
from corridor.engines.names.train import held_out, read_pairs

CLERKS = 8  # hands that write a list; more than one office, fewer than a country
#: Most offices write as English does or as people here do; one in eight follows another school.
OFFICES = ("english", "local", "english", "local", "english", "local", "english", "french")


def ground(seed: int, folder: Path) -> Ground:
    """People with held-out family spellings among them."""
    return Ground(seed, attested(folder / "arabic.tsv", held_out_part=True))


def clerks(made: Ground, count: int = CLERKS) -> list[Clerk]:
    """Hands that nearly always write a name alike."""
    return [made.clerk(OFFICES[k % len(OFFICES)], 0.99) for k in range(count)]


@dataclass(frozen=True)
class Searching:
    """A register, and enquiries with the pid that each means."""

    register: list[Person]
    enquiries: list[Person]
    meant: list[str]


def searching(folder: Path, size: int, asked: str, count: int, seed: int = 101) -> Searching:
    """A Latin register of `size`; enquiries in `asked` script, by other hands."""
    made = ground(seed, folder)
    people = made.people(size)
    hands, others = clerks(made), clerks(made)
    register = [
        Person(str(n), made.latin(p, hands[zlib.crc32(b"%d" % n) % CLERKS]), p.age, p.sex)
        for n, p in enumerate(people)
    ]
    enquiries, meant = [], []
    for n in made.chance.sample(range(size), count):
        hand = made.chance.choice(others)
        text = typed_arabic(made, people[n]) if asked == "arab" else made.latin(people[n], hand)
        enquiries.append(made.enquiry(people[n], text))
        meant.append(str(n))
    return Searching(register, enquiries, meant)


def pairs(
    folder: Path, scripts: tuple[str, str], count: int, seed: int = 202
) -> tuple[list[Person], list[Person], list[bool]]:
    """Hard pairs by several pairs of hands."""
    left: list[Person] = []
    right: list[Person] = []
    same: list[bool] = []
    for turn in range(4):
        made = ground(seed + turn, folder)
        hands = made.clerk(OFFICES[turn]), made.clerk(OFFICES[turn + 4])
        some = hard_pairs(made, count // 4, scripts, hands, Noise())
        left, right, same = left + some[0], right + some[1], same + some[2]
    return left, right, same


def lists(
    folder: Path, scripts: tuple[str, str], size: int, seed: int = 303
) -> tuple[list[Person], list[Person], set[tuple[int, int]]]:
    """Two lists of `size` of whom seven in ten stand in both, and the pairs of places."""
    made = ground(seed, folder)
    people = made.people(size * 13 // 10)
    hands, others = clerks(made, 3), clerks(made, 3)
    noise = Noise()
    first = list(range(size))
    second = list(range(size * 3 // 10, size * 13 // 10))
    made.chance.shuffle(second)
    sides = []
    for places, script, who in ((first, scripts[0], hands), (second, scripts[1], others)):
        sides.append([
            row(made, people[n], typed_arabic(made, people[n]) if script == "arab"
                else made.latin(people[n], who[n % 3]), noise)
            for n in places
        ])  # fmt: skip
    at = {n: k for k, n in enumerate(second)}
    return sides[0], sides[1], {(n, at[n]) for n in first if n in at}


@cache
def single_names(folder: Path) -> dict[str, tuple[list[str], list[tuple[str, str]]]]:
    """Kind -> (register of names in one script, held-out (asked, meant) in two)."""
    arabic = read_pairs(folder / "arabic.tsv")
    russian = read_pairs(folder / "russian.tsv")
    cyrillic: dict[str, list[str]] = {}
    for latin, other, _ in russian:
        cyrillic.setdefault(latin, []).append(other)
    both = [(a, c) for latin, a, _ in arabic if held_out(latin) for c in cyrillic.get(latin, ())]
    return {
        "arab-latn": (
            sorted({latin for latin, _, _ in arabic if held_out(latin)}),
            [(a, latin) for latin, a, _ in arabic if held_out(latin)],
        ),
        "cyrl-latn": (
            sorted({latin for latin, _, _ in russian if held_out(latin)}),
            [(c, latin) for latin, c, _ in russian if held_out(latin)],
        ),
        "arab-cyrl": (sorted({c for latin, c, _ in russian if held_out(latin)}), both),
    }

"""What the tables write down of a population: slips of the hand, and families that come twice.

``households`` is the truth; ``registrations`` is what clerks make of it. Each name may carry a
slip: two letters swapped, one dropped or doubled, a compound glued together or torn. Some families
stand at a second table, where another clerk spells them differently, some members stay away, and
ages are told anew. Who is the same as whom is told beside each record, for judges of matching.
"""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from random import Random
from typing import Any

from corridor.exercise.population.generator import households
from corridor.exercise.population.names import respell
from corridor.exercise.population.records import Age, Household, Person, WrittenName
from corridor.exercise.population.shares import Shares

REMEMBERED = 128
"""Households kept in mind that may come to another table; bounds the memory."""

_LETTERS = 4
"""Shorter words carry no slip that leaves them a name."""

_TORN = (
    ("عبد ال", "عبدال"), ("عبدال", "عبد ال"), ("أبو ", "أبو"), ("ابو ", "ابو"), ("بيت ", "بيت"),
    ("Abd al-", "Abdul"), ("Abd al-", "Abdel "), ("Abdul", "Abd ul "), ("Abu ", "Abu"),
    ("al-", "Al"), (" al-Din", "eddin"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Registration:
    """A household as one clerk wrote it.

    ``again_of`` is the key of the household that came before, where this is the same family once
    more; ``same`` then holds (key here, key of the first record) of each person. Its persons have
    keys of their own: nobody at the second table knew of the first.
    """

    household: Household
    again_of: str | None = None
    same: tuple[tuple[str, str], ...] = ()


def registrations(
    seed: int,
    people: int,
    as_of: date,
    *,
    shares: Shares | None = None,
    with_origin: bool = False,
) -> Iterator[Registration]:
    """Exactly ``people`` records of persons, household by household, doubles among them.

    Deterministic, and streaming like ``households``, whose arguments these are. A longer run begins
    with the registrations of a shorter one, but for the shorter one's last.

    Raises:
        ValueError: as ``households``.
    """
    shares = shares or Shares()
    truth = households(seed, people, as_of, shares=shares, with_origin=with_origin)
    rng = Random(seed + 2)  # noqa: S311 - an exercise must repeat, not be secret
    return _registrations(rng, truth, people, as_of, shares)


def _registrations(
    rng: Random, truth: Iterator[Household], people: int, as_of: date, shares: Shares
) -> Iterator[Registration]:
    known: deque[Household] = deque(maxlen=REMEMBERED)
    left = people
    while left > 0:
        household = next(truth)
        written = replace(household, members=_slipped(rng, shares, household.members[:left]))
        yield Registration(written)
        left -= len(written.members)
        known.append(household)
        if left > 0 and rng.random() < shares.registered_twice:
            before = known[int(rng.random() * len(known))]
            again = _again(rng, shares, before, as_of, left)
            yield again
            left -= len(again.household.members)


def _again(rng: Random, shares: Shares, before: Household, as_of: date, room: int) -> Registration:
    """The same family at another table: whoever came along, spelt by another clerk."""
    there = [one for number, one in enumerate(before.members) if not number or rng.random() < 0.85][
        :room
    ]
    mark = f"{rng.getrandbits(24):06x}"
    members = tuple(
        replace(
            _retold(rng, one, as_of),
            key=f"{one.key}-{mark}",
            names=tuple(_respelt(rng, name) for name in one.names),
            phone=one.phone if rng.random() < 0.5 else None,
            look_alike_of=None,
        )
        for one in there
    )
    members = _slipped(rng, shares, members)
    phone = next((one.phone for one in members if one.phone), None)
    head = f"{before.head}-{mark}" if before.head else None
    household = replace(before, key=f"{before.key}-{mark}", head=head, members=members, phone=phone)
    same = tuple((new.key, old.key) for new, old in zip(members, there, strict=True))
    return Registration(household, before.key, same)


def _retold(rng: Random, person: Person, as_of: date) -> Person:
    """Some tell an age where they told a date, or an age a year off."""
    if rng.random() < 0.35:
        years = max(0, person.years(as_of) + int(rng.random() * 3) - 1)
        return replace(person, birth=None, age=Age(years, as_of))
    return person


def _respelt(rng: Random, name: WrittenName) -> WrittenName:
    """The whole name as another hand would spell it, here and there without the grandfather."""
    parts: dict[str, Any] = {
        one: respell(rng, getattr(name, one), name.script)
        if rng.random() < 0.4
        else getattr(name, one)
        for one in ("given", "father", "grandfather", "family", "mother")
    }
    words = [parts["given"], parts["father"]]
    if rng.random() < 0.3:
        words.append(parts["grandfather"])
    return replace(name, **parts, full=" ".join([*words, parts["family"]]))


def _slipped(rng: Random, shares: Shares, members: tuple[Person, ...]) -> tuple[Person, ...]:
    found = []
    for one in members:
        names = tuple(
            replace(name, full=slip(rng, name.full)) if rng.random() < shares.slip else name
            for name in one.names
        )
        found.append(one if names == one.names else replace(one, names=names))
    return tuple(found)


def slip(rng: Random, name: str) -> str:
    """A name with one slip of the hand; the first letter of each word stays as it is."""
    torn = [(a, b) for a, b in _TORN if a in name]
    if torn and rng.random() < 0.5:
        before, after = torn[int(rng.random() * len(torn))]
        return name.replace(before, after, 1)
    words = name.split(" ")
    long = [number for number, word in enumerate(words) if len(word) >= _LETTERS]
    if not long:
        return name
    at = long[int(rng.random() * len(long))]
    word = words[at]
    place = 1 + int(rng.random() * (len(word) - 2))
    words[at] = (
        word[:place] + word[place + 1] + word[place] + word[place + 2 :],  # swapped
        word[:place] + word[place + 1 :],  # dropped
        word[:place] + word[place] + word[place:],  # doubled
    )[int(rng.random() * 3)]
    return " ".join(words)

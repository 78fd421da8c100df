"""The stream of households: makes them up one after another and keeps almost nothing."""

from collections import deque
from collections.abc import Iterator
from datetime import date
from random import Random
from typing import NamedTuple

from corridor.exercise.population.drafts import Draft
from corridor.exercise.population.families import FIRST_BIRTH, LAST_BIRTH, MAKERS, YEAR
from corridor.exercise.population.names import Name, Weighted
from corridor.exercise.population.naming import Naming
from corridor.exercise.population.needs import ADULT, give_needs
from corridor.exercise.population.papers import draw_documents, draw_phone, state_birth
from corridor.exercise.population.places import ORIGINS, PLACES, WEIGHTS
from corridor.exercise.population.records import (
    Household,
    Kind,
    Person,
    Relationship,
    Sex,
)
from corridor.exercise.population.shares import Shares

REMEMBERED = 256
"""Heads and couples kept in mind for look-alikes and separated children; bounds the memory."""

EARLIEST = date(1920, 1, 1)
"""Earliest as-of date; births reach a hundred years back and stay in the calendar."""

_SPEAKERS = {False: ("ara",), True: ("kmr", "ara")}
_KIN = (Relationship.NEPHEW_NIECE, Relationship.GRANDCHILD, Relationship.COUSIN)
_TAKES_IN = frozenset({Kind.FAMILY, Kind.EXTENDED, Kind.COUPLE, Kind.OLDER_COUPLE})


class _Head(NamedTuple):
    key: str
    sex: Sex
    days: int
    given: Name
    father: Name
    family: Name


class _Couple(NamedTuple):
    household: str
    mother_days: int
    father_names: tuple[Name, Name, Name]  # given, father's, family
    mother_names: tuple[Name, Name]


def households(
    seed: int,
    people: int,
    as_of: date,
    *,
    shares: Shares | None = None,
    with_origin: bool = False,
) -> Iterator[Household]:
    """A believable besieged population, household by household.

    The same arguments give the same people, to the letter. A longer run begins with the
    households of a shorter one, but for the shorter one's last, which is cut to size. Memory
    does not grow with ``people``. Origin is drawn apart: asking for it changes nothing else,
    and no need depends on it.

    Args:
        seed: any whole number.
        people: how many people in all, exactly; 0 gives none.
        as_of: the day of the siege; nobody is born after it.
        shares: how much of what; the defaults are assumptions for exercises.
        with_origin: fill ``Person.origin`` for the audit of impartiality.

    Raises:
        ValueError: ``people`` is negative, or ``as_of`` is before ``EARLIEST``.
    """
    if people < 0:
        raise ValueError(f"people must not be negative, got {people}")
    if as_of < EARLIEST:
        raise ValueError(f"as_of must not be before {EARLIEST}, got {as_of}")
    return _Stream(seed, as_of, shares or Shares(), with_origin).run(people)


class _Stream:
    def __init__(self, seed: int, as_of: date, shares: Shares, with_origin: bool) -> None:
        self._rng = Random(seed)  # noqa: S311 - an exercise must repeat, not be secret
        self._origins = Random(seed + 1) if with_origin else None  # noqa: S311 - as above
        self._as_of = as_of
        self._shares = shares
        self._kinds = Weighted(tuple(shares.kinds), tuple(shares.kinds.values()))
        self._places = Weighted(PLACES, WEIGHTS)
        self._heads: deque[_Head] = deque(maxlen=REMEMBERED)
        self._couples: deque[_Couple] = deque(maxlen=REMEMBERED)
        self._made = 0

    def run(self, people: int) -> Iterator[Household]:
        number = 0
        while self._made < people:
            number += 1
            yield self._household(f"H{number:07d}", people - self._made)

    def _household(self, key: str, room: int) -> Household:
        rng, shares = self._rng, self._shares
        kind = self._kinds.draw(rng)
        place = self._places.draw(rng)
        naming = Naming(rng, shares)
        drafts = MAKERS[kind](rng)
        if kind in _TAKES_IN and rng.random() < shares.takes_in_child:
            drafts.append(self._taken_in())
        drafts = drafts[:room]
        for draft in drafts:
            draft.settle(self._as_of)
        if kind != Kind.UNACCOMPANIED and rng.random() < shares.look_alike:
            self._liken(drafts[0])
        give_needs(rng, shares, kind, drafts)
        children: dict[int, list[Draft]] = {}
        for draft in drafts:
            for parent in (draft.father, draft.mother):
                if parent is not None:
                    children.setdefault(id(parent), []).append(draft)
        origin = ORIGINS[self._origins.getrandbits(2)] if self._origins else None
        members = tuple(
            self._person(draft, naming, children.get(id(draft), []), origin) for draft in drafts
        )
        self._remember(key, kind, drafts, members)
        phone = next((member.phone for member in members if member.phone), None)
        head = None if kind == Kind.UNACCOMPANIED else members[0].key
        return Household(key, kind, place, head, members, phone)

    def _person(
        self, draft: Draft, naming: Naming, children: list[Draft], origin: str | None
    ) -> Person:
        rng, shares = self._rng, self._shares
        names = naming.written(draft)
        birth, age = state_birth(rng, shares, draft, self._as_of)
        documents = draw_documents(rng, shares, draft)
        adult = draft.years >= ADULT
        self._made += 1
        return Person(
            key=f"P{self._made:07d}",
            relationship=draft.relationship,
            sex=draft.sex,
            born=draft.born,
            birth=birth,
            age=age,
            names=names,
            kunya=naming.kunya(draft, children) if adult else None,
            nickname=naming.nickname(),
            marital=draft.marital,
            needs=tuple(sorted(draft.needs)),
            pregnant=draft.pregnant,
            breastfeeding=draft.breastfeeding,
            breastfed=draft.breastfed,
            lying=draft.lying,
            wheelchair=draft.wheelchair,
            washington_group=draft.answers if draft.years >= 5 else None,
            documents=documents,
            languages=_SPEAKERS[naming.kurmanji],
            phone=draw_phone(rng, shares, draft),
            look_alike_of=draft.look_alike_of,
            separated_from=draft.separated_from,
            origin=origin,
        )

    def _taken_in(self) -> Draft:
        """A child without its parents in another family's care (STD 6.3)."""
        rng, shares = self._rng, self._shares
        kin = rng.random() < shares.child_with_kin
        relationship = _KIN[int(rng.random() * 3)] if kin else Relationship.UNRELATED
        sex = Sex.MALE if rng.random() < 0.5 else Sex.FEMALE
        child = Draft(relationship, sex, int((1 + 16.8 * rng.random()) * YEAR))
        child.separated = "SC-SC" if kin else "SC-UC"
        if self._couples and rng.random() < shares.parents_elsewhere:
            self._belong(child, self._couples[int(rng.random() * len(self._couples))])
        return child

    def _belong(self, child: Draft, couple: _Couple) -> None:
        years = couple.mother_days / YEAR
        low, high = max(years - LAST_BIRTH, 1.0), min(years - FIRST_BIRTH, 17.8)
        if low >= high:
            return
        child.days = int((low + (high - low) * self._rng.random()) * YEAR)
        child.father_name, child.grandfather_name, child.family = couple.father_names
        child.mother_names = couple.mother_names
        child.separated_from = couple.household

    def _liken(self, head: Draft) -> None:
        """Give the head the names of somebody of the same sex and nearly the same age."""
        for other in self._heads:
            if other.sex == head.sex and abs(other.days - head.days) < 2 * YEAR:
                head.given, head.father_name, head.family = other.given, other.father, other.family
                head.look_alike_of = other.key
                return

    def _remember(
        self, key: str, kind: Kind, drafts: list[Draft], members: tuple[Person, ...]
    ) -> None:
        if kind == Kind.UNACCOMPANIED:
            return
        head, first = drafts[0], members[0]
        given, father, family = head.given, head.father_name, head.family
        if given is None or father is None or family is None:
            raise AssertionError("a head is named before the household is remembered")
        self._heads.append(_Head(first.key, head.sex, head.days, given, father, family))
        if kind == Kind.FAMILY and len(drafts) > 2:
            wife = drafts[1]
            if wife.given is not None and wife.family is not None:
                self._couples.append(
                    _Couple(key, wife.days, (given, father, family), (wife.given, wife.family))
                )

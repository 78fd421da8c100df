"""Whom people miss: husbands who did not come along, parents of children who were separated."""

from dataclasses import dataclass
from datetime import date
from random import Random

from corridor.exercise.population.records import (
    Household,
    Kind,
    Person,
    Place,
    Relationship,
    Sex,
)
from corridor.exercise.population.shares import Shares


@dataclass(frozen=True, slots=True)
class Missing:
    """Somebody who is looked for, as the one who looks tells it.

    ``enquirer`` is the key of a registered person, ``relationship`` what the missing person is to
    them (parent or spouse). ``years`` is about. ``household`` is the truth that nobody knows: the
    key of the household in this population where they are, or None.
    """

    enquirer: str
    relationship: Relationship
    name: str
    sex: Sex
    years: int
    last_seen: Place
    household: str | None


def missing(seed: int, household: Household, as_of: date, *, shares: Shares | None = None) -> tuple[
    Missing, ...
]:  # fmt: skip
    """Whom the people of one household miss; the same for the same seed and household."""
    shares = shares or Shares()
    found: list[Missing] = []
    rng = Random(f"{seed}:{household.key}")  # noqa: S311 - an exercise must repeat
    if household.kind == Kind.MOTHER_ALONE and rng.random() < shares.husband_missing:
        found += _husband(rng, household, as_of)
    for person in household.members:
        if {"SC-SC", "SC-UC"} & set(person.needs):
            found += _parents(rng, household, person, as_of)
    return tuple(found)


def _husband(rng: Random, household: Household, as_of: date) -> list[Missing]:
    mother = household.members[0]
    children = [one for one in household.members if one.relationship == Relationship.CHILD]
    if mother.marital != "MA" or not children:
        return []
    name = children[0].names[0]
    years = mother.years(as_of) + int(rng.random() * 9)
    full = f"{name.father} {name.grandfather} {name.family}"
    return [Missing(mother.key, Relationship.SPOUSE, full, Sex.MALE, years, household.place, None)]


def _parents(rng: Random, household: Household, child: Person, as_of: date) -> list[Missing]:
    name = child.names[0]
    about = child.years(as_of) + 20 + int(rng.random() * 15)
    father = f"{name.father} {name.grandfather} {name.family}"
    return [
        Missing(
            child.key, Relationship.PARENT, told, sex, years, household.place, child.separated_from
        )
        for told, sex, years in (
            (father, Sex.MALE, about + 4), (name.mother, Sex.FEMALE, about),
        )
    ]  # fmt: skip

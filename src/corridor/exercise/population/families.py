"""How households are made up: who lives with whom, and how old they are.

Each maker returns drafts with the head first, so that cutting the tail of a household always
leaves a household. Ages are in days. The laws that hold: a mother is 17 or older and at most 46
at a birth, births of one mother are a year or more apart, and only adults are married.
"""

from collections.abc import Callable
from random import Random

from corridor.exercise.population.drafts import Draft
from corridor.exercise.population.records import Kind, Marital, Relationship, Sex

YEAR = 365.25
FIRST_BIRTH, LAST_BIRTH = 17.0, 45.0
"""Ages of mothers in years between which children are born."""

MOST_CHILDREN = 9

R = Relationship


def _days(rng: Random, low: float, high: float) -> int:
    """An age between two numbers of years, in days."""
    return int((low + (high - low) * rng.random()) * YEAR)


def _older(rng: Random) -> int:
    """An age of 60 and over, fewer the older, to 97 years."""
    return int((60.1 + min(rng.expovariate(1 / 8), 37)) * YEAR)


def _sex(rng: Random) -> Sex:
    return Sex.MALE if rng.random() < 0.51 else Sex.FEMALE


def _at_home(rng: Random, years: float, sex: Sex) -> bool:
    """Whether a child still lives with its parents: grown daughters marry, grown sons leave."""
    if years < 17:
        return rng.random() < 0.97
    if years < 24:
        return rng.random() < (0.7 if sex == Sex.MALE else 0.6)
    return rng.random() < 0.15


def _children(
    rng: Random,
    mother: Draft,
    father: Draft | None,
    relationship: Relationship,
    oldest: float = 40.0,
) -> list[Draft]:
    """The children of a couple that live in the household, eldest first."""
    children: list[Draft] = []
    mother_years = mother.days / YEAR
    birth = FIRST_BIRTH + 1 + rng.expovariate(1 / 4)
    while birth < min(mother_years, LAST_BIRTH) and len(children) < MOST_CHILDREN:
        years = mother_years - birth
        sex = _sex(rng)
        if years < oldest and _at_home(rng, years, sex):
            children.append(
                Draft(relationship, sex, int(years * YEAR), father=father, mother=mother)
            )
        birth += 1.2 + rng.expovariate(1 / 2.7)
    return children


def _couple(rng: Random, low: float, high: float, role: Relationship) -> tuple[Draft, Draft]:
    """Husband and wife; the wife's age lies between the two ages in years."""
    wife = Draft(R.SPOUSE, Sex.FEMALE, _days(rng, low, high), "MA")
    gap = min(abs(rng.gauss(4, 3)), 14)
    husband = Draft(role, Sex.MALE, wife.days + int(gap * YEAR), "MA")
    return husband, wife


def _family(rng: Random) -> list[Draft]:
    husband, wife = _couple(rng, 19.5, 49, R.HEAD)
    return [husband, wife, *_children(rng, wife, husband, R.CHILD)]


def _couple_only(rng: Random) -> list[Draft]:
    return list(_couple(rng, 18.2, 57, R.HEAD))


def _extended(rng: Random) -> list[Draft]:
    return _with_parents(rng) if rng.random() < 0.6 else _with_son(rng)


def _with_parents(rng: Random) -> list[Draft]:
    """A couple with children who keep the husband's parents, or his mother alone."""
    members = _family(rng)
    head = members[0]
    mother = Draft(R.PARENT, Sex.FEMALE, head.days + _days(rng, 18, 36), "MA")
    father = Draft(R.PARENT, Sex.MALE, mother.days + _days(rng, -2, 8), "MA")
    head.father, head.mother = father, mother
    if mother.days > 97 * YEAR:
        return members
    if rng.random() < 0.6 or father.days > 95 * YEAR:
        mother.marital = "WD"
        return [*members, mother]
    return [*members, mother, father]


def _with_son(rng: Random) -> list[Draft]:
    """A couple with a married son, his wife and their children."""
    husband, wife = _couple(rng, 42, 66, R.HEAD)
    son_days = min(wife.days - _days(rng, 18, 23), int(40 * YEAR))
    son = Draft(R.CHILD, Sex.MALE, son_days, "MA", father=husband, mother=wife)
    bride_days = max(son.days - _days(rng, 0, 5), int(18.1 * YEAR))
    bride = Draft(R.CHILD_IN_LAW, Sex.FEMALE, bride_days, "MA")
    # The younger children come after the married son, more than a year apart from him.
    rest = [c for c in _children(rng, wife, husband, R.CHILD, 18.0) if c.days < son.days - 400]
    grandchildren = _children(rng, bride, son, R.GRANDCHILD)
    return [husband, wife, *rest, son, bride, *grandchildren]


def _mother_alone(rng: Random) -> list[Draft]:
    mother = Draft(R.HEAD, Sex.FEMALE, _days(rng, 21, 52))
    roll = rng.random()
    mother.marital = "WD" if roll < 0.45 else "MA" if roll < 0.85 else "DV"
    absent = Draft(R.SPOUSE, Sex.MALE, mother.days + _days(rng, 0, 8), "MA")
    children = _children(rng, mother, absent, R.CHILD)
    return [mother, *children] if children else [mother, _child_of(rng, mother, absent)]


def _child_of(rng: Random, mother: Draft, father: Draft) -> Draft:
    """One small child, for the parent whom the draw left without."""
    most = min(mother.days / YEAR - FIRST_BIRTH - 1, 12)
    least = max(mother.days / YEAR - LAST_BIRTH, 0.2)
    days = _days(rng, least, max(most, least))
    return Draft(R.CHILD, _sex(rng), days, father=father, mother=mother)


def _father_alone(rng: Random) -> list[Draft]:
    husband, wife = _couple(rng, 24, 48, R.HEAD)
    husband.marital = "WD" if rng.random() < 0.8 else "DV"
    children = _children(rng, wife, husband, R.CHILD)
    return [husband, *(children or [_child_of(rng, wife, husband)])]


def _single(rng: Random) -> list[Draft]:
    days = _days(rng, 18.2, 59.5)
    chosen: Marital = "SN" if days < 32 * YEAR or rng.random() < 0.4 else "DV"
    return [Draft(R.HEAD, Sex.MALE if rng.random() < 0.65 else Sex.FEMALE, days, chosen)]


def _single_older(rng: Random) -> list[Draft]:
    sex = Sex.FEMALE if rng.random() < 0.68 else Sex.MALE
    return [Draft(R.HEAD, sex, _older(rng), "WD" if rng.random() < 0.85 else "SN")]


def _older_couple(rng: Random) -> list[Draft]:
    wife = Draft(R.SPOUSE, Sex.FEMALE, _older(rng), "MA")
    husband_days = min(wife.days + _days(rng, 0, 9), int(97 * YEAR))
    return [Draft(R.HEAD, Sex.MALE, husband_days, "MA"), wife]


def _grandparent(rng: Random) -> list[Draft]:
    days = _days(rng, 58, 80)
    head = Draft(R.HEAD, Sex.FEMALE if rng.random() < 0.75 else Sex.MALE, days, "WD")
    son_days = min(head.days - _days(rng, 19, 30), int(48 * YEAR))
    son = Draft(R.CHILD, Sex.MALE, son_days, "MA")
    if head.sex == Sex.MALE:
        son.father = head
    wife = Draft(R.CHILD_IN_LAW, Sex.FEMALE, max(son.days - _days(rng, 0, 5), int(23 * YEAR)), "MA")
    children = _children(rng, wife, son, R.GRANDCHILD, 17.0)
    return [head, *(children[:4] or [_grandchild(rng, wife, son)])]


def _grandchild(rng: Random, mother: Draft, father: Draft) -> Draft:
    child = _child_of(rng, mother, father)
    child.relationship = R.GRANDCHILD
    return child


def _orphans(rng: Random, eldest: int, count: int) -> list[Draft]:
    """Brothers and sisters without their parents, eldest first, the eldest as head."""
    mother = Draft(R.PARENT, Sex.FEMALE, eldest + _days(rng, 18, 26), "MA")
    father = Draft(R.PARENT, Sex.MALE, mother.days + _days(rng, 0, 8), "MA")
    members = [Draft(R.HEAD, _sex(rng), eldest, father=father, mother=mother)]
    for _ in range(count - 1):
        days = members[-1].days - _days(rng, 1.2, 4)
        if days < 2 * YEAR or mother.days - days > LAST_BIRTH * YEAR:
            break
        members.append(Draft(R.SIBLING, _sex(rng), days, father=father, mother=mother))
    return members


def _siblings(rng: Random) -> list[Draft]:
    return _orphans(rng, _days(rng, 19, 34), 2 + rng.getrandbits(1))


def _child_headed(rng: Random) -> list[Draft]:
    return _orphans(rng, _days(rng, 14, 17.9), 2 + rng.getrandbits(2))


def _unaccompanied(rng: Random) -> list[Draft]:
    """One to four children whom nobody is responsible for (STD 6.3), found together."""
    count = 1 + rng.getrandbits(2)
    return [Draft(R.UNRELATED, _sex(rng), _days(rng, 5, 17.8)) for _ in range(count)]


MAKERS: dict[Kind, Callable[[Random], list[Draft]]] = {
    Kind.FAMILY: _family,
    Kind.EXTENDED: _extended,
    Kind.COUPLE: _couple_only,
    Kind.MOTHER_ALONE: _mother_alone,
    Kind.FATHER_ALONE: _father_alone,
    Kind.SINGLE: _single,
    Kind.SINGLE_OLDER: _single_older,
    Kind.OLDER_COUPLE: _older_couple,
    Kind.GRANDPARENT: _grandparent,
    Kind.SIBLINGS: _siblings,
    Kind.CHILD_HEADED: _child_headed,
    Kind.UNACCOMPANIED: _unaccompanied,
}
"""The maker of each kind of household."""

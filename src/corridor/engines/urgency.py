"""How urgently a person needs to leave, by a published rule that says why, part by part.

Four classes: A critical, B urgent, C vulnerable, D standard. A rule is data: for each class the
conditions any one of which is enough. Need decides; origin, kinship, affiliation and payment cannot
be expressed (STD 2.1).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

CLASSES = ("A", "B", "C", "D")
ADULT = 18

#: Classes of fitness to travel (STD 2.7).
FITNESS = ("T1", "T2", "T3", "T4", "T5")
TRAVELS = ("lying", "wheelchair", "lap", "seat")

#: The rule a new operation starts with (STD 2.1, 2.7, 1.5); each operation publishes its own.
#: `need:` a code of STD 1.5 or all codes of a group, `travels:` how the person travels, `fitness:`
#: the class of the last check, `under:` and `from:` an age in whole years, `child` anybody under 18
#: and whoever may be, `child_alone` a child with no grown person in the household.
STARTING_RULE: Mapping[str, Sequence[str]] = {
    "A": ("need:SM-CC", "travels:lying", "fitness:T4"),
    "B": ("need:SM-DP", "need:PG-HR", "need:SM-MN", "need:SC-UC", "need:ER-FR", "need:DS-PS",
          "child_alone", "fitness:T3", "under:1"),
    "C": ("need:SM", "need:PG", "need:DS", "need:ER", "need:SP", "need:WR", "need:SC", "need:CR",
          "fitness:T2", "travels:wheelchair", "under:5", "from:60"),
}  # fmt: skip


class UnknownCondition(ValueError):
    """A rule has a condition that this engine cannot judge."""


@dataclass(frozen=True)
class Facts:
    """What a rule may look at, and nothing else.

    `age` in whole years, None where unknown; `age_high` the other end where only a range is known,
    or where two ages are disputed. `alone`: nobody grown up is in the household.
    """

    needs: frozenset[str] = frozenset()
    age: int | None = None
    travels: str = "seat"
    age_high: int | None = None
    disputed: bool = False
    fitness: str = ""
    alone: bool = False

    @property
    def oldest(self) -> int | None:
        """The highest age that is possible."""
        if self.age is None or self.age_high is None:
            return self.age
        return max(self.age, self.age_high)

    @property
    def is_child(self) -> bool:
        """Under 18; whose age is disputed is a child if they may be one."""
        surely = self.oldest is not None and self.oldest < ADULT
        return surely or (self.disputed and self.age is not None and self.age < ADULT)


@dataclass(frozen=True)
class Part:
    """One condition of the rule, held against one person: `because` says by which fact it holds.

    `because` is a code of a need, an age, a range of ages or a word of a closed list; empty where
    the condition does not hold.
    """

    urgency: str
    condition: str
    because: str

    @property
    def holds(self) -> bool:
        """Whether it is so."""
        return bool(self.because)


@dataclass(frozen=True)
class Urgency:
    """The class, the conditions that put the person there, and every part of the rule."""

    urgency: str
    reasons: tuple[str, ...]
    parts: tuple[Part, ...] = ()


def assess(facts: Facts, rule: Mapping[str, Sequence[str]]) -> Urgency:
    """The highest class of which a condition holds; D without reasons if none does."""
    parts = tuple(
        Part(urgency, condition, _because(condition, facts))
        for urgency in CLASSES[:-1]
        for condition in rule.get(urgency, ())
    )
    given = next((part.urgency for part in parts if part.holds), "D")
    reasons = tuple(p.condition for p in parts if p.holds and p.urgency == given)
    return Urgency(given, reasons, parts)


def check_rule(rule: Mapping[str, Sequence[str]]) -> None:
    """Raises `UnknownCondition` for a rule that cannot be published."""
    for urgency, conditions in rule.items():
        if urgency not in CLASSES[:-1]:
            raise UnknownCondition(f"There is no class {urgency}; use A, B and C.")
        for condition in conditions:
            _because(condition, Facts())


def highest(classes: Sequence[str]) -> str:
    """The class of a group that travels together: that of its most urgent member."""
    return min(classes, default="D")


def _because(condition: str, facts: Facts) -> str:
    """The fact by which a condition holds, or "". Raises `UnknownCondition`."""
    sort, _, value = condition.partition(":")
    if sort == "need" and value:
        return next((n for n in sorted(facts.needs) if n == value or n.startswith(f"{value}-")), "")
    if sort == "travels" and value in TRAVELS:
        return value if facts.travels == value else ""
    if sort == "fitness" and value in FITNESS:
        return value if facts.fitness == value else ""
    if sort in ("under", "from") and value.isdigit() and len(value) <= 3:
        return _age_told(facts) if _is_of_age(sort, int(value), facts) else ""
    if condition == "child":
        return _age_told(facts) if facts.is_child else ""
    if condition == "child_alone":
        return _age_told(facts) if facts.is_child and facts.alone else ""
    raise UnknownCondition(f"The condition {condition} cannot be judged.")


def _is_of_age(sort: str, years: int, facts: Facts) -> bool:
    """Where only a range is known, all of it must fit: nobody gains by what is not known."""
    if facts.age is None or facts.oldest is None:
        return False
    return facts.oldest < years if sort == "under" else facts.age >= years


def _age_told(facts: Facts) -> str:
    if facts.age_high is None or facts.age_high == facts.age:
        return str(facts.age)
    return f"{facts.age}-{facts.age_high}"

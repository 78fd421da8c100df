"""How urgently a person needs to leave, by a published rule that says why.

Four classes: A critical, B urgent, C vulnerable, D standard. A rule is data: for each class the
conditions any one of which is enough. Need decides; origin, kinship, affiliation and payment cannot
be expressed (STD 2.1).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

CLASSES = ("A", "B", "C", "D")

#: The rule a new operation starts with (STD 2.1, 2.7, 1.5); each operation publishes its own.
#: `need:` a code of STD 1.5 or all codes of a group, `travels:` how the person travels,
#: `under:` and `from:` an age in whole years.
STARTING_RULE: Mapping[str, Sequence[str]] = {
    "A": ("need:SM-CC", "travels:lying"),
    "B": ("need:SM-DP", "need:PG-HR", "need:SM-MN", "need:SC-UC", "need:ER-FR", "need:DS-PS",
          "under:1"),
    "C": ("need:SM", "need:PG", "need:DS", "need:ER", "need:SP", "need:WR", "need:SC", "need:CR",
          "travels:wheelchair", "under:5", "from:60"),
}  # fmt: skip


class UnknownCondition(ValueError):
    """A rule has a condition that this engine cannot judge."""


@dataclass(frozen=True)
class Facts:
    """What a rule may look at. `age` in whole years, None where unknown."""

    needs: frozenset[str]
    age: int | None
    travels: str = "seat"


@dataclass(frozen=True)
class Urgency:
    """The class, and the conditions that put the person there."""

    urgency: str
    reasons: tuple[str, ...]


def assess(facts: Facts, rule: Mapping[str, Sequence[str]]) -> Urgency:
    """The highest class of which a condition holds; D without reasons if none does."""
    for urgency in CLASSES[:-1]:
        reasons = tuple(c for c in rule.get(urgency, ()) if _holds(c, facts))
        if reasons:
            return Urgency(urgency, reasons)
    return Urgency("D", ())


def check_rule(rule: Mapping[str, Sequence[str]]) -> None:
    """Raises `UnknownCondition` for a rule that cannot be published."""
    for urgency, conditions in rule.items():
        if urgency not in CLASSES[:-1]:
            raise UnknownCondition(f"There is no class {urgency}; use A, B and C.")
        for condition in conditions:
            _holds(condition, Facts(frozenset(), None))


def highest(classes: Sequence[str]) -> str:
    """The class of a group that travels together: that of its most urgent member."""
    return min(classes, default="D")


def _holds(condition: str, facts: Facts) -> bool:
    sort, _, value = condition.partition(":")
    if sort == "need" and value:
        return any(need == value or need.startswith(f"{value}-") for need in facts.needs)
    if sort == "travels" and value:
        return facts.travels == value
    if sort in ("under", "from") and value.isdigit():
        if facts.age is None:
            return False
        return facts.age < int(value) if sort == "under" else facts.age >= int(value)
    raise UnknownCondition(f"The condition {condition} cannot be judged.")

"""Versions of the rule of need, what differs between two, and what is proposed. Read only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from corridor.desk.navigation import Open
from corridor.engines.urgency import CLASSES, FITNESS, STARTING_RULE, TRAVELS
from corridor.journal import rules
from corridor.journal.node import Node
from corridor.people.acts import Refusal
from corridor.people.needs import IN_CONFIDENCE, ORDINARY
from corridor.stops.waiting import models
from corridor.stops.waiting.queries.facts import RULE
from corridor.stops.waiting.queries.words import condition_known

Rule = Mapping[str, Sequence[str]]

#: Ages that a rule may name beside those of the versions there are.
_AGES = ("under:1", "under:2", "under:5", "under:12", "from:60", "from:70", "from:80")


@dataclass(frozen=True)
class Difference:
    """A condition that two versions put into different classes; D where one has it not."""

    condition: str
    before: str
    after: str


def rule_in_force(node: Node) -> rules.Rule:
    """The rule of need. Raises `Refusal` where none was published yet."""
    rule = rules.in_force(node, RULE)
    if rule is None:
        raise Refusal(_("No rule of urgency is published here yet. Ask a coordinator."))
    return rule


def versions(node: Node) -> list[rules.Rule]:
    """All published versions, the newest first."""
    return rules.versions(node, RULE)


def pending_rules(node: Node) -> list[models.RuleProposed]:
    """Proposed rules that nobody decided on yet, the oldest first."""
    decided = models.RuleDecided.objects.using(node.alias).values("subject")
    use = models.RuleProposed.objects.using(node.alias).exclude(subject__in=decided)
    return list(use.order_by("hlc", "entry"))


def waits_for(node: Node, actor: str) -> Open | None:
    """For the first page: a proposed rule waits for this person, who did not propose it."""
    count = sum(row.actor != actor for row in pending_rules(node))
    return Open(count, _("wait for a second person"), "wait") if count else None


def differences(before: Rule, after: Rule) -> list[Difference]:
    """What a second version changes of a first, the most urgent first."""
    one, other = class_of(before), class_of(after)
    found = [
        Difference(condition, one.get(condition, "D"), other.get(condition, "D"))
        for condition in {*one, *other}
        if one.get(condition) != other.get(condition)
    ]
    return sorted(found, key=lambda d: (min(d.before, d.after), d.after, d.condition))


def class_of(rule: Rule) -> dict[str, str]:
    """Condition to the class in which it puts people: the highest that names it."""
    return {
        condition: urgency
        for urgency in reversed(CLASSES[:-1])
        for condition in rule.get(urgency, ())
    }


def known_conditions(rule: Rule) -> list[str]:
    """Every condition that a rule may name, those of this version and the starting rule first."""
    named = [*class_of(STARTING_RULE), *class_of(rule)]
    more = [*(f"travels:{one}" for one in TRAVELS if one != "seat"),
            *(f"fitness:{one}" for one in FITNESS[1:4]), *_AGES, "child", "child_alone",
            *(f"need:{code}" for code in sorted(ORDINARY | IN_CONFIDENCE))]  # fmt: skip
    kept = [one for one in dict.fromkeys([*named, *more]) if one in named or condition_known(one)]
    order = {"child_alone": 0, "child": 0, "under": 1, "from": 2, "travels": 3, "fitness": 4}
    return sorted(kept, key=lambda one: (order.get(one.partition(":")[0], 5), _natural(one)))


def _natural(condition: str) -> tuple[int, str]:
    value = condition.partition(":")[2]
    return (int(value) if value.isdigit() else 0, condition)

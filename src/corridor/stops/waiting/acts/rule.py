"""The rule of urgency: published as versions, its effect told before."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _

from corridor.engines.urgency import UnknownCondition, assess, check_rule
from corridor.journal import rules
from corridor.journal.node import Node
from corridor.people.acts import Refusal
from corridor.stops.waiting import models
from corridor.stops.waiting.queries.facts import RULE, facts_of


def publish_rule(node: Node, actor: str, rule: Mapping[str, Sequence[str]]) -> str:
    """Publishes the rule by which urgency is assessed from now on."""
    _refuse_unless_known(rule)
    return rules.publish(node, actor, RULE, {key: list(value) for key, value in rule.items()})


def rule_in_force(node: Node) -> rules.Rule:
    """The rule of urgency. Raises `Refusal` where none was published yet."""
    rule = rules.in_force(node, RULE)
    if rule is None:
        raise Refusal(_("No rule of urgency is published here yet. Ask a coordinator."))
    return rule


def effect_of(node: Node, rule: Mapping[str, Sequence[str]]) -> Counter[tuple[str, str]]:
    """How many people who wait would move from which class to which; nothing is recorded."""
    _refuse_unless_known(rule)
    use = models.NeedClass.objects.using(node.alias)
    turns = models.Turn.objects.using(node.alias)
    now = dict(use.filter(person__in=turns.values("person")).values_list("person", "urgency"))
    persons = list(turns.values_list("person", flat=True))
    facts = facts_of(node, persons)
    return Counter(
        (now.get(person) or "D", assess(facts[person], rule).urgency)
        for person in persons
        if person in facts
    )


def _refuse_unless_known(rule: Mapping[str, Sequence[str]]) -> None:
    try:
        check_rule(rule)
    except UnknownCondition as error:
        said = _("The rule was not published. %(why)s")
        raise Refusal(said % {"why": error}) from error

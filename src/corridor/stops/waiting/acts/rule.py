"""The rule of need: published as versions by two people, its effect told before."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

import msgspec
from django.utils.translation import gettext as _

from corridor.engines.urgency import CLASSES, UnknownCondition, assess, check_rule
from corridor.journal import rules
from corridor.journal.append import Draft, append, subjects_of
from corridor.journal.format import as_json
from corridor.journal.node import Node
from corridor.people.acts import Refusal
from corridor.people.joining import refuse_while_joining
from corridor.stops.waiting import models
from corridor.stops.waiting.acts.joining import assess_again
from corridor.stops.waiting.entries import RuleDecided, RuleProposed
from corridor.stops.waiting.queries.facts import RULE, facts_of
from corridor.stops.waiting.queries.rule import class_of, pending_rules

Rule = Mapping[str, Sequence[str]]

_FEWEST_WORDS = 10


def publish_rule(node: Node, actor: str, rule: Rule) -> str:
    """Publishes the rule by which urgency is assessed from now on; returns its entry."""
    refuse_while_joining(node)
    _refuse_unless_known(rule)
    return rules.publish(node, actor, RULE, _plain(rule))


def propose_rule(node: Node, actor: str, rule: Rule, words: str, *, command: str = "") -> str:
    """Asks for another rule; nothing changes until a second person publishes it.

    Returns the id of the proposal.
    """
    refuse_while_joining(node)
    _refuse_unless_known(rule)
    if len(words.strip()) < _FEWEST_WORDS:
        raise Refusal(_("Say in a sentence why the rule should change; nothing was proposed."))
    with node.transaction():
        if command and (done := subjects_of(node, [command])):
            return done[command]
        now = rules.in_force(node, RULE)
        if now is not None and class_of(now.content) == class_of(rule):
            raise Refusal(_("This is the rule that holds already; nothing was proposed."))
        if pending_rules(node):
            raise Refusal(_("Another proposal still waits for a decision; nothing was proposed."))
        identity = node.new_id()
        what = RuleProposed(content=as_json(_plain(rule)), words=words.strip()[:2000])
        append(node, actor, [Draft(what, identity)], command=command)
    return identity


def decide_rule(node: Node, actor: str, proposal: str, decision: str, *, command: str = "") -> int:
    """A second person publishes a proposed rule, or refuses it. Never who proposed it.

    Everybody who waits is assessed anew by a published rule; returns how many changed class.
    """
    if decision not in ("published", "refused"):
        raise Refusal(_("Choose what you decide; nothing was changed."))
    with node.transaction():
        if command and subjects_of(node, [command]):
            return 0
        row = next((one for one in pending_rules(node) if one.subject == proposal), None)
        if row is None:
            raise Refusal(_("This was decided already; nothing was changed."))
        if row.actor == actor and decision == "published":
            raise Refusal(_("You proposed this rule yourself: somebody else must publish it."))
        append(node, actor, [Draft(RuleDecided(decision=decision), proposal)], command=command)
        if decision == "refused":
            return 0
        publish_rule(node, actor, msgspec.json.decode(row.content))
    return len(assess_again(node, actor))


def effect_of(node: Node, rule: Rule) -> Counter[tuple[str, str]]:
    """How many people who wait would move from which class to which; nothing is recorded."""
    _refuse_unless_known(rule)
    use = models.NeedClass.objects.using(node.alias)
    turns = models.Turn.objects.using(node.alias)
    now = dict(use.filter(person__in=turns.values("person")).values_list("person", "urgency"))
    persons = list(turns.values_list("person", flat=True))
    facts = facts_of(node, persons)
    # Most people are like many others to a rule: each sort of facts is assessed once.
    told = {sort: assess(sort, rule).urgency for sort in set(facts.values())}
    return Counter(
        (now.get(person) or "D", told[facts[person]]) for person in persons if person in facts
    )


def _plain(rule: Rule) -> dict[str, list[str]]:
    return {key: list(rule.get(key, ())) for key in CLASSES[:-1]}


def _refuse_unless_known(rule: Rule) -> None:
    try:
        check_rule(rule)
    except UnknownCondition as error:
        said = _("The rule was not published. %(why)s")
        raise Refusal(said % {"why": error}) from error

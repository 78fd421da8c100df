"""Another class than the rule gives: one asks, another decides, and it ends by itself."""

from __future__ import annotations

from django.utils.translation import gettext as _

from corridor.engines.urgency import CLASSES
from corridor.journal.append import Draft, append
from corridor.journal.node import Node
from corridor.people.acts import Refusal
from corridor.people.joining import refuse_while_joining
from corridor.stops.waiting import models
from corridor.stops.waiting.entries import OverrideDecided, OverrideProposed
from corridor.stops.waiting.queries.facts import explained
from corridor.stops.waiting.queries.order import DAY_MS
from corridor.stops.waiting.queries.overrides import DAYS, REASONS, decisions

_FEWEST_WORDS = 10


def propose(
    node: Node,
    actor: str,
    person: str,
    urgency: str,
    reason: str,
    words: str,
    days: int,
    *,
    command: str = "",
) -> str:
    """Asks for another class; nothing changes until a second person confirms it.

    Returns the id of the proposal.
    """
    refuse_while_joining(node)
    if urgency not in CLASSES or reason not in REASONS or days not in DAYS:
        raise Refusal(_("Choose a class, a reason and for how long; nothing was asked for."))
    if len(words.strip()) < _FEWEST_WORDS:
        raise Refusal(_("Say in a sentence what the rule does not see; nothing was asked for."))
    with node.transaction():
        if not models.Turn.objects.using(node.alias).filter(person=person).exists():
            raise Refusal(_("This person does not wait; nothing was asked for."))
        assessed = explained(node, [person])[person].urgency
        if urgency == assessed:
            raise Refusal(_("The rule gives this class already; nothing was asked for."))
        what = OverrideProposed(
            until_ms=node.clock() + days * DAY_MS,
            urgency=urgency,
            assessed=assessed,
            reason=reason,
            words=words.strip()[:2000],
        )
        return append(node, actor, [Draft(what, person)], command=command)[0]


def decide(
    node: Node, actor: str, proposal: str, decision: str, *, words: str = "", command: str = ""
) -> None:
    """A second person confirms or refuses, or ends what was confirmed. Never who asked for it."""
    refuse_while_joining(node)
    if decision not in ("confirmed", "refused", "ended"):
        raise Refusal(_("Choose what you decide; nothing was changed."))
    with node.transaction():
        row = models.OverrideProposed.objects.using(node.alias).filter(entry=proposal).first()
        if row is None:
            raise Refusal(_("There is no such proposal here; nothing was changed."))
        if row.actor == actor and decision != "ended":
            raise Refusal(_("You asked for this yourself: somebody else must decide."))
        if row.until_ms <= node.clock():
            raise Refusal(_("The time of this proposal is over; ask for it anew."))
        before = decisions(node).get(proposal, "")
        if (before, decision) not in _STEPS:
            raise Refusal(_("This was decided already; nothing was changed."))
        what = OverrideDecided(proposal=proposal, decision=decision, words=words.strip()[:2000])
        append(node, actor, [Draft(what, row.subject)], command=command)


#: What can follow what: a proposal is decided once, and what was confirmed can be ended.
_STEPS = {("", "confirmed"), ("", "refused"), ("", "ended"), ("confirmed", "ended")}

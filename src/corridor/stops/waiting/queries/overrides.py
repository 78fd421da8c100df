"""Other classes than the rule gives: asked for by one, decided by another. Read only."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, F
from django.utils.translation import gettext as _

from corridor.desk.navigation import Open
from corridor.engines.urgency import CLASSES
from corridor.journal.clock import COUNTER_BITS
from corridor.journal.node import Node
from corridor.stops.waiting import models

#: Why another class may be asked for: a closed list; the words beside it stay private.
REASONS = (
    "medical_advice",
    "protection_advice",
    "rule_misses_need",
    "record_wrong",
    "situation_changed",
    "rule_gives_too_much",
)

#: What somebody asked for, as a row.
Proposal = models.OverrideProposed

#: For how many days it may hold before it is looked at again.
DAYS = (1, 3, 7, 14)


@dataclass(frozen=True)
class Rate:
    """What one clerk asked for and decided: counts, for coordinators and auditors."""

    actor: str
    assessed: int
    proposed: int
    higher: int
    lower: int
    confirmed: int
    refused: int
    decided: int
    backdated: int

    @property
    def per_hundred(self) -> float:
        """Proposals for each hundred people whom the clerk put on the list or assessed."""
        return round(100 * self.proposed / self.assessed, 1) if self.assessed else 0.0


def overrides_in_force(node: Node) -> list[models.OverrideProposed]:
    """Confirmed, not ended, and not over; the one proposed last where there are several."""
    rows = models.OverrideProposed.objects.using(node.alias).filter(until_ms__gt=node.clock())
    decided = decisions(node)
    standing = {
        row.subject: row
        for row in rows.order_by("hlc", "entry")
        if decided.get(row.entry, "") == "confirmed"
    }
    return list(standing.values())


def decisions(node: Node) -> dict[str, str]:
    """Proposal to what a second person decided: an end outweighs a refusal, that a confirmation."""
    weight = {"confirmed": 0, "refused": 1, "ended": 2}
    found: dict[str, str] = {}
    rows = models.OverrideDecided.objects.using(node.alias).values_list("proposal", "decision")
    for proposal, decision in rows:
        if weight.get(decision, -1) > weight.get(found.get(proposal, ""), -1):
            found[proposal] = decision
    return found


def pending(node: Node) -> list[models.OverrideProposed]:
    """Proposals that wait for a second person, the oldest first."""
    decided = decisions(node)
    rows = models.OverrideProposed.objects.using(node.alias).filter(until_ms__gt=node.clock())
    return [row for row in rows.order_by("hlc", "entry") if row.entry not in decided]


def waits_for(node: Node, actor: str) -> Open | None:
    """For the first page: how many proposals wait for this person, who did not make them."""
    count = sum(row.actor != actor for row in pending(node))
    return Open(count, _("wait for a second person"), "wait") if count else None


def proposals_of(node: Node, person: str) -> list[tuple[models.OverrideProposed, str]]:
    """Every proposal about a person with its state, the newest first."""
    decided = decisions(node)
    rows = models.OverrideProposed.objects.using(node.alias).filter(subject=person)
    now = node.clock()
    return [
        (row, "over" if row.until_ms <= now else decided.get(row.entry, "pending"))
        for row in rows.order_by("-hlc", "-entry")
    ]


#: A claimed time of joining this much before it was written down is told in the rates.
_BACKDATED_MS = 24 * 60 * 60 * 1000


def rates(node: Node) -> list[Rate]:
    """What each clerk asked for and decided, those who asked most first."""
    decided = decisions(node)
    found: dict[str, dict[str, int]] = {}

    def count(actor: str, what: str, number: int = 1) -> None:
        row = found.setdefault(actor, {})
        row[what] = row.get(what, 0) + number

    joined = models.WaitingJoined.objects.using(node.alias)
    for actor, number in joined.values_list("actor").annotate(Count("entry")):
        count(actor, "assessed", number)
    late = joined.annotate(written=F("hlc").bitrightshift(COUNTER_BITS)).filter(
        written__gte=F("happened_ms") + _BACKDATED_MS
    )
    for actor, number in late.values_list("actor").annotate(Count("entry")):
        count(actor, "backdated", number)
    for row in models.OverrideProposed.objects.using(node.alias).all():
        count(row.actor, "proposed")
        if row.urgency and row.assessed and row.urgency != row.assessed:
            count(row.actor, "higher" if _is_higher(row.urgency, row.assessed) else "lower")
        verdict = decided.get(row.entry, "")
        if verdict:
            count(row.actor, "refused" if verdict == "refused" else "confirmed")
    for actor in models.OverrideDecided.objects.using(node.alias).values_list("actor", flat=True):
        count(actor, "decided")
    names = ("assessed", "proposed", "higher", "lower", "confirmed", "refused", "decided",
             "backdated")  # fmt: skip
    made = [Rate(actor, *(row.get(name, 0) for name in names)) for actor, row in found.items()]
    return sorted(made, key=lambda one: (-one.proposed, -one.backdated, -one.decided, one.actor))


def _is_higher(one: str, other: str) -> bool:
    return CLASSES.index(one) < CLASSES.index(other)

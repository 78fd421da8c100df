"""Which needs stand, and who waits to be looked at. Read only."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet

from corridor.journal.node import Node
from corridor.journal.tables import reading
from corridor.journal.tables.models import Continuation
from corridor.people import models
from corridor.people.rows import rows_of, standing_facts

#: Where needs stand, and where it stands that they are over.
_TABLES = (
    (models.NeedObserved, models.NeedEnded),
    (models.NeedObservedInConfidence, models.NeedEndedInConfidence),
)


@dataclass(frozen=True)
class Need:
    """A need that stands: its code, how it is known, and the entry in which it stands."""

    code: str
    source: str
    entry: str
    at_ms: int
    confided: bool


def observed(node: Node, person: str, *, in_confidence: bool) -> list[Need]:
    """The needs of one person that stand, by code."""
    found = _rows(node, [person], models.NeedObserved, models.NeedEnded)
    needs = [Need(r.need or "", r.source or "", r.entry, r.happened_ms, False) for r in found]
    if in_confidence:
        kept = _rows(node, [person], models.NeedObservedInConfidence, models.NeedEndedInConfidence)
        needs += [Need(r.need or "", r.source or "", r.entry, r.happened_ms, True) for r in kept]
    return sorted((one for one in needs if one.code), key=lambda one: (one.code, one.at_ms))


def needs_of(node: Node, persons: Iterable[str], *, in_confidence: bool) -> dict[str, set[str]]:
    """Person to the codes of needs; those in confidence only for the roles that may know them."""
    wanted = set(persons)
    found: dict[str, set[str]] = {}
    for table, ended in _TABLES if in_confidence else _TABLES[:1]:
        closed = reading.values(node.alias, ended, ["observation"], "subject", wanted)
        over = {observation for (observation,) in closed}
        rows = reading.values(node.alias, table, ["entry", "subject", "need"], "subject", wanted)
        for entry, person, need in rows:
            if need and entry not in over:
                found.setdefault(person, set()).add(need)
    return found


def _rows(
    node: Node,
    persons: list[str],
    table: type[models.NeedObserved] | type[models.NeedObservedInConfidence],
    ended: type[models.NeedEnded] | type[models.NeedEndedInConfidence],
) -> list[models.NeedObserved | models.NeedObservedInConfidence]:
    """Observations that nobody closed."""
    over = {
        row.observation
        for row in rows_of(ended._default_manager.using(node.alias), "subject", persons)
    }
    rows = rows_of(table._default_manager.using(node.alias), "subject", persons)
    return [row for row in rows if row.entry not in over]


def asked_for(node: Node, persons: Iterable[str]) -> list[models.ReviewAsked]:
    """Which reviews of these people are pending."""
    return standing_facts(node, models.ReviewAsked, persons)


def pending(node: Node) -> list[models.ReviewAsked]:
    """Everybody who waits to be looked at, longest first. For nurses and protection only."""
    return list(_pending(node).order_by("happened_ms", "entry"))


def count_pending(node: Node) -> int:
    """How many reviews are pending."""
    return _pending(node).count()


def _pending(node: Node) -> QuerySet[models.ReviewAsked]:
    over = Continuation.objects.using(node.alias).filter(moves=0).values("continued")
    return models.ReviewAsked.objects.using(node.alias).exclude(entry__in=over)


def described(node: Node, persons: Iterable[str]) -> dict[str, list[models.ReviewDescribed]]:
    """Person to what was written down when reviews were asked for, oldest first."""
    found: dict[str, list[models.ReviewDescribed]] = {}
    rows = rows_of(models.ReviewDescribed.objects.using(node.alias), "subject", persons)
    for row in sorted(rows, key=lambda one: (one.hlc, one.entry)):
        found.setdefault(row.subject, []).append(row)
    return found

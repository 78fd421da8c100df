"""Who asked to leave and does not wait any more: each in a named state. Read only."""

from __future__ import annotations

from django.db.models import Count, QuerySet

from corridor.journal.node import Node
from corridor.people import models as people
from corridor.stops.waiting import models

#: The states in which somebody left the list without a seat, in the order in which they are told.
AWAY = (
    "turned_away",
    "prevented_from_leaving",
    "chose_to_stay",
    "left_at_own_wish",
    "referred",
    "taken_aside",
    "dead",
)


def away(node: Node, state: str = "") -> QuerySet[people.Whereabouts]:
    """Rows of everybody who once joined and left the list without a seat, the newest first."""
    joined = models.WaitingJoined.objects.using(node.alias).values("subject")
    use: QuerySet[people.Whereabouts] = people.Whereabouts.objects.using(node.alias).filter(
        state__in=[state] if state else AWAY, person__in=joined
    )
    return use.order_by("-since_ms", "person")


def away_counts(node: Node) -> dict[str, int]:
    """How many there are in each of these states; states without anybody are left out."""
    rows = dict(away(node).order_by().values_list("state").annotate(Count("person")))
    return {state: rows[state] for state in AWAY if state in rows}

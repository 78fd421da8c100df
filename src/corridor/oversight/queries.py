"""The accounts of everyone: counts by state, and the loops open until somebody closes them."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q

from corridor.journal.node import Node
from corridor.people.models import Whereabouts
from corridor.people.queries import Account, accounts, counts


@dataclass(frozen=True)
class Loop:
    """Somebody about whom something is open: `why` is not_accounted_for or two_places."""

    why: str
    account: Account


def open_loops(node: Node) -> list[Loop]:
    """Everybody not accounted for, and everybody who seems to be at two places; longest first."""
    rows = Whereabouts.objects.using(node.alias).filter(
        Q(state="not_accounted_for") | Q(ends__gt=1)
    )
    found = []
    for account in accounts(node, rows.values_list("person", flat=True)):
        if account.state == "not_accounted_for":
            found.append(Loop("not_accounted_for", account))
        if account.ends > 1:
            found.append(Loop("two_places", account))
    return sorted(found, key=lambda loop: (loop.account.since_ms, loop.account.person))


def summary(node: Node) -> dict[str, object]:
    """What `corridor whereabouts --json` prints: counts by state and the open loops by id."""
    return {
        "states": counts(node),
        "open": [
            {
                "person": loop.account.person,
                "why": loop.why,
                "journey": loop.account.journey,
                "place": loop.account.place,
                "since_ms": loop.account.since_ms,
            }
            for loop in open_loops(node)
        ],
    }

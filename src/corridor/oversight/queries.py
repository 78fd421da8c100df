"""The accounts of everyone: counts by state, and the loops open until somebody closes them."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext as _

from corridor.desk.access import readers_of
from corridor.desk.navigation import Open
from corridor.journal.kinds import all_kinds
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


def still_open(node: Node) -> Open:
    """For the first page: how many loops somebody must still close."""
    loops = len(open_loops(node))
    if loops:
        return Open(loops, _("not accounted for, or at two places"), "bad")
    return Open(0, _("everybody is accounted for"), "good")


@dataclass(frozen=True)
class Permission:
    """Who may record a kind, who reads it in a timeline, and who reads the values of its fields.

    `fields` names those only that are not read by the same roles as the kind.
    """

    kind: str
    says: str
    scope: str
    records: frozenset[str]
    reads: frozenset[str]
    fields: tuple[tuple[str, frozenset[str]], ...] = ()


def matrix() -> list[Permission]:
    """Who may do what, from the kinds themselves; nothing is kept beside them."""
    found = []
    for kind in all_kinds():
        reads = readers_of(kind.name)
        fields = tuple(
            (name, own) for name in kind.fields if (own := readers_of(kind.name, name)) != reads
        )
        roles = frozenset(kind.roles)
        found.append(Permission(kind.name, str(kind.say), kind.scope, roles, reads, fields))
    return found


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

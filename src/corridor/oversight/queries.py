"""Who may do what, and what the command line tells of everyone's accounts."""

from __future__ import annotations

from dataclasses import dataclass

from corridor.desk.access import readers_of
from corridor.journal.kinds import all_kinds
from corridor.journal.node import Node
from corridor.oversight.accounts import numbers, remainder
from corridor.oversight.loops import open_loops


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
    """What `corridor whereabouts --json` prints: counts, open loops, and that none is left out."""
    now = node.clock()
    told = numbers(node)
    left = remainder(node, told)
    return {
        "states": told.states,
        "people": told.total,
        "remainder": {
            "people": left.persons - left.told,
            "records": list(left.without),
            "states": list(left.unknown),
        },
        "places": [{"place": where, "states": states} for where, states in told.places()],
        "open": [
            {
                "person": loop.account.person,
                "why": loop.why,
                "journey": loop.account.journey,
                "place": loop.account.place,
                "since_ms": loop.account.since_ms,
                "due_ms": loop.due_ms,
                "owner": loop.owner,
                "level": loop.level(now),
            }
            for loop in open_loops(node)
        ],
    }

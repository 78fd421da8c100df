"""Why a family is where it is on the list, told to them alone: counts only, of nobody else.

Counts are of people, and 1 to 4 are not told (STD 8.4).
"""

from __future__ import annotations

from dataclasses import dataclass

from corridor.engines.urgency import Urgency
from corridor.journal.node import Node
from corridor.people.queries import linked_to, members, persons_of
from corridor.stops.waiting.queries.facts import explained
from corridor.stops.waiting.queries.line import Line
from corridor.stops.waiting.queries.order import Family, members_of
from corridor.stops.waiting.queries.overrides import overrides_in_force


@dataclass(frozen=True)
class Standing:
    """A family on the list: who stands before it and why, in numbers of people.

    `member` is who gives the family its class, and `found` what the rule says of them; `decided`
    that two people gave the class, until `decided_until_ms`.
    """

    group: Family
    persons: tuple[str, ...]
    groups: int
    greater_need: int
    longer: int
    drawn: int
    member: str
    found: Urgency
    decided: bool
    decided_until_ms: int

    @property
    def before(self) -> int:
        """People before this family."""
        return self.greater_need + self.longer + self.drawn


def group_of(
    node: Node, household: str, person: str = "", line: Line | None = None
) -> Family | None:
    """The waiting family of a household, or of a person; also where they wait by another record.

    `line` is the whole list, where it was asked already.
    """
    own = members(node, household) if household else persons_of(node, [person])
    line = line or Line(node)
    found = line.first_of({one.household or one.id for one in own})
    if found is None and own:
        others = {other.household or other.id for one in own for other in linked_to(node, one.id)}
        found = line.first_of(others)
    return found


def standing_of(node: Node, group: Family, line: Line | None = None) -> Standing:
    """Who stands before a family, by what decides the order; `line` as in `group_of`."""
    line = line or Line(node)
    before = line.before(group)
    persons = members_of(node, [group])[group]
    found = explained(node, persons)
    ordered = sorted(found, key=lambda person: (found[person].urgency, person))
    member = next(
        (one for one in ordered if found[one].urgency == group.urgency),
        ordered[0] if ordered else group.family,
    )
    standing = {one.subject: one for one in overrides_in_force(node)}
    override = next((standing[one] for one in persons if one in standing), None)
    return Standing(
        group,
        persons,
        line.size_at(group.place),
        before.greater_need,
        before.longer,
        before.drawn,
        member,
        found.get(member, Urgency("D", ())),
        override is not None and override.urgency == group.urgency,
        override.until_ms if override else 0,
    )

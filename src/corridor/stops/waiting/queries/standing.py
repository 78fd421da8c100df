"""Why a family is where it is on the list, told to them alone: counts only, of nobody else.

Counts are of people, and 1 to 4 are not told (STD 8.4).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from corridor.engines.urgency import Urgency
from corridor.journal.node import Node
from corridor.people.queries import linked_to, members, persons_of
from corridor.stops.waiting.queries.facts import explained
from corridor.stops.waiting.queries.order import DAY_MS, Family, families, members_of
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
    node: Node, household: str, person: str = "", listed: Sequence[Family] | None = None
) -> Family | None:
    """The waiting family of a household, or of a person; also where they wait by another record.

    `listed` are all families, where they are known already.
    """
    own = members(node, household) if household else persons_of(node, [person])
    keys = {one.household or one.id for one in own}
    listed = families(node) if listed is None else listed
    found = next((one for one in listed if one.family in keys), None)
    if found is None and own:
        others = {other.household or other.id for one in own for other in linked_to(node, one.id)}
        found = next((one for one in listed if one.family in others), None)
    return found


def standing_of(node: Node, group: Family, listed: Sequence[Family] | None = None) -> Standing:
    """Who stands before a family, by what decides the order; `listed` as in `group_of`."""
    everybody = families(node, group.place) if listed is None else listed
    there = [one for one in everybody if one.place == group.place]
    need, day, lot = group.key
    greater = longer = drawn = 0
    for other in there:
        if other.urgency < need:
            greater += other.people
        elif other.urgency == need and other.since_ms // DAY_MS < day:
            longer += other.people
        elif other.urgency == need and other.since_ms // DAY_MS == day and other.lot < lot:
            drawn += other.people
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
        len(there),
        greater,
        longer,
        drawn,
        member,
        found.get(member, Urgency("D", ())),
        override is not None and override.urgency == group.urgency,
        override.until_ms if override else 0,
    )

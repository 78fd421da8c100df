"""Quiet wishes as the arrangement of seats needs them, without any reason. Read only."""

from __future__ import annotations

from corridor.engines.wishes import Wishes
from corridor.journal.node import Node
from corridor.people.confided.queries import carers_of, seating_requests
from corridor.people.queries import day_of, is_child_on, persons_of
from corridor.stops.convoy.queries.planning import Built


def wishes_of(node: Node, built: Built) -> Wishes:
    """The wishes of everybody in an instance, and children near those who care for them."""
    unit_of = {person: unit for unit, persons in built.persons.items() for person in persons}
    rows = persons_of(node, unit_of)
    today = day_of(node.clock())
    asked = seating_requests(node, unit_of)
    children = [row.id for row in rows if is_child_on(row, today)]
    bound = carers_of(node, children)
    apart, near, women = set(), set(), set()
    for person, wish in asked.items():
        apart |= {frozenset({unit_of[person], unit_of[o]}) for o in wish.apart if o in unit_of}
        near |= {frozenset({unit_of[person], unit_of[o]}) for o in wish.near if o in unit_of}
        if wish.women:
            women.add(unit_of[person])
    for child, carers in bound.items():
        near |= {
            frozenset({unit_of[child], unit_of[one.carer]}) for one in carers
            if one.carer in unit_of
        }  # fmt: skip
    men = {
        unit_of[row.id]
        for row in rows
        if row.sex not in ("female", None) and not is_child_on(row, today)
    }
    return Wishes(
        frozenset(pair for pair in apart if len(pair) == 2),
        frozenset(pair for pair in near if len(pair) == 2),
        frozenset(women),
        frozenset(men),
    )

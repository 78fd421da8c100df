"""A stage for the road's tests: places, routes, windows, vehicles, and people who wait."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from corridor.journal.node import Node
from corridor.people.acts import register
from corridor.people.confided.acts import answer_each
from corridor.people.queries import card_of_household, day_of, is_child_on, persons_of
from corridor.stops.convoy import acts
from corridor.stops.waiting import acts as waiting
from tests import cast
from tests.journeys.test_road import opened
from tests.nodes import Clock

MINUTE = 60_000
HOUR = 60 * MINUTE
DAY = 24 * HOUR

FAMILIES = ("BROTHERS", "NADIA", "SAMIRA", "AMALS")


@dataclass
class Stage:
    """Ids of a set scene: everybody of the cast waits at the school."""

    school: str
    camp: str
    window: str
    bus: str
    car: str
    persons: dict[str, tuple[str, ...]]
    cards: dict[str, str]
    departs: int

    @property
    def everybody(self) -> set[str]:
        return {person for family in self.persons.values() for person in family}


def set_stage(node: Node, clock: Clock, *, bus_seats: int = 20, car_seats: int = 6) -> Stage:
    """One route, one window with one departure, a bus and a car, and the cast that waits."""
    school, camp = opened(node)
    persons, cards = {}, {}
    for name in FAMILIES:
        made = register(node, cast.REGISTRAR, [getattr(cast, name)])[0]
        waiting.join(node, cast.REGISTRAR, made.persons, school)
        agree(node, made.persons)
        persons[name], cards[name] = made.persons, card_of_household(node, made.household)
        clock.now += DAY
    who = cast.COORDINATOR
    acts.describe_route(node, who, school, camp, before=60, out=90, back=90)
    acts.describe_intake(node, who, camp, 500, 20)
    bus = acts.describe_vehicle(
        node, who, acts.VehicleDraft("Bus 1", bus_seats, stretcher_seats=2, max_fitted=2)
    )
    car = acts.describe_vehicle(node, who, acts.VehicleDraft("Car 1", car_seats))
    departs = clock.now + 5 * HOUR
    window = acts.describe_window(
        node, who,
        acts.WindowDraft(
            "Morning", clock.now + 2 * HOUR, clock.now + 12 * HOUR, [departs], [school], [camp], 12,
            guardians=2,
        ),
    )  # fmt: skip
    return Stage(school, camp, window, bus, car, persons, cards, departs)


def agree(node: Node, persons: Iterable[str]) -> None:
    """Every adult among them says alone that they want to travel."""
    today = day_of(node.clock())
    grown = [row.id for row in persons_of(node, persons) if not is_child_on(row, today)]
    if grown:
        answer_each(node, cast.REGISTRAR, {one: {"travel": "given"} for one in grown})


def planned(node: Node) -> str:
    """Plans and publishes; returns the only convoy."""
    proposal = acts.propose(node)
    published = acts.publish(node, cast.COORDINATOR, proposal.plan)
    return published.convoys[0]

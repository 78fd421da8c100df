"""Fills an empty operation with a believable exercise: registered, waiting, half-way through.

Everything goes through the acts that people use, under a clock that starts some days ago.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import islice

from corridor.engines.urgency import STARTING_RULE
from corridor.exercise.population import (
    Household,
    Missing,
    Person,
    missing,
    registrations,
)
from corridor.exercise.population.records import Sex
from corridor.journal import rules
from corridor.journal.node import Node
from corridor.people import models as people_models
from corridor.people.acts import Newcomer, NewHousehold, register
from corridor.people.confided.acts import answer_each
from corridor.people.entries import HouseholdRegistered, PersonRegistered
from corridor.people.queries import age_on, day_of, is_child_on, persons_of
from corridor.stops.convoy import acts as convoy
from corridor.stops.convoy import queries as convoys
from corridor.stops.waiting import acts as waiting

DAY_MS = 24 * 60 * 60 * 1000
HOUR_MS = 60 * 60 * 1000

#: How many households are registered in one transaction.
BATCH = 25

Progress = Callable[[int], None]


@dataclass(frozen=True)
class Exercise:
    """What was made: ids of places and convoys, and how many people."""

    people: int
    pickup: str
    reception: str
    arrived: str
    boarding: str


def fill(
    node: Node, actor: str, people: int, seed: int, progress: Progress = lambda done: None
) -> Exercise:
    """Registers `people` invented persons over five days; one convoy arrived, one is boarding."""
    now = node.clock()
    clock = node.clock
    try:
        _set_clock(node, now - 5 * DAY_MS)
        if rules.in_force(node, waiting.RULE) is None:
            waiting.publish_rule(node, actor, STARTING_RULE)
        pickup = waiting.describe_place(
            node, actor, "Old Market school", "pickup", name_other="مدرسة السوق القديم"
        )
        reception = waiting.describe_place(
            node, actor, "Orchard reception centre", "reception", name_other="مركز استقبال البستان"
        )
        _register_all(node, actor, people, seed, pickup, progress, now)
        _set_clock(node, now - DAY_MS)
        arrived = _convoy_that_arrived(node, actor, people, pickup, reception)
        _set_clock(node, now - 2 * HOUR_MS)
        boarding = _convoy_that_boards(node, actor, people, pickup, reception)
        _what_is_agreed(node, actor, pickup, reception, now)
    finally:
        node.clock = clock
    return Exercise(people, pickup, reception, arrived, boarding)


def newcomer(person: Person, kin: str | None = None) -> Newcomer:
    """What a registrar would write of an invented person; `kin` is whom they look for."""
    first, *others = person.names
    values: dict[str, object] = {
        "relationship": str(person.relationship),
        "name": first.full,
        "name_other": others[0].full if others else None,
        "known_as": person.kunya or person.nickname,
        "sex": "female" if person.sex == Sex.FEMALE else "male",
        "phone": person.phone,
        "travels": _travels(person),
        "origin": person.origin,
        "next_of_kin": kin,
    }
    if person.birth is not None:
        values |= {"birth_on": person.birth.value, "birth_precision": person.birth.precision}
    if person.age is not None:
        values |= {"age_years": person.age.years, "age_as_of": person.age.as_of.isoformat()}
    known = {name: value for name, value in values.items() if value is not None}
    return Newcomer(PersonRegistered(**known), person.needs)  # type: ignore[arg-type]


def new_household(household: Household, looked_for: Sequence[Missing] = ()) -> NewHousehold:
    """What a registrar would write of an invented household, and of whom they look for."""
    address = household.place.arabic
    values = HouseholdRegistered(address=address, source="exercise")
    if household.phone:
        values = HouseholdRegistered(address=address, source="exercise", phone=household.phone)
    kin = {one.enquirer: one.name for one in looked_for}
    return NewHousehold(values, [newcomer(one, kin.get(one.key)) for one in household.members])


def _travels(person: Person) -> str:
    if person.lying:
        return "lying"
    if person.wheelchair:
        return "wheelchair"
    return "lap" if person.breastfed else "seat"


def _set_clock(node: Node, at: int) -> None:
    node.clock = lambda: at


def _register_all(
    node: Node, actor: str, people: int, seed: int, pickup: str, progress: Progress, now: int
) -> None:
    """Households come over four days, and each joins the list when it is registered."""
    start = node.clock()
    made = registrations(seed, people, day_of(now))
    done = 0
    while some := list(islice(made, BATCH)):
        _set_clock(node, start + done * 4 * DAY_MS // max(1, people))
        homes = [one.household for one in some]
        looked_for = [missing(seed, home, day_of(now)) for home in homes]
        registered = register(node, actor, list(map(new_household, homes, looked_for)))
        ask_alone(node, actor, [p for one in registered for p in one.persons], now)
        waiting.join(node, actor, [p for one in registered for p in one.persons], pickup)
        done += sum(len(home.members) for home in homes)
        progress(done)


def ask_alone(node: Node, actor: str, persons: Sequence[str], now: int) -> None:
    """Every adult of these was asked alone, and wants to travel, in two vehicles if need be."""
    grown = [row.id for row in persons_of(node, persons) if not is_child_on(row, day_of(now))]
    said = {"records": "given", "travel": "given", "split": "given"}
    if grown:
        answer_each(node, actor, dict.fromkeys(grown, said))


def _vehicles(people: int, share: float) -> list[convoy.VehicleDraft]:
    """Buses and an ambulance for about this share of the people."""
    buses = max(1, round(people * share / 50))
    found = [convoy.VehicleDraft(f"Bus {n}", 50, wheelchairs=2) for n in range(1, buses + 1)]
    return [*found, convoy.VehicleDraft("Ambulance 1", 4, lying=2, ambulance=True)]


def _convoy_that_arrived(node: Node, actor: str, people: int, pickup: str, reception: str) -> str:
    """Everybody aboard arrived but one grown woman, who is not accounted for."""
    vehicles = _vehicles(people, 0.3)
    one = convoy.plan(node, actor, "Convoy 1", pickup, reception, node.clock(), vehicles)
    convoy.fill(node, actor, one)
    told = list(convoys.seats_told(node, one))
    convoy.board(node, actor, one, told)
    convoy.judge(node, actor, one, convoy.ALL_CLEAR)
    convoy.depart(node, actor, one, len(told))
    women = [one.id for one in persons_of(node, told) if _is_woman(one, node.clock())]
    lost = women[len(women) // 2] if women else told[0]
    convoy.arrive(node, actor, one, [person for person in told if person != lost] or told)
    convoy.close_arrival(node, actor, one)
    return one


def _is_woman(person: people_models.Person, now: int) -> bool:
    age = age_on(person, day_of(now))
    return person.sex == "female" and age is not None and age >= 20


def _convoy_that_boards(node: Node, actor: str, people: int, pickup: str, reception: str) -> str:
    """The first half of the families is aboard."""
    departs = node.clock() + 3 * HOUR_MS
    one = convoy.plan(node, actor, "Convoy 2", pickup, reception, departs, _vehicles(people, 0.25))
    convoy.fill(node, actor, one)
    families: dict[str, list[str]] = {}
    for line in convoys.manifest(node, one):
        families.setdefault(line.household or line.person, []).append(line.person)
    for family in _half(list(families.values())):
        convoy.board(node, actor, one, family)
    return one


def _what_is_agreed(node: Node, actor: str, pickup: str, reception: str, now: int) -> None:
    """A window of tomorrow with two departures, so that those who wait can be planned for."""
    convoy.describe_route(node, actor, pickup, reception, before=60, out=90, back=90)
    convoy.describe_intake(node, actor, reception, 200, 10)
    begins = now - now % DAY_MS + DAY_MS + 6 * HOUR_MS
    departs = [begins + 2 * HOUR_MS, begins + 7 * HOUR_MS]
    window = convoy.WindowDraft(
        "Tomorrow", begins, begins + 12 * HOUR_MS, departs, [pickup], [reception], 2, guardians=4
    )
    convoy.describe_window(node, actor, window)


def _half(families: Sequence[list[str]]) -> Sequence[list[str]]:
    return families[: len(families) // 2]

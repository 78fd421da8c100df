"""The thinnest whole road by acts: registered, waiting, seated, aboard, arrived, accounted for."""

from __future__ import annotations

import pytest

from corridor.engines.urgency import STARTING_RULE
from corridor.journal.append import append
from corridor.journal.node import Node
from corridor.people import models as people_models
from corridor.people.acts import Refusal, register
from corridor.people.confided.acts import answer_each
from corridor.people.queries import (
    accounts,
    card_of_household,
    counts,
    day_of,
    is_child_on,
    persons_of,
)
from corridor.stops.convoy import acts, queries
from corridor.stops.waiting import acts as waiting
from corridor.stops.waiting.queries import queue
from tests import cast
from tests.nodes import Clock

DAY = 86_400_000


def opened(node: Node) -> tuple[str, str]:
    """A pick-up point and a reception site, with a rule of urgency."""
    waiting.publish_rule(node, cast.COORDINATOR, STARTING_RULE)
    school = waiting.describe_place(node, cast.COORDINATOR, "School", "pickup")
    camp = waiting.describe_place(node, cast.COORDINATOR, "Orchard", "reception")
    return school, camp


def everybody_waits(node: Node, clock: Clock, place: str) -> dict[str, tuple[str, ...]]:
    """The brothers come first, then the others a day apart; by their cast name."""
    found = {}
    for name in ("BROTHERS", "NADIA", "SAMIRA", "AMALS"):
        registered = register(node, cast.REGISTRAR, [getattr(cast, name)])[0]
        waiting.join(node, cast.REGISTRAR, registered.persons, place)
        today = day_of(node.clock())
        grown = [p.id for p in persons_of(node, registered.persons) if not is_child_on(p, today)]
        answer_each(node, cast.REGISTRAR, {one: {"travel": "given"} for one in grown})
        found[name] = registered.persons
        clock.now += DAY
    return found


def test_need_goes_before_days_and_families_stay_whole(node: Node, clock: Clock) -> None:
    school, camp = opened(node)
    persons = everybody_waits(node, clock, school)
    order = [(group.urgency, len(group.persons)) for group in queue(node, school)]
    assert order == [("A", 5), ("C", 1), ("D", 2), ("D", 1)]
    bus = [acts.VehicleDraft("Bus 1", 4, lying=1)]
    convoy = acts.plan(node, cast.COORDINATOR, "One", school, camp, clock.now, bus)
    seating = acts.fill(node, cast.COORDINATOR, convoy)
    told = queries.seats_told(node, convoy)
    assert set(persons["AMALS"]) <= set(told)
    assert set(told) == {*persons["AMALS"], *persons["SAMIRA"]}
    assert len(seating.left) == 2


def test_who_boarded_and_did_not_arrive_is_named(node: Node, clock: Clock) -> None:
    school, camp = opened(node)
    persons = everybody_waits(node, clock, school)
    bus = [acts.VehicleDraft("Bus 1", 10, lying=1)]
    convoy = acts.plan(node, cast.COORDINATOR, "One", school, camp, clock.now, bus)
    acts.fill(node, cast.COORDINATOR, convoy)
    for family in persons.values():
        household = people_models.Person.objects.using(node.alias).get(id=family[0]).household
        acts.board_by_card(node, cast.MARSHAL, convoy, card_of_household(node, household or ""))
    acts.judge(node, cast.MARSHAL, convoy, acts.ALL_CLEAR)
    assert acts.depart(node, cast.MARSHAL, convoy, 8) == -1
    samira = persons["SAMIRA"][0]
    rest = [one for name in ("AMALS", "BROTHERS", "NADIA") for one in persons[name]]
    acts.arrive(node, cast.MARSHAL, convoy, rest)
    assert counts(node) == {"aboard": 1, "at_site": 8}
    assert acts.close_arrival(node, cast.MARSHAL, convoy) == 1
    assert [line.person for line in queries.not_accounted_for(node, convoy)] == [samira]
    assert counts(node) == {"not_accounted_for": 1, "at_site": 8}
    acts.arrive(node, cast.MARSHAL, convoy, [samira])
    assert counts(node) == {"at_site": 9}


def test_somebody_registered_again_on_arrival_is_one_human_being(node: Node, clock: Clock) -> None:
    from corridor.journal.append import Draft  # noqa: PLC0415
    from corridor.people.entries import RecordsLinked  # noqa: PLC0415

    school, camp = opened(node)
    persons = everybody_waits(node, clock, school)
    bus = [acts.VehicleDraft("Bus 1", 10, lying=1)]
    convoy = acts.plan(node, cast.COORDINATOR, "One", school, camp, clock.now, bus)
    acts.fill(node, cast.COORDINATOR, convoy)
    acts.board(node, cast.MARSHAL, convoy, persons["NADIA"])
    acts.judge(node, cast.MARSHAL, convoy, acts.ALL_CLEAR)
    acts.depart(node, cast.MARSHAL, convoy, 1)
    again = register(node, cast.REGISTRAR, [cast.NADIA_AGAIN])[0].persons[0]
    acts.arrive(node, cast.MARSHAL, convoy, [again])
    acts.close_arrival(node, cast.MARSHAL, convoy)
    assert len(queries.not_accounted_for(node, convoy)) == 1
    link = Draft(RecordsLinked(other=again), persons["NADIA"][0], about=(again,))
    append(node, cast.REGISTRAR, [link])
    assert queries.not_accounted_for(node, convoy) == []
    assert len(accounts(node)) == 9


@pytest.mark.parametrize("typed", ["", "12", "1234567890", "not a number"])
def test_a_wrong_card_boards_nobody(node: Node, clock: Clock, typed: str) -> None:
    school, camp = opened(node)
    everybody_waits(node, clock, school)
    bus = [acts.VehicleDraft("Bus 1", 10)]
    convoy = acts.plan(node, cast.COORDINATOR, "One", school, camp, clock.now, bus)
    acts.fill(node, cast.COORDINATOR, convoy)
    with pytest.raises(Refusal):
        acts.board_by_card(node, cast.MARSHAL, convoy, typed)
    assert queries.aboard_of(node, convoy) == {}


def test_the_same_tap_twice_boards_once(node: Node, clock: Clock) -> None:
    school, camp = opened(node)
    persons = everybody_waits(node, clock, school)
    bus = [acts.VehicleDraft("Bus 1", 10, lying=1)]
    convoy = acts.plan(node, cast.COORDINATOR, "One", school, camp, clock.now, bus)
    acts.fill(node, cast.COORDINATOR, convoy)
    first = acts.board(node, cast.MARSHAL, convoy, persons["BROTHERS"], command="tap-1")
    assert len(first) == 2
    assert acts.board(node, cast.MARSHAL, convoy, persons["BROTHERS"], command="tap-1") == []
    assert len(queries.aboard_of(node, convoy)) == 2


def test_nobody_boards_without_a_seat_or_after_departure(node: Node, clock: Clock) -> None:
    school, camp = opened(node)
    persons = everybody_waits(node, clock, school)
    bus = [acts.VehicleDraft("Car", 2)]
    convoy = acts.plan(node, cast.COORDINATOR, "One", school, camp, clock.now, bus)
    acts.fill(node, cast.COORDINATOR, convoy)
    with pytest.raises(Refusal):
        acts.board(node, cast.MARSHAL, convoy, persons["AMALS"])
    seated = list(queries.seats_told(node, convoy))
    acts.board(node, cast.MARSHAL, convoy, seated)
    acts.judge(node, cast.MARSHAL, convoy, acts.ALL_CLEAR)
    acts.depart(node, cast.MARSHAL, convoy, len(seated))
    with pytest.raises(Refusal):
        acts.fill(node, cast.COORDINATOR, convoy)

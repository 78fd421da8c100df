"""Promise 1: each person is somewhere, last seen by somebody, or openly not accounted for."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corridor.journal.node import Node
from corridor.people import models
from corridor.people.acts import Refusal, register
from corridor.people.queries import STATES, accounts, counts
from corridor.stops.convoy import acts, queries
from tests import cast
from tests.journeys.test_road import everybody_waits, opened
from tests.nodes import Clock

VEHICLES = [acts.VehicleDraft("Bus", 10, lying=1)]


def test_everybody_has_exactly_one_account(node: Node, clock: Clock) -> None:
    school, _camp = opened(node)
    everybody_waits(node, clock, school)
    register(node, cast.REGISTRAR, [cast.NADIA_AGAIN])
    persons = set(models.Person.objects.using(node.alias).values_list("id", flat=True))
    told = [record for one in accounts(node) for record in one.records]
    assert sorted(told) == sorted(persons)
    assert set(counts(node)) <= set(STATES)
    assert sum(counts(node).values()) == len(persons)


@settings(
    max_examples=20,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=st.data())
def test_every_convoy_balances(node: Node, clock: Clock, data: st.DataObject) -> None:
    """boarded = arrived + not accounted for, whoever is seen and in whatever order (STD 2.6)."""
    school, camp = opened(node)
    everybody_waits(node, clock, school)
    convoy = acts.plan(node, cast.COORDINATOR, "One", school, camp, clock.now, VEHICLES)
    acts.fill(node, cast.COORDINATOR, convoy)
    told = sorted(queries.seats_told(node, convoy))
    aboard = data.draw(st.lists(st.sampled_from(told), min_size=1, unique=True))
    acts.board(node, cast.MARSHAL, convoy, aboard)
    acts.judge(node, cast.MARSHAL, convoy, acts.ALL_CLEAR)
    acts.depart(node, cast.MARSHAL, convoy, len(aboard))
    seen = data.draw(st.lists(st.sampled_from(aboard), unique=True))
    for person in seen:
        acts.arrive(node, cast.MARSHAL, convoy, [person])
    missing = acts.close_arrival(node, cast.MARSHAL, convoy)
    assert missing == len(aboard) - len(seen)
    lines = queries.not_accounted_for(node, convoy)
    assert {line.person for line in lines} == set(aboard) - set(seen)
    by_state = {record: one.state for one in accounts(node) for record in one.records}
    for person in aboard:
        assert by_state[person] == ("at_site" if person in seen else "not_accounted_for")
    if lines:
        acts.arrive(node, cast.MARSHAL, convoy, [line.person for line in lines])
        assert queries.not_accounted_for(node, convoy) == []


def test_who_was_never_scanned_but_stands_there_arrives(node: Node, clock: Clock) -> None:
    school, camp = opened(node)
    persons = everybody_waits(node, clock, school)
    convoy = acts.plan(node, cast.COORDINATOR, "One", school, camp, clock.now, VEHICLES)
    acts.fill(node, cast.COORDINATOR, convoy)
    acts.board(node, cast.MARSHAL, convoy, persons["NADIA"])
    acts.judge(node, cast.MARSHAL, convoy, acts.ALL_CLEAR)
    acts.depart(node, cast.MARSHAL, convoy, 2)
    acts.arrive(node, cast.MARSHAL, convoy, [*persons["NADIA"], *persons["SAMIRA"]])
    assert acts.close_arrival(node, cast.MARSHAL, convoy) == 0
    assert counts(node)["at_site"] == 2


def test_a_difference_of_the_head_count_is_shown(node: Node, clock: Clock) -> None:
    school, camp = opened(node)
    everybody_waits(node, clock, school)
    convoy = acts.plan(node, cast.COORDINATOR, "One", school, camp, clock.now, VEHICLES)
    acts.fill(node, cast.COORDINATOR, convoy)
    acts.board(node, cast.MARSHAL, convoy, list(queries.seats_told(node, convoy)))
    acts.judge(node, cast.MARSHAL, convoy, acts.ALL_CLEAR)
    assert acts.depart(node, cast.MARSHAL, convoy, 12) == 3


def test_an_arrival_is_closed_once(node: Node, clock: Clock) -> None:
    school, camp = opened(node)
    everybody_waits(node, clock, school)
    convoy = acts.plan(node, cast.COORDINATOR, "One", school, camp, clock.now, VEHICLES)
    with pytest.raises(Refusal):
        acts.close_arrival(node, cast.MARSHAL, convoy)
    acts.fill(node, cast.COORDINATOR, convoy)
    acts.board(node, cast.MARSHAL, convoy, list(queries.seats_told(node, convoy)))
    acts.judge(node, cast.MARSHAL, convoy, acts.ALL_CLEAR)
    acts.depart(node, cast.MARSHAL, convoy, 9)
    acts.close_arrival(node, cast.MARSHAL, convoy, command="tap")
    assert acts.close_arrival(node, cast.MARSHAL, convoy, command="tap") == 9
    with pytest.raises(Refusal):
        acts.close_arrival(node, cast.MARSHAL, convoy)

"""Two people for another class; calls by card, and nobody loses a place by not coming."""

from __future__ import annotations

import pytest

from corridor.journal.node import Node
from corridor.people.acts import Refusal
from corridor.people.queries import card_of_household
from corridor.stops.waiting import acts, models, queries
from corridor.stops.waiting.queries import calls, overrides
from tests import cast
from tests.journeys.test_road import DAY, everybody_waits, opened
from tests.nodes import Clock

WORDS = "The knee is broken, the nurse saw it."


def asked(node: Node, person: str, urgency: str = "B", days: int = 3) -> str:
    return acts.propose(node, cast.REGISTRAR, person, urgency, "medical_advice", WORDS, days)


def test_one_asks_and_another_decides(node: Node, clock: Clock) -> None:
    school, _camp = opened(node)
    nadia = everybody_waits(node, clock, school)["NADIA"][0]
    proposal = asked(node, nadia)
    assert queries.urgency_of(node)[nadia] == "D"
    with pytest.raises(Refusal, match="yourself"):
        acts.decide(node, cast.REGISTRAR, proposal, "confirmed")
    assert queries.urgency_of(node)[nadia] == "D"
    acts.decide(node, cast.COORDINATOR, proposal, "confirmed")
    assert queries.urgency_of(node)[nadia] == "B"
    with pytest.raises(Refusal):
        acts.decide(node, cast.COORDINATOR, proposal, "refused")
    acts.decide(node, cast.REGISTRAR, proposal, "ended")
    assert queries.urgency_of(node)[nadia] == "D"


def test_it_ends_by_itself(node: Node, clock: Clock) -> None:
    school, _camp = opened(node)
    nadia = everybody_waits(node, clock, school)["NADIA"][0]
    proposal = asked(node, nadia, days=1)
    acts.decide(node, cast.COORDINATOR, proposal, "confirmed")
    clock.now += DAY - 1
    assert queries.urgency_of(node)[nadia] == "B"
    clock.now += 1
    assert queries.urgency_of(node)[nadia] == "D"
    late = asked(node, nadia, days=1)
    clock.now += DAY
    with pytest.raises(Refusal, match="over"):
        acts.decide(node, cast.COORDINATOR, late, "confirmed")


@pytest.mark.parametrize(
    ("urgency", "reason", "words", "days"),
    [("E", "medical_advice", WORDS, 3), ("B", "a friend", WORDS, 3),
     ("B", "medical_advice", "x", 3), ("B", "medical_advice", WORDS, 365),
     ("D", "medical_advice", WORDS, 3)],
)  # fmt: skip
def test_what_is_no_proposal(
    node: Node, clock: Clock, urgency: str, reason: str, words: str, days: int
) -> None:
    school, _camp = opened(node)
    nadia = everybody_waits(node, clock, school)["NADIA"][0]
    with pytest.raises(Refusal):
        acts.propose(node, cast.REGISTRAR, nadia, urgency, reason, words, days)
    assert overrides.pending(node) == []


def test_rates_of_each_clerk(node: Node, clock: Clock) -> None:
    school, _camp = opened(node)
    persons = everybody_waits(node, clock, school)
    up = asked(node, persons["NADIA"][0], "A")
    asked(node, persons["SAMIRA"][0], "D")
    acts.decide(node, cast.COORDINATOR, up, "refused")
    rates = {one.actor: one for one in overrides.rates(node)}
    clerk = rates[cast.REGISTRAR]
    assert (clerk.assessed, clerk.proposed, clerk.higher, clerk.lower) == (9, 2, 1, 1)
    assert (clerk.confirmed, clerk.refused, clerk.per_hundred) == (0, 1, 22.2)
    assert rates[cast.COORDINATOR].decided == 1


def test_a_call_takes_the_first_families_whole(node: Node, clock: Clock) -> None:
    school, _camp = opened(node)
    persons = everybody_waits(node, clock, school)
    with pytest.raises(Refusal, match="more room"):
        acts.call_forward(node, cast.MARSHAL, school, "Gate 1", 4)
    call = acts.call_forward(node, cast.MARSHAL, school, "Gate 1", 7, command="tap")
    assert acts.call_forward(node, cast.MARSHAL, school, "Gate 1", 7, command="tap") == call
    assert set(calls.called_persons(node, [call])[call]) == {
        *persons["AMALS"], *persons["SAMIRA"],
    }  # fmt: skip
    second = acts.call_forward(node, cast.MARSHAL, school, "Gate 2", 2)
    assert set(calls.called_persons(node, [second])[second]) == set(persons["BROTHERS"])


def test_who_does_not_come_keeps_their_place(node: Node, clock: Clock) -> None:
    school, _camp = opened(node)
    persons = everybody_waits(node, clock, school)
    before = [group.persons for group in queries.queue(node, school)]
    call = acts.call_forward(node, cast.MARSHAL, school, "Gate 1", 7)
    home = queries.group_of(node, "", persons["SAMIRA"][0])
    assert home is not None
    card = card_of_household(node, home.household)
    assert acts.answer_by_card(node, cast.MARSHAL, call, card) == list(persons["SAMIRA"])
    assert acts.end_call(node, cast.MARSHAL, call) == 5
    assert [group.persons for group in queries.queue(node, school)] == before
    with pytest.raises(Refusal):
        acts.end_call(node, cast.MARSHAL, call)
    with pytest.raises(Refusal):
        acts.answer_by_card(node, cast.MARSHAL, call, card)
    again = acts.call_forward(node, cast.MARSHAL, school, "Gate 1", 5)
    assert set(calls.called_persons(node, [again])[again]) == set(persons["AMALS"])
    assert models.CallMade.objects.using(node.alias).count() == 2


def test_a_card_that_was_not_called_is_told_so(node: Node, clock: Clock) -> None:
    school, _camp = opened(node)
    persons = everybody_waits(node, clock, school)
    call = acts.call_forward(node, cast.MARSHAL, school, "Gate 1", 5)
    group = queries.group_of(node, "", persons["NADIA"][0])
    assert group is not None
    with pytest.raises(Refusal, match="stays as it is"):
        acts.answer_by_card(node, cast.MARSHAL, call, card_of_household(node, group.household))

"""Promise 3: need and waiting time decide, never origin, kinship or affiliation."""

from __future__ import annotations

import dataclasses

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corridor.engines.seating import Carrier, Party, seat
from corridor.engines.urgency import STARTING_RULE, Facts, UnknownCondition, assess, check_rule
from corridor.journal.node import Node
from corridor.people import needs
from corridor.people.acts import Newcomer, NewHousehold, register
from corridor.people.entries import HouseholdRegistered, PersonRegistered
from corridor.stops.waiting import acts as waiting
from corridor.stops.waiting.queries import queue
from tests import cast
from tests.journeys.test_road import opened
from tests.nodes import Clock

FORBIDDEN = {"origin", "nationality", "name", "faith", "religion", "ethnicity", "phone"}


def test_the_rule_cannot_see_who_somebody_is() -> None:
    assert {field.name for field in dataclasses.fields(Facts)} == {"needs", "age", "travels"}
    for sort in FORBIDDEN:
        with pytest.raises(UnknownCondition):
            check_rule({"A": [f"{sort}:x"]})


def test_seating_cannot_see_who_somebody_is() -> None:
    for kind in (Party, Carrier):
        assert {field.name for field in dataclasses.fields(kind)} & FORBIDDEN == set()


@given(
    codes=st.frozensets(st.sampled_from(sorted(needs.ORDINARY | needs.IN_CONFIDENCE))),
    more=st.sampled_from(sorted(needs.ORDINARY | needs.IN_CONFIDENCE)),
    age=st.one_of(st.none(), st.integers(0, 110)),
)
def test_another_need_never_lowers_a_class(
    codes: frozenset[str], more: str, age: int | None
) -> None:
    one = assess(Facts(codes, age), STARTING_RULE)
    two = assess(Facts(codes | {more}, age), STARTING_RULE)
    assert two.urgency <= one.urgency
    assert (one.urgency == "D") == (not one.reasons)


def test_the_starting_rule_uses_codes_that_exist() -> None:
    check_rule(STARTING_RULE)
    known = needs.ORDINARY | needs.IN_CONFIDENCE
    for conditions in STARTING_RULE.values():
        for condition in conditions:
            sort, _, value = condition.partition(":")
            if sort == "need":
                assert value in known


def test_names_and_origin_do_not_change_the_order(node: Node, clock: Clock) -> None:
    school, _camp = opened(node)
    orders = []
    for name, origin in (("A", "here"), ("Z", "there")):
        place = waiting.describe_place(node, cast.COORDINATOR, f"Place {name}", "pickup")
        persons = []
        for household in cast.EVERYBODY:
            changed = [
                dataclasses.replace(
                    one, values=msgspec.structs.replace(one.values, name=name, origin=origin)
                )
                for one in household.newcomers
            ]
            made = register(node, cast.REGISTRAR, [NewHousehold(HouseholdRegistered(), changed)])[0]
            waiting.join(node, cast.REGISTRAR, made.persons, place)
            persons.append(made.persons)
            clock.now += 86_400_000
        index = {one: number for number, those in enumerate(persons) for one in those}
        orders.append([index[group.persons[0]] for group in queue(node, place)])
    assert orders[0] == orders[1] == [0, 1, 2, 3]
    assert school


@given(
    sizes=st.lists(st.integers(1, 7), min_size=1, max_size=12),
    seats=st.lists(st.integers(1, 20), min_size=1, max_size=4),
)
def test_families_are_whole_and_places_never_run_over(sizes: list[int], seats: list[int]) -> None:
    parties = [
        Party(f"f{n}", tuple((f"f{n}p{k}", "seat") for k in range(size)))
        for n, size in enumerate(sizes)
    ]
    carriers = [Carrier(f"v{n}", count) for n, count in enumerate(seats)]
    seating = seat(parties, carriers)
    for party in parties:
        seated = [person for person, _ in party.travellers if person in seating.seats]
        assert len(seated) in (0, len(party.travellers))
        vehicles = {seating.seats[person] for person in seated}
        if len(vehicles) > 1:
            assert party.party in seating.split
            assert len(party.travellers) > max(seats)
    for carrier in carriers:
        assert list(seating.seats.values()).count(carrier.vehicle) <= carrier.seats
    assert set(seating.left) == {
        party.party for party in parties if party.travellers[0][0] not in seating.seats
    }
    if seating.left:
        first = next(p for p in parties if p.party == seating.left[0])
        earlier = parties[: parties.index(first)]
        assert all(p.party not in seating.left for p in earlier)


def test_an_age_that_is_not_known_exactly_gains_nobody_a_class(node: Node) -> None:
    school, _camp = opened(node)
    band = Newcomer(PersonRegistered(age_years=0, age_years_high=4, age_as_of="2026-09-21"))
    baby = Newcomer(PersonRegistered(age_years=0, age_as_of="2026-09-21"))
    made = register(node, cast.REGISTRAR, [NewHousehold(HouseholdRegistered(), [one])
                                           for one in (band, baby)])  # fmt: skip
    for one in made:
        waiting.join(node, cast.REGISTRAR, one.persons, school)
    assert [(group.urgency, group.persons) for group in queue(node, school)] == [
        ("B", made[1].persons),
        ("C", made[0].persons),
    ]

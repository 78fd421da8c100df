"""Promise 3: need and waiting time decide, never origin, kinship or affiliation."""

from __future__ import annotations

import dataclasses
import random

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corridor.engines.planning import Load, Unit, VehicleType
from corridor.engines.seating import Party, seat
from corridor.engines.travelling import Traveller
from corridor.engines.turns import DAY_MS, Waiter, order
from corridor.engines.urgency import STARTING_RULE, Facts, UnknownCondition, assess, check_rule
from corridor.journal import store
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
    assert {field.name for field in dataclasses.fields(Facts)} == {
        "needs", "age", "age_high", "disputed", "travels", "fitness", "alone",
    }  # fmt: skip
    assert set(Waiter._fields) == {"person", "place", "household", "since_ms", "lot", "urgency"}
    for sort in FORBIDDEN:
        with pytest.raises(UnknownCondition):
            check_rule({"A": [f"{sort}:x"]})


def test_seating_cannot_see_who_somebody_is() -> None:
    told = {field.name for kind in (Party, Traveller) for field in dataclasses.fields(kind)}
    assert (told | set(Unit.__struct_fields__)) & (FORBIDDEN | {"sex"}) == set()


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
        Party(f"f{n}", (Unit(id=f"f{n}", persons=size, seats=size),))
        for n, size in enumerate(sizes)
    ]
    loads = {f"v{n}": Load(VehicleType(id="t", seats=count), 1) for n, count in enumerate(seats)}
    seating = seat(parties, loads)
    for load in loads.values():
        assert load.broken() is None
    assert set(seating.left) | set(seating.seats) == {party.party for party in parties}
    assert set(seating.left) & set(seating.seats) == set()
    for party in parties:
        if party.party in seating.left:
            assert all(load.refuses(party.units[0]) for load in loads.values())
    if seating.left:
        first = next(p for p in parties if p.party == seating.left[0])
        earlier = parties[: parties.index(first)]
        assert all(p.party not in seating.left for p in earlier)


def test_an_age_that_is_not_known_exactly_gains_nobody_a_class(node: Node) -> None:
    school, _camp = opened(node)
    band = Newcomer(PersonRegistered(age_years=0, age_years_high=4, age_as_of="2026-09-21"))
    baby = Newcomer(PersonRegistered(age_years=0, age_as_of="2026-09-21"))
    mother = Newcomer(PersonRegistered(age_years=30, age_as_of="2026-09-21"))
    made = register(node, cast.REGISTRAR, [NewHousehold(HouseholdRegistered(), [one, mother])
                                           for one in (band, baby)])  # fmt: skip
    for one in made:
        waiting.join(node, cast.REGISTRAR, one.persons, school)
    assert [(group.urgency, set(group.persons)) for group in queue(node, school)] == [
        ("B", set(made[1].persons)),
        ("C", set(made[0].persons)),
    ]


WAITERS = st.lists(
    st.builds(
        Waiter,
        person=st.integers(0, 10**6).map(lambda n: f"p{n:06}"),
        place=st.sampled_from(["school", "mosque"]),
        household=st.sampled_from(["", "h1", "h2", "h3", "h4"]),
        since_ms=st.integers(0, 6 * DAY_MS),
        lot=st.integers(0, 10**6).map(lambda n: f"{n:06}"),
        urgency=st.sampled_from("ABCD"),
    ),
    max_size=30,
    unique_by=(lambda one: one.person, lambda one: one.lot),
)


@given(waiters=WAITERS, chance=st.randoms(use_true_random=False))
def test_the_order_does_not_depend_on_who_was_written_first(
    waiters: list[Waiter], chance: random.Random
) -> None:
    mixed = list(waiters)
    chance.shuffle(mixed)
    assert order(mixed) == order(waiters)


@given(waiters=WAITERS, later=WAITERS)
def test_somebody_with_less_claim_never_changes_my_number(
    waiters: list[Waiter], later: list[Waiter]
) -> None:
    """Whoever has less need, or equal need and fewer days, comes after and moves nobody."""
    before = order(waiters)
    if not before:
        return
    mine = before[len(before) // 2]
    fresh = [
        one._replace(person=f"x{one.person}", household="", place=mine.place, lot=f"z{one.lot}")
        for one in later
        if (one.urgency, one.since_ms // DAY_MS) >= mine.key[:2]
    ]
    after = order([*waiters, *fresh])
    assert next(g.number for g in after if g.persons == mine.persons) == mine.number


@given(waiters=WAITERS)
def test_more_need_never_makes_a_family_wait_longer(waiters: list[Waiter]) -> None:
    before = {group.persons: group.number for group in order(waiters)}
    for index, one in enumerate(waiters):
        raised = [*waiters[:index], one._replace(urgency="A"), *waiters[index + 1 :]]
        for group in order(raised):
            if one.person in group.persons:
                assert group.number <= before[group.persons]


@given(waiters=WAITERS)
def test_need_then_days_and_everybody_once(waiters: list[Waiter]) -> None:
    for place in ("school", "mosque"):
        there = [group for group in order(waiters) if group.place == place]
        assert [group.number for group in there] == list(range(1, len(there) + 1))
        claims = [group.key[:2] for group in there]
        assert claims == sorted(claims)
    told = [person for group in order(waiters) for person in group.persons]
    assert sorted(told) == sorted(one.person for one in waiters)


@given(size=st.integers(1, 9), lot=st.integers(0, 10**6))
def test_a_large_family_has_one_ticket(size: int, lot: int) -> None:
    """The lot of a family is that of one of them, whoever else joined with better ones."""
    family = [
        Waiter(f"p{n}", "school", "h", 0, f"{lot if n == 0 else 0:06}", "D") for n in range(size)
    ]
    (group,) = order(family)
    assert group.lot == f"{lot:06}"


def test_the_clerk_the_sex_and_the_kin_do_not_change_the_order(node: Node, clock: Clock) -> None:
    school, _camp = opened(node)
    orders = []
    for clerk, sex, relation in (("clerk-a", "female", "head"), ("clerk-b", "male", "cousin")):
        place = waiting.describe_place(node, cast.COORDINATOR, f"For {clerk}", "pickup")
        persons = []
        for household in cast.EVERYBODY:
            changed = [
                dataclasses.replace(
                    one, values=msgspec.structs.replace(one.values, sex=sex, relationship=relation)
                )
                for one in household.newcomers
            ]
            made = register(node, clerk, [NewHousehold(HouseholdRegistered(), changed)])[0]
            waiting.join(node, clerk, made.persons, place)
            persons.append(made.persons)
            clock.now += 86_400_000
        index = {one: number for number, those in enumerate(persons) for one in those}
        orders.append([index[group.persons[0]] for group in queue(node, place)])
    assert orders[0] == orders[1]
    assert school


def test_the_lot_is_an_entry_that_anybody_can_check(node: Node, clock: Clock) -> None:
    """Who joined at one desk on one day is ordered by the hash of what was written, not by hour."""
    school, _camp = opened(node)
    people = [Newcomer(PersonRegistered(age_years=30, age_as_of="2026-09-21")) for _ in range(12)]
    made = register(
        node, cast.REGISTRAR, [NewHousehold(HouseholdRegistered(), [one]) for one in people]
    )
    for one in made:
        waiting.join(node, cast.REGISTRAR, one.persons, school)
        clock.now += 60_000
    groups = queue(node, school)
    assert [group.lot for group in groups] == sorted(group.lot for group in groups)
    entries = {held.id: held.head for held in store.by_ids(node, [g.lot for g in groups])}
    for group in groups:
        head = entries[group.lot]
        assert head is not None
        assert (head.kind, head.subject) == ("waiting.joined", group.persons[0])
    assert [group.persons for group in groups] != [one.persons for one in made]

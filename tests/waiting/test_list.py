"""Joining, being assessed, moving, and never leaving the list silently."""

from __future__ import annotations

import json
from dataclasses import replace

import msgspec
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from corridor.engines.urgency import Facts, assess
from corridor.journal.append import Draft, append
from corridor.journal.node import Node
from corridor.people import acts as people
from corridor.people import models as people_models
from corridor.people import whereabouts
from corridor.people.acts import NewHousehold, Refusal, link, register
from corridor.people.entries import HouseholdRegistered, NeedObserved, PersonCorrected, PersonErased
from corridor.people.queries import accounts, card_of_household
from corridor.stops.waiting import acts, models, queries
from tests import cast
from tests.journeys.test_road import DAY, everybody_waits, opened
from tests.nodes import Clock


def placed(node: Node, place: str = "") -> dict[str, int]:
    return {one: group.number for group in queries.queue(node, place) for one in group.persons}


def test_a_paper_list_counts_line_by_line(node: Node, clock: Clock) -> None:
    school, _camp = opened(node)
    families = register(node, cast.REGISTRAR, list(cast.EVERYBODY))
    lines = [families[0].card, "", "12345", families[1].card, families[0].card]
    at = clock.now - 2 * DAY
    rows = acts.join_batch(
        node, cast.MARSHAL, lines, school, at=at, writer="Mara on paper", command="sheet"
    )
    assert [(row.row, row.joined, bool(row.problem)) for row in rows] == [
        (1, 5, False), (3, 0, True), (4, 1, False), (5, 0, True),
    ]  # fmt: skip
    again = acts.join_batch(node, cast.MARSHAL, lines[:1], school, at=at, command="sheet")
    assert again[0].joined == 0
    assert models.WaitingJoined.objects.using(node.alias).count() == 6
    assert all(group.days(clock.now) == 2 for group in queries.queue(node, school))
    with pytest.raises(Refusal):
        acts.join_batch(node, cast.MARSHAL, lines, "nowhere")
    # Who wrote it stands where a name can be erased, and in no head.
    sheets = models.PaperListEntered.objects.using(node.alias)
    assert [(one.subject, one.cards, one.written_by) for one in sheets] == [
        (school, 4, "Mara on paper")
    ]
    with node.cursor() as cursor:
        cursor.execute("SELECT head FROM journal_entry")
        assert not any(b"Mara" in bytes(row[0]) for row in cursor.fetchall())


def test_a_change_of_needs_is_assessed_at_once(node: Node, clock: Clock) -> None:
    school, _camp = opened(node)
    persons = everybody_waits(node, clock, school)
    nadia = persons["NADIA"][0]
    assert queries.urgency_of(node)[nadia] == "D"
    people.correct(node, cast.REGISTRAR, nadia, PersonCorrected(travels="lying"), ())
    assert queries.urgency_of(node)[nadia] == "A"
    assert queries.out_of_date(node) == []


def test_what_came_from_elsewhere_is_told_as_out_of_date(node: Node, clock: Clock) -> None:
    school, _camp = opened(node)
    persons = everybody_waits(node, clock, school)
    nadia = persons["NADIA"][0]
    append(node, cast.REGISTRAR, [Draft(NeedObserved(need="DS-PS", source="observed"), nadia)])
    assert queries.out_of_date(node) == [nadia]
    assert acts.assess_again(node, cast.REGISTRAR, [nadia]) == [nadia]
    assert queries.urgency_of(node)[nadia] == "B"
    assert queries.out_of_date(node) == []
    before = models.UrgencyAssessed.objects.using(node.alias).count()
    assert acts.assess_again(node, cast.REGISTRAR) == []
    assert models.UrgencyAssessed.objects.using(node.alias).count() == before


def test_neither_a_lost_window_nor_a_change_of_mind_costs_days(node: Node, clock: Clock) -> None:
    school, _camp = opened(node)
    persons = everybody_waits(node, clock, school)
    before = placed(node)
    lots = {group.persons: group.lot for group in queries.queue(node)}
    for state in ("turned_away", "chose_to_stay", "prevented_from_leaving", "left_at_own_wish",
                  "referred", "taken_aside"):  # fmt: skip
        whereabouts.move(node, cast.MARSHAL, persons["NADIA"], state)
        assert persons["NADIA"][0] not in placed(node)
        clock.now += DAY
        acts.join(node, cast.MARSHAL, persons["NADIA"], school)
        assert placed(node) == before
    assert {group.persons: group.lot for group in queries.queue(node)} == lots
    whereabouts.move(node, cast.MARSHAL, persons["BROTHERS"], "at_site")
    clock.now += DAY
    acts.join(node, cast.MARSHAL, persons["BROTHERS"], school)
    assert next(g for g in queries.queue(node) if persons["BROTHERS"][0] in g.persons).days(
        clock.now
    ) == 0  # fmt: skip


def test_moving_to_another_point_keeps_days_and_lot(node: Node, clock: Clock) -> None:
    school, _camp = opened(node)
    mosque = acts.describe_place(node, cast.COORDINATOR, "Mosque", "pickup")
    persons = everybody_waits(node, clock, school)
    old = {g.household: (g.since_ms, g.lot) for g in queries.queue(node)}
    acts.move_to(node, cast.MARSHAL, persons["NADIA"], mosque)
    (group,) = queries.queue(node, mosque)
    assert (group.since_ms, group.lot) == old[group.household]
    assert group.number == 1
    assert sum(len(g.persons) for g in queries.queue(node)) == 9
    with pytest.raises(Refusal):
        acts.move_to(node, cast.MARSHAL, persons["NADIA"], "nowhere")


def test_a_split_household_stays_on_the_list(node: Node, clock: Clock) -> None:
    school, _camp = opened(node)
    persons = everybody_waits(node, clock, school)
    leaver = persons["BROTHERS"][1]
    people.leave_household(node, cast.REGISTRAR, leaver)
    groups = queries.queue(node, school)
    assert sorted(one for g in groups for one in g.persons) == sorted(
        one for those in persons.values() for one in those
    )
    (own,) = [g for g in groups if leaver in g.persons]
    assert own.persons == (leaver,)
    assert own.days(clock.now) == 4


def test_whoever_waits_and_changes_household_is_in_the_other_family(
    node: Node, clock: Clock
) -> None:
    school, _camp = opened(node)
    nadia = everybody_waits(node, clock, school)["NADIA"][0]
    other = new_household(node)
    append(node, cast.REGISTRAR, [Draft(PersonCorrected(household=other), nadia)])
    family = models.Family.objects.using(node.alias).get(household=other)
    assert (family.family, family.people) == (other, 1)
    append(node, cast.REGISTRAR, [Draft(PersonCorrected(household=""), nadia)])
    assert not models.Family.objects.using(node.alias).filter(household=other)
    assert models.Family.objects.using(node.alias).get(family=nadia).people == 1


def new_household(node: Node) -> str:
    made = node.new_id()
    append(node, cast.REGISTRAR, [Draft(HouseholdRegistered(), made)])
    return made


def test_the_erased_keep_waiting(node: Node, clock: Clock) -> None:
    school, _camp = opened(node)
    persons = everybody_waits(node, clock, school)
    append(node, "actor-protection", [Draft(PersonErased(), persons["NADIA"][0])])
    assert persons["NADIA"][0] in placed(node)
    assert sum(len(g.persons) for g in queries.queue(node)) == 9


def test_linked_records_wait_once_with_the_longer_days(node: Node, clock: Clock) -> None:
    school, _camp = opened(node)
    persons = everybody_waits(node, clock, school)
    clock.now += 3 * DAY
    again = register(node, cast.REGISTRAR, [cast.NADIA_AGAIN])[0].persons
    acts.join(node, cast.REGISTRAR, again, school)
    assert sum(len(g.persons) for g in queries.queue(node)) == 10
    link(node, cast.REGISTRAR, persons["NADIA"][0], again[0])
    groups = queries.queue(node)
    assert sum(len(g.persons) for g in groups) == 9
    (hers,) = [g for g in groups if {*again, *persons["NADIA"]} & set(g.persons)]
    assert hers.days(clock.now) == 6
    whereabouts.move(node, cast.MARSHAL, again, "chose_to_stay")
    assert not {*again, *persons["NADIA"]} & set(placed(node))
    acts.join(node, cast.MARSHAL, persons["NADIA"], school)
    assert sum(len(g.persons) for g in queries.queue(node)) == 9


def test_a_linked_record_that_travelled_waits_no_more(node: Node, clock: Clock) -> None:
    school, _camp = opened(node)
    persons = everybody_waits(node, clock, school)
    again = register(node, cast.REGISTRAR, [cast.NADIA_AGAIN])[0].persons
    whereabouts.move(node, cast.MARSHAL, again, "at_site")
    link(node, cast.REGISTRAR, persons["NADIA"][0], again[0])
    assert persons["NADIA"][0] not in placed(node)
    assert accounts(node, again)[0].state == "at_site"


def test_a_child_alone_and_a_disputed_age(node: Node, clock: Clock) -> None:
    school, _camp = opened(node)
    child = replace(cast.NADIA.newcomers[0], values=msgspec.structs.replace(
        cast.NADIA.newcomers[0].values, birth_on="2014-01-01"))  # fmt: skip
    made = register(node, cast.REGISTRAR, [NewHousehold(HouseholdRegistered(), [child])])[0]
    acts.join(node, cast.REGISTRAR, made.persons, school)
    assert queries.explained(node, made.persons)[made.persons[0]].reasons == ("child_alone",)
    youth = replace(child, values=msgspec.structs.replace(child.values, birth_on="2007-01-01"))
    other = register(node, cast.REGISTRAR, [NewHousehold(HouseholdRegistered(), [youth])])[0]
    acts.join(node, cast.REGISTRAR, other.persons, school)
    assert queries.urgency_of(node)[other.persons[0]] == "D"
    people.correct(
        node, cast.REGISTRAR, other.persons[0], PersonCorrected(birth_on="2009-06-01"), ()
    )
    found = queries.explained(node, other.persons)[other.persons[0]]
    assert found.reasons == ("child_alone",)
    assert next(p.because for p in found.parts if p.condition == "child_alone") == "17-19"
    assert queries.urgency_of(node)[other.persons[0]] == "B"


def test_fitness_comes_from_a_later_stop() -> None:
    rule = {"A": ["fitness:T4"], "B": ["fitness:T3"]}
    assert assess(Facts(fitness="T4"), rule).urgency == "A"
    assert assess(Facts(fitness="T1"), rule).urgency == "D"


def test_every_part_of_the_rule_is_told(node: Node, clock: Clock) -> None:
    school, _camp = opened(node)
    persons = everybody_waits(node, clock, school)
    rule = acts.rule_in_force(node).content
    for person, found in queries.explained(node, persons["AMALS"]).items():
        told = [(part.urgency, part.condition) for part in found.parts]
        assert told == [(u, c) for u in ("A", "B", "C") for c in rule[u]]
        row = models.NeedClass.objects.using(node.alias).get(person=person)
        assert (row.urgency, json.loads(row.reasons or "[]")) == (
            found.urgency, list(found.reasons),
        )  # fmt: skip


def test_why_a_family_stands_where_it_stands(node: Node, clock: Clock) -> None:
    school, _camp = opened(node)
    persons = everybody_waits(node, clock, school)
    home = people_models.Person.objects.using(node.alias).get(id=persons["NADIA"][0]).household
    group = queries.group_of(node, home or "")
    assert group is not None
    standing = queries.standing_of(node, group)
    assert (standing.greater_need, standing.longer, standing.drawn) == (6, 2, 0)
    assert standing.before == 8
    assert group.number == 4
    assert card_of_household(node, group.household)


@settings(
    max_examples=8, deadline=None, phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)  # fmt: skip
@given(data=st.data())
def test_the_list_without_members_is_the_list(
    node: Node, clock: Clock, data: st.DataObject
) -> None:
    """Whatever happens to people who wait, both questions give the same order and numbers."""
    if not queries.places(node, "pickup"):
        opened(node)
        acts.describe_place(node, cast.COORDINATOR, "Mosque", "pickup")
    places = [one.id for one in queries.places(node, "pickup")]
    chosen = data.draw(st.lists(st.sampled_from(cast.EVERYBODY), min_size=2, max_size=4))
    made = register(node, cast.REGISTRAR, chosen)
    persons = [person for one in made for person in one.persons]
    for one in made:
        acts.join(node, cast.REGISTRAR, one.persons, data.draw(st.sampled_from(places)))
        clock.now += data.draw(st.sampled_from([0, 60_000, DAY]))
    for _ in range(data.draw(st.integers(0, 4))):
        _something(node, data, persons, places)
    for place in ("", *places):
        whole = queries.queue(node, place)
        line = queries.Line(node, place)
        listed = line[:]
        assert [
            (g.number, g.household, g.place, g.urgency, g.since_ms // DAY, g.lot, len(g.persons))
            for g in whole
        ] == [
            (f.number, f.household, f.place, f.urgency, f.since_ms // DAY, f.lot, f.people)
            for f in listed
        ]  # fmt: skip
        held = queries.members_of(node, listed)
        assert [g.persons for g in whole] == [held[f] for f in listed]
        assert (len(line), line.people) == (len(whole), sum(len(g.persons) for g in whole))
        assert [one for n in range(0, len(line), 2) for one in line[n : n + 2]] == listed
        for one in listed:
            assert line.first_of([one.family, "nobody"]) is not None
            there = [g for g in whole if g.place == one.place and g.key < one.key]
            assert line.before(one) == (
                one.number - 1,
                sum(len(g.persons) for g in there if g.urgency < one.urgency),
                sum(len(g.persons) for g in there if g.key[:2] != one.key[:2])
                - sum(len(g.persons) for g in there if g.urgency < one.urgency),
                sum(len(g.persons) for g in there if g.key[:2] == one.key[:2]),
            )
            assert line.size_at(one.place) == sum(g.place == one.place for g in whole)


def _something(node: Node, data: st.DataObject, persons: list[str], places: list[str]) -> None:
    """One thing that can happen to somebody who waits; a refusal changes nothing."""
    one, other = data.draw(st.sampled_from(persons)), data.draw(st.sampled_from(persons))
    what = data.draw(st.sampled_from(["leave", "link", "class", "move", "stay", "need"]))
    try:
        if what == "leave":
            people.leave_household(node, cast.REGISTRAR, one)
        elif what == "link":
            link(node, cast.REGISTRAR, one, other)
        elif what == "class":
            proposal = acts.propose(
                node, cast.REGISTRAR, one, "B", "medical_advice", "It was seen today.", 3
            )
            acts.decide(node, cast.COORDINATOR, proposal, "confirmed")
        elif what == "move":
            acts.move_to(node, cast.MARSHAL, [one], data.draw(st.sampled_from(places)))
        elif what == "stay":
            whereabouts.move(node, cast.MARSHAL, [one], "chose_to_stay")
        else:
            people.correct(node, cast.REGISTRAR, one, PersonCorrected(travels="lying"), ())
    except Refusal:
        pass

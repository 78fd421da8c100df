"""Bad days of the road: each of them happened to somebody."""

from __future__ import annotations

import random
import threading

import pytest
from django.db import connections

from corridor.journal.append import Draft, append
from corridor.journal.node import Node
from corridor.people.acts import Newcomer, NewHousehold, Refusal, register
from corridor.people.entries import HouseholdRegistered, PersonRegistered
from corridor.people.queries import accounts, counts
from corridor.stops.convoy import acts, entries, models, queries
from corridor.stops.waiting.queries import queue
from tests import cast
from tests.nodes import Clock
from tests.road.stage import HOUR, Stage, agree, planned, set_stage


def outcome(node: Node, convoy: str, entry: str) -> str:
    scan = queries.scan_of(node, convoy, entry)
    assert scan is not None
    return scan.outcome


def all_aboard(node: Node, stage: Stage, convoy: str) -> None:
    for lane, card in enumerate(stage.cards.values()):
        acts.scan(node, cast.MARSHAL, convoy, card, acts.LANES[lane % 4])


def sent_off(node: Node, stage: Stage, convoy: str) -> None:
    all_aboard(node, stage, convoy)
    acts.judge(node, cast.MARSHAL, convoy, acts.ALL_CLEAR)
    acts.depart(node, cast.MARSHAL, convoy, len(queries.aboard_of(node, convoy)))


def test_every_scan_is_kept_also_wrong_unknown_and_repeated(node: Node, clock: Clock) -> None:
    stage = set_stage(node, clock)
    convoy = planned(node)
    other = register(node, cast.REGISTRAR, [cast.NADIA_AGAIN])[0]
    card = stage.cards["AMALS"]
    typed = [card, card, "12", "1234567890", other.card]
    found = [outcome(node, convoy, acts.scan(node, cast.MARSHAL, convoy, one)) for one in typed]
    assert found == ["boarded", "repeated", "unreadable", "unknown", "no_seat"] or found == [
        "boarded", "repeated", "unreadable", "unreadable", "no_seat",
    ]  # fmt: skip
    assert len(queries.scans(node, convoy)) == 5
    assert set(queries.aboard_of(node, convoy)) == set(stage.persons["AMALS"])


def test_a_scanner_that_sends_twice_boards_once(node: Node, clock: Clock) -> None:
    stage = set_stage(node, clock)
    convoy = planned(node)
    first = acts.scan(node, cast.MARSHAL, convoy, stage.cards["NADIA"], command="t")
    assert acts.scan(node, cast.MARSHAL, convoy, stage.cards["NADIA"], command="t") == first
    acts.scan(node, cast.MARSHAL, convoy, stage.cards["NADIA"], "2")
    assert models.PersonBoarded.objects.using(node.alias).count() == 1
    assert len(queries.scans(node, convoy)) == 2


def test_whoever_was_told_two_seats_counts_on_the_later_vehicle(node: Node, clock: Clock) -> None:
    """Two sites may tell one person two seats before they meet."""
    stage = set_stage(node, clock, bus_seats=8, car_seats=2)
    convoy = planned(node)
    [nadia] = stage.persons["NADIA"]
    first = queries.seats_told(node, convoy)[nadia]
    second = stage.car if first == stage.bus else stage.bus
    before = {one.vehicle.id: one.told for one in queries.loads(node, convoy)}
    append(node, cast.COORDINATOR, [Draft(entries.SeatTold(convoy=convoy, vehicle=second), nadia)])
    after = {one.vehicle.id: one.told for one in queries.loads(node, convoy)}
    assert after == {first: before[first] - 1, second: before[second] + 1}
    assert sum(after.values()) == len(queries.seats_told(node, convoy))


def test_a_truck_breaks_down_while_boarding(node: Node, clock: Clock) -> None:
    """Everybody is moved or waits again, with all their days; promises to others are kept."""
    stage = set_stage(node, clock, bus_seats=8, car_seats=2)
    convoy = planned(node)
    all_aboard(node, stage, convoy)
    before = {group.persons: group.since_ms for group in queue(node, stage.school)}
    assert before == {}
    held = queries.seats(node, convoy)
    moved, waiting = acts.take_off(node, cast.COORDINATOR, convoy, stage.bus)
    stranded = {one for one, seat in held.items() if seat.vehicle == stage.bus}
    assert set(moved) | set(waiting) == stranded and set(moved) & set(waiting) == set()
    assert set(stage.persons["AMALS"]) <= set(waiting)  # one of them lies
    told = queries.seats_told(node, convoy)
    assert set(told) == stage.everybody - set(waiting)
    assert set(told.values()) == {stage.car}
    assert counts(node) == {"aboard": len(told) - len(moved), "waiting": len(stranded)}
    amal = next(group for group in queue(node, stage.school) if len(group.persons) == 5)
    assert amal.urgency == "A" and amal.days(clock.now) >= 1
    assert stage.bus not in {one.id for one in queries.vehicles(node, convoy)}


def test_another_vehicle_comes_instead(node: Node, clock: Clock) -> None:
    stage = set_stage(node, clock, bus_seats=8, car_seats=2)
    convoy = planned(node)
    spare = acts.describe_vehicle(
        node, cast.COORDINATOR,
        acts.VehicleDraft("Bus 9", 12, stretcher_seats=2, max_fitted=1),
    )  # fmt: skip
    moved, waiting = acts.take_off(node, cast.COORDINATOR, convoy, stage.bus, instead=spare)
    assert waiting == [] and moved
    assert set(queries.seats_told(node, convoy)) == stage.everybody


def test_a_family_refuses_at_the_last_step(node: Node, clock: Clock) -> None:
    stage = set_stage(node, clock)
    convoy = planned(node)
    all_aboard(node, stage, convoy)
    before = len(queries.aboard_of(node, convoy))
    acts.release(node, cast.MARSHAL, convoy, stage.persons["SAMIRA"], "refused")
    assert len(queries.aboard_of(node, convoy)) == before - 1
    group = next(g for g in queue(node, stage.school) if g.persons == stage.persons["SAMIRA"])
    assert group.days(clock.now) >= 1  # no day is lost by a no
    acts.fill(node, cast.COORDINATOR, convoy)
    acts.scan(node, cast.MARSHAL, convoy, stage.cards["SAMIRA"])  # and she may change her mind
    assert len(queries.aboard_of(node, convoy)) == before


def test_no_shows_give_way_to_those_who_stand_by(node: Node, clock: Clock) -> None:
    stage = set_stage(node, clock, bus_seats=8, car_seats=2)
    convoy = planned(node)
    late = register(node, cast.REGISTRAR, [cast.NADIA_AGAIN])[0]
    agree(node, late.persons)
    acts_join(node, late.persons, stage.school)
    acts.scan(node, cast.MARSHAL, convoy, stage.cards["AMALS"])
    acts.scan(node, cast.MARSHAL, convoy, stage.cards["SAMIRA"])
    gone = acts.release_no_shows(node, cast.MARSHAL, convoy)
    assert set(gone) == {*stage.persons["BROTHERS"], *stage.persons["NADIA"]}
    acts.fill(node, cast.COORDINATOR, convoy)
    told = queries.seats_told(node, convoy)
    assert set(gone) <= set(told)  # nobody stands by who waited longer than they


def acts_join(node: Node, persons: tuple[str, ...], place: str) -> None:
    from corridor.stops.waiting import acts as waiting  # noqa: PLC0415

    waiting.join(node, cast.REGISTRAR, persons, place)


def test_a_window_closes_with_half_a_convoy_loaded(node: Node, clock: Clock) -> None:
    stage = set_stage(node, clock)
    convoy = planned(node)
    acts.scan(node, cast.MARSHAL, convoy, stage.cards["AMALS"])
    acts.close_window(node, cast.COORDINATOR, stage.window)
    acts.release(node, cast.COORDINATOR, convoy, stage.everybody, "window")
    assert counts(node) == {"waiting": 9}
    assert queries.seats_told(node, convoy) == {} and queries.aboard_of(node, convoy) == {}
    assert [len(group.persons) for group in queue(node, stage.school)] == [5, 1, 2, 1]
    assert queries.build(node).missing == ["windows"]


def test_a_child_arrives_with_another_adult(node: Node, clock: Clock) -> None:
    stage = set_stage(node, clock)
    convoy = planned(node)
    sent_off(node, stage, convoy)
    amal, layla, *_rest = stage.persons["AMALS"]
    karim = stage.persons["BROTHERS"][0]
    acts.arrive(node, cast.MARSHAL, convoy, [layla, karim])
    assert [one.child for one in queries.lone_children(node, convoy)] == [layla]
    with pytest.raises(Refusal, match="not bound"):
        acts.release_child(node, cast.MARSHAL, convoy, layla, karim)
    with pytest.raises(Refusal, match="not been seen"):
        acts.release_child(node, cast.MARSHAL, convoy, layla, amal)
    acts.arrive(node, cast.MARSHAL, convoy, [amal])
    acts.release_child(node, cast.MARSHAL, convoy, layla, amal)
    assert [one.released is not None for one in queries.lone_children(node, convoy)] == [True]


def test_a_convoy_turns_back(node: Node, clock: Clock) -> None:
    stage = set_stage(node, clock)
    convoy = planned(node)
    sent_off(node, stage, convoy)
    acts.turn_back(node, cast.MARSHAL, convoy, "checkpoint")
    back = sorted(stage.everybody - set(stage.persons["NADIA"]))
    acts.arrive(node, cast.MARSHAL, convoy, back)
    assert acts.close_arrival(node, cast.MARSHAL, convoy) == 1
    found = queries.balance(node, convoy)
    assert found.is_whole and len(found.boarded) == 9
    assert found.terms["brought_back"] == tuple(back)
    assert found.terms["unaccounted"] == stage.persons["NADIA"]
    assert counts(node) == {"not_accounted_for": 1, "waiting": 8}
    assert queue(node, stage.school)[0].days(clock.now) >= 1


def test_every_term_of_the_equation_is_a_list(node: Node, clock: Clock) -> None:
    """STD 2.6, crew included: each of them on exactly one list."""
    stage = set_stage(node, clock)
    convoy = planned(node)
    driver = acts.join_crew(node, cast.COORDINATOR, "Omar", "driver")
    acts.seat_crew(node, cast.COORDINATOR, convoy, driver, stage.bus)
    acts.tap(node, cast.MARSHAL, convoy, [driver])
    sent_off(node, stage, convoy)
    amal, layla, sami, noor, yusuf = stage.persons["AMALS"]
    karim, idris = stage.persons["BROTHERS"]
    acts.note_on_the_way(node, cast.MARSHAL, convoy, [yusuf], "taken_to_care")
    acts.note_on_the_way(node, cast.MARSHAL, convoy, [karim], "left")
    acts.note_on_the_way(node, cast.MARSHAL, convoy, [idris], "held")
    other = acts.plan(
        node, cast.COORDINATOR, "Two", stage.school, stage.camp, None,
        [acts.VehicleDraft("Van", 3)],
    )  # fmt: skip
    van = queries.vehicles(node, other)[0].id
    acts.transfer(node, cast.MARSHAL, convoy, stage.persons["SAMIRA"], other, van)
    acts.arrive(node, cast.MARSHAL, convoy, [amal, layla, sami, noor, driver])
    stranger = NewHousehold(HouseholdRegistered(), [Newcomer(PersonRegistered(name="X"))])
    unlisted = acts.arrive_unlisted(node, cast.MARSHAL, convoy, stranger)
    assert acts.close_arrival(node, cast.MARSHAL, convoy) == 1
    found = queries.balance(node, convoy)
    assert found.is_whole and not found.is_closed
    assert set(found.terms["arrived"]) == {amal, layla, sami, noor, driver}
    assert found.terms["taken_to_care"] == (yusuf,)
    assert found.terms["left"] == (karim,) and found.terms["held"] == (idris,)
    assert found.terms["transferred"] == stage.persons["SAMIRA"]
    assert found.terms["unaccounted"] == stage.persons["NADIA"]
    assert found.unlisted == unlisted
    assert len(accounts(node)) == 11


def test_crew_never_wait(node: Node, clock: Clock) -> None:
    stage = set_stage(node, clock)
    driver = acts.join_crew(node, cast.COORDINATOR, "Omar", "driver")
    with pytest.raises(Refusal, match="Crew ride"):
        acts_join(node, (driver,), stage.school)
    assert counts(node) == {"waiting": 9, "registered": 1}


def test_a_halt_stops_everything_until_the_lead_lifts_it(node: Node, clock: Clock) -> None:
    stage = set_stage(node, clock)
    convoy = planned(node)
    acts.name_lead(node, cast.COORDINATOR, convoy, cast.MARSHAL)
    acts.scan(node, cast.MARSHAL, convoy, stage.cards["NADIA"])
    with pytest.raises(Refusal, match="Only the convoy lead signs"):
        acts.judge(node, cast.COORDINATOR, convoy, acts.ALL_CLEAR)
    acts.judge(node, cast.MARSHAL, convoy, acts.ALL_CLEAR)
    acts.halt(node, cast.REGISTRAR, convoy, "crush")
    assert (
        outcome(node, convoy, acts.scan(node, cast.MARSHAL, convoy, stage.cards["AMALS"]))
        == "halted"
    )
    with pytest.raises(Refusal, match="halted"):
        acts.depart(node, cast.MARSHAL, convoy, 1)
    with pytest.raises(Refusal, match="Only the convoy lead lifts"):
        acts.lift(node, cast.REGISTRAR, convoy, "calm")
    clock.now += HOUR // 4
    acts.lift(node, cast.MARSHAL, convoy, "The gate is free again.")
    with pytest.raises(Refusal, match="not signed"):
        acts.depart(node, cast.MARSHAL, convoy, 1)  # signed before the halt
    acts.judge(node, cast.MARSHAL, convoy, acts.ALL_CLEAR)
    assert acts.depart(node, cast.MARSHAL, convoy, 1) == 0


def test_no_go_keeps_the_convoy(node: Node, clock: Clock) -> None:
    stage = set_stage(node, clock)
    convoy = planned(node)
    all_aboard(node, stage, convoy)
    answers = dict(acts.ALL_CLEAR) | {"armed": False}
    assert acts.judge(node, cast.MARSHAL, convoy, answers) == "no_go"
    with pytest.raises(Refusal, match="no-go"):
        acts.depart(node, cast.MARSHAL, convoy, 9)
    with pytest.raises(Refusal, match="every point"):
        acts.judge(node, cast.MARSHAL, convoy, {"armed": True})


def test_the_clock_of_a_tablet_is_an_hour_off(node: Node, clock: Clock) -> None:
    """The order of a journey decides, never a clock: nobody is lost or aboard again."""
    stage = set_stage(node, clock)
    convoy = planned(node)
    sent_off(node, stage, convoy)
    clock.now -= HOUR
    acts.arrive(node, cast.MARSHAL, convoy, sorted(stage.everybody))
    assert acts.close_arrival(node, cast.MARSHAL, convoy) == 0
    assert counts(node) == {"at_site": 9}


def test_heads_and_scans_are_shown_side_by_side(node: Node, clock: Clock) -> None:
    stage = set_stage(node, clock)
    convoy = planned(node)
    all_aboard(node, stage, convoy)
    acts.count_heads(node, cast.REGISTRAR, convoy, 8, "boarding")
    whole = queries.tallies(node, convoy)[-1]
    assert (whole.scanned, whole.heads, whole.differs_aboard) == (9, 8, -1)
    assert whole.heads_by == cast.REGISTRAR


@pytest.mark.parametrize("hours", [1, -1])
def test_a_clock_that_is_an_hour_off_changes_no_account(
    node: Node, clock: Clock, hours: int
) -> None:
    """One tablet boards while its clock is an hour ahead or behind; stages decide, not clocks."""
    stage = set_stage(node, clock)
    convoy = planned(node)
    acts.scan(node, cast.MARSHAL, convoy, stage.cards["AMALS"])
    clock.now += hours * HOUR
    acts.scan(node, cast.MARSHAL, convoy, stage.cards["NADIA"], "2")
    acts.release(node, cast.MARSHAL, convoy, stage.persons["NADIA"], "refused")
    clock.now -= hours * HOUR
    acts.scan(node, cast.MARSHAL, convoy, stage.cards["BROTHERS"])
    acts.judge(node, cast.MARSHAL, convoy, acts.ALL_CLEAR)
    acts.depart(node, cast.MARSHAL, convoy, 7)
    clock.now += hours * HOUR
    acts.scan_arrival(node, cast.MARSHAL, convoy, stage.cards["AMALS"])
    clock.now -= hours * HOUR
    acts.scan_arrival(node, cast.MARSHAL, convoy, stage.cards["BROTHERS"], "2")
    assert acts.close_arrival(node, cast.MARSHAL, convoy) == 0
    assert counts(node) == {"at_site": 7, "waiting": 2}
    assert len(queries.scans(node, convoy)) == 5


def test_three_hundred_scans_in_ten_minutes_from_four_lanes(node: Node, clock: Clock) -> None:
    """All are kept, each family is aboard once, whichever lane was first."""
    stage = set_stage(node, clock, bus_seats=90)
    made = [
        register(node, cast.REGISTRAR, [cast.household(
            cast.newcomer(f"A{n}", "female", "1990-01-01"),
            cast.newcomer(f"B{n}", "male", "1991-01-01"),
        )])[0]
        for n in range(25)
    ]  # fmt: skip
    people = [person for one in made for person in one.persons]
    agree(node, people)
    acts_join(node, tuple(people), stage.school)
    convoy = planned(node)
    assert set(people) <= set(queries.seats_told(node, convoy))
    cards = [one.card for one in made]
    wrong = ("1234567890", "12", "")
    source = random.Random(3)
    typed = [*cards, *source.choices([*cards, *wrong], k=300 - len(cards))]
    source.shuffle(typed)
    began = clock.now

    def lane(number: int) -> None:
        for count, card in enumerate(typed[number::4]):
            clock.now = max(clock.now, began + count * 8000)
            tap = f"{number}.{count}"
            acts.scan(node, cast.MARSHAL, convoy, card, acts.LANES[number], command=tap)
        close_old(node)

    lanes = [threading.Thread(target=lane, args=(number,)) for number in range(4)]
    for one in lanes:
        one.start()
    for one in lanes:
        one.join()
    outcomes = queries.scans_by_outcome(node, convoy)
    assert sum(outcomes.values()) == 300
    assert {number for number, _outcome in outcomes} == set(acts.LANES[:4])
    told = {outcome: 0 for _lane, outcome in outcomes}
    for (_lane, outcome), count in outcomes.items():
        told[outcome] += count
    assert told["boarded"] == len(cards)
    assert told["repeated"] == sum(card in cards for card in typed) - len(cards)
    assert set(queries.aboard_of(node, convoy)) == set(people)
    assert models.PersonBoarded.objects.using(node.alias).count() == len(people)
    assert clock.now - began <= 10 * 60 * 1000


def close_old(node: Node) -> None:
    """Each thread has a connection of its own, and closes it."""
    connections[node.alias].close()

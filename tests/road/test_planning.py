"""From the journal to an instance, a plan, its check, and seats that people were told."""

from __future__ import annotations

import pytest

from corridor.desk.models import Draft
from corridor.engines import planning
from corridor.journal.append import Draft as Entry
from corridor.journal.append import append
from corridor.journal.node import Node
from corridor.people.acts import NewHousehold, Refusal, correct, register
from corridor.people.confided.acts import Talk, answer, ask_for_seat
from corridor.people.entries import HouseholdRegistered, PersonCorrected, PersonErased
from corridor.stops.convoy import acts, models, queries
from corridor.stops.convoy.acts import PlanRefused
from corridor.stops.waiting import acts as waiting
from tests import cast
from tests.conftest import Desk
from tests.nodes import Clock
from tests.road.stage import DAY, HOUR, agree, planned, set_stage


def test_everybody_who_waits_is_planned_and_told(node: Node, clock: Clock) -> None:
    stage = set_stage(node, clock)
    convoy = planned(node)
    told = queries.seats_told(node, convoy)
    assert set(told) == stage.everybody
    assert {told[one] for one in stage.persons["AMALS"]} == {stage.bus}  # one of them lies
    found = queries.convoy(node, convoy)
    assert found is not None and (found.origin, found.departs_ms) == (stage.school, stage.departs)
    fact = models.PlanPublished.objects.using(node.alias).get()
    assert (fact.seated, fact.left_behind, fact.breaches) == (9, 0, 0)
    assert fact.plan and all(name not in fact.plan for name in ("Amal", "أمل"))
    assert len(fact.plan_hash) == len(fact.instance_hash) == 64


def test_who_does_not_fit_is_left_by_need_and_days(node: Node, clock: Clock) -> None:
    stage = set_stage(node, clock, bus_seats=6, car_seats=1)
    proposal = acts.propose(node)
    seated = {
        person
        for trip in proposal.plan.trips
        for unit in trip.units
        for person in proposal.built.persons[unit]
    }
    assert set(stage.persons["AMALS"]) | set(stage.persons["SAMIRA"]) <= seated
    assert len(proposal.plan.left) == 1


def test_a_family_that_fits_nowhere_is_named_with_the_rule(node: Node, clock: Clock) -> None:
    set_stage(node, clock, bus_seats=4, car_seats=2)
    proposal = acts.propose(node)
    homes = {one.need: one.id for one in proposal.built.instance.households}
    assert homes["A"] in proposal.plan.left  # lies: two seats go for the stretcher
    assert acts.why_left(proposal, homes["A"]) == "seats"


def test_a_plan_made_anew_keeps_what_was_told(node: Node, clock: Clock) -> None:
    stage = set_stage(node, clock)
    convoy = planned(node)
    before = queries.seats(node, convoy)
    more = register(node, cast.REGISTRAR, [cast.NADIA_AGAIN])[0]
    clock.now += HOUR
    agree(node, more.persons)
    waiting.join(node, cast.REGISTRAR, more.persons, stage.school)
    published = acts.publish(node, cast.COORDINATOR, acts.propose(node).plan)
    assert published.convoys == (convoy,)
    assert (published.told, published.released, published.kept) == (1, 0, 9)
    after = queries.seats(node, convoy)
    assert {p: after[p].entry for p in before} == {p: s.entry for p, s in before.items()}


def test_a_plan_that_breaks_rules_is_not_published(node: Node, clock: Clock) -> None:
    stage = set_stage(node, clock)
    proposal = acts.propose(node)
    number = next(n for n, one in enumerate(proposal.plan.trips) if one.vehicle == stage.bus)
    changed = acts.swap_vehicle(proposal, number, stage.car)
    found = {one.rule for one in acts.breaches(changed)}
    assert "lying-places" in found or "seats" in found
    with pytest.raises(PlanRefused) as refused:
        acts.publish(node, cast.COORDINATOR, changed.plan)
    assert {one.rule for one in refused.value.breaches} == found
    assert queries.convoys(node) == []


def test_a_person_moves_a_family_and_takes_one_off(node: Node, clock: Clock) -> None:
    set_stage(node, clock)
    proposal = acts.propose(node)
    samira = next(one.id for one in proposal.built.instance.households if one.need == "C")
    off = acts.move_family(proposal, samira, None)
    assert off.plan.left == [samira] and acts.breaches(off) == []
    on = acts.move_family(off, samira, 0)
    assert on.plan.left == [] and acts.breaches(on) == []


def test_what_changed_since_the_proposal_stops_its_publishing(node: Node, clock: Clock) -> None:
    set_stage(node, clock)
    proposal = acts.propose(node)
    clock.now += DAY  # the departure is over
    with pytest.raises(PlanRefused):
        acts.publish(node, cast.COORDINATOR, proposal.plan)


def test_who_is_not_fit_or_rides_elsewhere_is_not_planned(node: Node, clock: Clock) -> None:
    stage = set_stage(node, clock)
    elsewhere = acts.plan(
        node, cast.COORDINATOR, "By hand", stage.school, stage.camp, stage.departs,
        [acts.VehicleDraft("Van", 1)],
    )  # fmt: skip
    acts.fill(node, cast.COORDINATOR, elsewhere)
    built = queries.build(node)
    assert [one.why for one in built.excluded] == ["holds_a_seat"]
    assert len(built.instance.households) == 3
    assert built.instance.receptions[0].intake[0] <= 500


def test_nothing_that_favours_can_reach_the_planner(node: Node, clock: Clock) -> None:
    """Names, origin, sex and nationality change nothing of the instance (promise 3)."""
    stage = set_stage(node, clock)
    before = planning.write_instance(queries.build(node).instance)
    for person in stage.everybody:
        values = PersonCorrected(name="X", origin="elsewhere", nationality="ZZ", sex="other")
        correct(node, cast.REGISTRAR, person, values, ())
    assert planning.write_instance(queries.build(node).instance) == before
    kinds = (planning.Household, planning.Unit, planning.Instance)
    fields = {field for kind in kinds for field in kind.__struct_fields__}
    assert fields & {"origin", "nationality", "sex", "faith", "phone"} == set()


def test_children_alone_need_a_guardian(node: Node, clock: Clock) -> None:
    stage = set_stage(node, clock)
    child = cast.newcomer("طفل", "male", "2018-01-01", relationship="head")
    made = register(node, cast.REGISTRAR, [NewHousehold(HouseholdRegistered(), [child])])[0]
    waiting.join(node, cast.REGISTRAR, made.persons, stage.school)
    home = next(one for one in queries.build(node).instance.households if one.id == made.household)
    assert home.units[0].unaccompanied == 1


def test_a_vehicle_cannot_be_at_two_places(node: Node, clock: Clock) -> None:
    stage = set_stage(node, clock)
    convoy = planned(node)
    acts.board(node, cast.MARSHAL, convoy, stage.persons["NADIA"])
    rows = {one.id: one.start for one in queries.build(node).instance.vehicles}
    away = [row.vehicle for row in queries.assignments(node, convoy)]
    back = (stage.departs - queries.build(node).zero_ms) // 60_000 + 180
    assert all(rows[vehicle] == back for vehicle in away)


def test_nobody_is_planned_who_did_not_agree(node: Node, clock: Clock) -> None:
    stage = set_stage(node, clock)
    answer(node, cast.REGISTRAR, stage.persons["BROTHERS"][1], {"travel": "withdrawn"})
    nadia_again = register(node, cast.REGISTRAR, [cast.NADIA_AGAIN])[0]
    waiting.join(node, cast.REGISTRAR, nadia_again.persons, stage.school)
    told = queries.seats_told(node, planned(node))
    assert stage.persons["BROTHERS"][0] in told
    assert stage.persons["BROTHERS"][1] not in told  # he said no, quietly
    assert nadia_again.persons[0] not in told  # nobody asked her yet
    assert [one.why for one in queries.build(node).excluded] == ["no_consent"]


def test_who_was_not_asked_is_given_no_free_seat(node: Node, clock: Clock) -> None:
    """STD 2.3: free seats go only to those whose adults were each asked alone."""
    stage = set_stage(node, clock)
    unasked = register(node, cast.REGISTRAR, [cast.NADIA_AGAIN])[0]
    waiting.join(node, cast.REGISTRAR, unasked.persons, stage.school)
    answer(node, cast.REGISTRAR, stage.persons["BROTHERS"][1], {"travel": "refused"})
    convoy = acts.plan(
        node, cast.COORDINATOR, "By hand", stage.school, stage.camp, stage.departs,
        [acts.VehicleDraft("Van", 20, lying=1)],
    )  # fmt: skip
    acts.fill(node, cast.COORDINATOR, convoy)
    told = queries.seats_told(node, convoy)
    assert set(told) == stage.everybody - {stage.persons["BROTHERS"][1]}
    agree(node, unasked.persons)
    acts.fill(node, cast.COORDINATOR, convoy)
    assert set(unasked.persons) <= set(queries.seats_told(node, convoy))


def test_a_family_rides_in_two_vehicles_only_if_each_adult_agreed(node: Node, clock: Clock) -> None:
    """Where no vehicle holds them; always in one convoy, and no child without a grown person."""
    stage = set_stage(node, clock, bus_seats=3, car_seats=3)
    people = [
        cast.newcomer(f"X {born}", "female", f"{born}-01-01")
        for born in (1980, 1985, 2015, 2017)
    ]  # fmt: skip
    made = register(node, cast.REGISTRAR, [cast.household(*people)])[0]
    agree(node, made.persons)
    waiting.join(node, cast.REGISTRAR, made.persons, stage.school)
    proposal = acts.propose(node)
    assert acts.why_left(proposal, made.household) == "needs_split"
    assert made.household in proposal.plan.left
    answer(node, cast.REGISTRAR, made.persons[0], {"split": "given"})
    assert made.household in queries.build(node).split_helps  # the other one was not asked
    answer(node, cast.REGISTRAR, made.persons[1], {"split": "given"})
    built = queries.build(node)
    home = next(one for one in built.instance.households if one.id == made.household)
    parts = [set(built.persons[unit.id]) for unit in home.units]
    assert sorted(map(len, parts)) == [2, 2] and set.union(*parts) == set(made.persons)
    assert all(part & set(made.persons[:2]) for part in parts)
    for person in stage.everybody:  # nobody else competes for the few seats
        acts_leave(node, person)
    told = queries.seats_told(node, planned(node))
    assert set(told) == set(made.persons)
    assert set(told.values()) == {stage.bus, stage.car}


def test_a_family_that_some_vehicle_holds_rides_together(node: Node, clock: Clock) -> None:
    stage = set_stage(node, clock)
    for person in queries.persons_by_id(node, sorted(stage.everybody)).values():
        if person.name in ("كريم ناصر", "إدريس ناصر"):
            answer(node, cast.REGISTRAR, person.id, {"split": "given"})
    told = queries.seats_told(node, planned(node))
    assert len({told[one] for one in stage.persons["BROTHERS"]}) == 1


def acts_leave(node: Node, person: str) -> None:
    answer(node, cast.REGISTRAR, person, {"travel": "refused"}, Talk(given_by="carer",
                                                                    given_by_name="X"))  # fmt: skip


def test_quiet_wishes_are_met_inside_a_convoy(node: Node, clock: Clock) -> None:
    stage = set_stage(node, clock, bus_seats=8, car_seats=2)
    together = seats_of(node)
    samira, nadia = stage.persons["SAMIRA"][0], stage.persons["NADIA"][0]
    amal, karim = stage.persons["AMALS"][0], stage.persons["BROTHERS"][0]
    # Whoever shares the bus with the Amals now wishes to ride apart from them.
    riding = next(one for one in (samira, nadia, karim) if together[one] == together[amal])
    ask_for_seat(node, "actor-protection", riding, "apart", amal)
    told = seats_of(node)
    assert set(told) == stage.everybody
    assert told[riding] != told[amal]
    assert acts.breaches(acts.propose(node)) == []


def seats_of(node: Node) -> dict[str, str]:
    """Person to vehicle as proposed."""
    proposal = acts.propose(node)
    return {
        person: trip.vehicle
        for trip in proposal.plan.trips
        for unit in trip.units
        for person in proposal.built.persons[unit]
    }


def test_a_nurse_holds_somebody_back_until_they_are_fit(desk: Desk) -> None:
    stage = set_stage(desk.node, desk.clock)
    nurse = desk.sign_in("nurse", "nurse")
    page = nurse.get("/convoys/fitness/", {"card": stage.cards["SAMIRA"]}).content.decode()
    samira = stage.persons["SAMIRA"][0]
    assert f"class-{samira}" in page
    nurse.post("/convoys/fitness/", {f"class-{samira}": "T5", "command": "one"})
    built = queries.build(desk.node)
    assert [(one.persons, one.why) for one in built.excluded] == [((samira,), "not_fit")]
    nurse.post("/convoys/fitness/", {f"class-{samira}": "T4", "command": "two"})
    home = next(one for one in queries.build(desk.node).instance.households
                if one.need and one.units[0].critical)  # fmt: skip
    assert home.units[0].critical == 1
    marshal = desk.sign_in("marshal", "marshal")
    assert marshal.get("/convoys/fitness/").status_code == 403


def test_the_planner_works_in_a_process_of_its_own(node: Node, clock: Clock) -> None:
    """As from the page: the same plan, told by another process."""
    set_stage(node, clock)
    told: list[str] = []
    proposal = acts.propose(node, acts.Watch(5.0, 1, told.append), acts.aside)
    assert told[0] == "reading" and told[-1] == "wishes" and len(told) > 2
    assert acts.breaches(proposal) == [] and proposal.plan.left == []
    assert proposal.plan.stage
    soon = acts.propose(node, acts.Watch(600.0, stop=lambda: True), acts.aside)
    assert acts.breaches(soon) == [] and soon.plan.trips  # asked to end, it told what it had


def test_boarding_goes_on_while_the_planner_thinks(node: Node, clock: Clock) -> None:
    """Nothing is locked meanwhile: a family boards, and what it changed stops the publishing."""
    stage = set_stage(node, clock)
    convoy = planned(node)

    def slow(
        instance: planning.Instance, previous: planning.Plan | None, watch: acts.Watch
    ) -> planning.Plan:
        acts.scan(node, cast.MARSHAL, convoy, stage.cards["NADIA"])
        return acts.here(instance, previous, watch)

    proposal = acts.propose(node, planner=slow)
    assert set(queries.aboard_of(node, convoy)) == set(stage.persons["NADIA"])
    with pytest.raises(PlanRefused):
        acts.publish(node, cast.COORDINATOR, proposal.plan)


def test_a_proposal_goes_when_somebody_in_it_is_erased(node: Node, clock: Clock) -> None:
    stage = set_stage(node, clock)
    kept = Draft.objects.using(node.alias)
    rows = {"kind": "plan", "actor": "a", "state": "running", "stage": "", "changed_ms": 0}
    kept.create(key="with", content="", **rows)
    kept.create(key="empty", content="[]", **rows)
    proposal = acts.propose(node)
    acts.keep(node, "with", proposal)
    gone = stage.persons["SAMIRA"][0]
    append(node, cast.REGISTRAR, [Entry(PersonErased(), gone)])
    assert list(kept.values_list("key", flat=True)) == ["empty"]
    with pytest.raises(Refusal, match="erased"):
        acts.keep(node, "empty", proposal)
    assert kept.get().content == "[]"


def test_the_rule_of_travelling_is_published_at_a_page(desk: Desk) -> None:
    """Each version stays; a plan names the numbers by which it was made."""
    set_stage(desk.node, desk.clock)
    amira = desk.sign_in("amira", "coordinator")
    page = "/convoys/rule/"
    assert "Nobody published numbers here yet" in amira.get(page).content.decode()
    said = {
        "luggage_kg": 10, "children_per_guardian": 4, "weight_A": 20, "weight_B": 6,
        "weight_C": 2, "weight_D": 1, "aging_percent": 8, "unserved_delay_days": 2,
        "max_wait_days": 14, "consent_required": "on",
    }  # fmt: skip
    wrong = amira.post(page, said | {"weight_D": 7, "command": "1"})
    assert wrong.status_code == 422 and "never weighs less" in wrong.content.decode()
    assert amira.post(page, said | {"command": "2"}).status_code == 302
    again = amira.post(page, said | {"command": "3"})
    assert "in force already" in again.content.decode()
    rule = queries.travel_rule(desk.node)
    assert (rule["luggage_kg"], rule["weight"]["A"], rule["consent_required"]) == (10, 20, 1)
    assert queries.build(desk.node).instance.children_per_guardian == 4
    nurse = desk.sign_in("nurse", "nurse")
    assert "Publish other numbers" not in nurse.get(page).content.decode()
    nurse.post(page, said | {"luggage_kg": 1, "command": "4"})
    assert queries.travel_rule(desk.node)["luggage_kg"] == 10
    published = acts.publish(desk.node, cast.COORDINATOR, acts.propose(desk.node).plan,
                             parameters=rule)  # fmt: skip
    assert published.convoys
    fact = models.PlanPublished.objects.using(desk.node.alias).get()
    assert '"luggage_kg":10' in fact.parameters

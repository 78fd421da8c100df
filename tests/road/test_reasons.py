"""Why a family does not leave earlier: found by looking, told to it alone, in counts only."""

from __future__ import annotations

from dataclasses import replace

from corridor.desk.models import Draft
from corridor.desk.templatetags.desk import moment
from corridor.engines import planning
from corridor.engines.departures import reasons
from corridor.journal.node import Node
from corridor.people.acts import register
from corridor.people.queries import persons_of
from corridor.stops.convoy import acts, queries
from corridor.stops.waiting import acts as waiting
from tests import cast
from tests.conftest import Desk
from tests.nodes import Clock
from tests.road.stage import HOUR, Stage, set_stage


def two_departures(node: Node, clock: Clock, bus_seats: int = 8, car_seats: int = 1) -> Stage:
    """A car goes at five, the bus and the car may go again three hours later."""
    stage = set_stage(node, clock, bus_seats=bus_seats, car_seats=car_seats)
    draft = acts.WindowDraft(
        "Morning", stage.departs - HOUR, stage.departs + 9 * HOUR,
        [stage.departs, stage.departs + 4 * HOUR], [stage.school], [stage.camp], 12, guardians=2,
    )  # fmt: skip
    acts.describe_window(node, cast.COORDINATOR, draft, window=stage.window)
    return stage


def test_who_is_overtaken_is_found(node: Node, clock: Clock) -> None:
    """A plan turned upside down by hand: one with less need goes first on a seat for one."""
    two_departures(node, clock)
    proposal = acts.propose(node)
    instance = proposal.built.instance
    assert not any(one.overtaken for one in reasons(instance, proposal.plan).values())
    alone = {one.need: one for one in instance.households if one.persons == 1}
    samira, nadia = alone["C"], alone["D"]
    early, late = sorted(instance.slots, key=lambda slot: slot.depart)
    car = next(v.id for v in instance.vehicles
               if next(t for t in instance.types if t.id == v.type).seats == 1)  # fmt: skip
    where = (instance.pickups[0], instance.receptions[0].id)
    trips = [planning.Trip(car, early.id, *where, [nadia.units[0].id]),
             planning.Trip(car, late.id, *where, [samira.units[0].id])]  # fmt: skip
    rest = [one.id for one in instance.households if one not in (samira, nadia)]
    upside = replace(proposal, plan=planning.Plan(trips, rest))
    found = reasons(instance, upside.plan)
    assert found[samira.id].overtaken == 1 and found[samira.id].slot == late.id
    assert found[nadia.id].overtaken == 0 and found[nadia.id].before == 0
    left = found[rest[0]]
    assert left.slot == "" and left.empty == 0 and left.stops


def test_a_family_is_told_why_not_earlier(desk: Desk) -> None:
    node = desk.node
    stage = two_departures(node, desk.clock)
    amira, registrar = desk.sign_in("amira", "coordinator"), desk.sign_in("rania", "registrar")
    card = {"card": stage.cards["NADIA"]}
    assert "No plan was published yet" in registrar.get("/convoys/why/", card).content.decode()
    acts.publish(node, cast.COORDINATOR, acts.propose(node).plan)
    shown = registrar.get("/convoys/why/", card).content.decode()
    assert ("You have seats" in shown and "fewer than 5" in shown) or "nobody" in shown
    assert "This was checked" in shown
    assert all(other not in shown for other in stage.everybody)  # no other family, no ids
    late = register(node, cast.REGISTRAR, [cast.NADIA_AGAIN])[0]
    waiting.join(node, cast.REGISTRAR, late.persons, stage.school)
    after = registrar.get("/convoys/why/", {"card": late.card}).content.decode()
    assert "The next plan counts you" in after
    acts.publish(node, cast.COORDINATOR, acts.propose(node).plan)
    unasked = registrar.get("/convoys/why/", {"card": late.card}).content.decode()
    assert "an adult has not been asked yet" in unasked
    assert (
        "No card with this number" in registrar.get("/convoys/why/", {"card": "1"}).content.decode()
    )
    passed = amira.get("/convoys/passed/").content.decode()
    assert "Nobody was passed over" in passed or "Earlier vehicles with room" in passed
    assert registrar.get("/convoys/passed/").status_code == 403
    assert desk.sign_in("noor", "nurse").get("/convoys/why/", card).status_code == 403
    assert queries.passed_over(node) == [] or passed


def test_what_binds_each_window_is_told_to_coordinators(desk: Desk) -> None:
    """A seat or a vehicle more: each by its price, on the proposal and once it is published."""
    node = desk.node
    stage = set_stage(node, desk.clock, bus_seats=4, car_seats=1)
    amira = desk.sign_in("amira", "coordinator")
    proposal = acts.propose(node)
    (told,) = proposal.windows.values()
    assert told.limits and told.limits[0].spares >= told.limits[-1].spares > 0
    assert told.people == sum(
        len(proposal.built.persons[unit]) for trip in proposal.plan.trips for unit in trip.units
    )
    Draft.objects.using(node.alias).create(
        key="mine", kind="plan", actor=cast.COORDINATOR, changed_ms=node.clock(), content=""
    )
    acts.keep(node, "mine", proposal)
    shown = amira.get("/convoys/plan/mine/").content.decode()
    assert "What binds each window" in shown and "one more vehicle of this kind" in shown
    assert "Bus 1" in shown.split("What binds each window")[1] and "Days spared" in shown
    assert amira.post("/convoys/plan/mine/publish/", {"command": "go"}).status_code == 302
    after = amira.get("/convoys/plan/").content.decode()
    assert "What bound the plan published last" in after and "Morning" in after
    assert "one more vehicle of this kind" in after
    arabic = desk.sign_in("salma", "coordinator", language="ar").get("/convoys/plan/")
    assert "ما قيّد آخر خطة نُشرت" in arabic.content.decode()
    assert not any(name in after for name in (*stage.everybody, *stage.persons))


def test_what_would_give_an_earlier_seat_is_told_to_the_family(desk: Desk) -> None:
    """Two brothers who would leave first in two vehicles learn it, and nobody else's business."""
    node = desk.node
    stage = two_departures(node, desk.clock, bus_seats=7, car_seats=2)
    instance = acts.propose(node).built.instance
    early, late = sorted(instance.slots, key=lambda slot: slot.depart)
    kinds = {one.id: one.seats for one in instance.types}
    seats = {one.id: kinds[one.type] for one in instance.vehicles}
    bus, car = sorted(seats, key=lambda one: -seats[one])
    homes = {one.id: one for one in instance.households}
    of = {row.id: row.household or row.id for row in persons_of(node, stage.everybody)}
    family = {name: homes[of[those[0]]] for name, those in stage.persons.items()}
    where = (instance.pickups[0], instance.receptions[0].id)

    def trip(vehicle: str, slot: str, *names: str) -> planning.Trip:
        units = [unit.id for name in names for unit in family[name].units]
        return planning.Trip(vehicle, slot, *where, units)

    trips = [trip(bus, early.id, "AMALS", "SAMIRA"), trip(car, early.id, "NADIA"),
             trip(bus, late.id, "BROTHERS")]  # fmt: skip
    plan = planning.Plan(trips, [])
    assert planning.check(instance, plan) == []
    acts.publish(node, cast.COORDINATOR, plan)
    registrar = desk.sign_in("rania", "registrar")
    shown = registrar.get("/convoys/why/", {"card": stage.cards["BROTHERS"]}).content.decode()
    assert reasons(instance, plan)[family["BROTHERS"].id].slot == late.id
    assert "in two vehicles of one convoy, if each adult agreed to it alone" in shown
    assert moment(stage.departs) in shown and "what could be tried was tried" not in shown
    assert all(other not in shown for other in stage.everybody)

"""Why a family does not leave earlier: found by looking, told to it alone, in counts only."""

from __future__ import annotations

from dataclasses import replace

from corridor.engines import planning
from corridor.engines.departures import reasons
from corridor.journal.node import Node
from corridor.people.acts import register
from corridor.stops.convoy import acts, queries
from corridor.stops.waiting import acts as waiting
from tests import cast
from tests.conftest import Desk
from tests.nodes import Clock
from tests.road.stage import HOUR, Stage, set_stage


def two_departures(node: Node, clock: Clock) -> Stage:
    """A car goes at five, the bus and the car may go again three hours later."""
    stage = set_stage(node, clock, bus_seats=8, car_seats=1)
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

"""On the way and at the other end, at the pages: who leaves, who changes, who was on no list."""

from __future__ import annotations

from corridor.people.acts import register
from corridor.people.queries import accounts, counts
from corridor.stops.convoy import acts, models, queries
from corridor.stops.waiting import acts as waiting
from tests import cast
from tests.conftest import Desk
from tests.road.stage import Stage, planned, set_stage
from tests.road.test_bad_days import sent_off


def on_the_way(desk: Desk) -> tuple[Stage, str, str]:
    """A convoy with a driver has left; returns it and the driver."""
    stage = set_stage(desk.node, desk.clock)
    convoy = planned(desk.node)
    if stage.car not in {one.id for one in queries.vehicles(desk.node, convoy)}:
        acts.add_vehicle(desk.node, cast.COORDINATOR, convoy, stage.car)
    driver = acts.join_crew(desk.node, cast.COORDINATOR, "Omar", "driver")
    acts.seat_crew(desk.node, cast.COORDINATOR, convoy, driver, stage.bus)
    acts.tap(desk.node, cast.MARSHAL, convoy, [driver])
    sent_off(desk.node, stage, convoy)
    return stage, convoy, driver


def test_who_leaves_on_the_way_is_written_down_by_name(desk: Desk) -> None:
    stage, convoy, driver = on_the_way(desk)
    node, page = desk.node, f"/convoys/{convoy}/way/"
    marshal = desk.sign_in("marshal", "marshal")
    assert set(queries.still_riding(node, convoy)) == {*stage.everybody, driver}
    shown = marshal.get(page).content.decode()
    assert all(person in shown for person in (*stage.everybody, driver))
    nadia, samira = stage.persons["NADIA"][0], stage.persons["SAMIRA"][0]
    marshal.post(page, {"do": "befell", "what": "taken_to_care", "person": nadia,
                        "place": stage.camp, "command": "1"})  # fmt: skip
    marshal.post(page, {"do": "crew", "person": driver, "command": "2"})
    refused = marshal.post(page, {"do": "crew", "person": samira, "command": "3"}, follow=True)
    assert "Not all of these people are crew" in refused.content.decode()
    nothing = marshal.post(page, {"do": "befell", "what": "left", "command": "4"}, follow=True)
    assert "Tick the people first" in nothing.content.decode()
    assert set(queries.still_riding(node, convoy)) == stage.everybody - {nadia}
    found = queries.balance(node, convoy)
    assert found.terms["taken_to_care"] == (nadia,) and found.terms["left"] == (driver,)
    assert driver not in queries.crew(node)
    duties = {line.person: line.duty for line in queries.manifest(node, convoy)}
    assert duties[driver] == "driver"  # he was, when it left
    assert accounts(node, [nadia])[0].state == "referred"


def test_a_nurse_writes_of_care_and_nothing_else(desk: Desk) -> None:
    stage, convoy, _driver = on_the_way(desk)
    page, nadia = f"/convoys/{convoy}/way/", stage.persons["NADIA"][0]
    nurse = desk.sign_in("nurse", "nurse")
    shown = nurse.get(page).content.decode()
    assert 'value="taken_to_care"' in shown and 'value="held"' not in shown
    nurse.post(page, {"do": "befell", "what": "held", "person": nadia, "command": "1"})
    nurse.post(page, {"do": "transfer", "to": f"{convoy}:{stage.car}", "person": nadia,
                      "command": "2"})  # fmt: skip
    assert nadia in queries.still_riding(desk.node, convoy)
    nurse.post(page, {"do": "befell", "what": "taken_to_care", "person": nadia, "command": "3"})
    assert nadia not in queries.still_riding(desk.node, convoy)


def test_people_change_the_vehicle_on_the_way(desk: Desk) -> None:
    """A bus breaks down on the road: into the other vehicle, or into another convoy."""
    stage, convoy, driver = on_the_way(desk)
    node = desk.node
    other = acts.plan(node, cast.COORDINATOR, "Two", stage.school, stage.camp, None,
                      [acts.VehicleDraft("Van", 8)])  # fmt: skip
    van = queries.vehicles(node, other)[0].id
    page, marshal = f"/convoys/{convoy}/way/", desk.sign_in("marshal", "marshal")
    held = queries.aboard_of(node, convoy)
    nadia, samira = stage.persons["NADIA"][0], stage.persons["SAMIRA"][0]
    away = stage.car if held[nadia] == stage.bus else stage.bus
    sent = {"do": "transfer", "to": f"{convoy}:{away}", "person": nadia}
    marshal.post(page, sent | {"command": "1"})
    assert queries.aboard_of(node, convoy)[nadia] == away
    again = marshal.post(page, sent | {"command": "2"}, follow=True).content.decode()
    assert "ride in this vehicle already" in again
    marshal.post(page, {"do": "transfer", "to": f"{other}:{van}", "person": samira, "command": "3"})
    assert queries.aboard_of(node, other) == {samira: van}
    rest = stage.everybody - {samira} | {driver}
    acts.arrive(node, cast.MARSHAL, convoy, sorted(rest))
    assert acts.close_arrival(node, cast.MARSHAL, convoy) == 0
    found = queries.balance(node, convoy)
    assert found.is_whole and found.terms["transferred"] == (samira,)
    assert len(found.terms["arrived"]) == len(rest)


def test_heads_at_a_checkpoint_stand_beside_those_who_ride(desk: Desk) -> None:
    _stage, convoy, _driver = on_the_way(desk)
    marshal = desk.sign_in("marshal", "marshal")
    sent = {"count": "9", "vehicle": "", "phase": "checkpoint", "command": "1"}
    answer = marshal.post(f"/convoys/{convoy}/count/", sent, follow=True).content.decode()
    assert "-1" in answer  # ten ride
    row = models.HeadsCounted.objects.using(desk.node.alias).get(phase="checkpoint")
    assert row.count == 9
    assert queries.tallies(desk.node, convoy)[-1].heads is None  # no count before leaving


def test_somebody_with_a_card_from_elsewhere_is_found(desk: Desk) -> None:
    """On no list of this convoy, but registered: counted here, and not registered twice."""
    stage, convoy, _driver = on_the_way(desk)
    node, page = desk.node, f"/convoys/{convoy}/arrival/"
    late = register(node, cast.REGISTRAR, [cast.NADIA_AGAIN])[0]
    waiting.join(node, cast.REGISTRAR, late.persons, stage.school)
    before = sum(counts(node).values())
    marshal = desk.sign_in("marshal", "marshal")
    scanned = marshal.post(page, {"card": late.card, "lane": "1", "command": "1"}, follow=True)
    assert "On no list of this convoy" in scanned.content.decode()
    wrong = marshal.post(f"{page}unlisted/", {"card": "1234567891", "command": "2"})
    assert wrong.status_code == 422
    found = marshal.post(f"{page}unlisted/", {"card": late.card, "command": "3"}, follow=True)
    assert late.persons[0] in found.content.decode()
    marshal.post(page, {"person": late.persons, "lane": "1", "command": "4"})
    assert accounts(node, late.persons)[0].state == "at_site"
    answer = marshal.get(page)  # the menu still says where one is
    assert answer.context["here"] == "/convoys/"
    assert queries.balance(node, convoy).unlisted == late.persons
    assert sum(counts(node).values()) == before


def test_a_name_known_before_is_shown_before_anybody_is_registered(desk: Desk) -> None:
    stage, convoy, _driver = on_the_way(desk)
    node, page = desk.node, f"/convoys/{convoy}/arrival/"
    before = sum(counts(node).values())
    marshal = desk.sign_in("marshal", "marshal")
    said = {"name": "نادية قاسم", "command": "1"}
    asked = marshal.post(f"{page}unlisted/", said)
    assert asked.status_code == 422
    assert stage.persons["NADIA"][0] in asked.content.decode()
    assert sum(counts(node).values()) == before
    marshal.post(f"{page}unlisted/", said | {"sure": "1"})
    assert sum(counts(node).values()) == before + 1
    marshal.post(f"{page}unlisted/", {"name": "Zzz", "command": "2"})
    assert sum(counts(node).values()) == before + 2


def test_it_is_told_who_was_told_which_seat_and_when(desk: Desk) -> None:
    stage = set_stage(desk.node, desk.clock)
    convoy = planned(desk.node)
    acts.release(desk.node, cast.MARSHAL, convoy, stage.persons["NADIA"], "wish")
    marshal = desk.sign_in("marshal", "marshal")
    nadia = stage.persons["NADIA"][0]
    may_open = marshal.get(f"/people/{nadia}/").status_code == 200
    shown = marshal.get(f"/convoys/{convoy}/told/").content.decode()
    assert (f"/people/{nadia}/" in shown) == may_open  # no link leads to a closed door
    shown = desk.sign_in("amira", "coordinator").get(f"/convoys/{convoy}/told/").content.decode()
    assert all(person in shown for person in stage.everybody)
    assert "given back: at own wish" in shown
    one = marshal.get(f"/convoys/{convoy}/told/", {"card": stage.cards["NADIA"]}).content.decode()
    assert one.count(stage.persons["NADIA"][0]) == 2
    assert stage.persons["SAMIRA"][0] not in one

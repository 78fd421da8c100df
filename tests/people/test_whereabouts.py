"""What happens to people off the road, and how open loops are closed."""

from __future__ import annotations

import pytest

from corridor.journal.append import Draft, append
from corridor.journal.node import Node
from corridor.people import models, whereabouts
from corridor.people.acts import Refusal, link, register
from corridor.people.entries import RecordsLinked
from corridor.people.queries import accounts, counts
from corridor.stops.convoy import acts as convoys
from corridor.stops.convoy import queries as convoy_queries
from corridor.stops.waiting import acts as waiting
from corridor.stops.waiting.queries import queue
from tests import cast
from tests.conftest import Desk
from tests.journeys.test_road import everybody_waits, opened
from tests.nodes import Clock


def state_of(node: Node, person: str) -> str:
    return accounts(node, [person])[0].state


def gone(node: Node, clock: Clock, missing: str = "SAMIRA") -> tuple[str, str, str]:
    """A convoy that arrived without somebody; returns pick-up, reception and who is missing."""
    school, camp = opened(node)
    persons = everybody_waits(node, clock, school)
    bus = [convoys.VehicleDraft("Bus 1", 10, lying=1)]
    convoy = convoys.plan(node, cast.COORDINATOR, "One", school, camp, clock.now, bus)
    convoys.fill(node, cast.COORDINATOR, convoy)
    told = list(convoy_queries.seats_told(node, convoy))
    convoys.board(node, cast.MARSHAL, convoy, told)
    convoys.judge(node, cast.MARSHAL, convoy, convoys.ALL_CLEAR)
    convoys.depart(node, cast.MARSHAL, convoy, len(told))
    lost = persons[missing][0]
    convoys.arrive(node, cast.MARSHAL, convoy, [one for one in told if one != lost])
    convoys.close_arrival(node, cast.MARSHAL, convoy)
    return school, camp, lost


@pytest.mark.parametrize("state", whereabouts.MOVES)
def test_nobody_leaves_the_list_silently(node: Node, clock: Clock, state: str) -> None:
    school, _camp = opened(node)
    persons = everybody_waits(node, clock, school)
    waiting_before = sum(len(group.persons) for group in queue(node, school))
    if state == "at_site":
        whereabouts.move(node, cast.COORDINATOR, persons["NADIA"], state, place=school)
    else:
        whereabouts.move(node, cast.COORDINATOR, persons["NADIA"], state, words="said quietly")
    assert state_of(node, persons["NADIA"][0]) == state
    assert sum(len(group.persons) for group in queue(node, school)) == waiting_before - 1
    assert sum(counts(node).values()) == 9
    assert counts(node)[state] == 1


def test_what_cannot_be_is_refused_and_nobody_is_moved(node: Node, clock: Clock) -> None:
    school, _camp = opened(node)
    persons = everybody_waits(node, clock, school)
    nadia, samira = persons["NADIA"][0], persons["SAMIRA"][0]
    whereabouts.move(node, cast.COORDINATOR, [nadia], "dead")
    for state in whereabouts.MOVES:
        with pytest.raises(Refusal):
            whereabouts.move(node, cast.COORDINATOR, [samira, nadia], state)
    assert state_of(node, samira) == "waiting"
    with pytest.raises(Refusal):
        whereabouts.move(node, cast.COORDINATOR, ["nobody"], "dead")
    with pytest.raises(Refusal):
        whereabouts.move(node, cast.COORDINATOR, [samira], "aboard")


def test_the_same_tap_is_recorded_once(node: Node, clock: Clock) -> None:
    school, _camp = opened(node)
    persons = everybody_waits(node, clock, school)
    for _ in range(2):
        whereabouts.move(node, cast.COORDINATOR, persons["NADIA"], "chose_to_stay", command="tap")
    assert models.PersonChoseToStay.objects.using(node.alias).count() == 1


@pytest.mark.parametrize(
    "outcome", [one for one in whereabouts.OUTCOMES if one not in ("in_care", "waiting")]
)
def test_the_missing_stay_open_until_it_is_found_out(
    node: Node, clock: Clock, outcome: str
) -> None:
    _school, camp, lost = gone(node, clock)
    assert state_of(node, lost) == "not_accounted_for"
    with pytest.raises(Refusal):
        whereabouts.find_out(node, cast.COORDINATOR, lost, "not_accounted_for", outcome)
    assert state_of(node, lost) == "not_accounted_for"
    whereabouts.find_out(
        node, cast.COORDINATOR, lost, "not_accounted_for", outcome,
        place=camp if outcome == "at_site" else "", words="The driver told it",
    )  # fmt: skip
    assert state_of(node, lost) == outcome
    assert whereabouts.closings(node, [lost])[0].outcome == outcome
    assert accounts(node, [lost])[0].ends == 1


def test_somebody_found_where_they_waited_keeps_their_days(node: Node, clock: Clock) -> None:
    school, _camp, lost = gone(node, clock)
    waiting.found_waiting(
        node, cast.COORDINATOR, lost, "not_accounted_for", school, "Never got on, says the marshal"
    )
    (group,) = queue(node, school)
    assert group.persons == (lost,)
    assert group.days(clock.now) == 2


def test_a_scan_after_a_death_was_told_is_not_hidden(node: Node, clock: Clock) -> None:
    """What was found out and what was scanned contradict each other: a person must look."""
    _school, _camp, lost = gone(node, clock)
    boarding = models.Movement.objects.using(node.alias).get(person=lost, state="aboard").entry
    convoy = models.Movement.objects.using(node.alias).get(entry=boarding).journey
    whereabouts.find_out(node, cast.COORDINATOR, lost, "not_accounted_for", "dead", words="A call")
    kind = type(_arrived())
    late = Draft(kind(convoy=convoy, site=""), lost, over=((boarding, 0),))  # type: ignore[call-arg]
    append(node, cast.MARSHAL, [late])
    assert accounts(node, [lost])[0].ends == 2
    whereabouts.find_out(node, cast.COORDINATOR, lost, "two_places", "at_site", words="Seen")
    assert accounts(node, [lost])[0].ends == 1
    assert state_of(node, lost) == "at_site"


def _arrived() -> object:
    from corridor.journal.kinds import kind_named  # noqa: PLC0415

    kind = kind_named("person.arrived")
    assert kind is not None
    return kind.struct(convoy="", site="")  # type: ignore[call-arg]


def test_linked_records_move_together(node: Node, clock: Clock) -> None:
    school, _camp = opened(node)
    persons = everybody_waits(node, clock, school)
    again = register(node, cast.REGISTRAR, [cast.NADIA_AGAIN])[0].persons
    waiting.join(node, cast.REGISTRAR, again, school)
    link(node, cast.REGISTRAR, persons["NADIA"][0], again[0])
    whereabouts.move(node, cast.COORDINATOR, again, "chose_to_stay")
    rows = models.Whereabouts.objects.using(node.alias).filter(
        person__in=[*again, *persons["NADIA"]]
    )
    assert {row.state for row in rows} == {"chose_to_stay"}
    assert RecordsLinked


def test_owner_and_next_asking(node: Node, clock: Clock) -> None:
    _school, _camp, lost = gone(node, clock)
    with pytest.raises(Refusal):
        whereabouts.assign(node, cast.COORDINATOR, lost, "a stranger")
    for hours in (0, -1, 24 * 31):
        with pytest.raises(Refusal):
            whereabouts.follow(node, cast.COORDINATOR, lost, hours, "asked the driver")
    whereabouts.follow(node, cast.COORDINATOR, lost, 4, "asked the driver")
    row = models.LoopFollowed.objects.using(node.alias).get()
    assert row.due_ms == clock.now + 4 * 3_600_000
    assert state_of(node, lost) == "not_accounted_for"


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_page_records_what_happened(desk: Desk, language: str) -> None:
    school, _camp = opened(desk.node)
    persons = everybody_waits(desk.node, desk.clock, school)
    rima = desk.sign_in("rima", "registrar", language=language)
    nadia = persons["NADIA"][0]
    page = f"/people/{nadia}/happened/"
    assert rima.get(page).status_code == 200
    wrong = rima.post(page, {"command": "x", "persons": [nadia]})
    assert wrong.status_code == 422
    said = {"command": "y", "persons": [nadia], "state": "chose_to_stay", "words": "secret words"}
    assert rima.post(page, said).status_code == 302
    assert state_of(desk.node, nadia) == "chose_to_stay"
    assert "secret words" not in rima.get(f"/people/{nadia}/").content.decode()
    marshal = desk.sign_in("mara", "marshal")
    assert marshal.post(page, {**said, "command": "z", "state": "dead"}).status_code == 302
    assert desk.sign_in("aida", "aid").get(page).status_code == 403

"""The coordinator's home, what is open about people, and what an auditor reads."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from django.test import Client

from corridor.journal.append import Draft, append
from corridor.journal.entries import EntryWithdrawn
from corridor.journal.looks import seal
from corridor.oversight import loops
from corridor.oversight.queries import summary
from corridor.people import models, whereabouts
from corridor.people.queries import accounts, card_of_household
from corridor.stops.convoy import acts as convoys
from corridor.stops.convoy import queries as convoy_queries
from corridor.stops.waiting import queries as waiting
from tests import cast
from tests.conftest import Desk
from tests.journeys.test_road import DAY, everybody_waits, opened

HOUR = 60 * 60 * 1000
NAMES = [str(n.values.name) for home in cast.EVERYBODY for n in home.newcomers if n.values.name]


def text_of(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, (path, answer.status_code)
    return str(answer.content.decode())


def tap(client: Client, path: str, **values: Any) -> str:
    values.setdefault("command", f"t{sorted(map(str, values.values()))}"[-60:])
    answer = client.post(path, values, follow=True)
    assert answer.status_code == 200, answer.content.decode()[:3000]
    return str(answer.content.decode())


def actor_named(desk: Desk, name: str) -> str:
    return next(one for one, called in loops.team(desk.node) if called == name)


def one_missing(desk: Desk) -> str:
    """A convoy arrived without Samira; returns her id."""
    node = desk.node
    school, camp = opened(node)
    persons = everybody_waits(node, desk.clock, school)
    bus = [convoys.VehicleDraft("Bus 1", 10, lying=1)]
    convoy = convoys.plan(node, cast.COORDINATOR, "One", school, camp, desk.clock.now, bus)
    convoys.fill(node, cast.COORDINATOR, convoy)
    told = list(convoy_queries.seats_told(node, convoy))
    convoys.board(node, cast.MARSHAL, convoy, told)
    convoys.judge(node, cast.MARSHAL, convoy, convoys.ALL_CLEAR)
    convoys.depart(node, cast.MARSHAL, convoy, len(told))
    samira = persons["SAMIRA"][0]
    convoys.arrive(node, cast.MARSHAL, convoy, [one for one in told if one != samira])
    convoys.close_arrival(node, cast.MARSHAL, convoy)
    return samira


def test_what_is_open_has_an_owner_a_time_and_an_end(desk: Desk) -> None:
    lost = one_missing(desk)
    amira, marwan = desk.sign_in("amira", "coordinator"), desk.sign_in("marwan", "marshal")
    page = text_of(amira, "/accounts/")
    assert "أم علي" in page
    assert "nobody yet" in page
    assert marwan.get(f"/accounts/open/{lost}/").status_code == 403
    assert "Asked of you" not in text_of(marwan, "/")
    tap(amira, f"/accounts/open/{lost}/", what="assign", owner=actor_named(desk, "marwan"))
    assert "Asked of you to find out" in text_of(marwan, "/")
    assert "أم علي" in text_of(marwan, "/accounts/mine/")
    desk.clock.now += 3 * HOUR
    assert "due now" in text_of(amira, "/accounts/")
    desk.clock.now += 2 * HOUR
    assert "tell the head of the operation" in text_of(amira, "/accounts/")
    said = tap(marwan, f"/accounts/open/{lost}/", what="follow", hours="4", words="The driver")
    assert "due again" in said
    assert "The driver" in text_of(amira, f"/accounts/open/{lost}/")
    assert "tell the head" not in text_of(amira, "/accounts/")
    close = {"what": "close", "outcome": "at_site", "words": "Seen at the well by Mara"}
    marwan.post(f"/accounts/open/{lost}/", {**close, "command": "m"})
    assert accounts(desk.node, [lost])[0].state == "not_accounted_for"
    assert "Closed with what was found out" in tap(amira, f"/accounts/open/{lost}/", **close)
    assert accounts(desk.node, [lost])[0].state == "at_site"
    assert "Everybody is accounted for" in text_of(amira, "/accounts/")


def test_somebody_found_waiting_needs_a_pick_up_point(desk: Desk) -> None:
    lost = one_missing(desk)
    amira = desk.sign_in("amira", "coordinator")
    (school,) = (one.id for one in waiting.places(desk.node, "pickup"))
    close = {"what": "close", "outcome": "waiting", "words": "She never left the school"}
    wrong = amira.post(f"/accounts/open/{lost}/", {**close, "command": "w"})
    assert wrong.status_code == 422
    assert "Choose the pick-up point" in wrong.content.decode()
    tap(amira, f"/accounts/open/{lost}/", **close, place=school)
    assert [one.days(desk.clock.now) for one in waiting.Line(desk.node)] == [2]


def test_referred_and_taken_aside_stay_open_until_word_comes(desk: Desk) -> None:
    school, _camp = opened(desk.node)
    persons = everybody_waits(desk.node, desk.clock, school)
    whereabouts.move(desk.node, cast.MARSHAL, persons["NADIA"], "referred")
    whereabouts.move(desk.node, cast.MARSHAL, persons["SAMIRA"], "taken_aside")
    found = loops.open_loops(desk.node)
    assert {(one.why, one.account.person) for one in found} == {
        ("referred", persons["NADIA"][0]), ("taken_aside", persons["SAMIRA"][0]),
    }  # fmt: skip
    amira = desk.sign_in("amira", "coordinator")
    nadia = persons["NADIA"][0]
    assert "looked after there" in text_of(amira, f"/accounts/open/{nadia}/")
    tap(
        amira, f"/accounts/open/{nadia}/", what="close", outcome="in_care", words="The ward said so"
    )
    assert [one.why for one in loops.open_loops(desk.node)] == ["taken_aside"]
    assert accounts(desk.node, [nadia])[0].state == "referred"


@pytest.mark.parametrize("language", ["en", "ar"])
def test_as_it_was_at_a_time(desk: Desk, language: str) -> None:
    school, _camp = opened(desk.node)
    everybody_waits(desk.node, desk.clock, school)
    amira = desk.sign_in("amira", "coordinator", language=language)
    before = text_of(amira, "/accounts/?at=2026-09-22T20:00")  # two families had come
    numbers = re.findall(r'class="big number">(\d+)<', before)
    assert numbers == ["3", "9"]
    assert amira.get("/accounts/?at=never").status_code == 200
    early = text_of(amira, "/accounts/?at=2020-01-01T00:00&basis=happened")
    assert re.findall(r'class="big number">(\d+)<', early) == ["9"]


def test_what_was_withdrawn_later_is_told_of_the_time_before(desk: Desk) -> None:
    school, _camp = opened(desk.node)
    persons = everybody_waits(desk.node, desk.clock, school)
    at = desk.clock.now
    desk.clock.now += DAY
    move = models.Movement.objects.get(person=persons["NADIA"][0])
    what = EntryWithdrawn(withdrawn=move.entry, reason="wrong_person")
    append(desk.node, cast.COORDINATOR, [Draft(what, move.person)])
    from corridor.oversight.accounts import as_it_was, numbers  # noqa: PLC0415

    assert numbers(desk.node).states == {"waiting": 8, "registered": 1}
    assert as_it_was(desk.node, at).states == {"waiting": 9}
    assert as_it_was(desk.node, at, known=False).states == {"waiting": 8, "registered": 1}


def test_the_command_line_tells_the_same(desk: Desk) -> None:
    lost = one_missing(desk)
    found = json.loads(json.dumps(summary(desk.node)))
    assert found["states"] == {"not_accounted_for": 1, "waiting": 3, "at_site": 5} or (
        sum(found["states"].values()) == 9
    )
    assert found["people"] == 9
    assert found["remainder"] == {"people": 0, "records": [], "states": []}
    (open_,) = found["open"]
    assert (open_["person"], open_["why"], open_["level"]) == (lost, "not_accounted_for", "open")
    assert sum(n for one in found["places"] for n in one["states"].values()) == 9


def test_an_auditor_reads_looks_and_corrections_and_no_names(desk: Desk) -> None:
    school, _camp = opened(desk.node)
    persons = everybody_waits(desk.node, desk.clock, school)
    nurse = desk.sign_in("nurse", "nurse")
    nurse.get(f"/people/{persons['SAMIRA'][0]}/")
    seal(desk.node)
    nurse.get(f"/people/{persons['SAMIRA'][0]}/")
    home = str(models.Person.objects.get(id=persons["SAMIRA"][0]).household)
    card = card_of_household(desk.node, home)
    move = models.Movement.objects.get(person=persons["NADIA"][0])
    append(desk.node, cast.COORDINATOR, [
        Draft(EntryWithdrawn(withdrawn=move.entry, reason="wrong_person", remark="her cousin"),
              move.person)
    ])  # fmt: skip
    auditor = desk.sign_in("auditor", "auditor")
    page = text_of(auditor, f"/accounts/audit/?card={card}")
    assert page.count("<bdi>nurse</bdi>") >= 3  # twice at this card, once in the numbers
    assert "Withdrawn as recorded in error (wrong_person)" in page
    assert "her cousin" not in page
    assert not any(name in page for name in NAMES)
    assert "No card with this number counts" in text_of(auditor, "/accounts/audit/?card=12")
    for role in ("coordinator", "registrar", "protection"):
        assert desk.sign_in(role, role).get("/accounts/audit/").status_code == 403
    assert not any(name in text_of(auditor, "/accounts/") for name in NAMES)


@pytest.mark.parametrize("by", ["", "origin", "sex", "place"])
def test_waiting_times_hide_small_groups(desk: Desk, by: str) -> None:
    school, _camp = opened(desk.node)
    everybody_waits(desk.node, desk.clock, school)
    auditor = desk.sign_in("auditor", "auditor")
    page = text_of(auditor, f"/accounts/waits/?by={by}")
    assert "too few people" in page
    assert page.count('title="hidden"') >= 2
    assert desk.sign_in("marshal", "marshal").get("/accounts/waits/").status_code == 403


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize(
    "role", ["registrar", "marshal", "nurse", "protection", "coordinator", "auditor",
             "administrator", "tracing"],
)  # fmt: skip
def test_the_first_page_says_what_a_role_does(desk: Desk, role: str, language: str) -> None:
    client = desk.sign_in(role, role, language=language)
    page = text_of(client, "/")
    steps = re.findall(r'<li><a href="([^"]+)">', page.split("<ol>")[1].split("</ol>")[0])
    assert steps
    for address in steps:
        assert client.get(address).status_code == 200, address


def test_a_coordinator_publishes_when_what_is_open_is_due(desk: Desk) -> None:
    lost = one_missing(desk)
    [before] = loops.open_loops(desk.node, [lost])
    amira, marwan = desk.sign_in("amira", "coordinator"), desk.sign_in("marwan", "marshal")
    assert "/accounts/hours/" in text_of(amira, "/accounts/")
    sent = {"not_accounted_for": "6", "two_places": "12", "taken_aside": "12", "referred": "24"}
    tap(marwan, "/accounts/hours/", **sent)  # everybody reads it; only a coordinator publishes
    assert loops.open_loops(desk.node, [lost]) == [before]
    bad = amira.post("/accounts/hours/", {**sent, "referred": "0", "command": "b"})
    assert bad.status_code == 422
    assert loops.open_loops(desk.node, [lost]) == [before]
    assert "The hours are published" in tap(amira, "/accounts/hours/", **sent)
    [after] = loops.open_loops(desk.node, [lost])
    assert after.due_ms - before.due_ms == 4 * HOUR and after.hours == 6
    told = text_of(marwan, "/accounts/hours/")
    assert "amira" in told and "Publish other numbers" not in told

"""The road through the pages, who may open them, and what they give away."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from corridor.desk.navigation import pages_for
from corridor.journal.models import Look
from corridor.people import models as people_models
from corridor.people.queries import cards_of, counts
from corridor.stops.convoy import queries
from corridor.stops.convoy.acts import CHECKLIST
from tests import cast
from tests.conftest import Desk
from tests.journeys.test_road import everybody_waits, opened
from tests.printed import text_of

PAGES = ("/", "/accounts/", "/people/", "/waiting/", "/convoys/")


def planned(desk: Desk, amira: Client) -> str:
    """Everybody waits, and a convoy is made through the page; returns its address."""
    school, camp = opened(desk.node)
    everybody_waits(desk.node, desk.clock, school)
    form = amira.get("/convoys/").content.decode()
    answer = amira.post("/convoys/", {
        "command": re.search(r'name="command" value="(\w+)"', form)[1],  # type: ignore[index]
        "name": "One", "origin": school, "destination": camp, "departs": "",
        "vehicles": "Bus 1; 10; 1\nCar; 2",
    })  # fmt: skip
    assert answer.status_code == 302, answer.content.decode()
    return str(answer["Location"])


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_road_through_the_pages(desk: Desk, language: str) -> None:
    amira = desk.sign_in("amira", "coordinator", "registrar", language=language)
    convoy = planned(desk, amira)
    assert "9" in amira.get("/waiting/").content.decode()
    amira.post(f"{convoy}fill/", {"command": "f"})
    identity = convoy.strip("/").split("/")[-1]
    households = dict(people_models.Person.objects.values_list("household", "id"))
    for card in cards_of(desk.node, households).values():
        amira.post(f"{convoy}boarding/", {"card": card, "command": f"b{card}"})
    assert len(queries.aboard_of(desk.node, identity)) == 9
    amira.post(f"{convoy}judge/", dict.fromkeys(CHECKLIST, "ok") | {"command": "j"})
    said = amira.post(f"{convoy}depart/", {"head_count": "9", "command": "d"}, follow=True)
    assert 'class="notice success good"' in said.content.decode() or said.status_code == 200
    samira = people_models.Person.objects.get(known_as="أم علي")
    rest = [one for one in queries.aboard_of(desk.node, identity) if one != samira.id]
    amira.post(f"{convoy}arrival/", {"person": rest, "command": "a"})
    amira.post(f"{convoy}close/", {"command": "c"})
    assert counts(desk.node) == {"not_accounted_for": 1, "at_site": 8}
    for page in ("/accounts/", convoy):
        assert "أم علي" in amira.get(page).content.decode()


def test_two_taps_board_once_and_a_wrong_card_says_so(desk: Desk) -> None:
    amira = desk.sign_in("amira", "coordinator")
    convoy = planned(desk, amira)
    identity = convoy.strip("/").split("/")[-1]
    amira.post(f"{convoy}fill/", {"command": "f"})
    person = next(iter(queries.seats_told(desk.node, identity)))
    for _ in range(2):
        amira.post(f"{convoy}boarding/", {"person": [person], "command": "tap"})
    assert queries.aboard_of(desk.node, identity).keys() == {person}
    said = amira.post(f"{convoy}boarding/", {"card": "123", "command": "x"}, follow=True)
    assert "not a whole card number" in said.content.decode()


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_manifest_prints(desk: Desk, language: str) -> None:
    amira = desk.sign_in("amira", "coordinator", language=language)
    convoy = planned(desk, amira)
    amira.post(f"{convoy}fill/", {"command": "f"})
    answer = amira.get(f"{convoy}manifest.pdf")
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Cache-Control"] == "no-store"
    assert answer.content.startswith(b"%PDF")
    assert len(answer.content) > 5000


def test_a_page_is_for_its_roles(desk: Desk) -> None:
    clients = {role: desk.sign_in(role, role) for role in ("nurse", "auditor", "marshal")}
    allowed = {"/accounts/": {"auditor"}, "/people/": {"nurse"}, "/waiting/": {"marshal"},
               "/convoys/": {"marshal"}, "/": {"nurse", "auditor", "marshal"}}  # fmt: skip
    for page, roles in allowed.items():
        for role, client in clients.items():
            assert client.get(page).status_code == (200 if role in roles else 403), (page, role)


def test_nobody_enters_without_signing_in(desk: Desk) -> None:
    for page in PAGES:
        answer = Client().get(page)
        assert answer.status_code == 302
        assert answer["Location"].startswith("/sign-in/")


def test_signing_in_and_out(desk: Desk) -> None:
    desk.sign_in("amira", "coordinator")
    client = Client()
    wrong = client.post("/sign-in/", {"login": "amira", "password": "wrong"})
    assert wrong.status_code == 200
    right = client.post("/sign-in/", {"login": "amira", "password": "a long password"})
    assert right.status_code == 302
    assert client.get("/").status_code == 200
    client.post("/sign-out/")
    assert client.get("/").status_code == 302


def test_every_answer_carries_a_strict_policy(desk: Desk) -> None:
    client = desk.sign_in("amira", "coordinator")
    for page in (*PAGES, "/sign-in/", "/nothing/"):
        policy = client.get(page)["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy


def test_pages_hold_no_inline_script_or_style(desk: Desk) -> None:
    client = desk.sign_in("amira", "coordinator", "registrar")
    convoy = planned(desk, client)
    for page in (*PAGES, convoy, f"{convoy}boarding/", f"{convoy}manifest/"):
        text = client.get(page).content.decode()
        assert not re.search(r"<script(?![^>]*src=)|<style|\sstyle=|\son\w+=", text), page


def test_direction_follows_the_language(desk: Desk) -> None:
    assert 'dir="rtl"' in desk.sign_in("a", "coordinator", language="ar").get("/").content.decode()
    assert 'dir="ltr"' in desk.sign_in("b", "coordinator", language="en").get("/").content.decode()


def test_a_look_is_noted_before_the_answer(desk: Desk) -> None:
    school, _camp = opened(desk.node)
    persons = everybody_waits(desk.node, desk.clock, school)
    nurse = desk.sign_in("nurse", "nurse")
    nurse.get(f"/people/{persons['SAMIRA'][0]}/")
    assert [look.subject for look in Look.objects.all()] == [persons["SAMIRA"][0]]


def test_needs_in_confidence_are_for_nurses(desk: Desk) -> None:
    school, _camp = opened(desk.node)
    yusuf = everybody_waits(desk.node, desk.clock, school)["AMALS"][4]
    page = f"/people/{yusuf}/"
    assert "SM-CC" in desk.sign_in("nurse", "nurse").get(page).content.decode()
    assert "SM-CC" not in desk.sign_in("clerk", "registrar").get(page).content.decode()


def test_nothing_is_listed_before_a_search(desk: Desk) -> None:
    school, _camp = opened(desk.node)
    everybody_waits(desk.node, desk.clock, school)
    clerk = desk.sign_in("clerk", "registrar")
    assert "كريم" not in clerk.get("/people/").content.decode()
    assert "كريم" in clerk.get("/people/", {"q": "ناصر"}).content.decode()


def test_the_order_of_the_list_shows_no_names(desk: Desk) -> None:
    school, _camp = opened(desk.node)
    everybody_waits(desk.node, desk.clock, school)
    page = desk.sign_in("amira", "coordinator").get("/waiting/").content.decode()
    for household in cast.EVERYBODY:
        for newcomer in household.newcomers:
            assert str(newcomer.values.name) not in page


def test_the_menu_opens_what_it_shows(desk: Desk) -> None:
    for role in ("coordinator", "registrar", "marshal", "nurse", "auditor"):
        client = desk.sign_in(role, role)
        for page in pages_for(frozenset({role})):
            assert client.get(reverse(page.name)).status_code == 200


@pytest.mark.heavy
@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_text_of_the_manifest_can_be_found(desk: Desk, language: str) -> None:
    amira = desk.sign_in("amira", "coordinator", language=language)
    convoy = planned(desk, amira)
    amira.post(f"{convoy}fill/", {"command": "f"})
    said = text_of(amira.get(f"{convoy}manifest.pdf").content)
    assert "Bus 1" in said
    assert "Amal" in said or "أمل" in said or "ﺃ" in said

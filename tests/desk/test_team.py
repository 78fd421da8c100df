"""The team: who joins, in which roles, and who may no longer do anything."""

from __future__ import annotations

import datetime
import re

import pytest
from django.test import Client

from corridor.desk.models import User
from corridor.journal.actors import grant, roles_of
from corridor.people import whereabouts
from corridor.people.acts import register
from corridor.people.models import Household, Person
from corridor.people.queries import card_of_household
from corridor.stops.convoy import acts as convoys
from corridor.stops.waiting import acts as waiting
from tests import cast
from tests.conftest import Desk
from tests.journeys.test_road import everybody_waits, opened


def test_a_new_member_signs_in_with_the_password_shown_once(desk: Desk) -> None:
    admin = desk.sign_in("admin", "administrator")
    said = admin.post("/team/", {"command": "x", "username": "nadia", "roles": ["nurse"]})
    password = re.search(r'<strong class="number">([^<]+)<', said.content.decode())
    assert password is not None
    assert said["Cache-Control"] == "no-store"
    assert password[1] not in admin.get("/team/").content.decode()
    nadia = Client()
    nadia.post("/sign-in/", {"login": "nadia", "password": password[1]})
    assert nadia.get("/people/").status_code == 200
    assert nadia.get("/convoys/").status_code == 403
    admin.post(f"/team/{User.objects.get(username='nadia').pk}/end/")
    assert nadia.get("/people/").status_code == 302


def test_only_an_administrator_makes_members(desk: Desk) -> None:
    clerk = desk.sign_in("clerk", "registrar", "coordinator")
    assert clerk.get("/team/").status_code == 403
    assert clerk.post("/team/", {"username": "x", "roles": ["administrator"]}).status_code == 403
    assert User.objects.count() == 1


def test_a_name_is_taken_once_and_roles_are_known(desk: Desk) -> None:
    admin = desk.sign_in("admin", "administrator")
    wrongs: list[dict[str, object]] = [
        {"username": "admin", "roles": ["nurse"]},
        {"username": "a b", "roles": ["nurse"]},
        {"username": "x", "roles": ["king"]},
        {"username": "x"},
    ]
    for wrong in wrongs:
        assert admin.post("/team/", {"command": "x", **wrong}).status_code == 422
    assert User.objects.count() == 1


def test_nobody_ends_themselves(desk: Desk) -> None:
    admin = desk.sign_in("admin", "administrator")
    admin.post(f"/team/{User.objects.get().pk}/end/")
    assert admin.get("/team/").status_code == 200


def test_a_role_ends_by_itself_and_holds_at_its_place(desk: Desk) -> None:
    node, now = desk.node, desk.clock.now
    grant(node, "admin", "a1", "nurse", until_ms=now + 1000)
    grant(node, "admin", "a1", "marshal", place="school")
    assert roles_of(node, "a1", now) == {"nurse"}
    assert roles_of(node, "a1", now, place="school") == {"nurse", "marshal"}
    assert roles_of(node, "a1", now + 2000) == frozenset()


def test_a_role_at_one_place_reaches_the_people_and_convoys_of_that_place(desk: Desk) -> None:
    """In every view; it ends with its last day (a role is limited by place and end date)."""
    node = desk.node
    school, camp = opened(node)
    mill = waiting.describe_place(node, "c", "Mill", "pickup")
    amals = everybody_waits(node, desk.clock, school)["AMALS"]
    karim = register(node, "c", [cast.household(cast.newcomer("Karim Q", "male", "2001-09-09"))])[0]
    waiting.join(node, "c", karim.persons, mill)
    buses = [convoys.VehicleDraft("Bus", 10)]
    here = convoys.plan(node, "c", "Here", school, camp, None, buses)
    there = convoys.plan(node, "c", "There", mill, "", None, buses)
    admin = desk.sign_in("admin", "administrator")
    today = datetime.datetime.fromtimestamp(desk.clock.now / 1000, datetime.UTC).date()
    sent = {"command": "x", "username": "nadia", "roles": ["registrar", "marshal"],
            "place": school, "until": today.isoformat()}  # fmt: skip
    page = admin.post("/team/", sent).content.decode()
    assert "School" in page and today.isoformat() in page
    nadia = Client()
    nadia.force_login(
        User.objects.get(username="nadia"), "allauth.account.auth_backends.AuthenticationBackend"
    )
    reached = {
        f"/people/{amals[0]}/": 200, f"/people/{karim.persons[0]}/": 403,
        f"/people/household/{karim.household}/": 403, f"/people/{karim.persons[0]}/correct/": 403,
        f"/convoys/{here}/": 200, f"/convoys/{there}/": 403, f"/convoys/{there}/boarding/": 403,
        f"/waiting/?place={mill}": 403, f"/waiting/?place={school}": 200,
    }  # fmt: skip
    assert {path: nadia.get(path).status_code for path in reached} == reached
    assert "Nobody was found" in nadia.get("/people/", {"q": "Karim Q"}).content.decode()
    assert "أمل" in nadia.get("/people/", {"q": "أمل"}).content.decode()
    listed = nadia.get("/convoys/").content.decode()
    assert "Here" in listed and "There" not in listed
    # Whoever is registered by her is registered there.
    nadia.post("/people/quick/", {"command": "q", "name": "Samira"})
    samira = Person.objects.get(name="Samira")
    assert Household.objects.get(id=samira.household).place == school
    desk.clock.now += 24 * 60 * 60 * 1000
    assert nadia.get(f"/people/{amals[0]}/").status_code == 403
    assert nadia.get("/").status_code == 200


def test_accounts_cards_and_searches_keep_to_the_place_of_a_role(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    node = desk.node
    school, _camp = opened(node)
    mill = waiting.describe_place(node, "c", "Mill", "pickup")
    everybody_waits(node, desk.clock, school)
    made = register(node, "c", [cast.household(cast.newcomer("Karim Q", "male", "2001-09-09"))])[0]
    waiting.join(node, "c", made.persons, mill)
    [away] = register(node, "c", [cast.household(cast.newcomer("Rami Q", "male", "2001-09-09"))])
    waiting.join(node, "c", away.persons, school)
    whereabouts.move(node, cast.MARSHAL, away.persons, "taken_aside", place=school)
    here = card_of_household(node, Person.objects.get(name="نادية قاسم").household or "")
    amira = desk.sign_in("amira")
    actor = User.objects.get(username="amira").actor_id
    grant(node, "admin", actor, "coordinator", place=mill)
    page = amira.get("/accounts/").content.decode()
    assert "Mill" in page and "School" not in page and "Rami Q" not in page
    past = datetime.datetime.fromtimestamp(desk.clock.now / 1000, datetime.UTC)
    asked = {"at": f"{past:%Y-%m-%dT%H:%M}", "basis": "known"}
    page = amira.get("/accounts/", asked).content.decode()
    assert "School" not in page
    assert amira.get(f"/accounts/open/{away.persons[0]}/").status_code == 403
    assert amira.get("/convoys/why/", {"card": here}).status_code == 403
    assert amira.get("/convoys/why/", {"card": made.card}).status_code == 200
    # Others may lie between: what is out of reach takes no room on the page.
    monkeypatch.setattr("corridor.people.views.MOST", 1)
    found = amira.get("/people/", {"q": " Q"}).content.decode()
    assert "Karim Q" in found and "Rami Q" not in found
    grant(node, "admin", actor, "coordinator", place=school)
    page = amira.get("/accounts/").content.decode()
    assert "Mill" in page and "School" in page and "Rami Q" in page


def test_somebody_for_every_place_reaches_everything(desk: Desk) -> None:
    school, _camp = opened(desk.node)
    amal = everybody_waits(desk.node, desk.clock, school)["AMALS"][0]
    clerk = desk.sign_in("clerk", "registrar")
    assert clerk.get(f"/people/{amal}/").status_code == 200
    grant(desk.node, "admin", User.objects.get(username="clerk").actor_id, "marshal", place="else")
    assert clerk.get(f"/people/{amal}/").status_code == 200

"""The team: who joins, in which roles, and who may no longer do anything."""

from __future__ import annotations

import re

from django.test import Client

from corridor.desk.models import User
from corridor.journal.actors import grant, roles_of
from tests.conftest import Desk


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

"""Households that split and join, several cards, children without their parents, erasure."""

from __future__ import annotations

import re

import pytest

from corridor.desk.access import Visit
from corridor.desk.models import Draft
from corridor.journal.kinds import ROLES
from corridor.journal.node import Node
from corridor.people import models
from corridor.people.acts import (
    Newcomer,
    NewHousehold,
    Refusal,
    give_card,
    join_household,
    link,
    register,
)
from corridor.people.child_card import child_pdf, describe, described
from corridor.people.confided.acts import claim_carer
from corridor.people.confided.entries import CHILD_CARD
from corridor.people.entries import HouseholdRegistered, PersonRegistered
from corridor.people.queries import household_of_card, members, standing_cards
from tests import cast
from tests.conftest import Desk
from tests.journeys.test_road import everybody_waits, opened
from tests.printed import text_of


def test_a_household_holds_several_cards_and_each_is_voided_alone(desk: Desk) -> None:
    made = register(desk.node, "c", [cast.BROTHERS])[0]
    clerk = desk.sign_in("clerk", "registrar")
    page = f"/people/household/{made.household}/"
    for _ in range(2):
        assert clerk.post(f"{page}card/", {"command": "tap"}).status_code == 302
    second, first = standing_cards(desk.node, made.household)
    assert first == made.card
    assert {household_of_card(desk.node, one) for one in (first, second)} == {made.household}
    assert clerk.get(f"{page}card.pdf").content.startswith(b"%PDF")
    clerk.post(f"{page}void/", {"card": first, "reason": "stolen"})
    left = standing_cards(desk.node, made.household)
    assert first not in left and second in left and len(left) == 2
    assert household_of_card(desk.node, first) is None
    assert "does not count" not in clerk.get("/people/", {"q": second}).content.decode()


def test_people_join_and_leave_as_changes(desk: Desk) -> None:
    brothers, nadia = register(desk.node, "c", [cast.BROTHERS, cast.NADIA])
    clerk = desk.sign_in("clerk", "registrar")
    page = f"/people/{nadia.persons[0]}/join/"
    wrong = clerk.post(page, {"card": "123", "command": "a"}, follow=True)
    assert "No card with this number" in wrong.content.decode()
    sent = {"card": brothers.card, "relationship": "cousin", "command": "b"}
    for _ in range(2):
        assert clerk.post(page, sent)["Location"].endswith(f"{brothers.household}/")
    assert [one.relationship for one in members(desk.node, brothers.household)] == [
        "head", "sibling", "cousin",
    ]  # fmt: skip
    assert members(desk.node, nadia.household) == []
    empty = clerk.get(f"/people/household/{nadia.household}/").content.decode()
    assert "Nobody belongs to this household" in empty
    with pytest.raises(Refusal, match="already"):
        join_household(desk.node, "c", nadia.persons[0], brothers.card)
    with pytest.raises(Refusal, match="no such person"):
        join_household(desk.node, "c", "nobody", brothers.card)
    with pytest.raises(Refusal, match="no such household"):
        give_card(desk.node, "c", "nowhere")


def lone_child(node: Node) -> tuple[str, str]:
    """A girl of nine whom nobody knows, and her household."""
    values = PersonRegistered(
        name="Rima Sanduqa", sex="female", age_years=9, age_as_of="2026-11-01",
        given_name="ريما", family_name="صندوقة", father_name="بلال",
    )  # fmt: skip
    girl = Newcomer(values, ("SC-UC", "FU-TR"), "observed")
    made = register(node, "c", [NewHousehold(HouseholdRegistered(), [girl])])[0]
    return made.persons[0], made.household


@pytest.mark.parametrize("role", ROLES)
def test_no_list_and_no_count_tells_of_children_who_are_alone(desk: Desk, role: str) -> None:
    """STD 6.3: only the page of the child itself tells it, to health and protection roles."""
    school, _camp = opened(desk.node)
    everybody_waits(desk.node, desk.clock, school)
    child, household = lone_child(desk.node)
    client = desk.sign_in(role, role)
    lists = ("/", "/people/?q=Rima", f"/people/household/{household}/", "/waiting/", "/convoys/",
             "/accounts/", "/people/reviews/", "/people/aside/")  # fmt: skip
    for page in lists:
        text = client.get(page).content.decode()
        assert not re.search(r"SC-|unaccompanied|without parents|separated", text), (role, page)
    own = client.get(f"/people/{child}/").content.decode()
    assert ("SC-UC" in own) == (role in ("nurse", "protection"))


def test_the_card_of_a_child_keeps_what_the_standard_asks_for(desk: Desk) -> None:
    child, _household = lone_child(desk.node)
    clerk, nurse = desk.sign_in("clerk", "registrar"), desk.sign_in("nurse", "nurse")
    page = f"/people/{child}/child/"
    assert 'name="health"' not in clerk.get(page).content.decode()
    nurse.post(page, {"command": "a", "health": "Asthma", "blood_group": "0+"})
    clerk.post(page, {"command": "b", "birth_place": "Kafr Nada", "features": "Scar, left hand"})
    now = described(desk.node, child)
    assert now is not None
    assert (now.health, now.birth_place) == ("Asthma", "Kafr Nada")
    assert models.ChildDescribed.objects.count() == 2
    assert "Asthma" not in clerk.get(page).content.decode()
    for client in (clerk, nurse):
        answer = client.get(f"/people/{child}/child.pdf")
        assert answer.content.startswith(b"%PDF") and answer["Cache-Control"] == "no-store"
    yusuf = register(desk.node, "c", [cast.AMALS])[0].persons[4]
    assert clerk.get(f"/people/{yusuf}/child/").status_code == 404
    with pytest.raises(Refusal, match="an adult"):
        describe(desk.node, "c", yusuf, {"features": "x"})


@pytest.mark.parametrize("role", ROLES)
def test_who_opens_the_card_of_a_child(desk: Desk, role: str) -> None:
    child, _household = lone_child(desk.node)
    client = desk.sign_in(role, role)
    for page in ("child/", "child.pdf"):
        status = client.get(f"/people/{child}/{page}").status_code
        assert status == (200 if role in CHILD_CARD else 403)


@pytest.mark.heavy
@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_card_of_a_child_is_read_in_both_languages(desk: Desk, language: str) -> None:
    child, _household = lone_child(desk.node)
    yusuf = register(desk.node, "c", [cast.AMALS])[0].persons[4]
    claim_carer(desk.node, "c", child, yusuf, "neighbour")
    describe(desk.node, "c", child, {"health": "Asthma", "birth_place": "Kafr Nada"})

    for role, told in (("registrar", False), ("nurse", True)):
        visit = Visit(desk.node, "c", frozenset({role}), language)
        said = text_of(child_pdf(visit, [models.Person.objects.get(id=child)]), layout=True)
        for words in ("Child's card", "Place of birth", "Kafr Nada", "Blood group", "neighbour"):
            assert words in said, words
        assert ("Asthma" in said) == told
        assert "religion" not in said.lower()
        assert re.search(r"[\u0600-\u06ff\ufb50-\ufefc]{3}", said)


def test_who_asks_for_it_is_erased_with_every_record_and_draft(desk: Desk) -> None:
    amals, again = register(desk.node, "c", [cast.AMALS, cast.NADIA])
    amal, other = amals.persons[0], again.persons[0]
    link(desk.node, "c", amal, other)
    clerk, guard = desk.sign_in("clerk", "registrar"), desk.sign_in("guard", "protection")
    typed = {"p-TOTAL_FORMS": "1", "p-0-name": "Amal", "p-0-note": amal}
    clerk.post(f"/people/keep/complete:{amals.household}/", typed)
    assert Draft.objects.count() == 1
    page = f"/people/{amal}/erase/"
    assert clerk.post(page, {"sure": "yes"}).status_code == 403
    assert "Tick that" in guard.post(page, {}, follow=True).content.decode()
    assert guard.post(page, {"sure": "yes", "command": "a"}).status_code == 302
    for person in (amal, other):
        assert models.Person.objects.get(id=person).name is None
    assert Draft.objects.count() == 0
    assert models.Person.objects.exclude(name=None).count() == 4

"""Registering at the desk: in minutes, without a name if need be, nothing guessed."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

import pytest
from django.test import Client

from corridor.desk.access import Visit, scopes_of
from corridor.engines.cards import spaced
from corridor.journal.kinds import all_kinds
from corridor.journal.looks import seal
from corridor.journal.schema import state_hash
from corridor.journal.tables.models import LooksRecorded
from corridor.journal.timeline import timeline
from corridor.oversight.queries import matrix
from corridor.people import models, needs
from corridor.people.acts import Newcomer, NewHousehold, register, unissued_cards
from corridor.people.entries import HouseholdRegistered, PersonRegistered
from corridor.people.printing import cards_pdf
from corridor.people.queries import accounts
from tests.conftest import Desk


def sheet(client: Client, *people: dict[str, object], **household: str) -> dict[str, object]:
    """What the browser would send for these people."""
    page = client.get("/people/register/").content.decode()
    command = re.search(r'name="command" value="(\w+)"', page)
    assert command is not None
    sent: dict[str, object] = {
        "command": command[1],
        "p-TOTAL_FORMS": "6",
        "p-INITIAL_FORMS": "0",
        **household,
    }
    for number in range(6):
        one = people[number] if number < len(people) else {}
        sent |= {f"p-{number}-{name}": value for name, value in {"travels": "seat", **one}.items()}
    return sent


def test_a_family_is_registered_and_gets_a_card(desk: Desk) -> None:
    clerk = desk.sign_in("clerk", "registrar")
    sent = sheet(
        clerk,
        {"name": "أمل الحداد", "sex": "female", "born": "1994-03-02", "relationship": "head",
         "needs": ["PG-LC", "SP-PT"]},
        {"name": "ليلى", "sex": "female", "born": "9", "relationship": "child"},
        {"name": "سامي", "sex": "male", "born": "٢٠٢٠-١", "relationship": "child"},
        address="School, room 4", phone="0999 123",
    )  # fmt: skip
    answer = clerk.post("/people/register/", sent)
    assert answer.status_code == 302, re.findall(r'error">(.*?)<', answer.content.decode())
    page = clerk.get(answer["Location"]).content.decode()
    assert "أمل الحداد" in page
    assert re.search(r"\d{4} \d{3} \d{3}", page)
    rows = {row.name: row for row in models.Person.objects.all()}
    assert rows["ليلى"].age_years == 9
    assert rows["ليلى"].age_as_of
    assert (rows["سامي"].birth_on, rows["سامي"].birth_precision) == ("2020-01", "month")
    assert {one.need for one in models.NeedObserved.objects.all()} == {"PG-LC", "SP-PT"}
    pdf = clerk.get(f"{answer['Location']}card.pdf")
    assert pdf.content.startswith(b"%PDF")
    again = clerk.post("/people/register/", sent)
    assert again["Location"] == answer["Location"]
    assert models.Person.objects.count() == 3


def test_somebody_without_a_name_is_registered_too(desk: Desk) -> None:
    clerk = desk.sign_in("clerk", "registrar")
    answer = clerk.post("/people/register/", sheet(clerk, {"sex": "female"}))
    assert answer.status_code == 302
    person = models.Person.objects.get()
    assert person.name is None
    assert models.CardIssued.objects.count() == 1


@pytest.mark.parametrize("born", ["soon", "1990-13", "1990-02-30", "190", "12/05/1990"])
def test_what_cannot_be_read_is_said_and_kept(desk: Desk, born: str) -> None:
    clerk = desk.sign_in("clerk", "registrar")
    answer = clerk.post("/people/register/", sheet(clerk, {"name": "Amal", "born": born}))
    assert answer.status_code == 422
    page = answer.content.decode()
    assert f'value="{born}"' in page
    assert 'value="Amal"' in page
    assert models.Person.objects.count() == 0


def test_an_empty_sheet_registers_nobody(desk: Desk) -> None:
    clerk = desk.sign_in("clerk", "registrar")
    answer = clerk.post("/people/register/", sheet(clerk))
    assert answer.status_code == 422
    assert "at least one person" in answer.content.decode()
    assert models.Household.objects.count() == 0


def test_needs_about_violence_and_in_confidence_are_not_offered(desk: Desk) -> None:
    page = desk.sign_in("clerk", "registrar").get("/people/register/").content.decode()
    offered = set(re.findall(r'name="p-0-needs" value="([\w-]+)"', page))
    assert offered == set(needs.OFFERED)
    assert not any(code.startswith(("SV", "TR", "LP")) for code in offered)
    assert offered & needs.IN_CONFIDENCE == set()


def test_a_need_that_is_not_offered_is_refused(desk: Desk) -> None:
    clerk = desk.sign_in("clerk", "registrar")
    sent = sheet(clerk, {"name": "Amal", "needs": ["SV-VA"]})
    assert clerk.post("/people/register/", sent).status_code == 422
    assert models.Person.objects.count() == 0


def test_origin_and_papers_are_not_asked(desk: Desk) -> None:
    page = desk.sign_in("clerk", "registrar").get("/people/register/").content.decode()
    assert not re.search(r'name="p-0-(origin|nationality|document\w*|religion)"', page)


def one_person(desk: Desk) -> tuple[Client, str]:
    """A clerk, and somebody registered."""
    clerk = desk.sign_in("clerk", "registrar")
    clerk.post("/people/register/", sheet(clerk, {"name": "Amal", "born": "1990"}))
    return clerk, models.Person.objects.get().id


def form_of(client: Client, page: str) -> dict[str, str]:
    """The values that stand on a form."""
    text = client.get(page).content.decode()
    text = text[text.index('class="card"') :]
    found = dict(re.findall(r'<input[^>]*name="(\w+)"[^>]*value="([^"]*)"', text))
    for name, options in re.findall(r'<select name="(\w+)".*?>(.*?)</select>', text, re.DOTALL):
        chosen = re.search(r'value="(\w*)" selected', options)
        found[name] = chosen[1] if chosen else ""
    return {name: value for name, value in found.items() if name != "csrfmiddlewaretoken"}


def test_a_correction_keeps_the_history(desk: Desk) -> None:
    clerk, person = one_person(desk)
    page = f"/people/{person}/correct/"
    form = form_of(clerk, page)
    assert clerk.post(page, {**form, "born": "1991-05", "sex": "female"}).status_code == 302
    row = models.Person.objects.get()
    assert (row.name, row.birth_on, row.birth_precision, row.sex) == (
        "Amal", "1991-05", "month", "female",
    )  # fmt: skip
    assert clerk.get(f"/people/{person}/").content.decode().count("<li>") >= 2
    form = form_of(clerk, page)
    clerk.post(page, {**form, "born": ""})
    row = models.Person.objects.get()
    assert (row.birth_on, row.birth_precision, row.sex) == (None, None, "female")


def test_two_clerks_with_two_forms_make_a_conflict_that_is_shown(desk: Desk) -> None:
    clerk, person = one_person(desk)
    other = desk.sign_in("other", "registrar")
    page = f"/people/{person}/correct/"
    first, second = form_of(clerk, page), form_of(other, page)
    clerk.post(page, {**first, "name": "Amal Haddad"})
    other.post(page, {**second, "name": "Amal Hadad"})
    assert "Two different values" in clerk.get(f"/people/{person}/").content.decode()
    third = form_of(clerk, page)
    clerk.post(page, {**third, "name": "Amal al-Haddad"})
    shown = clerk.get(f"/people/{person}/").content.decode()
    assert "Two different values" not in shown
    assert "Amal al-Haddad" in shown


def test_a_form_that_was_tampered_with_changes_nothing(desk: Desk) -> None:
    clerk, person = one_person(desk)
    page = f"/people/{person}/correct/"
    form = form_of(clerk, page)
    assert clerk.post(page, {**form, "seen": "x" + form["seen"], "name": "B"}).status_code == 422
    assert models.Person.objects.get().name == "Amal"


def test_a_lost_card_is_voided_and_never_given_again(desk: Desk) -> None:
    clerk, _person = one_person(desk)
    household = models.Household.objects.get().id
    old = models.CardIssued.objects.get().card
    clerk.post(f"/people/household/{household}/void/", {"card": old, "reason": "lost"})
    assert clerk.get("/people/", {"q": old}).content.decode().count("<td") == 0
    fresh = models.CardIssued.objects.exclude(card=old).get().card
    assert "Amal" in clerk.get("/people/", {"q": fresh}).content.decode()
    again = clerk.post(
        f"/people/household/{household}/void/", {"card": old, "reason": "lost"}, follow=True
    )
    assert "not the card" in again.content.decode()


def test_a_card_from_a_printed_sheet_is_given_once(desk: Desk) -> None:
    clerk = desk.sign_in("clerk", "registrar")
    pdf = clerk.post("/people/cards.pdf", {"count": "9", "command": "x"})
    assert pdf.content.startswith(b"%PDF")
    number = unissued_cards(desk.node, 1)[0]
    first = clerk.post("/people/register/", sheet(clerk, {"name": "Amal"}, card=spaced(number)))
    assert first.status_code == 302
    second = clerk.post("/people/register/", sheet(clerk, {"name": "Samira"}, card=number))
    assert second.status_code == 422
    assert "given to somebody already" in second.content.decode()
    assert "Amal" in clerk.get("/people/", {"q": number}).content.decode()
    wrong = clerk.post("/people/register/", sheet(clerk, {"name": "Samira"}, card="12345"))
    assert wrong.status_code == 422
    assert models.Person.objects.count() == 1


def test_reading_fifty_pages_leaves_fifty_looks(desk: Desk) -> None:
    clerk = desk.sign_in("clerk", "registrar")
    household = NewHousehold(
        HouseholdRegistered(), [Newcomer(PersonRegistered(name=f"n{k}")) for k in range(50)]
    )
    persons = register(desk.node, "clerk", [household])[0].persons
    before = state_hash(desk.node)
    for person in persons:
        assert clerk.get(f"/people/{person}/").status_code == 200
    assert seal(desk.node) == 50
    rows = LooksRecorded.objects.all()
    assert sum(len(json.loads(row.looks or "[]")) for row in rows) == 50
    assert state_hash(desk.node) == before


@pytest.mark.heavy
def test_every_printed_card_can_be_scanned(desk: Desk, tmp_path: Path) -> None:
    numbers = unissued_cards(desk.node, 8)
    visit = Visit(desk.node, "clerk", frozenset({"registrar"}), "ar")
    path = tmp_path / "cards.pdf"
    path.write_bytes(cards_pdf(visit, numbers))
    subprocess.run(["pdftoppm", "-r", "150", "-png", str(path), str(tmp_path / "page")], check=True)
    pages = sorted(str(page) for page in tmp_path.glob("page*.png"))
    said = subprocess.run(
        ["zbarimg", "-q", "--raw", *pages], capture_output=True, text=True, check=True
    )
    assert sorted(said.stdout.split()) == numbers


def test_somebody_leaves_the_household_quietly(desk: Desk) -> None:
    clerk = desk.sign_in("clerk", "registrar")
    clerk.post("/people/register/", sheet(clerk, {"name": "Amal"}, {"name": "Samira"}))
    samira = models.Person.objects.get(name="Samira")
    before = samira.household
    answer = clerk.post(f"/people/{samira.id}/leave/", {"command": "tap"})
    again = clerk.post(f"/people/{samira.id}/leave/", {"command": "tap"})
    assert again["Location"] == answer["Location"]
    samira = models.Person.objects.get(name="Samira")
    assert samira.household != before
    assert models.CardIssued.objects.count() == 2
    assert "Samira" not in clerk.get(f"/people/household/{before}/").content.decode()
    # The marshal's timeline tells of movements only.
    lines = timeline(desk.node, samira.id, scopes_of(frozenset({"marshal"})))
    assert lines == []


def test_the_matrix_says_what_the_kinds_say(desk: Desk) -> None:
    page = desk.sign_in("auditor", "auditor").get("/accounts/roles/").content.decode()
    for kind in all_kinds():
        assert kind.name in page
    rows = {row.kind: row for row in matrix()}
    assert "nurse" in rows["need.observed_in_confidence"].reads
    assert "registrar" not in rows["need.observed_in_confidence"].reads
    assert "marshal" in rows["person.boarded"].records


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("أحمد", {"احمد الطيبي", "أحمد قاسم"}),
        ("احمد", {"احمد الطيبي", "أحمد قاسم"}),
        ("فاطمه", {"فاطمة علي"}),
        ("ahmad", {"أحمد قاسم"}),
        ("٠٩٩٩ ١٢٣ ٤٥٦", {"فاطمة علي"}),
        ("0999123456", {"فاطمة علي"}),
        ("100%", set()),
        ("_", set()),
        ("x", set()),
    ],
)
def test_people_are_found_as_clerks_write(desk: Desk, asked: str, found: set[str]) -> None:
    clerk = desk.sign_in("clerk", "registrar")
    clerk.post("/people/register/", sheet(clerk, {"name": "احمد الطيبي"}))
    clerk.post("/people/register/", sheet(clerk, {"name": "أحمد قاسم", "known_as": "Ahmad"}))
    clerk.post("/people/register/", sheet(clerk, {"name": "فاطمة علي"}, phone="٠٩٩٩-123 456"))
    page = clerk.get("/people/", {"q": asked}).content.decode()
    names = {"احمد الطيبي", "أحمد قاسم", "فاطمة علي"}
    assert {name for name in names if name in page} == found


def test_records_that_look_alike_are_compared_once(desk: Desk) -> None:
    clerk = desk.sign_in("clerk", "registrar")
    for name in ("أحمد خالد الطيبي", "احمد الطيبي", "أحمد سعيد الطيبي"):
        clerk.post("/people/register/", sheet(clerk, {"name": name, "sex": "male"}))
    one, two, three = models.Person.objects.order_by("created_hlc")
    page = f"/people/{one.id}/"
    shown = clerk.get(page).content.decode()
    assert two.name in shown and three.name in shown
    clerk.post(f"{page}compare/", {"other": two.id, "decided": "same"})
    clerk.post(f"{page}compare/", {"other": three.id, "decided": "different"})
    shown = clerk.get(page).content.decode()
    assert two.name in shown and three.name not in shown
    assert len(accounts(desk.node)) == 2
    clerk.post(f"{page}compare/", {"other": two.id, "decided": "undo"})
    assert len(accounts(desk.node)) == 3
    assert two.name in clerk.get(page).content.decode()


def test_a_family_is_counted_in_a_minute_and_completed_without_asking_twice(desk: Desk) -> None:
    clerk = desk.sign_in("clerk", "registrar")
    page = clerk.get("/people/quick/").content.decode()
    fields = set(re.findall(r'name="(\w+)"', page)) - {"csrfmiddlewaretoken", "command", "next",
                                                       "language", "viewport"}  # fmt: skip
    assert len(fields) <= 12
    sent = {"command": "tap", "name": "Amal", "sex": "female", "female_5": "1", "male_0": "2",
            "male_60": "1"}  # fmt: skip
    assert (
        sum(len(value) for name, value in sent.items() if name not in ("name", "command", "sex"))
        <= 40
    )
    answer = clerk.post("/people/quick/", sent)
    assert answer.status_code == 302
    assert clerk.post("/people/quick/", sent)["Location"] == answer["Location"]
    people = list(models.Person.objects.order_by("created_hlc"))
    assert len(people) == 5
    assert [one.relationship for one in people].count("head") == 1
    boys = [one for one in people if one.sex == "male" and one.age_years == 0]
    assert [(one.age_years, one.age_years_high) for one in boys] == [(0, 4), (0, 4)]
    page = f"/people/{boys[0].id}/correct/"
    clerk.post(page, {**form_of(clerk, page), "name": "Sami", "born": "3"})
    sami = models.Person.objects.get(name="Sami")
    assert (sami.sex, sami.age_years, sami.age_years_high) == ("male", 3, None)


def test_a_slip_of_the_hand_is_told(desk: Desk) -> None:
    clerk = desk.sign_in("clerk", "registrar")
    answer = clerk.post("/people/quick/", {"command": "tap", "male_0": "200"})
    assert answer.status_code == 422
    assert models.Person.objects.count() == 0

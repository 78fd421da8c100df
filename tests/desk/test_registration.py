"""Registering at the desk: in minutes, without a name if need be, nothing guessed."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from corridor.people import models, needs
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

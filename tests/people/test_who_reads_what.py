"""The page of a person shows to each role what the matrix says, field by field (STD 1.5, 2.5)."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from corridor.desk.access import readers_of
from corridor.journal.kinds import ROLES, kind_named
from corridor.journal.models import Look
from corridor.oversight.queries import matrix
from corridor.people import models, showing
from corridor.people.acts import Newcomer, NewHousehold, need_entry, register
from corridor.people.entries import HouseholdRegistered, PersonRegistered
from corridor.people.queries import standing_cards
from tests.conftest import Desk

#: A value for each field of a record, and what of it stands on the page. No value is part of
#: another, and none is a word of the page itself.
VALUES: dict[str, tuple[Any, str]] = {
    "relationship": ("grandparent", "grandparent"),
    "name": ("Zaynab Qindil", "Zaynab Qindil"),
    "name_other": ("زينب القنديل", "زينب القنديل"),
    "known_as": ("Umm Faris", "Umm Faris"),
    "sex": ("female", "female"),
    "birth_on": ("1953-07", "1953-07"),
    "birth_precision": ("month", "1953-07"),
    "birth_estimated": ("yes", "about"),
    "birth_calendar": ("hijri", "Hijri"),
    "birth_written": ("1372-10", "1372-10"),
    "age_disputed": ("yes", "treated as a child"),
    "phone": ("+99940001111", "+99940001111"),
    "travels": ("wheelchair", "wheelchair"),
    "nationality": ("Qasrini", "Qasrini"),
    "nationality_state": ("unprovable", "cannot be proved"),
    "origin": ("Hillside", "Hillside"),
    "documents": ('[{"type": "passport", "number": "X778899"}]', "X778899"),
    "difficulties": ('{"walking": 4}', "Cannot do it at all"),
    "source": ("listsource", "listsource"),
    "source_id": ("IND-4711", "IND-4711"),
    "given_name": ("Zaynabgiven", "Zaynabgiven"),
    "father_name": ("Daoudfather", "Daoudfather"),
    "grandfather_name": ("Musagrand", "Musagrand"),
    "family_name": ("Qindilfamily", "Qindilfamily"),
    "mother_name": ("Rahmamother", "Rahmamother"),
    "marital": ("WD", "widowed"),
    "language": ("Kurmanji", "Kurmanji"),
    "education": ("Sixth class", "Sixth class"),
    "occupation": ("Seamstress", "Seamstress"),
    "next_of_kin": ("Cousin in Hawran", "Cousin in Hawran"),
    "declined": ("phone", "a phone"),
    "unseen": ("relative", "told by: a relative"),
}

#: Of an age without a birth date.
AGE = {"age_years": 61, "age_years_high": 64, "age_as_of": "2020-02-03"}


def registered(desk: Desk) -> tuple[str, str]:
    """Somebody of whom everything is known, and somebody of whom an age is."""
    known = PersonRegistered(**{name: value for name, (value, _shown) in VALUES.items()})
    needs = ("DS-PM", "SM-CC")
    people = [Newcomer(known, needs), Newcomer(PersonRegistered(name="Second", **AGE))]
    made = register(desk.node, "c", [NewHousehold(HouseholdRegistered(), people)])[0]
    return made.persons[0], made.persons[1]


def fields_on(client: Client, person: str) -> dict[str, str]:
    """Field to the text in which the page shows it; nothing where the page is not for them."""
    answer = client.get(f"/people/{person}/")
    if answer.status_code == 403:
        return {}
    found: dict[str, str] = {}
    for names, text in re.findall(
        r'data-fields="([\w ]+)"[^>]*>(.*?)</(?:h1|dd|section)>', answer.content.decode(), re.DOTALL
    ):
        found |= dict.fromkeys(names.split(), text)
    return found


def test_every_field_of_a_record_has_a_value_here() -> None:
    kind = kind_named(showing.KIND)
    assert kind is not None
    assert set(VALUES) | set(AGE) | {"household"} == set(kind.fields)
    drawn = {name for line in showing.LINES for name in line.fields} | {"name", "household"}
    assert drawn == set(kind.fields) == set(showing.LABELS)


def test_fields_that_stand_in_one_line_are_read_by_the_same_roles() -> None:
    for line in showing.LINES:
        assert len({readers_of(showing.KIND, name) for name in line.fields}) == 1, line.fields


@pytest.mark.parametrize("role", ROLES)
def test_each_role_sees_the_fields_that_the_matrix_names(desk: Desk, role: str) -> None:
    person, second = registered(desk)
    client = desk.sign_in(role, role)
    page, aged = fields_on(client, person), fields_on(client, second)
    rows = {row.kind: row for row in matrix()}

    def may(kind: str, field: str) -> bool:
        row = rows[kind]
        return role in dict(row.fields).get(field, row.reads)

    for field, (_value, shown) in VALUES.items():
        assert (field in page) == may(showing.KIND, field), field
        assert (shown in page.get(field, "")) == may(showing.KIND, field), field
        if not may(showing.KIND, field):
            assert all(shown not in text for text in page.values()), field
    for field in AGE:
        assert (field in aged) == may(showing.KIND, field)
        assert ("61–64" in aged.get(field, "")) == may(showing.KIND, field)
    assert ("household" in page) == may(showing.KIND, "household")
    assert ("Second" in page.get("household", "")) == may(showing.KIND, "household")
    home = models.Person.objects.get(id=person).household
    card = standing_cards(desk.node, home)[0]
    assert (card[:4] in page.get("card", "")) == may("card.issued", "card")
    assert ("DS-PM" in page.get("need", "")) == may("need.observed", "need")
    assert ("SM-CC" in page.get("need", "")) == may("need.observed_in_confidence", "need")


@pytest.mark.parametrize("role", ["registrar", "marshal", "nurse", "auditor"])
def test_the_timeline_tells_what_the_matrix_says(desk: Desk, role: str) -> None:
    person, _second = registered(desk)
    text = desk.sign_in(role, role).get(f"/people/{person}/").content.decode()
    told = set(re.findall(r'<li data-kind="([\w.]+)"', text))
    kinds = {"person.registered", "need.observed", "need.observed_in_confidence"}
    reads = {row.kind for row in matrix() if role in row.reads}
    assert told == kinds & reads


def test_a_role_that_reads_nothing_of_people_opens_no_page(desk: Desk) -> None:
    person, _second = registered(desk)
    assert desk.sign_in("admin", "administrator").get(f"/people/{person}/").status_code == 403
    assert not Look.objects.filter(subject=person).exists()


def test_in_confidence_is_for_health_and_protection_only() -> None:
    """STD 1.5: R is restricted, O is for all roles at the desk and on the way."""
    assert readers_of("need.observed_in_confidence", "need") == {"nurse", "protection"}
    assert readers_of("need.observed", "need") == set(ROLES) - {"auditor", "administrator"}
    assert type(need_entry("SM-CC", "observed")) is not type(need_entry("DS-PM", "observed"))


def test_where_people_come_from_is_for_the_audit_only(desk: Desk) -> None:
    person, _second = registered(desk)
    clerk = desk.sign_in("clerk", "registrar", "coordinator", "protection")
    for page in (f"/people/{person}/", f"/people/{person}/correct/"):
        assert "Hillside" not in clerk.get(page).content.decode()
    shown = desk.sign_in("auditor", "auditor").get(f"/people/{person}/").content.decode()
    assert "Hillside" in shown and "Zaynab" not in shown


def test_the_matrix_names_fields_apart(desk: Desk) -> None:
    page = desk.sign_in("auditor", "auditor").get("/accounts/roles/").content.decode()
    assert "person.registered · origin" in page
    assert "need.observed · need" in page

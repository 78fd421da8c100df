"""At the table: drafts that survive, levels without retyping, and the bad days of registering."""

from __future__ import annotations

import datetime
import re
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from corridor.desk.models import Draft
from corridor.people import born, drafts, models, needs
from corridor.people.acts import Newcomer, NewHousehold, correct, register
from corridor.people.entries import HouseholdRegistered, PersonCorrected, PersonRegistered
from corridor.people.forms import OLDEST
from corridor.people.queries import accounts, find, is_adult_on, is_child_on
from corridor.people.spelling import visible
from tests import cast
from tests.conftest import Desk

SOURCE = Path(__file__).resolve().parents[2] / "src" / "corridor"
TODAY = datetime.date(2026, 11, 25)


def form_on(client: Client, page: str, mark: str = "data-keep") -> dict[str, Any]:
    """Every value on the form of a page that has this mark, as a browser would send it."""
    text = client.get(page).content.decode()
    text = text[text.index(mark) : text.index("</form>", text.index(mark))]
    found: dict[str, Any] = {}
    for tag in re.findall(r"<input[^>]*>", text):
        name, value = re.search(r'name="([^"]+)"', tag), re.search(r'value="([^"]*)"', tag)
        kind = re.search(r'type="(\w+)"', tag)
        assert name and kind
        if kind[1] not in ("checkbox", "radio") or " checked" in tag:
            said = value[1] if value else "on" if kind[1] == "checkbox" else ""
            found.setdefault(name[1], []).append(said)
    for name_, options in re.findall(r'<select name="([^"]+)".*?>(.*?)</select>', text, re.DOTALL):
        chosen = re.search(r'value="([^"]*)" selected', options)
        found[name_] = [chosen[1] if chosen else ""]
    found.pop("csrfmiddlewaretoken", None)
    return {name: those if len(those) > 1 else those[0] for name, those in found.items()}


def send(client: Client, page: str, **said: Any) -> Any:
    """Opens a form, fills in what is said, and sends it; `p__0__name` stands for p-0-name."""
    filled = form_on(client, page) | {name.replace("__", "-"): v for name, v in said.items()}
    return client.post(page, filled)


def errors(answer: Any) -> str:
    assert answer.status_code == 422
    return " ".join(re.findall(r"▲ ([^<]*)", answer.content.decode()))


# A tablet that dies in mid-form.


@pytest.mark.parametrize("page", ["register", "quick"])
def test_what_was_typed_survives_a_dead_tablet_for_its_clerk_alone(desk: Desk, page: str) -> None:
    clerk, other = desk.sign_in("clerk", "registrar"), desk.sign_in("other", "registrar")
    address = f"/people/{page}/"
    name = "p-0-name" if page == "register" else "name"
    typed = form_on(clerk, address) | {name: "Amal Haddad"}
    if page == "register":
        typed |= {"p-0-needs": ["PG-LC", "SP-PT"], "p-1-born": "9", "address": "School"}
    assert clerk.post(f"/people/keep/{page}/", typed).status_code == 200
    assert models.Person.objects.count() == 0
    # Another tablet, the same clerk: the form as it was, under the same tap.
    again = form_on(clerk, address)
    assert again[name] == "Amal Haddad" and again["command"] == typed["command"]
    if page == "register":
        assert again["p-0-needs"] == ["PG-LC", "SP-PT"]
        assert (again["p-1-born"], again["address"]) == ("9", "School")
    assert "Amal Haddad" not in other.get(address).content.decode()
    assert clerk.post(address, again).status_code == 302
    assert "Amal Haddad" not in clerk.get(address).content.decode()
    assert Draft.objects.filter(kind=drafts.KIND).count() == 0
    # What was under way while the form was sent is not kept any more, and registers nobody twice.
    assert clerk.post(f"/people/keep/{page}/", typed).status_code == 409
    assert clerk.post(address, typed).status_code == 302
    assert models.Household.objects.count() == 1


def test_a_draft_is_begun_anew_or_fades(desk: Desk) -> None:
    clerk = desk.sign_in("clerk", "registrar")
    clerk.post("/people/keep/register/", form_on(clerk, "/people/register/") | {"p-0-name": "Amal"})
    clerk.post("/people/keep/register/", {"then": "drop"})
    assert "Amal" not in clerk.get("/people/register/").content.decode()
    clerk.post("/people/keep/register/", form_on(clerk, "/people/register/") | {"p-0-name": "Amal"})
    desk.clock.now += drafts.KEPT_MS
    assert "Amal" not in clerk.get("/people/register/").content.decode()
    clerk.post("/people/keep/quick/", form_on(clerk, "/people/quick/"))
    assert [row.stage for row in Draft.objects.filter(kind=drafts.KIND)] == ["quick"]


def test_a_draft_is_for_forms_of_this_house_and_for_registrars(desk: Desk) -> None:
    clerk, nurse = desk.sign_in("clerk", "registrar"), desk.sign_in("nurse", "nurse")
    assert clerk.post("/people/keep/anything/", {"a": "b"}).status_code == 404
    assert nurse.post("/people/keep/register/", {"a": "b"}).status_code == 403
    assert clerk.post("/people/keep/quick/", {"name": "x" * 300_000}).status_code == 409


def test_no_script_of_the_house_keeps_anything_in_the_browser() -> None:
    scripts = list(SOURCE.rglob("*.js"))
    assert scripts
    for path in scripts:
        text = path.read_text()
        for store in ("localStorage", "sessionStorage", "indexedDB", "document.cookie"):
            assert store not in text, path


# Two levels without retyping.


def test_level_one_asks_nothing_again(desk: Desk) -> None:
    """Everything told in a minute stands on the sheet; only what is new is written (STD 1.1)."""
    clerk = desk.sign_in("clerk", "registrar")
    told = {"name": "Amal Haddad", "sex": "female", "female_5": "1", "male_0": "2", "male_60": "1"}
    home = send(clerk, "/people/quick/", **told)["Location"]
    page = f"{home}complete/"
    shown = form_on(clerk, page)
    names = [f"p-{number}-" for number in range(5)]
    assert [shown[f"{one}name"] for one in names] == ["Amal Haddad", "", "", "", ""]
    assert [shown[f"{one}sex"] for one in names] == ["female", "female", "male", "male", "male"]
    assert [shown[f"{one}born"] for one in names] == ["", "5-17", "0-4", "0-4", "60-120"]
    assert [shown[f"{one}relationship"] for one in names] == ["head", "", "", "", ""]
    before = models.Person.objects.count()
    assert clerk.post(page, shown).status_code == 302
    assert clerk.get(home).status_code == 200
    assert "What was corrected" not in first_page(clerk)
    answer = send(
        clerk, page, p__1__name="Layla", p__1__born="9", address="School, room 4",
        n__0__name="Grandmother", n__0__relationship="parent",
    )  # fmt: skip
    assert answer.status_code == 302
    layla = models.Person.objects.get(name="Layla")
    assert (layla.sex, layla.age_years, layla.age_years_high) == ("female", 9, None)
    assert models.Household.objects.get().address == "School, room 4"
    assert models.Person.objects.count() == before + 1
    text = clerk.get(f"/people/{layla.id}/").content.decode()
    assert "What was corrected" in text and "Layla" in text
    assert form_on(clerk, page)["p-1-born"] == "9"


def first_page(client: Client) -> str:
    return client.get(
        f"/people/{models.Person.objects.get(name='Amal Haddad').id}/"
    ).content.decode()


def test_a_sheet_overwrites_nothing_that_others_wrote_meanwhile(desk: Desk) -> None:
    clerk, other = desk.sign_in("clerk", "registrar"), desk.sign_in("other", "registrar")
    home = send(clerk, "/people/quick/", name="Amal")["Location"]
    page = f"{home}complete/"
    mine = form_on(clerk, page)
    send(other, page, p__0__name="Amal Haddad", p__0__known_as="Umm Sami")
    assert clerk.post(page, mine | {"p-0-sex": "female"}).status_code == 302
    row = models.Person.objects.get()
    assert (row.name, row.known_as, row.sex) == ("Amal Haddad", "Umm Sami", "female")
    assert "Two different values" not in clerk.get(f"/people/{row.id}/").content.decode()


def test_a_sheet_that_was_tampered_with_or_lost_a_member_changes_nothing(desk: Desk) -> None:
    clerk = desk.sign_in("clerk", "registrar")
    one, two = (
        register(desk.node, "c", [household])[0] for household in (cast.BROTHERS, cast.SAMIRA)
    )
    page = f"/people/household/{one.household}/complete/"
    shown = form_on(clerk, page)
    other = form_on(clerk, f"/people/household/{two.household}/complete/")
    stolen = shown | {"p-0-seen": other["p-0-seen"], "p-0-name": "X"}
    assert "left this household" in errors(clerk.post(page, stolen))
    assert "too old" in errors(
        clerk.post(page, shown | {"shown": other["shown"], "phone": "12345"})
    )
    assert "too old" in errors(clerk.post(page, shown | {"p-0-seen": "x", "p-0-name": "X"}))
    assert not models.Person.objects.filter(name="X").exists()


# The bad days.


def test_ages_nought_and_a_hundred_and_thirty(desk: Desk) -> None:
    clerk = desk.sign_in("clerk", "registrar")
    page = "/people/register/"
    told = errors(send(clerk, page, p__0__name="Nuh", p__0__born="130"))
    assert "older than 120" in told
    # What was typed stands on the form that comes back.
    assert send(clerk, page, p__0__name="Nour", p__0__born="0").status_code == 302
    row = models.Person.objects.get()
    assert (row.age_years, row.name) == (0, "Nour")
    assert is_child_on(row, TODAY) and OLDEST == 120


def test_two_heads_are_named_and_no_head_is_found_or_left_open(desk: Desk) -> None:
    clerk = desk.sign_in("clerk", "registrar")
    page = "/people/register/"
    two = {f"p__{n}__relationship": "head" for n in (0, 2)}
    told = errors(send(clerk, page, p__0__name="A b", p__2__name="C d", **two))
    assert "1, 3" in told and models.Person.objects.count() == 0
    clerk.post("/people/keep/register/", {"then": "drop"})
    # Nobody said who: the first who may be grown up. A group of children has none; that is told.
    send(clerk, page, p__0__name="Child", p__0__born="9", p__1__name="Mother", p__1__born="31")
    assert models.Person.objects.get(relationship="head").name == "Mother"
    home = send(clerk, page, p__0__name="Lone", p__0__born="9", p__1__name="Small", p__1__born="4")
    assert "Nobody is called head" in clerk.get(home["Location"]).content.decode()
    # Two sites, or a join, may leave two heads: it is told, and nothing is refused.
    one, other = models.Person.objects.filter(name__in=("Lone", "Small"))
    for person in (one, other):
        correct(desk.node, "c", person.id, PersonCorrected(relationship="head"), ())
    assert "More than one" in clerk.get(home["Location"]).content.decode()


def test_a_household_of_forty(desk: Desk) -> None:
    clerk = desk.sign_in("clerk", "registrar")
    sheet = form_on(clerk, "/people/register/")
    for rows in (12, 18, 24, 30, 36, 42):
        typed = sheet | {f"p-{n}-name": f"Person {n:02}" for n in range(rows - 6)}
        answer = clerk.post("/people/register/", typed | {"then": "more"})
        assert answer.status_code == 200
        sheet = form_on(clerk, "/people/register/")
        more = answer.content.decode()
        assert f'name="p-{rows - 1}-name"' in more and 'value="Person 00"' in more
        sheet |= {"p-TOTAL_FORMS": str(rows)}
    sheet |= {f"p-{n}-name": f"Person {n:02}" for n in range(40)}
    home = clerk.post("/people/register/", sheet)
    assert home.status_code == 302
    assert models.Person.objects.count() == 40
    page = clerk.get(home["Location"]).content.decode()
    assert "Person 39" in page
    assert len(form_on(clerk, f"{home['Location']}complete/")) > 40 * 8


def test_the_same_family_at_two_tables_within_a_minute(desk: Desk) -> None:
    """It is warned of, never blocked; linked by a person, they count once; undone, twice again."""
    one, two = desk.sign_in("one", "registrar"), desk.sign_in("two", "registrar")
    page = "/people/register/"
    first = send(one, page, p__0__name="أمل يوسف الحداد", p__0__sex="female", p__0__born="32")
    assert "registered already" not in one.get(first["Location"]).content.decode()
    desk.clock.now += 40_000
    second = send(two, page, p__0__name="امل الحداد", p__0__sex="female", p__0__born="1994")
    shown = two.get(second["Location"]).content.decode()
    assert second.status_code == 302 and "registered already" in shown
    mine, theirs = models.Person.objects.order_by("created_hlc")
    two.post(f"/people/{theirs.id}/compare/", {"other": mine.id, "decided": "same"})
    assert len(accounts(desk.node)) == 1
    assert "registered already" not in two.get(second["Location"]).content.decode()
    two.post(f"/people/{theirs.id}/compare/", {"other": mine.id, "decided": "undo"})
    assert len(accounts(desk.node)) == 2


def test_a_card_printed_twice_is_one_card(desk: Desk) -> None:
    clerk = desk.sign_in("clerk", "registrar")
    made = register(desk.node, "c", [cast.BROTHERS])[0]
    for _ in range(2):
        answer = clerk.get(f"/people/household/{made.household}/card.pdf", {"card": made.card})
        assert answer.content.startswith(b"%PDF")
    assert models.CardIssued.objects.count() == 1
    assert len(find(desk.node, made.card, 9)) == 2
    # A number that is not theirs is not printed for them.
    other = register(desk.node, "c", [cast.SAMIRA])[0]
    refused = clerk.get(f"/people/household/{made.household}/card.pdf", {"card": other.card})
    assert refused.status_code == 404


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("\u202bأمل\u202c \u200bالحداد\ufeff", "أمل الحداد"),
        ("Amal\u00a0\u2003Haddad\u0000", "Amal Haddad"),
        ("\u200f\u200e\u2066", None),
        ("👩‍👧 أم علي", "👩‍👧 أم علي"),
        ("ن", "ن"),
        ("X", "X"),
        ("اَمَل", "اَمَل"),
        ("می‌خواهم", "می‌خواهم"),
    ],
)
def test_names_as_they_come(desk: Desk, typed: str, kept: str | None) -> None:
    clerk = desk.sign_in("clerk", "registrar")
    typed = typed.replace("\u0000", "")
    answer = send(clerk, "/people/register/", p__0__name=typed, p__0__sex="female")
    assert answer.status_code == 302
    row = models.Person.objects.get()
    assert row.name == kept
    if kept:
        assert [one.id for one in find(desk.node, kept, 9)] == [row.id]
        assert kept in clerk.get(f"/people/{row.id}/").content.decode()


@given(st.text(max_size=60))
def test_what_is_visible_is_seen_and_stays_so(text: str) -> None:
    shown = visible(text)
    assert visible(shown) == shown == shown.strip()
    assert not set(shown) & set("\u200b\u200e\u200f\u202a\u202e\u2066\u2069\ufeff\n\t")


@pytest.mark.parametrize(
    ("said", "on", "precision", "calendar"),
    [
        ("1990-05-17", "1990-05-17", "day", None),
        ("1990/5", "1990-05", "month", None),
        ("١٩٩٠", "1990", "year", None),
        ("1405-03-02 AH", "1984-11-24", "day", "hijri"),
        ("١٤٠٥/٣/٢ هـ", "1984-11-24", "day", "hijri"),
        ("1410 هـ", "1990", "year", "hijri"),
        ("1369-02-30 SH", "1990-05-20", "day", "solar_hijri"),
        ("1369 هـ ش", "1990", "year", "solar_hijri"),
    ],
)
def test_three_calendars(said: str, on: str, precision: str, calendar: str | None) -> None:
    """The text stays with its calendar; a year of another calendar is an estimate (STD 9.7)."""
    found = born.read(said, TODAY)
    assert (found["birth_on"], found["birth_precision"]) == (on, precision)
    assert found.get("birth_calendar") == calendar
    assert (found.get("birth_estimated") == "yes") == (calendar is not None and precision != "day")
    assert not found["birth_on"].endswith("-01-01")


@pytest.mark.parametrize(
    "said", ["1369", "1405", "1405-13-01 AH", "1990-02-30", "2031", "17-5", "1800", "5 XY", "1/2/3"]
)
def test_what_cannot_be_told_is_asked_again(said: str) -> None:
    with pytest.raises(born.Unreadable):
        born.read(said, TODAY)


@given(st.dates(datetime.date(1907, 1, 1), TODAY), st.sampled_from(["day", "month", "year"]))
def test_a_birth_is_shown_as_it_is_read_again(day: datetime.date, precision: str) -> None:
    text = day.isoformat()[: {"day": 10, "month": 7, "year": 4}[precision]]
    found = born.read(text, TODAY)
    assert found == {"birth_on": text, "birth_precision": precision}
    assert born.shown(models.Person(**found)) == text


@given(st.integers(0, 120), st.integers(0, 120))
def test_an_age_or_a_range_is_shown_as_it_is_read_again(one: int, two: int) -> None:
    text = f"{min(one, two)}-{max(one, two)}" if one != two else str(one)
    assert born.shown(models.Person(**born.read(text, TODAY))) == text


# No name, no answer, not here.


def test_whoever_declines_is_registered_and_not_asked_again(desk: Desk) -> None:
    clerk = desk.sign_in("clerk", "registrar")
    home = send(clerk, "/people/quick/")["Location"]
    assert "without a name" in clerk.get(home).content.decode()
    person = models.Person.objects.get().id
    page = f"/people/{person}/correct/"
    form = full_form(clerk, page) | {"declined": ["name", "born"]}
    assert clerk.post(page, form).status_code == 302
    assert models.Person.objects.get().declined == "name born"
    shown = clerk.get(f"/people/{person}/").content.decode()
    assert "Does not want to say" in shown and "their name, their age" in shown
    assert "costs nothing" in clerk.get("/people/quick/").content.decode()


def full_form(client: Client, page: str) -> dict[str, Any]:
    return form_on(client, page, 'method="post" class="card"')


def test_the_full_record_is_kept_in_parts_and_shown_again(desk: Desk) -> None:
    clerk = desk.sign_in("clerk", "registrar")
    person = register(desk.node, "c", [cast.NADIA])[0].persons[0]
    page = f"/people/{person}/correct/"
    said = {
        "name_other": "Nadia Kassem", "given_name": "نادية", "father_name": "قاسم",
        "nationality": "Qasrini", "nationality_state": "unprovable", "paper": "passport",
        "paper_number": "X1", "paper_state": "confiscated", "origin": "River",
        "age_disputed": "on", "phone": "00999 400",
    }  # fmt: skip
    assert clerk.post(page, full_form(clerk, page) | said).status_code == 302
    row = models.Person.objects.get()
    assert (row.name_other, row.given_name, row.nationality_state) == (
        "Nadia Kassem", "نادية", "unprovable",
    )  # fmt: skip
    assert (row.origin, row.phone) == ("River", "+999400")
    assert row.documents and "confiscated" in row.documents
    # Disputed, she is treated as a child until it is resolved (STD 6.3).
    assert is_child_on(row, TODAY) and not is_adult_on(row, TODAY)
    again = full_form(clerk, page)
    assert {name: again[name] for name in said if name not in ("origin", "phone")} == {
        name: value for name, value in said.items() if name not in ("origin", "phone")
    }
    again.pop("age_disputed")
    assert again["origin"] == ""
    assert clerk.post(page, again).status_code == 302
    row = models.Person.objects.get()
    assert (row.age_disputed, row.origin) == (None, "River")
    assert is_adult_on(row, TODAY)
    history = clerk.get(f"/people/{person}/").content.decode().split("What was corrected")[1]
    assert "confiscated" not in history.split("</details>")[0] and "Nadia Kassem" in history


def test_people_who_are_not_there_are_told_of_until_somebody_sees_them(desk: Desk) -> None:
    clerk, marshal = desk.sign_in("clerk", "registrar"), desk.sign_in("marshal", "marshal")
    home = send(
        clerk, "/people/register/", p__0__name="Karim Nasir", p__1__name="Idris Nasir",
        p__1__unseen="relative", p__1__born="22",
    )["Location"]  # fmt: skip
    idris = models.Person.objects.get(name="Idris Nasir").id
    page = f"/people/{idris}/"
    assert clerk.get(home).content.decode().count("Not seen yet") == 1
    assert "told by: a relative" in marshal.get(page).content.decode()
    assert marshal.post(f"{page}seen/", {"command": "tap"}, follow=True).status_code == 200
    assert marshal.post(f"{page}seen/", {"command": "tap"}).status_code == 302
    assert models.Person.objects.get(id=idris).unseen is None
    assert "Not seen yet" not in clerk.get(home).content.decode()
    assert "Seen in person." in clerk.get(page).content.decode()


def test_registration_offers_no_need_about_violence_and_none_in_confidence(desk: Desk) -> None:
    page = desk.sign_in("clerk", "registrar").get("/people/register/").content.decode()
    for code in needs.IN_CONFIDENCE | needs.REFUSED:
        assert f'value="{code}"' not in page
    assert set(needs.OFFERED) == {
        code for code in needs.ORDINARY if code[:2] not in ("SV", "TR", "LP")
    }


def test_two_names_in_two_scripts_find_one_person(desk: Desk) -> None:
    register(desk.node, "c", [
        NewHousehold(HouseholdRegistered(), [
            Newcomer(PersonRegistered(name="خالد النحلاوي", name_other="Khalid al-Nahlawi"))
        ])
    ])  # fmt: skip
    for asked in ("النحلا", "nahlawi", "KHALID", "خالد"):
        assert [one.name for one in find(desk.node, asked, 9)] == ["خالد النحلاوي"], asked

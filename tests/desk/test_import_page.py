"""Lists come in at the page: looked at, mapped, checked, registered, and never on a disk."""

from __future__ import annotations

import csv
import io
import json
import re
import time
from pathlib import Path

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from corridor.journal.store import by_ids
from corridor.people import models
from corridor.people.importing.models import ListAtHand, ListPiece, ListProblem
from tests.conftest import Desk
from tests.people.test_importing import HOPE, real

LIST = "Person ID,Full name,Sex,Religion\n7,Amal Zenobia,hmm,x\n8,Sami Zenobia,male,x\n"


def upload(name: str, raw: bytes | str) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, raw.encode() if isinstance(raw, str) else raw)


def bring(clerk: Client, name: str, raw: bytes | str) -> str:
    """Uploads a list; returns the address of its page."""
    answer = clerk.post("/people/import/", {"command": "x", "file": upload(name, raw)})
    assert answer.status_code == 302, answer.content.decode()
    return str(answer["Location"])


def form_of(page: str) -> dict[str, str]:
    """What the form of columns would send as it stands."""
    found = {}
    pattern = r'<select form="columns"[^>]*name="([^"]+)"[^>]*>(.*?)</select>'
    for name, options in re.findall(pattern, page, re.S):
        chosen = re.search(r'<option value="([^"]*)" selected', options)
        found[name] = chosen[1] if chosen else ""
    return found


def until_done(clerk: Client, address: str) -> str:
    """The page after the work in the background."""
    for _ in range(400):
        answer = clerk.get(address, follow=True)
        page = answer.content.decode()
        if 'http-equiv="refresh"' not in page:
            return page
        time.sleep(0.05)
    raise AssertionError("The work did not end.")


def checked(clerk: Client, address: str, **changed: str) -> str:
    """Goes on with the columns as proposed, but for those changed; returns the problems."""
    said = form_of(clerk.get(address).content.decode()) | changed
    assert clerk.post(address, said).status_code == 302
    return until_done(clerk, f"{address}problems/")


def registered(clerk: Client, address: str) -> str:
    """Registers the people of a list that was looked through; returns what came of it."""
    assert clerk.post(f"{address}bring/").status_code == 302
    return until_done(clerk, address)


def whole(clerk: Client, name: str, raw: bytes | str) -> str:
    address = bring(clerk, name, raw)
    checked(clerk, address)
    return registered(clerk, address)


@real
@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_list_is_looked_at_and_then_registered(desk: Desk, language: str) -> None:
    clerk = desk.sign_in("clerk", "registrar", language=language)
    address = bring(clerk, "invalid_rows.xlsx", (HOPE / "invalid_rows.xlsx").read_bytes())
    page = clerk.get(address).content.decode()
    assert "HOPE" in page
    assert form_of(page)["f-0-0"] == "household.id"
    page = checked(clerk, address)
    said = {"en": "The household 52 is not on the sheet of households.",
            "ar": "الأسرة 52 ليست في ورقة الأسر."}  # fmt: skip
    assert said[language] in page
    assert models.Person.objects.count() == 0
    page = registered(clerk, address)
    assert models.Person.objects.count() == 22
    assert models.ListImported.objects.get().file_name == "invalid_rows.xlsx"
    assert ListPiece.objects.count() == ListProblem.objects.count() == 0
    aside = clerk.get("/people/aside/").content.decode()
    assert aside.count("<tr>") == 10


def test_problems_are_filtered_paged_and_taken_along(desk: Desk) -> None:
    clerk = desk.sign_in("clerk", "registrar")
    rows = "".join(f"{n},Person Number {n},=1+{n},15x\n" for n in range(60))
    address = bring(clerk, "l.csv", f"Person ID,Full name,Sex,Age\n{rows}")
    page = checked(clerk, address)
    assert page.count("<tr>") == 51
    assert "1 / 3" in page
    errors = clerk.get(f"{address}problems/?severity=error&page=2").content.decode()
    assert errors.count("<tr>") == 11
    assert "is not known" in errors
    assert "cannot be read" not in errors.split("<tbody>")[1]
    only = clerk.get(f"{address}problems/?problem=age_unreadable").content.decode()
    assert "is not known" not in only.split("<tbody>")[1]
    raw = clerk.get(f"{address}problems.csv").content.decode("utf-8-sig")
    told = list(csv.reader(io.StringIO(raw)))
    assert len(told) == 121
    assert told[1][:4] == ["l.csv", "2", "Age", "15x"]
    assert told[2][:4] == ["l.csv", "2", "Sex", "'=1+0"]
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in told for cell in row)


def test_a_mapping_is_corrected_saved_and_found_again(desk: Desk) -> None:
    clerk = desk.sign_in("clerk", "registrar")
    raw = "Kode,Wer da\n1,Amal Zenobia\n2,Sami Zenobia\n"
    address = bring(clerk, "l.csv", raw)
    assert "No column with names" in clerk.get(address).content.decode()
    said = {"f-0-1": "person.name", "f-0-0": "person.id", "save": "yes", "name": "Partner lists"}
    checked(clerk, address, **said, command="c1")
    saved = models.ListMapping.objects.get()
    assert (saved.name, saved.source) == ("Partner lists", "list")
    registered(clerk, address)
    assert models.Person.objects.count() == 2
    again = bring(clerk, "m.csv", raw + "3,Nadia Zenobia\n")
    page = clerk.get(again).content.decode()
    assert "Partner lists" in page
    assert form_of(page)["f-0-1"] == "person.name"
    checked(clerk, again)
    registered(clerk, again)
    assert models.Person.objects.count() == 3
    content = clerk.get(f"/people/import/mapping/{saved.id}/").content
    assert json.loads(content)["sheets"]["l.csv"]["columns"] == {
        "Kode": "person.id", "Wer da": "person.name",
    }  # fmt: skip
    clerk.post(f"/people/import/mapping/{saved.id}/drop/")
    other = bring(clerk, "n.csv", raw)
    assert form_of(clerk.get(other).content.decode())["f-0-1"] == ""


def test_the_header_is_moved_and_words_are_explained(desk: Desk) -> None:
    clerk = desk.sign_in("clerk", "registrar")
    rows = "".join(f"{n},Ama {n} Zen,kvinna\n" for n in range(3))
    address = bring(clerk, "l.csv", f"A,B,C\nNr,Full name,Sex\n{rows}")
    clerk.post(f"{address}header/", {"sheet": "0", "row": "1"})
    page = clerk.get(address).content.decode()
    assert "<bdi>B</bdi>" in page
    clerk.post(f"{address}header/", {"sheet": "0", "row": "2"})
    page = checked(clerk, address)
    assert "The sex “kvinna” is not known" in page
    page = clerk.get(f"{address}words/").content.decode()
    assert "kvinna" in page
    clerk.post(f"{address}words/", {"w-0": "female"})
    page = until_done(clerk, f"{address}problems/")
    assert "kvinna" not in page
    registered(clerk, address)
    assert models.Person.objects.filter(sex="female").count() == 3


def test_a_row_set_aside_is_corrected_field_by_field(desk: Desk) -> None:
    clerk = desk.sign_in("clerk", "registrar")
    whole(clerk, "l.csv", LIST)
    row = models.RowSetAside.objects.get()
    page = clerk.get(f"/people/aside/{row.entry}/").content.decode()
    assert "Amal Zenobia" in page
    assert "<bdi>hmm</bdi>" in page
    assert "Religion" not in page
    sent = {"command": "c2", "v-person.name": "Amal Zenobia", "v-person.id": "7",
            "v-person.sex": "female", "v-person.birth": "31/02/1990"}  # fmt: skip
    answer = clerk.post(f"/people/aside/{row.entry}/", sent)
    assert answer.status_code == 422
    assert "31/02/1990" in answer.content.decode()
    assert models.Person.objects.count() == 1
    answer = clerk.post(f"/people/aside/{row.entry}/", sent | {"v-person.birth": "1990-05"})
    person = models.Person.objects.get(name="Amal Zenobia")
    assert answer["Location"] == f"/people/{person.id}/"
    assert (person.sex, person.birth_on, person.source) == ("female", "1990-05", "list")
    assert models.CardIssued.objects.filter(subject=person.household).count() == 1
    settled = models.RowSettled.objects.get()
    assert (settled.aside, settled.how) == (row.entry, "registered")
    assert "No row is set aside" in clerk.get("/people/aside/").content.decode()
    for raw in (LIST, LIST.replace("hmm", "female")):
        whole(clerk, "l.csv", raw)
        assert models.Person.objects.count() == 2
        assert models.RowSetAside.objects.count() == 1


def test_a_row_is_erased_with_the_person_it_became(desk: Desk) -> None:
    clerk, guard = desk.sign_in("clerk", "registrar"), desk.sign_in("guard", "protection")
    whole(clerk, "l.csv", LIST)
    row = models.RowSetAside.objects.get()
    sent = {"command": "c2", "v-person.name": "Amal Zenobia", "v-person.sex": "female"}
    assert clerk.post(f"/people/aside/{row.entry}/", sent).status_code == 302
    person = models.Person.objects.get(name="Amal Zenobia")
    assert "Amal Zenobia" in str(models.RowSetAside.objects.get().values)
    answer = guard.post(f"/people/{person.id}/erase/", {"sure": "yes", "command": "e"})
    assert answer.status_code == 302
    kept = models.RowSetAside.objects.get()
    assert (kept.row, kept.values, kept.problems) == (row.row, None, None)
    assert by_ids(desk.node, [row.entry])[0].is_stub
    assert models.Person.objects.filter(name="Sami Zenobia").count() == 1


@real
def test_a_household_that_consents_after_all_comes_in_with_its_people(desk: Desk) -> None:
    clerk = desk.sign_in("clerk", "registrar")
    whole(clerk, "invalid_rows.xlsx", (HOPE / "invalid_rows.xlsx").read_bytes())
    home = next(
        row for row in models.RowSetAside.objects.filter(role="household")
        if "consent_refused" in (row.problems or "")
    )  # fmt: skip
    page = clerk.get(f"/people/aside/{home.entry}/").content.decode()
    assert 'name="v-household.consent"' in page
    people = models.Person.objects.count()
    sent = {"command": "c", "v-household.consent": "no"}
    assert clerk.post(f"/people/aside/{home.entry}/", sent).status_code == 422
    sent = {"command": "c", "v-household.consent": "yes"}
    assert clerk.post(f"/people/aside/{home.entry}/", sent).status_code == 302
    assert models.Person.objects.count() == people + 1
    assert models.RowSettled.objects.count() == 2


def test_rows_are_left_out_for_a_reason(desk: Desk) -> None:
    clerk = desk.sign_in("clerk", "registrar")
    whole(clerk, "l.csv", LIST)
    row = models.RowSetAside.objects.get()
    clerk.post("/people/aside/", {"command": "c", "entry": [row.entry], "reason": ""})
    assert models.RowSettled.objects.count() == 0
    sent = {"command": "c", "entry": [row.entry], "reason": "double", "words": "she is Nadia"}
    clerk.post("/people/aside/", sent)
    settled = models.RowSettled.objects.get()
    assert (settled.how, settled.reason, settled.words) == ("left_out", "double", "she is Nadia")
    assert "Amal Zenobia" not in clerk.get("/people/aside/").content.decode()
    whole(clerk, "l.csv", LIST)
    assert models.RowSetAside.objects.count() == 1


def test_who_may_be_registered_twice_is_listed(desk: Desk) -> None:
    clerk = desk.sign_in("clerk", "registrar")
    whole(clerk, "l.csv", "Full name,Sex,Age\nأحمد علي حسن,M,30\nNur Zenobia,F,20\n")
    page = whole(clerk, "m.csv", "Name,Gender,Age\nاحمد محمد حسن,M,31\nNur Zenobia,F,60\n"
                                 "Ida Alba,F,3\nIda Alba,F,4\n")  # fmt: skip
    pairs = page.split("<tbody>")[1].count("<tr>")
    assert pairs == 2
    assert "أحمد علي حسن" in page
    assert "Nur Zenobia" not in page
    assert page.count("Ida Alba") == 2


def test_an_import_is_stopped_and_goes_on(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("corridor.people.importing.running.BATCH", 5)
    monkeypatch.setattr("corridor.people.importing.jobs.EVERY", 0)
    clerk = desk.sign_in("clerk", "registrar")
    rows = "".join(f"{n},Person Number{n},F\n" for n in range(60))
    address = bring(clerk, "l.csv", f"Person ID,Full name,Sex\n{rows}")
    checked(clerk, address)
    monkeypatch.setattr("corridor.people.importing.jobs.PAUSE", 0.2)
    clerk.post(f"{address}bring/")
    page = clerk.get(address).content.decode()
    assert f'action="{address}stop/"' in page
    assert "of 60 rows" in page
    clerk.post(f"{address}stop/")
    page = until_done(clerk, address)
    assert "The import was stopped" in page
    so_far = models.Person.objects.count()
    assert 0 <= so_far < 60
    monkeypatch.setattr("corridor.people.importing.jobs.PAUSE", 0)
    registered(clerk, address)
    assert models.Person.objects.count() == 60
    assert models.ListImported.objects.get().people == 60


def test_work_that_went_silent_goes_on(desk: Desk) -> None:
    clerk = desk.sign_in("clerk", "registrar")
    address = bring(clerk, "l.csv", LIST)
    checked(clerk, address)
    ListAtHand.objects.update(state="bringing", beat_ms=desk.clock() - 60_000)
    assert "The import was stopped" in clerk.get(address).content.decode()
    registered(clerk, address)
    assert models.Person.objects.count() == 1


def test_what_is_no_list_is_said(desk: Desk) -> None:
    clerk = desk.sign_in("clerk", "registrar")
    for name, raw in (("a.pdf", b"%PDF-1.7 x"), ("a.xlsx", b"PK\x03\x04 half")):
        address = bring(clerk, name, raw)
        answer = clerk.get(address)
        assert answer.status_code == 422
        assert "Nothing was written" in answer.content.decode()
    assert ListPiece.objects.count() == 0
    assert clerk.post("/people/import/", {"command": "x"}).status_code == 422


def test_a_list_is_thrown_away(desk: Desk) -> None:
    clerk = desk.sign_in("clerk", "registrar")
    address = bring(clerk, "l.csv", LIST)
    assert address in clerk.get("/people/import/").content.decode()
    clerk.post(f"{address}drop/")
    assert ListPiece.objects.count() == ListAtHand.objects.count() == 0
    assert clerk.get(address).status_code == 302


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_own_list_goes_in_without_a_problem(desk: Desk, language: str) -> None:
    clerk = desk.sign_in("clerk", "registrar", language=language)
    raw = clerk.get("/people/import/template.xlsx").content
    assert len(raw) < 20_000
    book = openpyxl.load_workbook(io.BytesIO(raw))
    sheet = book.active
    assert sheet is not None
    rules = {str(rule.sqref).split("2")[0]: rule.formula1.strip('"').split(",")
             for rule in sheet.data_validations.dataValidation}  # fmt: skip
    letters = [cell.column_letter for cell in sheet[1]]
    samples = ["1", "أمل الحداد", "أم علي", "", "1990-05", "", "", "0944 123 456", "ar", "School",
               "", "", ""]  # fmt: skip
    longest = max(len(words) for words in rules.values())
    for n in range(longest):
        row = [rules[letter][n % len(rules[letter])] if letter in rules else sample
               for letter, sample in zip(letters, samples, strict=True)]  # fmt: skip
        row[0], row[1], row[-1] = str(n), f"أمل الحداد {n}", rules[letters[-1]][0]
        sheet.append([cell or None for cell in row])
    out = io.BytesIO()
    book.save(out)
    address = bring(clerk, "own.xlsx", out.getvalue())
    checked(clerk, address)
    told = list(ListProblem.objects.values_list("problem", flat=True))
    assert set(told) <= {"head_missing", "minor_head"}, told
    registered(clerk, address)
    assert models.Person.objects.count() == longest
    assert models.Person.objects.exclude(relationship=None).count() == longest


def test_an_upload_leaves_nothing_on_the_disk(desk: Desk, tmp_path: Path) -> None:
    clerk = desk.sign_in("clerk", "registrar")
    address = bring(clerk, "l.csv", "Full name,Sex\nAmal Zenobia,F\n")
    checked(clerk, address)
    clerk.post(f"{address}drop/")
    with desk.node.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    found = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert b"Zenobia" not in found


def test_lists_are_for_registrars(desk: Desk) -> None:
    marshal = desk.sign_in("marshal", "marshal")
    for address in ("import/", "aside/", "import/x/", "import/x/problems/", "aside/x/",
                    "import/template.xlsx", "import/done/x/"):  # fmt: skip
        assert marshal.get(f"/people/{address}").status_code == 403, address
    for address in ("import/x/bring/", "import/x/check/", "import/x/drop/", "aside/x/leave/"):
        assert marshal.post(f"/people/{address}").status_code == 403, address

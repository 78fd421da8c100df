"""Lists come in at the page as well: looked at first, then registered, and never on a disk."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from corridor.people import models
from tests.conftest import Desk
from tests.people.test_importing import HOPE, real


def upload(name: str, raw: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, raw)


@real
@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_list_is_looked_at_and_then_registered(desk: Desk, language: str) -> None:
    clerk = desk.sign_in("clerk", "registrar", language=language)
    raw = (HOPE / "invalid_rows.xlsx").read_bytes()
    sent = {"command": "x", "then": "look", "file": upload("invalid_rows.xlsx", raw)}
    page = clerk.post("/people/import/", sent).content.decode()
    said = {"en": "The household 52 is not on the sheet of households.",
            "ar": "الأسرة 52 ليست في ورقة الأسر."}  # fmt: skip
    assert said[language] in page
    assert models.Person.objects.count() == 0
    sent = {"command": "x", "then": "register", "file": upload("invalid_rows.xlsx", raw)}
    assert clerk.post("/people/import/", sent).status_code == 200
    assert models.Person.objects.count() == 22
    assert models.ListImported.objects.get().file_name == "invalid_rows.xlsx"
    aside = clerk.get("/people/aside/").content.decode()
    assert aside.count("<tr>") == 10


def test_what_is_no_list_is_said(desk: Desk) -> None:
    clerk = desk.sign_in("clerk", "registrar")
    for name, raw in (("a.pdf", b"%PDF-1.7 x"), ("a.xlsx", b"PK\x03\x04 half")):
        answer = clerk.post(
            "/people/import/", {"command": "x", "then": "look", "file": upload(name, raw)}
        )
        assert answer.status_code == 422
        assert "error" in answer.content.decode()
    assert clerk.post("/people/import/", {"command": "x"}).status_code == 422


def test_an_upload_leaves_nothing_on_the_disk(desk: Desk, tmp_path: Path) -> None:
    clerk = desk.sign_in("clerk", "registrar")
    raw = b"Full name,Sex\nAmal Zenobia,F\n"
    clerk.post("/people/import/", {"command": "x", "then": "look", "file": upload("l.csv", raw)})
    found = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert b"Zenobia" not in found


def test_lists_are_for_registrars(desk: Desk) -> None:
    marshal = desk.sign_in("marshal", "marshal")
    assert marshal.get("/people/import/").status_code == 403
    assert marshal.get("/people/aside/").status_code == 403


def test_a_row_set_aside_is_shown_until_it_came_in_corrected(desk: Desk) -> None:
    clerk = desk.sign_in("clerk", "registrar")
    for sex, shown in (("hmm", True), ("female", False)):
        raw = f"Person ID,Full name,Sex\n7,Amal Zenobia,{sex}\n8,Sami,male\n".encode()
        sent = {"command": "x", "then": "register", "file": upload("l.csv", raw)}
        assert clerk.post("/people/import/", sent).status_code == 200
        page = clerk.get("/people/aside/").content.decode()
        assert ("<bdi>Amal Zenobia</bdi>" in page) == shown
        assert ("<dt><bdi>Full name</bdi></dt>" in page) == shown
    assert models.Person.objects.filter(name="Amal Zenobia").count() == 1

"""What spreadsheets do to numbers and dates: recovered where certain, told otherwise."""

from __future__ import annotations

import zipfile
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corridor.people.intake import IntakeHousehold, Refused, SetAside, open_source
from corridor.people.intake.cells import Cell, Formula, one_line, western_digits
from corridor.people.intake.dates import Dates, Order
from corridor.people.intake.notes import Notes
from corridor.people.intake.numbers import identifier, phones
from corridor.people.intake.problems import SENTENCES, sentence

TODAY = date(2026, 11, 24)


def noted(notes: Notes) -> list[str]:
    return [one.problem for one in notes.problems]


@pytest.mark.parametrize(
    ("cell", "number", "told"),
    [
        ("12345", "12345", []),
        (12345, "12345", []),
        ("١٢٣٤٥", "12345", []),
        ("2.54708E+11", "", ["spreadsheet_number"]),
        ("2.54708123456E+11", "254708123456", []),
        (2.54708123456789e17, "", ["spreadsheet_number"]),
        (None, "", []),
        ("#REF!", "", ["text_unreadable"]),
    ],
)
def test_numbers_of_records(cell: Cell, number: str, told: list[str]) -> None:
    notes = Notes("s", 1)
    assert identifier(notes, "id", cell, needed=False) == number
    assert noted(notes) == told


@pytest.mark.parametrize(
    ("cell", "found", "told"),
    [
        ("+963 944 123 456", ("+963944123456",), []),
        ("00963944123456", ("+963944123456",), []),
        ("0944 123456 / 0933-654321", ("0944123456", "0933654321"), []),
        ("٠٩٤٤١٢٣٤٥٦", ("0944123456",), []),
        (944123456, ("944123456",), ["leading_zero_lost"]),
        ("2.54708E+11", (), ["spreadsheet_number"]),
        ("call my son", (), ["phone_unreadable"]),
        ("", (), []),
    ],
)
def test_phones(cell: Cell, found: tuple[str, ...], told: list[str]) -> None:
    notes = Notes("s", 1)
    assert phones(notes, "phone", cell, None) == found
    assert noted(notes) == told


@pytest.mark.parametrize(
    ("cell", "on", "precision", "told"),
    [
        (datetime(1994, 3, 2), "1994-03-02", "day", []),
        ("1994-03-02", "1994-03-02", "day", []),
        ("24-10-1980", "1980-10-24", "day", []),
        ("1990", "1990", "year", []),
        ("1990-05", "1990-05", "month", []),
        ("١٩٩٠-٠٥-١٧", "1990-05-17", "day", []),
        (34395, "1994-03-02", "day", ["date_serial"]),
        ("2026-12-01", None, "", ["birth_in_future"]),
        ("1850-01-01", None, "", ["birth_too_early"]),
        ("soon", None, "", ["date_unreadable"]),
    ],
)
def test_birth_dates(cell: Cell, on: str | None, precision: str, told: list[str]) -> None:
    notes = Notes("s", 1)
    birth = Dates(TODAY).birth(notes, "born", cell, Order(), False)
    assert (None if birth is None else (birth.on, birth.precision)) == (on and (on, precision))
    assert noted(notes) == told


def test_the_first_of_january_is_a_year_where_the_source_means_it() -> None:
    birth = Dates(TODAY).birth(Notes("s", 1), "born", "1990-01-01", Order(), True)
    assert birth is not None
    assert (birth.on, birth.precision, birth.estimated) == ("1990", "year", True)
    exact = Dates(TODAY).birth(Notes("s", 1), "born", "1990-01-01", Order(), False)
    assert exact is not None
    assert exact.precision == "day"


@pytest.mark.parametrize(
    ("calendar", "written"), [("hijri", "1410-10-22"), ("solar_hijri", "1369-02-27")]
)
def test_other_calendars_are_converted(calendar: str, written: str) -> None:
    birth = Dates(TODAY, calendar).birth(Notes("s", 1), "born", written, Order(), False)
    assert birth is not None
    assert (birth.on, birth.calendar) == ("1990-05-17", calendar)


def test_a_formula_is_never_calculated() -> None:
    notes = Notes("s", 1)
    assert notes.text("name", Formula("1+1", "2")) == "2"
    assert notes.text("name", Formula("HYPERLINK(1)", None)) == ""
    assert noted(notes) == ["formula", "formula_unsaved"]


@given(st.text(max_size=200))
def test_any_text_becomes_one_clean_line(text: str) -> None:
    clean = one_line(text)
    assert "\n" not in clean and "\0" not in clean and "\u202e" not in clean
    assert one_line(clean) == clean
    western_digits(clean)


@given(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), st.text(),
              st.datetimes(min_value=datetime(1900, 1, 1)))
)  # fmt: skip
def test_no_cell_breaks_a_reader(cell: Cell) -> None:
    for read in (
        lambda notes: identifier(notes, "c", cell, needed=True),
        lambda notes: phones(notes, "c", cell, None),
        lambda notes: Dates(TODAY).birth(notes, "c", cell, Order(), False),
        lambda notes: notes.text("c", cell),
    ):
        notes = Notes("s", 1)
        read(notes)
        for one in notes.problems:
            assert one.say
            assert one.row == 1


def test_every_sentence_can_be_told() -> None:
    names = ("value", "detail", "size", "columns", "column", "header", "count", "encoding",
             "limit", "date", "years", "row", "sheet", "stated", "listed", "label",
             "name")  # fmt: skip
    for code in SENTENCES:
        assert sentence(code, dict.fromkeys(names, "x")).endswith((".", "x"))


def saved(path: Path, rows: list[list[object]]) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    book.save(path)
    return path


def everything(path: Path, work: Path) -> tuple[list[IntakeHousehold], list[SetAside]]:
    with open_source(path, workdir=work, today=TODAY) as source:
        found = list(source.read())
    return (
        [one for one in found if isinstance(one, IntakeHousehold)],
        [one for one in found if isinstance(one, SetAside)],
    )


def test_a_header_further_down_and_a_declared_million_rows(tmp_path: Path) -> None:
    path = saved(
        tmp_path / "list.xlsx",
        [["List of the camp"], [], ["Household", "Full name", "Sex"], ["1", "Amal", "F"],
         *[[] for _ in range(2000)], ["1", "Sami", "M"]],
    )  # fmt: skip
    homes, aside = everything(path, tmp_path)
    assert [one.full_name for home in homes for one in home.members] == ["Amal", "Sami"]
    assert aside == []


def test_a_zip_bomb_is_not_opened(tmp_path: Path) -> None:
    path = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("xl/workbook.xml", b"<workbook/>")
        made.writestr("xl/worksheets/sheet1.xml", b"0" * (80 << 20))
    with pytest.raises(Refused) as refused:
        open_source(path, workdir=tmp_path)
    assert refused.value.code == "zip_bomb"


def test_half_a_file_is_refused_and_leaves_nothing(tmp_path: Path) -> None:
    whole = saved(tmp_path / "whole.xlsx", [["Full name", "Sex"], ["Amal", "F"]]).read_bytes()
    work = tmp_path / "work"
    work.mkdir()
    for cut in range(100, len(whole) - 1, len(whole) // 7):
        path = tmp_path / "half.xlsx"
        path.write_bytes(whole[:cut])
        with pytest.raises(Refused):
            open_source(path, workdir=work)
    assert list(work.iterdir()) == []

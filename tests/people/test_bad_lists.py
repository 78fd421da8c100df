"""Files as bad as they come: each is read as far as it can be, or refused in a sentence."""

from __future__ import annotations

import csv
import io
import struct
import zipfile
from collections import Counter
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corridor.people.intake import (
    IntakeHousehold,
    Problem,
    Refused,
    Report,
    SetAside,
    open_source,
)

TODAY = date(2026, 11, 24)
HEADER = ["Household", "Full name", "Sex", "Age"]
AMAL, SAMI = ["1", "Amal Haddad", "F", "34"], ["1", "Sami Haddad", "M", "5"]


class Reading:
    """What came of a file: names of people, rows set aside, problems by code, the report."""

    def __init__(self, path: Path, kind: str | None = None) -> None:
        self.told: list[Problem] = []
        with open_source(
            path, workdir=path.parent, today=TODAY, tell=self.told.append, kind=kind
        ) as source:
            found = list(source.read())
            self.report: Report = source.report()
        homes = [one for one in found if isinstance(one, IntakeHousehold)]
        self.names = [one.full_name for home in homes for one in home.members]
        self.aside = [one for one in found if isinstance(one, SetAside)]
        self.codes = Counter(one.problem for one in self.told)
        for one in self.told:
            assert one.say, one


def book(path: Path, *rows: list[object], edit: Callable[..., None] | None = None) -> Path:
    made = openpyxl.Workbook()
    sheet = made.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    if edit:
        edit(sheet)
    made.save(path)
    return path


def text(path: Path, *rows: list[str], encoding: str = "utf-8") -> Path:
    with path.open("w", newline="", encoding=encoding) as file:
        csv.writer(file).writerows(rows)
    return path


def with_part(path: Path, name: str, change: Callable[[bytes], bytes]) -> Path:
    """The workbook with one of its parts changed, or added."""
    with zipfile.ZipFile(path) as old:
        parts = {one: old.read(one) for one in old.namelist()}
    parts[name] = change(parts.get(name, b""))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for one, raw in parts.items():
            new.writestr(one, raw)
    return path


def test_a_file_with_a_password_is_refused(tmp_path: Path) -> None:
    """Excel locks a workbook by putting it into an old compound file."""
    path = tmp_path / "locked.xlsx"
    head = (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 62, 3, 0xFFFE, 9, 6)
    )
    path.write_bytes(
        head.ljust(512, b"\xff") + "EncryptedPackage".encode("utf-16-le") + bytes(2048)
    )
    with pytest.raises(Refused) as refused:
        Reading(path)
    assert refused.value.code in ("protected_file", "unreadable_file")


def test_a_locked_archive_is_refused(tmp_path: Path) -> None:
    path = book(tmp_path / "list.xlsx", HEADER, AMAL)
    raw = bytearray(path.read_bytes())
    for mark, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = raw.find(mark)
        while at >= 0:
            raw[at + flags] |= 1
            at = raw.find(mark, at + 4)
    path.write_bytes(raw)
    with pytest.raises(Refused) as refused:
        Reading(path)
    assert refused.value.code == "protected_file"


def test_macros_are_told_and_not_run(tmp_path: Path) -> None:
    path = book(tmp_path / "list.xlsm", HEADER, AMAL)
    with_part(path, "xl/vbaProject.bin", lambda _raw: b"Sub AutoOpen()")
    found = Reading(path)
    assert found.names == ["Amal Haddad"]
    assert found.codes["macros"] == 1


def test_a_million_empty_rows_are_nobody(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    empty = ",,,\r\n" * 1_000_000
    path.write_text("Household,Full name,Sex,Age\r\n1,Amal Haddad,F,34\r\n" + empty)
    found = Reading(path)
    assert (found.names, found.report.blank) == (["Amal Haddad"], 1_000_000)


def test_a_sheet_may_declare_more_rows_than_it_has(tmp_path: Path) -> None:
    def declare(raw: bytes) -> bytes:
        assert b'<dimension ref="A1:D3"' in raw
        return raw.replace(b'<dimension ref="A1:D3"', b'<dimension ref="A1:XFD1048576"')

    path = book(tmp_path / "list.xlsx", HEADER, AMAL, SAMI)
    with_part(path, "xl/worksheets/sheet1.xml", declare)
    assert Reading(path).names == ["Amal Haddad", "Sami Haddad"]


def test_merged_headers_are_told_and_the_lower_row_taken(tmp_path: Path) -> None:
    path = book(
        tmp_path / "list.xlsx", ["The household", None, "The person", None], HEADER, AMAL,
        edit=lambda sheet: (sheet.merge_cells("A1:B1"), sheet.merge_cells("C1:D1")),
    )  # fmt: skip
    found = Reading(path)
    assert found.names == ["Amal Haddad"]
    assert found.codes["merged_header"] == 1


def test_a_header_that_stands_twice(tmp_path: Path) -> None:
    path = text(tmp_path / "list.csv", [*HEADER, "Sex"], [*AMAL, ""], [*SAMI, "F"], HEADER)
    found = Reading(path)
    assert found.names == ["Amal Haddad", "Sami Haddad"]
    assert found.codes["header_twice"] == 1
    assert found.codes["columns_differ"] == 1
    assert found.codes["header_again"] == 1


def test_a_header_in_the_seventh_row(tmp_path: Path) -> None:
    above: list[list[object]] = [
        ["List of the camp"],
        [],
        ["Made by the council"],
        [],
        ["2026"],
        [],
    ]
    path = book(tmp_path / "list.xlsx", *above, HEADER, AMAL)
    found = Reading(path)
    assert found.names == ["Amal Haddad"]
    assert found.report.above_header == 3
    assert found.codes["rows_before_header"] == 1


@pytest.mark.parametrize(
    ("header", "row", "name"),
    [
        (["Nom", "Prénom", "Sexe"], ["Haddad", "Amal", "F"], "Amal Haddad"),
        (["Nombre", "Apellidos", "Sexo"], ["Amal", "Haddad", "F"], "Amal Haddad"),
        (["الاسم", "اسم الأب", "الكنية"], ["أمل", "سامي", "حداد"], "أمل سامي حداد"),
        (["Name", "Surname", "Sex"], ["Amal Haddad", "Haddad", "F"], "Amal Haddad"),
        (["Name", "First name", "Last name"], ["Amal Haddad", "Amal", "Haddad"], "Amal Haddad"),
        (["№", "Фамилия Имя Отчество", "Пол"], ["1", "Хаддад Амаль", "ж"], "Хаддад Амаль"),
        (["No", "HoH name", "No of family members"], ["1", "Amal Haddad", "5"], "Amal Haddad"),
    ],
)  # fmt: skip
def test_what_one_name_means_beside_another(
    tmp_path: Path, header: list[str], row: list[str], name: str
) -> None:
    read = Reading(text(tmp_path / "list.csv", header, row))
    assert read.names == [name]


def test_people_without_households_as_hope_writes_them(tmp_path: Path) -> None:
    names = [
        "pp_index_id",
        "pp_full_name_i_c",
        "pp_sex_i_c",
        "pp_birth_date_i_c",
        "pp_phone_no_i_c",
    ]
    read = Reading(
        book(
            tmp_path / "people.xlsx", names, ["Index", "Full name", "Sex", "Birth", "Phone"],
            [1, "Amal Haddad", "FEMALE", "1990-02-03", "+963999111222"],
            [2, "Omar Nahas", "MALE", "2001-05-06", ""],
        )
    )  # fmt: skip
    assert read.names == ["Amal Haddad", "Omar Nahas"]
    assert (read.report.as_json()["source"], read.codes["missing_name"]) == ("hope", 0)
    known = read.report.as_json()["columns"]
    assert isinstance(known, dict) and known["known"]["pp_birth_date_i_c"] == "person.birth"


@pytest.mark.parametrize(
    "joins",
    [
        ["_index", "_parent_index"],
        ["_index", "_parent_index", "_submission__id"],
        ["_index", "_parent_index", "_submission__id", "_submission__uuid"],
    ],
)
def test_a_repeat_finds_its_submission_by_what_both_have(tmp_path: Path, joins: list[str]) -> None:
    keys = {"_submission__id": [70, 71], "_submission__uuid": ["u-0", "u-1"], "_index": [1, 2],
            "_parent_index": [1, 2]}  # fmt: skip

    def repeat(made: Any) -> None:
        sheet = made.parent.create_sheet("members")
        sheet.append(["full_name", "gender", *joins])
        for home, name in ((0, "Amal Haddad"), (0, "Sami Haddad"), (1, "Rima Saleh")):
            sheet.append([name, "female", *(keys[one][home] for one in joins)])

    read = Reading(
        book(
            tmp_path / "kobo.xlsx", ["village", "phone", "_id", "_uuid", "_index"],
            ["Tall", "", 70, "u-0", 1], ["Other", "", 71, "u-1", 2], edit=repeat,
        )
    )  # fmt: skip
    assert sorted(read.names) == ["Amal Haddad", "Rima Saleh", "Sami Haddad"]
    assert read.report.as_json()["accepted"] == {"people": 3, "households": 2}
    assert read.aside == []


def test_encodings_mixed_in_one_file_are_told(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    rows = ("Household,Full name,Sex,Age\r\n1,أمل,F,34\r\n").encode()
    path.write_bytes(rows + "1,سامي,M,5\r\n".encode("cp1256"))
    found = Reading(path)
    assert found.report.people == 2
    assert len(found.names) + len(found.aside) == 2
    assert found.codes["encoding"] + found.codes["broken_text"] > 0


@pytest.mark.parametrize("mark", ["\0", "\u200f", "\u202b", "\u2066", "\ufeff", "\u200b"])
def test_invisible_characters_are_taken_out_of_names(tmp_path: Path, mark: str) -> None:
    others = [[str(n), f"Nadia {chr(0x561 + n % 30)}", "F", "40"] for n in range(1, 99)]
    hidden = ["200", f"{mark}Amal{mark} Haddad{mark}", "F", "34"]
    path = text(tmp_path / "list.csv", HEADER, *others, hidden)
    assert Reading(path).names[-1] == "Amal Haddad"


@pytest.mark.parametrize(
    "cell", ["Amal Haddad\nSami Haddad", "Amal Haddad; Sami Haddad", "أمل\nسامي"]
)
def test_two_people_in_one_cell_are_set_aside(tmp_path: Path, cell: str) -> None:
    path = text(tmp_path / "list.csv", HEADER, ["1", cell, "F", "34"], ["2", "Nadia", "F", "40"])
    found = Reading(path)
    assert found.names == ["Nadia"]
    assert [one.origin.row for one in found.aside] == [2]
    assert found.codes["several_people"] == 1


def test_heads_who_are_children_are_told_and_kept(tmp_path: Path) -> None:
    rows = [[str(n), f"Child {chr(64 + n)}", "F", "12", "head"] for n in range(1, 22)]
    path = text(tmp_path / "list.csv", [*HEADER, "Relationship"], *rows)
    found = Reading(path)
    assert len(found.names) == found.codes["minor_head"] == 21


def test_suspicion_and_religion_are_not_taken(tmp_path: Path) -> None:
    header = [*HEADER, "Specific needs", "Religion", "Armed group"]
    path = text(tmp_path / "list.csv", header, [*AMAL, "SP-PT; XC", "any", "any"])
    found = Reading(path)
    assert found.codes["need_refused"] + found.codes["need_unknown"] >= 1
    assert {"Religion", "Armed group"} <= set(found.report.dropped)


def test_ten_thousand_columns(tmp_path: Path) -> None:
    wide = [f"c{n}" for n in range(10_000)]
    path = text(tmp_path / "list.csv", [*HEADER, *wide], [*AMAL, *wide], SAMI)
    found = Reading(path)
    assert found.names == ["Amal Haddad", "Sami Haddad"]
    assert len(found.report.dropped) == 10_000
    wider = text(tmp_path / "wider.csv", HEADER, [*AMAL, *wide, *wide])
    with pytest.raises(Refused):
        Reading(wider)


def test_a_row_longer_or_shorter_than_its_header(tmp_path: Path) -> None:
    path = text(tmp_path / "list.csv", HEADER, [*AMAL, "more"], SAMI[:2])
    found = Reading(path)
    assert found.names == ["Amal Haddad", "Sami Haddad"]
    assert found.codes["too_many_cells"] == 1


def test_formulas_are_never_evaluated(tmp_path: Path) -> None:
    path = book(tmp_path / "list.xlsx", HEADER, ["1", '=CONCATENATE("A","mal")', "F", "=30+4"])
    found = Reading(path)
    assert (found.names, len(found.aside)) == ([], 1)
    assert found.codes["formula_unsaved"] >= 1


# -- laws ---------------------------------------------------------------------------------

WHOLE = [HEADER, AMAL, SAMI, ["2", "Nadia", "F", ""], ["", "", "", ""], ["3", "", "M", "9"]]


def accounted(path: Path) -> None:
    """Each row of the file is a person kept, a row set aside, or counted as what it is."""
    work = path.parent / "work"
    work.mkdir(exist_ok=True)
    try:
        with open_source(path, workdir=work, today=TODAY) as source:
            found = list(source.read())
            report = source.report()
            held = sum(
                number > table.header_row
                for table in source.tables
                for number, _cells in source._book.rows(table.part)
            )
    except Refused as refused:
        assert str(refused)
        return
    finally:
        assert list(work.iterdir()) == []
    homes = [one for one in found if isinstance(one, IntakeHousehold)]
    kept = sum(len(one.members) for one in homes)
    aside = [one for one in found if isinstance(one, SetAside)]
    people_aside = sum(one.role in ("person", "both") for one in aside)
    assert report.people == kept + people_aside
    assert report.accepted_people == kept
    assert report.set_aside == len(aside)
    assert held == report.rows + report.blank + report.labels


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    cells=st.lists(
        st.lists(st.text(max_size=12) | st.sampled_from([*HEADER, *AMAL]), max_size=6), max_size=8
    ),
    delimiter=st.sampled_from(",;\t|"),
    encoding=st.sampled_from(["utf-8", "utf-16", "utf-8-sig"]),
)
def test_every_row_of_any_text_is_accounted_for(
    tmp_path: Path, cells: list[list[str]], delimiter: str, encoding: str
) -> None:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter).writerows([HEADER, AMAL, *cells])
    path = tmp_path / "list.csv"
    path.write_bytes(out.getvalue().encode(encoding, "surrogatepass"))
    accounted(path)


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    at=st.lists(st.tuples(st.floats(0, 1), st.integers(0, 255)), max_size=6),
    cut=st.floats(0.02, 1),
    kind=st.sampled_from(["csv", "xlsx", "json", "xml"]),
)
def test_no_damage_breaks_the_reader(
    tmp_path: Path, at: list[tuple[float, int]], cut: float, kind: str
) -> None:
    raw = bytearray(wholes(tmp_path)[kind])
    for where, value in at:
        raw[int(where * (len(raw) - 1))] = value
    path = tmp_path / f"damaged.{kind}"
    path.write_bytes(raw[: max(1, int(len(raw) * cut))])
    accounted(path)


_WHOLES: dict[str, bytes] = {}


def wholes(folder: Path) -> dict[str, bytes]:
    """One good file of each sort, made once."""
    if not _WHOLES:
        sheet = [list[object](row) for row in WHOLE]
        _WHOLES["xlsx"] = book(folder / "whole.xlsx", *sheet).read_bytes()
        _WHOLES["csv"] = text(folder / "whole.csv", *WHOLE).read_bytes()
        _WHOLES["json"] = (
            b'[{"_uuid": "u1", "_id": 1, "full_name": "Amal Haddad", "age": "34", "people": '
            b'[{"people/full_name": "Sami", "people/sex": "male"}]}]'
        )
        _WHOLES["xml"] = (
            b'<?xml version="1.0"?><pfif:pfif xmlns:pfif="http://zesty.ca/pfif/1.4"><pfif:person>'
            b"<pfif:person_record_id>example.org/1</pfif:person_record_id>"
            b"<pfif:full_name>Amal Haddad</pfif:full_name></pfif:person></pfif:pfif>"
        )
    return _WHOLES

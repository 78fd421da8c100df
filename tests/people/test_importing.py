"""Lists that other systems made come in whole: nobody twice, nothing lost, every fault told."""

from __future__ import annotations

import json
import os
import signal
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from corridor.exercise.hope_faults import Fault
from corridor.exercise.hope_file import write_hope_file
from corridor.exercise.population import households
from corridor.journal.databases import close_database
from corridor.journal.node import Node
from corridor.journal.verify import verify
from corridor.people import models
from corridor.people.acts import Refusal
from corridor.people.importing.models import ImportedRow
from corridor.people.importing.running import import_list
from tests.nodes import lone_node
from tests.shell import Shell
from tests.storms.run_referee import referee_folder

HOPE = referee_folder().parents[1] / "realdata" / "hope"
AS_OF = date(2026, 11, 24)

real = pytest.mark.skipif(not HOPE.is_dir(), reason="Real files lie in CORRIDOR_SHARED.")


def report(node: Node, path: Path, **options: Any) -> dict[str, object]:
    told: list[dict[str, object]] = []
    done = import_list(node, "clerk", path, tell=lambda one: told.append(one.as_json()), **options)
    return done.report | {"problems": told}


def problems(found: dict[str, object]) -> Counter[tuple[str, str]]:
    told = found["problems"]
    assert isinstance(told, list)
    return Counter((one["problem"], one["severity"]) for one in told)


@real
@pytest.mark.parametrize(
    ("name", "people", "accepted", "aside"),
    [
        ("rdi_import_50_hh_50_ind.xlsx", (208, 50), (208, 50), 0),
        ("error-xlsx.xlsx", (6, 3), (6, 3), 0),
        ("invalid_rows.xlsx", (27, 21), (22, 15), 9),
    ],
)
def test_hope_files(
    node: Node, name: str, people: tuple[int, int], accepted: tuple[int, int], aside: int
) -> None:
    found = report(node, HOPE / name)
    assert found["source"] == "hope"
    assert (found["people"], found["households"]) == people
    assert found["accepted"] == {"people": accepted[0], "households": accepted[1]}
    assert found["set_aside"] == aside
    assert models.Person.objects.using(node.alias).count() == accepted[0]
    assert models.Household.objects.using(node.alias).count() == accepted[1]
    assert models.CardIssued.objects.using(node.alias).count() == accepted[1]
    assert models.RowSetAside.objects.using(node.alias).count() == aside
    told = found["problems"]
    assert isinstance(told, list)
    for one in told:
        assert one["sheet"] and one["say"].endswith(".")
        assert one["row"] > 1 or one["problem"] == "sheet_not_read"
        assert one["severity"] in ("error", "warning")
    columns = found["columns"]
    assert isinstance(columns, dict)
    assert not set(columns["known"]) & set(columns["dropped"])


@real
def test_the_same_file_again_registers_nobody(node: Node) -> None:
    path = HOPE / "invalid_rows.xlsx"
    first = import_list(node, "clerk", path)
    second = import_list(node, "clerk", path)
    assert (first.people, second.people, second.known) == (22, 0, 22)
    assert models.Person.objects.using(node.alias).count() == 22
    assert models.RowSetAside.objects.using(node.alias).count() == 9


@real
def test_a_dry_run_reports_the_same_and_writes_nothing(node: Node) -> None:
    path = HOPE / "invalid_rows.xlsx"
    dry = report(node, path, dry_run=True)
    assert models.Person.objects.using(node.alias).count() == 0
    assert report(node, path) == dry


@real
def test_a_phone_that_a_spreadsheet_ruined_is_left_out_and_told_by_row(node: Node) -> None:
    found = report(node, HOPE.parent / "121" / "test-registrations-Safaricom-1000.csv")
    told = found["problems"]
    assert isinstance(told, list)
    rows = [one["row"] for one in told if one["problem"] == "spreadsheet_number"]
    assert rows == list(range(2, 1002))
    assert models.Person.objects.using(node.alias).exclude(phone=None).count() == 0


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1256"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_text_of_any_delimiter_and_encoding(
    node: Node, tmp_path: Path, encoding: str, delimiter: str
) -> None:
    rows = [["الاسم الكامل", "الجنس", "العمر"], ["أمل الحداد", "أنثى", "34"], ["سامي", "ذكر", "5"]]
    path = tmp_path / "list.csv"
    path.write_text("\r\n".join(delimiter.join(row) for row in rows), encoding=encoding)
    found = report(node, path)
    assert found["accepted"] == {"people": 2, "households": 2}
    assert problems(found)["encoding", "warning"] == (encoding == "cp1256")
    people = {row.name: row for row in models.Person.objects.using(node.alias)}
    assert people["أمل الحداد"].sex == "female"
    assert people["أمل الحداد"].age_years == 34


def invented(path: Path, people: int, faults: dict[Fault, float] | None = None) -> Path:
    write_hope_file(path, households(3, people, AS_OF), as_of=AS_OF, faults=faults)
    return path


def test_an_invented_list_comes_in_whole(node: Node, tmp_path: Path) -> None:
    found = report(node, invented(tmp_path / "list.xlsx", 300))
    assert found["accepted"]["people"] == 300  # type: ignore[index]
    assert found["set_aside"] == 0
    rows = models.Person.objects.using(node.alias)
    assert rows.exclude(name=None).count() == 300
    assert rows.exclude(sex=None).count() == 300
    assert (
        rows.filter(relationship="head").count()
        == models.Household.objects.using(node.alias).count()
    )


def test_planted_faults_are_found_and_nobody_else_is_lost(node: Node, tmp_path: Path) -> None:
    path = invented(
        tmp_path / "list.xlsx", 400, {Fault.UNKNOWN_SEX: 0.1,
                                      Fault.BIRTH_IN_FUTURE: 0.1, Fault.ROW_TWICE: 0.1},
    )  # fmt: skip
    found = report(node, path)
    told = problems(found)
    for code in ("sex_unreadable", "birth_in_future", "row_twice"):
        assert told[code, "error"] > 0, told
    people, aside = found["people"], found["set_aside"]
    assert found["accepted"]["people"] == people - aside  # type: ignore[index,operator]
    for row in models.RowSetAside.objects.using(node.alias):
        assert json.loads(row.problems or "[]")
        assert json.loads(row.values or "{}")


def workbook(path: Path, *rows: list[object], title: str = "Sheet1") -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = title
    for row in rows:
        sheet.append(row)
    book.save(path)
    return path


def test_religion_and_affiliation_are_dropped_and_named(node: Node, tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "list.xlsx",
        ["household_id", "full_name_i_c", "gender_i_c", "religion", "party"],
        ["1", "Amal", "FEMALE", "x", "y"],
    )
    found = report(node, path)
    assert found["columns"]["dropped"] == ["religion", "party"]  # type: ignore[index]
    with node.cursor() as cursor:
        cursor.execute("SELECT raw FROM journal_body")
        assert not any(b'"x"' in bytes(raw) or b'"y"' in bytes(raw) for (raw,) in cursor.fetchall())


def test_a_code_of_suspicion_is_refused_by_name(node: Node, tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "list.xlsx",
        ["household_id", "full_name_i_c", "gender_i_c", "needs"],
        ["1", "Amal", "FEMALE", "ER-UR LP-ST"],
        ["2", "Samira", "FEMALE", "ER-UR"],
    )
    found = report(node, path)
    assert problems(found)["need_refused", "error"] == 1
    assert models.Person.objects.using(node.alias).count() == 1


@pytest.mark.parametrize(
    "raw",
    [b"", b"PK\x03\x04 half a file", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 600, b"%PDF-1.4"],
)
def test_what_is_no_list_is_refused_in_a_sentence(node: Node, tmp_path: Path, raw: bytes) -> None:
    path = tmp_path / "list.xlsx"
    path.write_bytes(raw)
    with pytest.raises(Refusal, match=r"\.|:"):
        import_list(node, "clerk", path)
    assert models.ListImported.objects.using(node.alias).count() == 0
    assert not list(node.work.iterdir())


def test_a_list_without_names_is_refused(node: Node, tmp_path: Path) -> None:
    path = workbook(tmp_path / "list.xlsx", ["a", "b"], [1, 2])
    with pytest.raises(Refusal, match="no column with names"):
        import_list(node, "clerk", path)


def brought(alias: str) -> dict[str, object]:
    """What an import left behind, whatever ids it gave."""
    people = models.Person.objects.using(alias)
    said = ("name", "sex", "birth_on", "age_years", "relationship", "phone")
    return {
        "people": Counter(people.values_list(*said)),
        "in": sorted(models.Household.objects.using(alias).values_list("source_id", flat=True)),
        "cards": models.CardIssued.objects.using(alias).count(),
        "needs": Counter(models.NeedObserved.objects.using(alias).values_list("need", flat=True)),
        "aside": Counter(models.RowSetAside.objects.using(alias).values_list("sheet", "row")),
        "imports": list(models.ListImported.objects.using(alias).values_list(
            "people", "households", "set_aside", "file_hash"
        )),
        "remembered": Counter(ImportedRow.objects.using(alias).values_list("what", "key")),
    }  # fmt: skip


@pytest.mark.usefixtures("unblocked")
def test_killed_in_the_middle_and_started_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("corridor.people.importing.running.BATCH", 15)
    faults = {Fault.UNKNOWN_SEX: 0.05, Fault.ROW_TWICE: 0.05}
    path = invented(tmp_path / "list.xlsx", 500, faults)
    (tmp_path / "whole").mkdir()
    whole, _clock = lone_node(tmp_path / "whole", "whole")
    undisturbed = import_list(whole, "clerk", path)
    node, _clock = lone_node(tmp_path, "import")
    database = Path(str(node.connection.settings_dict["NAME"]))
    close_database("import")
    for batch in (3, 1):
        child = os.fork()
        if not child:
            from_child(path, database, batch)
        assert os.WTERMSIG(os.waitpid(child, 0)[1]) == signal.SIGKILL
    node, _clock = lone_node(tmp_path, "import", fresh=False)
    done = import_list(node, "clerk", path)
    assert done.people + done.known == undisturbed.people
    assert done.known > 0
    assert brought("import") == brought("whole")
    assert verify(node).faults == []
    close_database("import")
    close_database("whole")


def from_child(path: Path, database: Path, batch: int) -> None:
    """In the child: imports, and is killed in the middle of the transaction of this number."""
    node, _clock = lone_node(database.parent, "import", fresh=False)
    left = iter(range(batch - 1, -1, -1))

    def die(_persons: list[str]) -> None:
        if not next(left):
            os.kill(os.getpid(), signal.SIGKILL)

    import_list(node, "clerk", path, registered=die)
    os._exit(0)


@real
def test_the_command_and_its_report(tmp_path: Path) -> None:
    shell = Shell(tmp_path / "home")
    shell("init", "--operation", "Test", "--no-encryption")
    out = tmp_path / "report.json"
    shell("import", str(HOPE / "invalid_rows.xlsx"), "--report", str(out), code=1)
    told = json.loads(out.read_text())
    assert set(told) >= {"file", "source", "rows", "people", "households", "accepted",
                         "set_aside", "problems", "columns"}  # fmt: skip
    shell("import", str(HOPE / "rdi_import_50_hh_50_ind.xlsx"), "--wait-at", "School")
    states = json.loads(shell("whereabouts", "--json"))["states"]
    assert states == {"registered": 22, "waiting": 208}
    shell("import", str(tmp_path / "nothing.xlsx"), code=1)
    shell("import", str(out), code=1)

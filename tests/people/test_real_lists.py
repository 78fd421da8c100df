"""Every file that other systems published comes in with a sensible result, as it is."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from corridor.journal.node import Node
from corridor.people import models
from corridor.people.acts import Refusal
from corridor.people.importing.running import import_list
from corridor.people.intake import open_source
from tests.storms.run_referee import referee_folder

REAL = referee_folder().parents[1] / "realdata"

pytestmark = pytest.mark.skipif(not REAL.is_dir(), reason="Real files lie in CORRIDOR_SHARED.")

#: File to: source, people found, households found, people and households accepted, rows set aside,
#: notes, and problems with their counts.
LISTS: dict[str, tuple[str, int, int, int, int, int, int, dict[str, int]]] = {
    "hope/rdi_import_50_hh_50_ind.xlsx": (
        "hope", 208, 50, 208, 50, 0, 0,
        {"age_unreadable": 208, "size_differs": 44, "answer_unreadable": 10, "not_a_member": 5},
    ),
    "hope/error-xlsx.xlsx": ("hope", 6, 3, 6, 3, 0, 0, {"second_head": 1, "label_row": 2}),
    "hope/invalid_rows.xlsx": (
        "hope", 27, 21, 22, 15, 9, 0,
        {"consent_refused": 3, "household_set_aside": 3, "household_empty": 1,
         "household_unknown": 2, "date_unreadable": 1, "label_row": 2, "count_unreadable": 1},
    ),
    "hope/kobo_submissions.json": ("kobo", 2, 1, 2, 1, 0, 0, {}),
    "hope/kobo_submissions_collectors.json": (
        "kobo", 9, 3, 7, 3, 3, 0,
        {"submission_again": 3, "household_twice": 1, "row_twice": 2, "not_a_member": 1},
    ),
    "121/excel-999.csv": ("121", 999, 999, 999, 999, 0, 0, {"size_differs": 973}),
    "121/nlrc-ocw-999.csv": ("121", 977, 977, 977, 977, 0, 0, {"broken_text": 36}),
    "121/test-registrations-CBE-10.csv": ("121", 10, 10, 10, 10, 0, 0, {"spreadsheet_number": 10}),
    "121/test-registrations-Safaricom-1000.csv": (
        "121", 1000, 1000, 1000, 1000, 0, 0, {"spreadsheet_number": 1000}
    ),
    "121/test-registrations-demo-1000.csv": (
        "121", 1000, 1000, 1000, 1000, 0, 0, {"answer_unreadable": 173, "head_missing": 504}
    ),
    "121/test-registrations-demo.csv": (
        "121", 4, 4, 4, 4, 0, 0, {"header_twice": 1, "alike_in_list": 1}
    ),
    "eden/drk-person.csv": ("eden", 9, 5, 9, 5, 0, 0, {"head_missing": 3}),
    "pfif/test.pfif-1.2.xml": (
        "pfif", 1, 1, 1, 1, 0, 4, {"note_same_as": 1, "phone_unreadable": 1}
    ),
    "pfif/test.pfif-1.4.xml": (
        "pfif", 1, 1, 1, 1, 0, 4, {"note_same_as": 1, "phone_unreadable": 1}
    ),
}  # fmt: skip

OTHERS = {
    "kobo/household.xls": "questions of a form",
    "kobo/tutorial_arabic_labels.xls": "questions of a form",
    "eden/drk-shelter_unit.csv": "not a list of people",
    "eden/dvr_case_event_type.csv": "not a list of people",
    "eden/dvr_food_event_type.csv": "not a list of people",
    "121/kobo-form-definitions.mock.ts.txt": "not a list of people",
}


def test_every_file_is_spoken_of_here() -> None:
    files = {str(path.relative_to(REAL)) for path in REAL.rglob("*") if path.is_file()}
    assert files - {"README.md"} == {*LISTS, *OTHERS, "pfif/test.pfif-1.2-note.xml"}


@pytest.mark.parametrize("name", sorted(LISTS))
def test_lists_come_in(node: Node, name: str) -> None:
    source, people, homes, accepted, accepted_homes, aside, notes, told = LISTS[name]
    heard: Counter[str] = Counter()
    done = import_list(node, "clerk", REAL / name, tell=lambda one: heard.update([one.problem]))
    report: dict[str, Any] = done.report
    assert report["source"] == source
    assert (report["people"], report["households"]) == (people, homes)
    assert report["accepted"] == {"people": accepted, "households": accepted_homes}
    assert (report["set_aside"], report["notes"]["accepted"]) == (aside, notes)
    assert {code: heard[code] for code in told} == told
    assert heard.total() == report["errors"] + report["warnings"]
    assert report["rows"] >= people + notes
    assert models.Person.objects.using(node.alias).count() == accepted
    assert models.Household.objects.using(node.alias).count() == accepted_homes
    assert models.RowSetAside.objects.using(node.alias).count() == aside
    assert models.WordReceived.objects.using(node.alias).count() == notes
    again = import_list(node, "clerk", REAL / name)
    assert (again.people, again.notes, again.known) == (0, 0, accepted)
    assert models.RowSetAside.objects.using(node.alias).count() == aside


@pytest.mark.parametrize("name", sorted(OTHERS))
def test_what_is_no_list_of_people_is_said_in_a_sentence(node: Node, name: str) -> None:
    with pytest.raises(Refusal, match=OTHERS[name]):
        import_list(node, "clerk", REAL / name)
    assert models.ListImported.objects.using(node.alias).count() == 0


def test_heads_of_household_who_are_children_are_told(tmp_path: Path) -> None:
    told: Counter[str] = Counter()
    path = REAL / "hope" / "rdi_import_50_hh_50_ind.xlsx"
    with open_source(
        path, workdir=tmp_path, today=date(2025, 11, 24),
        tell=lambda one: told.update([one.problem]),
    ) as source:  # fmt: skip
        list(source.read())
    assert told["minor_head"] == 21


def test_notes_are_kept_as_what_they_are(node: Node) -> None:
    import_list(node, "clerk", REAL / "pfif" / "test.pfif-1.4.xml")
    words = models.WordReceived.objects.using(node.alias)
    person = models.Person.objects.using(node.alias).get()
    assert set(words.values_list("subject", flat=True)) == {person.id}
    assert sorted(words.values_list("status", flat=True), key=str) == [
        None, "believed_missing", "believed_missing", "is_note_author",
    ]  # fmt: skip
    assert words.filter(contact="yes").get().place == "19.16592425362802 -71.9384765625"
    assert (person.name, person.name_other) == ("_test_full_name1", "_test_full_name2")
    assert (person.birth_on, person.birth_precision) == ("1970-01", "month")


def test_a_look_at_notes_finds_the_people_of_the_same_file(node: Node) -> None:
    told: Counter[str] = Counter()
    done = import_list(
        node, "clerk", REAL / "pfif" / "test.pfif-1.4.xml", dry_run=True,
        tell=lambda one: told.update([one.problem]),
    )  # fmt: skip
    assert (done.people, done.notes, told["note_unattached"]) == (1, 4, 0)
    assert models.Person.objects.using(node.alias).count() == 0


def test_notes_alone_wait_until_their_person_is_known(node: Node) -> None:
    notes = REAL / "pfif" / "test.pfif-1.2-note.xml"
    first = import_list(node, "clerk", notes)
    assert (first.notes, first.set_aside) == (0, 2)
    rows = models.RowSetAside.objects.using(node.alias)
    assert {json.loads(row.problems or "")[0]["problem"] for row in rows} == {"note_unattached"}
    assert "believed_missing" in "".join(row.values or "" for row in rows)
    import_list(node, "clerk", REAL / "pfif" / "test.pfif-1.4.xml")
    again = import_list(node, "clerk", notes)
    assert again.set_aside == 1
    assert models.WordReceived.objects.using(node.alias).count() == 4
    settled = models.RowSettled.objects.using(node.alias).values_list("aside", flat=True)
    waiting = rows.exclude(entry__in=settled).get()
    assert "person.21010" in (waiting.values or "")

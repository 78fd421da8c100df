"""Lists that come again, corrected: nobody twice, nothing written over, nothing guessed."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from corridor.journal.node import Node
from corridor.people import models
from corridor.people.importing.correcting import leave_out, settle, take_over, waiting, waiting_rows
from corridor.people.importing.running import Imported, import_list

NAMES = ["Amal Hadad", "Sami Zen", "Nur Alba", "Ida Okar", "Rim Tamer", "Lea Bazi"]


def bring(node: Node, folder: Path, *rows: str, head: str = "Full name,Sex,Age") -> Imported:
    path = folder / "list.csv"
    path.write_text("\n".join([head, *rows]) + "\n")
    return import_list(node, "clerk", path)


def rows(**changed: str) -> list[str]:
    return [changed.get(name.split()[0], f"{name},F,{30 + n}") for n, name in enumerate(NAMES)]


@pytest.mark.parametrize(
    "now", ["Amal Haddad,F,30", "Amal Hadad,F,31", "Amal Hadad,M,30"], ids=["name", "age", "sex"]
)
def test_a_row_that_corrects_somebody_waits_for_a_person(
    node: Node, tmp_path: Path, now: str
) -> None:
    assert bring(node, tmp_path, *rows()).people == 6
    again = bring(node, tmp_path, *rows(Amal=now), "New One,F,3")
    assert (again.people, again.known, again.set_aside) == (1, 5, 1)
    assert again.report["set_aside"] == 1
    row = waiting_rows(node).get()
    one = waiting(node, row.entry)
    assert [who.name for who in one.alike] == ["Amal Hadad"]
    assert bring(node, tmp_path, *rows(Amal=now), "New One,F,3").set_aside == 1
    assert models.RowSetAside.objects.using(node.alias).count() == 1
    take_over(node, "clerk", row.entry, {}, one.alike[0].id)
    person = models.Person.objects.using(node.alias).get(id=one.alike[0].id)
    name, sex, age = now.split(",")
    assert (person.name, person.age_years) == (name, int(age))
    assert person.sex == {"F": "female", "M": "male"}[sex]
    assert models.Person.objects.using(node.alias).count() == 7
    last = bring(node, tmp_path, *rows(Amal=now), "New One,F,3")
    assert (last.people, last.known, last.set_aside) == (0, 7, 0)


def test_somebody_else_is_registered_and_known_afterwards(node: Node, tmp_path: Path) -> None:
    bring(node, tmp_path, *rows())
    bring(node, tmp_path, *rows(Amal="Amal Haddad,F,30"))
    row = waiting_rows(node).get()
    assert len(settle(node, "clerk", row.entry, {}, {}).persons) == 1
    assert models.Person.objects.using(node.alias).count() == 7
    assert bring(node, tmp_path, *rows(Amal="Amal Haddad,F,30")).people == 0


def test_what_was_left_out_stays_out(node: Node, tmp_path: Path) -> None:
    bring(node, tmp_path, *rows())
    bring(node, tmp_path, *rows(Amal="Amal Haddad,F,30"))
    leave_out(node, "clerk", [waiting_rows(node).get().entry], "double", "")
    again = bring(node, tmp_path, *rows(Amal="Amal Haddad,F,30"))
    assert (again.people, again.set_aside) == (0, 0)
    assert models.Person.objects.using(node.alias).count() == 6


def test_others_who_are_new_are_registered(node: Node, tmp_path: Path) -> None:
    bring(node, tmp_path, *rows())
    again = bring(node, tmp_path, *rows(), "Amal Haddad,F,30", "Sami Zen,F,70")
    assert (again.people, again.set_aside) == (2, 0)


def test_a_row_set_aside_that_comes_in_corrected_waits_no_more(node: Node, tmp_path: Path) -> None:
    assert bring(node, tmp_path, *rows(Amal="Amal Hadad,hmm,30")).set_aside == 1
    again = bring(node, tmp_path, *rows())
    assert (again.people, again.set_aside) == (1, 0)
    assert not waiting_rows(node).exists()
    assert models.RowSettled.objects.using(node.alias).get().how == "registered"


def test_a_mended_row_of_somebody_known_asks_who_it_is(node: Node, tmp_path: Path) -> None:
    bring(node, tmp_path, *rows())
    bring(node, tmp_path, "Amal Hadad,hmm,30", "Else One,F,2", "Else Two,F,2", "Else Three,F,2")
    row = waiting_rows(node).get()
    answers = {"person.sex": "female"}
    done = settle(node, "clerk", row.entry, answers, {})
    assert (done.persons, len(done.alike)) == ([], 1)
    count = models.Person.objects.using(node.alias).count()
    other = settle(node, "clerk", row.entry, answers, {}, is_other=True)
    assert len(other.persons) == 1
    assert models.Person.objects.using(node.alias).count() == count + 1


def test_a_family_name_first_is_one_person(node: Node, tmp_path: Path) -> None:
    head = "Full name;Sex"
    bring(node, tmp_path, "Al Haddad, Amal Maria;F", "Abu Zen, Sami;M", head=head)
    assert models.Person.objects.using(node.alias).count() == 2
    two = bring(node, tmp_path, "Amal Haddad, Sami Haddad;F", "بن ناصر، كريم علي;M", head=head)
    assert (two.people, two.set_aside) == (1, 1)
    told: Counter[str] = Counter()
    path = tmp_path / "first.csv"
    listed = [f"Name{n}, Given Second;F" for n in range(9)]
    path.write_text("\n".join([head, *listed, "Garcia Lopez, Maria Jose;F"]))
    done = import_list(node, "clerk", path, tell=lambda one: told.update([one.problem]))
    assert (done.people, told) == (10, Counter())


def test_a_head_on_the_form_and_among_its_members_is_one_person(node: Node, tmp_path: Path) -> None:
    member = {"members/full_name": "Amal Haddad", "members/sex": "female", "members/age": "34"}
    form = {
        "_uuid": "9b2f4a4e-1c5d-4c7e-9d57-0a1b2c3d4e5f", "_id": 1, "full_name": "Amal Haddad",
        "phone_number": "0944123456",
        "members": [member, {"members/full_name": "Sami Haddad", "members/sex": "male"}],
    }  # fmt: skip
    path = tmp_path / "kobo.json"
    path.write_text(json.dumps([form]))
    told: Counter[str] = Counter()
    done = import_list(node, "clerk", path, tell=lambda one: told.update([one.problem]))
    assert (done.people, done.households, done.set_aside) == (2, 1, 0)
    assert done.report["people"] == 2
    assert told["head_on_form"] == 1
    amal = models.Person.objects.using(node.alias).get(name="Amal Haddad")
    assert (amal.sex, amal.age_years, amal.phone) == ("female", 34, "0944123456")
    again = import_list(node, "clerk", path)
    assert (again.people, again.known) == (0, 2)
    member |= {"members/full_name": "Nur Okar"}
    form |= {"full_name": "Lea Okar", "_uuid": "1b2f4a4e-1c5d-4c7e-9d57-0a1b2c3d4e5f"}
    path.write_text(json.dumps([form | {"members": [member]}]))
    assert import_list(node, "clerk", path).people == 2

"""Two lists are linked one to one, and one list is searched for people who stand in it twice."""

from __future__ import annotations

import csv
from itertools import permutations
from pathlib import Path

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from corridor.cli.commands import app
from corridor.engines.matching.assignment import STEP, assign
from corridor.engines.matching.evidence import Person
from corridor.engines.matching.lists import dedupe, link

LATIN = [
    Person("1", "Ahmad Khalid Salim al-Tayyibi", 34, "m"),
    Person("2", "Omar Khalid Salim al-Tayyibi", 31, "m"),
    Person("3", "Fatima Ali Hassan Nasrawi", 50, "f"),
    Person("4", "Abdulrahman Qasem Haddad", 22, "m"),
    Person("5", "Zenobia Haddad", 30, "f"),
]
ARABIC = [
    Person("a", "عمر خالد سالم الطيبي", 31, "m"),
    Person("b", "أحمد خالد سالم الطيبي", 34, "m"),
    Person("c", "عبد الرحمن قاسم حداد", 23, "m"),
    Person("d", "فاطمة علي حسن نسراوي", 51, "f"),
    Person("e", "", None, ""),
]


def test_brothers_are_linked_to_themselves_across_scripts() -> None:
    found = link(LATIN, ARABIC, threshold=0.5)
    pairs = {(LATIN[one.left].pid, ARABIC[one.right].pid) for one in found}
    assert pairs == {("1", "b"), ("2", "a"), ("3", "d"), ("4", "c")}
    assert all(one.reasons and one.score >= 0.5 for one in found)


def test_nobody_is_linked_twice() -> None:
    twice = [LATIN[0], Person("9", "Ahmed Khaled Salem Tayibi", 34, "m")]
    found = link(twice, ARABIC, threshold=0.0)
    assert len({one.left for one in found}) == len({one.right for one in found}) == len(found)


def test_a_person_who_stands_twice_is_found_and_no_brother() -> None:
    people = [*LATIN, *ARABIC]
    found = dedupe(people, threshold=0.5)
    pairs = {(people[one.left].pid, people[one.right].pid) for one in found}
    assert pairs == {("1", "b"), ("2", "a"), ("3", "d"), ("4", "c")}


def test_one_name_four_thousand_times_ends() -> None:
    people = [Person(str(n), "محمد احمد", 20 + n % 40, "m") for n in range(4000)]
    assert all(one.score <= 1 for one in dedupe(people, threshold=0.9))


@given(st.lists(st.lists(st.integers(1, 20), min_size=4, max_size=4), min_size=4, max_size=4))
def test_the_assignment_is_the_best_there_is(gain: list[list[int]]) -> None:
    left, right = np.divmod(np.arange(16), 4)
    value = np.array(gain, dtype=float).ravel()
    chosen = assign(left, right, value)
    best = max(sum(gain[i][p[i]] for i in range(4)) for p in permutations(range(4)))
    assert len(set(left[chosen])) == len(set(right[chosen])) == len(chosen)
    assert value[chosen].sum() >= best - 8 * STEP


def write(path: Path, people: list[Person]) -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["sex", "pid", "age", "name", "shoe"])
        writer.writerows([p.sex, p.pid, "" if p.age is None else p.age, p.name, 42] for p in people)
    return path


def test_link_and_dedupe_on_files(tmp_path: Path) -> None:
    left, right = write(tmp_path / "l.csv", LATIN), write(tmp_path / "r.csv", ARABIC)
    out = tmp_path / "o.csv"
    asked = ["lab", "link", str(left), str(right), "--out", str(out), "--threshold", "0.6"]
    done = CliRunner().invoke(app, asked)
    assert done.exit_code == 0, done.output
    rows = list(csv.DictReader(out.open(encoding="utf-8")))
    assert list(rows[0]) == ["pid_left", "pid_right", "score", "reasons"]
    assert {(r["pid_left"], r["pid_right"]) for r in rows} >= {("1", "b"), ("2", "a")}
    done = CliRunner().invoke(app, ["lab", "dedupe", str(left), "--out", str(out)])
    assert done.exit_code == 0, done.output
    assert list(csv.DictReader(out.open(encoding="utf-8"))) == []


def test_a_list_without_its_columns_is_refused(tmp_path: Path) -> None:
    wrong = tmp_path / "w.csv"
    wrong.write_text("a,b\n1,2\n")
    done = CliRunner().invoke(app, ["lab", "dedupe", str(wrong), "--out", str(tmp_path / "o")])
    assert done.exit_code == 1

"""The name engine: people are found across scripts, with reasons, whatever is typed."""

from __future__ import annotations

import csv
import dataclasses
import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from corridor.cli.commands import app
from corridor.engines.matching import walk
from corridor.engines.matching.arrays import Arrays
from corridor.engines.matching.evidence import Person
from corridor.engines.matching.invented.register import Ground, typed_arabic
from corridor.engines.matching.pairs import score_rows
from corridor.engines.matching.search import search
from corridor.engines.matching.vocabulary import PlainWalks, Vocabulary
from corridor.engines.matching.walk import planted
from corridor.engines.names.fold import fold
from corridor.engines.names.parts import parts
from corridor.exercise.population import households
from tests.nodes import as_of

REGISTER = [
    Person("1", "Ahmad Khalid al-Tayyibi", 34, "m"),
    Person("2", "Fatima Ali Hassan", 50, "f"),
    Person("3", "Mahmoud Darwish", 40, "m"),
    Person("4", "Abdulrahman Qasem", 22, "m"),
    Person("5", "Лейла Ахмедова", 19, "f"),
]


@pytest.mark.parametrize(
    ("asked", "pid"),
    [
        ("أحمد خالد الطيبي", "1"),
        ("احمد الطيبى", "1"),
        ("الطيبي احمد", "1"),
        ("فاطمه حسن", "2"),
        ("محمود درويش", "3"),
        ("عبد الرحمن قاسم", "4"),
        ("عبدالرحمن قاسم", "4"),
        ("Abd al-Rahman Qassim", "4"),
        ("ليلى احمدوفا", "5"),
        ("Leyla Akhmedova", "5"),
    ],
)
def test_somebody_is_found_across_scripts(asked: str, pid: str) -> None:
    found = search(Arrays(REGISTER), Person("q", asked), top=3)
    assert found
    assert found[0].person.pid == pid
    assert found[0].reasons
    assert 0 <= found[0].score <= 1


def test_somebody_added_is_found_by_the_next_search() -> None:
    index = Arrays(REGISTER)
    index.add(Person("6", "Zenobia Haddad", 30, "f"))
    found = search(index, Person("q", "زنوبيا حداد"), top=1)
    assert found[0].person.pid == "6"


@pytest.mark.parametrize(
    "name",
    ["", "a", "غ", "😀😀", "unknown", "غير معروف", "x " * 12, "\u200f\u200e\u200b", "ا" * 10_000,
     "12345", "..", "Abu", "ام علي", "Ahmed احمد Ахмед"],
)  # fmt: skip
def test_bad_names_break_nothing(name: str) -> None:
    index = Arrays([*REGISTER, Person("x", name)])
    for one in search(index, Person("q", name, None, ""), top=5):
        assert 0 <= one.score <= 1
    assert len(score_rows([Person("a", name)], [Person("b", name)])) == 1


@given(st.text(max_size=60))
def test_any_text_is_folded_and_parted(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    assert len(parts(text)) <= 12


def test_a_walk_that_looks_ahead_leaves_no_near_spelling_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ground = Ground(31)
    clerk = ground.clerk("local")
    people = ground.people(2_000)
    looks, blind = Vocabulary(PlainWalks()), Vocabulary(PlainWalks())
    for person in people:
        for part in parts(ground.latin(person, clerk)):
            looks.add(part)
            blind.add(part)
    asked = {p.key: p for person in people[:20] for p in parts(typed_arabic(ground, person))}
    ahead = [looks.neighbours(part) for part in asked.values()]
    monkeypatch.setattr(walk, "LACK", 1.0)
    everything = [blind.neighbours(part) for part in asked.values()]
    near = [
        (number in some.ids, ratio)
        for some, full in zip(ahead, everything, strict=True)
        for number, ratio in zip(full.ids, full.ratio, strict=True)
        if ratio > full.ratio[0] - 5
    ]
    assert len(near) > 60
    assert sum(not found for found, _ in near) <= len(near) / 200


def test_a_form_is_found_alike_whatever_stands_around_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(walk, "LACK", 1e-5)  # leaves much out
    ground = Ground(32)
    clerk = ground.clerk("local")
    people = ground.people(900)
    forms = sorted(
        {f for one in people for p in parts(ground.latin(one, clerk)) for f, _ in p.forms}
    )
    whole = planted("latn", [(form, n, 0.0) for n, form in enumerate(forms)])
    alone = [planted("latn", [(form, n, 0.0)]) for n, form in enumerate(forms)]
    asked = sorted({p.text for one in people[:12] for p in parts(typed_arabic(ground, one))})
    walks, found = PlainWalks(), 0
    for text in asked:
        one = walk.question(text, "arab", "latn")
        together = sorted(walks(whole, one, 1.0))
        assert together == [pair for tree in alone for pair in walks(tree, one, 1.0)]
        found += len(together)
    assert found > 60


def test_pairs_of_one_person_score_higher_than_others() -> None:
    left = [Person("a", "أحمد خالد", 30, "m"), Person("b", "أحمد خالد", 30, "m")]
    right = [Person("c", "Ahmed Khaled", 31, "m"), Person("d", "Samira Nasser", 31, "f")]
    same, other = score_rows(left, right)
    assert same[0] > 0.9 > 0.1 > other[0]
    assert same[1] and other[1]


def test_most_of_an_invented_register_is_found_by_its_own_other_writing() -> None:
    people: list[tuple[str, str, int, str]] = []
    for household in households(5, 4000, as_of()):
        for one in household.members:
            if len(one.names) == 2:
                scripts = {name.script: name.full for name in one.names}
                sex = "m" if one.sex == 1 else "f"
                people.append((scripts["Latn"], scripts["Arab"], one.years(as_of()), sex))
    index = Arrays(
        Person(str(n), latin, age, "m" if sex == "m" else "f")
        for n, (latin, _arabic, age, sex) in enumerate(people)
    )
    asked = random.Random(3).sample(range(len(people)), min(200, len(people)))
    first = 0
    for n in asked:
        _latin, arabic, age, sex = people[n]
        found = search(index, Person("q", arabic, age, "m" if sex == "m" else "f"), top=1)
        first += bool(found) and found[0].person.pid == str(n)
    assert len(asked) > 50
    assert first >= 0.9 * len(asked)


def write(path: Path, *rows: list[str]) -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(rows)
    return path


def test_search_on_files(tmp_path: Path) -> None:
    registry = write(
        tmp_path / "r.csv",
        ["pid", "name", "age", "sex", "shoe"],
        *[[p.pid, p.name, str(p.age), p.sex, "42"] for p in REGISTER],
    )
    asked = write(
        tmp_path / "q.csv", ["sex", "qid", "name", "age"], ["m", "a", "أحمد الطيبي", ""],
        ["", "b", "", ""],
    )  # fmt: skip
    out = tmp_path / "out.csv"
    done = CliRunner().invoke(
        app, ["lab", "search", str(registry), str(asked), "--out", str(out), "--top", "2"]
    )
    assert done.exit_code == 0, done.output
    rows = list(csv.DictReader(out.open(encoding="utf-8")))
    assert list(rows[0]) == ["qid", "rank", "pid", "score", "reasons"]
    assert (rows[0]["qid"], rows[0]["rank"], rows[0]["pid"]) == ("a", "1", "1")


def test_score_on_files_keeps_rows_and_columns(tmp_path: Path) -> None:
    pairs = write(
        tmp_path / "p.csv",
        ["label", "name_a", "age_a", "sex_a", "name_b", "age_b", "sex_b"],
        ["same", "أحمد خالد", "30", "m", "Ahmed Khaled", "31", "m"],
        ["other", "أحمد خالد", "30", "m", "Samira Nasser", "31", "f"],
    )
    out = tmp_path / "out.csv"
    assert CliRunner().invoke(app, ["lab", "score", str(pairs), "--out", str(out)]).exit_code == 0
    rows = list(csv.DictReader(out.open(encoding="utf-8")))
    assert [row["label"] for row in rows] == ["same", "other"]
    assert float(rows[0]["score"]) > 0.9 > float(rows[1]["score"])


def test_a_file_without_its_columns_is_refused(tmp_path: Path) -> None:
    wrong = write(tmp_path / "r.csv", ["a", "b"], ["1", "2"])
    done = CliRunner().invoke(
        app, ["lab", "search", str(wrong), str(wrong), "--out", str(tmp_path / "o.csv")]
    )
    assert done.exit_code == 1


def test_a_person_asked_for_has_no_field_for_origin_or_faith() -> None:
    names = {field.name for field in dataclasses.fields(Person)}
    assert names == {"pid", "name", "age", "sex", "name2", "father", "extra"}

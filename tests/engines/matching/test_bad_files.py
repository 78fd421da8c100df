"""Bad names in files go through every command: nothing breaks, every row is answered for."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from typer.testing import CliRunner

from corridor.cli.commands import app

BAD = {
    "one": "a", "one-arabic": "غ", "emoji": "😀😀👨‍👩‍👧", "unknown": "unknown", "nobody": "مجهول",
    "invisible": "\u200f\u200e\u200b\u2066", "long": "ا" * 10_000, "long-words": "محمد " * 2_000,
    "twelve": "Ali Omar Zaid Amr Bakr Saad Fahd Nasr Badr Hamd Jabr Sakr", "empty": "",
    "zero": "\0", "formula": "=1+1", "hidden": "Ah\u200bmad Kha\u200elid al-Tay\u00adyibi",
}  # fmt: skip
PEOPLE = [
    ("p1", "Ahmad Khalid al-Tayyibi", "34", "m"),
    ("p2", "Fatima Ali Hassan", "", ""),
    ("p3", "Лейла Ахмедова", "unknown", "?"),
    *((f"bad-{kind}", name, "", "") for kind, name in BAD.items()),
]
SAME = [(f"s{n}", "Mohammed Ahmad", str(20 + n % 40) if n % 2 else "", "") for n in range(4_000)]


def written(path: Path, header: str, rows: list[tuple[str, ...]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header.split(), *rows])
    return path


def run(*words: str | Path, out: Path) -> list[dict[str, str]]:
    done = CliRunner().invoke(app, ["lab", *map(str, words), "--out", str(out)])
    assert done.exit_code == 0, done.output
    with out.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_a_search_with_bad_names_in_both_files_answers_each(tmp_path: Path) -> None:
    registry = written(tmp_path / "r.csv", "pid name age sex", [*PEOPLE, *SAME])
    asked = [(f"q-{pid}", *rest) for pid, *rest in PEOPLE]
    asked += [("q-same", "محمد احمد", "31", "m"), ("q-none", "محمد احمد", "", "")]
    enquiries = written(tmp_path / "q.csv", "qid name age sex", asked)
    rows = run("search", registry, enquiries, out=tmp_path / "ranked.csv")
    first = {row["qid"]: row["pid"] for row in rows if row["rank"] == "1"}
    assert {pid: first[f"q-{pid}"] for pid in ("p1", "p2", "p3")} == {
        "p1": "p1", "p2": "p2", "p3": "p3",
    }  # fmt: skip
    assert first["q-bad-hidden"] in ("p1", "bad-hidden")
    assert first["q-bad-twelve"] == "bad-twelve"
    nobody = {f"q-bad-{kind}" for kind in ("emoji", "unknown", "nobody", "invisible", "empty")}
    assert not nobody & set(first)
    assert all(0 <= float(row["score"]) <= 1 and row["reasons"] for row in rows)
    for qid in ("q-same", "q-none"):
        ranked = [row for row in rows if row["qid"] == qid]
        assert [row["rank"] for row in ranked] == [str(n) for n in range(1, 11)]
        assert all(float(row["score"]) < 0.2 for row in ranked)


def test_pairs_of_bad_names_keep_their_rows_and_order(tmp_path: Path) -> None:
    names = [*BAD.values(), "Ahmad Khalid"]
    rows = [(a, "", "", b, "x", "?", f"{i}/{k}") for i, a in enumerate(names)
            for k, b in enumerate(names)]  # fmt: skip
    pairs = written(tmp_path / "p.csv", "name_a age_a sex_a name_b age_b sex_b mine", rows)
    scored = run("score", pairs, out=tmp_path / "scored.csv")
    assert [row["mine"] for row in scored] == [row[-1] for row in rows]
    assert all(0 <= float(row["score"]) <= 1 and row["reasons"] for row in scored)


@pytest.mark.parametrize("threshold", ["0.5", "0"])
def test_lists_with_bad_names_are_linked_one_to_one(tmp_path: Path, threshold: str) -> None:
    left = written(tmp_path / "l.csv", "pid name age sex", [*PEOPLE, *SAME[:100]])
    right = written(tmp_path / "r.csv", "pid name age sex", PEOPLE)
    found = run("link", left, right, "--threshold", threshold, out=tmp_path / "o.csv")
    pairs = [(row["pid_left"], row["pid_right"]) for row in found]
    assert ("p1", "p1") in pairs or ("p1", "bad-hidden") in pairs
    assert len({a for a, _ in pairs}) == len({b for _, b in pairs}) == len(pairs)
    assert all(float(row["score"]) >= float(threshold) for row in found)


def test_one_name_four_thousand_times_is_no_flood_of_pairs(tmp_path: Path) -> None:
    people = written(tmp_path / "p.csv", "pid name age sex", [*PEOPLE, *SAME])
    found = run("dedupe", people, out=tmp_path / "o.csv")
    pairs = [(row["pid_left"], row["pid_right"]) for row in found]
    assert ("p1", "bad-hidden") in pairs
    assert len(set(map(frozenset, pairs))) == len(pairs)
    assert len(pairs) <= 20 * len(SAME)

"""Names as bad as they come are read, searched, scored and linked; nothing breaks."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corridor.engines.matching.arrays import Arrays
from corridor.engines.matching.evidence import Person
from corridor.engines.matching.lists import dedupe, link
from corridor.engines.matching.pairs import score_rows
from corridor.engines.matching.search import search
from corridor.engines.names.fold import fold
from corridor.engines.names.parts import MAX_LETTERS, MAX_PARTS, parts

BAD = {
    "empty": "", "one letter": "a", "one Arabic letter": "غ", "emoji": "😀😀", "unknown": "unknown",
    "unknown in Arabic": "غير معروف", "unknown in Russian": "неизвестно",
    "invisible": "\u200f\u200e\u200b", "ten thousand": "ا" * 10_000, "digits": "12345",
    "points": "..", "half a kunya": "Abu", "three scripts": "Ahmed احمد Ахмед",
    "twelve parts": "Ali Omar Zaid Amr Bakr Saad Fahd Nasr Badr Hamd Jabr Sakr",
    "twenty parts": "Ali Omar Zaid Amr Bakr Saad Fahd Nasr Badr Hamd Jabr Sakr " * 2,
    "long words": "abdulrahmanabdulrahmanabdulrahman" * 3, "zero": "\0", "half a pair": "\ud800",
    "letters of no table": "ꦄꦏ 漢字 हिन्दी", "formula": "=1+1", "markers": "known as of , ( aka",
}  # fmt: skip
REGISTER = [
    Person("1", "Ahmad Khalid al-Tayyibi", 34, "m"),
    Person("2", "Fatima Ali Hassan", 50, "f"),
    Person("3", "Лейла Ахмедова", 19, "f"),
]


@pytest.mark.parametrize("name", BAD.values(), ids=BAD.keys())
def test_a_bad_name_breaks_nothing_and_hides_nobody(name: str) -> None:
    people = [*REGISTER, Person("bad", name, None, "")]
    index = Arrays(people)
    found = search(index, Person("q", name, None, ""), top=5)
    assert all(0 <= one.score <= 1 and one.reasons for one in found)
    assert search(index, Person("q", "أحمد خالد الطيبي"))[0].person.pid == "1"
    [(score, reasons)] = score_rows([Person("a", name)], [Person("b", name)])
    assert 0 <= score <= 1
    assert reasons
    assert [one for one in link(people, REGISTER, threshold=0.9) if one.left == one.right]
    dedupe(people, threshold=0.5)


@pytest.mark.parametrize(
    "name",
    ["", "😀", "unknown", "غير معروف", "مجهول", "неизвестно", "نەزانراو", "n/a", "\u200b", "42"],
)
def test_what_names_nobody_finds_nobody(name: str) -> None:
    assert parts(name) == ()
    assert search(Arrays([*REGISTER, Person("x", name)]), Person("q", name)) == []
    assert score_rows([Person("a", name)], [Person("b", name)])[0][0] == 0


def test_one_name_four_thousand_times_is_searched_and_nobody_is_sure() -> None:
    people = [Person(str(n), "Mohammed Ahmad", 20 + n % 40, "m") for n in range(4000)]
    found = search(Arrays([*people, *REGISTER]), Person("q", "محمد احمد", 30, "m"))
    assert len(found) == 10
    assert all(one.score < 0.1 and one.person.age == 30 for one in found)


def test_the_asked_spelling_itself_is_found_though_no_table_knows_its_letters() -> None:
    index = Arrays([*REGISTER, Person("4", "پژمان ڤیان گوڵ", 20, "m")])
    assert search(index, Person("q", "پژمان ڤیان گوڵ"))[0].person.pid == "4"


@given(st.lists(st.text(max_size=40), min_size=1, max_size=3))
def test_any_text_is_folded_and_parted(texts: list[str]) -> None:
    text = " ".join(texts)
    assert fold(fold(text)) == fold(text)
    found = parts(text)
    assert len(found) <= MAX_PARTS
    assert all(0 < len(form) <= MAX_LETTERS for part in found for form, _ in part.forms)


@given(st.lists(st.sampled_from(
    ["Ahmad", "al-Masri", "Abu", "Umm", "Abd", "al", "عبد", "الرحمن", "ابو", "بن", "known as", "(",
     ")", ",", "Salah al-Din", "صلاح", "الدين", "A.", "Иван", "Xoşnav", "unknown"]
), max_size=9))  # fmt: skip
def test_a_name_is_read_alike_word_by_word_and_whole(words: list[str]) -> None:
    """What is kept of plain words changes nothing: a first reading and a second agree."""
    text = " ".join(words)
    assert parts(text) == parts(text)
    assert parts(f" {text} ") == parts(text)

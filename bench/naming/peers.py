"""Peers on the same lists: WRatio, double metaphone, trigram TF-IDF, Splink (extra `peers`)."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from metaphone import doublemetaphone
from rapidfuzz import fuzz, process
from scipy.sparse import csr_matrix
from sklearn.feature_extraction.text import TfidfVectorizer

from corridor.engines.matching.evidence import Person
from corridor.engines.names.fold import fold

#: A plain transliteration, letter by letter, as programs that do not learn have it.
_ARABIC = "ا a ب b ت t ث th ج j ح h خ kh د d ذ dh ر r ز z س s ش sh ص s ض d ط t ظ z ع ' غ gh ف f"
_MORE = "ق q ك k ل l م m ن n ه h و w ي y"
_CYRILLIC = "а a б b в v г g д d е e ж zh з z и i й y к k л l м m н n о o п p р r с s т t у u ф f"
_LAST = "х kh ц ts ч ch ш sh щ shch ы y э e ю yu я ya"
_WORDS = f"{_ARABIC} {_MORE} {_CYRILLIC} {_LAST}".split()
_LETTERS = dict(zip(_WORDS[::2], _WORDS[1::2], strict=True))

Search = Callable[[Person], Sequence[str]]


def latin(text: str) -> str:
    """The text in Latin letters, lower case."""
    return "".join(_LETTERS.get(c, c) for c in fold(text))


def _facts(register: Sequence[Person], asked: Person) -> np.ndarray:
    """What age and sex add to a score of 0..100, for every peer alike."""
    ages = np.array([-1 if p.age is None else p.age for p in register])
    sexes = np.array([p.sex for p in register])
    out = np.zeros(len(register))
    if asked.age is not None:
        out += np.where(ages < 0, 0.0, np.where(np.abs(ages - asked.age) <= 3, 5.0, -5.0))
    if asked.sex:
        out += np.where(sexes == asked.sex, 2.0, np.where(sexes == "", 0.0, -5.0))
    return out


def _best(register: Sequence[Person], score: np.ndarray) -> list[str]:
    few = np.argpartition(-score, min(10, len(score) - 1))[:10]
    return [register[k].pid for k in few[np.argsort(-score[few], kind="stable")]]


def wratio(register: Sequence[Person]) -> Search:
    """rapidfuzz WRatio over all."""
    names = [latin(p.name) for p in register]

    def search(asked: Person) -> list[str]:
        score = process.cdist([latin(asked.name)], names, scorer=fuzz.WRatio)[0]
        return _best(register, score + _facts(register, asked))

    return search


def metaphones(register: Sequence[Person]) -> Search:
    """Double metaphone keys of the words; the more keys agree the better."""
    index: dict[str, list[int]] = defaultdict(list)
    for at, person in enumerate(register):
        for key in _keys(person.name):
            index[key].append(at)

    def search(asked: Person) -> list[str]:
        score = _facts(register, asked)
        for key in _keys(asked.name):
            score[index.get(key, [])] += 100.0 / (1 + np.log1p(len(index.get(key, []))))
        return _best(register, score)

    return search


def _keys(name: str) -> set[str]:
    return {key for word in latin(name).split() for key in doublemetaphone(word) if key}


def trigrams(register: Sequence[Person]) -> Search:
    """TF-IDF of letter trigrams, cosine."""
    made = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 3))
    matrix = csr_matrix(made.fit_transform([latin(p.name) for p in register])).T.tocsr()

    def search(asked: Person) -> list[str]:
        found = (made.transform([latin(asked.name)]) @ matrix).toarray()[0]
        return _best(register, 100 * found + _facts(register, asked))

    return search


def wratio_pairs(left: Sequence[Person], right: Sequence[Person]) -> np.ndarray:
    """WRatio of pairs with age and sex, 0..1."""
    score = np.array([
        fuzz.WRatio(latin(a.name), latin(b.name))
        + (0 if a.age is None or b.age is None else 3 - 2 * min(abs(a.age - b.age), 10))
        - (10 if a.sex and b.sex and a.sex != b.sex else 0)
        for a, b in zip(left, right, strict=True)
    ])  # fmt: skip
    return (score - score.min()) / max(1e-9, float(np.ptp(score)))


def splink_link(left: Sequence[Person], right: Sequence[Person]) -> set[tuple[int, int]]:
    """Splink on consonants of the words, trained on the two lists; one to one by probability."""
    from splink import DuckDBAPI, Linker, SettingsCreator, block_on  # noqa: PLC0415
    from splink import comparison_library as compare  # noqa: PLC0415

    logging.disable(logging.WARNING)  # it tells every step
    duck = DuckDBAPI()
    frames = [
        duck.register([{"unique_id": n, **_columns(p)} for n, p in enumerate(people)])
        for people in (left, right)
    ]
    words = ["first", "second", "third", "last"]
    linker = Linker(
        frames,
        SettingsCreator(
            link_type="link_only",
            comparisons=[
                *(compare.JaroWinklerAtThresholds(word, [0.9, 0.8]) for word in words),
                compare.ExactMatch("sex"),
            ],
            blocking_rules_to_generate_predictions=[
                block_on("last"), block_on("first", "second"), block_on("first", "third"),
                block_on("second", "third"),
            ],
        ),
    )  # fmt: skip
    training = linker.training
    training.estimate_probability_two_random_records_match([block_on("first", "last")], recall=0.6)
    training.estimate_u_using_random_sampling(max_pairs=1e6)
    training.estimate_parameters_using_expectation_maximisation(block_on("last"))
    training.estimate_parameters_using_expectation_maximisation(block_on("first", "second"))
    found = linker.inference.predict(threshold_match_probability=0.5).as_record_list()
    taken: tuple[set[int], set[int]] = (set(), set())
    out = set()
    for row in sorted(found, key=lambda row: -row["match_probability"]):
        a, b = int(row["unique_id_l"]), int(row["unique_id_r"])
        if a not in taken[0] and b not in taken[1]:
            taken[0].add(a)
            taken[1].add(b)
            out.add((a, b))
    return out


def _columns(person: Person) -> dict[str, Any]:
    words = ["".join(c for c in w if c not in "aeiouy'") or w for w in latin(person.name).split()]
    words = [w for w in words if w not in ("l", "al", "el", "bn")] or [""]
    named = dict(zip(("first", "second", "third"), words[:-1], strict=False))
    return {
        "first": None, "second": None, "third": None, **named, "last": words[-1],
        "age": person.age, "sex": person.sex or None,
    }  # fmt: skip

"""Finds people in a register: rare parts propose, all parts score, chances are calibrated.

The search is written once, over a `Store`: arrays in memory (`arrays`) or tables in a database
(`tables`) give the same answers.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Protocol

import numpy as np
import numpy.typing as npt

from corridor.engines.matching.alignment import NO_MATCH, Aligned, align, inversions
from corridor.engines.matching.evidence import (
    SEX_CODES,
    UNKNOWN_AGE,
    Ages,
    Person,
    extra_odds,
    sex_odds,
)
from corridor.engines.matching.vocabulary import Neighbours
from corridor.engines.names.parts import Part

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int32]

FINALISTS: Final = 300
ENOUGH_PROPOSED: Final = 40  # candidates that must beat the bound before common parts are skipped
CHEAP_POSTINGS: Final = 4_000  # postings that are always read
SLACK: Final = 6.0  # nats that age, sex and order can add
UNSEEN: Final = 0.5  # weight, in parts, of a name the register does not have
FIRST_TO_FIRST: Final = 1.0
FIRST_ELSEWHERE: Final = -1.0
INVERSION: Final = -0.6
RECORD_PART_LEFT: Final = -0.15
MISSING: Final = {
    "name": -4.5,
    "kunya": -0.7,
    "nickname": -0.7,
    "maiden": -0.9,
    "kin": -0.4,
    "initial": -0.5,
}
FIRST_MISSING: Final = -1.5  # the given name weighs more than the others
IN_REGISTER: Final = 0.9  # chance that the person asked for is in the register [U]
TEMPER: Final = 0.85  # evidence of parts is not quite independent; fitted on simulated enquiries


class Store(Protocol):
    """What the search needs of an index. Rows are readings of people, numbered from 0."""

    def neighbours(self, part: Part) -> Neighbours: ...
    def part(self, number: int) -> Part: ...
    def bearers(self, parts: Ints) -> Ints:
        """How many rows carry each part."""

    def size(self) -> tuple[int, int]:
        """Rows, and parts summed over rows."""

    def postings(self, part: int) -> Ints:
        """The rows that carry a part, ascending, each once."""

    def row_parts(self, rows: Ints) -> Ints:
        """(n, MAX_PARTS) parts of rows in order, -1 where there is none."""

    def ages_sexes(self, rows: Ints) -> tuple[Ints, Ints]: ...
    def ages(self) -> Ages: ...
    def people(self, rows: Sequence[int]) -> list[Person]: ...


@dataclass(frozen=True, slots=True)
class Found:
    """One answer: the person, the calibrated chance that it is the one asked for, and why."""

    person: Person
    score: float
    reasons: str


@dataclass(frozen=True, slots=True)
class Asked:
    """An asked part with its neighbours: log ratios adjusted for how common the spelling is."""

    part: Part
    ids: Ints
    ratio: Floats
    bearers: Ints


@dataclass(slots=True)
class _Scored:
    """A finalist row with its score in nats and what it is made of."""

    row: int
    score: float
    aligned: Aligned
    at: int
    parts: Ints
    age: float
    sex: float


def adjust(store: Store, part: Part) -> Asked:
    """Turns neighbours into log ratios against the spelling under the whole register."""
    near = store.neighbours(part)
    _, total = store.size()
    bearers = store.bearers(near.ids)
    share = (bearers + 0.0) / (total + UNSEEN)
    # log of how likely the register as a whole makes this spelling, over an unrelated name
    everybody = math.log(float(share @ np.exp(near.ratio)) + UNSEEN * 40 / (total + UNSEEN * 40))
    ratio = near.ratio - everybody
    good = ratio > 0.0
    return Asked(part, near.ids[good], ratio[good], bearers[good])


def _propose(store: Store, asked: Sequence[Asked]) -> tuple[Ints, Floats]:
    """Rows worth scoring, with rough scores; skips a common part when it cannot matter."""
    rows_total, _ = store.size()
    rough = np.zeros(rows_total, dtype=np.float32)
    touched = np.zeros(0, dtype=np.int32)
    order = sorted(asked, key=lambda a: int(a.bearers.sum()))
    skipped: list[Asked] = []
    for at, one in enumerate(order):
        if not len(one.ids):
            continue
        left = sum(float(a.ratio[0]) for a in order[at:] if len(a.ids))
        if int(one.bearers.sum()) > CHEAP_POSTINGS and len(touched) >= ENOUGH_PROPOSED:
            bound = np.partition(rough[touched], -ENOUGH_PROPOSED)[-ENOUGH_PROPOSED]
            if float(bound) > left + SLACK:
                skipped = [a for a in order[at:] if len(a.ids)]
                break
        for number, ratio in zip(one.ids.tolist(), one.ratio.tolist(), strict=True):
            rough[store.postings(number)] += ratio
        touched = np.flatnonzero(rough).astype(np.int32)
    score = rough[touched].astype(np.float64)
    if skipped and len(touched) > FINALISTS:
        parts = store.row_parts(touched)
        for one in skipped:
            score += _lookup(one, parts).max(axis=1).clip(0.0)
    return touched, score


def _lookup(asked: Asked, parts: Ints) -> Floats:
    """Log ratios of recorded parts (n, MAX_PARTS) for one asked part; NO_MATCH elsewhere."""
    order = np.argsort(asked.ids)
    ids = asked.ids[order]
    if not len(ids):
        return np.full(parts.shape, NO_MATCH)
    at = np.minimum(np.searchsorted(ids, parts), len(ids) - 1)
    return np.where(ids[at] == parts, asked.ratio[order][at], NO_MATCH)


def name_scores(asked: Sequence[Asked], parts: Ints) -> tuple[Floats, Aligned]:
    """Scores in nats (n,) of records with parts (n, MAX_PARTS) for an asked name."""
    used = max(1, int((parts >= 0).sum(axis=1).max(initial=1)))
    parts = parts[:, :used]
    ratio = np.stack([_lookup(one, parts) for one in asked], axis=1)
    found = align(ratio)
    missing = np.array([MISSING[one.part.role] for one in asked])
    missing[0] += FIRST_MISSING if asked[0].part.role == "name" else 0.0
    score = np.where(found.matched, found.value, missing).sum(axis=1)
    first = found.to[:, 0]
    score += np.where(first == 0, FIRST_TO_FIRST, np.where(first > 0, FIRST_ELSEWHERE, 0.0))
    score += INVERSION * inversions(found.to)
    score += RECORD_PART_LEFT * ((parts >= 0).sum(axis=1) - found.matched.sum(axis=1))
    return score, found


def candidates(store: Store, asked: Sequence[Asked], person: Person, *, most: int) -> Ints:
    """The rows likeliest by the sum of evidence, at most `most`, in no order."""
    rows, rough = _propose(store, asked)
    if len(rows) <= most:
        return rows
    ages, sexes = store.ages_sexes(rows)
    age = UNKNOWN_AGE if person.age is None else person.age
    rough = rough + store.ages().odds(age, ages) + sex_odds(SEX_CODES.get(person.sex, 0), sexes)
    return rows[np.argpartition(-rough, most)[:most]]


def _rank(store: Store, parts: tuple[Part, ...], person: Person) -> list[_Scored]:
    asked = [adjust(store, part) for part in parts]
    if not asked:
        return []
    rows, rough = _propose(store, asked)
    if not len(rows):
        return []
    age = UNKNOWN_AGE if person.age is None else person.age
    sex = SEX_CODES.get(person.sex, 0)
    if len(rows) > FINALISTS:
        if len(rows) > 20 * FINALISTS:
            few = np.argpartition(-rough, 20 * FINALISTS)[: 20 * FINALISTS]
            rows, rough = rows[few], rough[few]
        ages, sexes = store.ages_sexes(rows)
        rough = rough + store.ages().odds(age, ages) + sex_odds(sex, sexes)
        few = np.argpartition(-rough, FINALISTS)[:FINALISTS]
        rows = rows[few]
    rows = np.sort(rows)
    recorded = store.row_parts(rows)
    score, aligned = name_scores(asked, recorded)
    ages, sexes = store.ages_sexes(rows)
    by_age, by_sex = store.ages().odds(age, ages), sex_odds(sex, sexes)
    total = score + by_age + by_sex
    return [
        _Scored(
            int(rows[i]),
            float(total[i]),
            aligned,
            int(i),
            recorded[i],
            float(by_age[i]),
            float(by_sex[i]),
        )
        for i in np.argsort(-total, kind="stable")[:60]
    ]


def search(store: Store, person: Person, *, top: int = 10) -> list[Found]:
    """The `top` likeliest people of the register for an enquiry, best first.

    score: calibrated chance in 0..1 that this is the person asked for. An enquiry that names
    nobody (empty, "unknown", emoji) finds nobody.
    """
    best: dict[str, tuple[float, _Scored, Person, tuple[Part, ...], list[str]]] = {}
    for parts in person.readings():
        ranked = _rank(store, parts, person)
        for scored, record in zip(ranked, store.people([s.row for s in ranked]), strict=True):
            extra = extra_odds(person.extra, record.extra)
            total = scored.score + sum(odds for odds, _ in extra)
            if record.pid not in best or total > best[record.pid][0]:
                best[record.pid] = (total, scored, record, parts, [word for _, word in extra])
    order = sorted(best.values(), key=lambda item: (-item[0], item[1].row))
    rows, _ = store.size()
    nobody = math.log(max(1, rows) * (1 - IN_REGISTER) / IN_REGISTER) * TEMPER
    top_score = max([nobody, *(TEMPER * item[0] for item in order)])
    weights = [math.exp(TEMPER * item[0] - top_score) for item in order]
    total = sum(weights) + math.exp(nobody - top_score)
    return [
        Found(
            record,
            weight / total,
            "; ".join([*_reasons(store, scored, parts, person, record), *words]),
        )
        for weight, (_, scored, record, parts, words) in zip(weights[:top], order, strict=False)
    ]


def _strength(nats: float) -> str:
    return "rare" if nats > 7 else "telling" if nats > 4 else "common" if nats > 1.5 else "weak"


def _reasons(
    store: Store, scored: _Scored, parts: tuple[Part, ...], asked: Person, record: Person
) -> list[str]:
    """The score in words, part by part."""
    out = []
    for i, part in enumerate(parts):
        column = int(scored.aligned.to[scored.at, i])
        if column < 0:
            out.append(f"{part.written} not found")
            continue
        other = store.part(int(scored.parts[column]))
        value = float(scored.aligned.value[scored.at, i])
        word = "is" if other.text == part.text else "may be"
        out.append(f"{part.written} {word} {other.written} ({_strength(value)}, {value:+.1f})")
    if asked.age is not None and record.age is not None:
        gap = abs(asked.age - record.age)
        out.append("same age" if not gap else f"age differs by {gap} ({scored.age:+.1f})")
    if asked.sex and record.sex:
        out.append("same sex" if asked.sex == record.sex else f"other sex ({scored.sex:+.1f})")
    return out

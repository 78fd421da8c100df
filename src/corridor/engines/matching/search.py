"""Finds people in a register: rare parts propose, all parts score, chances are calibrated.

The search is written once, over a `Store`: arrays in memory (`arrays`) or tables in a database
(`tables`) give the same answers. Plain Python, so that a site without numpy can search too.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from corridor.engines.matching.evidence import SEX_CODES, UNKNOWN_AGE, Ages, Person, extra_odds
from corridor.engines.matching.evidence import sex_odds as odds_of_sex
from corridor.engines.matching.scoring import FAR, missing, placed
from corridor.engines.matching.vocabulary import WORST, Neighbours
from corridor.engines.names.fold import Script
from corridor.engines.names.parts import MAX_PARTS, Part

KEPT: Final = 30  # rows that share the chance of an enquiry
KEPT_WITH_MORE: Final = 200  # the same where optional columns may lift a row
FIRST_LOOK: Final = 5.0  # nats: what is likelier than this is looked for first
NEXT_LOOK: Final = 3.0  # nats lower, if nothing was found
WITHIN: Final = 7.0  # nats behind the likeliest neighbour that others are looked for
SCRIPTS_APART: Final = 6.0  # nats that one name's best spellings in two scripts may differ by
UNSEEN: Final = 0.5  # weight, in parts, of a name the register does not have
IN_REGISTER: Final = 0.9  # chance that the person asked for is in the register [U]
TEMPER: Final = 0.85  # evidence of parts is not quite independent; fitted on invented enquiries


@dataclass(frozen=True, slots=True)
class Asked:
    """An asked part with its neighbours: log ratios adjusted for how common the spelling is.

    ids, ratio: likeliest first, ratios above 0. bearers: how many rows carry each.
    """

    part: Part
    ids: list[int]
    ratio: list[float]
    bearers: list[int]


@dataclass(frozen=True, slots=True)
class Enquiry:
    """All that ranks rows: asked parts, what each costs if missing, odds by age and sex."""

    asked: list[Asked]
    lost: list[float]
    by_age: list[float]
    by_sex: list[float]


@dataclass(frozen=True, slots=True)
class Recorded:
    """A row of a register: numbers of its parts in order, and the person it is a reading of."""

    parts: list[int]
    person: Person


@dataclass(frozen=True, slots=True)
class Found:
    """One answer: the person, the calibrated chance that it is the one asked for, and why."""

    person: Person
    score: float
    reasons: str


class Store(Protocol):
    """What the search needs of an index. Rows are readings of people, numbered from 0."""

    def neighbours(self, part: Part, least: float) -> Neighbours: ...
    def part(self, number: int) -> Part: ...
    def bearers(self, parts: Sequence[int]) -> list[tuple[int, Script]]:
        """How many rows carry each part, and its script."""

    def size(self) -> tuple[int, int]:
        """Rows, and distinct parts summed over rows."""

    def ages(self) -> Ages: ...
    def best(self, enquiry: Enquiry, most: int, away: float = FAR) -> list[tuple[float, int]]:
        """Scores in nats and rows, best first, ties by row; none `away` nats behind the best."""

    def recorded(self, rows: Sequence[int]) -> list[Recorded]: ...


def adjust(store: Store, part: Part) -> Asked:
    """Turns neighbours into log ratios against the spelling under the whole register."""
    _, total = store.size()
    least = FIRST_LOOK
    while True:
        near = store.neighbours(part, least)
        known = store.bearers(near.ids)
        bearers, scripts = [count for count, _ in known], [script for _, script in known]
        everybody = _everybody(near.ratio, bearers, scripts, total)
        # What is far behind, or less likely than the register as a whole, is of no use.
        top = near.ratio[0] - WITHIN if near.ratio else least - NEXT_LOOK
        lowest = max(WORST, min(everybody.values(), default=WORST), top)
        if near.least <= lowest:
            break
        least = lowest
    good = [
        (number, ratio - everybody[script], count)
        for number, ratio, script, count in zip(near.ids, near.ratio, scripts, bearers, strict=True)
        if ratio > everybody[script]
    ]
    good.sort(key=lambda one: (-one[1], one[0]))
    return Asked(part, [n for n, _, _ in good], [r for _, r, _ in good], [c for _, _, c in good])


def _everybody(
    ratio: Sequence[float], bearers: Sequence[int], scripts: Sequence[Script], total: int
) -> dict[Script, float]:
    """By script: log of how likely the register makes the spelling, over an unrelated name.

    A spelling says more of itself than its like in another script does; both are of one name, so
    each script is measured by its own best, and the bearers of all scripts count together.
    """
    best: dict[Script, float] = {}
    for script, value in zip(scripts, ratio, strict=True):
        best[script] = max(value, best.get(script, value))
    top = max(best.values(), default=0.0)
    of_one = {script: value for script, value in best.items() if value > top - SCRIPTS_APART}
    heard = sum(
        count * math.exp(value - of_one[script])
        for count, value, script in zip(bearers, ratio, scripts, strict=True)
        if script in of_one
    )
    share, unseen = heard / (total + UNSEEN), UNSEEN * 40 / (total + UNSEEN * 40)
    return {s: math.log(share * math.exp(of_one.get(s, top)) + unseen) for s in best}


def enquiry(store: Store, asked: list[Asked], person: Person) -> Enquiry:
    """An enquiry about a person by their adjusted parts."""
    age = UNKNOWN_AGE if person.age is None else person.age
    return Enquiry(
        asked,
        missing([one.part for one in asked]),
        store.ages().odds(age),
        odds_of_sex(SEX_CODES.get(person.sex, 0)),
    )


@dataclass(slots=True)
class _Answer:
    """A person with the score of their best row, how it came about, and words for more."""

    score: float
    row: int
    record: Recorded
    asked: Enquiry
    words: list[str]


def search(store: Store, person: Person, *, top: int = 10) -> list[Found]:
    """The `top` likeliest people of the register for an enquiry, best first.

    score: calibrated chance in 0..1 that this is the person asked for. An enquiry that names
    nobody (empty, "unknown", emoji) finds nobody.
    """
    best: dict[str, _Answer] = {}
    most = max(KEPT, 2 * top, KEPT_WITH_MORE if person.extra else 0)
    for parts in person.readings():
        if not parts:
            continue
        asked = enquiry(store, [adjust(store, part) for part in parts], person)
        ranked = store.best(asked, most)
        records = store.recorded([row for _, row in ranked])
        for (score, row), record in zip(ranked, records, strict=True):
            extra = extra_odds(person.extra, record.person.extra)
            score += sum(odds for odds, _ in extra)
            known = best.get(record.person.pid)
            if known is None or (score, -row) > (known.score, -known.row):
                words = [word for _, word in extra]
                best[record.person.pid] = _Answer(score, row, record, asked, words)
    order = sorted(best.values(), key=lambda one: (-one.score, one.row))
    rows, _ = store.size()
    return [
        Found(one.record.person, chance, "; ".join([*_reasons(store, one, person), *one.words]))
        for one, chance in zip(order[:top], _chances(order, rows), strict=False)
    ]


def _chances(order: Sequence[_Answer], rows: int) -> list[float]:
    """One whole is shared by the answers and the chance that nobody of the register is meant."""
    nobody = math.log(max(1, rows) * (1 - IN_REGISTER) / IN_REGISTER) * TEMPER
    top = max([nobody, *(TEMPER * one.score for one in order)])
    weights = [math.exp(TEMPER * one.score - top) for one in order]
    total = sum(weights) + math.exp(nobody - top)
    return [weight / total for weight in weights]


def _strength(nats: float) -> str:
    return "rare" if nats > 7 else "telling" if nats > 4 else "common" if nats > 1.5 else "weak"


def aligned(
    asked: Sequence[Asked], lost: list[float], parts: Sequence[int]
) -> list[tuple[int, float]]:
    """For each asked part the recorded place it went to (-1: none) and its nats."""
    cell = [0.0] * (len(asked) * MAX_PARTS)
    for i, one in enumerate(asked):
        value = dict(zip(one.ids, one.ratio, strict=True))
        for j, number in enumerate(parts):
            cell[i * MAX_PARTS + j] = value.get(number, 0.0)
    before, to = list(cell), [-1] * len(asked)
    placed(cell, len(asked), len(parts), lost, to)
    return [(j, before[i * MAX_PARTS + j] if j >= 0 else 0.0) for i, j in enumerate(to)]


def _reasons(store: Store, answer: _Answer, asked: Person) -> list[str]:
    """The score in words, part by part."""
    out = []
    how, record = answer.asked, answer.record
    found = aligned(how.asked, how.lost, record.parts)
    for one, (place, value) in zip(how.asked, found, strict=True):
        if place < 0:
            out.append(f"{one.part.written} not found")
            continue
        other = store.part(record.parts[place])
        word = "is" if other.text == one.part.text else "may be"
        out.append(f"{one.part.written} {word} {other.written} ({_strength(value)}, {value:+.1f})")
    person = record.person
    if asked.age is not None and person.age is not None:
        gap = abs(asked.age - person.age)
        odds = how.by_age[min(max(person.age, 0), len(how.by_age) - 2)]
        out.append("same age" if not gap else f"age differs by {gap} ({odds:+.1f})")
    if asked.sex and person.sex:
        odds = how.by_sex[SEX_CODES[person.sex]]
        out.append("same sex" if asked.sex == person.sex else f"other sex ({odds:+.1f})")
    return out

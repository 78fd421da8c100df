"""Which rows of a database to read for an enquiry, so that the best are sure to be among them.

The same bounds as `kernels.rank`: rare parts first, until no row that was not read yet can be of
interest. Rows of the likeliest ages are read first, for a high bar to the others.
"""

from __future__ import annotations

from bisect import insort
from collections.abc import Callable, Iterable, Sequence
from typing import Final

from corridor.engines.matching.evidence import fact_odds
from corridor.engines.matching.scoring import FIRST_TO_FIRST, HAIR, placed
from corridor.engines.matching.search import Enquiry
from corridor.engines.names.parts import MAX_PARTS

Fact = int
#: (parts, facts or None for any, parts of which one must be there too, or None) -> row, fact, parts
Reader = Callable[
    [Sequence[int], Sequence[Fact] | None, Sequence[int] | None],
    Iterable[tuple[int, Fact, str]],
]
AT_ONCE: Final = 24  # neighbours read by one question
FEW: Final = 1_500  # rows that are read without asking for a second part
CLOSE: Final = 1.0  # nats behind the likeliest age and sex that are read first


class Best:
    """The best rows for one enquiry."""

    def __init__(self, enquiry: Enquiry, most: int, away: float, read: Reader) -> None:
        self._asked, self._lost = enquiry.asked, enquiry.lost
        self._most, self._away, self._read = most, away, read
        self._odds = fact_odds(enquiry.by_age, enquiry.by_sex)
        self._likeliest = max(self._odds)
        self._value = [dict(zip(one.ids, one.ratio, strict=True)) for one in enquiry.asked]
        self._nothing = sum(enquiry.lost) + FIRST_TO_FIRST + HAIR
        self._gain: dict[str, float] = {}  # by number as text: the most that a part may add to that
        for lost, one in zip(enquiry.lost, enquiry.asked, strict=True):
            for number, ratio in zip(map(str, one.ids), one.ratio, strict=True):
                self._gain[number] = max(ratio - lost, self._gain.get(number, 0.0))
        self._top: list[tuple[float, int]] = []  # (-score, row)
        self._met: set[int] = set()
        self._cell = [0.0] * (len(self._asked) * MAX_PARTS)
        self._to = [0] * len(self._asked)

    def found(self) -> list[tuple[float, int]]:
        """Scores and rows, best first, ties by row."""
        order = sorted(range(len(self._asked)), key=lambda i: sum(self._asked[i].bearers))
        order = [i for i in order if self._asked[i].ids]
        if len(order) > 1 and sum(self._asked[order[0]].bearers) > FEW:
            first, second = (self._asked[i] for i in order[:2])
            facts = self._facts(self._likeliest - CLOSE)
            self._score(self._read(first.ids, facts, second.ids))
        for close in (True, False):
            self._pass(order, close)
        bar = self._bar()
        return [(-score, row) for score, row in self._top if -score >= bar]

    def _bar(self) -> float:
        """What a row must score to be of interest."""
        if not self._top:
            return -1e9
        far = -self._top[0][0] - self._away
        return max(far, -self._top[-1][0]) if len(self._top) == self._most else far

    def _pass(self, order: Sequence[int], close: bool) -> None:
        """Reads part by part; `close`: only rows of the likeliest ages and sex."""
        may = [
            max([lost, *one.ratio[:1]]) for lost, one in zip(self._lost, self._asked, strict=True)
        ]
        for i in order:
            one = self._asked[i]
            for start in range(0, len(one.ids), AT_ONCE):
                may[i] = max(self._lost[i], one.ratio[start])
                name = sum(may) + FIRST_TO_FIRST
                least = self._likeliest - CLOSE if close else -1e9
                facts = self._facts(max(least, self._bar() - name - HAIR))
                if facts is not None and not facts:
                    break
                batch = slice(start, start + AT_ONCE)
                also = None
                if sum(one.bearers[batch]) > FEW:
                    also = self._needed(may, i, name + self._likeliest)
                self._score(self._read(one.ids[batch], facts, also))
            else:
                may[i] = self._lost[i]

    def _facts(self, least: float) -> list[Fact] | None:
        """Ages and sexes whose odds are at least so much; None if all are."""
        found = [fact for fact, odds in enumerate(self._odds) if odds >= least]
        return None if len(found) == len(self._odds) else found

    def _needed(self, may: Sequence[float], i: int, most: float) -> list[int] | None:
        """Neighbours of a part without which no row can be of interest, the rarest such part's."""
        bar = self._bar()
        found = [
            k for k, one in enumerate(self._asked)
            if k != i and one.ids and most - may[k] + self._lost[k] + HAIR < bar
            and may[k] > self._lost[k]
        ]  # fmt: skip
        if not found:
            return None
        return self._asked[min(found, key=lambda k: sum(self._asked[k].bearers))].ids

    def _score(self, rows: Iterable[tuple[int, Fact, str]]) -> None:
        value, lost, cell, met = self._value, self._lost, self._cell, self._met
        bar, gain, odds, nothing = self._bar(), self._gain.get, self._odds, self._nothing
        for row, fact, text in rows:
            if row in met:
                continue
            met.add(row)
            names = text.split(",")
            if odds[fact] + nothing + sum([gain(name, 0.0) for name in names]) < bar:
                continue
            numbers = [int(name) for name in names]
            bound = self._odds[fact] + FIRST_TO_FIRST
            for i, found in enumerate(value):
                best = lost[i]
                for j, number in enumerate(numbers):
                    ratio = found.get(number, 0.0)
                    cell[i * MAX_PARTS + j] = ratio
                    best = max(best, ratio)
                bound += best
            if bound + HAIR < bar:
                continue
            score = self._odds[fact] + placed(cell, len(value), len(numbers), lost, self._to)
            insort(self._top, (-score, row))
            del self._top[self._most :]
            bar = self._bar()

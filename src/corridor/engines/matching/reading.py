"""Which postings of a database to read for an enquiry, so that the best rows are sure to be met.

Rare parts propose: rows with the rarest asked part are scored first, then those that lack it but
carry the next, until no row that was not met can be of interest. Of the other parts only the ages
and sexes of rows that may still be of interest are read. The likeliest ages come first, for a high
bar to the others. The bounds are those of `kernels.rank`, the answers too.
"""

from __future__ import annotations

from array import array
from bisect import insort
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final, NamedTuple, Protocol

from corridor.engines.matching import postings
from corridor.engines.matching.evidence import fact_odds
from corridor.engines.matching.postings import NEVER, ROW, ROWS, spans
from corridor.engines.matching.scoring import placed
from corridor.engines.matching.search import Enquiry
from corridor.engines.names.parts import MAX_PARTS

Spans = Sequence[tuple[int, int]]
#: (parts, ranges) -> (part, its postings in those ranges, perhaps with others, sorted)
Reader = Callable[[Sequence[int], Spans], Iterable[tuple[int, bytes]]]
WIDTH: Final = 8  # bytes of a posting
CLOSE: Final = 1.0  # nats behind the likeliest age and sex that are read first


class Loops(Protocol):
    """The loops over postings, in plain Python (`PlainLoops`) or machine code (`kernels`)."""

    def whole(self, values: Iterable[int]) -> Any: ...
    def real(self, values: Iterable[float]) -> Any: ...
    def empty(self, size: int, kind: str) -> Any:
        """Room for numbers of a kind of `array`, zeros."""

    def opened(self, blob: bytes) -> Any:
        """Postings as whole numbers."""

    def longer(self, values: Any, size: int) -> Any: ...
    def gather(self, *values: Any) -> tuple[int, int]: ...
    def living(self, *values: Any) -> int: ...
    def settle(self, *values: Any) -> list[tuple[float, int]]: ...


class PlainLoops:
    """See `Loops`."""

    gather = staticmethod(postings.gather)
    living = staticmethod(postings.living)

    def whole(self, values: Iterable[int]) -> list[int]:
        return list(values)

    def real(self, values: Iterable[float]) -> list[float]:
        return list(values)

    def empty(self, size: int, kind: str) -> array[Any]:
        return array(kind, bytes(size * array(kind).itemsize))

    def longer(self, values: array[Any], size: int) -> array[Any]:
        values.frombytes(bytes((size - len(values)) * values.itemsize))
        return values

    def opened(self, blob: bytes) -> array[int]:
        found = array("q")
        found.frombytes(blob)
        return found

    def settle(
        self, first: int, count: int, code: Sequence[int], head: Sequence[int],
        link: Sequence[int], cell: Sequence[int], worth: Sequence[float], bound: Sequence[float],
        odds: Sequence[float], lost: Sequence[float], most: int, away: float,
        best: list[tuple[float, int]],
    ) -> list[tuple[float, int]]:  # fmt: skip
        """The best rows, those of `best` among them: (-score, row), sorted."""
        top = list(best)
        cells, to = [0.0] * (len(lost) * MAX_PARTS), [0] * len(lost)
        nothing = postings.nothing(lost)
        for here in range(first, count):
            facts = odds[code[here] >> postings.FACT]
            if top and facts + nothing + bound[here] < floor(top, most, away):
                continue
            parts = postings.filled(here, code, head, link, cell, worth, cells)
            score = facts + placed(cells, len(lost), parts, lost, to)
            insort(top, (-score, code[here] >> ROW & ROWS))
            del top[most:]
        return top


def floor(top: Sequence[tuple[float, int]], most: int, away: float) -> float:
    """What a row must score to be of interest: as much as the last kept, at most `away` behind."""
    if not top:
        return -NEVER
    far = -top[0][0] - away
    return max(far, -top[-1][0]) if len(top) == most else far


class _Opened(NamedTuple):
    """Postings of an asked part's neighbours: those of neighbour k end at ends[k + 1]."""

    facts: frozenset[int]
    entries: Any
    ends: Any
    ratio: Any


class Best:
    """The best rows for one enquiry among `size`."""

    def __init__(
        self, enquiry: Enquiry, most: int, away: float, read: Reader, size: int, loops: Loops
    ) -> None:
        self._asked, self._lost = enquiry.asked, enquiry.lost
        self._most, self._away, self._read, self._loops = most, away, read, loops
        self._plain_odds = fact_odds(enquiry.by_age, enquiry.by_sex)
        self._odds = loops.real(self._plain_odds)
        self._losses = loops.real(enquiry.lost)
        self._nothing = postings.nothing(enquiry.lost)
        #: The most that each asked part may gain over having none like it.
        self._gain = [
            max([0.0, *(ratio - lost for ratio in one.ratio[:1])])
            for lost, one in zip(enquiry.lost, enquiry.asked, strict=True)
        ]
        self._top: list[tuple[float, int]] = []  # (-score, row)
        self._held: dict[int, _Opened] = {}
        self._slot = loops.empty(size, "i")
        self._count = self._links = 0
        self._of_rows = [loops.empty(0, kind) for kind in "qdii"]  # code, bound, last, head
        self._notes = [loops.empty(0, kind) for kind in "iid"]  # link, cell, worth

    def found(self) -> list[tuple[float, int]]:
        """Scores and rows, best first, ties by row."""
        order = sorted(range(len(self._asked)), key=lambda i: sum(self._asked[i].bearers))
        order = [i for i in order if self._asked[i].ids]
        likeliest = max(self._plain_odds)
        close = [f for f, odds in enumerate(self._plain_odds) if odds >= likeliest - CLOSE]
        far = [f for f, odds in enumerate(self._plain_odds) if odds < likeliest - CLOSE]
        for facts in (close, far):
            for at in range(len(order)):
                self._propose(order[at:], facts)
        bar = self._bar()
        return [(-score, row) for score, row in self._top if -score >= bar]

    def _bar(self) -> float:
        return floor(self._top, self._most, self._away)

    def _propose(self, order: Sequence[int], facts: Sequence[int]) -> None:
        """Scores the rows of these facts that carry the first part of `order` and were not met."""
        bar = self._bar()
        rest = self._nothing + sum(self._gain[i] for i in order)
        facts = [fact for fact in facts if self._plain_odds[fact] + rest >= bar]
        first = self._count
        for turn, i in enumerate(order):
            if turn:
                rest = sum(self._gain[k] for k in order[turn:])
                wanted = self._loops.empty(len(self._plain_odds), "i")
                code, bound, *_ = self._of_rows
                if not self._loops.living(
                    first, self._count, code, bound, self._odds, bar - self._nothing - rest, wanted
                ):
                    return
                facts = [fact for fact in facts if wanted[fact]]
            if not facts:
                return
            unmet = rest - self._gain[i] - self._lost[i]
            self._gather(i, facts, first, unmet, NEVER if turn else bar)
        code, bound, _, head = self._of_rows
        self._top = self._loops.settle(
            first, self._count, code, head, *self._notes, bound, self._odds, self._losses,
            self._most, self._away, self._top,
        )  # fmt: skip

    def _opened(self, i: int, facts: Sequence[int]) -> _Opened:
        """The postings of asked part i's neighbours with these facts, perhaps with others."""
        before = self._held.get(i)
        if before is not None and before.facts.issuperset(facts):
            return before
        one, blobs = self._asked[i], defaultdict(list)
        for part, blob in self._read(one.ids, spans(facts)):
            blobs[part].append(blob)
        ends, ratio, all_blobs = [0], [], []
        for part, value in zip(one.ids, one.ratio, strict=True):
            if part in blobs:
                all_blobs += blobs[part]
                ends.append(ends[-1] + sum(map(len, blobs[part])) // WIDTH)
                ratio.append(value)
        loops = self._loops
        opened = _Opened(
            frozenset(facts), loops.opened(b"".join(all_blobs)), loops.whole(ends),
            loops.real(ratio),
        )  # fmt: skip
        self._held[i] = opened
        return opened

    def _gather(self, i: int, facts: Sequence[int], first: int, unmet: float, bar: float) -> None:
        loops, held, ranges = self._loops, self._opened(i, facts), spans(facts)
        if bar < NEVER:
            size = self._count + len(held.entries)
            self._of_rows = [_room(loops, x, size) for x in self._of_rows]
        size = self._links + len(held.entries)
        self._notes = [_room(loops, x, size) for x in self._notes]
        code, bound, last, head = self._of_rows
        self._count, self._links = loops.gather(
            held.entries, held.ends, held.ratio, i, self._lost[i],
            loops.whole(a for a, _ in ranges), loops.whole(b for _, b in ranges), self._odds,
            unmet, bar, first, self._count, self._links, self._slot, code, bound, last, head,
            *self._notes,
        )  # fmt: skip


def _room(loops: Loops, values: Any, size: int) -> Any:
    return values if len(values) >= size else loops.longer(values, 2 * size)

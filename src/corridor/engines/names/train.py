"""Learns the spelling tables from pairs of names by expectation-maximisation.

    python -m corridor.engines.names.train FOLDER [--out TABLES]

FOLDER holds `arabic.tsv` and `russian.tsv`: Latin, other script (letters apart), count. Needs numpy
(extra `lab`). A site may learn again from its own cards that carry both scripts, in the same form.

Names native to Arabic leave short vowels out, foreign ones write them: two classes are learned side
by side, with a third for wrong pairs, and mixed. Pairs within one script come from names that share
a spelling in another.
"""

from __future__ import annotations

import argparse
import math
import sys
import zlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from corridor.engines.names.channel import MOVES
from corridor.engines.names.fold import fold, script_of

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

SOURCE: Final = (
    "Learned from single names in two scripts of Wikidata labels, published as CC0 in the data "
    "folder of steveash/NETransliteration-COLING2018 (training parts, one tenth held out)."
)
NATIVE_LETTERS: Final = frozenset("عحقصضطظذخثة")
HELD_OUT: Final = 10  # one name in ten never teaches
ROUNDS: Final = 7
DISCOUNT: Final = 0.4  # expected counts below it are forgotten
LONGEST: Final = 14
NATIVE_SHARE: Final = {"arab-latn": 0.65, "arab-cyrl": 0.65, "cyrl-latn": 0.5}
JUNK: Final = 0.02
# Labels of an encyclopedia hold to one spelling three times in four, clerks do not; that a spelling
# is the very same says little where each hand has its own.
ALIKE: Final = 0.05
# Letters of Persian, Sorani, Kurmanji and Turkish that the pairs hardly hold, with the letters of
# the same sound (plain knowledge of these alphabets) and the share of steps they are given.
LENT: Final = {
    "arab-latn": "پ p 6, پ b 1, چ ch 3, چ c 1, چ tc 1, ژ j 2, ژ zh 2, ژ g 1, گ g 6, گ gu 1, گ k 1, "
    "ڤ v 4, ڤ w 1, خ x 4, ج c 3, و v 3",
    "arab-cyrl": "پ п 6, پ б 1, چ ч 4, ژ ж 4, گ г 6, گ к 1, ڤ в 4",
    "cyrl-latn": "х x 3, дж c 2, ч ch 1",
    "arab-arab": "پ پ 4, پ ب 2, ب پ 2, چ چ 3, چ ج 1, ج چ 1, چ ش 1, ش چ 1, ژ ژ 2, ژ ج 1, ج ژ 1, "
    "ژ ز 1, ز ژ 1, گ گ 4, گ ك 2, ك گ 2, گ ج 1, ج گ 1, گ غ 1, غ گ 1, ڤ ڤ 3, ڤ ف 1, ف ڤ 1, ڤ و 1, "
    "و ڤ 1",
    "latn-latn": "x x 2, x kh 3, kh x 3, c j 3, j c 3, j zh 1, zh j 1, w v 3, v w 3, ch c 1, "
    "c ch 1",
}
LENT_SHARE: Final = 1e-4


@dataclass(frozen=True, slots=True)
class Pair:
    """Two folded spellings of one name; native: written with letters only Arabic names have."""

    left: str
    right: str
    weight: float
    native: bool


def held_out(name: str) -> bool:
    """Whether a Latin spelling belongs to the validation part; stable across runs and machines."""
    return zlib.crc32(fold(name).encode()) % HELD_OUT == 0


def read_pairs(path: Path) -> list[tuple[str, str, int]]:
    """Reads (Latin, other script, count) rows; wrong rows raise ValueError with their line."""
    rows = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        try:
            latin, other, count = line.split("\t")
            rows.append((latin, other.replace(" ", ""), int(count)))
        except ValueError:
            raise ValueError(
                f"{path.name}, line {number}: not 'latin<TAB>other<TAB>count'."
            ) from None
    return rows


def _clean(text: str, script: str) -> str:
    folded = fold(text).replace(" ", "")
    return (
        folded if 1 < len(folded) <= LONGEST and {script_of(c) for c in folded} == {script} else ""
    )


def _class_pairs(rows: Iterable[tuple[str, str, int]], left: str) -> list[Pair]:
    pairs = []
    for latin, other, count in rows:
        a, b = _clean(other, left), _clean(latin, "latn")
        if a and b:
            native = bool(NATIVE_LETTERS & set(other))
            pairs.append(Pair(a, b, 1.0 + math.log(count), native))
    return pairs


def _joined(first: Sequence[Pair], second: Sequence[Pair], alike: float = 1.0) -> list[Pair]:
    """Pairs of the left sides of two lists that share a right side, as if drawn independently.

    Two clerks choose by habit, so a pair weighs as the product of the two spellings' shares. alike:
    factor for pairs of one and the same spelling.
    """
    by_right: dict[str, list[Pair]] = defaultdict(list)
    for pair in second:
        by_right[pair.right].append(pair)
    out = []
    for pair in first:
        others = sorted(by_right[pair.right], key=lambda p: (-p.weight, p.left))[:8]
        whole = sum(o.weight for o in others)
        for o in others:
            weight = pair.weight * o.weight / whole * (alike if o.left == pair.left else 1.0)
            out.append(Pair(pair.left, o.left, weight, pair.native))
    return out


def _turn(pairs: Sequence[Pair]) -> list[Pair]:
    return [Pair(p.right, p.left, p.weight, p.native) for p in pairs]


class _Coder:
    """Numbers the letter groups of one side: 0 nothing, then letters, then pairs of letters."""

    def __init__(self, words: Iterable[str]) -> None:
        self.letters = sorted({c for word in words for c in word})
        self.number = {c: i + 1 for i, c in enumerate(self.letters)}
        self.size = 1 + len(self.letters) + len(self.letters) ** 2

    def code(self, words: Sequence[str]) -> tuple[Ints, Ints]:
        """Returns singles (n, length) and doubles (n, length - 1) of words of one length."""
        one = np.array([[self.number[c] for c in w] for w in words], dtype=np.int64)
        s = len(self.letters)
        return one, 1 + s + (one[:, :-1] - 1) * s + (one[:, 1:] - 1)

    def group(self, code: int) -> str:
        if code == 0:
            return ""
        s = len(self.letters)
        if code <= s:
            return self.letters[code - 1]
        first, second = divmod(code - 1 - s, s)
        return self.letters[first] + self.letters[second]


class _Bucket:
    """All pairs of one shape (left length, right length) with the rule of every possible step."""

    def __init__(self, pairs: Sequence[Pair], left: _Coder, right: _Coder) -> None:
        self.shape = len(pairs[0].left), len(pairs[0].right)
        self.weight = np.array([p.weight for p in pairs])
        self.native = np.array([0.9 if p.native else 0.2 for p in pairs])
        a1, a2 = left.code([p.left for p in pairs])
        b1, b2 = right.code([p.right for p in pairs])
        none = np.zeros(len(pairs), dtype=np.int64)
        self.steps: dict[tuple[int, int, int, int], Ints] = {}
        for i in range(self.shape[0] + 1):
            for j in range(self.shape[1] + 1):
                for di, dj in MOVES:
                    if i >= di and j >= dj:
                        a = (none, a1[:, i - 1], a2[:, i - 2] if i > 1 else none)[di]
                        b = (none, b1[:, j - 1], b2[:, j - 2] if j > 1 else none)[dj]
                        self.steps[i, j, di, dj] = a * right.size + b

    def likelihood(self, rules: Floats) -> tuple[Floats, Floats]:
        """Forward table (i, j, n) and P(left, right) (n,)."""
        n, m = self.shape
        table = np.zeros((n + 1, m + 1, len(self.weight)))
        table[0, 0] = 1.0
        for (i, j, di, dj), rule in self.steps.items():
            table[i, j] += table[i - di, j - dj] * rules[rule]
        return table, table[n, m]

    def count(self, rules: Floats, forward: Floats, share: Floats, counts: Floats) -> None:
        """Adds the expected number of uses of every rule, pairs weighted by `share`."""
        n, m = self.shape
        back = np.zeros_like(forward)
        back[n, m] = share / np.maximum(forward[n, m], 1e-300)
        for (i, j, di, dj), rule in reversed(self.steps.items()):
            use = back[i, j] * rules[rule]
            back[i - di, j - dj] += use
            np.add.at(counts, rule, use * forward[i - di, j - dj])


def _start(coder: tuple[_Coder, _Coder], buckets: Sequence[_Bucket]) -> Floats:
    """First probabilities: how often two groups stand at about the same place."""
    counts = np.full(coder[0].size * coder[1].size, 1e-9)
    for bucket in buckets:
        n, m = bucket.shape
        for (i, j, di, dj), rule in bucket.steps.items():
            near = math.exp(-3.0 * abs((i - di / 2) / n - (j - dj / 2) / m))
            np.add.at(counts, rule, bucket.weight * near * (0.2 if 0 in (di, dj) else 1.0))
    shares: Floats = counts / counts.sum()
    return shares


def learn(pairs: Sequence[Pair], *, classes: int = 2) -> list[dict[tuple[str, str], float]]:
    """Learns the rules of one or two classes (the first: native) from pairs of names.

    Returns one table per class: (left group, right group) -> joint probability, summing to 1.
    """
    coders = _Coder(p.left for p in pairs), _Coder(p.right for p in pairs)
    shapes: dict[tuple[int, int], list[Pair]] = defaultdict(list)
    for pair in pairs:
        shapes[len(pair.left), len(pair.right)].append(pair)
    buckets = [_Bucket(group, *coders) for group in shapes.values()]
    tables = [_start(coders, buckets)] * classes
    for turn in range(ROUNDS):
        counts = [np.zeros_like(tables[0]) for _ in range(classes)]
        for bucket in buckets:
            found = [bucket.likelihood(table) for table in tables]
            native: Any = bucket.native
            prior = [native, 1.0 - native] if classes == 2 else [1.0]
            letters = sum(bucket.shape)
            junk = JUNK * 22.0**-letters if turn else 0.0
            mass: list[Any] = [p * like for p, (_, like) in zip(prior, found, strict=True)]
            if turn == 0 and classes == 2:
                mass = list(prior)
            total = sum(mass) + junk
            for k in range(classes):
                share = bucket.weight * mass[k] / np.maximum(total, 1e-300)
                bucket.count(tables[k], found[k][0], share, counts[k])
        for k in range(classes):
            kept = np.maximum(counts[k] - DISCOUNT, 0.0)
            tables[k] = kept / kept.sum()
    return [_named(table, coders) for table in tables]


def _named(table: Floats, coders: tuple[_Coder, _Coder]) -> dict[tuple[str, str], float]:
    out = {}
    for code in np.flatnonzero(table > 2e-7):
        a, b = divmod(int(code), coders[1].size)
        out[coders[0].group(a), coders[1].group(b)] = float(table[code])
    return out


def mix(
    tables: Sequence[dict[tuple[str, str], float]], native: float
) -> dict[tuple[str, str], float]:
    """One table out of two classes, the first with weight `native`."""
    shares = (native, 1.0 - native) if len(tables) == 2 else (1.0,)
    out: dict[tuple[str, str], float] = defaultdict(float)
    for share, table in zip(shares, tables, strict=True):
        for rule, probability in table.items():
            out[rule] += share * probability
    return dict(out)


def learn_all(folder: Path, *, log: Any = sys.stderr) -> dict[str, dict[tuple[str, str], float]]:
    """Learns the six tables from the folder of pairs; the held-out part does not teach."""
    arabic = [r for r in read_pairs(folder / "arabic.tsv") if not held_out(r[0])]
    russian = [r for r in read_pairs(folder / "russian.tsv") if not held_out(r[0])]
    al, cl = _class_pairs(arabic, "arab"), _class_pairs(russian, "cyrl")
    native_latin = {p.right for p in al if p.native}
    cl = [Pair(p.left, p.right, p.weight, p.right in native_latin) for p in cl]
    native = [p for p in al if p.native]
    native_cl = [p for p in cl if p.native]
    sets = {
        "arab-latn": al,
        "cyrl-latn": cl,
        "arab-cyrl": _joined(al, cl),
        "latn-latn": _joined(_turn(native), _turn(native), ALIKE),
        "arab-arab": _joined(native, native),
        "cyrl-cyrl": _joined(native_cl, native_cl, ALIKE),
    }
    tables = {}
    for name, pairs in sets.items():
        across = name in NATIVE_SHARE
        learned = learn(pairs, classes=2 if across else 1)
        tables[name] = mix(learned, NATIVE_SHARE.get(name, 1.0))
        for rule in LENT.get(name, "").split(", ") if name in LENT else ():
            left, right, weight = rule.split(" ")
            known = tables[name].get((left, right), 0.0)
            tables[name][left, right] = known + LENT_SHARE * float(weight)
        print(f"{name}: {len(pairs)} pairs, {len(tables[name])} rules", file=log)
    return tables


def write_table(path: Path, rules: dict[tuple[str, str], float]) -> None:
    """Writes a table as `channel.read_table` reads it."""
    lines = [f"# {SOURCE}", "# left group, right group, natural log of the joint probability"]
    lines += [f"{a}\t{b}\t{math.log(p):.2f}" for (a, b), p in sorted(rules.items())]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def main() -> None:
    """The command line; see the module's words."""
    words = argparse.ArgumentParser(prog="corridor.engines.names.train", description=__doc__)
    words.add_argument("folder", type=Path)
    words.add_argument("--out", type=Path, default=Path(__file__).parent / "tables")
    asked = words.parse_args()
    for name, rules in learn_all(asked.folder).items():
        write_table(asked.out / f"{name}.tsv", rules)


if __name__ == "__main__":
    main()

"""Learns the weights of the pair model from made pairs of people.

    python -m corridor.engines.matching.train FOLDER [--out pair-model.json]

FOLDER holds `arabic.tsv` (see `names.train`). Half the pairs are one person written twice, the
others brothers, namesakes and relatives; three script pairs teach together.
"""

from __future__ import annotations

import argparse
import json
import random
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from corridor.engines.matching.arrays import Arrays
from corridor.engines.matching.evidence import Person
from corridor.engines.matching.pairs import FEATURES, Comparison
from corridor.engines.matching.simulate import Row, World, lexicon
from corridor.engines.names.train import read_pairs

Floats = npt.NDArray[np.float64]

SCRIPTS: Final = (("latn", "latn"), ("arab", "latn"), ("arab", "arab"), ("latn", "arab"))
PAIRS_EACH: Final = 15_000
SHRINK: Final = 2.0


def person(pid: str, row: Row) -> Person:
    """A row of the simulation as a row of a list."""
    return Person(pid, row.name, row.age, row.sex)


def compared(pairs: list[tuple[Row, Row, bool]]) -> tuple[Floats, Floats]:
    """Features and truth of made pairs."""
    left = [person(f"l{i}", a) for i, (a, _, _) in enumerate(pairs)]
    right = [person(f"r{i}", b) for i, (_, b, _) in enumerate(pairs)]
    rows = np.arange(len(pairs))
    features, _ = Comparison(left, Arrays([*right, *left])).features(rows, rows)
    return features, np.array([float(same) for _, _, same in pairs])


def fit(features: Floats, truth: Floats) -> Floats:
    """Weights of a logistic model by Newton's steps, shrunk a little towards 0."""
    weights = np.zeros(features.shape[1])
    for _ in range(40):
        chance = 1 / (1 + np.exp(-np.clip(features @ weights, -30, 30)))
        slope = features.T @ (truth - chance) - SHRINK * weights
        bend = (features * (chance * (1 - chance))[:, None]).T @ features
        step = np.linalg.solve(bend + SHRINK * np.eye(len(weights)), slope)
        weights += step
        if np.abs(step).max() < 1e-6:
            break
    return weights


def main() -> None:
    """The command line; see the module's words."""
    words = argparse.ArgumentParser(prog="corridor.engines.matching.train", description=__doc__)
    words.add_argument("folder", type=Path)
    words.add_argument("--out", type=Path, default=Path(__file__).parent / "pair-model.json")
    words.add_argument("--seed", type=int, default=7)
    asked = words.parse_args()
    chance = random.Random(asked.seed)
    world = World(lexicon(read_pairs(asked.folder / "arabic.tsv")), chance)
    made = [compared(world.hard_pairs(PAIRS_EACH, scripts)) for scripts in SCRIPTS]
    weights = fit(np.concatenate([f for f, _ in made]), np.concatenate([t for _, t in made]))
    named = {name: round(float(w), 4) for name, w in zip(FEATURES, weights, strict=True)}
    source = "Learned from made pairs of people; spellings from Wikidata labels (CC0)."
    asked.out.write_text(json.dumps({"source": source, "weights": named}, indent=1) + "\n")


if __name__ == "__main__":
    main()

"""Learns the weights of the pair model from invented pairs of people.

    python -m corridor.engines.matching.train FOLDER [--out pair-model.json]

FOLDER holds `arabic.tsv` (see `names.train`): some family names take their attested spellings from
it, all other writing is by invented clerks. Half the pairs are one person written twice, the others
brothers, twins, cousins, fathers and namesakes. Each kind of scripts has weights of its own.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from random import Random
from typing import Final

import numpy as np
import numpy.typing as npt

from corridor.engines.matching.evidence import Person
from corridor.engines.matching.features import FEATURES
from corridor.engines.matching.invented.clerks import SCHOOLS
from corridor.engines.matching.invented.pairs import Noise, hard_pairs
from corridor.engines.matching.invented.register import Ground, attested
from corridor.engines.matching.pairs import KINDS, Comparison, Side

Floats = npt.NDArray[np.float64]

PAIRS_EACH: Final = 2_500
ROUNDS: Final = 10  # pairs of clerks that teach each kind
SHRINK: Final = 1.0
SCRIPTS: Final = {"same": ("latn", "latn"), "arabic": ("arab", "arab"), "across": ("arab", "latn")}
SOURCE: Final = "Learned from invented people; some spellings from Wikidata labels (CC0)."


def compared(left: list[Person], right: list[Person]) -> Floats:
    """Features of pairs left[i], right[i]."""
    rows = np.arange(len(left))
    return Comparison(Side(left), Side(right)).features(rows, rows)[0]


def fit(features: Floats, truth: Floats) -> Floats:
    """Weights of a logistic model by Newton's steps, shrunk a little towards 0."""
    weights = np.zeros(features.shape[1])
    for _ in range(60):
        chance = 1 / (1 + np.exp(-np.clip(features @ weights, -30, 30)))
        slope = features.T @ (truth - chance) - SHRINK * weights
        bend = (features * (chance * (1 - chance))[:, None]).T @ features
        step = np.linalg.solve(bend + SHRINK * np.eye(len(weights)), slope)
        weights += step
        if np.abs(step).max() < 1e-6:
            break
    return weights


def learn(folder: Path, seed: int) -> dict[str, dict[str, float]]:
    """Weights by kind of scripts and feature."""
    spelled = attested(folder / "arabic.tsv", held_out_part=False)
    out = {}
    for kind in KINDS:
        chance = Random(seed)
        features, truth = [], []
        for turn in range(ROUNDS):
            ground = Ground(chance.randrange(10**9), spelled)
            clerks = ground.clerk(SCHOOLS[turn % 5]), ground.clerk(chance.choice(SCHOOLS))
            noise = Noise(
                missing=chance.choice([0.01, 0.05, 0.12]), slip=chance.choice([0.02, 0.08])
            )
            left, right, same = hard_pairs(ground, PAIRS_EACH, SCRIPTS[kind], clerks, noise)
            features.append(compared(left, right))
            truth.append(np.array(same, dtype=float))
        weights = fit(np.concatenate(features), np.concatenate(truth))
        out[kind] = {n: round(float(w), 4) for n, w in zip(FEATURES, weights, strict=True)}
    return out


def main() -> None:
    """The command line; see the module's words."""
    words = argparse.ArgumentParser(prog="corridor.engines.matching.train", description=__doc__)
    words.add_argument("folder", type=Path)
    words.add_argument("--out", type=Path, default=Path(__file__).parent / "pair-model.json")
    words.add_argument("--seed", type=int, default=7)
    asked = words.parse_args()
    weights = learn(asked.folder, asked.seed)
    asked.out.write_text(json.dumps({"source": SOURCE, "weights": weights}, indent=1) + "\n")


if __name__ == "__main__":
    main()

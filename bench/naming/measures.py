"""Figures of merit: recall, F1, recall at a precision, calibration, one-to-one F1."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

import numpy as np
from bench.naming.ground import Searching

from corridor.engines.matching.evidence import Person

Search = Callable[[Person], Sequence[str]]


def recalls(case: Searching, search: Search) -> tuple[float, float, float, float]:
    """Recall@1, recall@10, and milliseconds of one enquiry, p50 and p95."""
    first = ten = 0
    took = []
    for asked, meant in zip(case.enquiries, case.meant, strict=True):
        start = time.thread_time()
        found = list(search(asked))[:10]
        took.append(time.thread_time() - start)
        first += found[:1] == [meant]
        ten += meant in found
    p50, p95 = np.percentile(took, [50, 95]) * 1000
    return first / len(took), ten / len(took), float(p50), float(p95)


def judged(score: np.ndarray, same: Sequence[bool]) -> tuple[float, float, float]:
    """Best F1, recall at precision .99, and calibration error (ten bins, weighted)."""
    truth = np.array(same, dtype=float)
    order = np.argsort(-score, kind="stable")
    hits = np.cumsum(truth[order])
    said = np.arange(1, len(truth) + 1)
    precision, recall = hits / said, hits / truth.sum()
    f1 = (2 * precision * recall / np.maximum(precision + recall, 1e-9)).max()
    sure = recall[precision >= 0.99]
    bins = np.minimum((score * 10).astype(int), 9)
    error = sum(
        abs(score[bins == b].mean() - truth[bins == b].mean()) * (bins == b).mean()
        for b in range(10) if (bins == b).any()
    )  # fmt: skip
    return float(f1), float(sure.max()) if len(sure) else 0.0, float(error)


def one_to_one(found: set[tuple[int, int]], true: set[tuple[int, int]]) -> float:
    """F1 of pairs."""
    return 2 * len(found & true) / max(1, len(found) + len(true))

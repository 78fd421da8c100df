"""Counts that are published tell of nobody."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from corridor.engines.disclosure import LEAST, LEAST_SENSITIVE, published, rounded


@given(
    st.dictionaries(st.integers(0, 30), st.integers(0, 60), max_size=12),
    st.sets(st.integers(0, 30)),
)
def test_no_small_count_is_published_and_none_follows_from_the_rest(
    cells: dict[int, int], sensitive: set[int]
) -> None:
    found = published(cells, sensitive)
    hidden = [key for key, count in found.cells.items() if count is None]
    for key, count in cells.items():
        limit = LEAST_SENSITIVE if key in sensitive else LEAST
        if 0 < count < limit:
            assert key in hidden
        elif key not in hidden:
            assert found.cells[key] == rounded(count)
    limit = max(
        (LEAST_SENSITIVE if key in sensitive else LEAST for key in hidden
         if cells[key] < (LEAST_SENSITIVE if key in sensitive else LEAST)),
        default=0,
    )  # fmt: skip
    left = sum(cells[key] for key in hidden)
    assert found.total is None or not hidden or (len(hidden) > 1 and left >= limit)
    assert found.total is None or not 0 < sum(cells.values()) < LEAST


def test_one_small_count_takes_the_next_with_it() -> None:
    found = published({"at_site": 900, "aboard": 40, "dead": 2}, {"dead"})
    assert found.cells == {"at_site": 900, "aboard": None, "dead": None}
    assert found.total == 940
    assert published({"waiting": 3}).total is None
    assert published({"waiting": 0, "aboard": 7}).cells == {"waiting": 0, "aboard": 5}

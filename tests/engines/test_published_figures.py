"""What is published of counts gives nobody away, and groups are compared at equal need only."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from corridor.engines.disclosure import LEAST, hidden, rounded
from corridor.engines.impartiality import Wait, compare, ninetieth

ROWS, COLUMNS = ("school", "mosque", "bridge"), ("A", "B", "C", "D")
TABLES = st.fixed_dictionaries({(r, c): st.integers(0, 12) for r in ROWS for c in COLUMNS})


@given(counts=TABLES)
def test_no_small_cell_is_told_and_none_can_be_subtracted(
    counts: dict[tuple[str, str], int],
) -> None:
    kept = hidden(counts, ROWS, COLUMNS)
    for cell, count in counts.items():
        assert not 0 < count < LEAST or cell in kept
    lines = [[(r, c) for c in COLUMNS] for r in ROWS] + [[(r, c) for r in ROWS] for c in COLUMNS]
    for line in lines:
        assert sum(cell in kept for cell in line) != 1


def test_a_table_without_small_cells_hides_nothing() -> None:
    assert hidden({("school", "A"): 7, ("school", "B"): 0}, ["school"], ["A", "B"]) == frozenset()
    assert [rounded(n) for n in (0, 2, 3, 7, 8, 12, 13)] == [0, 0, 5, 5, 10, 10, 15]


WAITS = st.lists(
    st.builds(
        Wait, st.sampled_from("ABCD"), st.sampled_from(["here", "there"]),
        st.integers(0, 60), st.booleans(),
    ),
    max_size=80,
)  # fmt: skip


@given(waits=WAITS)
def test_groups_are_compared_inside_a_class(waits: list[Wait]) -> None:
    rows = compare(waits, 5)
    for row in rows:
        own = [w for w in waits if (w.urgency, w.group) == (row.urgency, row.group)]
        assert row.people == len(own) >= 5
        assert min(w.days for w in own) <= row.median <= row.ninetieth <= max(w.days for w in own)
        best = max(other.share for other in rows if other.urgency == row.urgency)
        assert row.flagged == (best > 0 and row.share / best < 0.8)
    small = {(w.urgency, w.group) for w in waits} - {(r.urgency, r.group) for r in rows}
    for urgency, group in small:
        assert sum((w.urgency, w.group) == (urgency, group) for w in waits) < 5


def test_nine_of_ten() -> None:
    assert ninetieth(range(1, 11)) == 9
    assert ninetieth([4]) == 4

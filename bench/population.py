"""How fast, and in how much memory, a population is made up and written.

Run from the repository root: ``python -m bench.population``.
"""

import resource
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path

from corridor.exercise.hope_faults import Fault
from corridor.exercise.hope_file import write_hope_file
from corridor.exercise.population import Household, households

AS_OF = date(2026, 11, 24)


def _drain(population: Iterable[Household]) -> int:
    return sum(len(household.members) for household in population)


def _write(population: Iterable[Household]) -> int:
    with tempfile.TemporaryDirectory() as folder:
        faults = dict.fromkeys(Fault, 0.01)
        path = Path(folder) / "people.xlsx"
        return write_hope_file(path, population, as_of=AS_OF, faults=faults).individuals


def _row(what: str, people: int, work: Callable[[Iterable[Household]], int]) -> None:
    start = time.perf_counter()
    rows = work(households(1, people, AS_OF))
    seconds = time.perf_counter() - start
    print(f"| {what} | {people:,} | {rows:,} | {seconds:.1f} | {rows / seconds:,.0f} |")


def _peak(people: int) -> float:
    """Peak of memory held while making a population, in MB."""
    tracemalloc.start()
    _drain(households(1, people, AS_OF))
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return most / 1e6


def main() -> int:
    """Print the table."""
    print("| what | people | rows | seconds | rows a second |")
    print("|---|---|---|---|---|")
    for people in (10_000, 100_000):
        _row("made up", people, _drain)
        _row("made up and written to XLSX", people, _write)
    _row("made up", 1_000_000, _drain)
    for people in (50_000, 200_000):
        print(f"peak held while making {people:,}: {_peak(people):.2f} MB")
    resident = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"peak resident of the whole run: {resident:.0f} MB")
    return 0


if __name__ == "__main__":
    sys.exit(main())

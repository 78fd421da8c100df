"""The name engine beside its limits and, with the extra `peers`, beside other programs.

    python -m bench.names FOLDER [--people 1000000] [--no-peers] [--no-database] [--only WHAT]

FOLDER holds the pairs of names the tables were learned from (`names-cc0`): the tenth of it that
taught nothing lends spellings to the made-up lists. All lists are invented.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import random
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from bench.naming import ground, measures
from bench.naming.measures import Search

from corridor.engines.matching.arrays import Arrays
from corridor.engines.matching.evidence import Person
from corridor.engines.matching.lists import link
from corridor.engines.matching.pairs import Comparison, Side, chance
from corridor.engines.matching.search import search
from corridor.engines.matching.tables import Tables

SCRIPTS = {
    "Latin-Latin": ("latn", "latn"),
    "Arabic-Latin": ("arab", "latn"),
    "Arabic-Arabic": ("arab", "arab"),
}
FEW = 150  # enquiries that slow peers answer
PEERS = "wratio", "metaphones", "trigrams"
CALLED = {
    "wratio": "rapidfuzz WRatio",
    "metaphones": "double metaphone",
    "trigrams": "trigram TF-IDF",
}


def finder(store: Any) -> Search:
    """Our search as a list of pids."""
    return lambda asked: [one.person.pid for one in search(store, asked)]


def peers() -> Any | None:
    """The peers' module, if all of them are installed."""
    needed = ("rapidfuzz", "metaphone", "sklearn", "splink")
    if any(importlib.util.find_spec(name) is None for name in needed):
        return None
    return importlib.import_module("bench.naming.peers")


def searches(folder: Path, others: Any | None) -> Iterator[str]:
    """Recall and time among 55,000, ours and theirs."""
    yield "| search among 55,000 | recall@1 | recall@10 | ms p50 | ms p95 | limit |"
    yield "|---|---|---|---|---|---|"
    for script, said, limit in (
        ("arab", "Arabic -> Latin", ".96 / .995"),
        ("latn", "Latin -> Latin", ".95 / .985"),
    ):
        case = ground.searching(folder, 55_000, script, 1_000)
        yield _search_line(
            f"{said}, Corridor", measures.recalls(case, finder(Arrays(case.register))), limit
        )
        few = ground.Searching(case.register, case.enquiries[:FEW], case.meant[:FEW])
        for name in PEERS if others else ():
            made = getattr(others, name)(case.register)
            yield _search_line(f"{said}, {CALLED[name]}", measures.recalls(few, made), "")


def _search_line(said: str, found: tuple[float, float, float, float], limit: str) -> str:
    return (
        f"| {said} | {found[0]:.3f} | {found[1]:.3f} | {found[2]:.1f} | {found[3]:.1f} | {limit} |"
    )


def million(folder: Path, size: int, others: Any | None, database: bool) -> Iterator[str]:
    """Recall and time among a million, in memory and from SQLite alone."""
    case = ground.searching(folder, size, "arab", 600)
    start = time.process_time()
    index = Arrays(case.register)
    built = time.process_time() - start
    finder(index)(case.enquiries[0])
    yield ""
    yield f"| search among {size:,}, Arabic -> Latin, {len(index.vocabulary.parts):,} distinct parts | recall@1 | recall@10 | ms p50 | ms p95 | limit |"  # noqa: E501
    yield "|---|---|---|---|---|---|"
    yield _search_line(
        f"Corridor in memory (built in {built:.0f} s)",
        measures.recalls(case, finder(index)),
        ".88 / .97; 5 / 25 ms",
    )
    if others:
        few = ground.Searching(case.register, case.enquiries[:15], case.meant[:15])
        for name in PEERS:
            made = getattr(others, name)(case.register)
            yield _search_line(f"{CALLED[name]} (15 enquiries)", measures.recalls(few, made), "")
            del made
    if database:
        del index
        yield from alone(case)


def alone(case: ground.Searching) -> Iterator[str]:
    """The same from SQLite alone."""
    asked = ground.Searching(case.register, case.enquiries[:300], case.meant[:300])
    few = ground.Searching(case.register, case.enquiries[:60], case.meant[:60])
    limit = "20 / 60 ms"
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "names.db"
        connection = opened(path)
        start = time.process_time()
        Tables(connection).fill(case.register)
        connection.commit()
        built = time.process_time() - start
        size_mb = path.stat().st_size / 1e6
        tables = Tables(connection)
        finder(tables)(case.enquiries[0])
        yield _search_line(
            f"Corridor from SQLite alone (filled in {built:.0f} s, {size_mb:.0f} MB)",
            measures.recalls(asked, finder(tables)),
            limit,
        )
        yield _search_line(
            "the same, nothing kept but the connection",
            measures.recalls(asked, lambda one: finder(Tables(connection))(one)),
            limit,
        )
        yield _search_line(
            "the same, plain Python without the extra `lab`",
            measures.recalls(few, finder(Tables(connection, plain=True))),
            "",
        )
        start = time.process_time()
        for one in case.enquiries[300:400]:
            tables.add(one)
            connection.commit()
        added = (time.process_time() - start) * 10
        connection.close()
        first, second = fresh(path, case.enquiries[:2])
        yield ""
        yield f"A person added to that database and written to disk: {added:.0f} ms."
        yield f"A new process: {first:.0f} ms to its first answers, imports counted; then {second:.0f} ms."  # noqa: E501


def opened(path: Path) -> sqlite3.Connection:
    """A connection as a site has it."""
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA cache_size = -65536")
    return connection


def fresh(path: Path, enquiries: list[Person]) -> list[float]:
    """Milliseconds of processor time of a new process to its first answers, and to its second."""
    script = (
        "import json, sys, time\n"
        "from bench.names import Person, Tables, finder, opened\n"
        "took = [0.0]\n"
        "tables = Tables(opened(sys.argv[1]))\n"
        "for one in json.loads(sys.argv[2]):\n"
        "    finder(tables)(Person(*one))\n"
        "    took.append(time.process_time() * 1000)\n"
        "print(json.dumps([b - a for a, b in zip(took, took[1:])]))\n"
    )
    told = json.dumps([[one.pid, one.name, one.age, one.sex] for one in enquiries])
    done = subprocess.run(
        [sys.executable, "-c", script, str(path), told], capture_output=True, check=True
    )
    found: list[float] = json.loads(done.stdout)
    return found


def hard_pairs(folder: Path, others: Any | None) -> Iterator[str]:
    """Brothers, namesakes, same family."""
    yield ""
    yield "| hard pairs | F1 | recall at precision .99 | calibration error | WRatio F1 | limit F1 |"
    yield "|---|---|---|---|---|---|"
    for (said, scripts), limit in zip(SCRIPTS.items(), (".98", ".985", ".985"), strict=True):
        left, right, same = ground.pairs(folder, scripts, 12_000)
        rows = np.arange(len(left))
        score = chance(Comparison(Side(left), Side(right)).odds(rows, rows))
        f1, sure, error = measures.judged(score, same)
        peer = (
            f"{measures.judged(others.wratio_pairs(left, right), same)[0]:.3f}" if others else "-"
        )
        yield f"| {said} | {f1:.4f} | {sure:.4f} | {error:.4f} | {peer} | {limit} |"


def linked(folder: Path, others: Any | None) -> Iterator[str]:
    """List against list."""
    yield ""
    yield "| list against list, 10,000 each, 7,000 in both | one-to-one F1 | Splink | limit |"
    yield "|---|---|---|---|"
    for (said, scripts), limit in zip(SCRIPTS.items(), (".98", ".985", ".988"), strict=True):
        left, right, true = ground.lists(folder, scripts, 10_000)
        found = {(one.left, one.right) for one in link(left, right, threshold=0.5)}
        peer = (
            f"{measures.one_to_one(others.splink_link(left, right), true):.3f}" if others else "-"
        )
        yield f"| {said} | {measures.one_to_one(found, true):.4f} | {peer} | {limit} |"


def large(folder: Path) -> Iterator[str]:
    """Time and memory of large lists, each in a process of its own."""
    yield ""
    yield "| Arabic list against Latin list | processor s | MB at most | pairs said |"
    yield "|---|---|---|---|"
    for what, size in (("link", 300), ("link", 20_000), ("link", 55_000), ("dedupe", 100_000)):
        script = (
            "import sys, time\n"
            "from pathlib import Path\n"
            "from bench.naming import ground\n"
            "from corridor.engines.matching import lists\n"
            "what, size = sys.argv[2], int(sys.argv[3])\n"
            "scripts = ('arab' if what == 'link' else 'latn', 'latn')\n"
            "left, right, _ = ground.lists(Path(sys.argv[1]), scripts, size)\n"
            "start = time.process_time()\n"
            "found = lists.link(left, right, threshold=0.5) if what == 'link' else "
            "lists.dedupe(left, threshold=0.5)\n"
            "took = time.process_time() - start\n"
            "told = dict(line.split(':', 1) for line in open('/proc/self/status'))\n"
            "most = int(told['VmHWM'].split()[0]) / 1024\n"
            "print(f'{took:.0f} | {most:.0f} | {len(found):,}')\n"
        )
        done = subprocess.run(
            [sys.executable, "-c", script, str(folder), what, str(size)],
            capture_output=True, check=True, text=True,
        )  # fmt: skip
        both = f"{size:,} x {size:,}" if what == "link" else f"{size:,}, Latin"
        yield f"| {what} {both} | {done.stdout.strip()} |"


def singles(folder: Path, others: Any | None) -> Iterator[str]:
    """Single names that taught nothing."""
    yield ""
    yield "| single unseen names | among | recall@10 | WRatio | limit |"
    yield "|---|---|---|---|---|"
    limits = {"arab-latn": ".92", "cyrl-latn": ".97", "arab-cyrl": ".88"}
    for kind, (names, asked) in ground.single_names(folder).items():
        some = random.Random(1).sample(asked, min(2_000, len(asked)))
        register = [Person(name, name) for name in names]
        peer = f"{_single(others.wratio(register), some[:FEW]):.3f}" if others else "-"
        ours = _single(finder(Arrays(register)), some)
        yield f"| {kind} | {len(names):,} | {ours:.4f} | {peer} | {limits[kind]} |"


def _single(found: Search, asked: list[tuple[str, str]]) -> float:
    return sum(meant in found(Person("q", name)) for name, meant in asked) / len(asked)


def speed(folder: Path) -> Iterator[str]:
    """Pairs scored per second of one core, parts prepared."""
    left, right, _ = ground.pairs(folder, ("arab", "latn"), 20_000)
    compare = Comparison(Side(left), Side(right))
    rows = np.tile(np.arange(len(left)), 20)
    compare.odds(rows, rows)
    best = min(_seconds(compare, rows) for _ in range(5))
    yield ""
    yield f"Pairs scored per second and core, parts prepared: {len(rows) / best:,.0f} (limit 1,000,000)."  # noqa: E501


def _seconds(compare: Comparison, rows: Any) -> float:
    start = time.thread_time()
    compare.odds(rows, rows)
    return time.thread_time() - start


def main() -> None:
    """The command line; see the module's words."""
    words = argparse.ArgumentParser(prog="bench.names", description=__doc__)
    words.add_argument("folder", type=Path, nargs="?", default=Path("../shared/data/names-cc0"))
    words.add_argument("--people", type=int, default=1_000_000)
    words.add_argument("--no-peers", action="store_true")
    words.add_argument("--no-database", action="store_true")
    words.add_argument(
        "--only", choices=("speed", "singles", "pairs", "lists", "large", "search", "million")
    )
    asked = words.parse_args()
    others = None if asked.no_peers else peers()
    folder = asked.folder
    lines = {
        "speed": lambda: speed(folder),
        "singles": lambda: singles(folder, others),
        "pairs": lambda: hard_pairs(folder, others),
        "lists": lambda: linked(folder, others),
        "large": lambda: large(folder),
        "search": lambda: searches(folder, others),
        "million": lambda: million(folder, asked.people, others, not asked.no_database),
    }
    for name in [asked.only] if asked.only else lines:
        for line in lines[name]():
            print(line, flush=True)


if __name__ == "__main__":
    main()

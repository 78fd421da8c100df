"""Lists of people taken in, beside a plain insert of the same rows into one table.

    python -m bench.importing [PEOPLE]

PEOPLE is 10,000 unless said otherwise; 1,000,000 is the other size that counts. Each run is a
process of its own, on a new encrypted site, through `corridor import`; its peak memory is what the
operating system measured. The plain insert reads the CSV with Python's own reader and writes each
row into one table of an encrypted file, in one transaction.
"""

from __future__ import annotations

import csv
import os
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

from corridor.exercise.hope_file import write_hope_file
from corridor.exercise.population import Household, Person, households

AS_OF = date(2026, 11, 24)
XLSX_UP_TO = 100_000
HEADER = (
    "household id", "individual id", "full name", "sex", "date of birth", "age",
    "relationship to head", "phone number",
)  # fmt: skip
_PLAIN = """
import csv, sys
from sqlcipher3 import dbapi2
db = dbapi2.connect(sys.argv[2], isolation_level=None)
db.execute("PRAGMA key = 'x'")
db.execute("CREATE TABLE row (a, b, c, d, e, f, g, h)")
with open(sys.argv[1], newline="") as file:
    db.execute("BEGIN")
    db.executemany("INSERT INTO row VALUES (?, ?, ?, ?, ?, ?, ?, ?)", csv.reader(file))
    db.execute("COMMIT")
"""


def main() -> None:
    """Prints a table."""
    people = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    with tempfile.TemporaryDirectory() as folder:
        here = Path(folder)
        listed = here / "list.csv"
        write_csv(listed, people)
        print(
            "| what | people | seconds | of a core | people/s | peak MB |",
            "|---|---|---|---|---|---|",
            sep="\n",
        )
        plain = [sys.executable, "-c", _PLAIN, str(listed), str(here / "plain.db")]
        _row("plain insert of the rows of the CSV", people, plain)
        _row("CSV", people, _import(here / "csv", listed))
        _row("the same CSV again: everybody is known", people, _import(here / "csv", listed))
        if people <= XLSX_UP_TO:
            book = here / "list.xlsx"
            write_hope_file(book, households(1, people, AS_OF), as_of=AS_OF)
            _row("HOPE workbook with two sheets", people, _import(here / "xlsx", book))


def write_csv(path: Path, people: int) -> None:
    """The people of an exercise as one sheet, a row each."""
    with path.open("w", newline="", encoding="utf-8") as file:
        out = csv.writer(file)
        out.writerow(HEADER)
        for household in households(1, people, AS_OF):
            out.writerows(_cells(household, one) for one in household.members)


def _cells(household: Household, one: Person) -> list[object]:
    return [
        household.key, one.key, one.names[0].full if one.names else "", one.sex.name.lower(),
        one.birth.value if one.birth else "", one.age.years if one.age and not one.birth else "",
        one.relationship.value, "",
    ]  # fmt: skip


def _import(home: Path, path: Path) -> list[str]:
    """The command that imports; the site is made where it is not there yet."""
    os.environ["CORRIDOR_PASSPHRASE"] = "a passphrase of the bench"
    os.environ["CORRIDOR_HOME"] = str(home)
    command = [sys.executable, "-c", "from corridor.cli import main; main()"]
    if not home.exists():
        made = [*command, "init", "--operation", "Bench"]
        subprocess.run(made, check=True, stdout=subprocess.DEVNULL)
    return [*command, "import", str(path)]


def _row(what: str, people: int, command: list[str]) -> None:
    started = time.perf_counter()
    pid = os.posix_spawn(command[0], command, os.environ, file_actions=_silent())
    _pid, status, used = os.wait4(pid, 0)
    seconds = time.perf_counter() - started
    if os.waitstatus_to_exitcode(status) not in (0, 1):
        sys.exit(f"{what}: the command failed")
    print(
        f"| {what} | {people:,} | {seconds:.1f} | {used.ru_utime + used.ru_stime:.1f}"
        f" | {people / seconds:,.0f} | {used.ru_maxrss // 1024} |",
        flush=True,
    )


def _silent() -> list[tuple[int, int, str, int, int]]:
    """Nothing is shown: neither words nor a bar of progress."""
    return [(os.POSIX_SPAWN_OPEN, fd, os.devnull, os.O_WRONLY, 0) for fd in (1, 2)]


if __name__ == "__main__":
    main()

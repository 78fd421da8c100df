"""`corridor lab search`, `score`, `link` and `dedupe`: the name engine on files."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from corridor.engines.matching.evidence import Person

if TYPE_CHECKING:
    from corridor.engines.matching.lists import Linked

#: Columns that are evidence beside name, age and sex.
EXTRA = ("mother", "place", "birth_date", "phone")

#: Pairs read and scored at a time.
CHUNK = 20_000


class _Refused(Exception):
    """A file that cannot be used; the sentence says why."""


def _engine(room: str) -> Any:
    """A module of the engine, loaded when a command runs: its compiler takes half a second.

    A site that lacks the extra `lab` is told so, and keeps all its other commands.
    """
    try:
        return import_module(f"corridor.engines.matching.{room}")
    except ModuleNotFoundError as error:
        said = f"{error.name} is missing: install Corridor with its extra, corridor[lab]."
        raise _Refused(said) from error


def register(app: typer.Typer) -> None:
    """Adds this module's commands to `corridor lab`."""
    app.command("search")(search_files)
    app.command("score")(score_file)
    app.command("link")(link_files)
    app.command("dedupe")(dedupe_file)


def search_files(
    registry: Annotated[Path, typer.Argument(help="pid, name, age, sex and optional columns.")],
    enquiries: Annotated[Path, typer.Argument(help="qid, name, age, sex and optional columns.")],
    out: Annotated[Path, typer.Option(help="qid, rank, pid, score, reasons.")],
    top: Annotated[int, typer.Option(help="How many answers for each enquiry.", min=1)] = 10,
) -> None:
    """Finds the people asked for in a register, across scripts and spellings, and says why."""
    try:
        arrays, search = _engine("arrays").Arrays, _engine("search").search
        index = arrays(_person(row, "pid") for row in _rows(registry, ("pid", "name")))
        asked = _rows(enquiries, ("qid", "name"))
        with out.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(["qid", "rank", "pid", "score", "reasons"])
            for row in asked:
                found = search(index, _person(row, "qid"), top=top)
                for rank, one in enumerate(found, 1):
                    score = f"{one.score:.4f}"
                    writer.writerow([row["qid"], rank, one.person.pid, score, one.reasons])
    except _Refused as refused:
        _say_and_end(refused)


def score_file(
    pairs: Annotated[Path, typer.Argument(help="name_a, age_a, sex_a, name_b, age_b, sex_b.")],
    out: Annotated[Path, typer.Option(help="The same rows with score and reasons.")],
) -> None:
    """Says of each pair how likely it is one person, and why."""
    try:
        score_rows = _engine("pairs").score_rows
        rows = _rows(pairs, ("name_a", "name_b"))
        with out.open("w", encoding="utf-8", newline="") as file:
            writer: csv.DictWriter[str] | None = None
            for some in _chunks(rows):
                left = [_person(row, "", "_a") for row in some]
                right = [_person(row, "", "_b") for row in some]
                for row, (score, reasons) in zip(some, score_rows(left, right), strict=True):
                    if writer is None:
                        writer = csv.DictWriter(file, [*row, "score", "reasons"])
                        writer.writeheader()
                    writer.writerow({**row, "score": f"{score:.4f}", "reasons": reasons})
            if writer is None:
                csv.writer(file).writerow([*_header(pairs), "score", "reasons"])
    except _Refused as refused:
        _say_and_end(refused)


Threshold = Annotated[float, typer.Option(help="The least score of a pair.", min=0, max=1)]


def link_files(
    left: Annotated[Path, typer.Argument(help="pid, name, age, sex and optional columns.")],
    right: Annotated[Path, typer.Argument(help="The other list, with the same columns.")],
    out: Annotated[Path, typer.Option(help="pid_left, pid_right, score, reasons.")],
    threshold: Threshold = 0.5,
) -> None:
    """Pairs the people of two lists one to one, and says why; nothing is merged."""
    try:
        lefts, rights = _people(left), _people(right)
        found = _engine("lists").link(lefts, rights, threshold=threshold)
        _write_pairs(out, found, lefts, rights)
    except _Refused as refused:
        _say_and_end(refused)


def dedupe_file(
    people: Annotated[Path, typer.Argument(help="pid, name, age, sex and optional columns.")],
    out: Annotated[Path, typer.Option(help="pid_left, pid_right, score, reasons.")],
    threshold: Threshold = 0.5,
) -> None:
    """Finds rows of one list that may be one person, and says why; nothing is merged."""
    try:
        everyone = _people(people)
        found = _engine("lists").dedupe(everyone, threshold=threshold)
        _write_pairs(out, found, everyone, everyone)
    except _Refused as refused:
        _say_and_end(refused)


def _people(path: Path) -> list[Person]:
    return [_person(row, "pid") for row in _rows(path, ("pid", "name"))]


def _write_pairs(out: Path, found: list[Linked], left: list[Person], right: list[Person]) -> None:
    with out.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["pid_left", "pid_right", "score", "reasons"])
        for one in found:
            score = f"{one.score:.4f}"
            writer.writerow([left[one.left].pid, right[one.right].pid, score, one.reasons])


def _say_and_end(refused: _Refused) -> None:
    typer.echo(str(refused), err=True)
    raise typer.Exit(1)


def _header(path: Path) -> list[str]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return next(csv.reader(file), [])


def _rows(path: Path, needed: tuple[str, ...]) -> Iterator[dict[str, str]]:
    """The rows of a CSV file by column. Raises `_Refused` if it cannot be used."""
    try:
        lacking = [name for name in needed if name not in _header(path)]
        if lacking:
            raise _Refused(f"{path.name} has no column {', '.join(lacking)}.")
        with path.open(encoding="utf-8-sig", newline="") as file:
            for row in csv.DictReader(file):
                yield {name: value or "" for name, value in row.items() if name is not None}
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise _Refused(f"{path.name} cannot be read as UTF-8 text with columns: {error}") from error


def _chunks(rows: Iterator[dict[str, str]]) -> Iterator[list[dict[str, str]]]:
    some: list[dict[str, str]] = []
    for row in rows:
        some.append(row)
        if len(some) == CHUNK:
            yield some
            some = []
    if some:
        yield some


def _person(row: Mapping[str, str], key: str, ending: str = "") -> Person:
    age = row.get(f"age{ending}", "").strip()
    sexes: dict[str, Literal["m", "f", ""]] = {"m": "m", "f": "f"}
    return Person(
        pid=row.get(key, ""),
        name=row.get(f"name{ending}", ""),
        age=int(float(age)) if age.replace(".", "", 1).isdecimal() else None,
        sex=sexes.get(row.get(f"sex{ending}", "").strip().lower(), ""),
        name2=row.get(f"name2{ending}", ""),
        father=row.get(f"father{ending}", ""),
        extra={name: row[f"{name}{ending}"] for name in EXTRA if row.get(f"{name}{ending}")},
    )

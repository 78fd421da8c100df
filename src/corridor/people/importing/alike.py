"""Suspected doubles after an import: among its people, and against everybody registered.

Two records look alike if the first and last word of a name are written the same (letters that
clerks mix written as one), sex and birth do not speak against it, and they belong to different
households. A person decides (STD 1.7): nothing is joined here.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from itertools import combinations

from django.db.models import Q

from corridor.journal.node import Node
from corridor.journal.store import chunks
from corridor.people import models
from corridor.people.importing.models import AlikePair, ImportedRow, ImportRun
from corridor.people.importing.remembering import PERSON
from corridor.people.intake.spool import Spool

#: Ages that are further apart than this speak against one person: they move between lists.
YEARS_APART = 2

#: Of people with the same very common name, so many are compared.
MOST_OF_ONE_NAME = 60

#: More pairs than this are not kept: somebody has to look at each.
MOST_PAIRS = 2000


#: Persons who share a name, each with whether the import brought them.
Group = list[tuple[str, bool]]


def look_for_doubles(
    node: Node, identity: str, progress: Callable[[float], None] = lambda share: None
) -> int:
    """Finds and keeps the pairs of an import; returns how many there are."""
    run = ImportRun.objects.using(node.alias).filter(identity=identity).first()
    if run is None:
        return 0
    spool = Spool(node.work)
    try:
        pairs = list(_pairs(node, run, spool, progress))
    finally:
        spool.close()
    with node.transaction():
        AlikePair.objects.using(node.alias).filter(run=run).delete()
        AlikePair.objects.using(node.alias).bulk_create(
            [AlikePair(run=run, person=person, other=other) for person, other in pairs]
        )
    return len(pairs)


def _pairs(
    node: Node, run: ImportRun, spool: Spool, progress: Callable[[float], None]
) -> Iterator[tuple[str, str]]:
    brought = ImportedRow.objects.using(node.alias).filter(run=run, what=PERSON)
    fresh = brought.values_list("subject", flat=True)
    spool.keep_names(_keys(node), fresh.iterator(5000))
    found = 0
    for n, some in enumerate(chunked(spool.shared_names(MOST_OF_ONE_NAME), 200)):
        progress(1 - 1 / (n + 1))
        people = _people(node, {person for group in some for person, _is_new in group})
        judged = _judged(node, people)
        for group in some:
            held = [(people[p], new) for p, new in group if p in people]
            for (one, one_new), (other, other_new) in combinations(held, 2):
                pair = (one.id, other.id)
                if (one_new or other_new) and pair not in judged and _may_be_one(one, other):
                    yield pair if one_new else (other.id, one.id)
                    found += 1
                    if found >= MOST_PAIRS:
                        return


def chunked(
    groups: Iterable[list[tuple[str, bool]]], most: int
) -> Iterator[list[list[tuple[str, bool]]]]:
    """Groups, some at a time."""
    some: list[list[tuple[str, bool]]] = []
    for group in groups:
        some.append(group)
        if len(some) >= most:
            yield some
            some = []
    if some:
        yield some


def _keys(node: Node) -> Iterator[tuple[bytes, str]]:
    """Hash of first and last word of every name, and its person."""
    use = models.SearchName.objects.using(node.alias)
    for person, name in use.values_list("person", "name").iterator(5000):
        words = name.split()
        if len(words) > 1:
            yield hashlib.sha256(f"{words[0]}\0{words[-1]}".encode()).digest()[:12], person


def _people(node: Node, ids: set[str]) -> dict[str, models.Person]:
    found: dict[str, models.Person] = {}
    for some in chunks(ids):
        rows = models.Person.objects.using(node.alias).filter(id__in=some)
        found |= {row.id: row for row in rows}
    return found


def _judged(node: Node, people: Iterable[str]) -> set[tuple[str, str]]:
    """Pairs that somebody compared, both ways round."""
    found: set[tuple[str, str]] = set()
    for table in (models.RecordsLinked, models.RecordsToldApart):
        for some in chunks(set(people)):
            rows = table.objects.using(node.alias).filter(Q(subject__in=some) | Q(other__in=some))
            for one, other in rows.values_list("subject", "other"):
                found |= {(one, other), (other, one)}
    return found


def _may_be_one(one: models.Person, other: models.Person) -> bool:
    if one.id == other.id or (one.household and one.household == other.household):
        return False
    sexes = {one.sex, other.sex} - {None, "", "unknown"}
    years = [_year(row) for row in (one, other)]
    apart = abs(years[0] - years[1]) if None not in years else 0  # type: ignore[operator]
    return len(sexes) < 2 and apart <= YEARS_APART


def _year(row: models.Person) -> int | None:
    if row.birth_on:
        return int(row.birth_on[:4])
    if row.age_years is None or not row.age_as_of:
        return None
    return int(row.age_as_of[:4]) - int(row.age_years)


def pairs_of(node: Node, identity: str) -> list[tuple[models.Person, models.Person]]:
    """The pairs of an import that nobody has judged yet."""
    use = AlikePair.objects.using(node.alias).filter(run__identity=identity).order_by("id")
    pairs = list(use.values_list("person", "other"))
    people = _people(node, {one for pair in pairs for one in pair})
    judged = _judged(node, people)
    return [
        (people[one], people[other])
        for one, other in pairs
        if one in people and other in people and (one, other) not in judged
    ]

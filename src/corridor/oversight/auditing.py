"""What an auditor looks at: who read which records, what was corrected, who waited how long."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

import msgspec
from django.db.models import Min

from corridor.engines.disclosure import hidden, rounded
from corridor.engines.impartiality import SMALLEST_GROUP, Row, Wait, compare
from corridor.engines.turns import DAY_MS
from corridor.engines.urgency import CLASSES
from corridor.journal import store
from corridor.journal.changes import happened_ms
from corridor.journal.clock import milliseconds
from corridor.journal.judge import read
from corridor.journal.models import Look
from corridor.journal.node import Node
from corridor.journal.tables.models import LooksRecorded, Verdict
from corridor.people import models
from corridor.people.queries import household_of_card, members
from corridor.stops.waiting import queries as waiting

#: Kinds by which something recorded before is changed or no longer counts.
CORRECTIONS = (
    "person.corrected", "household.corrected", "entry.withdrawn", "entry.adopted", "card.voided",
    "records.linked", "records.told_apart", "person.erased",
)  # fmt: skip

#: More than this are not told on one page.
MOST = 500

#: By what people who wait can be compared at equal need.
GROUPS = ("origin", "sex", "place")


@dataclass(frozen=True)
class Looked:
    """Somebody read a record: when, and on which page."""

    actor: str
    at_ms: int
    subject: str
    what: str


@dataclass(frozen=True)
class Reader:
    """How much one member of the team read: looks, and different records."""

    actor: str
    looks: int
    records: int


@dataclass(frozen=True)
class Correction:
    """An entry that changes what was recorded: the sentence of its kind with public codes only."""

    entry: str
    kind: str
    subject: str
    actor: str
    at_ms: int
    written_ms: int
    sentence: str
    verdict: str


@dataclass(frozen=True)
class Published:
    """A table of counts that may be told to everybody: None where a cell is hidden."""

    rows: list[tuple[str, list[int | None]]]
    columns: tuple[str, ...]


def looks(node: Node, since_ms: int = 0) -> Iterator[Looked]:
    """Every look since a time, sealed or not yet, in no order."""
    sealed = LooksRecorded.objects.using(node.alias).filter(happened_ms__gte=since_ms)
    for actor, raw in sealed.values_list("subject", "looks").iterator(500):
        for at, subject, what in msgspec.json.decode(raw or "[]"):
            if at >= since_ms:
                yield Looked(actor, at, subject, what)
    fresh = Look.objects.using(node.alias).filter(at_ms__gte=since_ms)
    for one in fresh.iterator(500):
        yield Looked(one.actor, one.at_ms, one.subject, one.what)


def readers(node: Node, since_ms: int) -> list[Reader]:
    """How much each member of the team read since a time, who read most first."""
    counted: Counter[str] = Counter()
    records: dict[str, set[str]] = {}
    for one in looks(node, since_ms):
        counted[one.actor] += 1
        records.setdefault(one.actor, set()).add(one.subject)
    found = [Reader(actor, count, len(records[actor])) for actor, count in counted.items()]
    return sorted(found, key=lambda one: (-one.records, -one.looks, one.actor))


def looks_at_card(node: Node, typed: str) -> list[Looked] | None:
    """Who read the records of the family of a card, the newest first; None without such a card."""
    household = household_of_card(node, typed)
    if household is None:
        return None
    wanted = {household, *(one.id for one in members(node, household))}
    found = (one for one in looks(node) if one.subject in wanted)
    return sorted(found, key=lambda one: (-one.at_ms, one.actor, one.subject))[:MOST]


def corrections(node: Node) -> list[Correction]:
    """The newest corrections, withdrawals and links, with their writers and nobody's values."""
    marks = store.marks(len(CORRECTIONS))
    rows = store.select(node, f"e.kind IN ({marks})", CORRECTIONS, order="e.n DESC")
    held = list(islice(rows, MOST))
    verdicts = Verdict.objects.using(node.alias).filter(entry__in=[one.id for one in held])
    told = dict(verdicts.values_list("entry", "verdict"))
    found = []
    for one in held:
        judged = read(one)
        if judged is None or judged.kind is None:
            continue
        words = _Codes(
            (name, judged.values[name])
            for name, mark in judged.kind.fields.items()
            if not mark.personal and name in judged.values
        )
        found.append(
            Correction(
                one.id, judged.kind.name, judged.head.subject, judged.head.actor,
                happened_ms(judged), milliseconds(one.envelope.hlc),
                str(judged.kind.say).format_map(words), told.get(one.id, ""),
            )
        )  # fmt: skip
    return found


class _Codes(dict[str, object]):
    def __missing__(self, key: str) -> str:
        return "…"


def waits(node: Node, by: str = "") -> list[Wait]:
    """Everybody who ever asked to leave: class, group, days, and whether they left; nobody twice.

    Who left waited until they first boarded, the others until now.
    """
    now = node.clock()
    first = waiting.first_joined(node)
    left = dict(
        models.Movement.objects.using(node.alias)
        .filter(state="aboard")
        .values_list("person")
        .annotate(Min("happened_ms"))
    )
    classes = waiting.urgency_of(node)
    groups = _groups(node, by)
    roots = dict(models.Cluster.objects.using(node.alias).values_list("person", "root"))
    found: dict[str, Wait] = {}
    for person, since in first.items():
        until = left.get(person)
        days = max(0, (now if until is None else until) // DAY_MS - since // DAY_MS)
        wait = Wait(classes.get(person, "D"), groups.get(person, ""), days, until is not None)
        root = roots.get(person, person)
        before = found.get(root)
        if before is None or (wait.served, wait.days) > (before.served, before.days):
            found[root] = wait
    return list(found.values())


def _groups(node: Node, by: str) -> dict[str, str]:
    """Person to the group in which they are compared."""
    if by == "place":
        return waiting.places_of(node)
    if by not in ("origin", "sex"):
        return {}
    rows = models.Person.objects.using(node.alias).values_list("id", by).iterator(2000)
    return {person: value or "" for person, value in rows}


def compared(node: Node, by: str = "") -> list[Row]:
    """How long people waited and how many left, inside each class; small groups are not told."""
    return compare(waits(node, by), SMALLEST_GROUP)


def published(node: Node) -> Published:
    """How many wait, by class and pick-up point: small cells hidden, the others rounded."""
    counts: Counter[tuple[str, str]] = Counter()
    classes = waiting.urgency_of(node)
    for person, place in waiting.places_of(node).items():
        counts[place, classes.get(person, "D")] += 1
    rows = sorted({place for place, _class in counts})
    kept = hidden(counts, rows, CLASSES)
    return Published(
        [
            (
                place,
                [None if (place, one) in kept else rounded(counts[place, one]) for one in CLASSES],
            )
            for place in rows
        ],
        CLASSES,
    )

"""What is recorded about a subject, as sentences in the reader's language."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from string import Formatter
from typing import Any

from corridor.journal import store
from corridor.journal.changes import happened_ms
from corridor.journal.judge import Judged, read
from corridor.journal.kinds import Kind
from corridor.journal.node import Node


@dataclass(frozen=True)
class Line:
    """One entry told. `verdict` is empty where the entry stands; `at_ms` is the claimed time."""

    entry: str
    kind: str
    at_ms: int
    precision: str
    actor: str
    scope: str
    sentence: str
    verdict: str
    without_body: bool


class _Words(dict[str, Any]):
    """Values by name; what is not here is told as an ellipsis."""

    def __missing__(self, key: str) -> str:
        return "…"


@cache
def _named_in(sentence: str) -> tuple[str, ...]:
    """The fields that a sentence speaks of."""
    return tuple(sorted({name for _text, name, _spec, _how in Formatter().parse(sentence) if name}))


def timeline(
    node: Node,
    subject: str,
    scopes: frozenset[str],
    name_of: Callable[[str], str] = lambda identity: identity,
) -> list[Line]:
    """The entries of and about a subject that lie in the reader's scopes, oldest first.

    What was confided is told in no timeline, and neither is its withdrawal: a withdrawal is told
    to those only who may read what it takes back. `name_of` turns ids of places, vehicles and
    convoys into what people call them.
    """
    entries = store.select(
        node,
        "e.subject = %s OR e.id IN (SELECT entry FROM journal_tables_mention WHERE person = %s)",
        [subject, subject],
    )
    with node.cursor() as cursor:
        cursor.execute(
            "SELECT v.entry, v.verdict FROM journal_tables_verdict v"
            " JOIN journal_entry e ON e.id = v.entry WHERE e.subject = %s",
            [subject],
        )
        verdicts = dict(cursor.fetchall())
    known = [one for one in map(read, entries) if one is not None and one.kind is not None]
    told = {one.held.id for one in known if _may_be_told(one.kind, scopes)}
    lines = [
        _line(one, verdicts.get(one.held.id, ""), name_of)
        for one in known
        if one.held.id in told and one.values.get("withdrawn", one.held.id) in told
    ]
    return sorted(lines, key=lambda line: (line.at_ms, line.entry))


def _may_be_told(kind: Kind | None, scopes: frozenset[str]) -> bool:
    return kind is not None and kind.scope in scopes and not kind.confided_to


def _line(one: Judged, verdict: str, name_of: Callable[[str], str]) -> Line:
    assert one.kind is not None
    sentence = str(one.kind.say)
    words = _Words(
        (name, name_of(value) if isinstance(value, str) else value)
        for name in _named_in(sentence)
        if (value := one.values.get(name)) is not None
    )
    return Line(
        entry=one.held.id,
        kind=one.kind.name,
        at_ms=happened_ms(one),
        precision=one.head.precision,
        actor=one.head.actor,
        scope=one.kind.scope,
        sentence=sentence.format_map(words),
        verdict=verdict,
        without_body=one.held.is_stub,
    )

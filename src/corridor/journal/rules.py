"""Rules: whatever a table or a judgement depends on, published as versions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import msgspec

from corridor.journal.append import Draft, append
from corridor.journal.entries import RulePublished
from corridor.journal.format import as_json
from corridor.journal.node import Node
from corridor.journal.tables import models as tables
from corridor.journal.tables.reading import row


@dataclass(frozen=True)
class Rule:
    """A published version: the id of its entry names it for ever."""

    entry: str
    name: str
    content: Any
    since_ms: int
    by: str = ""


def publish(node: Node, actor: str, name: str, content: Any) -> str:
    """Publishes a version of a rule; returns the id of its entry."""
    return append(node, actor, [Draft(RulePublished(content=as_json(content)), name)])[0]


def in_force(node: Node, name: str) -> Rule | None:
    """The version that was published last, or None."""
    with node.cursor() as cursor:
        cursor.execute(
            "SELECT entry, content, happened_ms, actor FROM journal_tables_rulepublished"
            " WHERE subject = %s ORDER BY hlc DESC, entry DESC LIMIT 1",
            [name],
        )
        found = cursor.fetchone()
    if found is None:
        return None
    return Rule(found[0], name, msgspec.json.decode(found[1]), found[2], found[3])


def by_entry(node: Node, entry: str) -> Rule | None:
    """The version that an entry published, or None."""
    found = row(node.alias, tables.RulePublished, "entry", entry)
    return None if found is None else _rule(found)


def versions(node: Node, name: str) -> list[Rule]:
    """All versions, the newest first."""
    found = tables.RulePublished.objects.using(node.alias).filter(subject=name)
    return [_rule(one) for one in found.order_by("-hlc", "-entry")]


def _rule(one: tables.RulePublished) -> Rule:
    return Rule(
        one.entry, one.subject, msgspec.json.decode(one.content), one.happened_ms, one.actor
    )

"""What was corrected in a person's record: what stood before, what stands after, who and when."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from corridor.desk.access import Visit
from corridor.desk.words import value_word
from corridor.journal import store
from corridor.journal.actors import name_of
from corridor.journal.changes import happened_ms, kinds_changing
from corridor.journal.judge import read
from corridor.people import models
from corridor.people.showing import KIND, LABELS

#: Fields whose values are codes of closed lists.
_CODES = frozenset(
    ["sex", "relationship", "travels", "marital", "unseen", "nationality_state", "birth_calendar",
     "birth_precision"]
)  # fmt: skip

#: What goes along with another field and says nothing by itself, or is shown elsewhere.
_SILENT = frozenset(["birth_precision", "household", "documents", "difficulties", "source_id",
                     "source"])  # fmt: skip


@dataclass(frozen=True)
class Correction:
    """One entry that changed a record: (label, before, after) of each field the reader may see."""

    at_ms: int
    by: str
    changes: list[tuple[str, str, str]]


def corrections(visit: Visit, person: str) -> list[Correction]:
    """The corrections of a record in the order in which they were made, oldest first."""
    names = [kind.name for kind in kinds_changing(models.Person)]
    held = store.select(
        visit.node,
        f"e.subject = %s AND e.kind || '' IN ({store.marks(len(names))})"  # noqa: S608 (marks)
        " AND e.id NOT IN (SELECT entry FROM journal_tables_verdict)",
        [person, *names],
    )
    entries = [one for one in map(read, held) if one is not None and one.stands]
    entries.sort(key=lambda one: (one.held.envelope.hlc, one.held.id))
    now: dict[str, Any] = {}
    found = []
    for number, one in enumerate(entries):
        changed = [
            (str(LABELS[name]), _told(name, now.get(name)), _told(name, value))
            for name, value in one.values.items()
            if name not in _SILENT and now.get(name) != value and visit.reads(KIND, name)
        ]
        now.update(one.values)
        if number and changed:
            found.append(Correction(happened_ms(one), name_of(visit.node, one.head.actor), changed))
    return found


def _told(name: str, value: Any) -> str:
    if value in (None, ""):
        return "–"
    return value_word(str(value)) if name in _CODES else str(value)

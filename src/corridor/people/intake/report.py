"""The report of an import, as `contracts/commands.md` has it."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Report:
    """Counts of what a file holds and what of it can be registered, and what became of columns.

    Problems are not gathered here: they are told one by one, so that memory stays flat. `rows` are
    those that tell of somebody; every other row that holds anything is counted by what it is.
    """

    file: str
    source: str
    rows: int = 0
    people: int = 0
    households: int = 0
    accepted_people: int = 0
    accepted_households: int = 0
    set_aside: int = 0
    notes: int = 0
    accepted_notes: int = 0
    blank: int = 0
    labels: int = 0
    above_header: int = 0
    errors: int = 0
    warnings: int = 0
    known: dict[str, str] = field(default_factory=dict)
    dropped: list[str] = field(default_factory=list)
    sheets_not_read: list[str] = field(default_factory=list)

    def as_json(self) -> dict[str, object]:
        """Plain data, without the problems."""
        return {
            "file": self.file,
            "source": self.source,
            "rows": self.rows,
            "people": self.people,
            "households": self.households,
            "accepted": {
                "people": self.accepted_people,
                "households": self.accepted_households,
            },
            "set_aside": self.set_aside,
            "notes": {"found": self.notes, "accepted": self.accepted_notes},
            "other_rows": {
                "blank": self.blank,
                "labels": self.labels,
                "above_header": self.above_header,
            },
            "errors": self.errors,
            "warnings": self.warnings,
            "columns": {"known": self.known, "dropped": self.dropped},
            "sheets_not_read": self.sheets_not_read,
        }

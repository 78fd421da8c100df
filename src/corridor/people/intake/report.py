"""The report of an import, as `contracts/commands.md` has it."""

from __future__ import annotations

from dataclasses import dataclass, field

from corridor.people.intake.problems import Problem


@dataclass
class Report:
    """Counts of what a file holds and what of it can be registered, every problem, every column."""

    file: str
    source: str
    rows: int = 0
    people: int = 0
    households: int = 0
    accepted_people: int = 0
    accepted_households: int = 0
    set_aside: int = 0
    problems: list[Problem] = field(default_factory=list)
    known: dict[str, str] = field(default_factory=dict)
    dropped: list[str] = field(default_factory=list)

    def as_json(self) -> dict[str, object]:
        """Plain data."""
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
            "problems": [one.as_json() for one in self.problems],
            "columns": {"known": self.known, "dropped": self.dropped},
        }

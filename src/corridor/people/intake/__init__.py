"""Reading the lists of people that others made: `open_source(path)`, then `read()`.

A `Source` gives households with those members who can be registered (`IntakeHousehold`), word of
people (`IntakeNote`), and every row that cannot be registered (`SetAside`). Each problem is told as
it is found; `report()` has the counts as `contracts/commands.md` wants them.
"""

from corridor.people.intake.problems import Problem, Refused
from corridor.people.intake.records import (
    IntakeHousehold,
    IntakeNote,
    IntakePerson,
    SetAside,
)
from corridor.people.intake.report import Report
from corridor.people.intake.source import Source, open_source

__all__ = [
    "IntakeHousehold",
    "IntakeNote",
    "IntakePerson",
    "Problem",
    "Refused",
    "Report",
    "SetAside",
    "Source",
    "open_source",
]

"""Reading the lists of people that others made: `open_source(path)`, then `read()`.

A `Source` gives households with those members who can be registered (`IntakeHousehold`), and every
row that cannot (`SetAside`); `report()` has all problems as `contracts/commands.md` wants them.
"""

from corridor.people.intake.problems import Problem, Refused
from corridor.people.intake.records import IntakeHousehold, IntakePerson, SetAside
from corridor.people.intake.report import Report
from corridor.people.intake.source import Source, open_source

__all__ = [
    "IntakeHousehold",
    "IntakePerson",
    "Problem",
    "Refused",
    "Report",
    "SetAside",
    "Source",
    "open_source",
]

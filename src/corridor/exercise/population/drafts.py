"""A person while being made up: the working record behind ``Person``."""

from datetime import date

from corridor.exercise.population.names import Name
from corridor.exercise.population.records import Marital, Relationship, Sex

NO_DIFFICULTY: tuple[int, ...] = (1, 1, 1, 1, 1, 1)


class Draft:
    """A person in the making. ``days`` is the age in days; ``settle`` fixes birth and years.

    ``father`` and ``mother`` may be drafts that are in no household: the dead and the absent
    give their names to their children all the same.
    """

    __slots__ = (
        "answers",
        "born",
        "breastfed",
        "breastfeeding",
        "days",
        "family",
        "father",
        "father_name",
        "given",
        "grandfather_name",
        "look_alike_of",
        "lying",
        "marital",
        "mother",
        "mother_names",
        "needs",
        "pregnant",
        "relationship",
        "separated",
        "separated_from",
        "sex",
        "wheelchair",
        "years",
    )

    def __init__(
        self,
        relationship: Relationship,
        sex: Sex,
        days: int,
        marital: Marital = "SN",
        father: "Draft | None" = None,
        mother: "Draft | None" = None,
    ) -> None:
        self.relationship = relationship
        self.sex = sex
        self.days = days
        self.born = date.min
        self.years = 0
        self.marital: Marital = marital
        self.father = father
        self.mother = mother
        self.given: Name | None = None
        self.father_name: Name | None = None
        self.grandfather_name: Name | None = None
        self.family: Name | None = None
        self.mother_names: tuple[Name, Name] | None = None
        self.needs: set[str] = set()
        self.answers = NO_DIFFICULTY
        self.pregnant = self.breastfeeding = self.lying = self.wheelchair = False
        self.breastfed: bool | None = None
        self.separated: str | None = None
        self.separated_from: str | None = None
        self.look_alike_of: str | None = None

    def settle(self, as_of: date) -> None:
        """Fix the birth date and the completed years from the age in days."""
        born = self.born = date.fromordinal(as_of.toordinal() - self.days)
        early = (as_of.month, as_of.day) < (born.month, born.day)
        self.years = as_of.year - born.year - early

    def answer(self, question: int, value: int) -> None:
        """Set one answer of the short set (STD 9.8), never making it milder."""
        held = self.answers
        if value > held[question]:
            self.answers = (*held[:question], value, *held[question + 1 :])

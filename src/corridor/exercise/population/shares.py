"""How much of what: every share the generator draws by, in one place.

STD gives codes, bands and definitions but no shares of a population, so all figures here are
assumptions for exercises ([U]) and therefore settings: pass another ``Shares`` to
``households`` for another population. Sections name the definition a share belongs to.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from types import MappingProxyType

from corridor.exercise.population.records import Kind


def _kinds() -> Mapping[Kind, float]:
    return MappingProxyType(
        {
            Kind.FAMILY: 0.47,
            Kind.EXTENDED: 0.15,
            Kind.COUPLE: 0.06,
            Kind.MOTHER_ALONE: 0.14,
            Kind.FATHER_ALONE: 0.02,
            Kind.SINGLE: 0.05,
            Kind.SINGLE_OLDER: 0.035,
            Kind.OLDER_COUPLE: 0.03,
            Kind.GRANDPARENT: 0.02,
            Kind.SIBLINGS: 0.015,
            Kind.CHILD_HEADED: 0.006,
            Kind.UNACCOMPANIED: 0.004,
        }
    )


@dataclass(frozen=True, slots=True)
class Shares:
    """Shares between 0 and 1; ``kinds`` are weights of the make-up of households.

    Raises:
        ValueError: a share is outside 0 to 1, or the kinds weigh nothing.
    """

    kinds: Mapping[Kind, float] = field(default_factory=_kinds)
    # Of households.
    takes_in_child: float = 0.02  # STD 6.3
    child_with_kin: float = 0.6  # of those taken in: separated, not unaccompanied
    parents_elsewhere: float = 0.5  # of those taken in: the parents are in this population
    displaced_before: float = 0.15  # LP-MD
    kurmanji: float = 0.08
    look_alike: float = 0.03
    registered_twice: float = 0.02  # STD 1.7: the same family at a second table
    husband_missing: float = 0.5  # of married mothers who are alone
    # Of writings (STD 9.6).
    arabic_only: float = 0.7
    latin_only: float = 0.15
    varied_spelling: float = 0.3
    kunya: float = 0.5  # of adults with a child in the household
    nickname: float = 0.06
    slip: float = 0.03  # of whole names
    # Of birth dates (STD 9.7); the rest state an age.
    birth_day: float = 0.62
    birth_month: float = 0.05
    birth_year: float = 0.15
    birth_decade: float = 0.06  # of older people only
    # Of women married and 18 to 45 years old, and of mothers of children under two (STD 4.5).
    pregnant: float = 0.11
    pregnancy_high_risk: float = 0.12
    breastfeeding: float = 0.72
    # Of people by age: children, adults, older people (STD 1.5, 1.10).
    disability: tuple[float, float, float] = (0.03, 0.07, 0.28)
    chronic: tuple[float, float, float] = (0.015, 0.07, 0.45)
    wounded: tuple[float, float, float] = (0.006, 0.018, 0.006)
    severe: float = 0.25  # of disabilities
    lying_if_wounded: float = 0.3
    lying_if_severe: float = 0.2
    wheelchair_if_severe: float = 0.5
    older_frail: float = 0.07  # ER-FR
    malnutrition: float = 0.05  # of children under five (STD 4.4)
    mental_illness: float = 0.012
    out_of_school: float = 0.3  # CR-NE, of children 6 to 17
    child_labour: float = 0.02  # CR-LO, of children 12 to 17
    survivor: float = 0.004  # SV-VA of women, TR-PI of men: restricted codes must be present
    # Of people.
    no_document: float = 0.12  # LP-ND
    phone: float = 0.55  # of people of 16 and over

    def __post_init__(self) -> None:
        for each in fields(self):
            value = getattr(self, each.name)
            if each.name == "kinds":
                if not value or min(value.values()) < 0 or sum(value.values()) <= 0:
                    raise ValueError("kinds: weights must not be negative, and one must be above 0")
                continue
            parts = value if isinstance(value, tuple) else (value,)
            if any(not 0 <= part <= 1 for part in parts):
                raise ValueError(f"{each.name}: a share lies between 0 and 1, got {value}")
